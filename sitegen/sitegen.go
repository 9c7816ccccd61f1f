// Package sitegen makes the pages of a shop: content, law and shop facts in, files out.
//
// # Content
//
// A page is a Markdown file, content/<language>/<name>.md. It begins with front matter in TOML:
//
//	+++
//	title = "Returns and refunds"       heading and title of the page; may hold actions
//	description = "How long you have"   for search engines
//	nav = "Returns"                     shorter title for the navigation; optional
//	reviewed = "none"                   who checked the text, and when; for those who edit it
//	+++
//
// The text is CommonMark with tables. HTML is refused. Actions of html/template stand in texts, in targets of
// links ([x]({{url "returns"}})) and, for conditions and loops, on lines of their own between blocks; see
// actionTree for how they fit together. The dot is Facts. Functions:
//
//	url "returns"           link to another page of this locale; an error where there is none
//	has "withdrawal"        whether this locale has the page
//	date .Day               "20 November 2026"
//	period P                of a law.Period: "14 days", "15 working days", "2 years"
//	days 14, span 24        "14 days"; months as people say them: "2 years"
//	country "DE", lang      name of a country; tag of the language
//	lines .Shop.Trader.Address   joined with commas
//	tel .Shop.Trader.Phone  target of a link to a telephone number
//	text "key" "name" value string of the language, with its placeholders filled
//	special "id"            whether the law of the country has that verified element today
//	form                    the form of the page, on a line of its own
//	notice "harmonised"     the official notice that lies in the project (official.go), on a line of its own; else nothing
//
// A page that comes out empty for a locale does not exist there.
//
// # Output
//
//	index.html  sitemap.xml  robots.txt  assets/site.<hash>.css  assets/<notice>-<language>.<hash>.<ext>
//	<locale>/sitemap.xml                                        of a locale with a domain of its own
//	<locale>/index.html  <locale>/<page>/index.html
//	<locale>/<page>/fragment.html  fragments.json               with Fragments
//	<locale>/<page>/versions/index.html  <locale>/<page>/versions/<date>/index.html
//
// Reading, Markdown, minifying and compiling are paid once per content file; the words around a page once per locale
// (frame.go). Errors name file, line and column of the content file, and a build reports all it finds.
package sitegen

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"recourse/day"
	"recourse/form"
	"recourse/form/markup"
	"recourse/law"
	"recourse/ledger"
	"recourse/locale"
	"recourse/shop"
)

// Site is everything the pages are made from.
type Site struct {
	Shop    *shop.Shop
	Law     *law.Book
	Locales *locale.Catalog
	Content fs.FS   // "en/returns.md", "layout/page.html", "style.css"
	AsOf    day.Day // the law of which day
	// Definitions gives a form of a shop in a locale ("de-AT"), nil where the shop does not offer it.
	Definitions func(s *shop.Shop, kind form.Kind, locale string) *markup.Definition
	// Bare leaves the widget out of the pages, and the notices.
	Bare bool
	// NoOverview leaves out the pages that have all texts below each other.
	NoOverview bool
	// Fragments adds the text of each page alone, and a list of these, for shops that paste them elsewhere.
	Fragments bool
	// Cache is shared by builds with the same law, languages and day. Nil: nothing is shared.
	Cache *Cache
	// ContentID tells the cache which builds have the same Content. Empty: it is like no other.
	ContentID string
	// Shelf keeps molds for later builds; nil: none does. ContentSum then changes with anything in Content and with the program.
	Shelf      Shelf
	ContentSum string
	// Own are those texts of Content that only this build has. Nil: none.
	Own fs.FS
	// Ledger holds the texts the shop has published; nil: their versions are not shown.
	Ledger *ledger.Ledger
}

// Output is what a build makes.
type Output struct {
	Files map[string][]byte // path below dist -> content
	// Notices is the text of the disputes page as HTML, with absolute links: for each language of the shop and each country
	// in the law book, "de-FR", since a customer may live where the shop does not sell.
	Notices map[string]string
	// Seen is the version in the ledger of each page whose text is published, "de-DE/returns".
	Seen    map[string]ledger.Seen
	release func()
}

// Release lets a later build with the same cache write where the files of this one lie.
func (o *Output) Release() {
	o.Files = nil
	o.release()
}

