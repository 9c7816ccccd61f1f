package check

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"recourse/content"
	"recourse/day"
	"recourse/shop"
)

// found gives the ids of all clauses in a text.
func clausesIn(name, tag, source string) []string {
	var ids []string
	for _, s := range sentences(name, []byte(source)) {
		for _, c := range clauses().list {
			if _, _, ok := c.in(s, tag); ok {
				ids = append(ids, c.ID)
			}
		}
	}
	return ids
}

// TestClauses reads testdata/clauses: "id: sentence" is found as that clause and no other, "-: sentence" as none.
func TestClauses(t *testing.T) {
	for _, tag := range []string{"de", "en", "it", "pl"} {
		found, missed := map[string]int{}, 0
		for line := range cases(t, tag) {
			id, sentence, _ := strings.Cut(line, ": ")
			want := []string{id}
			if id == "-" {
				want, missed = nil, missed+1
			}
			found[id]++
			if got := clausesIn("returns.md", tag, sentence); !slices.Equal(got, want) {
				t.Errorf("%s: %q: found %v, want %v", tag, sentence, got, want)
			}
		}
		for _, c := range clauses().list {
			if found[c.ID] == 0 {
				t.Errorf("%s: no sentence for the clause %q", tag, c.ID)
			}
		}
		if missed < 5 {
			t.Errorf("%s: only %d near misses", tag, missed)
		}
	}
}

// TestPatterns wants every pattern to be the reason for a finding, so that none stands there untried.
func TestPatterns(t *testing.T) {
	for _, c := range clauses().list {
		for tag, list := range c.find {
			for i, re := range list {
				if !hits(t, c.ID, tag, re) {
					t.Errorf("%s: no sentence for %q", c.ID, c.Patterns[tag][i])
				}
			}
		}
	}
}

func hits(t *testing.T, id, tag string, re *regexp.Regexp) bool {
	tags := []string{tag}
	if tag == "any" {
		tags = []string{"de", "en", "it", "pl"}
	}
	for _, tag := range tags {
		for line := range cases(t, tag) {
			sentence, ok := strings.CutPrefix(line, id+": ")
			if ok && re.MatchString(sentences("returns.md", []byte(sentence))[0].text) {
				return true
			}
		}
	}
	return false
}

func cases(t *testing.T, tag string) func(func(string) bool) {
	t.Helper()
	data, err := os.ReadFile("testdata/clauses/" + tag + ".txt")
	if err != nil {
		t.Fatal(err)
	}
	return func(yield func(string) bool) {
		for line := range strings.Lines(string(data)) {
			if line = strings.TrimSpace(line); line != "" && line[0] != '#' && !yield(line) {
				return
			}
		}
	}
}

// Our own texts are not suspected of anything.
func TestBuiltInTexts(t *testing.T) {
	n := 0
	err := fs.WalkDir(content.FS, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := content.FS.ReadFile(name)
		n++
		if ids := clausesIn(name, path.Dir(name), string(data)); len(ids) > 0 {
			t.Errorf("%s: %v", name, ids)
		}
		return err
	})
	if err != nil || n < 50 {
		t.Errorf("read %d texts: %v", n, err)
	}
}

