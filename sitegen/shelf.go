package sitegen

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"sync"

	"recourse/shop"
)

// Molds are kept on a shelf from one build to the next. A shop whose kind is there is filled in without a look at texts, law or
// languages.

// keeps reports whether molds of the site can be kept. Versions and lists of fragments need more than molds.
func (s Site) keeps() bool {
	return s.Cache != nil && s.Shelf != nil && s.ContentSum != "" && s.Ledger == nil && !s.Fragments
}

// shelfName tells apart what has molds of its own.
func (s Site) shelfName(kind string) string {
	sum := sha256.Sum256([]byte(fmt.Sprint(kind, "\n", s.AsOf, s.NoOverview, s.Bare, "\n", s.ContentSum)))
	return hex.EncodeToString(sum[:])
}

// Known gives the print of a site whose pages are on the shelf; nil if they are not. Of the site it needs Shop, AsOf, Cache, Shelf,
// ContentSum and what leaves parts out.
func (s Site) Known() *Print {
	if !s.keeps() {
		return nil
	}
	in, w := standInFor(s.Shop)
	kind := strings.ReplaceAll(kindOf(in), markStart, "mark")
	if m := s.Cache.packed.get(s.shelfName(kind), s.Shelf); m != nil {
		return &Print{s, m, w}
	}
	return nil
}

// Kind is equal for shops whose pages differ in words only.
func Kind(s *shop.Shop) string {
	in, _ := standInFor(s)
	return strings.ReplaceAll(kindOf(in), markStart, "mark")
}

// keep packs molds of a stand-in and puts them on the shelf, which goes on while files are written: Cache.Saved waits for it. It
// gives those to go on with.
func (s Site) keep(m *molds, w *words) *molds {
	if !s.keeps() || w.marks == nil {
		return m
	}
	name := s.shelfName(Kind(s.Shop))
	if s.Cache.Kinds == 0 { // nobody else needs them in this run
		s.Cache.saving.Go(func() { s.Shelf.Save(name, m.pack()) })
		return m
	}
	data := m.pack()
	s.Cache.saving.Go(func() { s.Shelf.Save(name, data) })
	packed, _ := unpack(data) // it was packed just now
	if kinds := s.Cache.packed.put(name, packed); s.Cache.Shelve && kinds >= s.Cache.Kinds {
		s.Cache.letGo()
	}
	return packed
}

// packedMolds are those a build has in memory.
type packedMolds struct {
	mu    sync.Mutex
	held  map[string]*molds
	kinds int // how many were held at some time
}

// get gives nil for what is neither in memory nor on the shelf.
func (p *packedMolds) get(name string, shelf Shelf) *molds {
	p.mu.Lock()
	m := p.held[name]
	p.mu.Unlock()
	if m != nil {
		return m
	}
	if m, ok := unpack(shelf.Load(name)); ok {
		p.put(name, m)
		return m
	}
	return nil
}

// put keeps molds, and gives the number of kinds there have been.
func (p *packedMolds) put(name string, m *molds) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.held[name] == nil {
		p.kinds++
	}
	if p.held == nil || len(p.held) >= mostMolds {
		p.held = map[string]*molds{}
	}
	p.held[name] = m
	return p.kinds
}
