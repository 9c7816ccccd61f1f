package docket

import (
	"slices"
	"strings"
	"testing"
	"time"

	"recourse/day"
	"recourse/form"
	"recourse/law"
	"recourse/shop"
)

func TestSEC43_References(t *testing.T) {
	seen := make(map[string]bool)
	for range 2000 {
		r := NewReference()
		if seen[r] {
			t.Fatalf("%s was drawn twice", r)
		}
		seen[r] = true
		for _, typed := range []string{r, strings.ToLower(r), strings.ReplaceAll(r, "-", ""), " " + strings.ReplaceAll(r, "-", " "),
			strings.ReplaceAll(strings.ReplaceAll(r, "0", "o"), "1", "l")} {
			if got, ok := ParseReference(typed); !ok || got != r {
				t.Fatalf("ParseReference(%q) = %q, %v; want %q", typed, got, ok, r)
			}
		}
		wrong := []byte(r)
		wrong[2] = digits[(strings.IndexByte(digits, wrong[2])+1)%32]
		if _, ok := ParseReference(string(wrong)); ok {
			t.Fatalf("%s with another symbol, %s, passes", r, wrong)
		}
	}
	for _, typed := range []string{"", "4K7Q", "4K7Q-2M3X-9T*", "4K7Q-2M3X-9TRR", "4K7Q-2M3X-9Té"} {
		if _, ok := ParseReference(typed); ok {
			t.Errorf("%q passes as a reference", typed)
		}
	}
}

func TestSEC44_Tokens(t *testing.T) {
	const one, two = "0b5c6c1e-9a4c-4a54-8a57-1f1d2a3b4c5d", "0b5c6c1e-9a4c-4a54-8a57-1f1d2a3b4c5e"
	key, other := []byte(strings.Repeat("k", 32)), []byte(strings.Repeat("l", 32))
	token := Token(key, Receipt, "amber", one)
	if token != Token(key, Receipt, "amber", one) {
		t.Error("the same submission gets another token")
	}
	if got, ok := TokenSubmission(token); !ok || got != one {
		t.Errorf("the token names %q", got)
	}
	for about, differs := range map[string]string{
		"another purpose":    Token(key, Status, "amber", one),
		"another shop":       Token(key, Receipt, "ambe", one),
		"another submission": Token(key, Receipt, "amber", two),
		"another key":        Token(other, Receipt, "amber", one),
	} {
		same := 0
		for i := 22; i < len(token); i++ { // what proves it begins after the submission: 128 bits
			if token[i] == differs[i] {
				same++
			}
		}
		if differs == token || same > 10 {
			t.Errorf("%s gives the same token, or nearly", about)
		}
	}
	for _, typed := range []string{"", token[1:], token + "A", token[:42] + "_", "a" + token, strings.Repeat("!", 43)} {
		if got, ok := TokenSubmission(typed); ok {
			t.Errorf("%q names the submission %s", typed, got)
		}
	}
}

func TestDigest(t *testing.T) {
	base := Case{Form: form.Complaint, Locale: "en-DE", Values: map[string]string{"name": "ab", "product": "c"}, Files: []File{{Name: "a", Sum: "1"}}}
	same := base
	same.Values = map[string]string{"product": "c", "name": "ab", "contract": ""}
	same.Page, same.Files = "https://x.example", []File{{ID: "other", Name: "a", Sum: "1"}}
	if Digest(base) != Digest(same) {
		t.Error("the same statement has two digests")
	}
	for about, change := range map[string]func(*Case){
		"form":     func(c *Case) { c.Form = form.Withdrawal },
		"locale":   func(c *Case) { c.Locale = "de-DE" },
		"a value":  func(c *Case) { c.Values = map[string]string{"name": "a", "product": "bc"} },
		"a file":   func(c *Case) { c.Files = []File{{Name: "a", Sum: "2"}} },
		"no file":  func(c *Case) { c.Files = nil },
		"two":      func(c *Case) { c.Files = append(c.Files, File{Name: "b", Sum: "1"}) },
		"no value": func(c *Case) { c.Values = nil },
	} {
		other := base
		change(&other)
		if Digest(other) == Digest(base) {
			t.Errorf("another statement (%s) has the same digest", about)
		}
	}
}

// codex is a law whose answers are given by the test.
type codex struct{ facts law.Facts }

