package sitegen

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"testing"
)

func TestManifestEncoding(t *testing.T) {
	for _, files := range []map[string]string{{}, {"a/b.html": "00ff"}, {"de-DE/ü<&>.html": "1", "index.html": "2", "a\"b": "3"}} {
		got, err := manifest{files}.encode()
		want, _ := json.MarshalIndent(manifest{files}, "", " ")
		if err != nil || string(got) != string(want)+"\n" {
			t.Errorf("got %s, %v, want %s", got, err, want)
		}
	}
}

// TestStageChanges: a folder of which some files change is as if all had been written, its manifest too.
func TestStageChanges(t *testing.T) {
	first := map[string][]byte{"a/b.html": []byte("1"), "c.html": []byte("2"), "b.html": []byte("3"), "d\"e.html": []byte("4")}
	for name, c := range map[string]struct {
		changed map[string][]byte
		gone    []string
		spoil   func(dir string) error
	}{
		"some":             {changed: map[string][]byte{"a/b.html": []byte("changed"), "c.html": []byte("2")}},
		"none":             {changed: map[string][]byte{"b.html": []byte("3")}},
		"a new one":        {changed: map[string][]byte{"b.html": []byte("changed"), "new/n.html": []byte("5")}},
		"one less":         {changed: map[string][]byte{"b.html": []byte("changed")}, gone: []string{"c.html"}},
		"an odd name":      {changed: map[string][]byte{"d\"e.html": []byte("changed")}},
		"another manifest": {changed: map[string][]byte{"b.html": []byte("changed")}, spoil: respace},
	} {
		t.Run(name, func(t *testing.T) {
			dir, whole := filepath.Join(t.TempDir(), "dist"), filepath.Join(t.TempDir(), "dist")
			if _, err := Write(dir, first); err != nil {
				t.Fatal(err)
			}
			if c.spoil != nil {
				if err := c.spoil(filepath.Join(dir, manifestFile)); err != nil {
					t.Fatal(err)
				}
			}
			staged, err := StageChanges(dir, c.changed, c.gone)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := staged.Place(); err != nil {
				t.Fatal(err)
			}
			want := maps.Clone(first)
			maps.Copy(want, c.changed)
			for _, name := range c.gone {
				delete(want, name)
			}
			if _, err := Write(whole, want); err != nil {
				t.Fatal(err)
			}
			got, wanted := contents(t, dir), contents(t, whole)
			if !maps.Equal(got, wanted) {
				t.Errorf("got %q, want %q", got, wanted)
			}
			list, _ := os.ReadFile(filepath.Join(dir, manifestFile))
			if wanted, err := os.ReadFile(filepath.Join(whole, manifestFile)); err != nil || !bytes.Equal(list, wanted) {
				t.Errorf("the manifest is %s, %v, want %s", list, err, wanted)
			}
		})
	}
}

// respace writes a manifest as another program might.
func respace(file string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := json.Compact(&out, data); err != nil {
		return err
	}
	return os.WriteFile(file, out.Bytes(), 0o644)
}
