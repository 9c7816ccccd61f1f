package inbox

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"time"

	"recourse/day"
	"recourse/form"
	"recourse/intake/docket"
	"recourse/intake/figures"
	"recourse/intake/wording"
)

// Counting is what statistics ask of the store.
type Counting interface {
	Summaries(ctx context.Context, q docket.Query, do func(docket.Summary) error) error
}

// choice is what somebody wants figures of. It lives in the address, so that a page can be kept and sent to a colleague.
type choice struct {
	figures.Period
	Name       string // one of periods
	From, To   string // as typed, of the period "days"
	Shop, Form string // empty: all
	shops      []string
}

// periods people can choose; the first without choosing.
var periods = []string{"30-days", "3-months", "12-months", "days"}

// longestPeriod keeps the plots readable, in days.
const longestPeriod = 3660

// choose reads the address. It says false for a shop the user may not see and for a form there is none of.
func (in *inbox) choose(r *http.Request, v wording.Voice) (c choice, problems []problem, ok bool) {
	q := r.URL.Query()
	c = choice{Name: q.Get("period"), Shop: q.Get("shop"), Form: q.Get("form"), shops: in.visible(in.me(r))}
	if !slices.Contains(periods, c.Name) {
		c.Name = periods[0]
	}
	if c.Shop != "" {
		if !slices.Contains(c.shops, c.Shop) {
			return c, nil, false
		}
		c.shops = []string{c.Shop}
	}
	if c.Form != "" && c.Form != string(form.Withdrawal) && c.Form != string(form.Complaint) {
		return c, nil, false
	}
	today := docket.DayOf(in.Now(), v.Shop.Location())
	if c.Name == "days" {
		c.From, c.To = q.Get("from"), q.Get("to")
		problems = c.typed(v, today)
	} else {
		c.Period = recent(c.Name, today)
	}
	return c, problems, true
}

// recent is a period that ends today.
func recent(name string, today day.Day) figures.Period {
	switch name {
	case "3-months":
		return figures.Period{First: today.AddMonths(-3) + 1, Last: today}
	case "12-months":
		return figures.Period{First: today.AddMonths(-12) + 1, Last: today}
	}
	return figures.Period{First: today - 29, Last: today}
}

// typed reads the days somebody has typed, in any form the forms of visitors take. With problems, the period is the last 30 days.
func (c *choice) typed(v wording.Voice, today day.Day) (problems []problem) {
	first, fault := form.ParseDate(form.Clean(form.Line, c.From), v.Months())
	if fault != form.OK || c.From == "" {
		problems = append(problems, problem{"from", v.Text("statistics.wrong.from")})
	}
	last, fault := form.ParseDate(form.Clean(form.Line, c.To), v.Months())
	if fault != form.OK || c.To == "" {
		problems = append(problems, problem{"to", v.Text("statistics.wrong.to")})
	}
	switch {
	case problems != nil:
	case last < first:
		problems = append(problems, problem{"to", v.Text("statistics.wrong.order")})
	case last-first >= longestPeriod:
		problems = append(problems, problem{"to", v.Text("statistics.wrong.long")})
	default:
		c.Period = figures.Period{First: first, Last: last}
		return nil
	}
	c.Period = recent(periods[0], today)
	return problems
}

// query repeats the choice in an address.
func (c choice) query() string {
	q := url.Values{"period": {c.Name}}
	for name, value := range map[string]string{"from": c.From, "to": c.To, "shop": c.Shop, "form": c.Form} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return "?" + q.Encode()
}

// widest is the most a clock on earth is before or behind that of Greenwich.
const widest = 14 * time.Hour

// summaries hands all cases to do that the period may concern, whatever the zone of their shop.
func (in *inbox) summaries(ctx context.Context, c choice, do func(docket.Summary)) error {
	q := docket.Query{Shops: c.shops, Form: c.Form, All: true, Since: midnight(c.First).Add(-widest), Until: midnight(c.Last + 1).Add(widest)}
	return in.Store.Summaries(ctx, q, func(m docket.Summary) error {
		do(m)
		return nil
	})
}

func midnight(d day.Day) time.Time {
	year, month, dom := d.Date()
	return time.Date(year, time.Month(month), dom, 0, 0, 0, 0, time.UTC)
}

func (in *inbox) counter(c choice) *figures.Counter {
	zones := make(map[string]*time.Location, len(c.shops))
	for _, id := range c.shops {
		zones[id] = in.shops[id].Location()
	}
	return figures.New(c.Period, func(shop string) *time.Location { return zones[shop] }, in.Now())
}

func (in *inbox) figures(ctx context.Context, c choice) (figures.Figures, error) {
	counter := in.counter(c)
	err := in.summaries(ctx, c, counter.Add)
	return counter.Figures(), err
}

// overdue counts the cases that wait beyond their date now, whenever they were received: what the list shows in red.
func (in *inbox) overdue(ctx context.Context, c choice) (total int, err error) {
	days := make(map[day.Day][]string) // it may be another day in another shop
	for _, id := range c.shops {
		today := docket.DayOf(in.Now(), in.shops[id].Location())
		days[today] = append(days[today], id)
	}
	for _, today := range slices.Sorted(maps.Keys(days)) {
		n, err := in.Store.Count(ctx, docket.Query{Shops: days[today], Form: c.Form, DueBy: int(today - 1)})
		if err != nil {
			return 0, err
		}
		total += n
	}
	return total, nil
}

// showStatistics is for everybody who may see a shop: nothing in it is about a person, so that no view is recorded.
func (in *inbox) showStatistics(w http.ResponseWriter, r *http.Request) {
	v := in.own(r)
	c, problems, ok := in.choose(r, v)
	if !ok {
		in.nothing(w, r)
		return
	}
	data := statisticsData{Frame: in.frame(r, v, v.Text("statistics.title")), chosen: c, Problems: problems}
	data.options(in, v, in.visible(in.me(r)))
	status := http.StatusUnprocessableEntity
	if len(problems) == 0 {
		status = http.StatusOK
		f, err := in.figures(r.Context(), c)
		overdue := 0
		if err == nil {
			overdue, err = in.overdue(r.Context(), c)
		}
		if err != nil {
			in.fail(w, r, err)
			return
		}
		statistician{v, in, c}.tell(&data, f, overdue)
	}
	data.Failed = len(problems) > 0
	in.write(w, status, statisticsPage, data)
}
