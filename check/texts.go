package check

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"

	"recourse/content"
	"recourse/review"
)

// texts looks at what customers read: in each language the shop serves, and in its own layouts.
func (r *run) texts() error {
	for _, tag := range r.served() {
		if err := r.language(tag); err != nil {
			return fmt.Errorf("read the texts in %q: %w", tag, err)
		}
	}
	layouts, err := r.files("layout/*.html")
	for _, t := range layouts {
		r.scan(t, "", r.Shop.Countries())
	}
	return err
}

// served lists the languages of all markets, in the order of the markets.
func (r *run) served() []string {
	var all []string
	for _, country := range r.Shop.Countries() {
		for _, tag := range r.Shop.Markets[country] {
			if !slices.Contains(all, tag) {
				all = append(all, tag)
			}
		}
	}
	return all
}

func (r *run) language(tag string) error {
	pages, err1 := r.files(tag + "/*.md")
	strings, err2 := r.files(tag + "/*.toml")
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	r.reviewed(tag, append(slices.Clone(pages), strings...))
	for _, t := range append(pages, strings...) {
		if t.own {
			r.scan(t, tag, r.readers(tag))
		}
	}
	return nil
}

// readers are the markets served in a language.
func (r *run) readers(tag string) []string {
	return slices.DeleteFunc(r.Shop.Countries(), func(country string) bool {
		return !slices.Contains(r.Shop.Markets[country], tag)
	})
}

// text is a file of texts.
type text struct {
	name string // as in content.FS: "de/returns.md"
	file string // for places
	data []byte
	own  bool // differs from the built-in one
}

func (r *run) files(pattern string) ([]text, error) {
	names, err := fs.Glob(r.Content, pattern)
	if err != nil {
		return nil, err
	}
	var all []text
	for _, name := range names {
		data, err := fs.ReadFile(r.Content, name)
		if err != nil {
			return nil, err
		}
		builtIn, err := content.FS.ReadFile(name)
		t := text{name, name, data, err != nil || !bytes.Equal(data, builtIn)}
		if t.own && r.Folder != nil {
			t.file = path.Join(r.Folder(name), name)
		}
		all = append(all, t)
	}
	return all, nil
}

// reviewed says how far the files of a language have been read.
func (r *run) reviewed(tag string, files []text) {
	var open []string
	count := map[review.Level]int{}
	for _, t := range files {
		level := review.Of(t.name, t.data).Reviewed
		count[level]++
		if level == review.Lawyer {
			continue
		}
		name := t.name + " (built in)"
		if t.own {
			name = t.file
		}
		open = append(open, name+": "+string(level))
	}
	if len(open) == 0 {
		return
	}
	r.add(textUnreviewed, Finding{Language: tag, Details: open,
		Message: fmt.Sprintf("%d of %d files in %s have not been reviewed by a lawyer; %d of them have been read by a second editor.",
			len(open), len(files), languageName(tag), count[review.Editor]),
		Fix: `Have them read. What came of it goes between the +++ lines of a page or to the head of a table: reviewed = "lawyer", reviewed_on = "2026-11-22", reviewed_by = "A. Muster"; to do that to a built-in text, copy it into the folder of your own texts.`})
}
