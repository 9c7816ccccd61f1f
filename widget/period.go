package widget

import "recourse/day"

// Period is the period for withdrawing, where its last day can be told. The rules count it as law.Deadline does, so they
// need the public holidays.
type Period struct {
	Days int `json:"days"` // calendar days
	// Closed lists the public holidays from Monday to Friday as day numbers, to save bytes: the first as it is,
	// each other one as its distance from the one before.
	Closed []int `json:"closed"`
	// Longer is set where the shop grants more days than the law: that these are over must not keep anybody away.
	Longer bool `json:"longer,omitempty"`
}

// NewPeriod is a period of so many days in a country with these holidays, which are in order.
func NewPeriod(days int, holidays []day.Day) *Period {
	p := &Period{Days: days, Closed: make([]int, len(holidays))}
	before := day.Day(0)
	for i, d := range holidays {
		p.Closed[i] = int(d - before)
		before = d
	}
	return p
}