const (
	indexPage      = "index"
	withdrawalPage = "withdrawal"
	complaintsPage = "complaints"
	disputesPage   = "disputes"
)

// forms are the pages with a form. They work without any script, so they get none.
var forms = map[string]form.Kind{withdrawalPage: form.Withdrawal, complaintsPage: form.Complaint}

// order is that of the navigation. Pages a shop adds follow, by name.
var order = []string{indexPage, withdrawalPage, "returns", "guarantee", complaintsPage, disputesPage, "privacy"}

// Build makes all pages. Its error joins everything that is wrong, most of it as *Fault.
func (s Site) Build() (*Output, error) {
	p, err := s.Print()
	if err != nil {
		return nil, err
	}
	return p.Output()
}

// Output makes the files.
func (p *Print) Output() (*Output, error) {
	out, err := p.molds.fill(p.words, &p.site.Cache.rooms)
	if err != nil && p.site.Law == nil { // it was known, so its texts are not there to explain
		return nil, err
	}
	if err != nil {
		return nil, cmp.Or(p.site.explain(), err)
	}
	if p.site.Ledger != nil {
		err = layoutFault(p.site.versionPages(out, p.molds, p.words))
	}
	if p.site.Fragments && err == nil {
		out.Files[fragmentsFile], err = p.listFragments(newFiller(p.words), out.Files)
	}
	return out, err
}

// explain builds with the shop's own words, to say where one of them is wrong.
func (s Site) explain() error {
	texts, err := s.texts()
	if err != nil {
		return err
	}
	_, err = s.make(texts)
	return err
}

// molds are the files of a site and its notices, without the words of a shop.
type molds struct {
	files   map[string]*mold
	notices map[string]*mold
	frames  framer

	mu           sync.Mutex
	comparedWith *molds
	different    []string
}

// cast makes the molds for shops such as this one, and gives its words.
func (s Site) cast() (*molds, *words, error) {
	texts, err := s.texts()
	w := &words{}
	if !s.layoutsCompute() && !anyComputes(texts) {
		s.Shop, w = standInFor(s.Shop)
	}
	m, also := s.makeOnce(texts)
	if err != nil { // texts with a mistake are marks: with them the others can be looked at
		return nil, nil, errors.Join(err, also)
	}
	return m, w, also
}

// makeOnce makes the molds for all shops that have the same.
func (s Site) makeOnce(texts map[string]tongue) (*molds, error) {
	if s.ContentID == "" {
		return s.make(texts)
	}
	key := moldKey{kindOf(s.Shop) + s.AsOf.String() + fmt.Sprint(s.NoOverview, s.Bare, s.Fragments), s.ContentID}
	return s.Cache.molds.Get(key, mostMolds, func() (*molds, error) { return s.make(texts) })
}

func (s Site) texts() (map[string]tongue, error) {
	if s.ContentID == "" {
		return s.read()
	}
	langs := map[string]bool{}
	for _, tag := range s.Shop.Locales() {
		lang, _ := splitLocale(tag)
		langs[lang] = true
	}
	return s.Cache.read.Get(fmt.Sprint(s.ContentID, langs), mostContents, s.read)
}

// How much of each the cache keeps: a few megabytes.
const (
	mostContents = 2
	mostMolds    = 4
	mostTexts    = 256
	mostFrames   = 512
	mostLocales  = 96
	mostNotices  = 1024
)

func (s Site) make(texts map[string]tongue) (*molds, error) {
	var errs []error
	var locales []*localePages
	state := s.state()
	for _, tag := range s.Shop.Locales() {
		l, err := s.locale(tag, state, texts)
		errs = append(errs, err)
		locales = append(locales, l)
	}
	if err := errors.Join(distinct(errs)...); err != nil {
		_, also := s.look()
		return nil, errors.Join(err, also)
	}
	return s.assemble(locales)
}

