package main

import (
	"encoding/binary"
	"math"
)

// image is the linear memory as the data segments leave it, from the address low on.
type image struct {
	low   int
	bytes []byte
}

// largestImage is far above any program a browser is asked to load; it keeps damaged addresses from taking all memory.
const largestImage = 32 << 20

type segment struct {
	address int
	bytes   []byte
}

func load(body []byte) *image {
	segments := readSegments(body)
	low, high := math.MaxInt, 0
	for _, s := range segments {
		low, high = min(low, s.address), max(high, s.address+len(s.bytes))
	}
	low = low / word * word
	if high-low > largestImage || high <= low {
		fail("data from address %#x to %#x: empty, or more than %d bytes", low, high, largestImage)
	}
	m := &image{low, make([]byte, high-low)}
	for _, s := range segments { // in order: a later segment may write over an earlier one
		copy(m.bytes[s.address-low:], s.bytes)
	}
	return m
}

// The only form of segment cmd/link writes: memory 0, at a constant address (cmd/link/internal/wasm/asm.go, writeDataSec).
const (
	activeInMemory0 = 0x00
	i32Const        = 0x41
	end             = 0x0b
)

func readSegments(body []byte) (segments []segment) {
	r := reader{body, "data section"}
	for range r.uleb() {
		if form := r.take(2); form[0] != activeInMemory0 || form[1] != i32Const {
			fail("data section: a segment of the form %#x, want one at a constant address", form)
		}
		address := uint32(r.sleb())
		if r.take(1)[0] != end {
			fail("data section: the address of a segment is computed, want a constant")
		}
		segments = append(segments, segment{int(address), r.take(r.uleb())})
	}
	if len(r.rest) > 0 {
		fail("data section: %d bytes after the last segment", len(r.rest))
	}
	return segments
}

// gap is how many zero bytes begin a new segment. cmd/link begins one at eight, which gives some 23,000 segments whose
// addresses do not compress; long runs of zeros compress to next to nothing.
const gap = 64

// encode writes the image as few segments. The engine zeroes the memory before it copies them
// (https://webassembly.github.io/spec/core/exec/modules.html), so zeros may be left out or written as one likes.
func (m *image) encode() []byte {
	var body []byte
	count := 0
	for start, stop := m.run(0); start < stop; start, stop = m.run(stop) {
		body = append(body, activeInMemory0, i32Const)
		body = appendSleb(body, int32(uint32(m.low+start)))
		body = append(body, end)
		body = binary.AppendUvarint(body, uint64(stop-start))
		body = append(body, m.bytes[start:stop]...)
		count++
	}
	return append(binary.AppendUvarint(nil, uint64(count)), body...)
}

// run finds the next stretch, from i on, that starts and stops with a byte other than zero and has no gap inside.
func (m *image) run(i int) (start, stop int) {
	for i < len(m.bytes) && m.bytes[i] == 0 {
		i++
	}
	start, stop = i, i
	for ; i < len(m.bytes) && i-stop < gap; i++ {
		if m.bytes[i] != 0 {
			stop = i + 1
		}
	}
	return start, stop
}

const word = 8 // of Go on wasm, in bytes: its pointers have 64 bits

// at gives n bytes of memory, to read or to change.
func (m *image) at(address, n int) []byte {
	i := address - m.low
	if n < 0 || i < 0 || i > len(m.bytes)-n {
		fail("%d bytes at address %#x are outside the data", n, address)
	}
	return m.bytes[i : i+n]
}

func (m *image) uint32(address int) uint32 { return binary.LittleEndian.Uint32(m.at(address, 4)) }

func (m *image) setUint32(address int, v uint32) { binary.LittleEndian.PutUint32(m.at(address, 4), v) }

// pointer reads a word that holds an address or a length. Both fit 32 bits in this memory.
func (m *image) pointer(address int) int {
	v := binary.LittleEndian.Uint64(m.at(address, word))
	if v > math.MaxUint32 {
		fail("the word at address %#x is %#x, want an address or a length", address, v)
	}
	return int(v)
}
