package content

import (
	"cmp"
	"errors"
	"io/fs"
	"path"
	"slices"
	"sync"
)

// Snapshot lists each folder of a tree once, for a build that asks for many files of which most are not there: what is not in
// the list need not be looked for. Files themselves are read anew.
func Snapshot(fsys fs.FS) fs.FS { return &snapshot{FS: fsys, folders: map[string]listing{}} }

type snapshot struct {
	fs.FS

	mu      sync.Mutex
	folders map[string]listing
}

type listing struct {
	entries []fs.DirEntry // by name
	err     error
}

// ReadDir gives the list. It belongs to the caller.
func (s *snapshot) ReadDir(name string) ([]fs.DirEntry, error) {
	l := s.list(name)
	return slices.Clone(l.entries), l.err
}

func (s *snapshot) list(name string) listing {
	s.mu.Lock()
	defer s.mu.Unlock()
	l, known := s.folders[name]
	if !known {
		l.entries, l.err = fs.ReadDir(s.FS, name)
		s.folders[name] = l
	}
	return l
}

// absent is nil for a file or folder that may be there and can be read.
func (s *snapshot) absent(op, name string) error {
	if name == "." || !fs.ValidPath(name) {
		return nil
	}
	folder := path.Dir(name)
	if err := s.absent(op, folder); err != nil {
		return err
	}
	l := s.list(folder)
	if l.err != nil && !errors.Is(l.err, fs.ErrNotExist) {
		return nil
	}
	base := path.Base(name)
	if i, there := slices.BinarySearchFunc(l.entries, base, func(e fs.DirEntry, name string) int { return cmp.Compare(e.Name(), name) }); there {
		return s.endless(op, name, l.entries[i])
	}
	return &fs.PathError{Op: op, Path: name, Err: fs.ErrNotExist}
}

// endless refuses pipes, sockets and devices, and links to them: reading one may never end, and nothing could stop it.
func (s *snapshot) endless(op, name string, e fs.DirEntry) error {
	kind := e.Type()
	if kind&fs.ModeSymlink != 0 {
		if info, err := fs.Stat(s.FS, name); err == nil {
			kind = info.Mode()
		}
	}
	if kind&(fs.ModeNamedPipe|fs.ModeSocket|fs.ModeDevice|fs.ModeIrregular) != 0 {
		return &fs.PathError{Op: op, Path: name, Err: errors.New("it is neither a file nor a folder; texts are files")}
	}
	return nil
}

func (s *snapshot) Open(name string) (fs.File, error) {
	if err := s.absent("open", name); err != nil {
		return nil, err
	}
	return s.FS.Open(name)
}

func (s *snapshot) ReadFile(name string) ([]byte, error) {
	if err := s.absent("open", name); err != nil {
		return nil, err
	}
	return fs.ReadFile(s.FS, name)
}

func (s *snapshot) Stat(name string) (fs.FileInfo, error) {
	if err := s.absent("stat", name); err != nil {
		return nil, err
	}
	return fs.Stat(s.FS, name)
}
