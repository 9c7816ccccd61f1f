package sitegen

import (
	"crypto/sha256"
	"sync"

	"recourse/law"
	"recourse/locale"
	"recourse/remember"
)

// Cache keeps what builds have in common: compiled texts, frames around pages, and the molds of shops that differ in words
// only. Its zero value is ready for use, also by several builds at once.
type Cache struct {
	// Shelve makes a build of many shops keep no more than it needs for the next one: templates are compiled again where
	// shops differ in more than words.
	Shelve bool
	// Kinds is how many kinds of shops the build has, see Kind: texts are let go when all are made. 0: it has one
	// shop.
	Kinds int

	packed packedMolds
	saving sync.WaitGroup

	texts  remember.Values[textKey, *page]
	frames remember.Values[string, *frame]
	parts  remember.Values[string, *mold]

	locales remember.Values[string, *localePages]
	filled  remember.Values[string, map[string]*mold]
	notices remember.Values[string, *mold]
	sources sources

	molds  remember.Values[moldKey, *molds]
	read   remember.Values[string, map[string]tongue]
	sheets remember.Values[[sha256.Size]byte, sheet]
	rooms  rooms

	computing remember.Values[string, bool] // content -> whether a layout of it computes

	sitemaps remember.Values[string, map[string]*mold]
}

// Forget makes the next build look at all texts again; what has not changed in them is still known.
func (c *Cache) Forget() {
	c.read.Forget()
	c.molds.Forget()
	c.computing.Forget()
}

// Shelf keeps molds between builds. What it gives under a name is what was last saved under it, or nil.
type Shelf interface {
	Load(name string) []byte
	Save(name string, data []byte)
}

// sources are the laws and languages that builds were made from, each with a number that no other ever has.
type sources struct {
	mu   sync.Mutex
	last int
	held []source
}

type source struct {
	law       *law.Book
	languages *locale.Catalog
	number    int
}

// number tells builds apart that read other law or languages. What is forgotten gets another one.
func (s *sources) number(b *law.Book, l *locale.Catalog) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, known := range s.held {
		if known.law == b && known.languages == l {
			return known.number
		}
	}
	if len(s.held) >= mostContents {
		s.held = nil
	}
	s.last++
	s.held = append(s.held, source{b, l, s.last})
	return s.last
}

// shelve gives back the room of templates, if the build asks for that.
func (c *Cache) shelve(pages ...*page) {
	if !c.Shelve {
		return
	}
	for _, p := range pages {
		p.shelve()
	}
}

// Saved waits until what is to be kept for later builds is on the shelf.
func (c *Cache) Saved() { c.saving.Wait() }

// letGo drops what only molds are made of.
func (c *Cache) letGo() {
	c.texts.Forget()
	c.read.Forget()
	c.frames.Forget()
	c.parts.Forget()
	c.molds.Forget()
	c.sitemaps.Forget()
}

// textKey is a text with a name: a page's errors name its file.
type textKey struct {
	file string
	sum  [sha256.Size]byte
}

// moldKey tells shops apart that need molds of their own.
type moldKey struct {
	kind    string
	content string
}

// rooms are where the files of a shop lie until they are written: a build of many shops makes no garbage.
type rooms struct {
	mu   sync.Mutex
	free [][]byte
}

// take gives an empty room for n octets or more.
func (r *rooms) take(n int) []byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.free) == 0 {
		return make([]byte, 0, n)
	}
	last := r.free[len(r.free)-1]
	r.free = r.free[:len(r.free)-1]
	if cap(last) < n {
		return make([]byte, 0, n)
	}
	return last[:0]
}

func (r *rooms) give(room []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.free = append(r.free, room)
}
