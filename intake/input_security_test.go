package intake

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/uuid"
	"golang.org/x/net/html"
)

// send posts a body of any kind as the widget does.
func (d *desk) send(path, contentType string, body []byte, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", path, bytes.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	r.Header.Set("User-Agent", firefox)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	return w
}

func TestSEC1_BytesThatAreNoTextAreRefused(t *testing.T) {
	d := open(t, t.TempDir())
	for _, c := range []struct{ path, contentType, body string }{
		{"/api/v1/submissions", "application/json", strings.Replace(withdrawal(t, uuid.NewString()), "Anna", "An\xffna", 1)},
		{"/api/v1/submissions", "application/json", strings.Replace(withdrawal(t, uuid.NewString()), "Anna", `An\ud800na`, 1)},
		{"/api/v1/submissions", "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nAn\xffna\r\n--b--"},
		{"/submissions", "application/x-www-form-urlencoded", "shop=amber&form=withdrawal&name=An%ffna"},
	} {
		if w := d.send(c.path, c.contentType, []byte(c.body)); w.Code != http.StatusBadRequest {
			t.Errorf("%q is answered %d", c.body, w.Code)
		}
	}
}

// TestSEC1_OddInputsRefuseNobody: browsers' extensions put what they like into pages, and twice. What is ours may come once:
// of two names nobody knows which one the visitor has seen.
func TestSEC1_OddInputsRefuseNobody(t *testing.T) {
	d := open(t, t.TempDir())
	const sound = "shop=amber&form=withdrawal&locale=en-DE&name=Anna&contract=1&email=a@example.org&step=review"
	for odd, want := range map[string]int{
		"": 200, "&lang=de": 200, "&x=1&x=2": 200, "&received_on-hour=1&received_on-hour=2": 200,
		"&name=Berta": 400, "&step=send": 400, "&shop=amber": 400, "&received_on-day=1&received_on-day=2": 400, "&subject_line=&subject_line=x": 400, "&reason=a&reason=b": 400,
	} {
		if w := d.send("/submissions", "application/x-www-form-urlencoded", []byte(sound+odd)); w.Code != want {
			t.Errorf("as a plain form with %q: %d, want %d", odd, w.Code, want)
		}
		if w := d.send("/submissions", "multipart/form-data; boundary=b", multipartOf(sound+odd)); w.Code != want {
			t.Errorf("as multipart with %q: %d, want %d", odd, w.Code, want)
		}
	}
	foreign := "--b\r\nContent-Disposition: form-data; name=\"scan\"; filename=\"a.exe\"\r\n\r\nMZ\r\n"
	if w := d.send("/submissions", "multipart/form-data; boundary=b", []byte(foreign+string(multipartOf(sound)))); w.Code != 200 {
		t.Errorf("with a foreign file: %d", w.Code)
	}
}

// multipartOf writes what a query says as multipart/form-data, in its order.
func multipartOf(query string) []byte {
	var b bytes.Buffer
	for pair := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(pair, "=")
		fmt.Fprintf(&b, "--b\r\nContent-Disposition: form-data; name=%q\r\n\r\n%s\r\n", name, value)
	}
	b.WriteString("--b--\r\n")
	return b.Bytes()
}

