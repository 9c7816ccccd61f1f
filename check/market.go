package check

import (
	"fmt"
	"strings"

	"recourse/law"
)

// market is one country the shop sells to.
type market struct {
	*run
	law.Facts
	record law.Record
}

func (r *run) market(country string) {
	facts, err := r.Law.At(country, r.Today)
	record, _ := r.Law.Record(country)
	m := market{r, facts, record}
	m.Country = country
	if err != nil {
		m.add(lawMissing, Finding{Subject: m.key(),
			Message: fmt.Sprintf("This version does not know the consumer law of %s.", m.name()),
			Fix:     "Drop the market, or have its law added; known are " + strings.Join(r.Law.Countries(), ", ") + "."})
		m.tongues()
		return
	}
	m.tongues()
	m.function()
	m.returns()
	m.guarantee()
	m.answer()
	m.disputes()
	m.guaranteeNotice()
	m.elements()
	m.changes()
	m.data()
}

// key is the market's place in the shop's file.
func (m market) key() string { return "markets." + m.Country }

func (m market) name() string { return countryName(m.Country) }

func (m market) add(rule Rule, f Finding) {
	f.Market = m.Country
	m.run.add(rule, f)
}

// because gives the finding a verified rule and its source as the reason.
func (f Finding) because(rule law.Rule, e law.Entry) Finding {
	f.Statute = rule.Statute
	if rule.Known() || rule.Absent() {
		f.Source = e.Source
	}
	return f
}

// function finds that without an intake there is no withdrawal function where the law asks for one.
func (m market) function() {
	if m.Shop.Intake != "" || !m.Function.Due {
		return
	}
	f := Finding{Subject: "intake",
		Message: fmt.Sprintf("Customers in %s must be able to withdraw online, but without an address for submissions there is no withdrawal function.", m.name()),
		Fix:     `Run "recourse serve" and write its public address, for example intake = "https://shop.example/legal/".`,
	}.because(m.Function.Rule, m.record.Function)
	if act := m.act(law.ActFunction); f.Source == "" {
		f.Statute, f.Source = act.Title, act.Source
	}
	m.add(functionMissing, f)
}

func (m market) returns() {
	days := m.Shop.Returns.Days
	switch {
	case m.Withdrawal.Known() && days > 0 && days < m.Withdrawal.Days:
		m.add(returnsTooShort, Finding{Subject: "returns.days",
			Message: fmt.Sprintf("The shop takes goods back for %d days, but the law of %s gives customers %d days.", days, m.name(), m.Withdrawal.Days),
			Fix:     fmt.Sprintf("Write days = 0 for the law's period, or more than %d.", m.Withdrawal.Days),
		}.because(m.Withdrawal.Rule, m.record.Withdrawal.Entry))
	case m.Withdrawal.Absent() && days == 0:
		m.add(returnsNoRight, Finding{Subject: "returns.days",
			Message: fmt.Sprintf("%s has no statutory right of withdrawal, and the shop offers no returns of its own.", m.name()),
			Fix:     "Write the days if you take goods back there too; the pages call it your own policy.",
		}.because(m.Withdrawal.Rule, m.record.Withdrawal.Entry))
	}
}

func (m market) guarantee() {
	months := m.Shop.Guarantee.Months
	if months == 0 || !m.Guarantee.Known() || m.Guarantee.Limitation || months > m.Guarantee.Months {
		return
	}
	m.add(guaranteeEmpty, Finding{Subject: "guarantee.months",
		Message: fmt.Sprintf("A guarantee of %d months gives customers in %s nothing: the law itself gives them %d. Praising it may mislead them.", months, m.name(), m.Guarantee.Months),
		Fix:     fmt.Sprintf("Promise more than %d months, or write months = 0.", m.Guarantee.Months),
	}.because(m.Guarantee.Rule, m.record.Guarantee.Entry))
}

// answer compares the promise with the clock of the country. Only a clock for every complaint makes it an error.
func (m market) answer() {
	limit, known := calendarDays(m.Complaint)
	days := m.Shop.Complaints.AnswerDays
	if !known || days <= limit {
		return
	}
	rule, what := remedyTooSlow, "some complaints"
	if m.Complaint.Scope == law.ScopeAll {
		rule, what = answerTooSlow, "complaints"
	}
	m.add(rule, Finding{Subject: "complaints.answer_days",
		Message: fmt.Sprintf("The shop promises an answer within %d days, but for %s the law of %s allows %s.", days, what, m.name(), period(m.Complaint.Period)),
		Fix:     fmt.Sprintf("Promise at most %d days.", limit),
	}.because(m.Complaint.Rule, m.record.Complaint.Entry))
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

// elements lists what a country asks for and Recourse does not do. Only verified ones are in Special.
func (m market) elements() {
	for _, e := range m.Special {
		f := Finding{Subject: m.key(), Source: m.elementSource(e.ID), Details: []string{e.ID}}
		switch {
		case m.done(e.DoneBy) || !e.Mandatory:
		case e.DoneBy == law.PartNotice:
			m.ownNotice(e)
		case e.URL != "":
			f.Message = fmt.Sprintf("%s asks for this on the shop's own pages: %s", m.name(), sentence(e.Text))
			f.Fix = "Link to " + e.URL + " from the home page of the shop."
			m.add(dutyLink, f)
		default:
			f.Message = fmt.Sprintf("%s asks for this: %s", m.name(), sentence(e.Text))
			f.Fix = "See that the shop's own pages and terms do so."
			m.add(dutyOwn, f)
		}
	}
}

// done reports whether the shop uses the part of Recourse that sees to something.
func (m market) done(by law.Part) bool {
	return by == law.PartPages || by == law.PartIntake && m.Shop.Intake != ""
}

func (m market) elementSource(id string) string {
	for _, e := range m.record.Special {
		if e.ID == id {
			return e.Source
		}
	}
	return ""
}
