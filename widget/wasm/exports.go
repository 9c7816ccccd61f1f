//go:build wasm || tinygo

package main

import (
	"unsafe"

	"recourse/day"
)

var shared = rules{buffer: make([]byte, usual), cleaned: make([]byte, 0, usual)}

// reserve gives the address of a buffer with room for n octets, 0 if that is too much. The address of an earlier call
// is no longer good.
//
//go:wasmexport reserve
func reserve(n int32) int32 {
	if !shared.reserve(int(n)) {
		return 0
	}
	return int32(uintptr(unsafe.Pointer(unsafe.SliceData(shared.buffer))))
}

// months sets the names people may type for a month: n octets, one "3=March" on a line.
//
//go:wasmexport months
func months(n int32) { shared.setMonths(int(n)) }

// closed sets the public holidays: n octets, one day number on a line.
//
//go:wasmexport closed
func closed(n int32) { shared.setClosed(int(n)) }

// check judges a value: n octets of form, field and value; today counts days since 1970-01-01. The answer is the number
// of a form.Rule and, from the ninth bit on, by how much the value is over.
//
//go:wasmexport check
func check(n, today int32) int32 { return shared.check(int(n), day.Day(today)) }

// suggest looks at a mail address of n octets. It answers with the length of the address to suggest, which is then in
// the buffer, or 0.
//
//go:wasmexport suggest
func suggest(n int32) int32 { return shared.suggest(int(n)) }

// ends reads a date value of n octets and answers with the last day of a period of so many calendar days after it.
//
//go:wasmexport ends
func ends(n, days int32) int32 { return shared.ends(int(n), int(days)) }
