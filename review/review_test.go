package review

import (
	"strings"
	"testing"

	"recourse/day"
	"recourse/strict"
)

func TestStatus(t *testing.T) {
	for text, want := range map[string]string{
		"reviewed = \"none\"": "",
		"reviewed = \"lawyer\"\nreviewed_on = \"2026-11-22\"":           "",
		"reviewed = \"editor\"":                                         "it is not said when",
		"reviewed = \"A. Muster\"":                                      "there is no such reading",
		"reviewed = \"editor\"\nreviewed_on = \"22.11.2026\"":           "22.11.2026",
		"reviewed = \"editor\"\nreviewed_on = \"2026-11-22\"\nfact = 1": "fact",
	} {
		var s Status
		doc := strict.Decode("a.toml", []byte(text), &s)
		if doc.Readable() {
			s.Check(doc)
		}
		if err := doc.Err(); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

// Set reads one key after another, as front matter is read that has no mistake.
func TestSet(t *testing.T) {
	var s Status
	for _, pair := range [][2]string{{"reviewed", "lawyer"}, {"reviewed_on", "2026-11-22"}, {"reviewed_by", "A. Muster"}, {"facts", "2026-11-20"}} {
		if !IsKey(pair[0]) || !s.Set(pair[0], pair[1]) {
			t.Errorf("%v is refused", pair)
		}
	}
	if want := (Status{Lawyer, day.Of(2026, 11, 22), "A. Muster", day.Of(2026, 11, 20)}); s != want {
		t.Errorf("got %+v, want %+v", s, want)
	}
	for _, pair := range [][2]string{{"reviewed", "friend"}, {"facts", "today"}, {"title", "x"}} {
		if s.Set(pair[0], pair[1]) {
			t.Errorf("%v is taken", pair)
		}
	}
}

func TestOf(t *testing.T) {
	for _, file := range []struct{ name, text, want string }{
		{"de/returns.md", "\ufeff+++\r\ntitle = \"x\"\r\nreviewed = \"lawyer\"\r\n+++\r\n", "lawyer"}, // as editors on Windows save it
		{"de/returns.md", "+++\ntitle = \"x\"\n+++\nreviewed = \"lawyer\"\n", "none"},
		{"de/returns.md", "reviewed = \"lawyer\"\n", "none"},
		{"de/site.toml", "reviewed = \"editor\"\n\"site.skip\" = \"x\"\n", "editor"},
		{"de/site.toml", "reviewed = editor\n", "none"},
		{"de/answers.toml", "reviewed = \"editor\"\n[[answer]]\nid = \"a\"\n", "editor"},
	} {
		if got := Of(file.name, []byte(file.text)).Reviewed; string(got) != file.want {
			t.Errorf("%s: %q is %s, want %s", file.name, file.text, got, file.want)
		}
	}
}
