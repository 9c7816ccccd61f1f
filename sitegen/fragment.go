package sitegen

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"path"
	"regexp"
	"strings"
)

// A fragment is the text of a page alone, to be pasted into pages that a content management system makes. Links in it are
// absolute. Its ids begin with the names of locale and page, "de-DE_returns_s-how-long", so that any number of fragments can stand
// on one page; neither name can hold the line between them.

// fragmentsFile lists the fragments for programs that import them.
const fragmentsFile = "fragments.json"

func fragmentFile(page string) string { return path.Dir(page) + "/fragment.html" }

// fragment is the body of a page as a fragment.
func (s Site) fragment(tag, name string, body []byte) []byte {
	m := mover{prefix: tag + "_" + name + "_", home: s.address(tag, name)}
	return tagPattern.ReplaceAllFunc(body, m.tag)
}

var (
	tagPattern       = regexp.MustCompile(`<[a-zA-Z](?:[^"<>]|"[^"]*")*>`)
	attributePattern = regexp.MustCompile(`\s(id|for|aria-labelledby|aria-describedby|href|src|action|cite)="[^"]*"`)
)

// mover rewrites the ids and links of a text that will stand elsewhere.
type mover struct{ prefix, home string }

func (m mover) tag(tag []byte) []byte { return attributePattern.ReplaceAllFunc(tag, m.attribute) }

func (m mover) attribute(attribute []byte) []byte {
	name, value, _ := strings.Cut(strings.TrimSuffix(string(attribute), `"`), `="`)
	switch strings.TrimSpace(name) {
	case "href", "src", "action", "cite":
		value = html.EscapeString(m.link(html.UnescapeString(value)))
	default:
		value = m.prefix + strings.Join(strings.Fields(value), " "+m.prefix)
	}
	return []byte(name + `="` + value + `"`)
}

// link leads where it led on the page itself.
func (m mover) link(link string) string {
	if anchor, here := strings.CutPrefix(link, "#"); here {
		return "#" + m.prefix + anchor
	}
	home, err := url.Parse(m.home)
	target, errLink := url.Parse(link)
	if err != nil || errLink != nil || target.IsAbs() || strings.HasPrefix(link, markStart) {
		return link // a dead link is told with its place
	}
	return home.ResolveReference(target).String()
}

// addFragments lays the fragments of a locale beside its pages.
func (l *localePages) addFragments(files map[string]*mold) {
	for _, p := range l.pages {
		files[fragmentFile(l.file(p.name))] = p.fragment
	}
}

// fragmentEntry is what fragments.json says of a fragment.
type fragmentEntry struct {
	Locale      string `json:"locale"`
	Page        string `json:"page"`
	Title       string `json:"title"`
	Description string `json:"description"`
	URL         string `json:"url"` // of the whole page
	File        string `json:"file"`
	SHA256      string `json:"sha256"` // of the file
}

// listFragments makes fragments.json. Files that have not been made are made for it.
func (p *Print) listFragments(f *filler, made map[string][]byte) ([]byte, error) {
	var list struct {
		Fragments []fragmentEntry `json:"fragments"`
	}
	for _, l := range p.molds.frames.locales {
		for _, leaf := range l.pages {
			entry, err := p.fragmentEntry(f, l, leaf, made)
			if err != nil {
				return nil, fmt.Errorf("list the fragments: %w", err)
			}
			list.Fragments = append(list.Fragments, entry)
		}
	}
	data, err := json.MarshalIndent(list, "", " ")
	return append(data, '\n'), err
}

func (p *Print) fragmentEntry(f *filler, l *localePages, leaf *leaf, made map[string][]byte) (entry fragmentEntry, err error) {
	file := fragmentFile(l.file(leaf.name))
	data, ok := made[file]
	if !ok {
		if data, err = f.fill(leaf.fragment); err != nil {
			return entry, err
		}
	}
	title, err := f.fill(leaf.title)
	if err != nil {
		return entry, err
	}
	description, err := f.fill(leaf.description)
	return fragmentEntry{
		Locale: l.tag, Page: leaf.name, Title: html.UnescapeString(string(title)), Description: html.UnescapeString(string(description)),
		URL: p.site.address(l.tag, leaf.name), File: file, SHA256: fmt.Sprintf("%x", sha256.Sum256(data)),
	}, err
}
