package main

import (
	"bytes"
	"encoding/binary"
	"math"
	"slices"
)

// function is what pclntab holds of one: an entry in the index ftab and a _func (runtime/runtime2.go).
type function struct {
	entry    uint32
	name     string
	fixed    []byte   // the fields before the two lists, as found
	pcdata   []uint32 // offsets of tables in pctab, 0 for none
	funcdata []uint32 // offsets from gofunc, none for none
}

const none = math.MaxUint32

// Offsets in _func.
const (
	fieldName      = 4
	fieldPcsp      = 16
	fieldPcfile    = 20
	fieldPcln      = 24
	fieldNpcdata   = 28
	fieldUnit      = 32
	fieldStartLine = 36
	fieldID        = 40
	fieldNfuncdata = 43
	fixedSize      = 44
)

const ftabEntry = 8 // the entry of the function and the offset of its _func, 32 bits each

// Kinds of pcdata and funcdata (internal/abi/symtab.go).
const (
	unsafePoint   = 0
	stackMapIndex = 1
	inlTreeIndex  = 2
	argLiveIndex  = 3
	panicBounds   = 4

	argsPointerMaps    = 0
	localsPointerMaps  = 1
	stackObjects       = 2
	inlTree            = 3
	openCodedDeferInfo = 4
	argInfo            = 5
	argLiveInfo        = 6
	wrapInfo           = 7
	pcdataKinds        = panicBounds + 1
	funcdataKinds      = wrapInfo + 1
)

func (t *tables) readFunctions() []function {
	all := make([]function, 0, min(t.functions, t.pclntab.length/fixedSize))
	for i := range t.functions {
		index := t.pclntab.address + i*ftabEntry
		f := t.readFunction(t.pclntab.address + int(t.uint32(index+4)))
		if f.entry != t.uint32(index) {
			fail("function %d of %s: its index and its record differ: %d and %d", i, t.version, t.uint32(index), f.entry)
		}
		all = append(all, f)
	}
	return all
}

func (t *tables) readFunction(at int) function {
	fixed := slices.Clone(t.at(at, fixedSize))
	pcdata, funcdata := int(binary.LittleEndian.Uint32(fixed[fieldNpcdata:])), int(fixed[fieldNfuncdata])
	if pcdata > pcdataKinds || funcdata > funcdataKinds {
		fail("function at %#x: %d pcdata and %d funcdata, %s has %d and %d kinds", at, pcdata, funcdata, t.version, pcdataKinds, funcdataKinds)
	}
	f := function{entry: binary.LittleEndian.Uint32(fixed), fixed: fixed}
	f.name = t.name(f.get(fieldName))
	f.pcdata = t.list(at+fixedSize, pcdata)
	f.funcdata = t.list(at+fixedSize+4*pcdata, funcdata)
	return f
}

func (t *tables) list(at, n int) []uint32 {
	list := make([]uint32, n)
	for i := range list {
		list[i] = t.uint32(at + 4*i)
	}
	return list
}

func (t *tables) name(offset uint32) string {
	names := t.at(t.names.address, t.names.length)
	if int(offset) >= len(names) {
		fail("a function's name at %#x of %#x", offset, len(names))
	}
	name, _, _ := bytes.Cut(names[offset:], []byte{0})
	return string(name)
}

func (f *function) id() byte             { return f.fixed[fieldID] }
func (f *function) get(field int) uint32 { return binary.LittleEndian.Uint32(f.fixed[field:]) }
func (f *function) set(field int, value uint32) {
	binary.LittleEndian.PutUint32(f.fixed[field:], value)
}

// encode gives the _func. A list may end early: what is missing reads as none (runtime/symtab.go, pcdatavalue, funcdata).
func (f *function) encode() []byte {
	pcdata, funcdata := trim(f.pcdata, 0), trim(f.funcdata, none)
	f.set(fieldNpcdata, uint32(len(pcdata)))
	f.fixed[fieldNfuncdata] = byte(len(funcdata))
	out := slices.Clone(f.fixed)
	for _, offset := range slices.Concat(pcdata, funcdata) {
		out = binary.LittleEndian.AppendUint32(out, offset)
	}
	return out
}

func trim(list []uint32, missing uint32) []uint32 {
	for len(list) > 0 && list[len(list)-1] == missing {
		list = list[:len(list)-1]
	}
	return list
}

// recordAlign makes offsets of records alike, which compresses better than the room it wastes. The runtime needs four.
const recordAlign = 64

// writeFunctions lays the records out anew. Only ftab knows where they are (runtime/symtab.go, findfunc).
func (t *tables) writeFunctions(all []function) {
	index := t.at(t.pclntab.address, (len(all)+1)*ftabEntry)
	records := slices.Clone(index)
	for i, f := range all {
		for len(records)%recordAlign != 0 {
			records = append(records, 0)
		}
		binary.LittleEndian.PutUint32(records[i*ftabEntry+4:], uint32(len(records)))
		records = append(records, f.encode()...)
	}
	t.replace("pclntab", t.pclntab, records)
}

// replace writes content over a table and zeros over what is left of it. Nothing else in memory moves.
func (t *tables) replace(name string, old table, content []byte) {
	if len(content) > old.length {
		fail("%s of %s would grow from %d to %d bytes", name, t.version, old.length, len(content))
	}
	memory := t.at(old.address, old.length)
	clear(memory[copy(memory, content):])
}

// pcTable is a table in pctab: pairs of a change of the value and a distance in code, ended by a change of zero
// (runtime/symtab.go, step).
func (t *tables) pcTable(offset uint32) []byte {
	r := t.pcReader(offset)
	all := r.rest
	for first := true; r.uleb() != 0 || first; first = false {
		r.uleb()
	}
	return all[:len(all)-len(r.rest)]
}

// largest is the largest value of a table, at least the -1 it starts from.
func (t *tables) largest(offset uint32) int {
	value, largest := int32(-1), int32(-1)
	r := t.pcReader(offset)
	for change, first := uint32(r.uleb()), true; change != 0 || first; change, first = uint32(r.uleb()), false {
		value += int32(-(change & 1) ^ change>>1)
		largest = max(largest, value)
		r.uleb()
	}
	return int(largest)
}

func (t *tables) pcReader(offset uint32) reader {
	if int(offset) >= t.pctab.length {
		fail("a table at %#x of pctab, which has %#x bytes", offset, t.pctab.length)
	}
	return reader{t.at(t.pctab.address+int(offset), t.pctab.length-int(offset)), "pctab"}
}
