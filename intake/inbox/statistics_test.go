package inbox

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"recourse/content"
	"recourse/day"
	"recourse/form"
	"recourse/intake/docket"
	"recourse/intake/wording"
	"recourse/law"
	"recourse/locale"
	"recourse/shop"
)

// counted is a store of summaries.
type counted struct {
	Store
	all []docket.Summary
}

func (s counted) of(q docket.Query) (found []docket.Summary) {
	for _, m := range s.all {
		if slices.Contains(q.Shops, m.Shop) && (q.Form == "" || m.Form == q.Form) && (q.DueBy == 0 || m.DueDay <= q.DueBy && m.DueDay != int(day.Unknown) && m.Closed.IsZero()) {
			found = append(found, m)
		}
	}
	return found
}

func (s counted) Summaries(_ context.Context, q docket.Query, do func(docket.Summary) error) error {
	for _, m := range s.of(q) {
		if err := do(m); err != nil {
			return err
		}
	}
	return nil
}

func (s counted) Count(_ context.Context, q docket.Query) (int, error) { return len(s.of(q)), nil }

var statisticsNow = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

const hostileShop = `Amber "><script>alert(1)</script>{{.}}`

// openStatistics has two shops with summaries; what the user may see is a parameter of get.
func openStatistics(t *testing.T, all ...docket.Summary) *inbox {
	languages, err := locale.Load(content.FS)
	if err != nil {
		t.Fatal(err)
	}
	book, err := law.Load()
	if err != nil {
		t.Fatal(err)
	}
	in := &inbox{Config: Config{House: wording.House{Law: book, Locales: languages}, Store: counted{all: all}, Now: func() time.Time { return statisticsNow },
		Log: slog.New(slog.NewTextHandler(io.Discard, nil))}, shops: map[string]*shop.Shop{}}
	for id, name := range map[string]string{"amber": hostileShop, "birch": "Birch"} {
		in.shops[id] = &shop.Shop{ID: id, Name: name, Markets: shop.Markets{"DE": {"en"}}, Trader: shop.Trader{LegalName: name + " GmbH", Country: "DE"}}
	}
	in.Shops = []*shop.Shop{in.shops["amber"], in.shops["birch"]}
	in.Host = func(*http.Request) *shop.Shop { return in.shops["birch"] }
	return in
}

// get asks as a reader of shops.
func (in *inbox) get(t *testing.T, path string, shops ...string) *httptest.ResponseRecorder {
	t.Helper()
	roles := map[string]docket.Role{}
	for _, id := range shops {
		roles[id] = docket.Reader
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /statistics", in.showStatistics)
	mux.HandleFunc("GET /statistics/{file}", in.exportStatistics)
	r := httptest.NewRequest("GET", path, nil)
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), userKey{}, docket.User{ID: 1, Login: "eva", Roles: roles})))
	return w
}

// some cases of a shop, received on 10 November, due on the 24th.
func some(n int, shop, reason string, change func(*docket.Summary)) (all []docket.Summary) {
	received := time.Date(2026, 11, 10, 9, 30, 1, 0, time.UTC)
	for i := range n {
		m := docket.Summary{Reference: shop + "-SECRET-" + strconv.Itoa(i), Shop: shop, Form: string(form.Complaint), Reason: reason, Locale: "pl-PL",
			Received: received, DueDay: int(day.Of(2026, 11, 24)), State: docket.New}
		if change != nil {
			change(&m)
		}
		all = append(all, m)
	}
	return all
}

func answered(m *docket.Summary) { m.Answered = m.Received.Add(48 * time.Hour) }

