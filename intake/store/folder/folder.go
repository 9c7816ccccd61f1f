// Package folder keeps the bytes of attachments as files under random names.
package folder

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"
)

// Folder is a directory that nothing outside of it can be reached through.
type Folder struct {
	root *os.Root
}

// Open opens the directory and makes it where there is none.
func Open(dir string) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder for attachments: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open the folder for attachments: %w", err)
	}
	return &Folder{root}, nil
}

// Close lets go of the directory.
func (f *Folder) Close() error { return f.root.Close() }

// Save copies r into a new file. When it returns, the bytes and the name are on the disk. Size and sum (SHA-256,
// hexadecimal) are those of what was written.
func (f *Folder) Save(r io.Reader) (id string, size int64, sum string, err error) {
	id = rand.Text()
	h := sha256.New()
	size, err = f.write(id, io.TeeReader(r, h))
	if err != nil {
		f.root.Remove(id)
		return "", 0, "", fmt.Errorf("save an attachment: %w", err)
	}
	return id, size, hex.EncodeToString(h.Sum(nil)), nil
}

func (f *Folder) write(id string, r io.Reader) (int64, error) {
	file, err := f.root.OpenFile(id, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return 0, err
	}
	defer file.Close()
	size, err := io.Copy(file, r)
	if err != nil {
		return 0, err
	}
	if err := file.Sync(); err != nil {
		return 0, err
	}
	return size, f.syncNames()
}

// Put stores a file under an id it had before, as a restore does. One that is there already is replaced.
func (f *Folder) Put(id string, r io.Reader) error {
	f.root.Remove(id)
	if _, err := f.write(id, r); err != nil {
		f.root.Remove(id)
		return fmt.Errorf("put back the attachment %q: %w", id, err)
	}
	return nil
}

// syncNames puts the directory on the disk: a file without its name is lost after a power failure.
func (f *Folder) syncNames() error {
	dir, err := f.root.Open(".")
	if err != nil {
		return err
	}
	defer dir.Close()
	return dir.Sync()
}

// Open gives the bytes of a file.
func (f *Folder) Open(id string) (io.ReadSeekCloser, error) {
	file, err := f.root.Open(id)
	if err != nil {
		return nil, fmt.Errorf("open the attachment %q: %w", id, err)
	}
	return file, nil
}

// Remove deletes files; those already gone are no error.
func (f *Folder) Remove(ids ...string) {
	for _, id := range ids {
		f.root.Remove(id)
	}
}

// Sweep removes files older than a time that known says nobody wants: left behind when a visitor went away in the
// middle, or the program died between saving a file and storing its case.
func (f *Folder) Sweep(ctx context.Context, before time.Time, known func(context.Context, string) (bool, error)) (removed int, err error) {
	entries, err := fs.ReadDir(f.root.FS(), ".")
	if err != nil {
		return 0, fmt.Errorf("look through the attachments: %w", err)
	}
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil || !info.ModTime().Before(before) {
			continue
		}
		wanted, err := known(ctx, entry.Name())
		if err != nil {
			return removed, fmt.Errorf("look through the attachments: %w", err)
		}
		if !wanted {
			f.Remove(entry.Name())
			removed++
		}
	}
	return removed, nil
}
