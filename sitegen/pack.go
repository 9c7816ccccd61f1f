package sitegen

import (
	"encoding/binary"
	"hash/crc32"
	"maps"
	"slices"
)

// Packed molds are one piece of memory, however many files they are of, and one file for a later build: a checksum of the rest, the
// files, the notices. A file is its name and the number of its gaps, then text, gap, text, ... text. Numbers are varints, but for
// the length of a text, which stands before it in four octets.

// pack writes molds without slots. What is still open in them stays empty for good.
func (m *molds) pack() []byte {
	size := checkSize
	for _, list := range []map[string]*mold{m.files, m.notices} {
		for _, file := range list {
			size += file.size() + file.size()/8
		}
	}
	p := packer{make([]byte, checkSize, size)}
	p.molds(m.files)
	p.molds(m.notices)
	binary.LittleEndian.PutUint32(p.out, crc32.Checksum(p.out[checkSize:], damage))
	return p.out
}

// A disk may fail; whoever may write to the user's cache may write pages as well, so nothing is signed.
const checkSize = 4

var damage = crc32.MakeTable(crc32.Castagnoli)

type packer struct{ out []byte }

func (p *packer) number(n int) { p.out = binary.AppendUvarint(p.out, uint64(n)) }

func (p *packer) text(s string) {
	start := p.begin()
	p.out = append(p.out, s...)
	p.end(start)
}

// begin leaves room for the length of a text, which end fills in.
func (p *packer) begin() (start int) {
	p.out = append(p.out, 0, 0, 0, 0)
	return len(p.out)
}

func (p *packer) end(start int) {
	binary.LittleEndian.PutUint32(p.out[start-4:], uint32(len(p.out)-start))
}

func (p *packer) molds(list map[string]*mold) {
	p.number(len(list))
	for _, name := range slices.Sorted(maps.Keys(list)) {
		p.text(name)
		p.mold(list[name])
	}
}

func (p *packer) mold(m *mold) {
	words := 0
	m.each(func([]byte) {}, func(gap) { words++ })
	p.number(words)
	start := p.begin()
	m.each(func(text []byte) { p.out = append(p.out, text...) }, func(g gap) {
		p.end(start)
		p.number(g.word)
		p.number(int(g.write))
		p.text(g.from)
		start = p.begin()
	})
	p.end(start)
}

// unpack reads what pack wrote; ok is false for anything else. The molds keep data.
func unpack(data []byte) (m *molds, ok bool) {
	if len(data) < checkSize || binary.LittleEndian.Uint32(data) != crc32.Checksum(data[checkSize:], damage) {
		return nil, false
	}
	u := unpacker{data[checkSize:]} // it is as it was written: nothing in it needs to be doubted
	return &molds{files: u.molds(), notices: u.molds()}, true
}

type unpacker struct{ rest []byte }

func (u *unpacker) number() int {
	n, length := binary.Uvarint(u.rest)
	u.rest = u.rest[length:]
	return int(n)
}

func (u *unpacker) text() []byte {
	end := 4 + binary.LittleEndian.Uint32(u.rest)
	text := u.rest[4:end:end]
	u.rest = u.rest[end:]
	return text
}

func (u *unpacker) molds() map[string]*mold {
	n := u.number()
	list := make(map[string]*mold, n)
	for range n {
		name := string(u.text())
		list[name] = u.mold()
	}
	return list
}

func (u *unpacker) mold() *mold {
	words := u.number()
	m := &mold{text: make([][]byte, 0, words+1), gaps: make([]gap, 0, words)}
	for range words {
		m.text = append(m.text, u.text())
		m.gaps = append(m.gaps, gap{word: u.number(), write: writing(u.number()), from: string(u.text())})
	}
	m.text = append(m.text, u.text())
	return m
}
