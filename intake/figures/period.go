package figures

import "recourse/day"

// Period is a run of days, the first and the last included.
type Period struct{ First, Last day.Day }

// Has tells whether a day is in the period.
func (p Period) Has(d day.Day) bool { return p.First <= d && d <= p.Last }

// Days is the length of the period.
func (p Period) Days() int { return int(p.Last-p.First) + 1 }

// Unit of time that cases are counted by.
type Unit string

const (
	ByDay   Unit = "day"
	ByWeek  Unit = "week" // from Monday
	ByMonth Unit = "month"
	ByYear  Unit = "year"
)

// Unit makes of the period some ten to forty spans: enough to see a change, few enough for a small screen.
func (p Period) Unit() Unit {
	switch n := p.Days(); {
	case n <= 31:
		return ByDay
	case n <= 200:
		return ByWeek
	case n <= 3*366:
		return ByMonth
	}
	return ByYear
}

// split cuts the period at the ends of the unit. The first and the last span may be shorter than the unit.
func (p Period) split(u Unit) (all []Period) {
	for first := p.First; first <= p.Last; {
		last := min(u.last(first), p.Last)
		all = append(all, Period{first, last})
		first = last + 1
	}
	return all
}

// last is the last day of the unit a day is in.
func (u Unit) last(d day.Day) day.Day {
	year, month, _ := d.Date()
	switch u {
	case ByWeek:
		return d + day.Day((7-d.Weekday())%7)
	case ByMonth:
		return day.Of(year, month, 1).AddMonths(1) - 1
	case ByYear:
		return day.Of(year, 12, 31)
	}
	return d
}
