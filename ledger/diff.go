package ledger

import (
	"bytes"
	"slices"
	"strings"

	"github.com/aymanbagabas/go-udiff/lcs"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// piece is a block of a text as words.
type piece struct {
	tag     string // "p", "h2", "li"
	words   []string
	targets []string // of its links
}

// key tells pieces apart.
func (p piece) key() string {
	return p.tag + "\x00" + strings.Join(p.words, " ") + "\x00" + strings.Join(p.targets, " ")
}

// split cuts a text into its blocks, one below the other.
func split(text []byte) []piece {
	s := splitter{}
	for _, node := range parseFragment(text) {
		s.node(node)
	}
	s.end("")
	return s.pieces
}

type splitter struct {
	pieces  []piece
	words   strings.Builder
	targets []string
	tag     string
}

func (s *splitter) node(node *html.Node) {
	switch {
	case node.Type == html.TextNode:
		s.words.WriteString(node.Data)
	case node.DataAtom == atom.Br:
		s.words.WriteByte(' ')
	case node.DataAtom == atom.A:
		s.targets = append(s.targets, attribute(node, "href"))
	case slices.Contains(blocks, node.DataAtom):
		s.end(node.Data)
		defer s.end("")
	}
	for child := range node.ChildNodes() {
		s.node(child)
	}
}

// end closes the block that is open and opens the next.
func (s *splitter) end(next string) {
	if words := strings.FieldsFunc(s.words.String(), blank); len(words) > 0 {
		tag := s.tag
		if tag == "" {
			tag = "p"
		}
		s.pieces = append(s.pieces, piece{tag, words, s.targets})
	}
	s.words.Reset()
	s.targets, s.tag = nil, next
}

// Words are what a comparison needs beside the texts, in the reader's language. They are text, not HTML.
type Words struct {
	Added, Removed string             // before what was added or removed, for those who hear the page
	Unchanged      func(n int) string // in place of n blocks that are as they were
	Same           string             // where the texts say the same
}

// Diff shows as HTML how one text became the next, word by word. What is around a change stays, the rest is
// counted. It holds words of the texts, escaped, and no elements of them.
func Diff(before, after []byte, w Words) []byte {
	d := drawing{words: w}
	changes := compare(split(before), split(after))
	if !slices.ContainsFunc(changes, change.real) {
		d.paragraph(w.Same)
		return d.out.Bytes()
	}
	for i := 0; i < len(changes); i++ {
		if n := remote(changes, i); n > 1 {
			d.paragraph(w.Unchanged(n))
			i += n - 1
			continue
		}
		d.change(changes[i])
	}
	d.close()
	return d.out.Bytes()
}

// change is a block before and after; nil where it was added or removed.
type change struct{ before, after *piece }

func (c change) real() bool {
	return c.before == nil || c.after == nil || c.before.key() != c.after.key()
}

// remote counts the blocks from i on that are as they were and not next to one that is not. A heading
// above a change stays with it.
func remote(changes []change, i int) (n int) {
	near := func(k int) bool { return k >= 0 && k < len(changes) && changes[k].real() }
	for k := i; k < len(changes) && !near(k) && !near(k-1) && !near(k+1); k++ {
		n++
	}
	return n
}

// compare pairs the blocks of two texts.
func compare(before, after []piece) (changes []change) {
	at, to := 0, 0
	same := func(end int) {
		for ; at < end; at, to = at+1, to+1 {
			changes = append(changes, change{&before[at], &after[to]})
		}
	}
	for _, d := range lcs.DiffLines(keys(before), keys(after)) {
		same(d.Start)
		changes = append(changes, pair(before[d.Start:d.End], after[d.ReplStart:d.ReplEnd])...)
		at, to = d.End, d.ReplEnd
	}
	same(len(before))
	return changes
}

func keys(pieces []piece) (keys []string) {
	for _, p := range pieces {
		keys = append(keys, p.key())
	}
	return keys
}

// pair finds in blocks that were replaced those that are still much the same.
func pair(before, after []piece) (changes []change) {
	for i := range before {
		k := slices.IndexFunc(after, func(p piece) bool { return alike(before[i], p) })
		if k < 0 {
			changes = append(changes, change{&before[i], nil})
			continue
		}
		for j := range after[:k] {
			changes = append(changes, change{nil, &after[j]})
		}
		changes = append(changes, change{&before[i], &after[k]})
		after = after[k+1:]
	}
	for j := range after {
		changes = append(changes, change{nil, &after[j]})
	}
	return changes
}

// alike: at least half of the words are in both, in the same order.
func alike(a, b piece) bool {
	kept := len(a.words)
	for _, d := range lcs.DiffLines(a.words, b.words) {
		kept -= d.End - d.Start
	}
	return a.tag == b.tag && 2*kept >= max(len(a.words), len(b.words))
}

// drawing writes a comparison as HTML.
type drawing struct {
	out   bytes.Buffer
	words Words
	list  bool // a ul is open
}

func (d *drawing) paragraph(text string) {
	d.close()
	d.out.WriteString(`<p class="rc-same">` + escape(text) + "</p>\n")
}

func (d *drawing) close() {
	if d.list {
		d.out.WriteString("</ul>\n")
		d.list = false
	}
}

// change draws a block. Headings become strong words: the page has its own.
func (d *drawing) change(c change) {
	shown := c.before
	if shown == nil {
		shown = c.after
	}
	begin, end := "<p>", "</p>\n"
	switch {
	case shown.tag == "li":
		if !d.list {
			d.out.WriteString("<ul>\n")
			d.list = true
		}
		begin, end = "<li>", "</li>\n"
	default:
		d.close()
		if shown.tag[0] == 'h' {
			begin, end = "<p><strong>", "</strong></p>\n"
		}
	}
	d.out.WriteString(begin)
	d.inside(c)
	d.out.WriteString(end)
}

func (d *drawing) inside(c change) {
	before, after := piece{}, piece{}
	if c.before != nil {
		before = *c.before
	}
	if c.after != nil {
		after = *c.after
	}
	d.tokens(before.words, after.words)
	if !slices.Equal(before.targets, after.targets) {
		d.out.WriteByte(' ')
		d.tokens(addresses(before.targets), addresses(after.targets))
	}
}

// addresses shows the targets of links, which only matter where they changed.
func addresses(targets []string) (shown []string) {
	for _, t := range targets {
		shown = append(shown, "("+t+")")
	}
	return shown
}

func (d *drawing) tokens(before, after []string) {
	var parts []string
	at := 0
	for _, c := range lcs.DiffLines(before, after) {
		parts = append(parts, run(before[at:c.Start]), d.marked("del", d.words.Removed, before[c.Start:c.End]),
			d.marked("ins", d.words.Added, after[c.ReplStart:c.ReplEnd]))
		at = c.End
	}
	parts = append(parts, run(before[at:]))
	d.out.WriteString(strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " "))
}

func run(words []string) string { return escape(strings.Join(words, " ")) }

// marked says in words what it is too: most screen readers pass over ins and del in silence.
func (d *drawing) marked(tag, spoken string, words []string) string {
	if len(words) == 0 {
		return ""
	}
	return "<" + tag + `><span class="rc-hidden">` + escape(spoken) + " </span>" + run(words) + "</" + tag + ">"
}
