package content

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
)

func TestSnapshot(t *testing.T) {
	fsys := Snapshot(fstest.MapFS{"en/returns.md": {Data: []byte("own")}, "style.css": {Data: []byte("a{}")}})
	if err := fstest.TestFS(fsys, "en/returns.md", "style.css"); err != nil {
		t.Error(err)
	}
	for _, name := range []string{"en/index.md", "de/returns.md", "en/returns.md/x", "layout"} {
		if _, err := fs.ReadFile(fsys, name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v, want that it is not there", name, err)
		}
	}
}

func TestSnapshotListsOnce(t *testing.T) {
	dir := t.TempDir()
	fsys := Snapshot(os.DirFS(dir))
	if _, err := fs.Stat(fsys, "late.md"); !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "late.md"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := fs.Stat(fsys, "late.md"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that came after the folder was listed: %v", err)
	}
}
