package publish

import (
	"io/fs"
	"path"
	"runtime"
	"sync"
)

// Compress returns what lies beside files (path -> content) for a web server that serves compressed files: a .br and a
// .gz for each that gets smaller by it. The best compression takes seconds, so what dist holds already of the same bytes is
// used again. The same files give the same bytes.
func Compress(files map[string][]byte, dist fs.FS) map[string][]byte {
	packed := map[string][]byte{}
	var mu sync.Mutex
	var work sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for name, data := range files {
		if kinds[path.Ext(name)] == "" {
			continue
		}
		for _, c := range codings {
			work.Go(func() {
				slots <- struct{}{}
				defer func() { <-slots }()
				if small := c.reuse(dist, name, data); small != nil {
					mu.Lock()
					defer mu.Unlock()
					packed[name+c.ending] = small
				}
			})
		}
	}
	work.Wait()
	return packed
}

// reuse takes what is there if it unpacks to data, whatever its name and age say.
func (c coding) reuse(dist fs.FS, name string, data []byte) []byte {
	if have, err := fs.ReadFile(dist, name+c.ending); err == nil && len(have) < len(data) && c.holds(have, data) {
		return have
	}
	return c.compress(data, c.best)
}
