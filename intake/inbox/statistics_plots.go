package inbox

import (
	"strconv"

	"recourse/intake/figures"
	"recourse/intake/plot"
)

// Each plot comes with a sentence and a table of the same numbers.

func (s statistician) clock(f figures.Figures) plotData {
	p := plotData{ID: "clock", Title: s.Text("statistics.clock.title"), Caption: s.Text("statistics.clock.caption")}
	p.Table.Head = []string{s.Text("statistics.clock.title"), s.Text("statistics.count")}
	decided := f.Clock.Share().Of
	var rows []plot.Row
	for _, r := range []struct {
		key         string
		n, of, fill int
	}{{"in-time", f.Clock.InTime, decided, 0}, {"late", f.Clock.Late, decided, 1}, {"overdue", f.Clock.Overdue, decided, 4}, {"waiting", f.Clock.Waiting, 0, 2}, {"undated", f.Clock.Undated, 0, 5}} {
		value := strconv.Itoa(r.n)
		if r.of > 0 { // the others are no part of the share in time
			value = s.share(r.n, r.of)
		}
		rows = append(rows, plot.Row{Name: s.Text("statistics.clock." + r.key), Value: value, N: r.n, Fill: r.fill})
	}
	return s.level(p, rows, f.Received, s.Text("statistics.received.none"))
}

// level draws rows and puts the same into the table; where there are none of, the caption says why.
func (s statistician) level(p plotData, rows []plot.Row, of int, none string) plotData {
	if of == 0 {
		p.Caption = none
		return p
	}
	for _, r := range rows {
		p.Table.Rows = append(p.Table.Rows, tableRow{r.Name, []string{r.Value}})
	}
	p.Drawing = plot.Level{Alt: s.alt(p.Title, p.Caption), Rows: rows, RTL: s.rtl()}.HTML()
	return p
}

func (s statistician) overTime(f figures.Figures) plotData {
	p := plotData{ID: "time", Title: s.Text("statistics.time.title"), Caption: s.Text("statistics.received.none")}
	if f.Received == 0 {
		return p
	}
	most := f.Spans[0]
	for _, span := range f.Spans {
		if span.N > most.N {
			most = span
		}
	}
	p.Caption = s.Text("statistics.time.caption."+string(f.Unit), named("n", strconv.Itoa(most.N)), named("span", s.span(f.Unit, most.Period)))
	stack := s.stack(f)
	stack.Alt = s.alt(p.Title, p.Caption)
	p.Drawing, p.Table = stack.HTML(), s.timetable(f)
	return p
}

// stack has a piece for each of the most frequent subjects, and one for all others where there are too many to tell apart.
func (s statistician) stack(f figures.Figures) plot.Stack {
	own := len(f.Subjects)
	if own > plot.Series {
		own = plot.Series - 1
	}
	d := plot.Stack{RTL: s.rtl()}
	for _, about := range f.Subjects[:own] {
		d.Series = append(d.Series, s.reason(about))
	}
	if own < len(f.Subjects) {
		d.Series = append(d.Series, s.Text("statistics.time.others"))
	}
	for i, span := range f.Spans {
		counts := append([]int(nil), span.Subjects[:own]...)
		rest := span.N
		for _, n := range counts {
			rest -= n
		}
		bar := plot.Bar{Name: s.span(f.Unit, span.Period), Counts: append(counts, rest)}
		if last := len(f.Spans) - 1; i == 0 || i == last || i == last/2 && last > 3 {
			bar.Tick = s.short(f.Unit, span.Period)
		}
		d.Bars = append(d.Bars, bar)
	}
	return d
}

