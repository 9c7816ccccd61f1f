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

// library keeps what it has served in memory, compressed and not, for as long as the file on disk stays as it is.
type library struct {
	dist  fs.FS
	files sync.Map // name -> *file
}

// file is one file in the codings there are of it.
type file struct {
	name     string
	size     int64
	modified time.Time
	plain    variant

	once   sync.Once
	mu     sync.Mutex
	packed []variant // the better coding first
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
	if known, ok := l.files.Load(name); ok {
		if f := known.(*file); f.size == info.Size() && f.modified.Equal(info.ModTime()) {
			return f
		}
	}
	return l.read(name, info)
}

func (l *library) read(name string, info fs.FileInfo) *file {
	data, err := fs.ReadFile(l.dist, name)
	if err != nil {
		return nil
	}
	f := &file{name: name, size: info.Size(), modified: info.ModTime(), plain: newVariant("", data)}
	f.packed = l.packed(f)
	if len(f.packed) == 0 {
		time.AfterFunc(patience, f.compress)
	}
	l.files.Store(name, f)
	return f
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
func (f *file) compress() {
	if len(f.variants()) == 0 {
		f.once.Do(f.compressNow)
	}
}

func (f *file) compressNow() {
	var packed []variant
	for _, c := range codings {
		if data := c.compress(f.plain.data, c.quick); data != nil {
			packed = append(packed, newVariant(c.name, data))
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.packed = packed
}

func (f *file) variants() []variant {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.packed
}

func (f *file) choose(accept string) variant {
	w := weights(accept)
	best, high := f.plain, w["identity"]
	for _, v := range f.variants() {
		if q := wanted(w, v.coding); q > high || q == high && q > 0 && best.coding == "" {
			best, high = v, q
		}
	}
	return best
}

func (f *file) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	v := f.choose(strings.Join(r.Header.Values("Accept-Encoding"), ","))
	h.Set("Content-Type", kinds[path.Ext(f.name)])
	h.Set("Content-Length", strconv.Itoa(len(v.data))) // ServeContent leaves it out where there is a coding
	h.Set("Etag", v.etag)
	h.Add("Vary", "Accept-Encoding")
	if v.coding != "" {
		h.Set("Content-Encoding", v.coding)
	}
	http.ServeContent(w, r, f.name, f.modified, bytes.NewReader(v.data))
}
