package day

import (
	"testing"
	"time"
)

// Package time is the independent witness: two centuries, every day.
func TestAgreesWithPackageTime(t *testing.T) {
	start := time.Date(1899, 12, 25, 0, 0, 0, 0, time.UTC)
	for i := range 73_500 {
		want := start.AddDate(0, 0, i)
		d := Of(want.Year(), int(want.Month()), want.Day())
		if int64(d)*86400 != want.Unix() {
			t.Fatalf("Of(%s) = %d", want.Format(time.DateOnly), d)
		}
		if d.String() != want.Format(time.DateOnly) || d.Weekday() != int(want.Weekday()) {
			t.Fatalf("%s: got %s, weekday %d", want.Format(time.DateOnly), d, d.Weekday())
		}
		if back, ok := Parse(d.String()); !ok || back != d {
			t.Fatalf("Parse(%s) = %v, %v", d, back, ok)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, s := range []string{"", "2026-2-3", "2026-02-29", "2026-13-01", "2026-00-10", "20261120", "2026-11-2x", "2026/11/20"} {
		if d, ok := Parse(s); ok {
			t.Errorf("Parse(%q) = %s, want a refusal", s, d)
		}
	}
}

func TestAddMonthsTakesTheLastDay(t *testing.T) {
	for _, c := range []struct {
		from, want string
		months     int
	}{
		{"2026-01-31", "2026-02-28", 1}, {"2024-01-31", "2024-02-29", 1}, {"2026-11-20", "2028-11-20", 24},
		{"2026-03-31", "2026-02-28", -1}, {"2024-02-29", "2025-02-28", 12}, {"2026-12-15", "2027-01-15", 1},
	} {
		from, _ := Parse(c.from)
		if got := from.AddMonths(c.months).String(); got != c.want {
			t.Errorf("%s + %d months = %s, want %s", c.from, c.months, got, c.want)
		}
	}
}

// Every day of four years, each period up to 20 days, against a count with fingers: mark the days one by one.
func TestEndOfDaysMovesOffRest(t *testing.T) {
	closed := map[Day]bool{Of(2026, 4, 3): true, Of(2026, 4, 6): true, Of(2026, 12, 25): true, Of(2026, 12, 26): true, Of(2027, 1, 1): true}
	working := Working(func(d Day) bool { return !d.Weekend() && !closed[d] })
	for event := Of(2025, 1, 1); event < Of(2029, 1, 1); event++ {
		for n := 1; n <= 20; n++ {
			passed, worked, end := 0, 0, event
			for passed < n || !working(end) || n > 1 && worked < 2 {
				end++
				passed++
				if working(end) {
					worked++
				}
			}
			if got := working.EndOfDays(event, n); got != end {
				t.Fatalf("%d days after %s end on %s, want %s", n, event, got, end)
			}
		}
	}
}

func TestEndOfMonthsAndWorkingDays(t *testing.T) {
	working := Working(func(d Day) bool { return !d.Weekend() })
	for _, c := range []struct {
		from         string
		n            int
		months, days string
	}{
		{"2026-01-31", 1, "2026-03-02", "2026-02-02"}, // the end of February 2026 is a Saturday
		{"2026-11-20", 2, "2027-01-20", "2026-11-24"},
	} {
		from, _ := Parse(c.from)
		if got := working.EndOfMonths(from, c.n).String(); got != c.months {
			t.Errorf("%d months after %s end on %s, want %s", c.n, from, got, c.months)
		}
		if got := working.EndOfWorkingDays(from, c.n).String(); got != c.days {
			t.Errorf("%d working days after %s end on %s, want %s", c.n, from, got, c.days)
		}
	}
}
