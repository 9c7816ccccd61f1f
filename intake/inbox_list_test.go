package intake

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"recourse/intake/docket"
	"recourse/intake/wording"
	"recourse/law"
)

func (d *desk) page(t *testing.T, path string) string {
	t.Helper()
	cookie := d.login(t)
	w := d.get(path, cookie)
	if w.Code != 200 {
		t.Fatalf("%s: %d", path, w.Code)
	}
	return w.Body.String()
}

// TestListTurnsPages: the total is that of all pages, the most urgent case is on the first, and a page beyond the last is the last.
func TestListTurnsPages(t *testing.T) {
	d := open(t, t.TempDir(), silent)
	for range 51 {
		d.post(withdrawal(t, uuid.NewString()))
	}
	first := d.page(t, "/inbox/?form=withdrawal")
	for _, want := range []string{"51 cases. Page 1 of 2", `<a href="?form=withdrawal&amp;page=2" rel="next">`} {
		if !strings.Contains(first, want) {
			t.Errorf("the first page lacks %q", want)
		}
	}
	if n := strings.Count(first, `href="cases/`); n != 50 {
		t.Errorf("the first page has %d cases", n)
	}
	for _, page := range []string{"2", "3", "9999999999"} {
		last := d.page(t, "/inbox/?form=withdrawal&page="+page)
		if strings.Count(last, `href="cases/`) != 1 || !strings.Contains(last, `<a href="?form=withdrawal" rel="prev">`) || strings.Contains(last, `rel="next"`) {
			t.Errorf("page %s is not the last", page)
		}
	}
}

// TestOverdueIsWorded: not by colour alone, at the head of the list as well.
func TestOverdueIsWorded(t *testing.T) {
	d := open(t, t.TempDir())
	d.post(withdrawal(t, uuid.NewString()))
	d.now = d.now.AddDate(0, 0, 20)
	list := d.page(t, "/inbox/?due=overdue")
	for _, want := range []string{`<strong class="rc-badge rc-bad">4 December 2026: overdue by 6 days</strong>`, `<li class="rc-bad"><a href="?due=overdue">Overdue <strong>1</strong></a>`} {
		if !strings.Contains(list, want) {
			t.Errorf("the list lacks %q", want)
		}
	}
}

// TestLateSilenceIsSaid before somebody refuses what the law takes for accepted.
func TestLateSilenceIsSaid(t *testing.T) {
	d := open(t, t.TempDir())
	d.post(body(t, uuid.NewString(), "complaint", map[string]string{"name": "Ewa", "email": "ewa@example.org", "reason": "defective", "description": "x"}))
	c := d.cases(t)[0]
	if c.Due.Silence != law.SilenceAccepts {
		t.Fatalf("the case is %+v", c.Due)
	}
	const warning = `<p class="rc-notice rc-warn rc-across">The complaint counts as accepted.</p>`
	if page := d.page(t, "/inbox/cases/"+c.Reference); strings.Contains(page, warning) {
		t.Error("it is said before the date")
	}
	d.now = d.now.AddDate(0, 0, 20)
	if page := d.page(t, "/inbox/cases/"+c.Reference); !strings.Contains(page, warning) {
		t.Error("it is not said after the date")
	}
}

// TestTimelineTellsWhyMailFailed: a letter that was given up, and one that came back, stand in the timeline with the reason in words.
func TestTimelineTellsWhyMailFailed(t *testing.T) {
	d := open(t, t.TempDir())
	d.post(withdrawal(t, uuid.NewString()))
	c := d.cases(t)[0]
	letters, err := d.store.Letters(t.Context(), c.ID)
	must(t, err)
	l := letters[0]
	_, err = d.store.Bounce(t.Context(), l.MessageID, "5.2.2", d.now.Add(time.Hour))
	must(t, err)
	if page := d.page(t, "/inbox/?mail=failed"); !strings.Contains(page, c.Reference) || !strings.Contains(page, "Email could not be delivered") {
		t.Error("the list of undelivered mail lacks the case")
	}
	page := d.page(t, "/inbox/cases/"+c.Reference)
	for _, want := range []string{"Email came back: Acknowledgement of receipt", "The mailbox is full. (code 5.2.2) Reach the customer in another way."} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

// TestClosingAfterACrash: what was written before the server died goes out with the closing when the button is pressed again.
func TestClosingAfterACrash(t *testing.T) {
	d := open(t, t.TempDir())
	d.post(withdrawal(t, uuid.NewString()))
	c := d.cases(t)[0]
	nonce := uuid.New()
	refusal := wording.House{Law: d.config.Law, Locales: d.config.Locales}
	one := *d.config.Shops[0]
	v, err := refusal.Consumer(&one, c.Locale, d.now)
	must(t, err)
	text := strings.Join(append([]string{"No."}, refusal.Refusal(v, d.now)...), "\n\n")
	m := docket.Message{Side: docket.Trader, Author: "owner", Text: text, Nonce: uuid.NewSHA1(nonce, []byte("closing")).String(), Written: d.now}
	_, err = d.store.Write(t.Context(), c, m, nil)
	must(t, err)
	d.now = d.now.Add(time.Hour)
	cookie := d.login(t)
	form := fmt.Sprintf("nonce=%s&seen=1&state=closed&outcome=declined&answer=No.", nonce)
	if w := d.ask("POST", "/inbox/cases/"+c.Reference+"/state", form, "Content-Type: application/x-www-form-urlencoded", "Cookie: "+cookie.Name+"="+cookie.Value); w.Code != 303 {
		t.Fatal(w.Code, w.Body)
	}
	messages, err := d.store.Messages(t.Context(), c.ID)
	must(t, err)
	if len(messages) != 1 {
		t.Errorf("the case has %d messages", len(messages))
	}
	d.now = d.now.Add(time.Hour)
	closed := d.outgoing(t)["closed"]
	if len(closed) != 1 || !strings.Contains(parts(t, closed[0])["text/plain"], "No.") {
		t.Errorf("%d letters tell of the closing, or without what was written", len(closed))
	}
}
