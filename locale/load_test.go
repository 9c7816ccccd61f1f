package locale_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"recourse/content"
	"recourse/locale"
)

func finished(settings []byte) []byte {
	return bytes.ReplaceAll(settings, []byte("draft = true\n"), nil)
}

// TestMistakes runs testdata/mistakes/*.txt: files of a content folder under "-- name --" lines, and after
// "-- error --" what Load must say of them. Languages get their real language.toml unless the case has one.
func TestMistakes(t *testing.T) {
	cases, err := filepath.Glob("testdata/mistakes/*.txt")
	if err != nil || len(cases) == 0 {
		t.Fatal("no cases", err)
	}
	for _, file := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			fsys, want := readCase(t, file)
			_, err := locale.Load(fsys)
			got := "nothing"
			if err != nil {
				got = err.Error()
			}
			if got != want {
				t.Errorf("Load says\n%s\nwant\n%s", got, want)
			}
		})
	}
}

func readCase(t *testing.T, file string) (fsys fstest.MapFS, want string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	fsys = fstest.MapFS{}
	for _, tag := range []string{"de", "en", "pl"} {
		fsys[tag+"/language.toml"] = settings(t, tag)
	}
	for _, part := range strings.Split("\n"+string(data), "\n-- ")[1:] {
		name, body, _ := strings.Cut(part, " --\n")
		if name == "error" {
			want = strings.TrimSpace(body)
			continue
		}
		fsys[name] = &fstest.MapFile{Data: []byte(body)}
	}
	return fsys, want
}

func TestLanguagesNotThereYet(t *testing.T) {
	draft := bytes.Replace(settings(t, "pl").Data, []byte("months ="), []byte("draft = true\nmonths ="), 1)
	fsys := fstest.MapFS{
		"en/language.toml": settings(t, "en"),
		"en/a.toml":        {Data: []byte(`"a" = "A"`)},
		"de/language.toml": settings(t, "de"),
		"pl/language.toml": {Data: draft},
		"pl/a.toml":        {Data: []byte(`"a" = "A po polsku"`)},
	}
	c, err := locale.Load(fsys)
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Languages(); !slices.Equal(got, []string{"en"}) {
		t.Errorf("Load finds %v, want English alone", got)
	}
	if c, err = locale.LoadDrafts(fsys); err != nil {
		t.Fatal(err)
	}
	if got := c.Languages(); !slices.Equal(got, []string{"en", "pl"}) {
		t.Errorf("LoadDrafts finds %v, want English and Polish", got)
	}
}

func TestContentLoads(t *testing.T) {
	c, err := locale.Load(content.FS)
	if err != nil {
		t.Fatal(err)
	}
	for _, tag := range c.Languages() {
		l, _ := c.Language(tag)
		if l.Plural("unit.day", 14) == "" {
			t.Errorf("%s has no days", tag)
		}
	}
}

// FuzzStrings feeds Load string files nobody wrote on purpose: it may refuse them, not crash.
func FuzzStrings(f *testing.F) {
	english, err := fs.ReadFile(content.FS, "en/units.toml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(english))
	f.Add("\"a.one\" = \"{n}\"\n\"a.other\" = \"{n} {x}\"")
	f.Add("a.b = 1")
	settings, err := fs.ReadFile(content.FS, "en/language.toml")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data string) {
		c, err := locale.Load(fstest.MapFS{
			"en/language.toml": {Data: settings},
			"en/a.toml":        {Data: []byte(data)},
		})
		if err != nil {
			return
		}
		l, ok := c.Language("en")
		if !ok {
			t.Fatal("loaded without English")
		}
		for key := range l.Strings("a") {
			if l.Text("a."+key) == "" {
				t.Errorf("text %q is empty", key)
			}
		}
	})
}
