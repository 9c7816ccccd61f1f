package main

import (
	"bytes"
	"encoding/binary"
	"strconv"
	"strings"
)

// layout is what differs between versions of Go.
type layout struct {
	version string
	gofunc  int  // index of the word "gofunc" in moduledata (runtime/symtab.go)
	wrapper byte // abi.FuncIDWrapper, the last of the ids (internal/abi/symtab.go)
}

// To add a version, compare these with their predecessors: runtime/symtab.go (pcHeader, moduledata, findfunc, pcvalue,
// funcline1), runtime/runtime2.go (_func), runtime/symtabinl.go, internal/abi/symtab.go, every caller of funcname in
// package runtime, and gorecover in runtime/panic.go. Then run the tests with that version.
var layouts = map[int]layout{
	26: {gofunc: 40, wrapper: 23},
	27: {gofunc: 43, wrapper: 23}, // moduledata got typedesclen, itaboffset and itabsize
}

func layoutOf(version string) layout {
	digits, _ := strings.CutPrefix(version, "go1.")
	digits = digits[:len(digits)-len(strings.TrimLeft(digits, "0123456789"))]
	minor, _ := strconv.Atoi(digits)
	l, known := layouts[minor]
	if !known {
		fail("the module is built by %q, whose tables are not known; use Go 1.26 or 1.27, or add the layout", version)
	}
	l.version = version
	return l
}

// table is a stretch of memory.
type table struct{ address, length int }

func (t table) end() int { return t.address + t.length }

// tables are the parts of Go's symbol table, as moduledata lists them.
type tables struct {
	*image
	layout
	header                              int
	names, units, files, pctab, pclntab table // units: cutab, the files of each package
	functions                           int
	findfunctab, minpc, maxpc           int
	gofunc                              int // where the offsets of funcdata count from
}

// Words of moduledata, the same in all versions known; gofunc is in layout. A slice has three words.
const (
	wordNames = 1 + 3*iota
	wordUnits
	wordFiles
	wordPctab
	wordPclntab
	wordFtab
	wordFindfunctab
	wordMinpc = wordFindfunctab + 1
	wordMaxpc = wordFindfunctab + 2
)

// Offsets in pcHeader (runtime/symtab.go): after magic and sizes come the number of functions and, from tablesAt on,
// the distances of the five tables from the header.
const (
	functionsAt = 8
	tablesAt    = 32
)

// magic starts the header: abi.Go120PCLnTabMagic, two zeros, instructions of one byte, pointers of eight. The runtime
// refuses to start with any other (moduledataverify1).
var magic = []byte{0xf1, 0xff, 0xff, 0xff, 0, 0, 1, word}

func findTables(m *image, l layout) *tables {
	t := &tables{image: m, layout: l, header: findHeader(m)}
	data := t.findModuledata()
	slice := func(word1, size int) table {
		at := data + word1*word
		if m.pointer(at+word) != m.pointer(at+2*word) {
			fail("moduledata of %s: word %d is no slice of a constant", l.version, word1)
		}
		return table{m.pointer(at), m.pointer(at+word) * size}
	}
	t.names, t.units, t.files = slice(wordNames, 1), slice(wordUnits, 4), slice(wordFiles, 1)
	t.pctab, t.pclntab = slice(wordPctab, 1), slice(wordPclntab, 1)
	t.functions = m.pointer(t.header + functionsAt)
	t.findfunctab, t.minpc, t.maxpc = m.pointer(data+wordFindfunctab*word), m.pointer(data+wordMinpc*word), m.pointer(data+wordMaxpc*word)
	t.gofunc = m.pointer(data + l.gofunc*word)
	t.verify(slice(wordFtab, ftabEntry))
	return t
}

// verify compares what moduledata says twice, so that a layout that moved does not go unnoticed.
func (t *tables) verify(ftab table) {
	for _, part := range []table{t.names, t.units, t.files, t.pctab, t.pclntab} {
		t.at(part.address, part.length)
	}
	switch {
	case ftab != table{t.pclntab.address, (t.functions + 1) * ftabEntry}:
		fail("tables of %s: %d functions, but an index of %d bytes", t.version, t.functions, ftab.length)
	case t.gofunc < t.pclntab.end() || t.gofunc >= t.pclntab.end()+64:
		fail("tables of %s: gofunc is at %#x, want it right after pclntab, which ends at %#x", t.version, t.gofunc, t.pclntab.end())
	case t.findfunctab < t.gofunc:
		fail("tables of %s: findfunctab is at %#x, before gofunc at %#x", t.version, t.findfunctab, t.gofunc)
	case t.maxpc < t.minpc:
		fail("tables of %s: code from %#x to %#x", t.version, t.minpc, t.maxpc)
	}
	t.at(t.gofunc, t.findfunctab-t.gofunc)
}

func findHeader(m *image) int {
	i := bytes.Index(m.bytes, magic)
	if i < 0 || bytes.Contains(m.bytes[i+1:], magic) {
		fail("want one symbol table of Go in the data, found none or several")
	}
	return m.low + i
}

// findModuledata looks for the only words that point to the header and to the tables at the distances the header gives.
func (t *tables) findModuledata() int {
	pattern := binary.LittleEndian.AppendUint64(nil, uint64(t.header))
	for i := 0; ; i++ {
		k := bytes.Index(t.bytes[i:], pattern)
		if k < 0 {
			fail("no moduledata that points to the symbol table at %#x", t.header)
		}
		if i += k; t.isModuledata(t.low + i) {
			return t.low + i
		}
	}
}

func (t *tables) isModuledata(address int) bool {
	if address%word != 0 || address+(t.layout.gofunc+1)*word > t.low+len(t.bytes) {
		return false
	}
	for i := range 5 {
		expected := t.header + t.pointer(t.header+tablesAt+i*word)
		if binary.LittleEndian.Uint64(t.at(address+(wordNames+3*i)*word, word)) != uint64(expected) {
			return false
		}
	}
	return true
}
