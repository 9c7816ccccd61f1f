package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
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
	group.Go(func() { w.languages, errLanguages = locale.Load(w.base) })
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
	var err error
	p := &project{
		shop: sh, law: w.law, languages: w.languages, content: w.base, contentID: w.Content + "/", cache: w.cache, widgets: w.widgets,
		asOf: w.today(sh), ledgerDir: w.ledgerFolder(file, sh.ID),
	}
	if own := ownContent(file, sh); own != "" {
		err = w.overlay(p, own)
	}
	return p, err
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

// overlay lays a shop's own texts over the others.
func (w *workshop) overlay(p *project, folder string) error {
	if info, err := os.Stat(folder); err != nil || !info.IsDir() {
		return missingContent(p.shop, folder)
	}
	own := content.Snapshot(os.DirFS(folder))
	p.content, p.contentID = content.Overlay(own, w.base), folder
	if w.readers[folder] == 1 {
		p.contentID, p.own = "", own
	}
	strings, err := fs.Glob(own, "*/*.toml")
	if err != nil || len(strings) == 0 {
		return err
	}
	p.languages, err = w.catalog(folder, p.content)
	return err
}

func (w *workshop) catalog(folder string, texts fs.FS) (*locale.Catalog, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if known := w.others[folder]; known != nil {
		return known, nil
	}
	c, err := locale.Load(texts)
	if err == nil {
		w.others[folder] = c
	}
	return c, err
}