// TestSEC2_StoredNormalised sends the same answers in three encodings; they must be stored alike.
func TestSEC2_StoredNormalised(t *testing.T) {
	d := open(t, t.TempDir())
	typed := map[string]string{"name": "\u202e Zoe\u0308\u200b\u0007 O\u2028Brien ", "contract": "A\u20661\u2069\ufeff", "email": "a@example.org\u200b",
		"comment": "one\r\ntwo\rthree\u2028four\u0085five\ttab \u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"}
	want := map[string]string{"name": "Zo\u00eb O Brien", "contract": "A1", "email": "a@example.org",
		"comment": "one\ntwo\nthree\nfour\nfive\ttab \u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"}
	values := url.Values{"shop": {"amber"}, "form": {"withdrawal"}, "locale": {"en-PL"}, "step": {"send"}}
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for name, value := range map[string]string{"id": uuid.NewString(), "shop": "amber", "form": "withdrawal", "locale": "en-PL"} {
		must(t, m.WriteField(name, value))
	}
	for name, value := range typed {
		values.Set(name, value)
		must(t, m.WriteField(name, value))
	}
	must(t, m.Close())
	for about, w := range map[string]*httptest.ResponseRecorder{
		"JSON": d.post(body(t, uuid.NewString(), "withdrawal", typed)), "form": d.form("/submissions", values), "multipart": d.send("/api/v1/submissions", m.FormDataContentType(), b.Bytes()),
	} {
		if w.Code != http.StatusCreated && w.Code != http.StatusSeeOther {
			t.Errorf("%s: %d %s", about, w.Code, w.Body)
		}
	}
	all := d.cases(t)
	if len(all) != 3 {
		t.Fatalf("there are %d cases", len(all))
	}
	for _, c := range all {
		for name, value := range want {
			if c.Values[name] != value {
				t.Errorf("%s is stored as %+q, want %+q", name, c.Values[name], value)
			}
		}
	}
}

// TestSEC3_NothingOfANULIsStored: PostgreSQL refuses what SQLite takes.
func TestSEC3_NothingOfANULIsStored(t *testing.T) {
	d := open(t, t.TempDir())
	nul := map[string]string{"name": "A\x00nna", "contract": "\x001", "email": "a@example.org\x00", "comment": "x\x00\x00"}
	if w := d.post(body(t, uuid.NewString(), "withdrawal", nul)); w.Code != http.StatusCreated {
		t.Fatalf("as JSON: %d %s", w.Code, w.Body)
	}
	values := url.Values{"shop": {"amber\x00"}, "form": {"withdrawal"}, "step": {"send"}, "name\x00": {"x"}}
	for name, value := range nul {
		values.Set(name, value)
	}
	if w := d.form("/submissions", values); w.Code != http.StatusNotFound {
		t.Errorf("a shop with a NUL is answered %d", w.Code)
	}
	values.Set("shop", "amber")
	values.Set("locale", "en\x00-DE")
	values.Set("page", "https://shop.example/\x00")
	values.Set("version", "\x00")
	if w := d.form("/submissions", values); w.Code != http.StatusSeeOther {
		t.Errorf("as a form: %d %s", w.Code, w.Body)
	}
	for _, c := range d.cases(t) {
		whole, err := json.Marshal(c)
		if err != nil || bytes.Contains(whole, []byte(`\u0000`)) {
			t.Errorf("a case holds a NUL: %s, %v", whole, err)
		}
	}
}

// TestSEC4_WhatPeopleWroteIsIsolated looks for a name on all pages: wherever it stands, a text from right to left may not
// turn ours around.
func TestSEC4_WhatPeopleWroteIsIsolated(t *testing.T) {
	const name = "\u05d0\u05e0\u05d4 (1) \u05db\u05d4\u05df"
	_, pages := showEverywhere(t, "complaint", name, false)
	found := 0
	for place, source := range pages {
		root, err := html.Parse(strings.NewReader(source))
		must(t, err)
		for n := range root.Descendants() {
			if n.Type == html.TextNode && strings.Contains(n.Data, name) {
				found++
				if !isolated(n) {
					t.Errorf("%s: %q stands in <%s> with the text around it", place, n.Data, n.Parent.Data)
				}
			}
			if n.Data == "input" && attribute(n, "type") != "hidden" && attribute(n, "value") == name && attribute(n, "dir") == "" {
				t.Errorf("%s: input %q has no direction of its own", place, attribute(n, "name"))
			}
		}
	}
	if found < 20 {
		t.Errorf("the name was found %d times only", found)
	}
}

func isolated(n *html.Node) bool {
	for a := range n.Ancestors() {
		if a.Data == "bdi" || a.Data == "bdo" || attribute(a, "dir") == "auto" {
			return true
		}
	}
	return false
}

