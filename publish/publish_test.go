package publish

import (
	"bytes"
	"compress/gzip"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"github.com/andybalholm/brotli"
)

var script = bytes.Repeat([]byte("withdraw();"), 100)

var dist = fstest.MapFS{
	"index.html":                         {Data: []byte("<!doctype html>")},
	"recourse.js":                        {Data: []byte("1")},
	"recourse.d.ts":                      {Data: []byte("declare")},
	"assets/rules.0123456789abcdef.wasm": {Data: []byte("\x00asm")},
	"de-DE/complaint.nz6pnexq.json":      {Data: []byte("{}")},
	"de-DE/returns/index.html":           {Data: []byte("<!doctype html>")},
	"de-DE/returns/fragment.html":        {Data: []byte("<p>14 days</p>")},
	"fragments.json":                     {Data: []byte("{}")},
	"seal.png":                           {Data: []byte("\x89PNG\r\n\x1a\n")},
}

// packed is a folder as Compress leaves it.
func packed(files map[string][]byte) fstest.MapFS {
	dist := fstest.MapFS{}
	for name, data := range files {
		dist[name] = &fstest.MapFile{Data: data}
	}
	for name, data := range Compress(files, fstest.MapFS{}) {
		dist[name] = &fstest.MapFile{Data: data}
	}
	return dist
}

