package intake

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"recourse/form"
	"recourse/intake/docket"
)

// Checking a password takes a while; guesses that arrive meanwhile must not all be looked at.
func TestSEC45_GuessesSentAtOnceAreLimited(t *testing.T) {
	d := open(t, t.TempDir())
	codes := make([]int, 40)
	var wait sync.WaitGroup
	for i := range codes {
		wait.Go(func() { codes[i] = d.guess("wrong") })
	}
	wait.Wait()
	looked := 0
	for _, code := range codes {
		if code == http.StatusUnauthorized {
			looked++
		}
	}
	if looked != 5 {
		t.Errorf("%d of %d guesses were looked at; want 5", looked, len(codes))
	}
	if code := d.guess(password); code != http.StatusTooManyRequests {
		t.Errorf("the guess after that has status %d", code)
	}
}

func (d *desk) guess(password string) int {
	r := httptest.NewRequest("POST", "/inbox/login", strings.NewReader("login=owner&password="+strings.ReplaceAll(password, " ", "+")))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	return w.Code
}

// The letters to a mailbox are counted, so writing its domain in other ways must not make it another mailbox.
func TestSEC17_OneMailboxHasOneSpelling(t *testing.T) {
	d := open(t, t.TempDir())
	for _, email := range []string{"victim@example.org", "VICTIM@Example.org", "victim@\uff45xample.org", "victim@e\uff58ample.org", "victim@\uff45\uff58ample.org"} {
		w := d.post(body(t, uuid.NewString(), "withdrawal", map[string]string{"name": "A", "contract": "1", "email": email}))
		if w.Code != http.StatusCreated {
			t.Fatalf("%q: status %d: %s", email, w.Code, w.Body)
		}
	}
	due, err := d.store.Claim(t.Context(), noon.Add(time.Minute), noon.Add(2*time.Minute), 100)
	must(t, err)
	toVictim := 0
	for _, l := range due {
		if l.Kind == docket.Acknowledgement {
			toVictim++
		}
	}
	if toVictim != 3 {
		t.Errorf("%d acknowledgements go to one mailbox at once; want 3", toVictim)
	}
}

// The locale decides whose law applies; a sender may not pick that of a country the shop does not sell to.
func TestLocaleNobodyServes(t *testing.T) {
	d := open(t, t.TempDir())
	for _, locale := range []string{"en-US", "en-FR", "en-ZZ", "xx-DE", ""} {
		text := strings.Replace(withdrawal(t, uuid.NewString()), `"en-PL"`, `"`+locale+`"`, 1)
		if w := d.post(text); w.Code != http.StatusCreated {
			t.Errorf("locale %q: status %d: %s", locale, w.Code, w.Body)
		}
	}
	for _, c := range d.cases(t) {
		if c.Locale != "en-DE" || c.Due.Task != docket.Refund {
			t.Errorf("a case has locale %q and is due for %q", c.Locale, c.Due.Task)
		}
	}
}

// Markets come and go; the pages of cases from a market that is gone must stay.
func TestStatusOfACaseFromAnUnknownCountry(t *testing.T) {
	d := open(t, t.TempDir())
	c := docket.Case{Shop: "amber", Submission: uuid.NewString(), Reference: docket.NewReference(), Form: form.Complaint, Locale: "en-US",
		Values: map[string]string{"name": "A", "email": "a@example.org"}, Received: noon, State: docket.New}
	_, _, err := d.store.Submit(t.Context(), c, nil)
	must(t, err)
	for _, path := range []string{"/receipts/" + d.receiptToken(c), "/receipts/" + d.receiptToken(c) + "/receipt.txt", "/status/" + d.statusToken(c)} {
		if w := d.get(path); w.Code != http.StatusOK {
			t.Errorf("%s: status %d", path, w.Code)
		}
	}
	if page := d.get("/status/" + d.statusToken(c)).Body.String(); !strings.Contains(page, `href="https://shop.example/legal/en-DE/disputes/"`) {
		t.Errorf("the page on disputes is not one the shop has:\n%s", page)
	}
}

// What has arrived whole counts, even when its sender does not wait for the answer.
func TestSenderWhoGoesAwayIsHeard(t *testing.T) {
	d := open(t, t.TempDir())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := httptest.NewRequest("POST", "/api/v1/submissions", strings.NewReader(withdrawal(t, uuid.NewString()))).WithContext(ctx)
	r.Header.Set("Content-Type", "application/json")
	d.ServeHTTP(httptest.NewRecorder(), r)
	if n := len(d.cases(t)); n != 1 {
		t.Errorf("%d cases are stored; want 1", n)
	}
}

func TestKeyIsDrawnOnce(t *testing.T) {
	dir := t.TempDir()
	key, err := Key(dir + "/key")
	must(t, err)
	again, err := Key(dir + "/key")
	if err != nil || string(again) != string(key) {
		t.Errorf("the second start has another key, %v", err)
	}
	entries, err := os.ReadDir(dir)
	must(t, err)
	info, err := os.Stat(dir + "/key")
	if err != nil || len(entries) != 1 || info.Mode().Perm() != 0o600 {
		t.Errorf("the folder holds %v, the key has mode %v, %v", entries, info.Mode(), err)
	}
}
