package main

import (
	"fmt"
	"io/fs"
	"maps"
	"net/url"
	"os"
	"strings"

	"recourse/day"
	"recourse/form"
	"recourse/form/markup"
	"recourse/law"
	"recourse/ledger"
	"recourse/locale"
	"recourse/shop"
	"recourse/sitegen"
	"recourse/widget"
)

// source is what build, watch and serve read. Its fields are flags.
type source struct {
	Shop    string `help:"The shop's file." default:"shop.toml" type:"path" placeholder:"FILE"`
	Content string `help:"Folder of own texts, laid over the built-in ones; a shop's own lie over both." type:"existingdir" placeholder:"DIR"`
	AsOf    asOf   `help:"Build with the law of this day." placeholder:"2026-11-20"`
	Ledger  string `help:"Ledger of the texts the shop has published, if it is not beside the shop's file; of several shops, a folder with one for each id." type:"path" placeholder:"DIR"`
	Base    string `help:"Publish under this address instead of those in the shop's file, all locales, for previews." placeholder:"URL"`
}

// project is one shop with everything a build of it needs.
type project struct {
	shop       *shop.Shop
	workshop   *workshop
	law        *law.Book // this and the next are nil until load
	languages  *locale.Catalog
	ownStrings string // folder of them; empty: there are none
	board      *board // for its molds; nil: they are not kept
	content    fs.FS
	contentID  string
	asOf       day.Day
	cache      *sitegen.Cache
	widgets    *widget.Bundler
	own        fs.FS // texts that no other shop of the build has; nil: none is known
	pagesOnly  bool
	fragments  bool
	noOverview bool
	made       *sitegen.Print         // what the pages were made of
	release    func()                 // of what build gave
	ledgerDir  string                 // may not be there
	seen       map[string]ledger.Seen // versions of the pages that were built, by "de-DE/returns"
}

func (s source) open() (*project, error) {
	w, err := s.workshop()
	if err != nil {
		return nil, err
	}
	return w.open(s.Shop)
}

func readShop(file string) (*shop.Shop, error) {
	data, err := os.ReadFile(file)
	if os.IsNotExist(err) {
		return nil, fmt.Errorf("read the shop's file %q: there is none; write one with \"recourse init\" or name it with --shop", file)
	}
	if err != nil {
		return nil, fmt.Errorf("read the shop's file: %w", err)
	}
	return shop.Parse(file, data)
}

func missingContent(s *shop.Shop, folder string) error {
	return fmt.Errorf("read the texts of shop %q: content = %q leads to no folder %q; make it, or leave the key out", s.ID, s.Content, folder)
}

// moveTo publishes the shop elsewhere, for a test or a preview: the pages of all locales and, where there is one, the intake.
func moveTo(s *shop.Shop, base string) error {
	if base == "" {
		return nil
	}
	u, err := url.Parse(base)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
		return fmt.Errorf("read --base %q: not a web address; write for example https://shop.example/legal/", base)
	}
	base = strings.TrimSuffix(base, "/") + "/"
	s.Publish, s.Domains = base, nil
	if s.Intake != "" {
		s.Intake = base
	}
	return nil
}

// build makes every file of dist, by path.
func (p *project) build() (map[string][]byte, error) {
	pages, err := p.pages()
	if err != nil {
		return nil, err
	}
	if p.release = pages.Release; p.pagesOnly {
		return pages.Files, nil
	}
	tag, err := p.tag()
	if err != nil {
		return nil, err
	}
	maps.Copy(pages.Files, tag)
	beside, err := p.besideTag(tag)
	maps.Copy(pages.Files, beside)
	return pages.Files, err
}

func (p *project) pages() (*sitegen.Output, error) {
	var err error
	if p.made, err = p.print(); err != nil {
		return nil, err
	}
	out, err := p.made.Output()
	if err == nil {
		p.seen = out.Seen
	}
	return out, err
}

func (p *project) print() (*sitegen.Print, error) {
	opened, err := p.openLedger()
	if err != nil {
		return nil, err
	}
	if p.pagesOnly && opened == nil {
		if known := p.site().Known(); known != nil { // without law and languages, which take longer than all pages
			return known, nil
		}
	}
	if err := p.load(); err != nil {
		return nil, err
	}
	site := p.site()
	site.Ledger = opened
	return site.Print()
}

// load reads law and languages, unless that was done.
func (p *project) load() error {
	if !p.workshop.lazy || p.law != nil {
		return nil
	}
	return p.workshop.equip(p)
}

func (p *project) site() sitegen.Site {
	site := sitegen.Site{
		Shop: p.shop, Law: p.law, Locales: p.languages, Content: p.content, AsOf: p.asOf,
		Definitions: p.definition, Bare: p.pagesOnly, Fragments: p.fragments, NoOverview: p.noOverview, Cache: p.cache, ContentID: p.contentID, Own: p.own,
	}
	p.board.on(&site)
	return site
}

// definition gives a form in a locale, nil where the shop cannot offer it.
func (p *project) definition(s *shop.Shop, kind form.Kind, tag string) *markup.Definition {
	l, facts, err := p.at(tag)
	if err != nil || !offers(s, kind, facts) {
		return nil
	}
	labels, _ := p.law.Labels(l.Language.Tag, l.Country, p.asOf)
	return markup.Define(kind, s, l, labels)
}

// offers reports whether a shop can offer a form: without an intake nobody would receive it.
func offers(s *shop.Shop, kind form.Kind, facts law.Facts) bool {
	return s.Intake != "" && (kind != form.Withdrawal || withdrawal(facts))
}

// at is a locale with the law of its country on the day of the build.
func (p *project) at(tag string) (locale.Locale, law.Facts, error) {
	l, err := p.languages.Locale(tag)
	if err != nil {
		return l, law.Facts{}, err
	}
	facts, err := p.law.At(l.Country, p.asOf)
	return l, facts, err
}

// withdrawal reports whether there is something to withdraw from: the law is known to give the right, or asks for the
// function whatever the length of the period. In Switzerland neither is so.
func withdrawal(facts law.Facts) bool { return facts.Withdrawal.Known() || facts.Function.Due }
