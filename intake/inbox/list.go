package inbox

import (
	"net/http"
	"slices"
	"strconv"

	"recourse/day"
	"recourse/intake/docket"
	"recourse/intake/page"
	"recourse/intake/wording"
)

var listPage = page.Parse(pages, "pages/list.html")

type listData struct {
	page.Frame
	Filters []option
	Cases   []line
	Count   string
	More    string // address of the next page; empty on the last
}

type option struct {
	Value, Label string
	Chosen       bool
}

// line is a case in the list.
type line struct {
	Reference, Kind, Name, Received, Due, State string
	Overdue                                     bool
	Marks                                       []string
}

const perPage = 50

func (in *inbox) list(w http.ResponseWriter, r *http.Request) {
	show := r.URL.Query().Get("show")
	offset, _ := strconv.Atoi(r.URL.Query().Get("from"))
	offset = max(offset, 0)
	cases, err := in.Store.Cases(r.Context(), docket.Query{Shops: in.visible(in.me(r)), States: chosen(show), All: true, Limit: perPage + 1, Offset: offset})
	if err != nil {
		in.fail(w, r, err)
		return
	}
	v := in.own(r)
	data := listData{Frame: in.frame(r, v, v.Text("inbox.of")), Filters: filters(v, show)}
	if len(cases) > perPage {
		cases = cases[:perPage]
		data.More = "?show=" + filterName(show) + "&from=" + strconv.Itoa(offset+perPage)
	}
	for _, c := range cases {
		data.Cases = append(data.Cases, in.line(v, c))
	}
	if !in.viewedList(w, r, cases, "list", filterName(show)) {
		return
	}
	data.Count = v.Plural("inbox.list.count", len(cases))
	in.write(w, http.StatusOK, listPage, data)
}

// filterName is one of the filters, whatever was asked for.
func filterName(show string) string {
	if show == "all" || slices.Contains(docket.States, docket.State(show)) {
		return show
	}
	return "open"
}

// chosen are the states a filter shows; none means all.
func chosen(show string) []docket.State {
	switch name := filterName(show); name {
	case "all":
		return nil
	case "open":
		return []docket.State{docket.New, docket.InProgress, docket.Answered}
	default:
		return []docket.State{docket.State(name)}
	}
}

func filters(v wording.Voice, show string) []option {
	name := filterName(show)
	all := []option{
		{"open", v.Text("inbox.list.filter.open"), name == "open"},
		{"all", v.Text("inbox.list.filter.all"), name == "all"},
	}
	for _, s := range docket.States {
		all = append(all, option{string(s), v.Text("inbox.state." + string(s)), name == string(s)})
	}
	return all
}

func (in *inbox) line(v wording.Voice, c docket.Case) line {
	due, overdue := in.due(v, c)
	l := line{
		Reference: c.Reference, Kind: v.Text("inbox.kind." + string(c.Form)), Name: c.Values["name"],
		Received: v.Moment(c.Received), Due: due, Overdue: overdue, State: v.Text("inbox.state." + string(c.State)),
	}
	for _, mark := range []struct {
		is  bool
		key string
	}{{c.Suspect, "suspect"}, {c.Repeat, "repeat"}, {c.Undelivered, "mail"}} {
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
