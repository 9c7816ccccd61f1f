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
