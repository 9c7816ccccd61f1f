package law

import (
	"fmt"

	"recourse/day"
)

// Deadline gives the last day of a period that an event sets running, as Regulation (EEC,
// Euratom) No 1182/71 Article 3 counts it, with the public holidays of the country:
//
//   - the day of the event is not counted (1);
//   - a period in months ends on the day of the month on which the event fell, or on the last
//     day of a month that has no such day (2)(c);
//   - public holidays, Sundays and Saturdays are counted, unless the period is in working days (3);
//   - a last day that is a public holiday, a Sunday or a Saturday moves to the next working day (4);
//   - a period of two days or more holds at least two working days (5).
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
	switch p.Unit {
	case WorkingDays:
		return b.addWorking(country, event, p.N), nil
	case CalendarDays:
		end := event + day.Day(p.N)
		return b.settle(country, event, end, p.N >= 2), nil
	case Months:
		return b.settle(country, event, event.AddMonths(p.N), true), nil
	}
	return day.Unknown, fmt.Errorf("count a period in %q: no such unit; known are %s, %s and %s", p.Unit, CalendarDays, WorkingDays, Months)
}

// settle moves the end of a period off days without work, and on until two working days are in it.
func (b *Book) settle(country string, event, end day.Day, two bool) day.Day {
	for !b.WorkingDay(country, end) {
		end++
	}
	if earliest := b.addWorking(country, event, 2); two && end < earliest {
		return earliest
	}
	return end
}

func (b *Book) addWorking(country string, from day.Day, n int) day.Day {
	for n > 0 {
		from++
		if b.WorkingDay(country, from) {
			n--
		}
	}
	return from
}

// WorkingDay reports whether d is neither Saturday, Sunday nor a public holiday of the whole
// country (Regulation No 1182/71 Article 2). It is false for countries that are not in the book.
func (b *Book) WorkingDay(country string, d day.Day) bool {
	list, ok := holidays[country]
	if !ok {
		return false
	}
	if w := d.Weekday(); w == 0 || w == 6 {
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