func TestSEC27_TextsHaveALimit(t *testing.T) {
	d := open(t, t.TempDir())
	long := strings.Repeat("x", 200<<10)
	for about, w := range map[string]*httptest.ResponseRecorder{
		"JSON":      d.post(`{"id":"` + long + `"}`),
		"check":     d.send("/api/v1/checks", "application/json", []byte(`{"id":"`+long+`"}`)),
		"form":      d.form("/submissions", url.Values{"name": {long}}),
		"multipart": d.send("/submissions", "multipart/form-data; boundary=b", multipartOf("name="+long)),
	} {
		if w.Code != http.StatusRequestEntityTooLarge {
			t.Errorf("%s of 200 KiB is answered %d", about, w.Code)
		}
	}
	if w := d.form("/inbox/login", url.Values{"login": {"owner"}, "password": {long}}); w.Code == http.StatusSeeOther || w.Code >= 500 {
		t.Errorf("a password of 200 KiB is answered %d", w.Code)
	}
}

// TestSEC29_NothingIsUnpacked: neither a body nor a picture may grow in our memory.
func TestSEC29_NothingIsUnpacked(t *testing.T) {
	d := open(t, t.TempDir())
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	z.Write([]byte(`{"id":"`))
	z.Write(make([]byte, 50<<20))
	must(t, z.Close())
	for _, coding := range []string{"gzip", "deflate", "br", "zstd", "gzip, identity"} {
		if w := d.send("/api/v1/submissions", "application/json", bomb.Bytes(), "Content-Encoding", coding); w.Code != http.StatusUnsupportedMediaType {
			t.Errorf("a body in %s is answered %d", coding, w.Code)
		}
	}
	before := allocated()
	if w := d.upload(t, "huge.png", "image/png", hugePNG()); w.Code != http.StatusCreated {
		t.Errorf("a picture of 65,535 pixels square is answered %d: %s", w.Code, w.Body)
	}
	if grown := allocated() - before; grown > 8<<20 {
		t.Errorf("taking it allocated %d bytes", grown)
	}
}

func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

// hugePNG says of itself that it has 65,535 rows and columns: 17 GB once it is decoded.
func hugePNG() []byte {
	return append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\xff\xff\x00\x00\xff\xff\x08\x06\x00\x00\x00"), make([]byte, 1000)...)
}

// upload sends a complaint with one file.
func (d *desk) upload(t *testing.T, name, kind string, content []byte) *httptest.ResponseRecorder {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for field, value := range map[string]string{"id": uuid.NewString(), "shop": "amber", "form": "complaint", "locale": "en-DE",
		"name": "Anna", "email": "anna@example.org", "reason": "late", "description": "x"} {
		must(t, m.WriteField(field, value))
	}
	header := textproto.MIMEHeader{"Content-Type": {kind}, "Content-Disposition": {`form-data; name="files"; filename="` + name + `"`}}
	part, err := m.CreatePart(header)
	must(t, err)
	part.Write(content)
	must(t, m.Close())
	return d.send("/api/v1/submissions", m.FormDataContentType(), b.Bytes())
}