// fill writes the words of a shop into all files.
func (m *molds) fill(w *words, rooms *rooms) (*Output, error) {
	out := &Output{Files: make(map[string][]byte, len(m.files)), Notices: map[string]string{}}
	names := slices.Collect(maps.Keys(m.files))
	parts := slices.Collect(slices.Chunk(names, max(1, len(names)/runtime.GOMAXPROCS(0)+1)))
	filled, errs := make([]filledPart, len(parts)), make([]error, len(parts))
	atOnce(len(parts), func(i int) { filled[i], errs[i] = m.fillPart(parts[i], newFiller(w), rooms) })
	for i, part := range filled {
		for j, name := range parts[i] {
			out.Files[name] = part.files[j]
		}
	}
	out.release = func() {
		for _, part := range filled {
			rooms.give(part.room)
		}
	}
	f := newFiller(w)
	for tag, text := range m.notices {
		html, err := f.fill(text)
		errs = append(errs, err)
		out.Notices[tag] = string(html)
	}
	return out, errors.Join(distinct(errs)...)
}

// filledPart are some files, one behind the other in one room.
type filledPart struct {
	files [][]byte
	room  []byte
}

func (m *molds) fillPart(names []string, f *filler, rooms *rooms) (part filledPart, err error) {
	size := 0
	for _, name := range names {
		size += m.files[name].size()
	}
	part = filledPart{make([][]byte, len(names)), rooms.take(size)}
	var errs []error
	for i, name := range names {
		start := len(part.room)
		part.room, err = f.append(part.room, m.files[name])
		errs = append(errs, err)
		part.files[i] = part.room[start:len(part.room):len(part.room)]
	}
	return part, errors.Join(distinct(errs)...)
}

// atOnce does work for 0 to n-1 on all processors, and begins no more than they can do: what is half done takes room.
// Results go to slices by index, so that their order is that of the input.
func atOnce(n int, work func(i int)) {
	var group sync.WaitGroup
	var next atomic.Int64
	for range min(n, runtime.GOMAXPROCS(0)) {
		group.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				work(i)
			}
		})
	}
	group.Wait()
}

// read compiles all pages of all languages the shop uses.
func (s Site) read() (map[string]tongue, error) {
	var langs []string
	for _, tag := range s.Shop.Locales() {
		if lang, _ := splitLocale(tag); !slices.Contains(langs, lang) {
			langs = append(langs, lang)
		}
	}
	all, errs := make([]tongue, len(langs)), make([]error, len(langs))
	atOnce(len(langs), func(i int) { all[i], errs[i] = s.readLanguage(langs[i]) })
	texts := map[string]tongue{}
	for i, lang := range langs {
		texts[lang] = all[i]
	}
	return texts, errors.Join(errs...)
}

// tongue is what there is in a language.
type tongue struct {
	pages   []*page
	notices officialNotices
}

func anyComputes(texts map[string]tongue) bool {
	for _, t := range texts {
		if slices.ContainsFunc(t.pages, func(p *page) bool { return p.computes }) {
			return true
		}
	}
	return false
}

func (s Site) readLanguage(lang string) (t tongue, err error) {
	names, err := s.pageNames(lang)
	errs := []error{err}
	for _, name := range names {
		p, err := s.readPage(s.shownIn(lang, name), name)
		t.pages, errs = append(t.pages, p), append(errs, err)
	}
	t.notices, err = readOfficialNotices(s.Content, lang)
	return t, errors.Join(append(errs, err)...)
}

// splitLocale gives language and country of a tag: "sr-Latn" and "RS" of "sr-Latn-RS".
func splitLocale(tag string) (lang, country string) {
	i := strings.LastIndexByte(tag, '-')
	return tag[:max(i, 0)], tag[i+1:]
}

