package check

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"recourse/day"
	"recourse/law"
	"recourse/shop"
)

// everywhere checks what does not depend on a market.
func (r *run) everywhere() {
	s := r.shop
	if s.Disputes.Participation == "" {
		r.add(Error, "disputes.participation", "it is not said whether the shop takes part in dispute resolution", `write "no", "yes" or "obliged"; a "maybe" has been found unclear by the courts`)
	}
	if s.Privacy.RetentionMonths == 0 {
		r.add(Warning, "privacy.retention_months", "it is not said how long cases are kept", "set the months after which closed cases are erased; data protection law asks for a limit")
	}
	if s.Trader.Phone == "" {
		r.add(Info, "trader.phone", "no telephone number is given", "add one: pre-contract information of the EU names it beside the e-mail address")
	}
	for _, base := range []struct{ key, address string }{{"publish", s.Publish}, {"intake", s.Intake}} {
		if u, err := url.Parse(base.address); err == nil && u.Scheme == "http" {
			r.add(Warning, base.key, "this address can only be opened on this machine", "write the public address before you publish")
		}
	}
}

// market checks one country.
func (r *run) market(country string) {
	where := "markets." + country
	f, err := r.book.At(country, r.today)
	if err != nil {
		r.add(Error, where, "this version does not know the consumer law of the country", "drop the market, or add its law; known are "+strings.Join(r.book.Countries(), ", "))
		return
	}
	record, _ := r.book.Record(country)
	if f.Function.Due {
		r.due = append(r.due, country)
	}
	r.tongues(where, f, record)
	r.returns(f, record)
	r.promises(f, record)
	r.disputes(f, record)
	r.elements(where, f, record)
	r.data(where, record)
}

func (r *run) tongues(where string, f law.Facts, record law.Record) {
	served := r.shop.Markets[f.Country]
	for _, lang := range served {
		if !slices.Contains(r.languages, lang) {
			r.add(Error, where, fmt.Sprintf("there are no texts in %q", lang), "drop the language, or add content/"+lang+"; there are "+strings.Join(r.languages, ", "))
		}
		if _, ok := r.book.Labels(lang, f.Country, r.today); !ok && f.Function.Due {
			r.add(Error, where, fmt.Sprintf("the withdrawal button has no official words in %q", lang), "serve the market in an official language of the EU; the label must not be translated by hand")
		}
	}
	if !slices.ContainsFunc(served, func(l string) bool { return slices.Contains(record.Languages, l) }) {
		r.add(Warning, where, fmt.Sprintf("%s is served, but in none of its languages (%s)", record.Name, strings.Join(record.Languages, ", ")), "add one: information that consumers cannot read may count as not given")
	}
}

// function says once, for all markets, that without an intake there is no withdrawal function.
func (r *run) function() {
	if r.shop.Intake == "" && len(r.due) > 0 {
		r.add(Error, "intake", "without an address for submissions there is no withdrawal function, which the law asks for since 19 June 2026 (markets "+strings.Join(r.due, ", ")+")", `run "recourse serve" and write its public address`)
	}
}

func (r *run) returns(f law.Facts, record law.Record) {
	days := r.shop.Returns.Days
	switch {
	case f.Withdrawal.Known() && days > 0 && days < f.Withdrawal.Days:
		r.add(Error, "returns.days", fmt.Sprintf("%d days are fewer than the %d that the law of %s gives", days, f.Withdrawal.Days, record.Name), fmt.Sprintf("write 0 for the law's period, or more than %d", f.Withdrawal.Days))
	case f.Withdrawal.Absent() && days == 0:
		r.add(Info, "returns.days", record.Name+" has no statutory right of withdrawal and the shop offers no returns of its own", "set the days if you take goods back there too; the pages call it your own policy")
	}
}

func (r *run) promises(f law.Facts, record law.Record) {
	if months := r.shop.Guarantee.Months; months > 0 && f.Guarantee.Known() && !f.Guarantee.Limitation && months <= f.Guarantee.Months {
		r.add(Warning, "guarantee.months", fmt.Sprintf("a guarantee of %d months gives customers in %s nothing: the law's own is %d", months, record.Name, f.Guarantee.Months), "promise more than the law, or write 0; advertising what the law gives anyway is misleading")
	}
	limit, known := calendarDays(f.Complaint)
	if days := r.shop.Complaints.AnswerDays; known && days > limit {
		level := Warning
		if f.Complaint.Scope == law.ScopeAll {
			level = Error
		}
		r.add(level, "complaints.answer_days", fmt.Sprintf("%d days are more than the law of %s allows (%s)", days, record.Name, period(f.Complaint.Period)), fmt.Sprintf("promise at most %d days", limit))
	}
}

// calendarDays is the least number of calendar days a clock can come to.
func calendarDays(c law.Clock) (int, bool) {
	switch c.Period.Unit {
	case law.CalendarDays:
		return c.Period.N, c.Known()
	case law.WorkingDays:
		return c.Period.N + c.Period.N/5*2, c.Known()
	case law.Months:
		return c.Period.N * 28, c.Known()
	}
	return 0, false
}

