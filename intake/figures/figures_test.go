package figures

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"recourse/day"
	"recourse/intake/docket"
)

// TestFigures: the tables of testdata were counted by hand. A file has settings, cases and rows of the export, apart by "---". Of the
// rows only the figures named in the file are compared, but these completely; a name alone says that there are no rows of it.
func TestFigures(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no tables", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) { testTable(t, file) })
	}
}

func testTable(t *testing.T, file string) {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(string(text), "---\n")
	if len(parts) != 3 {
		t.Fatalf("%d parts, want settings, cases and rows", len(parts))
	}
	c := settings(t, lines(parts[0]))
	for _, line := range lines(parts[1]) {
		c.Add(summary(t, line))
	}
	var want, got []string
	named := map[string]bool{}
	for _, line := range lines(parts[2]) {
		name, _, full := strings.Cut(line, " ")
		named[name] = true
		if full {
			want = append(want, line)
		}
	}
	for _, r := range c.Figures().Rows() {
		if named[r.Figure] {
			got = append(got, show(r))
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\n\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// lines that say something, with one space between words.
func lines(part string) (all []string) {
	for line := range strings.Lines(part) {
		line, _, _ = strings.Cut(line, "#")
		if words := strings.Fields(line); len(words) > 0 {
			all = append(all, strings.Join(words, " "))
		}
	}
	return all
}

// settings are period, now, and the zone of each shop.
func settings(t *testing.T, all []string) *Counter {
	var period Period
	var now time.Time
	zones := map[string]*time.Location{}
	for _, line := range all {
		words := strings.Fields(line)
		switch words[0] {
		case "period":
			period = Period{date(t, words[1]), date(t, words[2])}
		case "now":
			now = moment(t, words[1])
		default:
			zone, err := time.LoadLocation(words[1])
			if err != nil {
				t.Fatal(err)
			}
			zones[words[0]] = zone
		}
	}
	return New(period, func(shop string) *time.Location { return zones[shop] }, now)
}

func date(t *testing.T, s string) day.Day {
	t.Helper()
	if s == "-" {
		return day.Unknown
	}
	d, ok := day.Parse(s)
	if !ok {
		t.Fatalf("%q is no day", s)
	}
	return d
}

func moment(t *testing.T, s string) time.Time {
	t.Helper()
	if s == "-" {
		return time.Time{}
	}
	m, err := time.Parse("2006-01-02T15:04:05Z", s)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// summary reads: shop form reason locale received due answered closed outcome rating quarantine.
func summary(t *testing.T, line string) docket.Summary {
	t.Helper()
	w := strings.Fields(line)
	if len(w) != 11 {
		t.Fatalf("%q has %d words", line, len(w))
	}
	rating, err := strconv.Atoi(w[9])
	if err != nil {
		t.Fatal(err)
	}
	return docket.Summary{Shop: w[0], Form: w[1], Reason: strings.Trim(w[2], "-"), Locale: w[3], Received: moment(t, w[4]), DueDay: int(date(t, w[5])),
		Answered: moment(t, w[6]), Closed: moment(t, w[7]), Outcome: docket.Outcome(strings.Trim(w[8], "-")), Rating: rating, Suspect: w[10] == "suspect"}
}

// show writes a row with "-" for what is empty.
func show(r Row) string {
	cells := r.Cells()
	for i, c := range cells {
		if c == "" {
			cells[i] = "-"
		}
	}
	return strings.Join(cells, " ")
}

func TestPercent(t *testing.T) {
	for s, want := range map[Share]int{
		{0, 0}: 0, {0, 7}: 0, {7, 7}: 100, {1, 1000}: 1, {999, 1000}: 99, {1, 3}: 33, {2, 3}: 67, {1, 8}: 13, {1, 200}: 1, {46, 50}: 92,
	} {
		if got := s.Percent(); got != want {
			t.Errorf("%d of %d is %d %%, want %d", s.N, s.Of, got, want)
		}
	}
}

// TestPeriodsAreCoveredOnce: the spans follow each other without gaps, and there are never too many to be drawn.
func TestPeriodsAreCoveredOnce(t *testing.T) {
	first := day.Of(2027, 12, 29) // before the leap day of 2028
	for length := 1; length <= 3660; length++ {
		p := Period{first, first + day.Day(length-1)}
		spans := p.split(p.Unit())
		next := p.First
		for _, s := range spans {
			if s.First != next || s.Last < s.First {
				t.Fatalf("%d days: the span %v-%v does not follow", length, s.First, s.Last)
			}
			next = s.Last + 1
		}
		if next != p.Last+1 || len(spans) > 40 {
			t.Fatalf("%d days: %d spans until %v", length, len(spans), next-1)
		}
	}
}

func TestWeeksBeginOnMonday(t *testing.T) {
	p := Period{day.Of(2026, 11, 18), day.Of(2026, 12, 31)} // a Wednesday
	spans := p.split(p.Unit())
	if spans[0].Last != day.Of(2026, 11, 22) || spans[1].First.Weekday() != 1 || spans[1].Days() != 7 {
		t.Errorf("the first weeks are %v", spans[:2])
	}
}

// TestMedians compares with the row of numbers written out.
func TestMedians(t *testing.T) {
	for _, c := range []struct {
		took   []int
		median float64
		p90    int
	}{
		{[]int{4}, 4, 4},
		{[]int{1, 2}, 1.5, 2},
		{[]int{0, 0, 0, 9}, 0, 9},
		{[]int{3, 1, 2}, 2, 3},
		{[]int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, 5.5, 9},
		{[]int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, 6, 10},
	} {
		s := spread{}
		for _, n := range c.took {
			s[n]++
		}
		if d := s.days(); d.Median != c.median || d.P90 != c.p90 || d.N != len(c.took) {
			t.Errorf("%v: median %v, 90th percentile %d, of %d; want %v, %d", c.took, d.Median, d.P90, d.N, c.median, c.p90)
		}
	}
}

// TestNothingIsAnswered: there is no number that is none.
func TestNothingIsAnswered(t *testing.T) {
	f := New(Period{day.Of(2026, 11, 1), day.Of(2026, 11, 30)}, func(string) *time.Location { return time.UTC }, time.Now()).Figures()
	for _, x := range []float64{f.Answering.Median, f.Closing.Median, f.Ratings.Mean, f.Ratings.Deviation} {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			t.Errorf("a figure of no cases is %v", x)
		}
	}
	for _, r := range f.Rows() {
		if strings.Contains(r.Value+r.Of, "N") || strings.Contains(r.Value, "Inf") {
			t.Errorf("a row has no number: %v", r)
		}
	}
}

func BenchmarkFigures(b *testing.B) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		b.Fatal(err)
	}
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	all := make([]docket.Summary, 100_000)
	for i := range all {
		received := start.Add(time.Duration(i) * 5 * time.Minute)
		all[i] = docket.Summary{Shop: fmt.Sprint("shop", i%20), Form: "complaint", Reason: fmt.Sprint("reason", i%11), Locale: "de-DE", Received: received,
			DueDay: int(docket.DayOf(received, berlin)) + 14, Answered: received.Add(time.Duration(i%400) * time.Hour),
			Closed: received.Add(time.Duration(i%700+400) * time.Hour), Outcome: docket.Outcomes[i%5], Rating: i % 6}
	}
	b.ResetTimer()
	for b.Loop() {
		c := New(Period{day.Of(2026, 1, 1), day.Of(2026, 12, 31)}, func(string) *time.Location { return berlin }, start.AddDate(1, 0, 0))
		for _, m := range all {
			c.Add(m)
		}
		if c.Figures().Received < 90_000 {
			b.Fatal("cases are missing")
		}
	}
}
