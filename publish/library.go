package publish

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"
)

// library finds files: on the shelf for as long as the file on disk stays as it is, else there.
type library struct {
	dist  fs.FS
	shelf *Shelf
}

// file is one file in the codings there are of it.
type file struct {
	place
	size     int64
	modified time.Time

	once   sync.Once
	mu     sync.Mutex
	plain  variant   // without data where there is a coding: nearly nobody asks for it then
	packed []variant // the better coding first

	weight int // of the Shelf
}

// variant is what goes over the wire.
type variant struct {
	coding string // "" for the file as it is
	data   []byte
	etag   string // of these bytes: parts of two codings must never be put together
}

func newVariant(coding string, data []byte) variant {
	sum := sha256.Sum256(data)
	return variant{coding, data, `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`}
}

// find returns nil for what is not ours to compress or not there.
func (l *library) find(name string) *file {
	if kinds[path.Ext(name)] == "" || !fs.ValidPath(name) {
		return nil
	}
	info, err := fs.Stat(l.dist, name)
	if err != nil || info.IsDir() || info.Size() > largest {
		return nil
	}
	if f := l.shelf.get(place{l, name}); f != nil && f.size == info.Size() && f.modified.Equal(info.ModTime()) {
		return f
	}
	return l.read(name, info)
}

func (l *library) read(name string, info fs.FileInfo) *file {
	data, err := fs.ReadFile(l.dist, name)
	if err != nil {
		return nil
	}
	f := &file{place: place{l, name}, size: info.Size(), modified: info.ModTime(), plain: newVariant("", data)}
	if f.keep(l.packed(f)); len(f.packed) == 0 {
		time.AfterFunc(patience, f.compress)
	}
	l.shelf.put(f)
	return f
}

// keep takes codings of a file.
func (f *file) keep(packed []variant) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.packed = packed; len(packed) > 0 {
		f.plain.data = nil
	}
}

// bytes are those in memory.
func (f *file) bytes() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	const itself = 500 // and its place on the shelf
	sum := itself + len(f.plain.data)
	for _, v := range f.packed {
		sum += len(v.data)
	}
	return sum
}

// largest is what is kept in memory; nothing of ours comes near.
const largest = 16 << 20

// patience is how long a file without compressed neighbours goes out as it is: whoever asks first shall not share the
// processor with a compressor.
const patience = 2 * time.Second

// packed reads what a build has laid beside the file. What is older belongs to another one.
func (l *library) packed(f *file) []variant {
	var found []variant
	for _, c := range codings {
		info, err := fs.Stat(l.dist, f.name+c.ending)
		if err != nil || info.ModTime().Before(f.modified) {
			continue
		}
		if data, err := fs.ReadFile(l.dist, f.name+c.ending); err == nil {
			found = append(found, newVariant(c.name, data))
		}
	}
	return found
}

// compress does quickly, for the next who asks, what no build has done.
func (f *file) compress() { f.once.Do(f.compressNow) }

// compressing is one file at a time: each takes a processor and some megabytes.
var compressing sync.Mutex

func (f *file) compressNow() {
	compressing.Lock()
	defer compressing.Unlock()
	plain, packed := f.variants()
	if len(packed) > 0 || f.library.shelf.get(f.place) != f { // nobody would get what is made
		return
	}
	for _, c := range codings {
		if data := c.compress(plain.data, c.quick); data != nil {
			packed = append(packed, newVariant(c.name, data))
		}
	}
	f.keep(packed)
	f.library.shelf.weigh(f)
}

func (f *file) variants() (plain variant, packed []variant) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.plain, f.packed
}

func (f *file) choose(accept string) variant {
	w := weights(accept)
	best, packed := f.variants()
	high := w["identity"]
	for _, v := range packed {
		if q := wanted(w, v.coding); q > high || q == high && q > 0 && best.coding == "" {
			best, high = v, q
		}
	}
	return best
}

// whole is a variant with its data.
func (f *file) whole(v variant) (variant, error) {
	if v.data != nil || f.size == 0 {
		return v, nil
	}
	data, err := fs.ReadFile(f.library.dist, f.name)
	return newVariant("", data), err // what lies there may be newer
}

func (f *file) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	v, err := f.whole(f.choose(strings.Join(r.Header.Values("Accept-Encoding"), ",")))
	if err != nil { // it has gone this moment
		http.NotFound(w, r)
		return
	}
	h.Set("Content-Type", kinds[path.Ext(f.name)])
	h.Set("Content-Length", strconv.Itoa(len(v.data))) // ServeContent leaves it out where there is a coding
	h.Set("Etag", v.etag)
	h.Add("Vary", "Accept-Encoding")
	if v.coding != "" {
		h.Set("Content-Encoding", v.coding)
	}
	http.ServeContent(w, r, f.name, f.modified, bytes.NewReader(v.data))
}
