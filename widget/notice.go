package widget

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// notice is the dispute notice for the dialog.
type notice struct {
	Lang      string          `json:"lang"`
	Dir       string          `json:"dir"`
	Title     string          `json:"title"`
	Nodes     []any           `json:"nodes"`
	Words     words           `json:"words"`
	Country   string          `json:"country"`             // the code of the one it is for
	Countries []countryNotice `json:"countries,omitempty"` // for which it can be read, in the order of their names
}

// countryNotice says where the text for a country is: a file with nodes, beside the scripts.
type countryNotice struct {
	Code string `json:"code"`
	Name string `json:"name"`
	File string `json:"file"`
}

// Country is a country the dispute notice can be read for.
type Country struct {
	Code, Name string
	Notice     string // HTML; empty: the country is left out
}

// putNotices adds the notice of the locale and the texts for other countries, and returns the hash in its name.
func (l Locale) putNotices(files map[string][]byte, label string) (sum string, err error) {
	n := notice{Lang: l.Locale.Language.Tag, Dir: l.Locale.Dir, Words: noticeWords(l.Locale.Language), Country: l.Locale.Country}
	if n.Title, n.Nodes, err = parseNotice(l.Notice); err != nil {
		return "", err
	}
	n.Title = cmp.Or(n.Title, label)
	for _, c := range l.Countries {
		if c.Notice == "" {
			continue
		}
		file, err := putCountry(files, n.Lang, c)
		if err != nil {
			return "", err
		}
		n.Countries = append(n.Countries, countryNotice{c.Code, c.Name, file})
	}
	return l.put(files, "disputes", n)
}

// putCountry adds the text for a country, which all locales of a language share, and returns the name of its file.
func putCountry(files map[string][]byte, lang string, c Country) (string, error) {
	_, nodes, err := parseNotice(c.Notice)
	if err != nil {
		return "", err
	}
	data, err := encodeBytes(map[string][]any{"nodes": nodes})
	if err != nil {
		return "", err
	}
	name := fmt.Sprintf("disputes-%s-%s.%s.json", lang, c.Code, hash(data))
	files["assets/"+name] = data
	return name, nil
}

// A notice is text the trader must show, so it exists as a page. For the dialog it becomes a tree that the browser
// can build with createElement: innerHTML is forbidden where Trusted Types are enforced. In JSON a node is a
// string, or an array of its tag, its attributes if it has any, and its children:
//
//	["p", "Write to ", ["a", {"href": "mailto:adr@example.eu"}, "the body"], "."]
type node struct {
	tag      string
	attr     map[string]string
	children []any // string or *node
}

func (n *node) MarshalJSON() ([]byte, error) {
	parts := []any{n.tag}
	if len(n.attr) > 0 {
		parts = append(parts, n.attr)
	}
	return encodeBytes(append(parts, n.children...))
}

// Only these reach the dialog; notice.js has the same lists.
var (
	noticeTags  = strings.Fields("h2 h3 h4 p ul ol li dl dt dd a strong em b i br blockquote address abbr time table thead tbody tr th td")
	noticeAttrs = strings.Fields("href lang dir translate datetime")
	noticeSkip  = strings.Fields("script style template iframe object svg math form input button select textarea noscript")
	// Blocks between which white space means nothing.
	noticeBlocks = strings.Fields("h2 h3 h4 p ul ol li dl dt dd blockquote address table thead tbody tr th td")
)

// parseNotice returns the notice's first-level heading as text, and the rest as a tree.
func parseNotice(source string) (title string, nodes []any, err error) {
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	roots, err := html.ParseFragment(strings.NewReader(source), body)
	if err != nil {
		return "", nil, fmt.Errorf("read the dispute notice: %w", err)
	}
	root := &node{}
	for _, r := range roots {
		if err := root.take(r, &title); err != nil {
			return "", nil, err
		}
	}
	return title, root.tidy().children, nil
}

// take appends what may be shown of h. Unknown elements are dropped, their text is kept.
func (n *node) take(h *html.Node, title *string) error {
	switch {
	case h.Type == html.TextNode:
		n.text(h.Data)
		return nil
	case h.Type != html.ElementNode || slices.Contains(noticeSkip, h.Data):
		return nil
	case h.Data == "h1" && *title == "":
		*title = strings.Join(strings.Fields(textOf(h)), " ")
		return nil
	}
	into := n
	if slices.Contains(noticeTags, h.Data) {
		attr, err := noticeAttributes(h)
		if err != nil {
			return err
		}
		into = &node{tag: h.Data, attr: attr}
		n.children = append(n.children, into)
	}
	for c := h.FirstChild; c != nil; c = c.NextSibling {
		if err := into.take(c, title); err != nil {
			return err
		}
	}
	return nil
}

// text appends s with white space collapsed, as a browser would show it.
func (n *node) text(s string) {
	words := strings.Join(strings.FieldsFunc(s, htmlSpace), " ")
	if s != "" && htmlSpace(rune(s[0])) {
		words = " " + words
	}
	if words != "" && words != " " && htmlSpace(rune(s[len(s)-1])) {
		words += " "
	}
	if last := len(n.children) - 1; last >= 0 {
		if before, ok := n.children[last].(string); ok {
			if strings.HasSuffix(before, " ") {
				words = strings.TrimPrefix(words, " ")
			}
			n.children[last] = before + words
			return
		}
	}
	if words != "" {
		n.children = append(n.children, words)
	}
}

// htmlSpace leaves the no-break space alone: it stands between a number and its unit.
func htmlSpace(r rune) bool { return strings.ContainsRune(" \t\n\r\f", r) }

// tidy removes the white space around and between blocks.
func (n *node) tidy() *node {
	var kept []any
	for i, c := range n.children {
		switch c := c.(type) {
		case *node:
			kept = append(kept, c.tidy())
		case string:
			if n.edge(i - 1) {
				c = strings.TrimLeft(c, " ")
			}
			if n.edge(i + 1) {
				c = strings.TrimRight(c, " ")
			}
			if c != "" {
				kept = append(kept, c)
			}
		}
	}
	n.children = kept
	return n
}

// edge reports whether a line ends at the i-th child: it is a block or, outside the children, n itself is one.
func (n *node) edge(i int) bool {
	if i < 0 || i == len(n.children) {
		return n.tag == "" || slices.Contains(noticeBlocks, n.tag)
	}
	c, ok := n.children[i].(*node)
	return ok && (c.tag == "br" || slices.Contains(noticeBlocks, c.tag))
}

func noticeAttributes(h *html.Node) (map[string]string, error) {
	attr := map[string]string{}
	for _, a := range h.Attr {
		if !slices.Contains(noticeAttrs, a.Key) {
			continue
		}
		if a.Key == "href" && !safeLink(a.Val) {
			return nil, fmt.Errorf("read the dispute notice: link to %q; use https, http, mailto, tel or an address on the same site", a.Val)
		}
		attr[a.Key] = a.Val
	}
	return attr, nil
}

// safeLink accepts relative addresses and schemes that run nothing.
func safeLink(href string) bool {
	u, err := url.Parse(strings.TrimSpace(href))
	return err == nil && slices.Contains([]string{"", "https", "http", "mailto", "tel"}, u.Scheme)
}

func textOf(h *html.Node) string {
	if h.Type == html.TextNode {
		return h.Data
	}
	var b strings.Builder
	for c := h.FirstChild; c != nil; c = c.NextSibling {
		b.WriteString(textOf(c))
	}
	return b.String()
}
