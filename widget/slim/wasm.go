package main

import (
	"encoding/binary"
	"math"
	"strings"
)

// The outer form of a module: https://webassembly.github.io/spec/core/binary/modules.html
const preamble = "\x00asm\x01\x00\x00\x00"

// The sections that matter here; the others are copied.
const (
	custom        = 0
	memorySection = 5
	dataSection   = 11
)

type section struct {
	id   byte
	body []byte
}

func parse(file []byte) (sections []section) {
	if !strings.HasPrefix(string(file[:min(len(file), len(preamble))]), preamble) {
		fail("no WebAssembly version 1 at the start of the file")
	}
	r := reader{file[len(preamble):], "sections"}
	for len(r.rest) > 0 {
		id := r.take(1)[0]
		sections = append(sections, section{id, r.take(r.uleb())})
	}
	return sections
}

func encode(sections []section) []byte {
	out := []byte(preamble)
	for _, s := range sections {
		out = binary.AppendUvarint(append(out, s.id), uint64(len(s.body)))
		out = append(out, s.body...)
	}
	return out
}

// reader takes a piece of a module apart. where names the piece in errors.
type reader struct {
	rest  []byte
	where string
}

func (r *reader) take(n int) []byte {
	if n > len(r.rest) {
		fail("%s: %d more bytes announced, %d left: the file is cut off or damaged", r.where, n, len(r.rest))
	}
	taken := r.rest[:n:n]
	r.rest = r.rest[n:]
	return taken
}

func (r *reader) text() string { return string(r.take(r.uleb())) }

// uleb reads an unsigned number of 32 bits, in the form of encoding/binary's varints.
func (r *reader) uleb() int {
	v, n := binary.Uvarint(r.rest)
	if n <= 0 || v > math.MaxUint32 {
		fail("%s: no number of 32 bits", r.where)
	}
	r.rest = r.rest[n:]
	return int(v)
}

// sleb reads a signed number of 32 bits.
func (r *reader) sleb() int32 {
	const longest = 5
	var v int64
	for shift := 0; shift < 7*longest; shift += 7 {
		b := r.take(1)[0]
		v |= int64(b&0x7f) << shift
		if b < 0x80 {
			unused := 64 - 7 - shift
			return int32(v << unused >> unused) // the highest bit given is the sign
		}
	}
	fail("%s: no signed number of 32 bits", r.where)
	return 0
}

func appendSleb[T int32 | int64](out []byte, v T) []byte {
	for v < -0x40 || v >= 0x40 {
		out = append(out, byte(v)|0x80)
		v >>= 7
	}
	return append(out, byte(v)&0x7f)
}
