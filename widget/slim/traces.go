package main

import (
	"bytes"
	"encoding/binary"
	"math"
	"slices"
	"strings"
)

// dropTraces takes out of Go's symbol table what only stack traces, runtime.Caller and runtime.FuncForPC read. What
// the collector, the unwinder, panics and recover read stays:
//
//   - pcsp, args, deferreturn, id and flags of every function: the unwinder and the growth of stacks
//     (runtime/traceback.go, stack.go);
//   - StackMapIndex, pointer maps, stack objects: what is a pointer on a stack (runtime/stkframe.go, getStackMap);
//   - open-coded defers (runtime/panic.go, initOpenCodedDefers) and PanicBounds (panicBounds64);
//   - inlining trees of wrappers: recover counts the frames up to the panic (runtime/panic.go, gorecover) and skips
//     wrappers, also those that have another function inlined. In other functions the tree changes no count that
//     matters: a function that calls recover is never inlined, so it is the first frame counted;
//   - names the runtime compares with or takes apart, see nameFor.
//
// UnsafePoint is read to stop a goroutine at any instruction, which wasm cannot (runtime/os_wasm.go, preemptMSupported).
func dropTraces(m *image, l layout) {
	t := findTables(m, l)
	functions := t.readFunctions()
	t.verifyIDs(functions)
	t.clearFuncdata(functions)
	names, pctab := newPool("\x00"), newPool("\x00\x01\x00") // offset 0 is no name, and no table; funcMaxSPDelta reads one there all the same
	for i := range functions {
		t.slim(&functions[i], names, pctab)
	}
	t.writeFunctions(functions)
	t.replace("funcnametab", t.names, names.bytes)
	t.replace("pctab", t.pctab, pctab.bytes)
	t.replace("cutab", t.units, nil)
	t.replace("filetab", t.files, nil)
	t.coarsen()
}

// verifyIDs makes sure that wrapper still is the last id and that there are some.
func (t *tables) verifyIDs(functions []function) {
	last := byte(0)
	for _, f := range functions {
		last = max(last, f.id())
	}
	if last != t.wrapper {
		fail("the last function id of %s is %d, want %d for wrappers", t.version, last, t.wrapper)
	}
}

func (t *tables) slim(f *function, names, pctab *pool) {
	keep := func(offset uint32) uint32 {
		if offset == 0 {
			return 0
		}
		return pctab.add(string(t.pcTable(offset)))
	}
	isWrapper := f.id() == t.wrapper
	if tree := f.tree(); tree != none && isWrapper {
		t.renameTree(f, names)
	}
	f.set(fieldName, names.add(nameFor(f.name, isWrapper)+"\x00"))
	f.set(fieldPcsp, keep(f.get(fieldPcsp)))
	for _, field := range []int{fieldPcfile, fieldPcln, fieldUnit, fieldStartLine} {
		f.set(field, 0) // no file and no line: "?" and 0 (runtime/symtab.go, funcline1)
	}
	for kind, offset := range f.pcdata {
		f.pcdata[kind] = 0
		if t.neededPcdata(kind, offset, isWrapper) {
			f.pcdata[kind] = keep(offset)
		}
	}
	for kind := range f.funcdata {
		if !neededFuncdata(kind, isWrapper) {
			f.funcdata[kind] = none
		}
	}
}

// neededPcdata leaves out the table of stack maps of a function that has but one: without a table the runtime takes the
// first map, as it does for -1 (runtime/stkframe.go, getStackMap).
func (t *tables) neededPcdata(kind int, offset uint32, isWrapper bool) bool {
	switch kind {
	case stackMapIndex:
		return offset != 0 && t.largest(offset) > 0
	case inlTreeIndex:
		return isWrapper
	}
	return kind == panicBounds
}

func neededFuncdata(kind int, isWrapper bool) bool {
	switch kind {
	case argsPointerMaps, localsPointerMaps, stackObjects, openCodedDeferInfo:
		return true
	case inlTree:
		return isWrapper
	}
	return false
}

// nameFor gives what the runtime reads in a name. It compares two with names of package reflect (runtime/stkframe.go,
// argMapInternal), takes the method's name from a wrapper for its panic (runtime/error.go, panicwrap) and knows its own
// goroutines by the package (runtime/traceback.go, isSystemGoroutine).
func nameFor(name string, isWrapper bool) string {
	switch {
	case name == "reflect.makeFuncStub", name == "reflect.methodValueCall", isWrapper && strings.Contains(name, "(*"):
		return name
	case strings.HasPrefix(name, "runtime."):
		return "runtime.?"
	}
	return "?"
}

