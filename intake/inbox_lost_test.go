package intake

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"recourse/intake/docket"
)

// A session that has ended takes nobody's words with it.
func TestWordsOutliveTheSession(t *testing.T) {
	d := open(t, t.TempDir())
	d.post(withdrawal(t, uuid.NewString()))
	reference := d.cases(t)[0].Reference
	form := url.Values{"answer": {"Dear Anna,\n<b>we</b> refund"}, "note": {"Ask the warehouse"}}
	r := httptest.NewRequest("POST", "/inbox/cases/"+reference+"/answer", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	page := w.Body.String()
	for _, want := range []string{"You are no longer logged in", "Dear Anna,\n&lt;b&gt;we&lt;/b&gt; refund", "Ask the warehouse", "login?case=" + reference} {
		if w.Code != http.StatusUnauthorized || !strings.Contains(page, want) {
			t.Errorf("status %d; the page lacks %q:\n%s", w.Code, want, page)
		}
	}
	if messages, err := d.store.Messages(t.Context(), d.cases(t)[0].ID); err != nil || len(messages) != 0 {
		t.Errorf("without a session %v was stored, %v", messages, err)
	}
}

// Whoever's address a spammer has used hears nothing when the trader closes the case.
func TestSpamIsClosedInSilence(t *testing.T) {
	d := open(t, t.TempDir())
	d.post(withdrawal(t, uuid.NewString()))
	c := d.cases(t)[0]
	must(t, d.store.Mark(t.Context(), c, true, "owner", d.now))
	cookie := d.login(t)
	if w := d.form("/inbox/cases/"+c.Reference+"/state", url.Values{"state": {"closed"}, "outcome": {"other"}}, cookie); w.Code != http.StatusSeeOther {
		t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	letters, err := d.store.Letters(t.Context(), c.ID)
	must(t, err)
	for _, l := range letters {
		if l.Kind == docket.Reply {
			t.Errorf("a letter is written: %+v", l)
		}
	}
}
