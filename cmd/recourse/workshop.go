package main

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"recourse"
	"recourse/content"
	"recourse/day"
	"recourse/law"
	"recourse/locale"
	"recourse/shop"
	"recourse/sitegen"
	"recourse/widget"
)

// workshop opens shops. What they have in common is read once: the law, the languages, the texts.
type workshop struct {
	source
	law       *law.Book
	base      fs.FS
	languages *locale.Catalog // of base
	cache     *sitegen.Cache
	widgets   *widget.Bundler
	several   bool // shops in one build
	lazy      bool // law and languages are read when a shop needs them
	shelf     *shelf

	loaded func() error // load, once

	readers map[string]int // how many shops name a folder of texts, where that is known

	mu     sync.Mutex
	others map[string]*locale.Catalog // of shops with strings of their own, by folder
}

func (s source) workshop() (*workshop, error) {
	w := s.emptyWorkshop()
	return w, w.load()
}

func (s source) emptyWorkshop() *workshop {
	w := &workshop{source: s, cache: &sitegen.Cache{}, widgets: widget.NewBundler(widget.Wasm, recourse.WasmExec), others: map[string]*locale.Catalog{}, readers: map[string]int{}}
	w.loaded = sync.OnceValue(w.load)
	w.lookAgain()
	return w
}

// lookAgain lists the texts that all shops share as they are now.
func (w *workshop) lookAgain() {
	w.base = content.FS
	if w.Content != "" {
		w.base = content.Overlay(content.Snapshot(os.DirFS(w.Content)), content.FS)
	}
}

// load reads what all shops need.
func (w *workshop) load() error {
	var group sync.WaitGroup
	var errLaw, errLanguages error
	group.Go(func() { w.law, errLaw = law.Open() })
	group.Go(func() { w.languages, errLanguages = locale.LoadUsed(w.base) })
	group.Wait()
	return errors.Join(errLaw, errLanguages)
}

// open reads a shop's file.
func (w *workshop) open(file string) (*project, error) {
	sh, err := readShop(file)
	if err != nil {
		return nil, err
	}
	return w.project(file, sh)
}

// project adds what belongs to a shop. Where its strings have a mistake it is whole but for the languages.
func (w *workshop) project(file string, sh *shop.Shop) (*project, error) {
	if err := moveTo(sh, w.Base); err != nil {
		return nil, err
	}
	p := &project{
		shop: sh, workshop: w, content: w.base, contentID: w.Content + "/", cache: w.cache, widgets: w.widgets, asOf: w.today(sh), ledgerDir: w.ledgerFolder(file, sh.ID),
	}
	if !w.lazy {
		p.law, p.languages = w.law, w.languages
	}
	if err := w.overlay(p, ownContent(file, sh)); err != nil || w.lazy {
		return p, err
	}
	return p, w.ownLanguages(p)
}

// equip gives a shop of a lazy workshop law and languages.
func (w *workshop) equip(p *project) error {
	err := w.loaded()
	p.law, p.languages = w.law, w.languages
	return cmp.Or(err, w.ownLanguages(p))
}

// today is the day of the build where the shop is.
func (w *workshop) today(sh *shop.Shop) day.Day { return w.AsOf.orToday(time.Now().In(sh.Location())) }

// ownContent is the folder of a shop's own texts, "" where it has none.
func ownContent(file string, sh *shop.Shop) string {
	if sh.Content == "" {
		return ""
	}
	return filepath.Join(filepath.Dir(file), filepath.FromSlash(sh.Content))
}

// overlay lays a shop's own texts over the others, if it has any.
func (w *workshop) overlay(p *project, folder string) error {
	if folder == "" {
		p.board = w.shelf.board(w.shared()...)
		return nil
	}
	if info, err := os.Stat(folder); err != nil || !info.IsDir() {
		return missingContent(p.shop, folder)
	}
	own := content.Snapshot(os.DirFS(folder))
	p.content, p.contentID = content.Overlay(own, w.base), folder
	if w.readers[folder] == 1 {
		p.contentID, p.own = "", own
	} else {
		p.board = w.shelf.board(append(w.shared(), folder)...)
	}
	strings, err := fs.Glob(own, "*/*.toml")
	if len(strings) > 0 {
		p.ownStrings = folder
	}
	return err
}

// shared are the folders of texts for all shops.
func (w *workshop) shared() []string {
	if w.Content == "" {
		return nil
	}
	return []string{w.Content}
}

// ownLanguages are those of a shop with strings of its own.
func (w *workshop) ownLanguages(p *project) (err error) {
	if p.ownStrings != "" {
		p.languages, err = w.catalog(p.ownStrings, p.content)
	}
	if err != nil || p.languages == nil {
		return err
	}
	return p.languages.Check(append(served(p.shop), append(spoken(w.Content), spoken(p.ownStrings)...)...)...)
}

// spoken are the languages in which a folder has strings; a mistake in them is told, whether or not a shop serves the language.
func spoken(folder string) (tags []string) {
	if folder == "" {
		return nil
	}
	files, _ := fs.Glob(os.DirFS(folder), "*/*.toml") // the pattern is well formed
	for _, file := range files {
		tags = append(tags, path.Dir(file))
	}
	return slices.Compact(tags)
}

// served are the languages of a shop.
func served(sh *shop.Shop) (tags []string) {
	for _, of := range sh.Markets {
		tags = append(tags, of...)
	}
	slices.Sort(tags)
	return slices.Compact(tags)
}

func (w *workshop) catalog(folder string, texts fs.FS) (*locale.Catalog, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if known := w.others[folder]; known != nil {
		return known, nil
	}
	c, err := locale.LoadUsed(texts)
	if err == nil {
		w.others[folder] = c
	}
	return c, err
}