func TestStatisticsAreOfTheShopsOfTheUser(t *testing.T) {
	in := openStatistics(t, append(some(7, "amber", "late", answered), some(13, "birch", "damaged", answered)...)...)
	for _, c := range []struct {
		path   string
		shops  []string
		status int
		has    string
		lacks  []string
	}{
		{"/statistics", []string{"amber"}, 200, "7 of 7 (100%)", []string{"Birch", "13 of", "of 20", "Damaged"}},
		{"/statistics", []string{"amber", "birch"}, 200, "20 of 20 (100%)", nil},
		{"/statistics?shop=birch", []string{"amber", "birch"}, 200, "13 of 13 (100%)", []string{"Delivered late"}},
		{"/statistics?shop=birch", []string{"amber"}, 404, "", []string{"Birch", "13 of"}},
		{"/statistics?shop=none", []string{"amber"}, 404, "", nil},
		{"/statistics?form=other", []string{"amber"}, 404, "", nil},
		{"/statistics?form=withdrawal", []string{"amber"}, 200, "No case was received", []string{"of 7"}},
		{"/statistics/cases.csv?shop=birch", []string{"amber"}, 404, "", []string{"birch"}},
		{"/statistics/cases.csv", []string{"amber"}, 200, `"amber"`, []string{"birch"}},
		{"/statistics/figures.json?shop=birch", []string{"amber"}, 404, "", []string{`"13"`}},
		{"/statistics/figures.json", []string{"amber"}, 200, `"value":"7"`, []string{"birch", `"13"`}},
		{"/statistics/figures.xls", []string{"amber"}, 404, "", nil},
		{"/statistics/cases.json?period=days", []string{"amber"}, 404, "", nil},
		{"/statistics", nil, 200, "No case was received", []string{"of 7", "13 of"}},
	} {
		w := in.get(t, c.path, c.shops...)
		body := w.Body.String()
		if w.Code != c.status || !strings.Contains(body, c.has) {
			t.Errorf("%s of %v is answered %d without %q", c.path, c.shops, w.Code, c.has)
		}
		main := body[max(strings.Index(body, "<main"), 0):]
		for _, not := range c.lacks {
			if strings.Contains(main, not) {
				t.Errorf("%s of %v tells %q", c.path, c.shops, not)
			}
		}
	}
}

func TestStatisticsOfHostileNames(t *testing.T) {
	in := openStatistics(t, append(some(3, "amber", `<img onerror="x">`, answered), some(1, "birch", "late", func(m *docket.Summary) { m.Locale = `"><b>` })...)...)
	body := in.get(t, "/statistics?period=days&from=2026-11-01&to=2026-11-30", "amber", "birch").Body.String()
	for _, not := range []string{"<script", "<img", "<b>", "{{"} {
		if strings.Contains(strings.ReplaceAll(body, "{{.}}", ""), not) {
			t.Errorf("the page has %q", not)
		}
	}
	if !strings.Contains(body, "&lt;script&gt;") || !strings.Contains(body, "&lt;img onerror=") {
		t.Error("the names are not told as they are")
	}
	problems := in.get(t, `/statistics?period=days&from="><script>&to=x`, "amber")
	if problems.Code != http.StatusUnprocessableEntity || strings.Contains(problems.Body.String(), "<script>") {
		t.Errorf("a hostile date is answered %d", problems.Code)
	}
}

// TestVerdicts: whether the shop is in time is the first thing the page says.
func TestVerdicts(t *testing.T) {
	late := func(m *docket.Summary) {
		m.DueDay, m.Answered = int(day.Of(2026, 11, 11)), m.Received.Add(96*time.Hour)
		m.Closed = m.Answered
	}
	overdue := func(m *docket.Summary) { m.DueDay = int(day.Of(2026, 11, 19)) }
	today := func(m *docket.Summary) { m.DueDay = int(day.Of(2026, 11, 20)) }
	old := func(m *docket.Summary) { overdue(m); m.Received = m.Received.AddDate(-1, 0, 0) }
	for _, c := range []struct {
		about string
		all   []docket.Summary
		class string
		has   []string
	}{
		{"all answered", some(5, "amber", "late", answered), "rc-good", []string{"Everything was in time", "5 of 5 (100%)"}},
		{"too few for a percentage", some(4, "amber", "late", answered), "rc-good", []string{"4 of 4</p>"}},
		{"nothing due yet", some(5, "amber", "late", nil), "rc-good", []string{"no due date has passed yet"}},
		{"due today", some(5, "amber", "late", today), "rc-good", []string{"no due date has passed yet"}},
		{"one late", append(some(5, "amber", "late", answered), some(1, "amber", "late", late)...), "rc-warn", []string{"1 case was late", "5 of 6 (83%)"}},
		{"overdue", append(some(9, "amber", "late", answered), some(2, "amber", "late", overdue)...), "rc-bad",
			[]string{"2 cases are overdue now", "9 of 11 (82%)", `href="./?due=overdue`}},
		{"overdue since last year", some(1, "amber", "late", old), "rc-bad", []string{"1 case is overdue now"}},
	} {
		body := openStatistics(t, c.all...).get(t, "/statistics", "amber").Body.String()
		for _, want := range append(c.has, `rc-note `+c.class+`"`) {
			if !strings.Contains(body, want) {
				t.Errorf("%s: the page lacks %q", c.about, want)
			}
		}
		if strings.Contains(c.about, "too few") && strings.Contains(body, "%)") {
			t.Errorf("%s: there is a percentage", c.about)
		}
	}
}

