package content

import (
	"errors"
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
	return f, err
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
