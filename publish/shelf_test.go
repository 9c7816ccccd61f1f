package publish

import (
	"bytes"
	"fmt"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"
)

// Many shops share one shelf: it never takes more than its room, and what it has no room for is served all the same.
func TestShelf(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const room = 10 << 10
		shelf := NewShelf(room)
		var shops []*Pages
		for i := range 40 {
			text := bytes.Repeat(fmt.Appendf(nil, "shop %d;", i), 200)
			shops = append(shops, shelf.Serve(fstest.MapFS{"recourse.js": {Data: text}}))
		}
		for range 2 {
			for i, shop := range shops {
				for _, accept := range []string{"br", "identity", "gzip"} {
					r := ask(shop, "GET", "/recourse.js", "Accept-Encoding: "+accept)
					if want := bytes.Repeat(fmt.Appendf(nil, "shop %d;", i), 200); !bytes.Equal(unpacked(t, r), want) {
						t.Fatalf("shop %d in %s: not its file", i, accept)
					}
				}
				if shelf.taken > room || shelf.order.Len() != len(shelf.found) {
					t.Fatalf("%d bytes are kept, in %d and %d files", shelf.taken, shelf.order.Len(), len(shelf.found))
				}
			}
			time.Sleep(patience)
			synctest.Wait()
		}
		sum := 0
		for e := shelf.order.Front(); e != nil; e = e.Next() {
			sum += e.Value.(*file).bytes()
		}
		if sum != shelf.taken || shelf.order.Len() < 4 {
			t.Errorf("%d bytes are counted, %d are kept, of %d files", shelf.taken, sum, shelf.order.Len())
		}
	})
}

// A file that is kept compressed is read again for the few who take no coding.
func TestPlainFileOfAShelf(t *testing.T) {
	dist := packed(map[string][]byte{"recourse.js": script})
	h := Serve(dist)
	ask(h, "GET", "/recourse.js", "Accept-Encoding: br")
	first := ask(h, "GET", "/recourse.js")
	if !bytes.Equal(body(t, first), script) || first.ContentLength != int64(len(script)) {
		t.Errorf("the plain file: %v", first.Header)
	}
	if again := ask(h, "GET", "/recourse.js", "If-None-Match: "+first.Header.Get("Etag")); again.StatusCode != 304 {
		t.Errorf("asked again: %d", again.StatusCode)
	}
}
