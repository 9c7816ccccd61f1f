package main

import (
	"encoding/binary"
	"slices"
)

// The sections that hold what a module begins with, besides its data.
const (
	globalSection = 6
	exportSection = 7
)

// theSection gives the body of a section that must be there.
func theSection(sections []section, id byte) []byte {
	i := slices.IndexFunc(sections, func(s section) bool { return s.id == id })
	if i < 0 {
		fail("no section %d: not a program of Go", id)
	}
	return sections[i].body
}

// replace gives the sections with another body for one.
func replace(sections []section, id byte, body []byte) []section {
	sections = slices.Clone(sections)
	sections[slices.IndexFunc(sections, func(s section) bool { return s.id == id })].body = body
	return sections
}

type export struct {
	name  string
	kind  byte
	index int
}

func readExports(body []byte) (exports []export) {
	r := reader{body, "export section"}
	for range r.uleb() {
		exports = append(exports, export{r.text(), r.take(1)[0], r.uleb()})
	}
	return exports
}

func encodeExports(exports []export) []byte {
	body := binary.AppendUvarint(nil, uint64(len(exports)))
	for _, e := range exports {
		body = append(binary.AppendUvarint(body, uint64(len(e.name))), e.name...)
		body = binary.AppendUvarint(append(body, e.kind), uint64(e.index))
	}
	return body
}

// The types and the constants of globals that cmd/link writes (cmd/link/internal/wasm/asm.go, writeGlobalSec).
const (
	typeI32, typeI64   = 0x7f, 0x7e
	constI32, constI64 = 0x41, 0x42
)

var constants = map[byte]byte{typeI32: constI32, typeI64: constI64}

type global struct {
	kind    byte // typeI32 or typeI64
	mutable byte
	value   uint64
}

// readGlobals reads the globals without their values: Go begins with zeros.
func readGlobals(body []byte) (globals []global) {
	r := reader{body, "global section"}
	for range r.uleb() {
		head := r.take(5)
		if constants[head[0]] != head[2] || head[3] != 0 || head[4] != end {
			fail("global section: a global of the form %#x, want an integer that begins as zero", head)
		}
		globals = append(globals, global{kind: head[0], mutable: head[1]})
	}
	return globals
}

func encodeGlobals(globals []global) []byte {
	body := binary.AppendUvarint(nil, uint64(len(globals)))
	for _, g := range globals {
		value := int64(g.value)
		if g.kind == typeI32 {
			value = int64(int32(g.value))
		}
		body = append(appendSleb(append(body, g.kind, g.mutable, constants[g.kind]), value), end)
	}
	return body
}

const page = 64 << 10

// largerMemory lets the only memory begin with so many bytes.
func largerMemory(body []byte, bytes int) []byte {
	r := reader{body, "memory section"}
	r.uleb()
	limits := r.take(1)
	r.uleb()
	out := binary.AppendUvarint(append([]byte{1}, limits...), uint64(bytes/page))
	return append(out, r.rest...)
}
