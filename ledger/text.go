package ledger

import (
	"bytes"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/text/unicode/norm"
)

// What a text is made of. Other elements give their content only, or nothing at all.
var (
	containers = []atom.Atom{atom.Ul, atom.Ol, atom.Dl, atom.Blockquote, atom.Table, atom.Thead, atom.Tbody, atom.Tr}
	blocks     = []atom.Atom{atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.P, atom.Li, atom.Dt, atom.Dd, atom.Th, atom.Td, atom.Pre}
	inlines    = []atom.Atom{atom.Strong, atom.Em, atom.Code, atom.A}
	nothing    = []atom.Atom{atom.Form, atom.Script, atom.Style, atom.Template, atom.Noscript, atom.Iframe, atom.Object, atom.Svg, atom.Math,
		atom.Button, atom.Input, atom.Select, atom.Textarea, atom.Head, atom.Nav}
)

// Normal is a page reduced to what it says: headings, paragraphs, lists, tables and links, a block a line, without ids,
// classes and forms. Equal texts have equal bytes, and whatever is put in, what comes out is safe to show.
// Title and body are HTML.
func Normal(title, body []byte) []byte {
	n := normal{}
	n.block("h1", func() { n.fragment(title) })
	n.fragment(body)
	return n.end()
}

// Again brings a text that is in normal form, or claims to be, into normal form. A link is kept as the function says:
// with another target or, if that is empty, as words.
func Again(text []byte, link func(target string) string) []byte {
	n := normal{link: link}
	n.fragment(text)
	return n.end()
}

// title is the text of the heading a normal form begins with.
func title(text []byte) string {
	for _, b := range split(text) {
		return strings.Join(b.words, " ")
	}
	return ""
}

// normal writes HTML in normal form.
type normal struct {
	out       bytes.Buffer
	verbatims int // elements we are in, in which blanks count
	link      func(target string) string
}

func (n *normal) end() []byte {
	n.line()
	return norm.NFC.Bytes(n.out.Bytes())
}

func (n *normal) fragment(source []byte) {
	for _, node := range parseFragment(source) {
		n.node(node)
	}
}

func parseFragment(source []byte) []*html.Node {
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(bytes.NewReader(source), body)
	if err != nil {
		panic("ledger: reading from memory failed: " + err.Error())
	}
	return nodes
}

func (n *normal) node(node *html.Node) {
	switch {
	case node.Type == html.TextNode:
		n.text(node.Data)
	case node.Type != html.ElementNode || node.Namespace != "" || slices.Contains(nothing, node.DataAtom):
	case node.DataAtom == atom.Br:
		n.trim()
		n.out.WriteString("<br>")
	case node.DataAtom == atom.Hr:
		n.line()
		n.out.WriteString("<hr>\n")
	case node.DataAtom == atom.Img:
		n.text(attribute(node, "alt"))
	case slices.Contains(containers, node.DataAtom):
		n.container(node)
	case node.DataAtom == atom.Pre:
		n.verbatim(node)
	case slices.Contains(blocks, node.DataAtom):
		n.block(node.Data, func() { n.children(node) })
	case slices.Contains(inlines, node.DataAtom):
		n.inline(node)
	default:
		n.children(node)
	}
}

func (n *normal) children(node *html.Node) {
	for child := range node.ChildNodes() {
		n.node(child)
	}
}

func (n *normal) container(node *html.Node) {
	n.line()
	n.out.WriteString("<" + node.Data + first(node) + ">\n")
	n.children(node)
	n.line()
	n.out.WriteString("</" + node.Data + ">\n")
}

// first is the number a list begins with, where that is not 1.
func first(node *html.Node) string {
	if start, err := strconv.Atoi(attribute(node, "start")); err == nil && start != 1 && node.DataAtom == atom.Ol {
		return ` start="` + strconv.Itoa(start) + `"`
	}
	return ""
}

func (n *normal) block(tag string, content func()) {
	n.line()
	n.out.WriteString("<" + tag + ">")
	content()
	n.trim()
	n.out.WriteString("</" + tag + ">\n")
}

