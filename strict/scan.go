package strict

import (
	"bytes"
	"errors"
	"fmt"
	"sort"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

type kind string

const (
	kindString kind = "a text in quotes"
	kindNumber kind = "a whole number"
	kindBool   kind = "true or false"
	kindList   kind = "a list in [ ]"
	kindTable  kind = "a table"
	kindTables kind = "a list of tables"
	kindOther  kind = ""
)

// value is one thing in the document: a value, a table header, an element of a list.
type value struct {
	key     string   // in full, with indexes
	path    []string // its steps; an index is "[0]"
	kind    kind
	offset  int    // where it is written
	keyAt   int    // where its key is written
	text    string // as written, shortened; empty for tables and lists
	content string // of a string, unquoted
}

// scan walks the document once. A mistake in the syntax ends it: nothing after it can be trusted.
func (d *Document) scan() {
	p := unstable.Parser{}
	p.Reset(d.data)
	var table []string
	counts := map[string]int{}
	for p.NextExpression() {
		n := p.Expression()
		switch n.Kind {
		case unstable.Table:
			d.begin(n, true)
			table = d.header(&p, n, counts, kindTable)
		case unstable.ArrayTable:
			d.begin(n, true)
			table = d.header(&p, n, counts, kindTables)
		case unstable.KeyValue:
			d.begin(n, false)
			d.keyValue(&p, n, table)
		}
	}
	if err := p.Error(); err != nil {
		d.errs = append(d.errs, d.syntax(err))
		d.unreadable = true
	}
}

// line is one that begins a key with its value, or a table.
type line struct {
	start  int
	header bool
}

func (d *Document) begin(n *unstable.Node, header bool) {
	_, at := keys(n)
	d.lines = append(d.lines, line{1 + bytes.LastIndexByte(d.data[:at], '\n'), header})
}

// without blanks what is written at the offsets, tables with all that is in them. Everything else keeps its place.
func (d *Document) without(data []byte, offsets []int) []byte {
	if len(offsets) == 0 {
		return data
	}
	data = bytes.Clone(data)
	for _, offset := range offsets {
		i := sort.Search(len(d.lines), func(i int) bool { return d.lines[i].start > offset }) - 1
		if i < 0 {
			continue
		}
		for next := i + 1; next == i+1 || d.lines[i].header && next <= len(d.lines) && !d.lines[next-1].header; next++ {
			blank(data[d.lines[next-1].start:d.end(next-1)])
		}
	}
	return data
}

func (d *Document) end(i int) int {
	if i+1 < len(d.lines) {
		return d.lines[i+1].start
	}
	return len(d.data)
}

func blank(text []byte) {
	for i, b := range text {
		if b != '\n' {
			text[i] = ' '
		}
	}
}

// header notes a [table] or the next element of an [[array of tables]]. Tables below an array of
// tables belong to its last element.
func (d *Document) header(p *unstable.Parser, n *unstable.Node, counts map[string]int, k kind) []string {
	names, at := keys(n)
	var path []string
	for i, name := range names {
		path = append(path, name)
		id := strings.Join(path, "\x00")
		last := i == len(names)-1
		if k == kindTables && last {
			counts[id]++
		}
		if c := counts[id]; c > 0 {
			if k == kindTables && last && c == 1 {
				d.add(value{path: path, kind: kindTables, offset: at, keyAt: at})
			}
			path = append(path, index(c-1))
		}
	}
	d.add(value{path: path, kind: kindTable, offset: at, keyAt: at})
	return path
}

func (d *Document) keyValue(p *unstable.Parser, n *unstable.Node, table []string) {
	names, at := keys(n)
	path := append(append([]string{}, table...), names...)
	d.value(p, n.Value(), path, at)
}

func (d *Document) value(p *unstable.Parser, n *unstable.Node, path []string, at int) {
	v := value{path: path, keyAt: at, offset: at, content: string(n.Data)}
	if n.Raw.Length > 0 {
		v.offset = int(n.Raw.Offset)
		v.text = short(string(p.Raw(n.Raw)))
	}
	switch n.Kind {
	case unstable.String:
		v.kind = kindString
	case unstable.Integer:
		v.kind = kindNumber
	case unstable.Bool:
		v.kind = kindBool
	case unstable.Array:
		v.kind, v.text = kindList, ""
	case unstable.InlineTable:
		v.kind, v.text = kindTable, ""
	}
	d.add(v)
	d.children(p, n, v)
}

func (d *Document) children(p *unstable.Parser, n *unstable.Node, v value) {
	it := n.Children()
	for i := 0; it.Next(); i++ {
		child := it.Node()
		switch n.Kind {
		case unstable.Array:
			d.value(p, child, append(append([]string{}, v.path...), index(i)), v.offset)
		case unstable.InlineTable:
			d.keyValue(p, child, v.path)
		}
	}
}

func (d *Document) add(v value) {
	v.path = append([]string{}, v.path...)
	v.key = join(v.path)
	d.values = append(d.values, v)
}

func keys(n *unstable.Node) (names []string, offset int) {
	it := n.Key()
	for it.Next() {
		k := it.Node()
		if names == nil {
			offset = int(k.Raw.Offset)
		}
		names = append(names, string(k.Data))
	}
	return names, offset
}

func index(i int) string { return "[" + strconv.Itoa(i) + "]" }

func isIndex(step string) bool { return strings.HasPrefix(step, "[") && strings.HasSuffix(step, "]") }

func join(path []string) string {
	var b strings.Builder
	for i, step := range path {
		if i > 0 && !isIndex(step) {
			b.WriteByte('.')
		}
		b.WriteString(step)
	}
	return b.String()
}

// short keeps a message on one line whatever the value is.
func short(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 60 {
		return string(r[:57]) + "..."
	}
	return s
}

func (d *Document) syntax(err error) *Error {
	e := &Error{File: d.File, Line: 1, Column: 1, Problem: "this is not TOML: " + err.Error()}
	var at *unstable.ParserError
	if errors.As(err, &at) {
		offset := max(cap(d.data)-cap(at.Highlight), 0)
		e.Line, e.Column = d.place(offset)
		e.Problem = "this is not TOML: " + at.Message
		e.Fix = fmt.Sprintf("look at %s", quoteLine(d.data, e.Line))
	}
	return e
}

func quoteLine(data []byte, line int) string {
	lines := strings.Split(string(data), "\n")
	text := strings.TrimSpace(lines[min(line, len(lines))-1])
	if text == "" {
		return "the end of line " + strconv.Itoa(line)
	}
	return "`" + short(text) + "`"
}
