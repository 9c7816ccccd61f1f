package paste

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
)

var links = []Link{
	{"Withdraw from contract here", "https://shop.example/legal/en-DE/withdrawal/"},
	{"Complain & be heard", "https://shop.example/legal/en-DE/complaints/?a=1&b=2"},
	{"Dispute resolution", "https://shop.example/legal/en-DE/disputes/"},
}

// The hashes are those of `printf 'withdraw()' | openssl dgst -sha384 -binary | base64`, and of sha256 in base32.
var script = NewScript("https://shop.example/legal/", map[string][]byte{
	"recourse.js": []byte("withdraw()"), "assets/forms.abcdefgh.js": []byte("withdraw()"), "assets/rules.abcdefgh.wasm": {0},
})

func TestScript(t *testing.T) {
	if want := "https://shop.example/legal/recourse.js"; script.URL != want {
		t.Errorf("URL %q, want %q", script.URL, want)
	}
	if want := "https://shop.example/legal/recourse.37vif45e.js"; script.Pinned != want {
		t.Errorf("pinned %q, want %q", script.Pinned, want)
	}
	if want := "sha384-srLGKGqrmmiWlhVIaAsgg0EDjU8b68l/uAfXBNn79SJVVKZyQIAqf6iN2onUBuTL"; script.Integrity != want {
		t.Errorf("integrity %q, want %q", script.Integrity, want)
	}
	if diff := cmp.Diff(map[string]string{"https://shop.example/legal/assets/forms.abcdefgh.js": script.Integrity}, script.ImportMap.Integrity); diff != "" {
		t.Errorf("import map (-want +got):\n%s", diff)
	}
}

// Read as a browser reads it, each variant leads to the same pages with the same words, and loads what it says.
func TestSnippet(t *testing.T) {
	s := script.Snippet(links)
	for _, c := range []struct{ name, snippet, source, integrity string }{
		{"tag", s.Tag, script.URL, ""},
		{"pinned", s.Pinned, script.Pinned, script.Integrity},
		{"plain", s.Plain, "", ""},
	} {
		got, source, integrity := read(t, c.snippet)
		if diff := cmp.Diff(links, got); diff != "" {
			t.Errorf("%s: links (-want +got):\n%s", c.name, diff)
		}
		if source != c.source || integrity != c.integrity {
			t.Errorf("%s: script %q with integrity %q, want %q with %q", c.name, source, integrity, c.source, c.integrity)
		}
	}
	if strings.Count(s.Plain, "<p>") != 2 {
		t.Errorf("plain is not two paragraphs: %s", s.Plain)
	}
}

func read(t *testing.T, snippet string) (links []Link, source, integrity string) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(snippet))
	if err != nil {
		t.Fatal(err)
	}
	for n := range doc.Descendants() {
		attributes := map[string]string{}
		for _, a := range n.Attr {
			attributes[a.Key] = a.Val
		}
		switch n.Data {
		case "a":
			links = append(links, Link{n.FirstChild.Data, attributes["href"]})
		case "script":
			source, integrity = attributes["src"], attributes["integrity"]
			if (integrity != "") != (attributes["crossorigin"] == "anonymous") {
				t.Errorf("integrity needs crossorigin, and only that: %s", snippet)
			}
		}
	}
	return links, source, integrity
}

func TestFiles(t *testing.T) {
	snippet := script.Snippet(links)
	austrian := NewScript("https://shop.example.at/recht/", map[string][]byte{"recourse.js": []byte("withdraw()")})
	files, err := script.Files([]byte("withdraw()"), map[string]Script{"https://shop.example.at/recht/": austrian}, map[string]Snippet{"en-DE": snippet})
	if err != nil {
		t.Fatal(err)
	}
	if name := strings.TrimPrefix(script.Pinned, "https://shop.example/legal/"); string(files[name]) != "withdraw()" {
		t.Errorf("%s is %q", name, files[name])
	}
	var got struct {
		Script, Pinned, Integrity string
		Domains                   map[string]struct{ Script, Pinned, Integrity string }
		Snippets                  map[string]Snippet
	}
	if err := json.Unmarshal(files["integrity.json"], &got); err != nil {
		t.Fatal(err)
	}
	if got.Script != script.URL || got.Pinned != script.Pinned || got.Integrity != script.Integrity || got.Snippets["en-DE"] != snippet {
		t.Errorf("integrity.json says %+v", got)
	}
	if at := got.Domains["https://shop.example.at/recht/"]; at.Script != "https://shop.example.at/recht/recourse.js" || at.Integrity != script.Integrity {
		t.Errorf("in Austria integrity.json says %+v", at)
	}
}