func TestEmptyStatistics(t *testing.T) {
	body := openStatistics(t).get(t, "/statistics", "amber").Body.String()
	if !strings.Contains(body, "No case was received, answered or closed in this period") || strings.Contains(body, "<figure") {
		t.Error("nothing is not told in words")
	}
	suspects := openStatistics(t, some(3, "amber", "late", func(m *docket.Summary) { m.Suspect, m.DueDay = true, int(day.Unknown) })...)
	if body := suspects.get(t, "/statistics", "amber").Body.String(); !strings.Contains(body, "3 cases received in this period are in quarantine") {
		t.Error("cases in quarantine are not told of")
	}
}

func TestPeriodsPeopleChoose(t *testing.T) {
	in := openStatistics(t, some(5, "amber", "late", answered)...)
	for query, want := range map[string]string{
		"":                 "22 October 2026 to 20 November 2026",
		"period=nonsense":  "22 October 2026 to 20 November 2026",
		"period=3-months":  "21 August 2026 to 20 November 2026",
		"period=12-months": "21 November 2025 to 20 November 2026",
		"period=days&from=2024-02-29&to=2026-11-20": "29 February 2024 to 20 November 2026",
		"period=days&from=3.11.2026&to=2026-11-03":  ">3 November 2026<",
		"period=days&from=2026-11-03&to=2026-11-02": "The last day must not be before the first",
		"period=days&from=2016-11-03&to=2026-11-20": "Choose a period of at most ten years",
		"period=days&from=2026-02-30&to=":           "Enter the first day of the period as a date",
		"period=days&from=2026-02-28":               "Enter the last day of the period as a date",
	} {
		w := in.get(t, "/statistics?"+query, "amber")
		wrong := strings.HasPrefix(want, "E") || strings.HasPrefix(want, "T") || strings.HasPrefix(want, "C")
		if !strings.Contains(w.Body.String(), want) || wrong != (w.Code == http.StatusUnprocessableEntity) {
			t.Errorf("%q is answered %d without %q", query, w.Code, want)
		}
	}
}

// TestSEC14_StatisticsFiles: no cell is a formula, and nothing in any file is about a person.
func TestSEC14_StatisticsFiles(t *testing.T) {
	in := openStatistics(t, append(some(2, "amber", `=HYPERLINK("x")`, answered), some(1, "birch", "+1", func(m *docket.Summary) {
		m.Closed, m.Outcome, m.Rating, m.State = m.Received.Add(14*time.Hour), "@SUM", 4, docket.Closed // half past midnight in Berlin
	})...)...)
	for _, file := range []string{"figures.csv", "cases.csv", "figures.json", "cases.json"} {
		w := in.get(t, "/statistics/"+file, "amber", "birch")
		body := w.Body.String()
		if strings.Contains(body, "SECRET") || strings.Contains(body, "09:30") {
			t.Errorf("%s names a case or a moment:\n%s", file, body)
		}
		if d := w.Header().Get("Content-Disposition"); d != `attachment; filename="recourse-2026-10-22-2026-11-20-`+file+`"` {
			t.Errorf("%s is called %s", file, d)
		}
		if strings.HasSuffix(file, ".csv") {
			noFormula(t, file, body)
		} else if !json.Valid([]byte(body)) {
			t.Errorf("%s is no JSON:\n%s", file, body)
		}
	}
	cases := in.get(t, "/statistics/cases.csv", "amber", "birch").Body.String()
	if want := `"birch","complaint","'+1","pl-PL","2026-11-10","2026-11-24","","2026-11-11","closed","'@SUM","4","no"`; !strings.Contains(cases, want+"\r\n") {
		t.Errorf("a case is told as\n%s\nwant\n%s", cases, want)
	}
	if empty := openStatistics(t).get(t, "/statistics/cases.json", "amber").Body.String(); strings.Join(strings.Fields(empty), "") != "[]" {
		t.Errorf("no cases are %q", empty)
	}
}

func noFormula(t *testing.T, file, body string) {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(body, "\ufeff"))).ReadAll()
	if err != nil || len(rows) < 2 {
		t.Fatalf("%s: %d rows, %v", file, len(rows), err)
	}
	for _, cell := range slices.Concat(rows...) {
		if cell != "" && strings.ContainsRune("=+-@", rune(cell[0])) {
			t.Errorf("%s has the formula %q", file, cell)
		}
	}
}
