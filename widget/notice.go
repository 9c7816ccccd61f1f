package widget

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Notice is the dispute notice as HTML, with its heading, in parts: words of the shop stand between texts that shops alike
// share. Without any text the notice can be read on its page only.
type Notice struct {
	Text  [][]byte // one more than words
	Words []string // as they are written in HTML
}

// html is the notice with what word gives between its texts.
func (n Notice) html(word func(i int) string) []byte {
	var b []byte
	for i, text := range n.Text {
		b = append(b, text...)
		if i < len(n.Words) {
			b = append(b, word(i)...)
		}
	}
	return b
}

// noticeFrame is the dispute notice for the dialog.
type noticeFrame struct {
	Lang      string          `json:"lang"`
	Dir       string          `json:"dir"`
	Title     string          `json:"title"`
	Nodes     string          `json:"nodes"` // a mark: it is put in as JSON
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
type Country struct{ Code, Name string }

// Words of the frame, by the numbers of their marks; the names of the files for countries follow.
const (
	titleWord = iota
	nodesWord
	firstFileWord
)

// putNotices adds the notice of the locale and the texts for other countries, and returns the hash in its name, or "" where
// there is no notice.
func (p *parcel) putNotices(m *localeMold) (sum string, err error) {
	own, err := p.notice(m.locale.Tag())
	if err != nil || own == nil {
		return "", err
	}
	var shown []Country
	words := []string{inQuotes([]string{cmp.Or(own.title, m.disputes)})[0], own.nodes()}
	for _, c := range m.countries {
		n, err := p.notice(m.locale.Language.Tag + "-" + c.Code)
		if err != nil {
			return "", err
		}
		if n != nil {
			shown, words = append(shown, c), append(words, p.putCountry(m.locale.Language.Tag, c, n))
		}
	}
	frame, err := m.frame(shown)
	if err != nil {
		return "", err
	}
	_, sum = p.put(p.assets.Notice, noticeBudget, m.locale.Tag()+"/disputes", frame.fill(words), func() int {
		return own.weight() + frame.weight(slices.Concat(words[:nodesWord], []string{""}, words[firstFileWord:]))
	})
	return sum, nil
}

// putCountry adds the text for a country, which all locales of a language share, and returns the name of its file.
func (p *parcel) putCountry(lang string, c Country, n *filledNotice) string {
	if n.file == "" {
		file, _ := p.put(p.assets.Notice, noticeBudget, "assets/disputes-"+lang+"-"+c.Code, n.text, n.weight)
		n.file = path.Base(file)
	}
	return n.file
}

// frame is what stands around the notice of the locale where it can be read for these countries.
func (m *localeMold) frame(shown []Country) (*mold, error) {
	return m.frames.Get(fmt.Sprint(shown), mostFrames, func() (*mold, error) {
		l := m.locale
		f := noticeFrame{Lang: l.Language.Tag, Dir: l.Dir, Title: mark(titleWord), Nodes: mark(nodesWord), Words: noticeWords(l.Language), Country: l.Country}
		for i, c := range shown {
			f.Countries = append(f.Countries, countryNotice{c.Code, c.Name, mark(firstFileWord + i)})
		}
		json, err := encodeBytes(f)
		return cut(bytes.Replace(json, []byte(quote(f.Nodes)), []byte(f.Nodes), 1)), err
	})
}

// noticeMold is a notice without the words of a shop.
type noticeMold struct {
	title *mold
	text  *mold   // {"nodes":[...]}
	links []*mold // targets that hold words
}

// filledNotice is a notice with the words of a shop.
type filledNotice struct {
	title  string
	text   []byte
	file   string     // below assets/, with the text; empty: it was not put there yet
	weight func() int // at most, of the text
}

// nodes is the tree in the text, as JSON.
func (n *filledNotice) nodes() string { return string(n.text[len(`{"nodes":`) : len(n.text)-1]) }

// notice fills in the notice for a language in a country; nil where there is none.
func (p *parcel) notice(tag string) (*filledNotice, error) {
	if known, ok := p.notices[tag]; ok {
		return known, nil
	}
	filled, err := p.bundler.fillNotice(p.Notice(tag))
	p.notices[tag] = filled
	return filled, err
}

func (b *Bundler) fillNotice(n Notice) (*filledNotice, error) {
	marked := n.html(mark)
	if len(marked) == 0 {
		return nil, nil
	}
	words := make([]string, len(n.Words))
	for i, word := range n.Words {
		words[i] = html.UnescapeString(word)
	}
	if !slices.ContainsFunc(words, spaced) {
		m, err := b.notices.Get(sha256.Sum256(marked), mostNotices, func() (*noticeMold, error) { return newNoticeMold(marked) })
		if err == nil {
			return m.fill(words)
		}
	}
	m, err := newNoticeMold(n.html(func(i int) string { return n.Words[i] }))
	if err != nil {
		return nil, err
	}
	return m.fill(nil)
}

// spaced reports whether a word has white space that a browser shows in another way, or nothing else. With such a word a text
// can end in another place.
func spaced(word string) bool { return word == "" || word != strings.Join(strings.Fields(word), " ") }

func newNoticeMold(source []byte) (*noticeMold, error) {
	title, nodes, err := parseNotice(string(source))
	if err != nil {
		return nil, err
	}
	text, err := encodeBytes(map[string][]any{"nodes": nodes})
	m := &noticeMold{title: cut([]byte(title)), text: cut(text)}
	for _, n := range nodes {
		m.addLinks(n)
	}
	return m, err
}

func (m *noticeMold) addLinks(n any) {
	tree, ok := n.(*node)
	if !ok {
		return
	}
	if href := cut([]byte(tree.attr["href"])); len(href.words) > 0 {
		m.links = append(m.links, href)
	}
	for _, c := range tree.children {
		m.addLinks(c)
	}
}

func (m *noticeMold) fill(words []string) (*filledNotice, error) {
	for _, link := range m.links {
		if err := checkLink(string(link.fill(words))); err != nil {
			return nil, err
		}
	}
	quoted := inQuotes(words)
	return &filledNotice{
		title: string(m.title.fill(words)), text: m.text.fill(quoted), weight: func() int { return m.text.weight(quoted) },
	}, nil
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
		if a.Key == "href" {
			if err := checkLink(a.Val); err != nil {
				return nil, err
			}
		}
		attr[a.Key] = a.Val
	}
	return attr, nil
}

func checkLink(href string) error {
	if safeLink(href) {
		return nil
	}
	return fmt.Errorf("read the dispute notice: link to %q; use https, http, mailto, tel or an address on the same site", href)
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
