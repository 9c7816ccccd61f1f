package main

import (
	"strings"
	"testing"
)

// TestTexts: pages are as long as real ones, hold as many actions, and none is left once they are filled in.
func TestTexts(t *testing.T) {
	f, err := newFixture(t.TempDir(), 1)
	if err != nil {
		t.Fatal(err)
	}
	pages := 0
	err = f.each(f.shops[0], func(lang string, p page) error {
		pages++
		if n := len(strings.Fields(p.body)); n < 600 || n > 900 {
			t.Errorf("%s/%s has %d words, want 600 to 900", lang, p.name, n)
		}
		if strings.Contains(p.markdown(), "{{") {
			t.Errorf("%s/%s is not filled in", lang, p.name)
		}
		if n := strings.Count(f.texts[lang+"/"+p.name].body, "{{"); n < 50 || n > 80 {
			t.Errorf("%s/%s has %d actions, want 50 to 80", lang, p.name, n)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if pages != pagesOf(1) || pages != 144 {
		t.Errorf("a shop has %d pages, want 144", pages)
	}
}

// TestSameSeed: a fixture is the same on every machine.
func TestSameSeed(t *testing.T) {
	for _, lang := range languages {
		if writePage(newSpeaker(lang, 1), "returns") != writePage(newSpeaker(lang, 1), "returns") {
			t.Errorf("%s: two texts from one seed differ", lang.tag)
		}
		if writePage(newSpeaker(lang, 1), "returns").body == writePage(newSpeaker(lang, 2), "returns").body {
			t.Errorf("%s: two seeds make one text", lang.tag)
		}
	}
}
