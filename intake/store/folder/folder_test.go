package folder

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

func open(t *testing.T) (*Folder, string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "secret"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := Open(filepath.Join(dir, "files"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f, filepath.Join(dir, "files")
}

func TestSaveAndOpen(t *testing.T) {
	f, _ := open(t)
	id, size, sum, err := f.Save(strings.NewReader("abc"))
	if err != nil || size != 3 || sum != "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" {
		t.Fatalf("Save = %q, %d, %q, %v", id, size, sum, err)
	}
	r, err := f.Open(id)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if got, err := io.ReadAll(r); err != nil || string(got) != "abc" {
		t.Errorf("read %q, %v", got, err)
	}
	if other, _, _, _ := f.Save(strings.NewReader("abc")); other == id {
		t.Error("two files have one name")
	}
}

func TestSEC31_NothingOutsideIsReached(t *testing.T) {
	f, dir := open(t)
	if err := os.Symlink(filepath.Join(dir, "..", "secret"), filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"../secret", "link", filepath.Join(dir, "..", "secret"), ""} {
		if r, err := f.Open(id); err == nil {
			b, _ := io.ReadAll(r)
			t.Errorf("Open(%q) gives %q", id, b)
		}
	}
	f.Remove("../secret")
	if _, err := os.Stat(filepath.Join(dir, "..", "secret")); err != nil {
		t.Error("Remove reached outside of the folder")
	}
}

func TestBrokenTransferLeavesNothing(t *testing.T) {
	f, dir := open(t)
	broken := errors.New("broken")
	if _, _, _, err := f.Save(io.MultiReader(strings.NewReader("abc"), iotest.ErrReader(broken))); !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) != 0 {
		t.Errorf("the folder has %v, %v", files, err)
	}
}

func TestSweepKeepsWhatIsYoungOrKnown(t *testing.T) {
	f, dir := open(t)
	now := time.Now()
	add := func(age time.Duration) string {
		id, _, _, err := f.Save(strings.NewReader("x"))
		if err == nil {
			err = os.Chtimes(filepath.Join(dir, id), now.Add(-age), now.Add(-age))
		}
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	young, known, lost := add(time.Hour), add(48*time.Hour), add(48*time.Hour)
	removed, err := f.Sweep(context.Background(), now.Add(-24*time.Hour), func(_ context.Context, id string) (bool, error) { return id == known, nil })
	if err != nil || removed != 1 {
		t.Errorf("Sweep = %d, %v; want 1", removed, err)
	}
	for id, want := range map[string]bool{young: true, known: true, lost: false} {
		if _, err := os.Stat(filepath.Join(dir, id)); (err == nil) != want {
			t.Errorf("a file is there: %v; want %v", err == nil, want)
		}
	}
}

// A file that is put back has the id it had, once, and nothing outside is reached with an id out of a backup.
func TestPut(t *testing.T) {
	f, _ := open(t)
	for _, text := range []string{"first", "second"} {
		if err := f.Put("id", strings.NewReader(text)); err != nil {
			t.Fatal(err)
		}
		r, err := f.Open("id")
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(r); err != nil || string(got) != text {
			t.Errorf("read %q, %v; want %q", got, err, text)
		}
		r.Close()
	}
	if err := f.Put("../secret", strings.NewReader("y")); err == nil {
		t.Error("a file outside is written")
	}
	if err := f.Put("id", iotest.ErrReader(errors.New("broken"))); err == nil {
		t.Error("half a file is put back")
	}
	if _, err := f.Open("id"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("half a file is there: %v", err)
	}
}
