package wording

import (
	"slices"
	"strings"
	"time"

	"recourse/day"
	"recourse/intake/docket"
	"recourse/law"
	"recourse/locale"
	"recourse/shop"
)

// unsettled are the outcomes that leave a dispute: the trader must then tell the consumer of the bodies that settle disputes.
var unsettled = []docket.Outcome{docket.Declined, "partly"}

// Unsettled tells whether an outcome leaves the consumer without what was asked for, or without a part of it.
func Unsettled(o docket.Outcome) bool { return slices.Contains(unsettled, o) }

// Refusal is what a trader must tell a consumer whose complaint it has not settled, on a durable medium: which body is competent,
// and whether the trader will use it (Directive 2013/11/EU Art 13(3)). It has one text for each paragraph, and none where
// the law of the consumer's country asks for nothing and the trader takes part nowhere.
func (h House) Refusal(v Voice, now time.Time) []string {
	today := docket.DayOf(now, v.Shop.Location())
	facts, home := h.facts(v.Locale.Country, today), h.facts(v.Shop.Trader.Country, today)
	stance := stance(v, facts)
	if stance == "" {
		return nil
	}
	all := []string{v.Text("refusal.intro"), stance}
	all = append(all, named(v, competent(v.Shop.Disputes.Bodies, facts, home), home.Dispute.List)...)
	if ecc := v.Centre(facts); facts.EEA && home.EEA && facts.Country != home.Country && ecc.Name != "" {
		all = append(all, v.Text("status.escalate.ecc"), address(shop.Body{Name: ecc.Name, URL: ecc.URL}))
	}
	return all
}

// Centre is the European Consumer Centre of a country, or the network by its name in the reader's language.
func (v Voice) Centre(facts law.Facts) law.Body {
	ecc := facts.Dispute.ECC
	if facts.Dispute.Network {
		ecc.Name = v.Text("name.ecc-network")
	}
	return ecc
}

// named are the bodies, with the register that lists them where one of them is known by its name only, or where there is none.
func named(v Voice, bodies []shop.Body, register law.Body) (all []string) {
	if len(bodies) > 0 {
		all = append(all, v.Plural("refusal.body", len(bodies)))
	}
	for _, b := range bodies {
		all = append(all, address(b))
	}
	if register.URL != "" && (len(bodies) == 0 || slices.ContainsFunc(bodies, unreachable)) {
		all = append(all, v.Text("follow.escalate.register"), address(shop.Body{Name: register.Name, URL: register.URL}))
	}
	return all
}

func unreachable(b shop.Body) bool { return b.URL == "" && b.Form == "" && len(b.Address) == 0 }

func (h House) facts(country string, today day.Day) law.Facts {
	facts, err := h.Law.At(country, today)
	if err != nil { // a country nobody keeps the law of; what the shop says of itself stands
		return law.Facts{Country: country}
	}
	return facts
}

// stance says whether the trader takes part. Nobody outside the EEA need be told that it does not.
func stance(v Voice, facts law.Facts) string {
	switch p := v.Shop.Disputes.Participation; {
	case p == "" || p == shop.ParticipationNo && !facts.EEA:
		return ""
	case p == shop.ParticipationNo && facts.Dispute.MayOblige(): // some bodies decide whether or not the trader likes to take part
		return v.Text("refusal.unless-obliged")
	default:
		return v.Text("status.escalate." + string(p))
	}
}

// competent are the bodies the trader names for the country; else those its law names for every trader; else those that are
// there for all traders of the trader's own country, since that is where disputes with a trader belong.
func competent(named []shop.Body, facts, home law.Facts) (all []shop.Body) {
	for _, b := range named {
		if b.Country == "" || b.Country == facts.Country {
			all = append(all, b)
		}
	}
	residual := home.Dispute.Residual
	if facts.Dispute.Always {
		residual = facts.Dispute.Residual
	}
	if len(all) > 0 || !facts.EEA {
		return all
	}
	for _, b := range residual {
		all = append(all, shop.Body{Name: b.Name, Address: b.Address, URL: b.URL})
	}
	return all
}

// address is a body with everything that is known of it, a line each.
func address(b shop.Body) string {
	lines := append([]string{b.Name}, b.Address...)
	for _, link := range []string{b.URL, b.Form} {
		if link != "" {
			lines = append(lines, link)
		}
	}
	return strings.Join(lines, "\n")
}

// Closing says what a consumer can do after a case was closed, besides rating how it went.
func (v Voice) Closing(o docket.Outcome) []string {
	all := []string{v.Text("closing.reply")}
	if !Unsettled(o) { // those who were refused were told in full
		all = append(all, v.Text("closing.disputes", locale.Arg{Name: "url", Value: v.Page("disputes") + "/"}))
	}
	return all
}
