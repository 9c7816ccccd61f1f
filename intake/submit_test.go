package intake

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"golang.org/x/net/html"

	"recourse/form"
	"recourse/intake/docket"
)

func (d *desk) post(body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", "/api/v1/submissions", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", firefox)
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	return w
}

const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

func (d *desk) get(path string, cookies ...*http.Cookie) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", path, nil)
	for _, c := range cookies {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	return w
}

func body(t testing.TB, id, kind string, fields map[string]string) string {
	t.Helper()
	b, err := json.Marshal(map[string]any{"id": id, "shop": "amber", "form": kind, "locale": "en-PL", "fields": fields})
	must(t, err)
	return string(b)
}

func withdrawal(t testing.TB, id string) string {
	return body(t, id, "withdrawal", map[string]string{"name": "Anna", "contract": "A-1", "email": "anna@example.org"})
}

func (d *desk) cases(t testing.TB) []docket.Case {
	t.Helper()
	all, err := d.store.Cases(t.Context(), docket.Query{All: true})
	must(t, err)
	return all
}

func TestParallelPostsMakeOneCase(t *testing.T) {
	d := open(t, t.TempDir(), silent)
	text := withdrawal(t, uuid.NewString())
	codes, bodies := make([]int, 20), make([]string, 20)
	var wait sync.WaitGroup
	for i := range codes {
		wait.Go(func() {
			w := d.post(text)
			codes[i], bodies[i] = w.Code, w.Body.String()
		})
	}
	wait.Wait()
	created := 0
	for i, code := range codes {
		if code == http.StatusCreated {
			created++
		} else if code != http.StatusOK {
			t.Errorf("an answer has status %d: %s", code, bodies[i])
		}
		if bodies[i] != bodies[0] {
			t.Errorf("answers differ: %s and %s", bodies[i], bodies[0])
		}
	}
	all := d.cases(t)
	if created != 1 || len(all) != 1 {
		t.Fatalf("20 posts with one id made %d cases and were answered 201 %d times", len(all), created)
	}
	letters, err := d.store.Letters(t.Context(), all[0].ID)
	must(t, err)
	if len(letters) != 2 || letters[0].Kind != docket.Acknowledgement || letters[1].Kind != docket.Copy {
		t.Errorf("there are %d letters; want one acknowledgement and one copy", len(letters))
	}
}

func TestTwoStatementsOnOneDayAreBothStoredAndMarked(t *testing.T) {
	d := open(t, t.TempDir())
	for range 2 {
		if w := d.post(withdrawal(t, uuid.NewString())); w.Code != http.StatusCreated {
			t.Fatalf("status %d: %s", w.Code, w.Body)
		}
	}
	all := d.cases(t)
	if len(all) != 2 || all[0].Repeat || !all[1].Repeat {
		t.Errorf("got %d cases, marked %v and %v; want two, the second marked", len(all), all[0].Repeat, all[1].Repeat)
	}
}

