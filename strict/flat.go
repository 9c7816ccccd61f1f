package strict

import (
	"bytes"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2/unstable"
)

// Text is a string with its key.
type Text struct{ Key, Text string }

// Texts reads a file of strings, in the order of the file. Of a file with mistakes it gives those that can be read.
func Texts(file string, data []byte) (*Document, []Text) {
	if list, ok := Flat(data); ok {
		return &Document{File: file, data: data, unscanned: true}, list
	}
	d := Decode(file, data, &map[string]string{})
	var list []Text
	d.Strings(func(key, text string) { list = append(list, Text{key, text}) })
	return d, list
}

// Flat reads what most tables of strings are: one key and one string after another, without a mistake. It is not ok for anything
// else, which Decode may read or explain.
func Flat(data []byte) (list []Text, ok bool) {
	p, text := unstable.Parser{}, string(data)
	p.Reset(data)
	list = make([]Text, 0, bytes.Count(data, []byte("\n")))
	known := make(map[string]struct{}, cap(list))
	for p.NextExpression() {
		n := p.Expression()
		key := n.Key()
		if n.Kind != unstable.KeyValue || n.Value().Kind != unstable.String || !key.Next() || !key.IsLast() {
			return nil, false
		}
		name := part(text, key.Node())
		if _, twice := known[name]; twice {
			return nil, false
		}
		known[name] = struct{}{}
		list = append(list, Text{name, part(text, n.Value())})
	}
	return list, p.Error() == nil && utf8.Valid(data)
}

// part is the text of a node. What is written without escapes is not copied: many small strings cost more than one large.
func part(text string, n *unstable.Node) string {
	from, to := int(n.Raw.Offset)+1, int(n.Raw.Offset+n.Raw.Length)-1
	if from < to && to <= len(text) && text[from:to] == string(n.Data) {
		return text[from:to]
	}
	return string(n.Data)
}
