package main

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync"

	"recourse/content"
	"recourse/law"
	"recourse/locale"
	"recourse/shop"
	"recourse/sitegen"
	"recourse/strict"
)

// diagnosis looks for all that is wrong once a build has failed. A build stops at what it cannot go on without; here what is
// sound stands in for it, so that one run tells the mistakes in shops, strings, texts and law. Nothing of it is published.
type diagnosis struct {
	*workshop
	lost bool // strings may be in files that cannot be read

	mu   sync.Mutex
	ids  map[string][]string // id -> files of shops
	errs []error
}

// allMistakes gives all that is wrong with shops, or the failure itself where that is no mistake in what was read.
func (s source) allMistakes(files []string, several bool, failure error) error {
	if failure == nil {
		return nil
	}
	debug.SetMemoryLimit(math.MaxInt64) // a build of many shops sets one
	_, inLaw := law.Load()
	return cmp.Or(errors.Join(s.diagnose(files, several, inLaw)...), failure)
}

func (s source) diagnose(files []string, several bool, inLaw error) []error {
	d := &diagnosis{workshop: s.emptyWorkshop(), ids: map[string][]string{}}
	d.several = several
	d.prepare(inLaw)
	(&many{}).atOnce(len(files), func(i int) { d.look(files[i]) })
	for id, files := range d.ids {
		slices.Sort(files)
		for _, file := range files[1:] {
			d.add("", "", sameID(file, id, files[0]))
		}
	}
	return inOrder(d.errs)
}

// prepare is load, going on after mistakes.
func (d *diagnosis) prepare(inLaw error) {
	builtIn, err := locale.Load(content.FS)
	d.add("", "", inLaw)
	d.add("", "", err)
	d.law, _ = law.Open() // what is wrong with it is told
	if d.languages, err = locale.LoadUsed(d.base); err == nil {
		err = d.languages.Check(spoken(d.Content)...)
	}
	if err != nil && builtIn != nil {
		d.add("", "", err)
		d.languages, d.lost = locale.Sound(d.base, builtIn), true
	}
}

// look is what a build does with a shop.
func (d *diagnosis) look(file string) {
	sh, err := readShop(file)
	if err == nil {
		d.note(sh, file)
	} else {
		sh = soundShop(file, err, d.known())
	}
	d.add(file, "", err)
	if sh == nil || d.languages == nil {
		return
	}
	p, err := d.project(file, sh)
	own := ownContent(file, sh)
	d.add(file, own, err)
	if p == nil {
		return
	}
	if d.lost || err != nil {
		p.languages = locale.Sound(p.content, d.languages)
		d.withoutUnknown(p)
	}
	d.add(file, own, p.mistakes(d.lost || err != nil))
}

func (d *diagnosis) known() []string {
	if d.languages == nil {
		return nil
	}
	return d.languages.Languages()
}

func (d *diagnosis) note(sh *shop.Shop, file string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ids[sh.ID] = append(d.ids[sh.ID], file)
}

// withoutUnknown leaves out languages of which nothing can be read: that is told.
func (d *diagnosis) withoutUnknown(p *project) {
	copied := *p.shop
	p.shop, copied.Markets = &copied, maps.Clone(copied.Markets)
	for country, tags := range copied.Markets {
		copied.Markets[country] = slices.DeleteFunc(slices.Clone(tags), func(tag string) bool {
			_, ok := p.languages.Language(tag)
			return !ok
		})
	}
}

// mistakes are those that making the pages finds.
func (p *project) mistakes(stringsLost bool) error {
	made, err := p.print()
	if err == nil {
		var out *sitegen.Output
		if out, err = made.Output(); err == nil {
			out.Release()
		}
	}
	return errors.Join(slices.DeleteFunc(sitegen.Separate(err), func(err error) bool {
		var f *sitegen.Fault
		return stringsLost && errors.As(err, &f) && f.LacksText()
	})...)
}

// add notes the parts of an error. Of several shops each has files of the same names, so these are told in full.
func (d *diagnosis) add(shop, own string, err error) {
	for _, e := range sitegen.Separate(err) {
		switch at := spotOf(e).file; {
		case !d.several || shop == "" || at == shop:
		case at == "":
			e = fmt.Errorf("%s: %w", shop, e)
		case own != "" && exists(filepath.Join(own, filepath.FromSlash(at))):
			e = &ownText{e, own}
		}
		d.mu.Lock()
		d.errs = append(d.errs, e)
		d.mu.Unlock()
	}
}

// ownText is an error in a shop's own text.
type ownText struct {
	error
	folder string
}

func (e *ownText) Error() string { return near(e.folder) + "/" + e.error.Error() }
func (e *ownText) Unwrap() error { return e.error }

// spot is where an error lies, as far as it says so.
type spot struct {
	folder, file string
	line, column int
	words        string
}

func spotOf(err error) spot {
	var at spot
	var own *ownText
	var text *sitegen.Fault
	var table *strict.Error
	if errors.As(err, &own) {
		at.folder = own.folder
	}
	switch {
	case errors.As(err, &text):
		at.file, at.line, at.column, at.words = text.File, text.Line, text.Column, text.Text
	case errors.As(err, &table):
		at.file, at.line, at.column, at.words = table.File, table.Line, table.Column, table.Error()
	}
	return at
}

// compare orders by place.
func (s spot) compare(other spot) int {
	return cmp.Or(cmp.Compare(s.folder, other.folder), cmp.Compare(s.file, other.file), cmp.Compare(s.line, other.line),
		cmp.Compare(s.column, other.column), cmp.Compare(s.words, other.words))
}

// inOrder sorts errors by file and place, each once: what is wrong with a text is so in every market.
func inOrder(errs []error) []error {
	errs = slices.Clone(errs)
	slices.SortStableFunc(errs, func(a, b error) int {
		return cmp.Or(spotOf(a).compare(spotOf(b)), strings.Compare(a.Error(), b.Error()))
	})
	return slices.CompactFunc(errs, func(a, b error) bool {
		at := spotOf(a)
		return a.Error() == b.Error() || at.line > 0 && at == spotOf(b)
	})
}
