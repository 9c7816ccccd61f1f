package publish

import (
	"container/list"
	"io/fs"
	"net/http"
	"sync"
)

// Shelf keeps in memory what Pages have served, of any number of shops, as far as there is room: what was asked for last stays.
type Shelf struct {
	room int // bytes

	mu    sync.Mutex
	taken int
	order list.List // of *file, the one asked for last in front
	found map[place]*list.Element
}

// place is where a file lies.
type place struct {
	library *library
	name    string
}

// NewShelf makes a shelf with room for so many bytes.
func NewShelf(room int) *Shelf { return &Shelf{room: room, found: map[place]*list.Element{}} }

// Serve returns the handler for dist.
func (s *Shelf) Serve(dist fs.FS) *Pages {
	return &Pages{&library{dist: dist, shelf: s}, http.FileServerFS(dist), policy("'self'")}
}

// get gives what is kept of a file, nil where that is nothing.
func (s *Shelf) get(at place) *file {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.found[at]
	if e == nil {
		return nil
	}
	s.order.MoveToFront(e)
	return e.Value.(*file)
}

// put keeps a file instead of what was kept for its place.
func (s *Shelf) put(f *file) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e := s.found[f.place]; e != nil {
		s.drop(e)
	}
	f.weight = f.bytes()
	s.found[f.place] = s.order.PushFront(f)
	s.taken += f.weight
	s.shrink()
}

// weigh counts a file again, which has become smaller.
func (s *Shelf) weigh(f *file) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e := s.found[f.place]; e != nil && e.Value.(*file) == f {
		s.taken -= f.weight
		f.weight = f.bytes()
		s.taken += f.weight
		s.shrink()
	}
}

func (s *Shelf) shrink() {
	for s.taken > s.room && s.order.Len() > 0 {
		s.drop(s.order.Back())
	}
}

func (s *Shelf) drop(e *list.Element) {
	f := s.order.Remove(e).(*file)
	delete(s.found, f.place)
	s.taken -= f.weight
}
