// Command wasm is the rules of package form for the visitor's browser. ../../wasm_exec.js is its host.
//
//	GOOS=wasip1 GOARCH=wasm go build -buildmode=c-shared -trimpath -ldflags='-s -w -buildid=' -o ../built/rules.wasm .
//
// Host and module share one buffer of UTF-8. The host asks for room, writes, and calls with the number
// of octets it wrote. To check or clean a value it writes the form, the field and the value on lines of their own:
//
//	withdrawal
//	email
//	anna@example.com
//
// The exported functions are in exports_wasm.go; everything else is plain Go, so that it is tested as such.
package main

import (
	"recourse/day"
	"recourse/form"
)

// main is never called: the module is a library.
func main() {}

// The buffer holds the longest text a form accepts, and grows for longer ones so that people learn how much is too
// much. Beyond largest, the server may say it.
const (
	usual   = 64 << 10
	largest = 1 << 20
)

// unknown is the answer to what cannot be answered.
const unknown = -1

// rules is what stays between two calls.
type rules struct {
	buffer []byte
	months form.Months
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
	for rest := r.text(n); rest != ""; {
		var name string
		name, rest = line(rest)
		r.months = append(r.months, name)
	}
}

// check answers with the number of the rule in the low eight bits and, above them, by how much the value is over.
func (r *rules) check(n int, today day.Day) int32 {
	field, value, ok := r.question(n)
	if !ok {
		return unknown
	}
	rule, over := field.Check(value, today, r.months)
	return int32(over)<<8 | int32(rule)
}

// clean leaves the cleaned value in the buffer and answers with its length.
func (r *rules) clean(n int) int32 {
	field, value, ok := r.question(n)
	if !ok {
		return unknown
	}
	cleaned := form.Clean(field.Type, value)
	if len(cleaned) > len(r.buffer) { // octets that are no UTF-8 grow when they are replaced; no browser sends them
		return unknown
	}
	return int32(copy(r.buffer, cleaned))
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

func (r *rules) text(n int) string {
	return string(r.buffer[:max(0, min(n, len(r.buffer)))])
}

// line cuts the first line off.
func line(s string) (first, rest string) {
	for i := range len(s) {
		if s[i] == '\n' {
			return s[:i], s[i+1:]
		}
	}
	return s, ""
}
