// Package strict reads TOML written by people, so that every mistake has a place and a remedy.
//
// The decoder of go-toml stops at the first value of a wrong type. Somebody who fills in a file
// wants all mistakes at once, so Decode compares the document with the Go type before decoding:
// unknown keys get the nearest known key, wrong types say what is expected. Document then gives
// the place of any key, so that what a value means can be checked with the same precision.
package strict

import (
	"errors"
	"fmt"
	"reflect"
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
	File   string
	data   []byte
	values []value
	errs   []*Error
}

// Decode reads data into the struct that into points to. Keys are matched by their toml tags.
// Mistakes are collected in the document; into is filled only when there are none.
func Decode(file string, data []byte, into any) *Document {
	d := &Document{File: file, data: data}
	if !utf8.Valid(data) {
		d.errs = append(d.errs, d.invalidText())
		return d
	}
	d.scan()
	d.compare(reflect.TypeOf(into).Elem())
	if len(d.errs) > 0 {
		return d
	}
	if err := toml.Unmarshal(data, into); err != nil {
		d.errs = append(d.errs, d.decodeError(err))
	}
	return d
}

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
func (d *Document) Wrong(key, problem, fix string) {
	e := &Error{File: d.File, Key: key, Problem: problem, Fix: fix}
	e.Line, e.Column = d.Place(key)
	if v, ok := d.find(key); ok {
		e.Value = v.text
	}
	d.errs = append(d.errs, e)
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
	for _, v := range d.values {
		if v.kind == kindString {
			f(v.key, v.content)
		}
	}
}

func (d *Document) find(key string) (value, bool) {
	for _, v := range d.values {
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

// decodeError is what only decoding can tell: a number out of range, a text that is no date.
func (d *Document) decodeError(err error) *Error {
	e := &Error{File: d.File, Line: 1, Column: 1, Problem: strings.TrimPrefix(err.Error(), "toml: ")}
	var at *toml.DecodeError
	if !errors.As(err, &at) {
		return e
	}
	line, column := at.Position()
	offset := d.offset(line, column)
	e.Line, e.Column = d.place(offset)
	for _, v := range d.values {
		if v.text != "" && v.offset == offset {
			e.Key, e.Value = v.key, v.text
		}
	}
	return e
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
