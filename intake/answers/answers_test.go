package answers

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"recourse/content"
	"recourse/form"
)

// TestBuiltIn: every language has the same answers, for the same forms, and each can be sent only after what is left open was filled in.
func TestBuiltIn(t *testing.T) {
	b, err := Load(content.FS)
	if err != nil {
		t.Fatal(err)
	}
	english := b.languages["en"]
	if len(english) < 9 {
		t.Fatalf("there are %d answers in English", len(english))
	}
	for tag, list := range b.languages {
		same := func(a, b Answer) bool {
			return a.ID == b.ID && a.Form == b.Form && a.Refusal == b.Refusal && slices.Equal(a.Countries, b.Countries) &&
				strings.Contains(a.Text, Blank) == strings.Contains(b.Text, Blank)
		}
		if !slices.EqualFunc(english, list, same) {
			t.Errorf("%s has other answers than en", tag)
		}
		for _, a := range list {
			if !strings.Contains(a.Text, "{reference}") || !strings.Contains(a.Text, "{trader}") {
				t.Errorf("%s: %s names no reference or nobody who writes", tag, a.ID)
			}
		}
	}
}

func TestFor(t *testing.T) {
	b, err := Load(fstest.MapFS{
		"en/answers.toml": {Data: []byte("[[answer]]\nid=\"a\"\ntitle=\"A\"\ntext=\"en\"\n[[answer]]\nid=\"at\"\ntitle=\"AT\"\ntext=\"at\"\ncountries=[\"AT\"]\n[[answer]]\nid=\"w\"\ntitle=\"W\"\ntext=\"w\"\nform=\"withdrawal\"")},
		"de/answers.toml": {Data: []byte("[[answer]]\nid=\"a\"\ntitle=\"Ä\"\ntext=\"de\"")},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		language, country string
		kind              form.Kind
		want              string
	}{
		{"en", "DE", form.Complaint, "en"},
		{"en", "AT", form.Complaint, "en at"},
		{"en", "DE", form.Withdrawal, "en w"},
		{"de", "AT", form.Withdrawal, "de"},
		{"fr", "DE", form.Complaint, "en"},
	} {
		var got []string
		for _, a := range b.For(c.language, c.country, c.kind) {
			got = append(got, a.Text)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s in %s about a %s: %v, want %s", c.language, c.country, c.kind, got, c.want)
		}
	}
	if got := b.Title(b.languages["en"][0], "de"); got != "Ä" {
		t.Errorf("the title in German is %q", got)
	}
	if got := b.Title(b.languages["en"][1], "de"); got != "AT" {
		t.Errorf("the title of what German does not have is %q", got)
	}
	if got := (*Book)(nil).For("en", "DE", form.Complaint); got != nil {
		t.Errorf("no book has %v", got)
	}
}

func TestFill(t *testing.T) {
	got := Answer{Text: "Dear {name} ({reference}),\n{{.}} {trader}\n"}.Fill("{trader}", "R", "T")
	if want := "Dear {trader} (R),\n{{.}} T"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestMistakes(t *testing.T) {
	for source, want := range map[string]string{
		"[[answer]]\nid=\"a\"\ntitle=\"A\"":                                                            "en/answers.toml:1:",
		"[[answer]]\nid=\"a\"\ntitle=\"A\"\ntext=\"{contact}\"":                                        "{contact}",
		"[[answer]]\nid=\"a\"\ntitle=\"A\"\ntext=\"x\"\nform=\"praise\"":                               "there is no such form",
		"[[answer]]\nid=\"a\"\ntitle=\"A\"\ntext=\"x\"\n[[answer]]\nid=\"a\"\ntitle=\"B\"\ntext=\"y\"": "another answer",
		"[[answer]]\nid=\"a\"\ntitel=\"A\"\ntext=\"x\"":                                                "title",
	} {
		_, err := Load(fstest.MapFS{"en/answers.toml": {Data: []byte(source)}})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s\ngives %v, want %q", source, err, want)
		}
	}
}
