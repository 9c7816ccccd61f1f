package docket

import (
	"fmt"
	"slices"
	"time"

	"recourse/day"
	"recourse/form"
	"recourse/law"
	"recourse/shop"
)

// Law is what computing a due date needs of law.Book.
type Law interface {
	At(country string, d day.Day) (law.Facts, error)
	Deadline(country string, event day.Day, p law.Period) (day.Day, error)
}

// refundStatute gives the trader 14 days from the day it is informed of the withdrawal; Directive 2011/83/EU, written
// so that it can stand in any language.
const refundStatute = "2011/83/EU Art. 13(1)"

// refundPeriod of Directive 2011/83/EU Art 13(1). The consumer's period for sending goods back (Art 14(1)) has the same
// length and begins with the same day, so that the refund's date serves for both.
var refundPeriod = law.Period{N: 14, Unit: law.CalendarDays}

// DueFor computes when the trader must act on a case received on a day (as the shop's clock shows it), under the law
// of the consumer's country.
func DueFor(l Law, s *shop.Shop, kind form.Kind, country, reason string, received day.Day) (Due, error) {
	facts, err := l.At(country, received)
	if err != nil {
		return Due{Day: day.Unknown}, fmt.Errorf("look up the law of %s for a due date: %w", country, err)
	}
	if kind == form.Withdrawal {
		return refundDue(l, facts, received)
	}
	return answerDue(l, s, facts, reason, received)
}

func refundDue(l Law, facts law.Facts, received day.Day) (Due, error) {
	if !facts.EEA {
		return Due{Day: day.Unknown}, nil
	}
	last, err := l.Deadline(facts.Country, received, refundPeriod)
	if err != nil {
		return Due{Day: day.Unknown}, fmt.Errorf("count the days for a refund in %s: %w", facts.Country, err)
	}
	return Due{Day: last, Task: Refund, Statute: refundStatute}, nil
}

func answerDue(l Law, s *shop.Shop, facts law.Facts, reason string, received day.Day) (Due, error) {
	promised := day.Unknown
	if n := s.Complaints.AnswerDays; n > 0 {
		promised = received + day.Day(n)
	}
	clock := facts.Complaint
	if !clock.Known() || !inScope(clock.Scope, reason) {
		return promise(promised), nil
	}
	last, err := l.Deadline(facts.Country, received, clock.Period)
	if err != nil {
		return promise(promised), fmt.Errorf("count the days for an answer in %s: %w", facts.Country, err)
	}
	return Due{Day: last, Task: Answer, Statute: clock.Statute, Silence: clock.Silence}, nil
}

func promise(d day.Day) Due {
	if d == day.Unknown {
		return Due{Day: day.Unknown}
	}
	return Due{Day: d, Task: Promise}
}

// conformity are the reasons that say the goods are not what was agreed.
var conformity = []string{"damaged", "defective", "wrong-item", "incomplete", "not-as-described"}

// inScope tells whether a complaint through our form sets the clock running. What is entered in an official
// complaint book never comes through us.
func inScope(scope law.Scope, reason string) bool {
	switch scope {
	case law.ScopeAll, law.ScopeCommercial:
		return true
	case law.ScopeConformity:
		return slices.Contains(conformity, reason)
	}
	return false
}

// DayOf is the calendar day of a moment in a time zone.
func DayOf(t time.Time, zone *time.Location) day.Day {
	year, month, dom := t.In(zone).Date()
	return day.Of(year, int(month), dom)
}