func TestSEC30_OddMultipart(t *testing.T) {
	d := open(t, t.TempDir())
	part := func(headers, value string) string { return "--b\r\n" + headers + "\r\n\r\n" + value + "\r\n" }
	field := `Content-Disposition: form-data; name="%s"`
	for _, c := range []struct {
		about, contentType, body string
		want                     int
	}{
		{"no boundary", "multipart/form-data", part(fmt.Sprintf(field, "name"), "A"), 415},
		{"another boundary", "multipart/form-data; boundary=other", part(fmt.Sprintf(field, "name"), "A") + "--b--", 400},
		{"a boundary that is too long", "multipart/form-data; boundary=" + strings.Repeat("b", 300), part(fmt.Sprintf(field, "name"), "A") + "--b--", 400},
		{"no end", "multipart/form-data; boundary=b", part(fmt.Sprintf(field, "name"), "A"), 400},
		{"cut off in a header", "multipart/form-data; boundary=b", "--b\r\nContent-Dispo", 400},
		{"nested", "multipart/form-data; boundary=b", part(fmt.Sprintf(field, "name")+"\r\nContent-Type: multipart/mixed; boundary=c", "--c\r\n\r\nA\r\n--c--") + "--b--", 404},
		{"another kind", "multipart/mixed; boundary=b", part(fmt.Sprintf(field, "name"), "A") + "--b--", 415},
		{"no name", "multipart/form-data; boundary=b", part("Content-Disposition: form-data", "A") + "--b--", 400},
		{"no disposition", "multipart/form-data; boundary=b", part("X: y", "A") + "--b--", 400},
		{"41 parts", "multipart/form-data; boundary=b", strings.Repeat(part(`Content-Disposition: form-data; name="files"; filename=""`, ""), 41) + "--b--", 400},
		{"20,000 headers", "multipart/form-data; boundary=b", part(strings.Repeat("X: y\r\n", 20000)+fmt.Sprintf(field, "name"), "A") + "--b--", 400},
		{"a header of 11 MB", "multipart/form-data; boundary=b", part("X: "+strings.Repeat("y", 11<<20), "A") + "--b--", 400},
		{"a text with a file name", "multipart/form-data; boundary=b", part(fmt.Sprintf(field, "name")+`; filename="a.pdf"`, "%PDF-1") + "--b--", 400},
	} {
		w := d.send("/api/v1/submissions", c.contentType, []byte(c.body))
		if w.Code != c.want {
			t.Errorf("%s: %d, want %d", c.about, w.Code, c.want)
		}
	}
	if n := len(d.cases(t)); n != 0 {
		t.Errorf("%d cases are stored", n)
	}
	if left, err := os.ReadDir(filepath.Join(d.dir, "files")); err != nil || len(left) != 0 {
		t.Errorf("%d files are left behind, %v", len(left), err)
	}
}

// TestSEC31_FileNamesAreOnlyText: a file lies under an id; what it was called is shown, and nothing more.
func TestSEC31_FileNamesAreOnlyText(t *testing.T) {
	d := open(t, t.TempDir())
	cookie := d.login(t)
	for sent, want := range map[string]string{
		`..\\..\\evil.pdf`: "evil.pdf", `../../evil.pdf`: "evil.pdf", `/etc/evil.pdf`: "evil.pdf", `C:\\evil.pdf`: "evil.pdf",
		"in\u202efdp.exe.pdf": "infdp.exe.pdf", "\u200bb.pdf": "b.pdf", "c\u0085d.pdf": "c d.pdf",
		`<img src=x onerror=alert(1)>.pdf`: `<img src=x onerror=alert(1)>.pdf`, "\u0416.pdf": "\u0416.pdf",
		strings.Repeat("l", 300) + ".pdf": strings.Repeat("l", 116) + ".pdf", `con.pdf`: "con.pdf",
	} {
		w := d.upload(t, sent, "text/html", []byte("%PDF-1.7"))
		var answer receipt
		if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || w.Code != http.StatusCreated {
			t.Errorf("%+q: %d %s", sent, w.Code, w.Body)
			continue
		}
		shown := d.get("/inbox/cases/"+answer.Reference, cookie).Body.String()
		if !strings.Contains(textOf(t, shown), want+" (") {
			t.Errorf("%+q is not shown as %+q", sent, want)
		}
		d.checkDownload(t, sent, shown, answer.Reference, cookie)
	}
	for _, wrong := range []string{"a.svg", "a.html", "a.pdf.exe", "pdf", ".pdf", "a.pdf.", "a.pdf\u202e.exe", ""} {
		if w := d.upload(t, wrong, "application/pdf", []byte("%PDF-1.7")); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("a file called %+q is answered %d", wrong, w.Code)
		}
	}
	for _, content := range []string{"<html>", "MZ\x90", "PK\x03\x04", "GIF89a", "<svg xmlns=\"http://www.w3.org/2000/svg\">", " %PDF-1.7", "\x7fELF", ""} {
		if w := d.upload(t, "a.pdf", "application/pdf", []byte(content)); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("a file that begins with %q is answered %d", content, w.Code)
		}
	}
	d.onlyIDs(t)
}