// The items are lines of one text, whether a script has joined them or a page without one has sent them.
func TestItemsAreStoredAsWritten(t *testing.T) {
	const items = "2 × Lamp\nVase\n×"
	d := open(t, t.TempDir())
	values := map[string]string{"name": "Anna", "contract": "A-1", "email": "anna@example.org", "items": items}
	if w := d.post(body(t, uuid.NewString(), "withdrawal", values)); w.Code != http.StatusCreated {
		t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	sent := url.Values{"id": {uuid.NewString()}, "shop": {"amber"}, "form": {"withdrawal"}, "locale": {"en-PL"}, "step": {"send"}}
	for name, value := range values {
		sent.Set(name, strings.ReplaceAll(value, "\n", "\r\n"))
	}
	r := httptest.NewRequest("POST", "/submissions", strings.NewReader(sent.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	if d.ServeHTTP(w, r); w.Code != http.StatusSeeOther {
		t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	all := d.cases(t)
	if len(all) != 2 || all[0].Values["items"] != items || all[1].Values["items"] != items {
		t.Errorf("stored %+v, want twice %q", all, items)
	}
}

func TestSEC40_SuspiciousSubmissionsAreStoredAndMarked(t *testing.T) {
	d := open(t, t.TempDir())
	for _, fields := range []map[string]string{
		{"name": "A", "contract": "1", "email": "a@example.org", "subject_line": "x", "comment": strings.Repeat("https://pills.example ", 5)},
		{"name": "A", "contract": "1", "email": "b@example.org", "comment": strings.Repeat("[url=https://pills.example]", 5)},
	} {
		if w := d.post(body(t, uuid.NewString(), "withdrawal", fields)); w.Code != http.StatusCreated {
			t.Fatalf("status %d: %s", w.Code, w.Body)
		}
	}
	for _, c := range d.cases(t) {
		if !c.Suspect {
			t.Errorf("case of %s is not marked", c.Email())
		}
		letters, err := d.store.Letters(t.Context(), c.ID)
		must(t, err)
		m, err := d.compose(t.Context(), letters[1])
		if must(t, err); !strings.Contains(m.Text, "signs of an automatic sender") {
			t.Errorf("the copy does not say that the case is marked: %s", m.Text)
		}
	}
}

func TestFullDiskIsToldAndRecovers(t *testing.T) {
	d := open(t, t.TempDir())
	id := uuid.NewString()
	must(t, d.store.Close())
	w := d.post(withdrawal(t, id))
	if w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), "service@shop.example") {
		t.Errorf("without a database: status %d, %s", w.Code, w.Body)
	}
	if w := d.get("/readyz"); w.Code != http.StatusServiceUnavailable {
		t.Errorf("readyz says %d without a database", w.Code)
	}
	d = open(t, d.dir)
	if w := d.post(withdrawal(t, id)); w.Code != http.StatusCreated {
		t.Errorf("after a restart the same submission is answered %d", w.Code)
	}
}

func TestLinksSurviveARestart(t *testing.T) {
	d := open(t, t.TempDir())
	w := d.post(withdrawal(t, uuid.NewString()))
	var answer receipt
	must(t, json.Unmarshal(w.Body.Bytes(), &answer))
	must(t, d.store.Close())
	d = open(t, d.dir)
	for _, address := range []string{answer.ReceiptURL, answer.StatusURL} {
		if w := d.get(strings.TrimPrefix(address, "https://shop.example")); w.Code != http.StatusOK {
			t.Errorf("GET %s after a restart: %d", address, w.Code)
		}
	}
}

func TestSEC46_NothingPersonalIsLoggedAndNoTokenStored(t *testing.T) {
	d := open(t, t.TempDir())
	const secret = "Xenia-Kafka-4711"
	w := d.post(body(t, uuid.NewString(), "complaint", map[string]string{"name": secret, "email": "xenia4711@example.org", "reason": "late", "description": secret}))
	var answer receipt
	must(t, json.Unmarshal(w.Body.Bytes(), &answer))
	token := answer.StatusURL[strings.LastIndex(answer.StatusURL, "/")+1:]
	d.get("/status/" + token)
	d.get("/status/wrong" + token)
	d.post(`{"id":"` + secret + `","shop":"amber","form":"withdrawal","locale":"en-DE","fields":{"name":"` + secret + `"}}`)
	for d.worker.Round(context.Background()) {
	}
	must(t, d.store.Close())
	for _, word := range []string{secret, "xenia4711", token} {
		if strings.Contains(d.log.String(), word) {
			t.Errorf("the log holds %q:\n%s", word, d.log)
		}
	}
	// The letters are out, so that the database has no more need of the link in them.
	files, err := filepath.Glob(filepath.Join(d.dir, "recourse.db*"))
	must(t, err)
	for _, file := range files {
		content, err := os.ReadFile(file)
		must(t, err)
		if bytes.Contains(content, []byte(token)) {
			t.Errorf("%s holds the token of a status page", filepath.Base(file))
		}
	}
}

func TestFilesThatNoCaseTookAreRemoved(t *testing.T) {
	d := open(t, t.TempDir())
	send := func(fields map[string]string, contentType *string) *bytes.Buffer {
		var b bytes.Buffer
		m := multipart.NewWriter(&b)
		for name, value := range fields {
			must(t, m.WriteField(name, value))
		}
		part, err := m.CreateFormFile("files", "a.png")
		must(t, err)
		part.Write(pixel)
		must(t, m.Close())
		*contentType = m.FormDataContentType()
		return &b
	}
	complaint := map[string]string{"id": uuid.NewString(), "shop": "amber", "form": "complaint", "locale": "en-DE",
		"name": "A", "email": "a@example.org", "reason": "late", "description": "x"}
	post := func(path string, change map[string]string) int {
		fields := make(map[string]string)
		for k, v := range complaint {
			fields[k] = v
		}
		for k, v := range change {
			fields[k] = v
		}
		var contentType string
		b := send(fields, &contentType)
		r := httptest.NewRequest("POST", path, b)
		r.Header.Set("Content-Type", contentType)
		w := httptest.NewRecorder()
		d.ServeHTTP(w, r)
		return w.Code
	}
	kept := func() int {
		entries, err := os.ReadDir(filepath.Join(d.dir, "files"))
		must(t, err)
		return len(entries)
	}
	steps := []struct {
		about  string
		path   string
		change map[string]string
		status int
		files  int
	}{
		{"a problem", "/api/v1/submissions", map[string]string{"name": ""}, 422, 0},
		{"an unknown shop", "/api/v1/submissions", map[string]string{"shop": "x"}, 404, 0},
		{"a bad id", "/api/v1/submissions", map[string]string{"id": "x"}, 400, 0},
		{"stored", "/api/v1/submissions", nil, 201, 1},
		{"repeated", "/api/v1/submissions", nil, 200, 1},
		{"other content", "/api/v1/submissions", map[string]string{"name": "B"}, 409, 1},
		{"a review", "/submissions", map[string]string{"id": "3f1c1c5e-7a51-4a0e-9a5e-0d5a5b1f0001"}, 200, 2},
		{"another file at the review", "/submissions", map[string]string{"id": "3f1c1c5e-7a51-4a0e-9a5e-0d5a5b1f0001"}, 200, 3}, // the form may be under way with the first
	}
	for _, step := range steps {
		if got := post(step.path, step.change); got != step.status || kept() != step.files {
			t.Fatalf("%s: status %d and %d files; want %d and %d", step.about, got, kept(), step.status, step.files)
		}
	}
	// A form that is never sent is forgotten after a day.
	d.now = noon.Add(reviewTime + time.Second)
	must(t, d.store.Forget(t.Context(), d.now.Add(-reviewTime)))
	later := d.now.AddDate(1, 0, 0) // the folder goes by the clock of the files
	if n, err := d.config.Files.Sweep(t.Context(), later, d.store.Known); n != 2 || err != nil || kept() != 1 {
		t.Errorf("the sweep removed %d files (%v) and left %d; want 2 and 1", n, err, kept())
	}
}

func TestLimitOfFilesIsThatOfTheForm(t *testing.T) {
	f, _ := form.Lookup("complaint")
	if field, _ := f.Field("files"); field.Max != maxFiles {
		t.Errorf("the form takes %d files, the server %d", field.Max, maxFiles)
	}
	for _, ending := range form.FileTypes {
		if sniff([]byte(samples[ending])) == "" {
			t.Errorf("the form takes %s and the server does not know its content", ending)
		}
	}
}

func (d *desk) login(t testing.TB) *http.Cookie {
	t.Helper()
	r := httptest.NewRequest("POST", "/inbox/login", strings.NewReader("login=owner&password="+strings.ReplaceAll(password, " ", "+")))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	all := w.Result().Cookies()
	if len(all) != 1 || all[0].Name != "__Host-recourse" || !all[0].Secure || !all[0].HttpOnly || all[0].Path != "/" || all[0].SameSite != http.SameSiteLaxMode {
		t.Fatalf("login gave status %d and cookies %v", w.Code, all)
	}
	return all[0]
}

// textOf is what a page says: its texts and the values of its inputs.
func textOf(t *testing.T, page string) string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	must(t, err)
	var b strings.Builder
	for n := range root.Descendants() {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
		for _, a := range n.Attr {
			if a.Key == "value" {
				b.WriteString(a.Val)
			}
		}
	}
	return b.String()
}

// mute is a store that stores submissions, and whose answer is lost.
type mute struct {
	Store
	lost error
}

func (m *mute) Submit(ctx context.Context, c docket.Case, letters []docket.Letter) (docket.Case, bool, error) {
	stored, existed, err := m.Store.Submit(ctx, c, letters)
	return stored, existed, errors.Join(err, m.lost)
}

// TestFilesOfACaseWhoseAnswerWasLost: the database has stored it, the connection broke before it could say so, and the visitor sends it again.
func TestFilesOfACaseWhoseAnswerWasLost(t *testing.T) {
	store := &mute{lost: errors.New("connection reset")}
	d := open(t, t.TempDir(), func(c *Config) { store.Store = c.Store; c.Store = store })
	id := uuid.NewString()
	send := func() int {
		var b bytes.Buffer
		m := multipart.NewWriter(&b)
		for name, value := range map[string]string{"id": id, "shop": "amber", "form": "complaint", "locale": "en-DE", "name": "A", "email": "a@example.org", "reason": "late", "description": "x"} {
			must(t, m.WriteField(name, value))
		}
		part, err := m.CreateFormFile("files", "a.png")
		must(t, err)
		part.Write(pixel)
		must(t, m.Close())
		return d.ask("POST", "/legal/api/v1/submissions", b.String(), "Content-Type: "+m.FormDataContentType()).Code
	}
	if code := send(); code != http.StatusServiceUnavailable {
		t.Fatalf("status %d", code)
	}
	store.lost = nil
	if code := send(); code/100 != 2 {
		t.Fatalf("sent again: status %d", code)
	}
	c := d.cases(t)[0]
	c, err := d.store.ByReference(t.Context(), c.Reference)
	must(t, err)
	for _, f := range c.Files {
		content, err := d.config.Files.Open(f.ID)
		if err != nil {
			t.Fatalf("the attachment of the case is gone: %v", err)
		}
		content.Close()
	}
	if left, err := filepath.Glob(filepath.Join(d.dir, "files", "*")); err != nil || len(c.Files) != 1 || len(left) != 1 {
		t.Errorf("%d attachments, %d files, %v; want one", len(c.Files), len(left), err)
	}
}
