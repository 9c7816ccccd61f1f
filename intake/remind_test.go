package intake

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"recourse/intake/docket"
	"recourse/intake/mail"
)

// TestReminders goes through the days of a case that is due on 4 December, in Berlin: each reminder is posted once, on its day, whichever of
// two servers looks first.
func TestReminders(t *testing.T) {
	d := open(t, t.TempDir())
	if w := d.post(body(t, uuid.NewString(), "complaint", map[string]string{"name": "Anna", "email": "anna@example.org", "reason": "late", "description": "Where is it?"})); w.Code != http.StatusCreated {
		t.Fatal(w.Body)
	}
	other, err := New(d.config)
	must(t, err)
	look := func(at string) {
		t.Helper()
		now, err := time.Parse(time.RFC3339, at)
		must(t, err)
		d.now = now
		var both sync.WaitGroup
		for _, s := range []*Server{d.Server, other, d.Server} {
			both.Go(func() {
				if err := s.remindAll(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		both.Wait()
	}
	for _, step := range []struct{ at, want string }{
		{"2026-11-20T12:00:00Z", ""},
		{"2026-11-30T22:59:00Z", ""}, // still four days in Berlin
		{"2026-11-30T23:01:00Z", "due-3"},
		{"2026-12-02T12:00:00Z", "due-3"},
		{"2026-12-03T23:01:00Z", "due-0 due-3"},
		{"2026-12-04T22:59:00Z", "due-0 due-3"},
		{"2026-12-04T23:01:00Z", "due-0 due-3 overdue"},
		{"2026-12-24T12:00:00Z", "due-0 due-3 overdue"},
	} {
		look(step.at)
		if got := d.reminders(t); got != step.want {
			t.Fatalf("at %s: reminders %q, want %q", step.at, got, step.want)
		}
	}
	d.now = d.now.Add(time.Minute)
	letters := d.outgoing(t)
	for event, want := range map[string]string{"due-3": "is due in 3 days", "due-0": "is due today", "overdue": "was due yesterday"} {
		if len(letters[event]) != 1 {
			t.Errorf("%s went out %d times", event, len(letters[event]))
			continue
		}
		m := letters[event][0]
		text := parts(t, m)["text/plain"]
		if !strings.Contains(text, want) || !strings.Contains(text, "Answer due by 4 December 2026 (art. 7a ustawy o prawach konsumenta)") || !strings.Contains(text, "https://shop.example/legal/inbox/cases/") {
			t.Errorf("%s says\n%s", event, text)
		}
		if to := m.Header.Get("To"); to != "<service@shop.example>" {
			t.Errorf("%s goes to %s", event, to)
		}
	}
}

// TestReminderAfterAPause: a case whose earlier reminders nobody posted gets the one that is true, not all of them.
func TestReminderAfterAPause(t *testing.T) {
	d := open(t, t.TempDir())
	d.post(withdrawal(t, uuid.NewString()))
	answered := d.cases(t)[0] // a refund is due until the case is closed
	must(t, d.store.Change(t.Context(), answered, docket.Answered, "", "owner", d.now, nil))
	d.now = d.now.AddDate(0, 0, 20)
	must(t, d.remindAll(t.Context()))
	if got := d.reminders(t); got != mail.Overdue {
		t.Errorf("reminders %q, want %q", got, mail.Overdue)
	}
}

// TestNoReminders: of what is closed, and of what was put apart.
func TestNoReminders(t *testing.T) {
	d := open(t, t.TempDir())
	d.post(withdrawal(t, uuid.NewString()))
	d.post(withdrawal(t, uuid.NewString()))
	must(t, d.store.Change(t.Context(), d.cases(t)[0], docket.Closed, "accepted", "owner", d.now, nil))
	must(t, d.store.Mark(t.Context(), d.cases(t)[0], true, "owner", d.now))
	d.now = d.now.AddDate(0, 0, 14)
	must(t, d.remindAll(t.Context()))
	if got := d.reminders(t); got != "" {
		t.Errorf("reminders %q", got)
	}
}

// reminders are the names of all that were posted, sorted; one that was posted twice is there twice.
func (d *desk) reminders(t *testing.T) string {
	t.Helper()
	var names []string
	for _, c := range d.cases(t) {
		letters, err := d.store.Letters(t.Context(), c.ID)
		must(t, err)
		for _, l := range letters {
			if l.Kind == docket.Reminder {
				names = append(names, l.Event)
			}
		}
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

// TestLettersOfTheInbox: what the trader does in the inbox arrives in the consumer's words, once.
func TestLettersOfTheInbox(t *testing.T) {
	d := open(t, t.TempDir())
	d.post(body(t, uuid.NewString(), "complaint", map[string]string{"name": "Anna", "email": "anna@example.org", "reason": "late", "description": "Where is it?"}))
	c := d.cases(t)[0]
	cookie := d.login(t)
	page := "/inbox/cases/" + c.Reference
	for _, press := range []string{
		page + "/proposals remedy=refund&proposal=All+of+it",
		page + "/notes note=hush",
		page + "/state state=closed&outcome=partly&answer=Half+of+it",
	} {
		path, form, _ := strings.Cut(press, " ")
		if w := d.ask("POST", path, form, "Content-Type: application/x-www-form-urlencoded", "Cookie: "+cookie.Name+"="+cookie.Value); w.Code != http.StatusSeeOther {
			t.Fatalf("%s: %d %s", path, w.Code, w.Body)
		}
	}
	d.now = d.now.Add(time.Minute)
	letters := d.outgoing(t)
	for kind, wants := range map[string][]string{
		"proposal": {"Remedy: Refund", "All of it", "/status/", "#proposal-1"},
		"closed":   {"closed your case", "Outcome: Accepted in part", "Half of it", "Universalschlichtungsstelle", "say how it went"},
	} {
		if len(letters[kind]) != 1 {
			t.Errorf("%d letters %q of %v", len(letters[kind]), kind, slices.Collect(maps.Keys(letters)))
			continue
		}
		text := parts(t, letters[kind][0])["text/plain"]
		for _, want := range wants {
			if !strings.Contains(text, want) {
				t.Errorf("the letter %q lacks %q:\n%s", kind, want, text)
			}
		}
		if strings.Contains(text, "hush") {
			t.Errorf("the letter %q tells a note", kind)
		}
	}
}
