package content

import (
	"io/fs"
	"testing"
	"testing/fstest"
)

func TestOverlay(t *testing.T) {
	fsys := Overlay(
		fstest.MapFS{"en/returns.md": {Data: []byte("own")}, "eo/returns.md": {Data: []byte("nova")}},
		fstest.MapFS{"en/returns.md": {Data: []byte("built in")}, "en/site.toml": {Data: []byte("strings")}},
	)
	for name, want := range map[string]string{"en/returns.md": "own", "en/site.toml": "strings", "eo/returns.md": "nova"} {
		if got, err := fs.ReadFile(fsys, name); err != nil || string(got) != want {
			t.Errorf("%s = %q, %v, want %q", name, got, err, want)
		}
	}
	if err := fstest.TestFS(fsys, "en/returns.md", "en/site.toml", "eo/returns.md"); err != nil {
		t.Error(err)
	}
}
