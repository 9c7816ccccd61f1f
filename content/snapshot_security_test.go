//go:build unix

package content_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"recourse/content"
)

// TestSEC33_WhatNeverEndsIsNotRead: a pipe among the texts is a mistake that is told, not a build that hangs.
func TestSEC33_WhatNeverEndsIsNotRead(t *testing.T) {
	dir := t.TempDir()
	if err := errors.Join(os.Mkdir(filepath.Join(dir, "de"), 0o755), syscall.Mkfifo(filepath.Join(dir, "de", "pipe.md"), 0o644),
		os.Symlink("pipe.md", filepath.Join(dir, "de", "link.md")), os.Symlink("..", filepath.Join(dir, "de", "loop")),
		os.WriteFile(filepath.Join(dir, "de", "a.md"), []byte("A"), 0o644), os.Symlink("a.md", filepath.Join(dir, "de", "b.md"))); err != nil {
		t.Fatal(err)
	}
	tree := content.Snapshot(os.DirFS(dir))
	for name, sound := range map[string]bool{"de/pipe.md": false, "de/link.md": false, "de/a.md": true, "de/b.md": true, "de/loop/de/a.md": true} {
		done := make(chan error, 1)
		go func() {
			_, err := fs.ReadFile(tree, name)
			done <- err
		}()
		select {
		case err := <-done:
			if (err == nil) != sound || errors.Is(err, fs.ErrNotExist) {
				t.Errorf("%s: %v", name, err)
			}
		case <-time.After(5 * time.Second):
			t.Errorf("%s: still reading", name)
		}
	}
}
