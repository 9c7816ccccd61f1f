package intake

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"path"
	"strings"
	"testing"
)

// Letters lead to cases: whoever has to log in first gets to the case afterwards, also at the second try.
func TestLoginLeadsToTheCase(t *testing.T) {
	d := open(t, t.TempDir())
	asked := d.ask("GET", "/inbox/cases/4K7Q-2M3X-9TR", "")
	login := path.Join("/inbox/cases", asked.Header().Get("Location"))
	if want := "/inbox/login?case=4K7Q-2M3X-9TR"; login != want {
		t.Fatalf("sent on to %q, want %q", login, want)
	}
	const field = `<input type="hidden" name="case" value="4K7Q-2M3X-9TR">`
	again := d.enter("4K7Q-2M3X-9TR", "wrong")
	for name, w := range map[string]*httptest.ResponseRecorder{"login": d.ask("GET", login, ""), "second try": again} {
		if !strings.Contains(w.Body.String(), field) {
			t.Errorf("%s: the page has lost the case", name)
		}
	}
	for given, want := range map[string]string{"4K7Q-2M3X-9TR": "cases/4K7Q-2M3X-9TR", "": "./", "//evil.example/x": "cases/%2F%2Fevil.example%2Fx"} {
		if w := d.enter(given, password); w.Code != http.StatusSeeOther || w.Header().Get("Location") != want {
			t.Errorf("%q leads to %q, want %q", given, w.Header().Get("Location"), want)
		}
	}
}

func (d *desk) enter(reference, password string) *httptest.ResponseRecorder {
	return d.form("/inbox/login", url.Values{"login": {"owner"}, "password": {password}, "case": {reference}})
}
