package inbox

import (
	"cmp"
	"html/template"
	"math"
	"strconv"

	"recourse/day"
	"recourse/form"
	"recourse/intake/docket"
	"recourse/intake/figures"
	"recourse/intake/page"
	"recourse/intake/plot"
	"recourse/intake/wording"
	"recourse/locale"
)

// The statistics page in words, plots and tables.

var statisticsPage = page.Parse(pages, "pages/statistics.html")

type statisticsData struct {
	page.Frame
	chosen                choice
	Problems              []problem
	Periods, Forms, Shops []option // no shops where there is one
	About                 string
	Empty                 []string // instead of figures
	Verdict               verdictData
	Facts                 []fact
	Fills                 template.HTML
	Plots                 []plotData
	PerShop               *tableData
	Exports               []exported
}

type (
	verdictData struct{ Class, Text, Share, Link string }
	fact        struct{ Label, Value, Note string }
	exported    struct{ Href, Text string }
	plotData    struct {
		ID, Title, Caption string
		Drawing            template.HTML // none: the caption says why
		Table              tableData
	}
	tableData struct {
		Head []string
		Rows []tableRow
	}
	tableRow struct {
		Name  string
		Cells []string
	}
)

// Label is the head of a column; the first column has the names of the rows.
func (t tableData) Label(i int) string { return t.Head[i+1] }

// chooser is a field of the form: a list, or a date where there are no options.
type chooser struct {
	Name, Label, Value, Wrong string
	Options                   []option
}

// Fields of the form.
func (d statisticsData) Fields() []chooser {
	all := []chooser{
		{Name: "period", Label: d.Text("statistics.period"), Options: d.Periods},
		{Name: "from", Label: d.Text("statistics.from"), Value: d.chosen.From, Wrong: d.wrong("from")},
		{Name: "to", Label: d.Text("statistics.to"), Value: d.chosen.To, Wrong: d.wrong("to")},
		{Name: "form", Label: d.Text("statistics.form"), Options: d.Forms},
	}
	if len(d.Shops) > 0 {
		all = append(all, chooser{Name: "shop", Label: d.Text("statistics.shop"), Options: d.Shops})
	}
	return all
}

// wrong is what is wrong with a field.
func (d statisticsData) wrong(field string) string {
	for _, p := range d.Problems {
		if p.Target == field {
			return p.Text
		}
	}
	return ""
}

// options are what can be chosen.
func (d *statisticsData) options(in *inbox, v wording.Voice, shops []string) {
	for _, name := range periods {
		d.Periods = append(d.Periods, option{name, v.Text("statistics.period." + name), name == d.chosen.Name})
	}
	d.Forms = []option{{"", v.Text("statistics.form.all"), d.chosen.Form == ""}}
	for _, kind := range []form.Kind{form.Withdrawal, form.Complaint} {
		d.Forms = append(d.Forms, option{string(kind), v.Text("inbox.kind." + string(kind)), d.chosen.Form == string(kind)})
	}
	if len(shops) < 2 {
		return
	}
	d.Shops = []option{{"", v.Text("statistics.shop.all"), d.chosen.Shop == ""}}
	for _, id := range shops {
		d.Shops = append(d.Shops, option{id, in.shops[id].Name, d.chosen.Shop == id})
	}
}

// statistician tells figures in a language.
type statistician struct {
	wording.Voice
	in *inbox
	choice
}

func (s statistician) tell(d *statisticsData, f figures.Figures, waiting int) {
	d.About = s.dates(f.Period)
	if f.Received+f.Answering.N+f.Closing.N == 0 && waiting == 0 {
		d.Empty = []string{s.Text("statistics.empty")}
		if f.Quarantined > 0 {
			d.Empty = append(d.Empty, s.Plural("statistics.empty.quarantined", f.Quarantined))
		}
		return
	}
	d.Verdict, d.Facts, d.Fills = s.verdict(f.Clock, waiting), s.facts(f), plot.Fills()
	d.Plots = []plotData{s.clock(f), s.overTime(f), s.subjects(f), s.answering(f.Answering), s.outcomes(f), s.ratings(f.Ratings), s.markets(f)}
	d.PerShop = s.shops(f)
	for _, file := range []string{"figures.csv", "figures.json", "cases.csv", "cases.json"} {
		d.Exports = append(d.Exports, exported{"statistics/" + file + s.query(), s.Text("statistics.export." + file)})
	}
}

// dates names a period by its first and last day.
func (s statistician) dates(p figures.Period) string {
	if p.First == p.Last {
		return s.Date(p.First)
	}
	return s.Text("statistics.about", named("from", s.Date(p.First)), named("until", s.Date(p.Last)))
}

