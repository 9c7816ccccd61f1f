package inbox

import (
	"context"
	"net/http"
	"strconv"

	"recourse/day"
	"recourse/intake/docket"
	"recourse/intake/page"
	"recourse/intake/wording"
)

var listPage = page.Parse(pages, "pages/list.html")

type listData struct {
	page.Frame
	Notice     string
	Tally      []count
	Filter     filter
	States     []option
	Forms      []option
	Dues       []option
	Shops      []option // empty: the user sees one
	Cases      []line
	Count      string
	Page       string // "Page 2 of 7"; empty: there is one
	Back, On   string // addresses of the pages beside this one
	Quarantine bool
	Filtered   bool
}

type (
	option struct {
		Value, Label string
		Chosen       bool
	}

	// count is a number at the head of the list, and where the cases are that it counts.
	count struct {
		Label, Href string
		N           int
		Bad         bool
	}

	// line is a case in the list.
	line struct {
		Reference, Kind, Reason, Name, Received, Due, State, Shop, Priority string
		Overdue, High, Real                                                 bool
		Marks, Signs                                                        []string
	}
)

const perPage = 50

func (in *inbox) list(w http.ResponseWriter, r *http.Request) {
	v, shops := in.own(r), in.visible(in.me(r))
	f := readFilter(r.URL.Query(), shops)
	today := docket.DayOf(in.Now(), v.Shop.Location())
	total, cases, err := in.page(r.Context(), &f, shops, today)
	if err != nil {
		in.fail(w, r, err)
		return
	}
	tally, err := in.Store.Tally(r.Context(), shops, today)
	if err != nil {
		in.fail(w, r, err)
		return
	}
	data := listData{
		Frame: in.frame(r, v, v.Text("inbox.of")), Notice: in.notice(v, r.URL.Query().Get("done")), Tally: counts(v, tally), Filter: f,
		Count: v.Plural("inbox.list.count", total), Quarantine: f.Show == quarantine, Filtered: f.narrowed(),
	}
	in.filters(&data, v, f, shops)
	data.turn(v, f, total)
	for _, c := range cases {
		data.Cases = append(data.Cases, in.line(v, c, data.Quarantine, can(in.me(r), c.Shop, docket.Agent)))
	}
	if in.viewedList(w, r, cases, f.what(), f.name()) {
		in.write(w, http.StatusOK, listPage, data)
	}
}

// page is the total of what a filter finds, and the cases of its page: the last one where there are not so many.
func (in *inbox) page(ctx context.Context, f *filter, shops []string, today day.Day) (total int, cases []docket.Case, err error) {
	q := f.query(shops, today)
	if total, err = in.Store.Count(ctx, q); err != nil {
		return 0, nil, err
	}
	f.Page = max(1, min(f.Page, pagesOf(total)))
	q.Limit, q.Offset = perPage, (f.Page-1)*perPage
	cases, err = in.Store.Cases(ctx, q)
	return total, cases, err
}

func pagesOf(total int) int { return (total + perPage - 1) / perPage }

// turn leads to the pages before and after.
func (d *listData) turn(v wording.Voice, f filter, total int) {
	last := pagesOf(total)
	if last < 2 {
		return
	}
	d.Page = v.Text("inbox.list.page", named("page", strconv.Itoa(f.Page)), named("pages", strconv.Itoa(last)))
	if f.Page > 1 {
		d.Back = f.at(f.Page - 1)
	}
	if f.Page < last {
		d.On = f.at(f.Page + 1)
	}
}

func counts(v wording.Voice, t docket.Tally) []count {
	return []count{
		{v.Text("inbox.tally.overdue"), filter{Due: overdue}.at(1), t.Overdue, t.Overdue > 0},
		{v.Text("inbox.tally.new"), filter{Show: string(docket.New)}.at(1), t.New, false},
		{v.Text("inbox.tally.open"), filter{}.at(1), t.Open, false},
		{v.Text("inbox.tally.undelivered"), filter{Mail: true}.at(1), t.Undelivered, t.Undelivered > 0},
		{v.Text("inbox.tally.quarantine"), filter{Show: quarantine}.at(1), t.Suspect, false},
	}
}

// filters fills the choices of the filters.
func (in *inbox) filters(d *listData, v wording.Voice, f filter, shops []string) {
	d.States = []option{{"", v.Text("inbox.list.filter.open"), f.Show == ""}}
	d.States = append(d.States, options(v, "inbox.state.", docket.States, docket.State(f.Show), "")...)
	d.States = append(d.States, option{everything, v.Text("inbox.list.filter.all"), f.Show == everything},
		option{quarantine, v.Text("inbox.tally.quarantine"), f.Show == quarantine})
	d.Forms = options(v, "inbox.kind.", kinds, f.Form, v.Text("inbox.filter.form.any"))
	d.Dues = options(v, "inbox.filter.due.", []string{overdue, week}, f.Due, v.Text("inbox.filter.due.any"))
	if len(shops) > 1 {
		d.Shops = []option{{"", v.Text("inbox.filter.shop.any"), f.Shop == ""}}
		for _, id := range shops {
			d.Shops = append(d.Shops, option{id, in.shops[id].Name, f.Shop == id})
		}
	}
}

// line shows a case; apart from the others, in quarantine, it says why it is there, and whoever may can take it out.
func (in *inbox) line(v wording.Voice, c docket.Case, apart, may bool) line {
	due, overdue := in.due(v, c)
	l := line{
		Reference: c.Reference, Kind: v.Text("inbox.kind." + string(c.Form)), Name: c.Values["name"],
		Received: v.Date(docket.DayOf(c.Received, in.zone(c))), Due: due, Overdue: overdue, State: v.Text("inbox.state." + string(c.State)),
		Shop: in.shopOf(c).Name, Priority: priority(v, c), High: c.Priority == docket.High && c.State != docket.Closed, Real: apart && may,
	}
	if key := "form.option.reason." + c.Reason(); c.Reason() != "" && v.Locale.Has(key) {
		l.Reason = v.Text(key)
	}
	if apart {
		l.Signs = v.Signs(c)
	}
	for _, mark := range []struct {
		is  bool
		key string
	}{{c.Suspect && !apart, "suspect"}, {c.Repeat, "repeat"}, {c.Undelivered, "mail"}} {
		if mark.is {
			l.Marks = append(l.Marks, v.Text("inbox.mark."+mark.key))
		}
	}
	return l
}

// due tells the date in words and how far off it is while something is still to be done.
func (in *inbox) due(v wording.Voice, c docket.Case) (text string, overdue bool) {
	if c.Due.Day == day.Unknown {
		return v.Text("inbox.due.none"), false
	}
	date := v.Date(c.Due.Day)
	if c.State == docket.Closed || c.State == docket.Answered && c.Due.Task != docket.Refund {
		return date, false
	}
	left := int(c.Due.Day - docket.DayOf(in.Now(), in.zone(c)))
	switch {
	case left < 0:
		return v.Plural("inbox.due.over", -left, named("date", date)), true
	case left == 0:
		return v.Text("inbox.due.today", named("date", date)), false
	}
	return v.Plural("inbox.due.in", left, named("date", date)), false
}