var pageName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}$`)

// pageNames lists the pages of a language: those every language needs, then any others in its folder, and in those of the
// languages it falls back to.
func (s Site) pageNames(lang string) ([]string, error) {
	var files []string
	for _, tag := range append([]string{lang}, s.fallback(lang)...) {
		found, err := fs.Glob(s.Content, tag+"/*.md")
		if err != nil {
			return nil, fmt.Errorf("list the pages of %q: %w", tag, err)
		}
		files = append(files, found...)
	}
	names := slices.Clone(order)
	var errs []error
	for _, file := range files {
		name := strings.TrimSuffix(path.Base(file), ".md")
		if slices.Contains(names, name) || name == "README" {
			continue
		}
		if !pageName.MatchString(name) {
			errs = append(errs, &Fault{File: file, Text: name, Problem: "the name cannot be part of an address",
				Fix: "use lower-case letters, digits and hyphens"})
			continue
		}
		names = append(names, name)
	}
	return names, errors.Join(errs...)
}

// localePages is what one locale has to show, before anything is put around it.
type localePages struct {
	number int64 // no other ever has
	tag    string
	facts  Facts
	kept   []*page // that are not empty, in the order of the navigation
	pages  []*leaf // of these

	notices officialNotices
}

var numbers atomic.Int64

// leaf is one page in one locale: HTML.
type leaf struct {
	name                          string
	title, description, nav, body *mold
	heading                       *mold // the title as HTML
	fragment                      *mold // of the body; nil where fragments are not asked for
	empty                         bool
	doc                           *document // of the body
}

// file is where a page of the locale lies.
func (l *localePages) file(name string) string { return l.tag + "/" + folder(name) + "index.html" }

func (l *localePages) leaf(name string) *leaf {
	i := slices.IndexFunc(l.pages, func(p *leaf) bool { return p.name == name })
	if i < 0 {
		return nil
	}
	return l.pages[i]
}

// locale executes the pages of a locale, unless it did so for the same texts.
func (s Site) locale(tag, state string, texts map[string]tongue) (*localePages, error) {
	lang, _ := splitLocale(tag)
	if s.passing() {
		return s.execute(tag, texts[lang])
	}
	key := state + tag + texts[lang].notices.key
	for _, p := range texts[lang].pages {
		key += " " + strconv.FormatInt(p.number, 36)
	}
	return s.Cache.locales.Get(key, mostLocales, func() (*localePages, error) { return s.execute(tag, texts[lang]) })
}

// passing reports whether nothing is gained by keeping what the site is made of: it is made once.
func (s Site) passing() bool { return s.Cache.Shelve || s.Own != nil }

// state tells sites apart whose locales differ though their texts do not.
func (s Site) state() string {
	return fmt.Sprint(kindOf(s.Shop), s.AsOf, s.NoOverview, s.Bare, s.Fragments, s.Cache.sources.number(s.Law, s.Locales), " ")
}

// execute fills the pages of a locale. What is empty or does not apply is left out; since pages link to each other,
// the rest is then filled again.
func (s Site) execute(tag string, texts tongue) (*localePages, error) {
	facts, err := s.facts(tag)
	if err != nil {
		return nil, err
	}
	if err := namesOwnBody(facts); err != nil {
		return nil, err
	}
	pages := slices.DeleteFunc(slices.Clone(texts.pages), func(p *page) bool {
		return p.name == withdrawalPage && !offersWithdrawal(facts)
	})
	l := &localePages{tag: tag, facts: facts, notices: texts.notices, number: numbers.Add(1)}
	defer s.Cache.shelve(pages...)
	for {
		if l.pages, err = s.leaves(pages, l); err != nil {
			return nil, err
		}
		kept := slices.DeleteFunc(slices.Clone(pages), func(p *page) bool { return l.leaf(p.name).empty })
		if len(kept) == len(pages) {
			l.kept = kept
			return l, nil
		}
		pages = kept
	}
}

func (s Site) facts(tag string) (Facts, error) {
	l, err := s.Locales.Locale(tag)
	if err != nil {
		return Facts{}, err
	}
	country, err := s.Law.At(l.Country, s.AsOf)
	if err != nil {
		return Facts{}, err
	}
	labels, _ := s.Law.Labels(l.Language.Tag, l.Country, s.AsOf)
	_, market := s.Shop.Markets[l.Country]
	return Facts{Shop: shop.In(s.Shop, tag), Law: country, Labels: labels, Locale: l, Market: market, Day: s.AsOf}, nil
}

// networkName is the network of European Consumer Centres in a language.
const networkName = "name.ecc-network"

// offersWithdrawal: Switzerland knows no right of withdrawal; a page about it would claim one, unless the shop takes
// goods back of its own accord.
func offersWithdrawal(f Facts) bool { return !f.Law.Withdrawal.Absent() || f.Shop.Returns.Days > 0 }

// leaves executes pages. Of those that were executed before, only pages that speak of others may have changed.
func (s Site) leaves(pages []*page, of *localePages) ([]*leaf, error) {
	before := of.pages
	list, errs := make([]*leaf, len(pages)), make([]error, len(pages))
	atOnce(len(pages), func(i int) {
		p := pages[i]
		if at := slices.IndexFunc(before, func(l *leaf) bool { return l.name == p.name }); at >= 0 && !p.speaksOfOthers {
			list[i] = before[at]
			return
		}
		list[i], errs[i] = s.leaf(p, s.scope(p, pages, of.facts, of.notices))
	})
	return list, errors.Join(errs...)
}

func (s Site) scope(p *page, pages []*page, facts Facts, notices officialNotices) *scope {
	sc := &scope{asked: facts.Locale.Language, facts: facts, notices: notices, base: "../"}
	if sc.facts.Locale.Language = s.languageOf(p, sc.asked); sc.foreign() {
		sc.facts.Labels, _ = s.Law.Labels(sc.language().Tag, facts.Locale.Country, s.AsOf)
	}
	if sc.facts.Law.Dispute.Network && sc.language().Has(networkName) {
		sc.facts.Law.Dispute.ECC.Name = sc.language().Text(networkName)
	}
	if p.name == indexPage {
		sc.base = ""
	}
	for _, other := range pages {
		sc.pages = append(sc.pages, other.name)
	}
	kind, holds := forms[p.name]
	if sc.holds = holds; holds && s.Shop.Intake != "" {
		sc.form = func() *markup.Definition { return withSeen(s.Definitions(s.Shop, kind, sc.facts.Locale.Tag())) }
	}
	return sc
}

func (s Site) leaf(p *page, sc *scope) (*leaf, error) {
	l := &leaf{name: p.name}
	var errs []error
	for _, part := range []struct {
		to   **mold
		from *compiled
	}{{&l.title, p.title}, {&l.description, p.description}, {&l.nav, p.nav}, {&l.body, p.body}} {
		html, err := part.from.render(sc)
		errs = append(errs, err)
		html = bytes.TrimSpace(html)
		switch {
		case part.to == &l.title:
			l.heading = newMold("text.html", sc.inLanguage(html))
		case part.to == &l.nav && p.name != indexPage: // whose name is data, too
			html = sc.inLanguage(html)
		case part.to == &l.body:
			html = sc.explained(html)
		}
		*part.to = newMold("text.html", html)
		if part.to == &l.body { // of a text with a mistake all parts are alike
			l.empty, l.doc = len(html) == 0, readDocument(html)
			if s.Fragments {
				l.fragment = newMold("fragment.html", s.fragment(sc.locale(), p.name, html))
			}
			if sc.form != nil {
				l.body = l.body.cutSlots()
				if s.Fragments {
					l.fragment = l.fragment.cutSlots()
				}
			}
		}
	}
	return l, errors.Join(errs...)
}

// assemble puts header, navigation and footer around the pages and adds the files of the whole site.
func (s Site) assemble(locales []*localePages) (*molds, error) {
	look, err := s.look()
	if err != nil {
		return nil, err
	}
	out := &molds{files: map[string]*mold{look.sheet.path: newMold(look.sheet.path, look.sheet.data)}}
	frames := framer{site: s, locales: locales, look: look}
	if frames.links, err = newLinks(s, locales, look.sheet.path); err != nil {
		return nil, err
	}
	frames.key, frames.sharers = frames.identity(), frames.listSharers()
	pages, errs := make([]map[string]*mold, len(locales)+1), make([]error, len(locales)+1)
	atOnce(len(pages), func(i int) {
		if i == 0 { // it takes longest
			pages[i], errs[i] = s.Cache.sitemaps.Get(frames.key, mostMolds, func() (map[string]*mold, error) { return s.sitemaps(locales) })
			return
		}
		pages[i], errs[i] = frames.pages(locales[i-1])
	})
	for i, err := range errs {
		errs[i] = layoutFault(err)
	}
	if err := errors.Join(distinct(errs)...); err != nil {
		return nil, err
	}
	for _, files := range pages {
		maps.Copy(out.files, files)
	}
	for _, l := range locales {
		maps.Copy(out.files, l.notices.files)
	}
	if s.Fragments {
		for _, l := range locales {
			l.addFragments(out.files)
		}
	}
	out.frames = frames
	if !s.Bare {
		if out.notices, err = s.notices(locales); err != nil {
			return nil, err
		}
	}
	if out.files["index.html"], err = frames.chooser(); err != nil {
		return nil, layoutFault(err)
	}
	out.files["robots.txt"] = newMold("robots.txt", s.robots(locales))
	return out, nil
}