func (c codex) At(country string, d day.Day) (law.Facts, error) {
	f := c.facts
	f.Country, f.Day = country, d
	return f, nil
}

// Deadline counts every day as one; how days are really counted is law's business.
func (c codex) Deadline(_ string, event day.Day, p law.Period) (day.Day, error) {
	return event + day.Day(p.N), nil
}

func TestDueFor(t *testing.T) {
	set := law.Rule{Status: law.Set, Statute: "§ 1"}
	clock := func(scope law.Scope) law.Facts {
		return law.Facts{EEA: true, Complaint: law.Clock{Rule: set, Period: law.Period{N: 30, Unit: law.CalendarDays}, Scope: scope, Silence: law.SilenceAccepts}}
	}
	received := day.Of(2026, 11, 20)
	none := Due{Day: day.Unknown}
	promised := Due{Day: received + 10, Task: Promise}
	lawful := Due{Day: received + 30, Task: Answer, Statute: "§ 1", Silence: law.SilenceAccepts}
	for _, c := range []struct {
		about   string
		facts   law.Facts
		kind    form.Kind
		reason  string
		promise int
		want    Due
	}{
		{"a withdrawal in the EEA", law.Facts{EEA: true}, form.Withdrawal, "", 10, Due{Day: received + 14, Task: Refund, Statute: refundStatute}},
		{"a withdrawal elsewhere", law.Facts{}, form.Withdrawal, "", 10, none},
		{"a law for all complaints", clock(law.ScopeAll), form.Complaint, "late", 10, lawful},
		{"a law for goods, about goods", clock(law.ScopeConformity), form.Complaint, "defective", 10, lawful},
		{"a law for goods, about an invoice", clock(law.ScopeConformity), form.Complaint, "billing", 10, promised},
		{"a law for the official book", clock(law.ScopeOfficial), form.Complaint, "late", 10, promised},
		{"a law nobody has verified", law.Facts{EEA: true, Complaint: law.Clock{Rule: law.Rule{Status: law.Unknown}}}, form.Complaint, "late", 10, promised},
		{"no law and no promise", law.Facts{EEA: true}, form.Complaint, "late", 0, none},
	} {
		s := &shop.Shop{Complaints: shop.Complaints{AnswerDays: c.promise}}
		got, err := DueFor(codex{c.facts}, s, c.kind, "XX", c.reason, received)
		if err != nil || got != c.want {
			t.Errorf("%s: got %+v, %v; want %+v", c.about, got, err, c.want)
		}
	}
}

func TestDayOfIsThatOfTheShop(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	late := time.Date(2026, 11, 20, 23, 30, 0, 0, time.UTC)
	if got := DayOf(late, berlin); got != day.Of(2026, 11, 21) {
		t.Errorf("half past midnight in Berlin is %v", got)
	}
}

// TestNextSlotTooLate: a flood in somebody's name does not queue letters for weeks.
func TestNextSlotTooLate(t *testing.T) {
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	full := slices.Repeat([]time.Time{now.Add(4*24*time.Hour + time.Minute)}, 10)
	if slot, soon := NextSlot(full, now); soon {
		t.Errorf("a letter may wait until %v", slot)
	}
}

func TestNextSlot(t *testing.T) {
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	ago := func(minutes ...int) (all []time.Time) {
		for _, m := range minutes {
			all = append(all, now.Add(-time.Duration(m)*time.Minute))
		}
		return all
	}
	for _, c := range []struct {
		about   string
		earlier []time.Time
		wait    time.Duration
	}{
		{"the first", nil, 0},
		{"the third in an hour", ago(50, 10), 0},
		{"the fourth in an hour", ago(50, 20, 10), 10 * time.Minute},
		{"the tenth in a day", ago(1400, 1300, 1200, 1100, 1000, 900, 800, 700, 600), 0},
		{"the eleventh in a day", ago(1400, 1300, 1200, 1100, 1000, 900, 800, 700, 600, 500), 40 * time.Minute},
		{"after three that wait", ago(-60, -60, -60), 120 * time.Minute},
		{"after ten that wait four days", ago(slices.Repeat([]int{-4 * 24 * 60}, 10)...), 5 * 24 * time.Hour},
	} {
		slot, soon := NextSlot(c.earlier, now)
		if got := slot.Sub(now); got != c.wait || !soon {
			t.Errorf("%s waits %v, soon %v; want %v", c.about, got, soon, c.wait)
		}
	}
}
