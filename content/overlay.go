package content

import (
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"
)

// Overlay lays a shop's own files over the built-in ones: a file there replaces the file of the
// same path here, a new file or language is added.
func Overlay(own, builtIn fs.FS) fs.FS { return overlay{own, builtIn} }

type overlay struct{ own, builtIn fs.FS }

func (o overlay) Open(name string) (fs.File, error) {
	f, err := o.own.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return o.builtIn.Open(name)
	}
	if err != nil {
		return nil, err
	}
	if info, err := f.Stat(); err != nil || !info.IsDir() {
		return f, err
	}
	entries, err := o.ReadDir(name)
	return &folder{f, entries}, err
}

// ReadFile is what fs.ReadFile asks for: Open would look at the file twice.
func (o overlay) ReadFile(name string) ([]byte, error) {
	data, err := fs.ReadFile(o.own, name)
	if errors.Is(err, fs.ErrNotExist) {
		return fs.ReadFile(o.builtIn, name)
	}
	return data, err
}

// folder is an open folder of both trees; everything but its list is that of the shop's own.
type folder struct {
	fs.File
	rest []fs.DirEntry
}

func (f *folder) ReadDir(n int) ([]fs.DirEntry, error) {
	if n <= 0 {
		n = len(f.rest)
	} else if len(f.rest) == 0 {
		return nil, io.EOF
	}
	n = min(n, len(f.rest))
	entries := f.rest[:n:n]
	f.rest = f.rest[n:]
	return entries, nil
}

// ReadDir lists both folders as one, so that fs.WalkDir and fs.Glob see a single tree.
func (o overlay) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, errOwn := fs.ReadDir(o.own, name)
	builtIn, err := fs.ReadDir(o.builtIn, name)
	if errOwn != nil && err != nil {
		return nil, err
	}
	for _, e := range builtIn {
		if !slices.ContainsFunc(entries, func(have fs.DirEntry) bool { return have.Name() == e.Name() }) {
			entries = append(entries, e)
		}
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return entries, nil
}
