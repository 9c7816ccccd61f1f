package sitegen

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			if d != nil && d.IsDir() && path != dir {
				found[strings.TrimPrefix(path, dir+"/")+"/"] = ""
			}
			return err
		}
		data, err := os.ReadFile(path)
		if d.Name() == manifestFile {
			data = nil
		}
		found[strings.TrimPrefix(path, dir+"/")] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func files(pairs ...string) map[string][]byte {
	m := map[string][]byte{}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = []byte(pairs[i+1])
	}
	return m
}

func mustWrite(t *testing.T, dir string, files map[string][]byte) Changes {
	t.Helper()
	changes, err := Write(dir, files)
	if err != nil {
		t.Fatal(err)
	}
	return changes
}

func TestWrite(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "dist")
	got := mustWrite(t, dir, files("index.html", "a", "de-DE/returns/index.html", "b", "x/y/z", "c"))
	if want := "3 written, 0 removed, 0 unchanged"; got.String() != want {
		t.Errorf("first write: %v, want %v", got, want)
	}
	put(t, dir, "x/theirs", "kept")
	past := time.Now().Add(-time.Hour)
	if err := os.Chtimes(filepath.Join(dir, "index.html"), past, past); err != nil {
		t.Fatal(err)
	}

	got = mustWrite(t, dir, files("index.html", "a", "new/file", "d", "x/q", "e"))
	want := Changes{Written: []string{"new/file", "x/q"}, Removed: []string{"de-DE/returns/index.html", "x/y/z"}, Unchanged: 1}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("second write (-want +got)\n%s", diff)
	}
	tree := map[string]string{"index.html": "a", "manifest.json": "", "new/": "", "new/file": "d", "x/": "", "x/q": "e", "x/theirs": "kept"}
	if diff := cmp.Diff(tree, contents(t, dir)); diff != "" {
		t.Errorf("folder (-want +got)\n%s", diff)
	}
	if info, _ := os.Stat(filepath.Join(dir, "index.html")); !info.ModTime().Equal(past) {
		t.Error("an unchanged file was written again")
	}
}

func put(t *testing.T, dir, name, data string) {
	t.Helper()
	file := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(data), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestWriteIsDeterministic(t *testing.T) {
	one, two := t.TempDir(), t.TempDir()
	in := files("b", "2", "a", "1", "c/d", "3")
	mustWrite(t, one, in)
	mustWrite(t, two, files("gone", "x"))
	mustWrite(t, two, in)
	a, _ := os.ReadFile(filepath.Join(one, manifestFile))
	b, _ := os.ReadFile(filepath.Join(two, manifestFile))
	if len(a) == 0 || string(a) != string(b) {
		t.Errorf("manifests differ:\n%s\n%s", a, b)
	}
}

// TestSEC33_WriteKeepsForeignFiles: what others wrote or changed is neither replaced nor removed.
func TestSEC33_WriteKeepsForeignFiles(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "index.html", "theirs")
	before := contents(t, dir)
	_, err := Write(dir, files("a", "1", "index.html", "ours"))
	if err == nil || !strings.Contains(err.Error(), `"index.html" is there already`) {
		t.Errorf("error %v", err)
	}
	if diff := cmp.Diff(before, contents(t, dir)); diff != "" {
		t.Errorf("a refused write changed the folder\n%s", diff)
	}

	dir = t.TempDir()
	mustWrite(t, dir, files("a", "1", "b", "2"))
	put(t, dir, "a", "edited")
	put(t, dir, "b", "edited")
	mustWrite(t, dir, files("b", "2"))
	if got := contents(t, dir); got["a"] != "edited" || got["b"] != "2" {
		t.Errorf("want the edited file that is no longer ours kept, and ours put right: %v", got)
	}
}

func TestSEC33_WriteRefusesToLeave(t *testing.T) {
	for _, name := range []string{"../x", "/x", "a/../../x", "a//b", ".", "", "manifest.json"} {
		dir := filepath.Join(t.TempDir(), "dist")
		if _, err := Write(dir, files("ok", "1", name, "2")); err == nil {
			t.Errorf("%q was written", name)
		}
		if _, err := os.Stat(dir); err == nil {
			t.Errorf("%q: the folder was made although the build is refused", name)
		}
	}
	outside, dir := t.TempDir(), t.TempDir()
	if err := os.Symlink(outside, filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	if _, err := Write(dir, files("link/x", "1")); err == nil {
		t.Error("a symbolic link led out of the folder")
	}
	if left := contents(t, outside); len(left) > 0 {
		t.Errorf("outside: %v", left)
	}
}

// TestWriteAfterCrash: a folder in which an earlier Write got no further than its first file is put right.
func TestWriteAfterCrash(t *testing.T) {
	dir := t.TempDir()
	staged, err := Stage(dir, files("a", "1", "b", "2"))
	if err != nil {
		t.Fatal(err)
	}
	if err := staged.announce(); err != nil {
		t.Fatal(err)
	}
	put(t, dir, "a", "1")
	mustWrite(t, dir, files("a", "other", "c", "3"))
	want := map[string]string{"a": "other", "c": "3", "manifest.json": ""}
	if diff := cmp.Diff(want, contents(t, dir)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestWriteFails: an error on the way leaves the folder as it was.
func TestWriteFails(t *testing.T) {
	dir := t.TempDir()
	mustWrite(t, dir, files("a", "1"))
	put(t, dir, "b/c", "theirs")
	before := contents(t, dir)
	if _, err := Write(dir, files("a", "2", "b", "a file where a folder is")); err == nil {
		t.Fatal("no error")
	}
	if diff := cmp.Diff(before, contents(t, dir)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	put(t, dir, manifestFile, "{}")
	if _, err := Write(dir, files("a", "2")); err == nil || !strings.Contains(err.Error(), manifestFile) {
		t.Errorf("an unreadable list of files: error %v", err)
	}
}