// An inlinedCall (runtime/symtabinl.go) has its name and its line at these offsets.
const (
	inlinedCallSize = 16
	inlinedName     = 4
	inlinedLine     = 12
)

func (f *function) tree() uint32 {
	if len(f.funcdata) <= inlTree {
		return none
	}
	return f.funcdata[inlTree]
}

// renameTree keeps the names in a tree from pointing into a table that is another one now.
func (t *tables) renameTree(f *function, names *pool) {
	tree := t.span(f, inlTree)
	for call := tree.address; call < tree.end(); call += inlinedCallSize {
		t.setUint32(call+inlinedName, names.add("?\x00"))
		t.setUint32(call+inlinedLine, 0)
	}
}

// clearFuncdata writes zeros over the funcdata nobody will point to, once it is sure that nobody else needs a byte of it.
func (t *tables) clearFuncdata(functions []function) {
	kept := make([]bool, t.findfunctab-t.gofunc)
	var dropped []table
	for i := range functions {
		f := &functions[i]
		for kind, offset := range f.funcdata {
			switch span := t.span(f, kind); {
			case offset == none:
			case !neededFuncdata(kind, f.id() == t.wrapper):
				dropped = append(dropped, span)
			default:
				for at := span.address; at < span.end(); at++ {
					kept[at-t.gofunc] = true
				}
			}
		}
	}
	for _, span := range dropped {
		if slices.Contains(kept[span.address-t.gofunc:span.end()-t.gofunc], true) {
			fail("funcdata of %s at %#x is needed, and overlaps some that is not", t.version, span.address)
		}
		clear(t.at(span.address, span.length))
	}
}

// span tells where a funcdata of f is.
func (t *tables) span(f *function, kind int) table {
	if f.funcdata[kind] == none {
		return table{}
	}
	at := t.gofunc + int(f.funcdata[kind])
	span := table{at, t.funcdataLength(f, kind, at)}
	if span.end() > t.findfunctab {
		fail("funcdata %d of %q reaches to %#x, beyond the end at %#x", kind, f.name, span.end(), t.findfunctab)
	}
	t.at(span.address, span.length)
	return span
}

func (t *tables) funcdataLength(f *function, kind, at int) int {
	switch kind {
	case argsPointerMaps, localsPointerMaps: // stackmap, runtime/symtab.go
		maps, bits := int(t.uint32(at)), int(t.uint32(at+4))
		return 8 + maps*((bits+7)/8)
	case stackObjects: // a word and the stackObjectRecords it counts, runtime/stack.go
		return word + 16*t.pointer(at)
	case inlTree:
		return inlinedCallSize * t.inlinedCalls(f)
	case openCodedDeferInfo: // two numbers
		r := reader{t.at(at, t.findfunctab-at), "open-coded defers"}
		before := len(r.rest)
		r.uleb()
		r.uleb()
		return before - len(r.rest)
	case argInfo: // up to abi.TraceArgsEndSeq, internal/abi/funcpc.go
		return bytes.IndexByte(t.at(at, t.findfunctab-at), math.MaxUint8) + 1
	}
	return 0 // not measured: it stays in memory, and nobody points to it
}

// inlinedCalls counts the calls in the tree of f: its pcdata numbers them.
func (t *tables) inlinedCalls(f *function) int {
	if len(f.pcdata) <= inlTreeIndex || f.pcdata[inlTreeIndex] == 0 {
		return 0
	}
	return t.largest(f.pcdata[inlTreeIndex]) + 1
}

// In findfunctab a bucket (runtime/symtab.go, findfuncbucket) leads from a stretch of code to the first function that
// may be meant, from which findfunc goes on to the right one.
const (
	bucketCode = 4096 // abi.FuncTabBucketSize
	bucketSize = 20   // the number of the function, and 16 bytes to add to it
	coarse     = 64
)

// coarsen lets findfunc start at an earlier function, up to coarse-1 steps back. On wasm each function has 16 buckets
// to itself: many numbers for a saving of nanoseconds.
func (t *tables) coarsen() {
	for i := range (t.maxpc - t.minpc + bucketCode - 1) / bucketCode {
		first := t.at(t.findfunctab+i*bucketSize, 4)
		binary.LittleEndian.PutUint32(first, binary.LittleEndian.Uint32(first)/coarse*coarse)
	}
}

// pool collects strings of bytes, each once.
type pool struct {
	bytes []byte
	at    map[string]uint32
}

func newPool(start string) *pool { return &pool{[]byte(start), map[string]uint32{}} }

// add gives the offset of s.
func (p *pool) add(s string) uint32 {
	offset, known := p.at[s]
	if !known {
		offset = uint32(len(p.bytes))
		p.bytes = append(p.bytes, s...)
		p.at[s] = offset
	}
	return offset
}