// share is told with its numbers; of few cases in numbers only.
func (s statistician) share(n, of int) string {
	args := []locale.Arg{named("n", strconv.Itoa(n)), named("of", strconv.Itoa(of)), named("percent", strconv.Itoa(figures.Share{N: n, Of: of}.Percent()))}
	switch {
	case of == 0:
		return s.Text("statistics.none")
	case of < fewest:
		return s.Text("statistics.share.few", args...)
	}
	return s.Text("statistics.share", args...)
}

// fewest cases that a percentage is told of.
const fewest = 5

// decimal rounds to one digit after the point.
func (s statistician) decimal(x float64) string {
	tenths := int(math.Round(x * 10))
	if tenths%10 == 0 {
		return strconv.Itoa(tenths / 10)
	}
	return s.Text("statistics.decimal", named("whole", strconv.Itoa(tenths/10)), named("part", strconv.Itoa(tenths%10)))
}

func (s statistician) verdict(c figures.Clock, waiting int) verdictData {
	share := c.Share()
	d := verdictData{}
	if share.Of > 0 {
		d.Share = s.Text("statistics.verdict.share", named("share", s.share(share.N, share.Of)))
	}
	switch {
	case waiting > 0:
		d.Class, d.Text = "rc-bad", s.Plural("statistics.verdict.overdue", waiting)
		d.Link = "./" + filter{Due: overdue, Shop: s.choice.Shop, Form: form.Kind(s.Form)}.at(1)
	case share.Of == 0:
		d.Class, d.Text = "rc-good", s.Text("statistics.verdict.early")
	case share.N < share.Of:
		d.Class, d.Text = "rc-warn", s.Plural("statistics.verdict.late", share.Of-share.N)
	default:
		d.Class, d.Text = "rc-good", s.Text("statistics.verdict.good")
	}
	return d
}

func (s statistician) facts(f figures.Figures) []fact {
	in := f.Clock.Share()
	all := []fact{
		{s.Text("statistics.fact.received"), strconv.Itoa(f.Received), ""},
		{s.Text("statistics.fact.in-time"), s.share(in.N, in.Of), ""},
		{s.Text("statistics.fact.answer"), s.median(f.Answering), s.within(f.Answering)},
		{s.Text("statistics.fact.closing"), s.median(f.Closing), s.within(f.Closing)},
		{s.Text("statistics.fact.rating"), s.mean(f.Ratings), s.Plural("statistics.ratings", f.Ratings.N)},
	}
	if f.Quarantined > 0 {
		all = append(all, fact{s.Text("statistics.fact.quarantined"), strconv.Itoa(f.Quarantined), ""})
	}
	return all
}

func (s statistician) median(d figures.Days) string {
	if d.N == 0 {
		return s.Text("statistics.none")
	}
	return s.decimal(d.Median)
}

func (s statistician) mean(r figures.Ratings) string {
	if r.N == 0 {
		return s.Text("statistics.none")
	}
	return s.decimal(r.Mean)
}

// within tells the 90th percentile and of how many cases.
func (s statistician) within(d figures.Days) string {
	cases := s.Plural("statistics.number", d.N)
	switch {
	case d.N == 0:
		return cases
	case d.P90 == 0:
		return cases + "; " + s.Text("statistics.same-day")
	}
	return cases + "; " + s.Plural("statistics.within", d.P90)
}

func (s statistician) rtl() bool { return s.Locale.Dir == "rtl" }

func (s statistician) alt(title, caption string) string {
	return s.Text("statistics.alt", named("title", title), named("caption", caption))
}

// reason names what cases are about; a name this version has no words for stands for itself.
func (s statistician) reason(about figures.Subject) string {
	if key := "form.option.reason." + about.Reason; s.Locale.Has(key) {
		return s.Text(key)
	}
	return cmp.Or(about.Reason, s.kind(about.Form))
}

func (s statistician) kind(k form.Kind) string {
	if key := "inbox.kind." + string(k); s.Locale.Has(key) {
		return s.Text(key)
	}
	return string(k)
}

func (s statistician) outcome(o docket.Outcome) string {
	if key := "status.outcome." + string(o); s.Locale.Has(key) {
		return s.Text(key)
	}
	return cmp.Or(string(o), s.Text("statistics.outcomes.unknown"))
}

// span names a part of the period.
func (s statistician) span(u figures.Unit, p figures.Period) string {
	switch year, month, _ := p.First.Date(); u {
	case figures.ByMonth:
		return s.Text("statistics.month", named("m", strconv.Itoa(month)), named("y", strconv.Itoa(year)))
	case figures.ByYear:
		return strconv.Itoa(year)
	}
	return s.dates(p)
}

// short is what fits below a bar.
func (s statistician) short(u figures.Unit, p figures.Period) string {
	if u == figures.ByDay || u == figures.ByWeek {
		return s.dayMonth(p.First)
	}
	return s.span(u, p)
}

func (s statistician) dayMonth(d day.Day) string {
	_, month, dom := d.Date()
	return s.Text("statistics.day", named("d", strconv.Itoa(dom)), named("m", strconv.Itoa(month)))
}
