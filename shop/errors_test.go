package shop

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// sound is a file without mistakes; the cases change lines of it.
const sound = `id = "bernstein"
name = "Bernsteinladen"
website = "https://bernstein.example"
publish = "https://bernstein.example/legal/"
intake = "https://bernstein.example/legal/"
zone = "Europe/Berlin"
[trader]
legal_name = "Bernstein Handels GmbH"
address = ["Hafenstraße 12", "18055 Rostock"]
country = "DE"
email = "service@bernstein.example"
phone = "+49 381 5550100"
register = "HRB 0000 Rostock"
staff = 14

[markets]
DE = ["de", "en"]
AT = ["de"]

[returns]
days = 30
cost = "consumer"
excluded = ["sealed-hygiene"]
collects = false

[disputes]
participation = "no"

[privacy]
retention_months = 36
`

type errorCase struct{ title, input, want string }

func errorCases(t testing.TB) []errorCase {
	t.Helper()
	text, err := os.ReadFile("testdata/errors.txt")
	if err != nil {
		t.Fatal(err)
	}
	var cases []errorCase
	for _, block := range strings.Split(string(text), "\n== ")[1:] {
		title, rest, _ := strings.Cut(block, "\n")
		edits, want, ok := strings.Cut(rest, "....\n")
		if !ok {
			t.Fatalf("case %q has no line of dots", title)
		}
		cases = append(cases, errorCase{title, edit(t, title, edits), strings.TrimSpace(want)})
	}
	return cases
}

// edit applies the -, + and = lines of a case. Added lines stand where the last one was taken away.
func edit(t testing.TB, title, edits string) string {
	t.Helper()
	file, place := sound, 0
	var whole []string
	for _, line := range strings.Split(strings.TrimSuffix(edits, "\n"), "\n") {
		sign, text := line[:1], line[1:]+"\n"
		switch sign {
		case "-":
			place = strings.Index("\n"+file, "\n"+text)
			if place < 0 {
				t.Fatalf("case %q takes away %q, which is not there", title, text)
			}
			file = file[:place] + file[place+len(text):]
		case "+":
			file = file[:place] + text + file[place:]
			place += len(text)
		case "=":
			whole = append(whole, text)
		default:
			t.Fatalf("case %q has the line %q", title, line)
		}
	}
	if whole != nil {
		return strings.Join(whole, "")
	}
	return file
}

func TestErrors(t *testing.T) {
	if _, err := Parse("shop.toml", []byte(sound)); err != nil {
		t.Fatalf("the sound file: %v", err)
	}
	for _, c := range errorCases(t) {
		t.Run(c.title, func(t *testing.T) {
			s, err := Parse("shop.toml", []byte(c.input))
			got := ""
			if err != nil {
				got = err.Error()
			}
			if got != c.want {
				t.Errorf("got\n%s\n\nwant\n%s", got, c.want)
			}
			if s != nil {
				t.Error("a shop was returned beside the error")
			}
		})
	}
}

func TestErrorFields(t *testing.T) {
	_, err := Parse("a/shop.toml", []byte(edit(t, "fields", "-id = \"bernstein\"\n+id = \"Bern Stein\"")))
	all := each(t, err)
	if len(all) != 1 {
		t.Fatalf("%d mistakes, want 1: %v", len(all), err)
	}
	want := Error{File: "a/shop.toml", Line: 1, Column: 6, Key: "id", Value: `"Bern Stein"`, Problem: "the id stands in web addresses",
		Fix: `use only lower-case letters, digits and single hyphens, at most 40, for example "bern-stein"`}
	if *all[0] != want {
		t.Errorf("got %+v\nwant %+v", *all[0], want)
	}
}

// Whatever the file, Parse says something useful: a shop that keeps its promises, or mistakes
// that each have a place in the file.
func FuzzParse(f *testing.F) {
	f.Add([]byte(sound))
	f.Add(Template("my-shop", "My shop"))
	for _, c := range errorCases(f) {
		f.Add([]byte(c.input))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := Parse("shop.toml", data)
		if (s == nil) != (err != nil) {
			t.Fatalf("shop %v and error %v", s, err)
		}
		if err != nil {
			lines := strings.Count(string(data), "\n") + 1
			for _, e := range each(t, err) {
				if e.Line < 1 || e.Line > lines || e.Column < 1 || e.Problem == "" || strings.Contains(e.Error(), "\n") {
					t.Fatalf("mistake without a place, a reason or on several lines: %+v", e)
				}
			}
			return
		}
		if s.DefaultLocale() == "" || !s.Serves(s.DefaultLocale()) || slices.ContainsFunc(s.Homes(), func(home string) bool { return !strings.HasSuffix(home, "/") }) || s.Location() == nil {
			t.Fatalf("accepted %+v", s)
		}
	})
}