// own is a shop's folder of texts over the built-in ones.
func own(files map[string]string) fs.FS {
	m := notices([]string{"de", "en", "fr", "pt"})
	for name, text := range files {
		m[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return content.Overlay(m, content.FS)
}

const front = "+++\ntitle = \"Rückgabe\"\ndescription = \"Wie\"\nreviewed = \"none\"\n+++\n\n"

func TestClausePlaces(t *testing.T) {
	tests := []struct {
		name, file, text, want string // what the only finding says
	}{
		{"a page", "de/returns.md", front + "Hallo Kundin.\nSchöne Grüße, die *Rückgabe* ist nur in der\n**Originalverpackung** möglich.\n",
			`de/returns.md:8:34 "nur in der Originalverpackung"`},
		{"decomposed letters", "de/returns.md", front + "Die Ru\u0308ckgabefrist betra\u0308gt 7 Tage.", `de/returns.md:7:5 "Ru` + "\u0308ckgabefrist betra\u0308" + `gt 7 Tage"`},
		{"an action in between", "de/returns.md", front + "Die Rückgabe ist nur {{if .Law.EU}}in der{{end}} Originalverpackung möglich.",
			`de/returns.md:7:18 "nur in der Originalverpackung"`},
		{"a string", "de/site.toml", "# Geöffnete Ware kann nicht zurückgegeben werden.\n\"x\" = \"Gerichtsstand ist Rostock\"\n", `de/site.toml:2:8 "Gerichtsstand ist"`},
		{"a layout", "layout/page.html", "<p>\n<a href=\"https://ec.europa.eu/consumers/odr/\">ODR</a>", `layout/page.html:2:18 "ec.europa.eu/consumers/odr"`},
		{"a list", "de/returns.md", front + "Wir nehmen nur\n\n- Originalverpackung", ""},
		{"two strings", "de/site.toml", "\"x\" = \"Nur hier\"\n\"y\" = \"Originalverpackung\"\n", ""},
		{"emphasis", "de/returns.md", front + "Gerichtsstand **ist** Rostock.", `de/returns.md:7:1 "Gerichtsstand ist"`},
		{"two keys", "de/returns.md", "+++\ntitle = \"Nur hier\"\ndescription = \"Originalverpackung\"\nreviewed = \"none\"\n+++\n\nText.", ""},
		{"another sentence", "de/returns.md", front + "Das gilt nur hier. Die Originalverpackung ist schön.", ""},
		{"a comment", "de/returns.md", front + "{{/* Gerichtsstand ist Rostock. */}}<!-- Gerichtsstand ist Rostock. -->", ""},
		{"a language nobody reads", "pl/returns.md", front + "Rękojmia jest wyłączona.", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := input(t, sound())
			in.Content = own(map[string]string{tt.file: tt.text})
			var got []string
			for _, f := range check(t, in) {
				if strings.HasPrefix(f.ID, "clause-") {
					got = append(got, fmt.Sprintf("%s:%d:%d %q", f.File, f.Line, f.Column, f.Subject))
				}
			}
			if s := strings.Join(got, "\n"); s != tt.want {
				t.Errorf("got %s\nwant %s", s, tt.want)
			}
		})
	}
}

// Whatever a text is, every byte of its sentences has a place in it, in order.
func FuzzSentences(f *testing.F) {
	for _, seed := range []string{front, "a. b; c\r\n- d", "u\u0308\xff{{x}}*\u00ad", "\"k\" = \"v\"\n# c"} {
		f.Add("de/returns.md", []byte(seed))
		f.Add("de/site.toml", []byte(seed))
	}
	f.Fuzz(func(t *testing.T, name string, source []byte) {
		for _, s := range sentences(name, source) {
			if len(s.at) != len(s.text)+1 || !slices.IsSorted(s.at) || s.at[len(s.text)] > len(source) {
				t.Fatalf("%q has the places %v in a text of %d bytes", s.text, s.at, len(source))
			}
		}
	})
}

// A clause binds where its law does: here, from its day on, and for readers of the text.
func TestClauseReach(t *testing.T) {
	const odr, maybe, court = "See https://ec.europa.eu/odr.", "We decide on conciliation case by case.", "The place of jurisdiction is Bern."
	tests := []struct {
		name    string
		markets shop.Markets
		text    string
		today   day.Day
		want    []string // id, markets
	}{
		{"the law is verified", shop.Markets{"DE": {"en"}, "AT": {"en"}}, court, today, []string{"clause-jurisdiction DE AT"}},
		{"outside the EEA", shop.Markets{"CH": {"en"}}, court, today, nil},
		{"one of two markets", shop.Markets{"CH": {"en"}, "AT": {"en"}}, court, today, []string{"clause-jurisdiction AT"}},
		{"a German ruling", shop.Markets{"DE": {"en"}, "AT": {"en"}}, maybe, today, []string{"clause-adr-maybe DE"}},
		{"a German ruling elsewhere", shop.Markets{"AT": {"en"}}, maybe, today, nil},
		{"the platform was open", shop.Markets{"DE": {"en"}}, odr, day.Of(2025, 7, 19), nil},
		{"the platform is closed", shop.Markets{"DE": {"en"}}, odr, day.Of(2025, 7, 20), []string{"clause-odr-link DE"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := sound()
			s.Markets = tt.markets
			in := input(t, s)
			in.Today, in.Content = tt.today, own(map[string]string{"en/returns.md": front + tt.text})
			var got []string
			for _, f := range check(t, in) {
				if strings.HasPrefix(f.ID, "clause-") {
					got = append(got, f.ID+" "+strings.Join(f.Details, " "))
				}
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("found %q, want %q", got, tt.want)
			}
		})
	}
}

// What is not verified is never given as a reason, and the words say so.
func TestClauseWording(t *testing.T) {
	for _, c := range clauses().list {
		r := newRun(input(t, sound()))
		r.clause(c, text{name: "de/x.md", file: "de/x.md", data: []byte("Wort")}, "de", [2]int{0, 4}, []string{"DE"})
		f := r.found[0]
		if may := strings.Contains(f.Message, "may be unlawful"); may == c.Verified {
			t.Errorf("%s: verified %t, but says %q", c.ID, c.Verified, f.Message)
		}
		if (f.Statute != "") != c.Verified || (f.Source != "") != c.Verified {
			t.Errorf("%s: verified %t, statute %q, source %q", c.ID, c.Verified, f.Statute, f.Source)
		}
	}
}

func TestClauseFileMistakes(t *testing.T) {
	const sound = "[explanation.x]\nmessage = 'm'\nfix = 'f'\n[[clause]]\nid = 'a'\nlevel = 'warning'\nreviewed = '2026-11-20'\nexplanation = 'x'\n"
	tests := []struct{ name, change, want string }{
		{"no source", "verified = true\n", "what is verified has an article and a source"},
		{"a bracket is open", "[clause.patterns]\nde = ['(a|b']\n", "missing closing )"},
		{"a key is misspelt", "patern = 1\n", "patern"},
	}
	if _, err := readClauses([]byte(sound)); err != nil {
		t.Fatalf("a sound file: %v", err)
	}
	for _, tt := range tests {
		if _, err := readClauses([]byte(sound + tt.change)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
	}
	if _, err := readClauses([]byte(strings.Replace(sound, "'x'", "'y'", 1))); err == nil || !strings.Contains(err.Error(), "no such explanation") {
		t.Errorf("explained by nothing: %v", err)
	}
}
