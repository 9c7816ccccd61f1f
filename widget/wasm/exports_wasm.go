package main

import (
	"unsafe"

	"recourse/day"
)

var shared = rules{buffer: make([]byte, usual)}

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

// months sets the names people may type for a month.
//
//go:wasmexport months
func months(n int32) { shared.setMonths(int(n)) }

// check judges a value; today counts days since 1970-01-01.
//
//go:wasmexport check
func check(n, today int32) int32 { return shared.check(int(n), day.Day(today)) }

// clean rewrites a value.
//
//go:wasmexport clean
func clean(n int32) int32 { return shared.clean(int(n)) }
