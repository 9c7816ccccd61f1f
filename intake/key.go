package intake

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Key reads the server's key from a file. Where there is none, a key is drawn and written, readable by its owner
// only. It belongs into every backup of the database: without it, links in mails that were sent lead nowhere.
func Key(file string) ([]byte, error) {
	key, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return newKey(file)
	}
	if err != nil {
		return nil, fmt.Errorf("read the server's key: %w", err)
	}
	if len(key) < 32 {
		return nil, fmt.Errorf("read the server's key %q: it has %d bytes instead of 32; restore it from a backup", file, len(key))
	}
	return key, nil
}

func newKey(file string) ([]byte, error) {
	key := make([]byte, 32)
	rand.Read(key)
	f, err := os.CreateTemp(filepath.Dir(file), ".key-*") // readable by its owner only
	if err != nil {
		return nil, fmt.Errorf("write the server's key: %w", err)
	}
	defer os.Remove(f.Name())
	_, err = f.Write(key)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), file) // whole or not at all: half a key would look like one to be restored
	}
	if err != nil {
		return nil, fmt.Errorf("write the server's key %q: %w", file, err)
	}
	return key, nil
}