func period(p law.Period) string {
	words := map[law.Unit]string{law.CalendarDays: "day", law.WorkingDays: "working day", law.Months: "month"}
	if p.N == 1 {
		return "1 " + words[p.Unit]
	}
	return fmt.Sprintf("%d %ss", p.N, words[p.Unit])
}

func (r *run) disputes(f law.Facts, record law.Record) {
	d, bodies := f.Dispute, r.bodies(f.Country)
	takesPart := r.shop.Disputes.Participation == shop.ParticipationYes || r.shop.Disputes.Participation == shop.ParticipationObliged
	switch {
	case d.OwnBody && len(bodies) == 0:
		r.add(Error, "disputes.bodies", fmt.Sprintf("%s asks every shop to have joined a dispute body and to name it (%s)", record.Name, d.Duty.Statute), fmt.Sprintf("add the body you have a contract with, with country = %q; only you know which one that is", f.Country))
	case takesPart && len(bodies) == 0:
		r.add(Error, "disputes.bodies", fmt.Sprintf("the shop takes part in dispute resolution, but names no body for %s", record.Name), fmt.Sprintf("add one with country = %q, or one without country", f.Country))
	case d.Always && len(bodies)+len(d.Residual) == 0:
		r.add(Error, "disputes.bodies", record.Name+" asks every shop to name the competent dispute body, and none is known here", fmt.Sprintf("add it with country = %q", f.Country))
	}
	for _, b := range bodies {
		if record.ADR.On(r.today) && record.ADR.Address && len(b.Address) == 0 {
			r.add(Error, "disputes.bodies", fmt.Sprintf("%s asks for the postal address of %s (%s)", record.Name, b.Name, d.Duty.Statute), "add address to the body")
		}
	}
	r.staff(d, record)
}

// bodies are the ones the shop names for a country.
func (r *run) bodies(country string) []shop.Body {
	var all []shop.Body
	for _, b := range r.shop.Disputes.Bodies {
		if b.Country == "" || b.Country == country {
			all = append(all, b)
		}
	}
	return all
}

func (r *run) staff(d law.Dispute, record law.Record) {
	if d.SmallStaff == 0 {
		return
	}
	switch n := r.shop.Trader.Staff; {
	case n == 0:
		r.add(Warning, "trader.staff", fmt.Sprintf("the number of staff is not given; above %d the law of %s asks for a statement on dispute resolution (%s)", d.SmallStaff, record.Name, d.Duty.Statute), "add the number on 31 December of last year; until then the pages make the statement")
	case n <= d.SmallStaff && r.shop.Disputes.Participation == shop.ParticipationNo:
		r.add(Info, "disputes.participation", fmt.Sprintf("with %d staff the law of %s does not ask for the statement that the shop takes no part (%s)", n, record.Name, d.Duty.Statute), "nothing to do; the pages leave the statement out")
	}
}

// elements lists what a country asks for and Recourse does not do.
func (r *run) elements(where string, f law.Facts, record law.Record) {
	for _, e := range f.Special {
		switch {
		case r.done(e.DoneBy):
		case e.Mandatory && e.URL != "":
			r.add(Warning, where, record.Name+" asks for this on the shop's own pages: "+e.Text, "link to "+e.URL+" from the home page of the shop")
		case e.Mandatory:
			r.add(Info, where, record.Name+" asks for this: "+e.Text, "see that the shop's own pages and terms do so")
		}
	}
}

// done reports whether the shop uses the part of Recourse that sees to something.
func (r *run) done(by law.Part) bool {
	return by == law.PartPages || by == law.PartIntake && r.shop.Intake != ""
}

// data says where the law itself is not known well enough for the pages to speak.
func (r *run) data(where string, record law.Record) {
	var open []string
	oldest := day.Day(0)
	for _, fact := range facts(record) {
		if !fact.entry.On(r.today) && (fact.entry.From <= r.today || !fact.entry.Verified) {
			open = append(open, fact.name)
		}
		if oldest == 0 || fact.entry.Reviewed < oldest {
			oldest = fact.entry.Reviewed
		}
	}
	file := "law/countries/" + strings.ToLower(record.Code) + ".toml"
	if len(open) > 0 {
		r.add(Info, where, fmt.Sprintf("not verified for %s, so the pages do not state it: %s", record.Name, strings.Join(open, ", ")), "a lawyer can complete "+file)
	}
	if r.today > oldest.AddMonths(12) {
		r.add(Warning, where, fmt.Sprintf("the law of %s was last reviewed on %s", record.Name, oldest), "look for a newer version, or have "+file+" reviewed")
	}
}

type fact struct {
	name  string
	entry law.Entry
}

func facts(r law.Record) []fact {
	return []fact{
		{"right of withdrawal", r.Withdrawal.Entry}, {"national act on the withdrawal function", r.Function},
		{"legal guarantee", r.Guarantee.Entry}, {"longer guarantee after a repair", r.Repair.Entry},
		{"burden of proof", r.Burden.Entry}, {"time to answer complaints", r.Complaint.Entry},
		{"time to report a defect", r.Notice.Entry}, {"duty to name dispute bodies", r.ADR.Entry},
		{"list of dispute bodies", r.List.Entry}, {"residual dispute body", r.Residual.Entry},
		{"European Consumer Centre", r.ECC.Entry}, {"consumer authority", r.Authority.Entry},
	}
}
