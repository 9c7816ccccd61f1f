package sitegen

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"sync"
)

// Molds are kept on a shelf from one build to the next. A shop whose kind is there is filled in without a look at texts, law or
// languages.

// keeps reports whether molds of the site can be kept. Versions and lists of fragments need more than molds.
func (s Site) keeps() bool {
	return s.Cache != nil && s.Shelf != nil && s.ContentSum != "" && s.Ledger == nil && !s.Fragments
}

// shelfName tells apart what has molds of its own. Marks are another word in each run.
func (s Site) shelfName(standInKind string) string {
	kind := strings.ReplaceAll(standInKind, markStart, "mark")
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
	if m := s.Cache.packed.get(s.shelfName(kindOf(in)), s.Shelf); m != nil {
		return &Print{s, m, w}
	}
	return nil
}

// keep packs molds of a stand-in and puts them on the shelf. It gives those to go on with.
func (s Site) keep(m *molds, w *words) *molds {
	if !s.keeps() || w.marks == nil {
		return m
	}
	in, _ := standInFor(s.Shop)
	name, data := s.shelfName(kindOf(in)), m.pack()
	s.Shelf.Save(name, data)
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