// checkDownload follows the link to the file: it is handed over, never shown.
func (d *desk) checkDownload(t *testing.T, sent, shown, reference string, cookie *http.Cookie) {
	t.Helper()
	for _, way := range ways(t, "/inbox/cases/"+reference, shown, "") {
		if !strings.Contains(way, "/files/") {
			continue
		}
		h := d.get(way, cookie).Header()
		if !strings.HasPrefix(h.Get("Content-Disposition"), "attachment;") || h.Get("X-Content-Type-Options") != "nosniff" ||
			!strings.HasPrefix(h.Get("Content-Security-Policy"), "sandbox") || h.Get("Content-Type") != "application/pdf" {
			t.Errorf("%+q is served with %v", sent, h)
		}
		return
	}
	t.Errorf("%+q: the case has no link to its file", sent)
}

// onlyIDs looks at what the folder of files holds.
func (d *desk) onlyIDs(t *testing.T) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(d.dir, "files"))
	must(t, err)
	for _, e := range entries {
		if strings.ContainsAny(e.Name(), "./\\<> ") || !utf8.ValidString(e.Name()) || len(e.Name()) < 20 {
			t.Errorf("the folder has a file %q", e.Name())
		}
	}
}

// injections are texts that would change a query they are pasted into.
var injections = []string{`'; DROP TABLE cases;--`, `" OR ""="`, `' OR '1'='1`, `%`, `_`, `\`, `\'`, `' UNION SELECT * FROM sessions --`, `/* */`, `$1`, `?1`, `:name`, `@p`,
	`NEAR(a b)`, `"a" AND "b"`, `a*`, `name:x`, `(`, `)`, `"`, `'`, `^x`, `{a}`, `a - b`, `OR`, `NOT`, `x'00'`, `1;SELECT pg_sleep(9)`, `'||(SELECT 1)||'`, "a & !b | c:*"}

func TestSEC32_TextsAreNoQueries(t *testing.T) {
	d := open(t, t.TempDir(), silent)
	cookie := d.login(t)
	for _, text := range injections {
		fields := map[string]string{"name": text + "x", "contract": text, "product": text, "description": text, "email": "a@example.org", "reason": "late"}
		if w := d.post(body(t, uuid.NewString(), "complaint", fields)); w.Code != http.StatusCreated {
			t.Errorf("%q: %d %s", text, w.Code, w.Body)
		}
	}
	for _, text := range injections {
		q := url.QueryEscape(text)
		for _, path := range []string{"/inbox/?q=" + q, "/inbox/?show=" + q, "/inbox/?from=" + q, "/inbox/?sort=" + q, "/inbox/?shop=" + q, "/inbox/?reason=" + q + "&form=" + q} {
			if w := d.get(path, cookie); w.Code >= 500 {
				t.Errorf("GET %s is answered %d", path, w.Code)
			}
		}
		for _, path := range []string{"/status/", "/receipts/", "/inbox/cases/"} {
			if w := d.get(path+url.PathEscape(text), cookie); w.Code != http.StatusNotFound && w.Code != http.StatusMovedPermanently && w.Code != http.StatusTemporaryRedirect {
				t.Errorf("GET %s%q is answered %d", path, text, w.Code)
			}
		}
	}
	stored := map[string]bool{}
	for _, c := range d.cases(t) {
		stored[c.Values["contract"]] = true
	}
	for _, text := range injections {
		if !stored[text] {
			t.Errorf("%q is not stored as it was written", text)
		}
	}
}
