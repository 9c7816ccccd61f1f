package inbox

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"recourse/day"
	"recourse/form"
	"recourse/intake/docket"
)

// filter is which cases a list shows. All of it is in the address, so that a list can be kept as a bookmark and passed on.
type filter struct {
	Show   string // a state, everything or quarantine; empty: open cases
	Form   form.Kind
	Due    string // overdue or week; empty: any
	Shop   string // empty: all the user may see
	Mail   bool   // only with a letter that could not be delivered
	Search string
	Page   int // from 1
}

const (
	everything = "all"
	quarantine = "quarantine"
	overdue    = "overdue"
	week       = "week"
)

var kinds = []form.Kind{form.Withdrawal, form.Complaint}

// maxSearch is as much as is searched for, in bytes.
const maxSearch = 200

// readFilter takes a filter from an address; what makes no sense is left out.
func readFilter(q url.Values, shops []string) filter {
	f := filter{Mail: q.Get("mail") != "", Search: strings.ToValidUTF8(strings.TrimSpace(q.Get("q")), "")}
	f.Search = strings.ToValidUTF8(f.Search[:min(len(f.Search), maxSearch)], "")
	if show := q.Get("show"); show == everything || show == quarantine || slices.Contains(docket.States, docket.State(show)) {
		f.Show = show
	}
	if kind := form.Kind(q.Get("form")); slices.Contains(kinds, kind) {
		f.Form = kind
	}
	if due := q.Get("due"); due == overdue || due == week {
		f.Due = due
	}
	if slices.Contains(shops, q.Get("shop")) {
		f.Shop = q.Get("shop")
	}
	f.Page, _ = strconv.Atoi(q.Get("page"))
	return f
}

func (f filter) query(shops []string, today day.Day) docket.Query {
	q := docket.Query{Shops: shops, Form: string(f.Form), Search: f.Search, Mail: f.Mail, All: f.Mail}
	if f.Shop != "" {
		q.Shops = []string{f.Shop}
	}
	switch f.Show {
	case everything:
		q.All = true
	case quarantine:
		q.Suspect, q.All = true, false
	case "":
		q.States = []docket.State{docket.New, docket.InProgress, docket.Answered}
	default:
		q.States = []docket.State{docket.State(f.Show)}
	}
	switch f.Due {
	case overdue:
		q.DueBy = int(today - 1)
	case week:
		q.DueBy = int(today + 6)
	}
	return q
}

// at is the address of a page of the filter, seen from the list.
func (f filter) at(page int) string {
	q := url.Values{}
	for name, value := range map[string]string{"show": f.Show, "form": string(f.Form), "due": f.Due, "shop": f.Shop, "q": f.Search} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if f.Mail {
		q.Set("mail", "failed")
	}
	if page > 1 {
		q.Set("page", strconv.Itoa(page))
	}
	return "?" + q.Encode()
}

// narrowed tells whether the filter shows less than all open cases.
func (f filter) narrowed() bool {
	f.Page = 0
	return f != filter{}
}

// what the record of who has looked calls the list, and by which name: never by what was searched for.
func (f filter) what() string {
	if f.Search != "" {
		return "search"
	}
	return "list"
}

func (f filter) name() string {
	if f.Show == "" {
		return "open"
	}
	return f.Show
}
