package inbox

import (
	"net/url"
	"testing"

	"recourse/day"
	"recourse/intake/docket"
)

// TestFilterIsItsAddress: what a filter shows is all in its address.
func TestFilterIsItsAddress(t *testing.T) {
	shops := []string{"amber", "birch"}
	for _, f := range []filter{
		{Page: 1}, {Show: everything, Page: 3}, {Show: "answered", Form: "complaint", Due: overdue, Shop: "birch", Mail: true, Search: "a&b = ü", Page: 2},
	} {
		u, err := url.Parse(f.at(f.Page))
		if err != nil {
			t.Fatal(err)
		}
		got := readFilter(u.Query(), shops)
		if got.Page = max(got.Page, 1); got != f {
			t.Errorf("%+v came back from %s as %+v", f, u, got)
		}
	}
}

func TestFilterAsksOnlyForWhatTheUserSees(t *testing.T) {
	today := day.Of(2026, 11, 20)
	q := readFilter(url.Values{"shop": {"birch"}}, []string{"amber"}).query([]string{"amber"}, today)
	if len(q.Shops) != 1 || q.Shops[0] != "amber" {
		t.Errorf("a shop the user may not see is asked for: %v", q.Shops)
	}
	if q := readFilter(url.Values{}, []string{}).query([]string{}, today); q.Shops == nil {
		t.Error("who may see no shop asks for all")
	}
	q = filter{Due: week}.query(nil, today)
	if q.DueBy != int(today+6) || len(q.States) != 3 || q.All || q.Suspect {
		t.Errorf("a week of open cases is %+v", q)
	}
	if q := (filter{Show: quarantine, Mail: true}).query(nil, today); !q.Suspect || q.All {
		t.Errorf("the quarantine is %+v", q)
	}
	if f := readFilter(url.Values{"show": {string(docket.Closed)}, "page": {"99999999999999999999"}}, nil); f.Show != "closed" {
		t.Errorf("%+v", f)
	}
}
