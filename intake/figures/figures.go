// Package figures counts cases for the statistics page: how many, about what, answered when, and how they ended. It does no
// input and output; docs/statistics.md defines every figure in the words of its readers.
//
// A case belongs to a period in up to three ways, each looked at as the clock of its shop shows it: it was received in it, its first
// answer was given in it, it was closed in it. Numbers of cases, subjects, markets and the share in time are of those received; days
// to an answer are of those answered; days to the end, outcomes and ratings are of those closed. Cases in quarantine are counted,
// and in nothing else.
package figures

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"recourse/day"
	"recourse/form"
	"recourse/intake/docket"
)

// Figures are all figures of a period.
type Figures struct {
	Period
	Unit
	Group
	Subjects []Subject // the most frequent first
	Spans    []Span    // of the period, without gaps
	Markets  []Market  // the most frequent first
	Shops    []Shop    // by id; empty where the cases are of one shop
}

// Group is what is told of all cases, and of each shop's.
type Group struct {
	Received    int // without those in quarantine
	Quarantined int // received in the period, and in quarantine now
	Clock       Clock
	Answering   Days
	Closing     Days
	Outcomes    []Outcome // the most frequent first
	Ratings     Ratings
}

// Shop is a group with the id of its shop.
type Shop struct {
	ID string
	Group
}

// Subject is what cases are about.
type Subject struct {
	Form   form.Kind
	Reason string // empty: of withdrawals
	N      int
}

// Span is a part of the period.
type Span struct {
	Period
	N        int
	Subjects []int // in the order of Figures.Subjects
}

// Market is a locale of the forms that cases came from.
type Market struct {
	Locale string
	N      int
}

// Country of the market.
func (m Market) Country() string { return m.Locale[strings.LastIndexByte(m.Locale, '-')+1:] }

// Outcome is how many cases ended in a way.
type Outcome struct {
	Outcome docket.Outcome
	N       int
}

// Clock is how many cases were dealt with by their date.
type Clock struct {
	InTime  int
	Late    int // after the date
	Overdue int // not yet, and the date has passed
	Waiting int // not yet, and there is time left
	Undated int // no date
}

// Share is a part of some cases. It is told with both numbers.
type Share struct{ N, Of int }

// Share of those in time among all whose clock was stopped or has run out.
func (c Clock) Share() Share { return Share{c.InTime, c.InTime + c.Late + c.Overdue} }

// Percent is the share in whole percent. All and nothing are said of all and nothing only: 999 of 1,000 is 99.
func (s Share) Percent() int {
	switch {
	case s.Of == 0 || s.N == 0:
		return 0
	case s.N == s.Of:
		return 100
	}
	return min(max((200*s.N+s.Of)/(2*s.Of), 1), 99)
}

// Counter makes figures of cases handed to Add one by one, in any order.
type Counter struct {
	period Period
	unit   Unit
	today  func(shop string) day.Day
	zone   func(shop string) *time.Location

	all      tally
	shops    map[string]*tally
	spans    []Period
	subjects map[subject][]int // for each span
	markets  map[string]int
}

type subject struct{ form, reason string }

// tally is a group in the making.
type tally struct {
	received, quarantined int
	clock                 Clock
	answering, closing    spread
	outcomes              map[docket.Outcome]int
	ratings               [Best]int
}

// New begins to count. Zone is where a shop's clock is; now tells which dates have passed.
func New(p Period, zone func(shop string) *time.Location, now time.Time) *Counter {
	unit := p.Unit()
	return &Counter{
		period: p, unit: unit, zone: zone, today: func(shop string) day.Day { return docket.DayOf(now, zone(shop)) },
		all: newTally(), shops: make(map[string]*tally), spans: p.split(unit), subjects: make(map[subject][]int), markets: make(map[string]int),
	}
}

func newTally() tally {
	return tally{answering: spread{}, closing: spread{}, outcomes: make(map[docket.Outcome]int)}
}

// Concerns tells whether a case belongs to the period in any way: whether it was received, answered or closed in it.
func (c *Counter) Concerns(m docket.Summary) bool {
	zone := c.zone(m.Shop)
	return c.within(m.Received, zone) || c.within(m.Answered, zone) || c.within(m.Closed, zone)
}

func (c *Counter) within(t time.Time, zone *time.Location) bool {
	return !t.IsZero() && c.period.Has(docket.DayOf(t, zone))
}

