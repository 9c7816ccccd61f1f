package check

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"recourse/shop"
	"recourse/strict"
)

// Mistakes are the findings for a shop's file that could not be read: err is what shop.Parse gave. It is false
// for errors of another kind, and for none.
func Mistakes(err error) ([]Finding, bool) {
	var one *strict.Error
	if all, ok := err.(interface{ Unwrap() []error }); ok {
		var found []Finding
		for _, e := range all.Unwrap() {
			f, ok := Mistakes(e)
			if !ok {
				return nil, false
			}
			found = append(found, f...)
		}
		return found, len(found) > 0
	}
	if !errors.As(err, &one) {
		return nil, false
	}
	return []Finding{{
		ID: fileWrong.ID, Level: fileWrong.Level, Subject: one.Key, Message: sentence(one.Problem), Fix: sentence(one.Fix),
		File: one.File, Line: one.Line, Column: one.Column, Details: []string{},
	}}, true
}

// sentence gives words that were written to stand in a line of their own a capital and a full stop.
func sentence(s string) string {
	if s == "" {
		return ""
	}
	s = strings.ToUpper(s[:1]) + s[1:]
	if !strings.ContainsAny(s[len(s)-1:], ".?!") {
		s += "."
	}
	return s
}

// everywhere checks what does not depend on a market.
func (r *run) everywhere() {
	s := r.Shop
	switch {
	case s.Privacy.RetentionMonths == 0:
		r.add(retentionMissing, Finding{Subject: "privacy.retention_months",
			Message: "It is not said how long complaints and withdrawals are kept, so the privacy page cannot say it either.",
			Fix:     "Write when closed cases are erased, below [retention], for example withdrawal = \"3 years\" and complaint = \"3 years\"."})
	case s.Intake != "" && s.Retention.Of("complaint") == 0:
		r.add(retentionManual, Finding{Subject: "retention",
			Message: fmt.Sprintf("The privacy page says that cases are deleted %v after they were closed, and no rule makes the server do so.", shop.Period(s.Privacy.RetentionMonths)),
			Fix:     "Write the periods below [retention] instead of privacy.retention_months, or erase cases by hand with \"recourse retain --case\"."})
	}
	r.phone()
	for _, base := range r.addresses() {
		if u, err := url.Parse(base.address); err == nil && u.Scheme == "http" {
			r.add(addressLocal, Finding{Subject: base.key, Message: fmt.Sprintf("%s can only be opened on this machine.", base.address),
				Fix: "Write the public address, beginning with https://, before you publish."})
		}
	}
	r.hosts()
	r.websites()
	r.unusedBodies()
	r.webhooks()
}

// address is one that the shop's file gives.
type address struct{ key, address string }

func (r *run) addresses() []address {
	s := r.Shop
	all := []address{{"website", s.Website}, {"publish", s.Publish}, {"intake", s.Intake}}
	for table, domains := range map[string]shop.Domains{"domains": s.Domains, "websites": s.Websites} {
		for name, value := range domains {
			all = append(all, address{table + "." + name, value})
		}
	}
	slices.SortStableFunc(all[3:], func(a, b address) int { return strings.Compare(a.key, b.key) })
	return all
}

func (r *run) phone() {
	switch phone := r.Shop.Trader.Phone; {
	case phone == "":
		r.add(phoneMissing, Finding{Subject: "trader.phone",
			Message: "No telephone number is given. Consumer law may ask for one beside the e-mail address; nobody has verified that here.",
			Fix:     `Add it with the country code, for example phone = "+49 30 5550100".`})
	case !strings.HasPrefix(phone, "+") && r.abroad():
		r.add(phoneNational, Finding{Subject: "trader.phone",
			Message: fmt.Sprintf("The telephone number %s has no country code, but the shop sells to other countries.", phone),
			Fix:     `Begin it with + and the country code, for example "+49 30 5550100".`})
	}
}

// abroad reports whether the shop sells outside its own country.
func (r *run) abroad() bool {
	_, home := r.Shop.Markets[r.Shop.Trader.Country]
	return len(r.Shop.Markets) > 1 || !home
}

func (r *run) hosts() {
	publish, err1 := url.Parse(r.Shop.Publish)
	intake, err2 := url.Parse(r.Shop.Intake)
	if err1 != nil || err2 != nil || r.Shop.Intake == "" || publish.Host == intake.Host {
		return
	}
	r.add(intakeElsewhere, Finding{Subject: "intake",
		Message: fmt.Sprintf("The pages are at %s, but what customers send goes to %s, another host.", publish.Host, intake.Host),
		Fix:     "If that is a slip, write the same host in publish and intake. If it is meant, see that both are yours and named in your privacy policy."})
}

// websites finds pages on a domain of their own whose way back leads to the shop of another.
func (r *run) websites() {
	for _, name := range slices.Sorted(maps.Keys(r.Shop.Domains)) {
		at, err1 := url.Parse(r.Shop.Domains[name])
		home, err2 := url.Parse(r.Shop.Publish)
		country := name[strings.LastIndexByte(name, '-')+1:]
		if err1 != nil || err2 != nil || at.Host == home.Host || r.Shop.Websites[name] != "" || r.Shop.Websites[country] != "" {
			continue
		}
		r.add(websiteElsewhere, Finding{Subject: "domains." + name,
			Message: fmt.Sprintf("The pages for %s are at %s, but the shop's name on them leads to %s.", name, at.Host, r.Shop.Website),
			Fix:     fmt.Sprintf("If the shop has an address of its own there, add it below [websites], for example %q = \"https://%s\".", name, at.Host)})
	}
}

// unusedBodies finds bodies that no page names, because the shop takes no part and no market asks for them.
func (r *run) unusedBodies() {
	for i, b := range r.Shop.Disputes.Bodies {
		if r.Shop.Disputes.Participation != shop.ParticipationNo || r.asked(b) {
			continue
		}
		r.add(bodyUnused, Finding{Subject: fmt.Sprintf("disputes.bodies[%d]", i),
			Message: fmt.Sprintf("%s is listed, but the shop says that it takes no part in dispute resolution, and no market it is listed for asks shops to name a body all the same. The pages leave it out.", b.Name),
			Fix:     `If you take part, write participation = "yes" or "obliged". If not, drop the body.`})
	}
}

// asked reports whether a market wants a body named whatever the shop's stance.
func (r *run) asked(b shop.Body) bool {
	for _, country := range r.Shop.Countries() {
		f, err := r.Law.At(country, r.Today)
		if err == nil && (b.Country == "" || b.Country == country) && (f.Dispute.OwnBody || f.Dispute.Always) {
			return true
		}
	}
	return false
}