// ask sends a request; header is "Name: value" lines.
func ask(h http.Handler, method, path string, header ...string) *http.Response {
	r := httptest.NewRequest(method, path, nil)
	for _, line := range header {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, r *http.Response) []byte {
	t.Helper()
	data, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// unpacked is the body without its coding.
func unpacked(t *testing.T, r *http.Response) []byte {
	t.Helper()
	data := body(t, r)
	for _, c := range codings {
		if c.name != r.Header.Get("Content-Encoding") {
			continue
		}
		plain, err := c.reader(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if data, err = io.ReadAll(plain); err != nil {
			t.Fatal(err)
		}
	}
	return data
}

func TestSEC49_HeadersOfPublishedFiles(t *testing.T) {
	const forever, short = "public, max-age=31536000, immutable", "public, max-age=300"
	for _, c := range []struct {
		path, kind, cache string
		shared, policy    bool
	}{
		{"/", "text/html; charset=utf-8", short, false, true},
		{"/de-DE/returns/", "text/html; charset=utf-8", short, false, true},
		{"/recourse.js", "text/javascript; charset=utf-8", short, true, false},
		{"/recourse.d.ts", "text/plain; charset=utf-8", short, true, false},
		{"/assets/rules.0123456789abcdef.wasm", "application/wasm", forever, true, false},
		{"/de-DE/complaint.nz6pnexq.json", "application/json", forever, true, false},
		{"/seal.png", "image/png", short, true, false},
	} {
		r := ask(Serve(dist), "GET", c.path)
		h := r.Header
		if r.StatusCode != 200 || h.Get("Content-Type") != c.kind || h.Get("Cache-Control") != c.cache || h.Get("X-Content-Type-Options") != "nosniff" ||
			(h.Get("Access-Control-Allow-Origin") == "*") != c.shared || (h.Get("Cross-Origin-Resource-Policy") == "cross-origin") != c.shared ||
			(h.Get("Content-Security-Policy") != "") != c.policy {
			t.Errorf("%s: %d %v", c.path, r.StatusCode, h)
		}
	}
}

// The pages of all domains may send their forms to the one intake, and nowhere else.
func TestSendingTo(t *testing.T) {
	for address, want := range map[string]string{
		"":                             "'self'",
		"https://shop.example/legal/":  "'self' https://shop.example",
		"http://localhost:8080/legal/": "'self' http://localhost:8080",
	} {
		policy := ask(Serve(dist).SendingTo(address), "GET", "/de-DE/returns/").Header.Get("Content-Security-Policy")
		for _, directive := range []string{"connect-src", "form-action"} {
			if !strings.Contains(policy, "; "+directive+" "+want+";") {
				t.Errorf("intake at %q: %s, want %s %s", address, policy, directive, want)
			}
		}
	}
}

// Search engines list the pages, not the fragments of their texts.
func TestUnlisted(t *testing.T) {
	for path, want := range map[string]string{
		"/de-DE/returns/": "", "/de-DE/complaint.nz6pnexq.json": "", "/de-DE/returns/fragment.html": "noindex", "/fragments.json": "noindex",
	} {
		if r := ask(Serve(dist), "GET", path); r.StatusCode != 200 || r.Header.Get("X-Robots-Tag") != want {
			t.Errorf("%s: %d, X-Robots-Tag %q, want %q", path, r.StatusCode, r.Header.Get("X-Robots-Tag"), want)
		}
	}
}

func TestRedirects(t *testing.T) {
	for path, want := range map[string]string{"/de-DE/returns": "returns/", "/de-DE/returns/index.html": "./"} {
		if r := ask(Serve(dist), "GET", path); r.StatusCode != 301 || r.Header.Get("Location") != want {
			t.Errorf("%s: %d to %q, want %q", path, r.StatusCode, r.Header.Get("Location"), want)
		}
	}
	for _, path := range []string{"/missing.js", "/../secret.js", "/assets.js/"} {
		if r := ask(Serve(dist), "GET", path); r.StatusCode != 404 {
			t.Errorf("%s: %d, want 404", path, r.StatusCode)
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

func TestCoding(t *testing.T) {
	h := Serve(packed(map[string][]byte{"recourse.js": script}))
	for accept, want := range map[string]string{
		"":                            "",
		"gzip, deflate, br, zstd":     "br",
		"gzip":                        "gzip",
		"GZIP":                        "gzip",
		"br;q=0, gzip":                "gzip",
		"br;q=0.5, gzip;q=0.8":        "gzip",
		"identity":                    "",
		"identity, br;q=0.5":          "",
		"identity;q=0.5, br":          "br",
		"br;q=0, gzip;q=0":            "",
		"*":                           "br",
		"*;q=0":                       "",
		"*, br;q=0":                   "gzip",
		"gzip;q=0, *;q=0.1":           "br",
		"br;q=nonsense, gzip ; q=0.1": "gzip",
		"zstd":                        "",
	} {
		r := ask(h, "GET", "/recourse.js", "Accept-Encoding: "+accept)
		if got := r.Header.Get("Content-Encoding"); got != want || r.Header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("Accept-Encoding %q: answered %q, want %q; Vary %q", accept, got, want, r.Header.Get("Vary"))
		}
		if length := r.ContentLength; int(length) != len(body(t, ask(h, "GET", "/recourse.js", "Accept-Encoding: "+accept))) {
			t.Errorf("Accept-Encoding %q: Content-Length %d is wrong", accept, length)
		}
		if got := unpacked(t, r); !bytes.Equal(got, script) {
			t.Errorf("Accept-Encoding %q: not the file", accept)
		}
	}
}

func TestConditions(t *testing.T) {
	h := Serve(packed(map[string][]byte{"recourse.js": script}))
	tags := map[string]bool{}
	for _, coding := range []string{"identity", "gzip", "br"} {
		accept := "Accept-Encoding: " + coding
		whole := ask(h, "GET", "/recourse.js", accept)
		tag, all := whole.Header.Get("Etag"), body(t, whole)
		tags[tag] = true
		if r := ask(h, "GET", "/recourse.js", accept, "If-None-Match: "+tag); r.StatusCode != 304 || len(body(t, r)) > 0 || r.Header.Get("Etag") != tag || r.Header.Get("Vary") == "" {
			t.Errorf("%s: If-None-Match is answered %d %v", coding, r.StatusCode, r.Header)
		}
		if r := ask(h, "HEAD", "/recourse.js", accept); r.StatusCode != 200 || len(body(t, r)) > 0 || r.ContentLength != int64(len(all)) || r.Header.Get("Etag") != tag {
			t.Errorf("%s: HEAD is answered %d %v", coding, r.StatusCode, r.Header)
		}
		r := ask(h, "GET", "/recourse.js", accept, "Range: bytes=3-7", "If-Range: "+tag)
		if r.StatusCode != 206 || !bytes.Equal(body(t, r), all[3:8]) || r.ContentLength != 5 {
			t.Errorf("%s: Range is answered %d %v", coding, r.StatusCode, r.Header)
		}
		if r := ask(h, "GET", "/recourse.js", accept, "Range: bytes=3-7", `If-Range: "another"`); r.StatusCode != 200 || !bytes.Equal(body(t, r), all) {
			t.Errorf("%s: a part of another version is answered %d", coding, r.StatusCode)
		}
		if r := ask(h, "GET", "/recourse.js", accept, "Range: bytes=9999-"); r.StatusCode != 416 || r.Header.Get("Content-Encoding") != "" {
			t.Errorf("%s: a part behind the end is answered %d %v", coding, r.StatusCode, r.Header)
		}
	}
	if len(tags) != 3 {
		t.Errorf("three codings have the ETags %v", slices.Collect(maps.Keys(tags)))
	}
}

// Without compressed neighbours the first who asks gets the file at once, the later ones get it compressed.
func TestLazyCompression(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := Serve(fstest.MapFS{"recourse.js": {Data: script}})
		if r := ask(h, "GET", "/recourse.js", "Accept-Encoding: br"); r.Header.Get("Content-Encoding") != "" || r.Header.Get("Vary") == "" {
			t.Errorf("first: %v", r.Header)
		}
		time.Sleep(patience)
		synctest.Wait()
		r := ask(h, "GET", "/recourse.js", "Accept-Encoding: br")
		if r.Header.Get("Content-Encoding") != "br" || !bytes.Equal(unpacked(t, r), script) {
			t.Errorf("later: %v", r.Header)
		}
	})
}

// A new build replaces what was served; a neighbour of the build before is not served for it.
func TestNewBuild(t *testing.T) {
	dist := packed(map[string][]byte{"recourse.js": script})
	h := Serve(dist)
	ask(h, "GET", "/recourse.js")
	fresh := bytes.Repeat([]byte("complain();"), 100)
	dist["recourse.js"] = &fstest.MapFile{Data: fresh, ModTime: time.Unix(1, 0)}
	if r := ask(h, "GET", "/recourse.js", "Accept-Encoding: br"); !bytes.Equal(unpacked(t, r), fresh) {
		t.Errorf("the old file is served, coding %q", r.Header.Get("Content-Encoding"))
	}
}

func TestCompress(t *testing.T) {
	files := map[string][]byte{"index.html": script, "de/a.json": script, "a.wasm": script, "short.txt": []byte("ab"), "seal.png": script}
	got := Compress(files, fstest.MapFS{})
	want := []string{"a.wasm.br", "a.wasm.gz", "de/a.json.br", "de/a.json.gz", "index.html.br", "index.html.gz"}
	if names := slices.Sorted(maps.Keys(got)); !slices.Equal(names, want) {
		t.Fatalf("compressed %v, want %v", names, want)
	}
	for name, data := range Compress(files, fstest.MapFS{}) {
		if !bytes.Equal(data, got[name]) {
			t.Errorf("%s: a second time gives other bytes", name)
		}
	}
	z, err := gzip.NewReader(bytes.NewReader(got["index.html.gz"]))
	if err != nil || !z.ModTime.IsZero() || z.Name != "" {
		t.Errorf("gzip header: %v, %+v", err, z.Header)
	}
}

// What is there is taken if it is the same file, seen here by the level it was compressed with; all else is not.
func TestCompressAgain(t *testing.T) {
	files := map[string][]byte{"a.js": script, "b.js": script, "c.js": script}
	br := codings[0]
	earlier := br.compress(script, brotli.BestSpeed)
	if bytes.Equal(earlier, br.compress(script, br.best)) {
		t.Fatal("the test needs two ways to compress the script")
	}
	got := Compress(files, fstest.MapFS{
		"a.js.br": {Data: earlier},
		"b.js.br": {Data: br.compress(bytes.ToUpper(script), br.best)},
		"c.js.br": {Data: earlier[:len(earlier)-3]},
	})
	if !bytes.Equal(got["a.js.br"], earlier) {
		t.Error("the same file was compressed again")
	}
	for _, name := range []string{"b.js.br", "c.js.br"} {
		if !br.holds(got[name], script) {
			t.Errorf("%s is not the file", name)
		}
	}
}

func TestEarlier(t *testing.T) {
	got, err := Earlier(fstest.MapFS{
		"manifest.json": {Data: []byte(`{"files": {"recourse.js": "", "recourse.abcdefgh.js": "", "assets/forms.abcdefgh.js": "", "assets/forms.abcdefgh.js.br": "",
			"assets/gone.abcdefgh.js": "", "de-DE/complaint.abcdefgh.json": ""}}`)},
		"recourse.js": {}, "recourse.abcdefgh.js": {Data: script}, "assets/forms.abcdefgh.js": {}, "assets/forms.abcdefgh.js.br": {},
		"de-DE/complaint.abcdefgh.json": {}, "photo.20260101.jpg": {},
	})
	want := []string{"assets/forms.abcdefgh.js", "de-DE/complaint.abcdefgh.json", "recourse.abcdefgh.js"}
	if names := slices.Sorted(maps.Keys(got)); err != nil || !slices.Equal(names, want) || !bytes.Equal(got["recourse.abcdefgh.js"], script) {
		t.Errorf("kept %v (%v), want %v", names, err, want)
	}
	if got, err := Earlier(fstest.MapFS{}); len(got) > 0 || err != nil {
		t.Errorf("kept %v (%v) of nothing", got, err)
	}
}

func TestWarm(t *testing.T) {
	pages := Serve(fstest.MapFS{"recourse.js": {Data: script}, "de/index.html": {Data: script}, "seal.png": {Data: script}})
	pages.Warm()
	for _, path := range []string{"/recourse.js", "/de/"} {
		r := ask(pages, "GET", path, "Accept-Encoding: br")
		if r.Header.Get("Content-Encoding") != "br" || !bytes.Equal(unpacked(t, r), script) {
			t.Errorf("%s at first: %v", path, r.Header)
		}
	}
}

// What somebody else has put into the folder is served as it is, without a place in memory.
func TestLarge(t *testing.T) {
	pages := Serve(fstest.MapFS{"catalogue.txt": {Data: bytes.Repeat([]byte("amber "), largest/6+1)}})
	pages.Warm()
	if r := ask(pages, "GET", "/catalogue.txt", "Accept-Encoding: br"); r.StatusCode != 200 || r.Header.Get("Content-Encoding") != "" {
		t.Errorf("%d %v", r.StatusCode, r.Header)
	}
}
