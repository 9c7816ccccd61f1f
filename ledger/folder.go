package ledger

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

// Folder is a ledger's folder on disk. Nothing written leads out of it, symbolic links included.
type Folder struct{ root *os.Root }

// OpenFolder opens a folder to write to, and makes it where it is missing.
func OpenFolder(dir string) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("open the ledger: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open the ledger: %w", err)
	}
	return &Folder{root}, nil
}

// FS is the folder to read from.
func (f *Folder) FS() fs.FS { return f.root.FS() }

func (f *Folder) Close() error { return f.root.Close() }

func (f *Folder) Write(name string, data []byte) error {
	if err := f.root.MkdirAll(filepath.FromSlash(path.Dir(name)), 0o755); err != nil {
		return err
	}
	file, err := f.root.Create(filepath.FromSlash(name))
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	return errors.Join(err, file.Sync(), file.Close())
}

func (f *Folder) Rename(from, to string) error {
	return f.root.Rename(filepath.FromSlash(from), filepath.FromSlash(to))
}

func (f *Folder) Remove(name string) error { return f.root.Remove(filepath.FromSlash(name)) }
