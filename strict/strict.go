// Package strict reads TOML written by people, so that every mistake has a place and a remedy.
//
// The decoder of go-toml stops at the first value of a wrong type. Somebody who fills in a file
// wants all mistakes at once, so Decode compares the document with the Go type before decoding:
// unknown keys get the nearest known key, wrong types say what is expected. Document then gives
// the place of any key, so that what a value means can be checked with the same precision.
package strict

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2"
)

// Error is one mistake in a file.
type Error struct {
	File         string
	Line, Column int    // from 1; the column counts characters
	Key          string // "trader.email", "disputes.bodies[0].url"; empty for mistakes in the syntax
	Value        string // as written; empty when a key is missing
	Problem      string
	Fix          string
}

// Error is one line: place, key, value, problem, fix.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s:%d:%d: ", e.File, e.Line, e.Column)
	if e.Key != "" {
		b.WriteString(e.Key)
		if e.Value != "" {
			b.WriteString(" = " + e.Value)
		}
		b.WriteString(": ")
	}
	b.WriteString(e.Problem)
	if e.Fix != "" {
		b.WriteString("; " + e.Fix)
	}
	return b.String()
}

// Document is a read file: what it says, where, and what is wrong with it.
type Document struct {
	File      string
	data      []byte
	unscanned bool // values and lines wait until somebody asks for them
	values    []value
	lines     []line // with a key or a header
	errs      []*Error

	unreadable bool
	doubtful   []string // keys known to be wrong, or to be missing because another is misspelt
}

// Decode reads data into the struct that into points to. Keys are matched by their toml tags.
// Mistakes are collected in the document; into is filled with what is right, as long as the document is readable.
func Decode(file string, data []byte, into any) *Document {
	data = bytes.TrimPrefix(data, []byte("\ufeff")) // editors on Windows begin a file with it
	d := &Document{File: file, data: data}
	if !utf8.Valid(data) {
		d.errs = append(d.errs, d.invalidText())
		d.unreadable = true
		return d
	}
	d.scan()
	t := reflect.TypeOf(into).Elem()
	if wrong := d.compare(t); !d.unreadable {
		d.fill(reflect.ValueOf(into).Elem(), d.without(data, wrong))
	}
	return d
}

// fill decodes what is right. The decoder stops at the first value that is out of range or has no meaning, so it is shown
// the rest again.
func (d *Document) fill(into reflect.Value, right []byte) {
	for {
		fresh := reflect.New(into.Type())
		fresh.Elem().Set(into)
		err := toml.Unmarshal(right, fresh.Interface())
		if err == nil {
			into.Set(fresh.Elem())
			return
		}
		e, at := d.decodeError(err)
		d.errs = append(d.errs, e)
		rest := d.without(right, []int{at})
		if d.doubtful = append(d.doubtful, e.Key); e.Key == "" || bytes.Equal(rest, right) {
			d.unreadable = true
			return
		}
		right = rest
	}
}

// Readable reports whether the file could be taken apart, so that its values can be looked at although some are wrong.
func (d *Document) Readable() bool { return !d.unreadable }

// Errors gives the mistakes found so far, in the order of the file.
func (d *Document) Errors() []*Error {
	sort.SliceStable(d.errs, func(i, j int) bool {
		a, b := d.errs[i], d.errs[j]
		return a.Line < b.Line || a.Line == b.Line && a.Column < b.Column
	})
	return d.errs
}

// Err joins the mistakes to one error, nil when there are none.
func (d *Document) Err() error {
	all := make([]error, 0, len(d.errs))
	for _, e := range d.Errors() {
		all = append(all, e)
	}
	return errors.Join(all...)
}

// Has reports whether the file gives the key, a table or an element.
func (d *Document) Has(key string) bool {
	_, ok := d.find(key)
	return ok
}

// Wrong records a mistake at a key. Where the key is missing it is placed at the nearest
// table above it, or at the start of the file.
//
// What is wrong or misspelt already is not said again, and where the syntax is broken nothing is said at all.
func (d *Document) Wrong(key, problem, fix string) {
	if d.unreadable || slices.ContainsFunc(d.doubtful, func(known string) bool { return within(key, known) || within(known, key) }) {
		return
	}
	e := &Error{File: d.File, Key: key, Problem: problem, Fix: fix}
	e.Line, e.Column = d.Place(key)
	if v, ok := d.find(key); ok {
		e.Value = v.text
	}
	d.errs = append(d.errs, e)
}

// within reports whether a key is the other one or below it.
func within(key, other string) bool {
	rest, ok := strings.CutPrefix(key, other)
	return ok && other != "" && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// Place says where a key's value is written: from 1, the column in characters. A key that is missing has the
// place of the nearest table above it, or the start of the file.
func (d *Document) Place(key string) (line, column int) {
	for at := key; at != ""; at = parent(at) {
		if v, ok := d.find(at); ok {
			return d.place(v.offset)
		}
	}
	return 1, 1
}

// Strings calls f with the key and value of every string in the file.
func (d *Document) Strings(f func(key, s string)) {
	for _, v := range d.list() {
		if v.kind == kindString {
			f(v.key, v.content)
		}
	}
}

// list gives all values, in the order of the file.
func (d *Document) list() []value {
	if d.unscanned {
		d.unscanned = false
		d.scan()
	}
	return d.values
}

func (d *Document) find(key string) (value, bool) {
	for _, v := range d.list() {
		if v.key == key {
			return v, true
		}
	}
	for _, v := range d.values {
		if strings.HasPrefix(v.key, key) && strings.ContainsAny(v.key[len(key):min(len(key)+1, len(v.key))], ".[") {
			return value{key: key, offset: v.keyAt}, true
		}
	}
	return value{}, false
}

func parent(key string) string {
	return key[:max(strings.LastIndexAny(key, ".["), 0)]
}

func (d *Document) place(offset int) (line, column int) {
	before := string(d.data[:min(offset, len(d.data))])
	line = 1 + strings.Count(before, "\n")
	return line, 1 + utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:])
}

func (d *Document) invalidText() *Error {
	valid := 0
	for valid < len(d.data) {
		r, n := utf8.DecodeRune(d.data[valid:])
		if r == utf8.RuneError && n == 1 {
			break
		}
		valid += n
	}
	line, column := d.place(valid)
	return &Error{File: d.File, Line: line, Column: column, Problem: "the file is not UTF-8 text", Fix: "save it with the encoding UTF-8"}
}

// decodeError is what only decoding can tell: a number out of range, a text that is no date. It gives the offset of its key.
func (d *Document) decodeError(err error) (e *Error, keyAt int) {
	e = &Error{File: d.File, Line: 1, Column: 1, Problem: strings.TrimPrefix(err.Error(), "toml: ")}
	var at *toml.DecodeError
	if !errors.As(err, &at) {
		return e, 0
	}
	line, column := at.Position()
	offset := d.offset(line, column)
	e.Line, e.Column = d.place(offset)
	for _, v := range d.values {
		if v.text != "" && v.offset == offset {
			e.Key, e.Value, keyAt = v.key, v.text, v.keyAt
		}
	}
	return e, keyAt
}

// offset finds a place of the decoder, whose columns count bytes.
func (d *Document) offset(line, column int) int {
	at := 0
	for ; line > 1; line-- {
		next := strings.IndexByte(string(d.data[at:]), '\n')
		if next < 0 {
			break
		}
		at += next + 1
	}
	return min(at+column-1, len(d.data))
}
