package intake

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/http/httptest"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"recourse/day"
	"recourse/form"
	"recourse/form/formtest"
	"recourse/locale"
)

// TestCheckAnswersTheTables posts each value of form/testdata in an otherwise flawless form to /api/v1/checks, where
// browsers without WebAssembly ask. The browser's own rules are held against the same tables.
func TestCheckAnswersTheTables(t *testing.T) {
	cases, err := formtest.Read(os.DirFS("../form/testdata"))
	must(t, err)
	d := open(t, t.TempDir(), silent)
	english, err := d.config.Locales.Locale("en-DE")
	must(t, err)
	asked := 0
	for _, c := range cases {
		if c.Answer == "" || !utf8.ValidString(c.Value) || len(c.Value) > maxText {
			continue // how a value is cleaned; what no browser can send; what is refused before anybody looks at it
		}
		asked++
		t.Run(c.Name(), func(t *testing.T) {
			typeMonths(t, english.Language, c.Months)
			d.now = noonBefore(c.Today)
			if got, want := d.check(t, c), problemOf(c); !slices.Equal(got, want) {
				t.Errorf("the server finds %q, want %q", got, want)
			}
		})
	}
	if asked < 250 {
		t.Errorf("%d values were asked about, want at least 250", asked)
	}
}

// typeMonths has people type these names of months and no others.
func typeMonths(t *testing.T, l *locale.Language, months []string) {
	before := *l
	t.Cleanup(func() { l.Months, l.MonthNames = before.Months, before.MonthNames })
	l.Months, l.MonthNames = nil, months
}

// noonBefore is when a visitor east of the shop may already have this day.
func noonBefore(today day.Day) time.Time {
	return time.Unix(int64(today-1)*24*60*60, 0).Add(12 * time.Hour)
}

// problemOf is what the server should say, code by code, and for a text or a list how much is over.
func problemOf(c formtest.Case) []string {
	if c.Answer == "ok" {
		return nil
	}
	return []string{c.Field + "." + c.Answer}
}

// flawless are answers to what is required.
var flawless = map[string]map[string]string{
	"withdrawal": {"name": "Anna", "contract": "A-1", "email": "anna@example.org"},
	"complaint":  {"name": "Anna", "email": "anna@example.org", "reason": "late", "description": "It is late."},
}

// check gives the problems the server finds in the value, written as in the tables: "name.too-long 1".
func (d *desk) check(t *testing.T, c formtest.Case) []string {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for name, value := range map[string]string{"id": uuid.NewString(), "shop": "amber", "form": c.Form, "locale": "en-DE"} {
		must(t, m.WriteField(name, value))
	}
	for name, value := range flawless[c.Form] {
		if name != c.Field {
			must(t, m.WriteField(name, value))
		}
	}
	must(t, write(m, c))
	must(t, m.Close())
	r := httptest.NewRequest("POST", "/api/v1/checks", &b)
	r.Header.Set("Content-Type", m.FormDataContentType())
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	if w.Code == 204 {
		return nil
	}
	var answer details
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || w.Code != 422 || len(answer.Problems) == 0 {
		t.Fatalf("status %d, %s", w.Code, w.Body)
	}
	var found []string
	for _, p := range answer.Problems {
		found = append(found, p.Code+over(p.Message))
	}
	return found
}

// write adds the value. Files are sent as such, each with what its name promises.
func write(m *multipart.Writer, c formtest.Case) error {
	if c.Field != "files" {
		return m.WriteField(c.Field, c.Value)
	}
	for name := range strings.SplitSeq(form.Clean(form.Files, c.Value), "\n") {
		if name == "" {
			continue
		}
		part, err := m.CreateFormFile("files", name)
		if err != nil {
			return err
		}
		if _, err := part.Write([]byte(samples[strings.ToLower(path.Ext(name))] + "content")); err != nil {
			return err
		}
	}
	return nil
}

// samples are how files of a kind begin.
var samples = map[string]string{".jpg": "\xff\xd8\xff\xe0", ".jpeg": "\xff\xd8\xff\xe1", ".png": "\x89PNG\r\n\x1a\n", ".webp": "RIFF\x00\x00\x00\x00WEBPVP8 ",
	".heic": "\x00\x00\x00\x18ftypheic", ".pdf": "%PDF-1.7"}

// over is the number in "You have 3 too many", with a space before it.
func over(message string) string {
	words := strings.Fields(message)
	if at := slices.Index(words, "too"); at > 1 && words[at-2] == "have" {
		return " " + words[at-1]
	}
	return ""
}