// verbatim is a block in which blanks count. Its first line is not empty: readers of HTML would drop it.
func (n *normal) verbatim(node *html.Node) {
	n.line()
	n.out.WriteString("<pre>")
	n.verbatims++
	start := n.out.Len()
	n.children(node)
	content := bytes.Trim(n.out.Bytes()[start:], "\n")
	n.out.Truncate(start + copy(n.out.Bytes()[start:], content))
	n.verbatims--
	n.out.WriteString("</pre>\n")
}

func (n *normal) inline(node *html.Node) {
	open := "<" + node.Data + ">"
	if node.DataAtom == atom.A {
		target := n.target(attribute(node, "href"))
		if target == "" {
			n.children(node)
			return
		}
		open = `<a href="` + escape(target) + `">`
	}
	n.out.WriteString(open)
	n.children(node)
	n.out.WriteString("</" + node.Data + ">")
}

func (n *normal) target(href string) string {
	if !harmless(href) {
		return ""
	}
	if n.link != nil {
		href = n.link(href)
	}
	return href
}

// harmless is a target that leads to a page, an address or a telephone number.
func harmless(href string) bool {
	u, err := url.Parse(href)
	return err == nil && href != "" && slices.Contains([]string{"", "http", "https", "mailto", "tel"}, u.Scheme)
}

// text writes words. Outside of pre, one blank stands for any number of them, and none stands at the ends of a block.
func (n *normal) text(words string) {
	if n.verbatims > 0 {
		n.out.WriteString(escape(strings.ReplaceAll(words, "\r", "\n")))
		return
	}
	for i, word := range strings.FieldsFunc(words, blank) {
		if i > 0 || blank(rune(words[0])) {
			n.blank()
		}
		n.out.WriteString(escape(word))
	}
	if words != "" && blank(rune(words[len(words)-1])) {
		n.blank()
	}
}

func blank(r rune) bool { return r == ' ' || r == '\n' || r == '\t' || r == '\r' || r == '\f' }

// blank writes one, unless a block begins here or there is one already.
func (n *normal) blank() {
	if end := n.out.Bytes(); len(end) > 0 && !slices.Contains([]byte(" \n"), end[len(end)-1]) && !n.fresh() {
		n.out.WriteByte(' ')
	}
}

// fresh reports whether nothing stands yet in the block or line that has begun.
func (n *normal) fresh() bool {
	out := n.out.Bytes()
	i := bytes.LastIndexByte(out, '<')
	if i < 0 || out[len(out)-1] != '>' {
		return false
	}
	tag := atom.Lookup(bytes.Trim(out[i:], "<>"))
	return tag == atom.Br || slices.Contains(blocks, tag)
}

func (n *normal) trim() {
	if n.verbatims == 0 {
		n.out.Truncate(len(bytes.TrimRight(n.out.Bytes(), " \n")))
	}
}

// line begins a new one.
func (n *normal) line() {
	n.trim()
	if n.out.Len() > 0 {
		n.out.WriteByte('\n')
	}
}

func attribute(node *html.Node, key string) string {
	for _, a := range node.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;")

func escape(s string) string { return escaper.Replace(s) }

// Plain is a text as it reads on a terminal.
func Plain(text []byte) []byte {
	var out bytes.Buffer
	for i, b := range split(text) {
		if i > 0 && (b.tag != "li" || !bytes.HasPrefix(lastLine(out.Bytes()), []byte("- "))) {
			out.WriteByte('\n')
		}
		if b.tag == "li" {
			out.WriteString("- ")
		}
		out.WriteString(strings.Join(b.words, " "))
		for _, target := range b.targets {
			out.WriteString(" <" + target + ">")
		}
		out.WriteByte('\n')
		if underline := map[string]string{"h1": "=", "h2": "-"}[b.tag]; underline != "" {
			out.WriteString(strings.Repeat(underline, len([]rune(strings.Join(b.words, " ")))) + "\n")
		}
	}
	return out.Bytes()
}

func lastLine(text []byte) []byte {
	text = bytes.TrimSuffix(text, []byte("\n"))
	return text[bytes.LastIndexByte(text, '\n')+1:]
}