func (s statistician) timetable(f figures.Figures) (t tableData) {
	t.Head = []string{s.Text("statistics.time.span")}
	for _, about := range f.Subjects {
		t.Head = append(t.Head, s.reason(about))
	}
	t.Head = append(t.Head, s.Text("statistics.time.sum"))
	for _, span := range f.Spans {
		row := tableRow{Name: s.span(f.Unit, span.Period)}
		for _, n := range append(append([]int(nil), span.Subjects...), span.N) {
			row.Cells = append(row.Cells, strconv.Itoa(n))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (s statistician) subjects(f figures.Figures) plotData {
	p := plotData{ID: "subjects", Title: s.Text("statistics.subjects.title"), Caption: s.Text("statistics.subjects.caption")}
	p.Table.Head = []string{s.Text("statistics.subjects.name"), s.Text("statistics.count")}
	var rows []plot.Row
	for _, about := range f.Subjects {
		rows = append(rows, plot.Row{Name: s.reason(about), Value: s.share(about.N, f.Received), N: about.N})
	}
	p = s.level(p, rows, f.Received, s.Text("statistics.received.none"))
	for i, about := range f.Subjects {
		if about.Reason != "" {
			p.Table.Rows[i].Name = s.Text("statistics.subject", named("form", s.kind(about.Form)), named("reason", s.reason(about)))
		}
	}
	return p
}

func (s statistician) answering(d figures.Days) plotData {
	p := plotData{ID: "answer", Title: s.Text("statistics.answer.title"), Caption: s.Text("statistics.answer.none")}
	if d.N == 0 {
		return p
	}
	median := named("median", s.decimal(d.Median))
	p.Caption = s.Text("statistics.answer.caption", median)
	p.Table.Head = []string{s.Text("statistics.answer.days"), s.Text("statistics.count")}
	drawing := plot.Histogram{Alt: s.alt(p.Title, p.Caption), Mark: d.Place(d.Median), Name: s.Text("statistics.answer.median", median), RTL: s.rtl()}
	bins := d.Bins()
	for i, b := range bins {
		name := s.bin(b)
		bar := plot.Bar{Name: name, Counts: []int{b.N}}
		if last := len(bins) - 1; i == last || i%10 == 0 && last-i > 5 {
			bar.Tick = name
		}
		drawing.Bars = append(drawing.Bars, bar)
		p.Table.Rows = append(p.Table.Rows, tableRow{name, []string{strconv.Itoa(b.N)}})
	}
	p.Drawing = drawing.HTML()
	return p
}

func (s statistician) bin(b figures.Bin) string {
	switch {
	case b.Open:
		return s.Text("statistics.answer.more", named("n", strconv.Itoa(b.First)))
	case b.First == b.Last:
		return strconv.Itoa(b.First)
	}
	return s.Text("statistics.answer.bin", named("from", strconv.Itoa(b.First)), named("until", strconv.Itoa(b.Last)))
}

func (s statistician) outcomes(f figures.Figures) plotData {
	p := plotData{ID: "outcomes", Title: s.Text("statistics.outcomes.title"), Caption: s.Text("statistics.outcomes.caption")}
	p.Table.Head = []string{s.Text("statistics.outcomes.name"), s.Text("statistics.count")}
	var rows []plot.Row
	for _, o := range f.Outcomes {
		rows = append(rows, plot.Row{Name: s.outcome(o.Outcome), Value: s.share(o.N, f.Closing.N), N: o.N})
	}
	return s.level(p, rows, f.Closing.N, s.Text("statistics.outcomes.none"))
}

func (s statistician) ratings(r figures.Ratings) plotData {
	p := plotData{ID: "ratings", Title: s.Text("statistics.ratings.title"), Caption: s.Text("statistics.ratings.none")}
	if r.N == 0 {
		return p
	}
	drawing := plot.Dots{Each: plot.Each(most(r.Counts)), RTL: s.rtl()}
	p.Caption = s.Text("statistics.ratings.caption", named("mean", s.decimal(r.Mean)), named("deviation", s.decimal(r.Deviation))) + " " +
		s.Plural("statistics.ratings.dot", drawing.Each)
	p.Table.Head = []string{s.Text("statistics.ratings.name"), s.Text("statistics.count")}
	for i := figures.Best - 1; i >= 0; i-- {
		row := plot.Row{Name: strconv.Itoa(i + 1), Value: s.share(r.Counts[i], r.N), N: r.Counts[i]}
		drawing.Rows = append(drawing.Rows, row)
		p.Table.Rows = append(p.Table.Rows, tableRow{row.Name, []string{row.Value}})
	}
	drawing.Alt = s.alt(p.Title, p.Caption)
	p.Drawing = drawing.HTML()
	return p
}

func most(counts [figures.Best]int) (n int) {
	for _, c := range counts {
		n = max(n, c)
	}
	return n
}

// drawnMarkets are as many as are drawn; the table has all.
const drawnMarkets = 12

func (s statistician) markets(f figures.Figures) plotData {
	p := plotData{ID: "markets", Title: s.Text("statistics.markets.title"), Caption: s.Text("statistics.markets.caption")}
	p.Table.Head = []string{s.Text("statistics.markets.name"), s.Text("statistics.count")}
	var rows []plot.Row
	for _, m := range f.Markets {
		country, language := s.Market(s.in.House, m.Locale)
		name := s.Text("statistics.market", named("country", country), named("language", language))
		rows = append(rows, plot.Row{Name: name, Value: s.share(m.N, f.Received), N: m.N})
	}
	p = s.level(p, rows, f.Received, s.Text("statistics.received.none"))
	if len(rows) > drawnMarkets {
		p.Drawing = plot.Level{Alt: s.alt(p.Title, p.Caption), Rows: rows[:drawnMarkets], RTL: s.rtl()}.HTML()
	}
	return p
}

// shops compares the shops the cases are of; nil where it is one.
func (s statistician) shops(f figures.Figures) *tableData {
	if len(f.Shops) == 0 {
		return nil
	}
	t := &tableData{Head: []string{s.Text("statistics.shop"), s.Text("statistics.fact.received"), s.Text("statistics.fact.in-time"), s.Text("statistics.fact.answer"),
		s.Text("statistics.fact.closing"), s.Text("statistics.fact.rating"), s.Text("statistics.fact.quarantined")}}
	for _, g := range f.Shops {
		in := g.Clock.Share()
		t.Rows = append(t.Rows, tableRow{s.in.shops[g.ID].Name, []string{strconv.Itoa(g.Received), s.share(in.N, in.Of), s.median(g.Answering), s.median(g.Closing),
			s.mean(g.Ratings), strconv.Itoa(g.Quarantined)}})
	}
	return t
}