// Add counts a case.
func (c *Counter) Add(m docket.Summary) {
	own := c.shops[m.Shop]
	if own == nil {
		t := newTally()
		own, c.shops[m.Shop] = &t, &t
	}
	received := docket.DayOf(m.Received, c.zone(m.Shop))
	if m.Suspect {
		if c.period.Has(received) {
			c.all.quarantined++
			own.quarantined++
		}
		return
	}
	if c.period.Has(received) {
		c.receive(m, received)
	}
	for _, t := range []*tally{&c.all, own} {
		t.add(m, received, c)
	}
}

// receive counts what is told of all cases together only.
func (c *Counter) receive(m docket.Summary, received day.Day) {
	s := subject{m.Form, m.Reason}
	if c.subjects[s] == nil {
		c.subjects[s] = make([]int, len(c.spans))
	}
	i, _ := slices.BinarySearchFunc(c.spans, received, func(p Period, d day.Day) int { return cmp.Compare(p.Last, d) })
	c.subjects[s][i]++
	c.markets[m.Locale]++
}

func (t *tally) add(m docket.Summary, received day.Day, c *Counter) {
	zone := c.zone(m.Shop)
	if c.period.Has(received) {
		t.received++
		t.clock.add(m, zone, c.today(m.Shop))
	}
	if c.within(m.Answered, zone) {
		t.answering[max(0, int(docket.DayOf(m.Answered, zone)-received))]++
	}
	if c.within(m.Closed, zone) {
		t.closing[max(0, int(docket.DayOf(m.Closed, zone)-received))]++
		t.outcomes[m.Outcome]++
		if m.Rating > 0 && m.Rating <= Best {
			t.ratings[m.Rating-1]++
		}
	}
}

func (k *Clock) add(m docket.Summary, zone *time.Location, today day.Day) {
	due, end := day.Day(m.DueDay), stopped(m)
	switch {
	case due == day.Unknown:
		k.Undated++
	case !end.IsZero() && docket.DayOf(end, zone) <= due:
		k.InTime++
	case !end.IsZero():
		k.Late++
	case today > due:
		k.Overdue++
	default:
		k.Waiting++
	}
}

// stopped is when the trader had done what the date is for, or zero. The date of a withdrawal is that of the refund, which
// an answer is not; a complaint that was closed has had its answer.
func stopped(m docket.Summary) time.Time {
	switch {
	case m.Form == string(form.Withdrawal) || m.Answered.IsZero():
		return m.Closed
	case !m.Closed.IsZero() && m.Closed.Before(m.Answered):
		return m.Closed
	}
	return m.Answered
}

// Figures of the cases added so far.
func (c *Counter) Figures() Figures {
	f := Figures{Period: c.period, Unit: c.unit, Group: c.all.group()}
	c.overTime(&f)
	for locale, n := range c.markets {
		f.Markets = append(f.Markets, Market{locale, n})
	}
	slices.SortFunc(f.Markets, func(a, b Market) int { return cmp.Or(b.N-a.N, strings.Compare(a.Locale, b.Locale)) })
	if len(c.shops) > 1 {
		for id, t := range c.shops {
			f.Shops = append(f.Shops, Shop{id, t.group()})
		}
	}
	slices.SortFunc(f.Shops, func(a, b Shop) int { return strings.Compare(a.ID, b.ID) })
	return f
}

func (c *Counter) overTime(f *Figures) {
	for s, counts := range c.subjects {
		f.Subjects = append(f.Subjects, Subject{form.Kind(s.form), s.reason, sum(counts)})
	}
	slices.SortFunc(f.Subjects, func(a, b Subject) int {
		return cmp.Or(b.N-a.N, strings.Compare(string(a.Form), string(b.Form)), strings.Compare(a.Reason, b.Reason))
	})
	for i, p := range c.spans {
		span := Span{Period: p}
		for _, s := range f.Subjects {
			n := c.subjects[subject{string(s.Form), s.Reason}][i]
			span.Subjects, span.N = append(span.Subjects, n), span.N+n
		}
		f.Spans = append(f.Spans, span)
	}
}

func (t *tally) group() Group {
	g := Group{Received: t.received, Quarantined: t.quarantined, Clock: t.clock,
		Answering: t.answering.days(), Closing: t.closing.days(), Ratings: rate(t.ratings)}
	for o, n := range t.outcomes {
		g.Outcomes = append(g.Outcomes, Outcome{o, n})
	}
	slices.SortFunc(g.Outcomes, func(a, b Outcome) int { return cmp.Or(b.N-a.N, strings.Compare(string(a.Outcome), string(b.Outcome))) })
	return g
}

func sum(all []int) (total int) {
	for _, n := range all {
		total += n
	}
	return total
}
