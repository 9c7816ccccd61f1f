package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestStamps: a build of several shops makes those of which something has changed, and no others.
func TestStamps(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", filepath.Join(dir, "cache"))
	write := func(name, data string) {
		t.Helper()
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("a.toml", shopText(0, "shared", "Alpha"))
	write("b.toml", shopText(1, "shared", "Beta"))
	write("shared/en/extra.md", page("Extra", 1))
	build := func() string {
		t.Helper()
		time.Sleep(2 * lastTick)
		var out, errs strings.Builder
		args := []string{"build", filepath.Join(dir, "a.toml"), filepath.Join(dir, "b.toml"), "--no-widget", "--as-of", "2026-11-20", "--out", filepath.Join(dir, "dist")}
		if code := run(t.Context(), args, &out, &errs); code != 0 {
			t.Fatalf("status %d: %s", code, errs.String())
		}
		return errs.String()
	}
	index := filepath.Join(dir, "dist", "shop0", "en-DE", "index.html")
	build()
	for _, c := range []struct {
		name   string
		change func()
		want   string // in the last line
	}{
		{"nothing", func() {}, " 0 written, 0 removed"},
		{"a text", func() { write("shared/en/extra.md", page("Extra", 2)) }, " 12 written, 0 removed"},
		{"a shop", func() { write("b.toml", shopText(1, "shared", "Gamma")) }, " 0 removed"},
		{"an edited page", func() { write("dist/shop0/en-DE/index.html", "edited") }, " 1 written, 0 removed"},
		{"a lost page", func() { _ = os.Remove(index) }, " 1 written, 0 removed"},
		{"somebody's file", func() { write("dist/shop0/theirs.txt", "kept") }, " 0 written, 0 removed"},
		{"a text that goes", func() { _ = os.Remove(filepath.Join(dir, "shared/en/extra.md")) }, " 6 removed"},
	} {
		c.change()
		if got := build(); !strings.Contains(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		if got := build(); !strings.Contains(got, " 0 written, 0 removed") {
			t.Errorf("%s, again: %q", c.name, got)
		}
	}
	if page, _ := os.ReadFile(index); !strings.Contains(string(page), "Alpha") {
		t.Error("the page is not what it was")
	}
	if stamps, _ := filepath.Glob(filepath.Join(dir, "cache", "recourse", "builds", "*", "shop*.json")); len(stamps) != 2 {
		t.Errorf("stamps: %v", stamps)
	}
}
