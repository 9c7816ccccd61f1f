package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"recourse/content"
	"recourse/law"
	"recourse/locale"
)

// TestEverywhere builds a shop that sells to every country and speaks every language, with the widget: the build follows all links and
// weighs every file a visitor loads.
func TestEverywhere(t *testing.T) {
	file := filepath.Join("..", "..", "examples", "everywhere", "shop.toml")
	s, err := readShop(file)
	if err != nil {
		t.Fatal(err)
	}
	book, err := law.Load()
	if err != nil {
		t.Fatal(err)
	}
	languages, err := locale.Load(content.FS)
	if err != nil {
		t.Fatal(err)
	}
	for _, country := range book.Countries() {
		if len(s.Markets[country]) == 0 {
			t.Errorf("the shop does not sell to %s", country)
		}
		record, _ := book.Record(country)
		for _, tag := range record.Languages {
			if slices.Contains(languages.Languages(), tag) && !slices.Contains(s.Markets[country], tag) {
				t.Errorf("the shop does not speak %s in %s", tag, country)
			}
		}
	}
	for _, tag := range languages.Languages() {
		if !slices.Contains(s.Markets["DE"], tag) {
			t.Errorf("the shop does not speak %s", tag)
		}
	}
	dist := t.TempDir()
	var out, errs strings.Builder
	if code := run(t.Context(), []string{"build", file, "--out", dist, "--as-of", "2026-11-22"}, &out, &errs); code != 0 {
		t.Fatalf("status %d: %s", code, errs.String())
	}
	for _, tag := range s.Locales() {
		for _, page := range []string{"", "returns", "guarantee", "complaints", "disputes", "privacy", "withdrawal"} {
			if _, err := os.Stat(filepath.Join(dist, tag, page, "index.html")); err != nil {
				t.Errorf("%s has no page %q", tag, page)
			}
		}
	}
}
