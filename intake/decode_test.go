package intake

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
)

func TestSEC1_DecodeJSONIsStrict(t *testing.T) {
	cases := []struct{ about, body, problem string }{
		{"all members", `{"id":"1","shop":"a","form":"f","locale":"l","page":"p","fields":{"name":"A"}}`, ""},
		{"any order, white space", " {\"fields\" : {} ,\n\"id\":\"1\"}\n", ""},
		{"escapes", `{"id":"\u00e9\ud83d\ude00\\ud800\n"}`, ""},
		{"nothing", ``, "no object"},
		{"not an object", `["id"]`, "no object"},
		{"null", `null`, "no object"},
		{"cut off", `{"id":"1"`, "EOF"},
		{"two values", `{"id":"1"} {"id":"2"}`, "follows"},
		{"text after the end", `{"id":"1"}x`, "follows"},
		{"an unknown key", `{"id":"1","admin":"1"}`, "key nobody knows"},
		{"a key in other case", `{"ID":"1"}`, "key nobody knows"},
		{"a key twice", `{"id":"1","id":"2"}`, "twice"},
		{"a key twice, once escaped", `{"id":"1","\u0069d":"2"}`, "twice"},
		{"a field twice", `{"fields":{"email":"a","email":"b"}}`, "twice"},
		{"fields twice", `{"fields":{},"fields":{}}`, "twice"},
		{"fields that are no object", `{"fields":"x"}`, "no object"},
		{"a number", `{"id":1}`, "not a text"},
		{"null for a text", `{"fields":{"name":null}}`, "not a text"},
		{"an object for a text", `{"fields":{"name":{}}}`, "not a text"},
		{"a list for a text", `{"fields":{"name":["a"]}}`, "not a text"},
		{"bytes that are no text", "{\"id\":\"\xff\"}", "UTF-8"},
		{"a high half", `{"id":"\ud800"}`, "half a character"},
		{"a low half", `{"id":"\udc00"}`, "half a character"},
		{"halves the wrong way round", `{"id":"\udc00\ud800"}`, "half a character"},
		{"a high half before a letter", `{"id":"\ud800\u0041"}`, "half a character"},
		{"a byte order mark", "\ufeff{}", "no object"},
	}
	for _, c := range cases {
		err := decodeJSON([]byte(c.body), new(submission))
		if c.problem == "" && err != nil || c.problem != "" && (err == nil || !strings.Contains(err.Error(), c.problem)) {
			t.Errorf("%s: got error %v; want %q", c.about, err, c.problem)
		}
	}
}

func TestDecodeJSONReadsAllMembers(t *testing.T) {
	var in submission
	must(t, decodeJSON([]byte(`{"id":"1","shop":"a","form":"f","locale":"l","page":"p","version":"v","fields":{"name":"A","email":""}}`), &in))
	want := submission{ID: "1", Shop: "a", Form: "f", Locale: "l", Page: "p", Version: "v", Inputs: map[string]string{"name": "A", "email": ""}}
	if diff := cmp.Diff(want, in); diff != "" {
		t.Error(diff)
	}
}

// FuzzDecode: what is accepted must mean the same to any other reader of JSON, and no body may break the server.
func FuzzDecode(f *testing.F) {
	f.Add("application/json", []byte(`{"id":"3f1c1c5e-7a51-4a0e-9a5e-0d5a5b1f0001","shop":"amber","form":"withdrawal","locale":"en-DE","page":"","fields":{"name":"A","contract":"1","email":"a@example.org"}}`))
	f.Add("application/json", []byte(`{"id":"\ud83d\ude00","fields":{"received_on-day":"1"}}`))
	f.Add("application/x-www-form-urlencoded", []byte("shop=amber&form=complaint&name=%C3%A9&step=review"))
	f.Add("multipart/form-data; boundary=b", []byte("--b\r\nContent-Disposition: form-data; name=\"shop\"\r\n\r\namber\r\n--b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a.png\"\r\n\r\n\x89PNG\r\n\x1a\n\r\n--b--"))
	d := open(f, f.TempDir(), silent)
	f.Fuzz(func(t *testing.T, contentType string, body []byte) {
		for _, path := range []string{"/api/v1/submissions", "/submissions"} {
			r := httptest.NewRequest("POST", path, strings.NewReader(string(body)))
			r.Header.Set("Content-Type", contentType)
			w := httptest.NewRecorder()
			d.ServeHTTP(w, r)
			if w.Code >= 500 || !utf8.Valid(w.Body.Bytes()) {
				t.Errorf("POST %s is answered %d: %q", path, w.Code, w.Body)
			}
		}
		var in submission
		if decodeJSON(body, &in) != nil {
			return
		}
		var other map[string]any
		if err := json.Unmarshal(body, &other); err != nil {
			t.Fatalf("we read what encoding/json does not: %v", err)
		}
		if id, ok := other["id"]; ok && fmt.Sprint(id) != in.ID {
			t.Errorf("we read the id %q, encoding/json %q", in.ID, id)
		}
	})
}

