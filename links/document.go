package links

import (
	"io"
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

// document is the part of a page that links can ask for.
type document struct {
	ids     map[string]bool
	scripts bool // which may make further ids
	whole   bool
}

// readDocument collects the places of a page, up to a limit.
func readDocument(in io.Reader, limit int64) (*document, error) {
	d := &document{ids: map[string]bool{}}
	rest := &io.LimitedReader{R: in, N: limit}
	tokens := html.NewTokenizer(rest)
	for {
		switch tokens.Next() {
		case html.ErrorToken:
			d.whole = rest.N > 0
			if err := tokens.Err(); err != io.EOF {
				return nil, err
			}
			return d, nil
		case html.StartTagToken, html.SelfClosingTagToken:
			d.note(tokens)
		}
	}
}

func (d *document) note(tokens *html.Tokenizer) {
	tag, more := tokens.TagName()
	d.scripts = d.scripts || string(tag) == "script"
	isLink := string(tag) == "a"
	for more {
		var key, value []byte
		key, value, more = tokens.TagAttr()
		if string(key) == "id" || isLink && string(key) == "name" {
			d.ids[string(value)] = true
		}
	}
}

// answer judges a link to a place on the page. One that is not there may be made by a script.
func (d *document) answer(anchor string) Answer {
	const problem = "the page has no place named "
	name, _ := url.PathUnescape(anchor) // it was escaped by package url
	switch {
	case d == nil || anchor == "" || strings.EqualFold(anchor, "top") || d.ids[anchor] || d.ids[name] || forScripts(name):
		return Answer{}
	case !d.whole:
		return Answer{Unjudged, "the page is too large to look for #" + anchor, fixLook}
	case d.scripts:
		return Answer{Unjudged, problem + "#" + anchor + ", unless a script makes it", fixLook}
	}
	return Answer{Dead, problem + "#" + anchor, "correct what stands after the #, or leave it out"}
}

// forScripts reports whether what follows the # names no element: a route, or a text to highlight.
func forScripts(anchor string) bool { return strings.ContainsAny(anchor, "/!=:") }
