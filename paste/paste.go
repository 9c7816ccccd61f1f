// Package paste makes what a shop's owner copies into their own pages: links that work without any script, and the
// script's tag, with and without the hash a browser checks it against.
package paste

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base32"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"strings"
)

// Link leads to one of our pages.
type Link struct{ Label, URL string }

// HTML is the link as an element.
func (l Link) HTML() string {
	return fmt.Sprintf(`<a href="%s">%s</a>`, html.EscapeString(l.URL), html.EscapeString(l.Label))
}

// Script is the pasted script in two addresses: the one that stays and the one that names its content.
type Script struct {
	URL       string `json:"script"`
	Pinned    string `json:"pinned"`
	Integrity string `json:"integrity"`

	// ImportMap pins the scripts that the first one loads, for pages that pin every script.
	ImportMap struct {
		Integrity map[string]string `json:"integrity"`
	} `json:"importmap"`

	name string // of the pinned file
}

// NewScript describes the script among the files of the widget (path -> content), which are served below base.
func NewScript(base string, files map[string][]byte) Script {
	code := files["recourse.js"]
	short := sha256.Sum256(code)
	name := "recourse." + strings.ToLower(base32.StdEncoding.EncodeToString(short[:5])) + ".js"
	s := Script{URL: base + "recourse.js", Pinned: base + name, Integrity: integrity(code), name: name}
	s.ImportMap.Integrity = map[string]string{}
	for path, data := range files {
		if strings.HasPrefix(path, "assets/") && strings.HasSuffix(path, ".js") {
			s.ImportMap.Integrity[base+path] = integrity(data)
		}
	}
	return s
}

func integrity(data []byte) string {
	sum := sha512.Sum384(data)
	return "sha384-" + base64.StdEncoding.EncodeToString(sum[:])
}

// Snippet is what there is to paste for one locale.
type Snippet struct {
	Tag    string `json:"tag"`    // the latest script, whatever it is
	Pinned string `json:"pinned"` // this script and no other
	Plain  string `json:"plain"`  // for places that allow no script
}

// Snippet puts the links inside the element: they are what a visitor has whose browser does not run the script.
func (s Script) Snippet(links []Link) Snippet {
	widget := "<recourse-widget>\n" + list(links, "  ", "\n") + "\n</recourse-widget>\n"
	return Snippet{
		Tag:    widget + fmt.Sprintf(`<script async src="%s"></script>`, html.EscapeString(s.URL)),
		Pinned: widget + fmt.Sprintf(`<script async src="%s" integrity="%s" crossorigin="anonymous"></script>`, html.EscapeString(s.Pinned), s.Integrity),
		Plain:  plain(links),
	}
}

// plain is the forms in one paragraph and the notice, which is always the last link, in another.
func plain(links []Link) string {
	forms, notice := links[:len(links)-1], links[len(links)-1:]
	return "<p>" + list(forms, "", " · ") + "</p>\n<p>" + list(notice, "", "") + "</p>"
}

func list(links []Link, before, between string) string {
	made := make([]string, len(links))
	for i, l := range links {
		made[i] = before + l.HTML()
	}
	return strings.Join(made, between)
}

// Files are the script under its second name and integrity.json, which tells programs what build tells people. domains are the
// other addresses at which the script is served.
func (s Script) Files(code []byte, domains map[string]Script, snippets map[string]Snippet) (map[string][]byte, error) {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(struct {
		Script
		Domains  map[string]Script  `json:"domains,omitempty"`
		Snippets map[string]Snippet `json:"snippets"`
	}{s, domains, snippets})
	return map[string][]byte{s.name: code, "integrity.json": []byte(b.String())}, err
}