// TestSEC27_BodiesAreNotReadWithoutEnd gives the server more than it may take: it must stop reading, not only refuse.
func TestSEC27_BodiesAreNotReadWithoutEnd(t *testing.T) {
	d := open(t, t.TempDir())
	for _, c := range []struct {
		contentType, begin string
		most               int64
	}{
		{"application/json", `{"id":"`, 1 << 20},
		{"multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a.pdf\"\r\n\r\n%PDF-1", maxBody + 1<<20},
	} {
		endless := &counter{r: io.MultiReader(strings.NewReader(c.begin), zeros{})}
		r := httptest.NewRequest("POST", "/api/v1/submissions", endless)
		r.Header.Set("Content-Type", c.contentType)
		w := httptest.NewRecorder()
		d.ServeHTTP(w, r)
		if w.Code != http.StatusRequestEntityTooLarge || endless.n > c.most {
			t.Errorf("%s: status %d after %d bytes; want 413 after at most %d", c.contentType, w.Code, endless.n, c.most)
		}
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '0'
	}
	return len(p), nil
}

type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// TestLongestTextsFit: what the form accepts must get through in every way of sending it.
func TestLongestTextsFit(t *testing.T) {
	d := open(t, t.TempDir())
	fields := url.Values{"name": {strings.Repeat("ж", 200)}, "contract": {strings.Repeat("ж", 500)}, "product": {strings.Repeat("ж", 300)},
		"email": {"a@example.org"}, "reason": {"late"}, "description": {strings.Repeat("🦀", 10000)}}
	single := make(map[string]string)
	for name, values := range fields {
		single[name] = values[0]
	}
	if w := d.post(body(t, uuid.NewString(), "complaint", single)); w.Code != http.StatusCreated {
		t.Errorf("as JSON: %d %s", w.Code, w.Body)
	}
	fields.Set("shop", "amber")
	fields.Set("form", "complaint")
	fields.Set("step", "send")
	r := httptest.NewRequest("POST", "/submissions", strings.NewReader(fields.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	if d.ServeHTTP(w, r); w.Code != http.StatusSeeOther {
		t.Errorf("as a plain form: %d", w.Code)
	}
}

// TestSEC42_UploadsCountMore: four uploads are as much as sixteen texts.
func TestSEC42_UploadsCountMore(t *testing.T) {
	count := func(length int64) (n int) {
		l := newLimiter(Config{PerMinute: 16})
		r := httptest.NewRequest("POST", "/", nil)
		r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
		r.ContentLength = length
		for ; n < 100 && l.allowShop(httptest.NewRecorder(), r, "amber"); n++ {
		}
		return n
	}
	if texts, uploads, unknown := count(1000), count(1<<20), count(-1); texts != 16 || uploads != 4 || unknown != 4 {
		t.Errorf("%d texts, %d uploads and %d of unknown length are let through; want 16, 4 and 4", texts, uploads, unknown)
	}
}

func TestSEC42_ClientBehindProxies(t *testing.T) {
	for _, c := range []struct{ remote, forwarded, want string }{
		{"203.0.113.7:1234", "198.51.100.1", "203.0.113.7"}, // not a proxy of ours: its word counts nothing
		{"10.0.0.2:1234", "198.51.100.1", "198.51.100.1"},
		{"10.0.0.2:1234", "1.2.3.4, 198.51.100.1, 10.0.0.9", "198.51.100.1"}, // the client wrote 1.2.3.4 itself
		{"10.0.0.2:1234", "", "10.0.0.2"},
		{"10.0.0.2:1234", "1.2.3.4, unknown", "10.0.0.2"}, // no address: nobody knows who it was
		{"10.0.0.2:1234", "1.2.3.4, 10.0.0.9, ", "10.0.0.2"},
		{"10.0.0.2:1234", "::ffff:198.51.100.1", "198.51.100.1"},
		{"10.0.0.2:1234", "2001:db8:1:2:3::4", "2001:db8:1:2::"},
		{"[2001:db8:1:2:3::4]:1234", "", "2001:db8:1:2::"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.remote
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		if got := newLimiter(Config{PerMinute: 1, Proxies: prefixes("10.0.0.0/8")}).client(r); got != c.want {
			t.Errorf("%s forwarding %q is %s; want %s", c.remote, c.forwarded, got, c.want)
		}
	}
}
