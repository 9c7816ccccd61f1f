package law

import (
	"fmt"
	"slices"
	"strings"

	"recourse/day"
)

// Book is all the law this package knows. It does not change once loaded and may be shared.
type Book struct {
	countries map[string]func() (Record, error) // by code; each is read once
	codes     []string
	acts      []Act
	network   Body // the ECC network, for countries whose own centre is not verified
	official  []wording
	national  []wording
	// translated are for languages that have no official text.
	translated []wording
}

// The acts that decide what At says.
const (
	ActODRLink  = "odr-link"
	ActFunction = "withdrawal-function"
	ActNotice   = "harmonised-notice"
)

// At gives the facts for consumers of a country (ISO 3166-1 alpha-2, upper case) on a day.
// What is not verified, or does not apply on that day, is Unknown with zero values.
func (b *Book) At(country string, d day.Day) (Facts, error) {
	read, ok := b.countries[country]
	if !ok {
		return Facts{}, b.noCountry("look up the law", country)
	}
	r, err := read()
	if err != nil {
		return Facts{}, err
	}
	f := Facts{Country: country, Day: d, EU: r.EU, EEA: r.EEA}
	f.Withdrawal = Withdrawal{Rule: r.Withdrawal.rule(d), Days: r.Withdrawal.number(d)}
	f.Function = b.function(r, d)
	f.Guarantee = guarantee(r, d)
	f.Burden = Burden{Rule: r.Burden.rule(d), Months: r.Burden.number(d)}
	f.Complaint = clock(r.Complaint, d)
	f.Notice = Notice{Rule: r.Notice.rule(d), Months: r.Notice.number(d)}
	f.Dispute = b.dispute(r, d)
	f.Special = special(r.Special, d)
	f.GuaranteeNotice = r.EU && b.act(ActNotice).On(d)
	return f, nil
}

func (b *Book) function(r Record, d day.Day) Function {
	f := Function{Rule: r.Function.rule(d)}
	f.Due = f.Known() || r.EEA && b.act(ActFunction).On(d)
	return f
}

func guarantee(r Record, d day.Day) Guarantee {
	g := Guarantee{Rule: r.Guarantee.rule(d), Months: r.Guarantee.number(d), RepairExtends: r.Repair.number(d)}
	if g.Known() {
		g.OpenEnded, g.Limitation, g.Durable = r.Guarantee.OpenEnded, r.Guarantee.Limitation, r.Guarantee.Durable
	}
	return g
}

func clock(a Answer, d day.Day) Clock {
	c := Clock{Rule: a.rule(d)}
	if c.Known() {
		c.Period, c.Scope, c.Silence = Period{a.Value, a.Unit}, a.Scope, a.Silence
	}
	return c
}

func (b *Book) dispute(r Record, d day.Day) Dispute {
	v := Dispute{Duty: r.ADR.rule(d), List: r.List.first(d), Residual: r.Residual.open(d), Authority: r.Authority.first(d)}
	if v.Duty.Known() {
		v.Always, v.OnRefusal, v.OwnBody, v.SmallStaff = r.ADR.Always, r.ADR.OnRefusal, r.ADR.OwnBody, r.ADR.SmallStaff
	}
	if odr := b.act(ActODRLink); r.EEA && odr.On(d) {
		v.ODRLink = odr.Link
	}
	v.ECC = b.centre(r, d)
	v.Network = v.ECC.Name != "" && v.ECC.Name == b.network.Name
	return v
}

// centre is the country's European Consumer Centre. Where only its name is verified the address
// is the network's, which leads on to every centre.
func (b *Book) centre(r Record, d day.Day) Body {
	c := r.ECC.first(d)
	switch {
	case !r.EEA:
		return c
	case c.Name == "":
		return b.network
	case c.URL == "":
		c.URL = b.network.URL
	}
	return c
}

func special(all []Element, d day.Day) []Special {
	var out []Special
	for _, e := range all {
		if e.on(d) {
			out = append(out, Special{ID: e.ID, Mandatory: e.Mandatory, DoneBy: e.DoneBy, Text: e.Text, URL: e.URL})
		}
	}
	return out
}

// Labels gives the withdrawal labels for a language ("de", "de-AT") and a country on a day. National law comes before the
// Official Journal from the day it is in force; a translation serves languages without an official text, and says so. It is
// false for languages that are not in the book.
func (b *Book) Labels(lang, country string, d day.Day) (Labels, bool) {
	lang, _, _ = strings.Cut(lang, "-")
	for _, w := range b.national {
		if w.Verified && w.Country == country && w.Lang == lang && d >= w.From {
			return Labels{w.Withdraw, w.Confirm, true}, true
		}
	}
	for _, w := range b.official {
		if w.Verified && w.Lang == lang {
			return Labels{w.Withdraw, w.Confirm, true}, true
		}
	}
	for _, w := range b.translated {
		if w.Lang == lang {
			return Labels{w.Withdraw, w.Confirm, false}, true
		}
	}
	return Labels{}, false
}

// Countries lists the codes of all countries in the book, sorted.
func (b *Book) Countries() []string { return slices.Clone(b.codes) }

// Record gives the unfiltered data of a country.
func (b *Book) Record(country string) (Record, bool) {
	read, ok := b.countries[country]
	if !ok {
		return Record{}, false
	}
	r, err := read()
	return r, err == nil
}

// Acts lists the acts of the EU, by the day they begin.
func (b *Book) Acts() []Act { return slices.Clone(b.acts) }

func (b *Book) act(id string) Act {
	for _, a := range b.acts {
		if a.ID == id {
			return a
		}
	}
	return Act{}
}

func (b *Book) noCountry(attempt, country string) error {
	return fmt.Errorf("%s of %q: no data for that country; known are %s", attempt, country, strings.Join(b.codes, ", "))
}
