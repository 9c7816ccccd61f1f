package publish

import (
	"net/http/httptest"
	"testing"
	"testing/fstest"
)

var dist = fstest.MapFS{
	"index.html":                         {Data: []byte("<!doctype html>")},
	"recourse.js":                        {Data: []byte("1")},
	"assets/rules.0123456789abcdef.wasm": {Data: []byte("\x00asm")},
	"de-DE/complaint.nz6pnexq.json":      {Data: []byte("{}")},
	"de-DE/returns/index.html":           {Data: []byte("<!doctype html>")},
}

func TestHeaders(t *testing.T) {
	const forever, short = "public, max-age=31536000, immutable", "public, max-age=300"
	for _, c := range []struct {
		path, kind, cache string
		shared, policy    bool
	}{
		{"/", "text/html; charset=utf-8", short, false, true},
		{"/de-DE/returns/", "text/html; charset=utf-8", short, false, true},
		{"/recourse.js", "text/javascript; charset=utf-8", short, true, false},
		{"/assets/rules.0123456789abcdef.wasm", "application/wasm", forever, true, false},
		{"/de-DE/complaint.nz6pnexq.json", "application/json", forever, true, false},
	} {
		w := httptest.NewRecorder()
		Handler(dist).ServeHTTP(w, httptest.NewRequest("GET", c.path, nil))
		h := w.Header()
		if w.Code != 200 || h.Get("Content-Type") != c.kind || h.Get("Cache-Control") != c.cache ||
			(h.Get("Access-Control-Allow-Origin") == "*") != c.shared || (h.Get("Content-Security-Policy") != "") != c.policy {
			t.Errorf("%s: %d %v", c.path, w.Code, h)
		}
	}
}

func TestHas(t *testing.T) {
	for path, want := range map[string]bool{
		"/": true, "/recourse.js": true, "/de-DE/returns/": true, "/de-DE/returns": true,
		"/de-DE/": false, "/missing": false, "/../go.mod": false,
	} {
		if Has(dist, path) != want {
			t.Errorf("Has(%q) = %v, want %v", path, !want, want)
		}
	}
}
