package main

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"recourse/sitegen"
)

// shelf keeps molds of pages in the user's cache, so that a kind of shop is made once and not with every build. Without such a
// cache every build makes its own.
type shelf struct {
	folder  string
	program string
	started time.Time
	texts   *listings
}

// mostKept is how many molds lie on the shelf: each is a few megabytes.
const mostKept = 32

// coarsestClock is the time between two changes that some file systems do not tell apart.
const coarsestClock = 2 * time.Second

func newShelf(texts *listings) *shelf {
	cache, err := os.UserCacheDir()
	program, errProgram := thisProgram()
	if err != nil || errProgram != nil {
		return nil
	}
	return &shelf{filepath.Join(cache, "recourse", "molds"), program, time.Now(), texts}
}

// board is the part of the shelf for one set of folders of texts.
type board struct {
	*shelf
	folders []string
	sum     string // of what is in them
}

// board is nil where nobody can say whether texts will have changed: they were written just now, or are more than files.
func (s *shelf) board(folders ...string) *board {
	if s == nil {
		return nil
	}
	sum := s.program
	for _, folder := range folders {
		l := s.texts.of(folder)
		if l.err != nil || l.newest.After(s.started.Add(-coarsestClock)) {
			return nil
		}
		sum += "\n" + l.sum
	}
	return &board{s, folders, sum}
}

// on lets a site use the shelf.
func (b *board) on(site *sitegen.Site) {
	if b != nil {
		site.ContentSum, site.Shelf = b.sum, b
	}
}

func (s *shelf) file(name string) string { return filepath.Join(s.folder, name) }

// Load notes as well that the molds are used.
func (s *shelf) Load(name string) []byte {
	data, err := os.ReadFile(s.file(name))
	if err != nil {
		return nil
	}
	_ = os.Chtimes(s.file(name), s.started, s.started) // else they are thrown away earlier
	return data
}

// Save keeps molds, unless a text has changed meanwhile. What cannot be kept is made again.
func (b *board) Save(name string, data []byte) {
	for _, folder := range b.folders {
		if list(folder).sum != b.texts.of(folder).sum {
			return
		}
	}
	if os.MkdirAll(b.folder, 0o700) != nil {
		return
	}
	aside := fmt.Sprint(b.file(name), ".", os.Getpid())
	if os.WriteFile(aside, data, 0o600) != nil || os.Rename(aside, b.file(name)) != nil {
		_ = os.Remove(aside)
	}
	b.tidy()
}

// tidy throws away what was not used for longest.
func (s *shelf) tidy() {
	entries, err := os.ReadDir(s.folder)
	if err != nil || len(entries) <= mostKept {
		return
	}
	used := func(e os.DirEntry) time.Time {
		info, err := e.Info()
		if err != nil {
			return time.Time{}
		}
		return info.ModTime()
	}
	slices.SortFunc(entries, func(a, b os.DirEntry) int { return cmp.Compare(used(a).UnixNano(), used(b).UnixNano()) })
	for _, e := range entries[:len(entries)-mostKept] {
		_ = os.Remove(s.file(e.Name()))
	}
}
