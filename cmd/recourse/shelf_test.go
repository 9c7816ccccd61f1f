package main

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestShelf: builds with a warm cache make the same files as builds without one, whatever was changed in between.
func TestShelf(t *testing.T) {
	dir := t.TempDir()
	cache := filepath.Join(dir, "cache")
	long := time.Now().Add(-time.Hour)
	write := func(name, data string) {
		t.Helper()
		long = long.Add(time.Minute)
		file := filepath.Join(dir, name)
		err := os.MkdirAll(filepath.Dir(file), 0o755)
		if err == nil {
			err = os.WriteFile(file, []byte(data), 0o644)
		}
		if err == nil {
			err = os.Chtimes(file, long, long)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	builds := 0
	build := func(cache, as string, shops ...string) map[string][]byte {
		t.Helper()
		builds++
		t.Setenv("XDG_CACHE_HOME", cache)
		out := filepath.Join(dir, "dist", string(rune('a'+builds)))
		args := []string{"build", "--no-widget", "--as-of", as, "--out", out}
		for _, shop := range shops {
			args = append(args, filepath.Join(dir, shop))
		}
		var errs strings.Builder
		if code := run(t.Context(), args, &errs, &errs); code != 0 {
			t.Fatalf("status %d: %s", code, errs.String())
		}
		return tree(t, out)
	}
	write("a.toml", shopText(0, "shared", "Alpha"))
	write("b.toml", shopText(1, "shared", "Beta"))
	write("shared/en/extra.md", page("Extra", 1))
	for _, c := range []struct {
		name   string
		change func()
		day    string
		shops  []string
	}{
		{"first", func() {}, "2026-11-20", []string{"a.toml", "b.toml"}},
		{"again", func() {}, "2026-11-20", []string{"a.toml", "b.toml"}},
		{"one shop", func() {}, "2026-11-20", []string{"a.toml"}},
		{"other words", func() { write("a.toml", shopText(0, "shared", `"Quoted" <&amp> Shop`)) }, "2026-11-20", []string{"a.toml"}},
		{"another day", func() {}, "2028-11-20", []string{"a.toml", "b.toml"}},
		{"a text", func() { write("shared/en/extra.md", page("Extra", 2)) }, "2026-11-20", []string{"a.toml", "b.toml"}},
		{"a new text", func() { write("shared/en/more.md", page("More", 2)) }, "2026-11-20", []string{"a.toml"}},
		{"a string", func() { write("shared/en/site.toml", siteStrings(t)) }, "2026-11-20", []string{"a.toml", "b.toml"}},
		{"a style", func() { write("shared/style.css", "body{color:#123}") }, "2026-11-20", []string{"a.toml", "b.toml"}},
	} {
		c.change()
		warm := build(cache, c.day, c.shops...)
		cold := build(filepath.Join(dir, "cold", c.name), c.day, c.shops...)
		if !maps.EqualFunc(warm, cold, bytes.Equal) {
			t.Errorf("%s: with a cache %v, without %v, and not all are alike", c.name, slices.Sorted(maps.Keys(warm)), slices.Sorted(maps.Keys(cold)))
		}
	}
	if kept, _ := filepath.Glob(filepath.Join(cache, "recourse", "molds", "*")); len(kept) < 6 {
		t.Errorf("%d molds are kept, want those of 6 states of the texts", len(kept))
	}
}

// siteStrings are the built-in ones with another word.
func siteStrings(t *testing.T) string {
	data, err := os.ReadFile("../../content/en/site.toml")
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.Replace(string(data), "Skip to", "Jump to", 1)
	if changed == string(data) {
		t.Fatal("the string to change is gone")
	}
	return changed
}
