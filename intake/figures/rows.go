package figures

import (
	"strconv"
	"strings"
)

// Row is a figure as exports have it: one table that programs can filter. What a column does not apply to is empty.
type Row struct {
	Figure string `json:"figure"`
	Shop   string `json:"shop"` // empty: all that were asked for
	First  string `json:"first"`
	Last   string `json:"last"`
	Form   string `json:"form"`
	Key    string `json:"key"`
	Value  string `json:"value"`
	Of     string `json:"of"` // for shares and averages: of how many cases
}

// Columns of a Row, in their order.
var Columns = []string{"figure", "shop", "first", "last", "form", "key", "value", "of"}

// Cells of the row, in the order of Columns.
func (r Row) Cells() []string {
	return []string{r.Figure, r.Shop, r.First, r.Last, r.Form, r.Key, r.Value, r.Of}
}

// Rows are all figures as a table.
func (f Figures) Rows() []Row {
	t := table{period: f.Period}
	t.group("", f.Group)
	for _, span := range f.Spans {
		for i, s := range f.Subjects {
			t.period = span.Period
			t.add(Row{Figure: "received-over-time", Form: string(s.Form), Key: s.Reason, Value: strconv.Itoa(span.Subjects[i])})
		}
	}
	t.period = f.Period
	for _, s := range f.Subjects {
		t.add(Row{Figure: "subject", Form: string(s.Form), Key: s.Reason, Value: strconv.Itoa(s.N), Of: strconv.Itoa(f.Received)})
	}
	for _, m := range f.Markets {
		t.add(Row{Figure: "market", Key: m.Locale, Value: strconv.Itoa(m.N), Of: strconv.Itoa(f.Received)})
	}
	for _, s := range f.Shops {
		t.group(s.ID, s.Group)
	}
	return t.rows
}

type table struct {
	period Period
	rows   []Row
}

func (t *table) add(r Row) {
	r.First, r.Last = t.period.First.String(), t.period.Last.String()
	t.rows = append(t.rows, r)
}

func (t *table) group(shop string, g Group) {
	count := func(figure, key string, n int) {
		t.add(Row{Figure: figure, Shop: shop, Key: key, Value: strconv.Itoa(n)})
	}
	count("received", "", g.Received)
	count("quarantined", "", g.Quarantined)
	count("clock", "in-time", g.Clock.InTime)
	count("clock", "late", g.Clock.Late)
	count("clock", "overdue", g.Clock.Overdue)
	count("clock", "waiting", g.Clock.Waiting)
	count("clock", "undated", g.Clock.Undated)
	share := g.Clock.Share()
	t.add(Row{Figure: "in-time", Shop: shop, Value: strconv.Itoa(share.N), Of: strconv.Itoa(share.Of)})
	t.days("days-to-answer", shop, g.Answering)
	t.days("days-to-closing", shop, g.Closing)
	for _, o := range g.Outcomes {
		t.add(Row{Figure: "outcome", Shop: shop, Key: string(o.Outcome), Value: strconv.Itoa(o.N), Of: strconv.Itoa(g.Closing.N)})
	}
	t.ratings(shop, g.Ratings)
}

func (t *table) days(figure, shop string, d Days) {
	if d.N == 0 {
		return
	}
	of := strconv.Itoa(d.N)
	t.add(Row{Figure: figure, Shop: shop, Key: "median", Value: decimal(d.Median), Of: of})
	t.add(Row{Figure: figure, Shop: shop, Key: "percentile-90", Value: strconv.Itoa(d.P90), Of: of})
	for _, c := range d.Counts {
		t.add(Row{Figure: figure, Shop: shop, Key: strconv.Itoa(c.Days), Value: strconv.Itoa(c.N), Of: of})
	}
}

func (t *table) ratings(shop string, r Ratings) {
	if r.N == 0 {
		return
	}
	of := strconv.Itoa(r.N)
	t.add(Row{Figure: "rating", Shop: shop, Key: "mean", Value: decimal(r.Mean), Of: of})
	t.add(Row{Figure: "rating", Shop: shop, Key: "standard-deviation", Value: decimal(r.Deviation), Of: of})
	for i, n := range r.Counts {
		t.add(Row{Figure: "rating", Shop: shop, Key: strconv.Itoa(i + 1), Value: strconv.Itoa(n), Of: of})
	}
}

// decimal has a point in every language and at most four digits after it.
func decimal(x float64) string {
	return strings.TrimSuffix(strings.TrimRight(strconv.FormatFloat(x, 'f', 4, 64), "0"), ".")
}
