package law

import (
	"fmt"

	"recourse/day"
)

// Deadline gives the last day of a period that an event sets running, as Regulation (EEC, Euratom) No 1182/71
// counts it (see day.Working), with the public holidays of the country.
//
// The result is the last day that can be defended. Who plans an answer should aim for the end of
// the bare period: a national court may count it without moving it.
func (b *Book) Deadline(country string, event day.Day, p Period) (day.Day, error) {
	if _, ok := holidays[country]; !ok {
		return day.Unknown, b.noCountry("count a period", country)
	}
	if p.N < 1 {
		return day.Unknown, fmt.Errorf("count a period of %d %s: it must be at least 1", p.N, p.Unit)
	}
	working := day.Working(func(d day.Day) bool { return b.WorkingDay(country, d) })
	switch p.Unit {
	case WorkingDays:
		return working.EndOfWorkingDays(event, p.N), nil
	case CalendarDays:
		return working.EndOfDays(event, p.N), nil
	case Months:
		return working.EndOfMonths(event, p.N), nil
	}
	return day.Unknown, fmt.Errorf("count a period in %q: no such unit; known are %s, %s and %s", p.Unit, CalendarDays, WorkingDays, Months)
}

// WorkingDay reports whether d is neither Saturday, Sunday nor a public holiday of the whole
// country (Regulation No 1182/71 Article 2). It is false for countries that are not in the book.
func (b *Book) WorkingDay(country string, d day.Day) bool {
	list, ok := holidays[country]
	if !ok {
		return false
	}
	if d.Weekend() {
		return false
	}
	year, _, _ := d.Date()
	for _, h := range list {
		if falls(h, year, d) {
			return false
		}
	}
	return true
}
