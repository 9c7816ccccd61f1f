package locale

import (
	"testing"
	"testing/fstest"

	"recourse/content"
)

// TestSound: what can be read is there, what cannot comes from the stand-in.
func TestSound(t *testing.T) {
	standIn, err := Load(content.FS)
	if err != nil {
		t.Fatal(err)
	}
	broken := content.Overlay(fstest.MapFS{
		"en/own.toml":      {Data: []byte("\"own.a\" = \"A\"\n\"own.b\" = b\n")},
		"de/own.toml":      {Data: []byte("\"own.a\" = \"Ä\"\n")},
		"de/site.toml":     {Data: []byte("not TOML")},
		"fr/own.toml":      {Data: []byte("\"own.a\" = \"À\"\n")},
		"fr/language.toml": {Data: []byte("name = 1\n")},
	}, content.FS)
	if _, err := Load(broken); err == nil {
		t.Fatal("nothing is wrong")
	}
	c := Sound(broken, standIn)
	for tag, want := range map[string]string{"en": "A", "de": "Ä", "fr": "À", "it": "A"} {
		l, ok := c.Language(tag)
		if !ok || l.Tag != tag {
			t.Fatalf("%s: %v", tag, l)
		}
		if got := l.Text("own.a"); got != want {
			t.Errorf("%s: %q", tag, got)
		}
		l.Text("site.skip") // which would panic
		if tag == "de" && l.Text("site.skip") == c.languages["en"].Text("site.skip") {
			t.Error("German has the words of English")
		}
	}
}
