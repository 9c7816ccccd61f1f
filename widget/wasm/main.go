// Command wasm is the rules of package form for the visitor's browser. ../../wasm_exec.js is its host; make wasm builds
// it, with Go or with TinyGo.
//
// Host and module share one buffer of UTF-8. The host asks for room, writes, and calls with the number
// of octets it wrote. To check a value it writes the form, the field and the value on lines of their own:
//
//	withdrawal
//	email
//	anna@example.com
//
// The exported functions are in exports.go; everything else is plain Go, so that it is tested as such.
package main

import (
	"unsafe"

	"recourse/day"
	"recourse/form"
)

// main is never called: the module is a library.
func main() {}

// The buffer holds the longest text a form accepts, and grows for longer ones so that people learn how much is too
// much. Beyond largest, the server may say it. The host asks for three octets for each UTF-16 unit.
const (
	usual   = 64 << 10
	largest = 3 << 20
)

// unknown is the answer to what cannot be answered. No day that people speak of has this number.
const unknown = int32(day.Unknown)

// rules is what stays between two calls.
type rules struct {
	buffer  []byte
	cleaned []byte // the last value that was checked
	months  form.Months
	closed  []day.Day
}

// reserve makes room for n octets and reports whether there is.
func (r *rules) reserve(n int) bool {
	if n < 0 || n > largest {
		return false
	}
	if n > len(r.buffer) {
		r.buffer = make([]byte, n)
	}
	return true
}

// setMonths takes the names of months, one on a line: "3=März".
func (r *rules) setMonths(n int) {
	r.months = nil
	for rest := copied(r.text(n)); rest != ""; {
		var name string
		name, rest = line(rest)
		r.months = append(r.months, name)
	}
}

// setClosed takes the public holidays, one day number on a line.
func (r *rules) setClosed(n int) {
	r.closed = nil
	for rest := r.text(n); rest != ""; {
		var number string
		number, rest = line(rest)
		if d, ok := dayNumber(number); ok {
			r.closed = append(r.closed, d)
		}
	}
}

// check answers with the number of the rule in the low eight bits and, above them, by how much the value is over.
func (r *rules) check(n int, today day.Day) int32 {
	field, value, ok := r.question(n)
	if !ok {
		return unknown
	}
	r.cleaned = form.AppendClean(r.cleaned[:0], field.Type, value)
	rule, over := field.CheckCleaned(view(r.cleaned), today, r.months)
	return int32(over)<<8 | int32(rule)
}

// suggest leaves the address to suggest in the buffer and answers with its length.
func (r *rules) suggest(n int) int32 {
	meant := form.SuggestEmail(r.text(n))
	if len(meant) > len(r.buffer) { // a short wrong domain can become longer
		return unknown
	}
	return int32(copy(r.buffer, meant))
}

// ends answers with the last day of a period of calendar days that the date in the buffer sets running.
func (r *rules) ends(n, days int) int32 {
	const longest = 36_525 // a century
	event, rule := form.ParseDate(r.text(n), r.months)
	if rule != form.OK || days < 1 || days > longest {
		return unknown
	}
	return int32(day.Working(r.working).EndOfDays(event, days))
}

func (r *rules) working(d day.Day) bool {
	for _, closed := range r.closed {
		if closed == d {
			return false
		}
	}
	return !d.Weekend()
}

func (r *rules) question(n int) (field form.Field, value string, ok bool) {
	kind, rest := line(r.text(n))
	name, value := line(rest)
	f, ok := form.Lookup(kind)
	if !ok {
		return form.Field{}, "", false
	}
	field, ok = f.Field(name)
	return field, value, ok
}

// text is what the host has written. It changes with the buffer: whoever keeps it makes a copy.
func (r *rules) text(n int) string {
	return view(r.buffer[:max(0, min(n, len(r.buffer)))])
}

// view is the text in b as it stands there, so that a check needs no memory.
func view(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

func copied(s string) string { return string([]byte(s)) }

// line cuts the first line off.
func line(s string) (first, rest string) {
	for i := range len(s) {
		if s[i] == '\n' {
			return s[:i], s[i+1:]
		}
	}
	return s, ""
}

// dayNumber reads a number as JavaScript writes it. Those of days have up to seven digits.
func dayNumber(s string) (d day.Day, ok bool) {
	sign := day.Day(1)
	if s != "" && s[0] == '-' {
		sign, s = -1, s[1:]
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		d = d*10 + day.Day(s[i]-'0')
	}
	return sign * d, s != "" && len(s) <= 7
}
