package sitegen

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"recourse/locale"
	"recourse/shop"
)

//go:embed layout/*.html
var layoutFiles embed.FS

// builtIn are the words around a page. They see frameData.
var builtIn = sync.OnceValue(func() *template.Template { return template.Must(template.New("").ParseFS(layoutFiles, layoutPattern)) })

// framer puts the layout around pages. A whole layout through html/template costs more than all else a page needs, so it is
// executed once for all pages of a locale that differ only in the slots: words that stand for what is the page's own.
type framer struct {
	site    Site
	locales []*localePages
	look    *look
	key     string // of what all frames depend on
	links   *linkCheck
	sharers map[string]sharers // by name of the page
}

// sharers are the locales that have a page.
type sharers struct {
	tags []string
	key  string
}

// slot is a word of the layout that fill replaces.
func slot(name string) string { return "zzslot" + name + "zz" }

var slots = regexp.MustCompile(`zzslot([a-z]+[0-9]*)zz`)

// frameData is what a layout is filled with, once per frame.
type frameData struct {
	Lang, Dir, Tag string
	Country        string // code
	Shop           *shop.Shop
	Title          string        // of the document
	Heading        template.HTML // of the page
	Description    template.HTML
	Body           template.HTML
	Contents       template.HTML // of a long text
	Data           template.HTML // for search engines: JSON-LD
	Feed           template.HTML // link to the feed of changes, where there is one
	Crumbs         []navItem     // what lies above the page
	Overview       string        // on the start page: where all texts are on one page
	Version        template.HTML // from when the text applies, and where its versions are
	Robots         template.HTML // what search engines should know
	Canonical      string
	Alternates     []alternate
	Root           string // in front of paths below dist
	Stylesheet     string
	Script         bool // the widget's
	Nav            []navItem
	Rights         []navItem
	Locales        []choice
	Current        string // name of this locale
	Seller         []sellerLine
	SellerCountry  string // in words
	text           func(key string) string
}

// Text is a string of the layout: Text "skip" is site.skip.
func (d frameData) Text(key string) string { return d.text("site." + key) }

type alternate struct{ Tag, URL string }

// xDefault is the tag of the page for those who speak none of the languages: of start pages that where they choose, of others the
// one in the first locale.
const xDefault = "x-default"

func (a alternate) byDefault() bool { return a.Tag == xDefault }

type navItem struct {
	Title template.HTML
	Href  string
	Here  template.HTMLAttr // a slot: aria-current on the page itself
}

// choice is a locale to go to, named in its own language.
type choice struct {
	Lang, Dir, Tag, Name, Href string
	Here                       bool
}

// sellerLine is "Email: {value}" with the value apart, since it may be a link.
type sellerLine struct {
	Before, Value, After string
	Href                 any
}

// pages makes the files of a locale, unless the same were made of it before, and follows its links.
func (f framer) pages(l *localePages) (map[string]*mold, error) {
	fill := func() (map[string]*mold, error) { return f.fill(l) }
	var files map[string]*mold
	var err error
	if f.site.passing() {
		files, err = fill()
	} else {
		files, err = f.site.Cache.filled.Get(fmt.Sprint(f.key, " ", l.number), mostLocales, fill)
	}
	if err != nil {
		return nil, err
	}
	var errs []error
	for _, p := range l.pages {
		frame, err := f.frame(l, p)
		if err != nil {
			return nil, err
		}
		errs = append(errs, f.links.check(l.file(p.name), frame, p.doc)...)
	}
	return files, errors.Join(distinct(errs)...)
}

func (f framer) fill(l *localePages) (map[string]*mold, error) {
	files := map[string]*mold{}
	for i, p := range l.pages {
		frame, err := f.frame(l, p)
		if err != nil {
			return nil, err
		}
		slots, err := f.pageSlots(l, i)
		if err != nil {
			return nil, err
		}
		files[l.file(p.name)] = frame.mold.with(slots)
	}
	if f.hasOverview(l) {
		page, err := f.overview(l)
		if err != nil {
			return nil, err
		}
		files[l.file(overviewPage)] = page
	}
	return files, nil
}

// frame is the layout around a page, shared by all pages of the locale that differ in the slots only.
func (f framer) frame(l *localePages, p *leaf) (*frame, error) {
	_, isForm := forms[p.name]
	having := f.sharers[p.name]
	isIndex := p.name == indexPage
	script := !isForm && !f.site.Bare
	key := f.key + l.tag + having.key + fmt.Sprint(script, isIndex)
	return f.site.Cache.frames.Get(key, mostFrames, func() (*frame, error) {
		d := f.data(l, having.tags, script)
		if isIndex {
			d.Crumbs = nil
			d.Alternates = append(slices.DeleteFunc(d.Alternates, alternate.byDefault), alternate{xDefault, f.site.Shop.Publish})
		}
		if isIndex && f.hasOverview(l) {
			d.Overview = folder(overviewPage)
		}
		return f.pageFrame(l, d)
	})
}

// identity tells sites apart whose frames differ: by shop, by looks, and by the pages there are.
func (f framer) identity() string {
	sum := sha256.New()
	fmt.Fprint(sum, f.site.state(), f.look.key)
	fmt.Fprint(sum, f.names())
	return string(sum.Sum(nil))
}

// names tells which pages there are.
func (f framer) names() (names []string) {
	for _, l := range f.locales {
		for _, p := range l.pages {
			names = append(names, l.tag+"/"+p.name)
		}
	}
	return names
}

// listSharers finds out which locales have which page.
func (f framer) listSharers() map[string]sharers {
	list := map[string]sharers{}
	for _, l := range f.locales {
		for _, p := range l.pages {
			s := list[p.name]
			list[p.name] = sharers{append(s.tags, l.tag), s.key + " " + l.tag}
		}
	}
	return list
}

func (f framer) pageSlots(l *localePages, i int) (map[string]*mold, error) {
	p, plain := l.pages[i], func(s string) *mold { return &mold{text: [][]byte{[]byte(s)}} }
	filled := map[string]*mold{
		"title": p.title, "heading": p.heading, "description": p.description, "body": p.body, "path": plain(folder(p.name)),
		"home": plain("../"), "root": plain("../../"),
		"current" + strconv.Itoa(i): plain(` aria-current="page"`),
		"version":                   later("version"), "feed": later("feed"),
	}
	var err, also error
	filled["contents"], err = f.outline(l, p)
	filled["data"], also = f.jsonLD(l, p.name)
	if p.name == indexPage {
		filled["home"], filled["root"] = plain("./"), plain("../")
	}
	for i, other := range l.pages {
		filled["nav"+strconv.Itoa(i)] = other.nav
	}
	nameData(filled, l, p.title)
	return filled, errors.Join(err, also)
}

// later leaves a slot open: what belongs there differs between shops.
func later(name string) *mold {
	return &mold{text: make([][]byte, 2), gaps: []gap{{word: none, slot: name}}}
}

// data fills the layout of a locale for pages that the locales in having share.
func (f framer) data(l *localePages, having []string, script bool) frameData {
	lang := l.facts.Locale.Language
	s := l.facts.Shop
	d := f.common(l)
	d.Title = lang.Text("site.title", locale.Arg{Name: "page", Value: slot("title")}, locale.Arg{Name: "shop", Value: s.Name})
	d.Heading, d.Description, d.Body = template.HTML(slot("heading")), template.HTML(slot("description")), template.HTML(slot("body"))
	d.Version, d.Robots = template.HTML(slot("version")), template.HTML(slot("robots"))
	d.Contents, d.Data, d.Feed = template.HTML(slot("contents")), template.HTML(slot("data")), template.HTML(slot("feed"))
	d.Canonical = f.site.home(l.tag) + slot("path")
	d.Root = slot("root")
	d.Script = script
	d.Nav, d.Rights = navigation(l), rights(l)
	d.Crumbs = crumbs(l)
	d.Current = localeName(l)
	d.Seller, d.SellerCountry = seller(s, lang), lang.Country(s.Trader.Country)
	away := 0
	for _, other := range f.locales {
		if !akin(len(f.locales), l, other) {
			away++
			continue
		}
		c := f.choice(other, d.Root)
		if other.facts.Shop.Publish != s.Publish {
			c.Href = f.site.home(other.tag)
		}
		c.Here = other == l
		if slices.Contains(having, other.tag) {
			c.Href += slot("path")
			d.Alternates = append(d.Alternates, alternate{other.tag, f.site.home(other.tag) + slot("path")})
		}
		d.Locales = append(d.Locales, c)
	}
	if away > 0 { // the rest are on the page where people choose
		d.Locales = append(d.Locales, choice{Lang: lang.Tag, Dir: lang.Dir, Tag: xDefault, Name: d.Text("locale.change"), Href: d.Root})
	}
	if fallback := s.DefaultLocale(); slices.Contains(having, fallback) {
		d.Alternates = append(d.Alternates, alternate{xDefault, f.site.home(fallback) + slot("path")})
	}
	return d
}

// mostLocalesNamed is how many locales each page names: with more of them a site would grow with their square.
const mostLocalesNamed = 100

// akin reports whether the page of a locale names another one as its counterpart. Of many, it names those in its language and those in
// its country, which then name it as well.
func akin(all int, l, other *localePages) bool {
	return all <= mostLocalesNamed || l.facts.Locale.Language.Tag == other.facts.Locale.Language.Tag || l.facts.Locale.Country == other.facts.Locale.Country
}

// common is what the chooser shares with the pages.
func (f framer) common(l *localePages) frameData {
	lang := l.facts.Locale.Language
	name := locale.Arg{Name: "shop", Value: f.site.Shop.Name}
	return frameData{
		Lang: l.tag, Dir: lang.Dir, Tag: l.tag, Country: l.facts.Locale.Country, Shop: l.facts.Shop, Stylesheet: f.look.sheet.path,
		text: func(key string) string { return lang.Text(key, name) },
	}
}

func (f framer) choice(l *localePages, root string) choice {
	return choice{Lang: l.facts.Locale.Language.Tag, Dir: l.facts.Locale.Dir, Tag: l.tag, Name: localeName(l), Href: root + l.tag + "/"}
}

// localeName names a locale for those who want it: in its language.
func localeName(l *localePages) string {
	lang := l.facts.Locale.Language
	return lang.Text("site.locale",
		locale.Arg{Name: "country", Value: lang.Country(l.facts.Locale.Country)}, locale.Arg{Name: "language", Value: lang.Name})
}

func navigation(l *localePages) (items []navItem) {
	for i, p := range l.pages {
		items = append(items, navItem{template.HTML(slot("nav" + strconv.Itoa(i))), slot("home") + folder(p.name), template.HTMLAttr(slot("current" + strconv.Itoa(i)))})
	}
	return items
}

// crumbs are what lies above all pages but the start page.
func crumbs(l *localePages) []navItem {
	i := slices.IndexFunc(l.pages, func(p *leaf) bool { return p.name == indexPage })
	if i < 0 {
		return nil
	}
	return []navItem{{Title: template.HTML(slot("nav" + strconv.Itoa(i))), Href: slot("home")}}
}

// rights are the links every page ends with, always in this order. Where the law asks for the withdrawal
// function and the shop has it, the first bears the law's own words.
func rights(l *localePages) (items []navItem) {
	for _, name := range []string{withdrawalPage, complaintsPage, disputesPage} {
		i := slices.IndexFunc(l.pages, func(p *leaf) bool { return p.name == name })
		if i < 0 {
			continue
		}
		title := template.HTML(slot("nav" + strconv.Itoa(i)))
		if name == withdrawalPage && l.facts.Shop.Intake != "" && l.facts.Law.Function.Due && l.facts.Labels.Withdraw != "" {
			title = template.HTML(template.HTMLEscapeString(l.facts.Labels.Withdraw))
		}
		items = append(items, navItem{Title: title, Href: slot("home") + folder(name)})
	}
	return items
}

func seller(s *shop.Shop, lang *locale.Language) (lines []sellerLine) {
	add := func(key, value string, href any) {
		if value == "" {
			return
		}
		before, after, _ := strings.Cut(lang.Text("site.trader."+key), "{value}")
		lines = append(lines, sellerLine{before, value, after, href})
	}
	t := s.Trader
	add("email", t.Email, "mailto:"+t.Email)
	add("phone", t.Phone, dial(t.Phone))
	add("register", t.Register, nil)
	add("vat", t.VATID, nil)
	return lines
}

// chooser makes the page at the root, where people choose country and language.
func (f framer) chooser() (*mold, error) {
	l := f.locales[0]
	d := f.common(l)
	d.Lang = l.facts.Locale.Language.Tag
	d.Title = l.facts.Locale.Text("site.title",
		locale.Arg{Name: "page", Value: d.Text("choose.title")}, locale.Arg{Name: "shop", Value: f.site.Shop.Name})
	d.Shop, d.Canonical = f.site.Shop, f.site.Shop.Publish
	d.Alternates = []alternate{{xDefault, f.site.Shop.Publish}}
	for _, other := range f.locales {
		c := f.choice(other, "")
		if len(f.site.Shop.Domains) > 0 { // every domain has this page, and each locale is right on one of them
			c.Href = f.site.home(other.tag)
		}
		d.Locales = append(d.Locales, c)
		d.Alternates = append(d.Alternates, alternate{other.tag, f.site.home(other.tag)})
	}
	page, err := f.site.Cache.frames.Get(f.key+"chooser", mostFrames, func() (*frame, error) { return f.newFrame("chooser.html", d) })
	if err != nil {
		return nil, err
	}
	return page.mold.with(nil), errors.Join(f.links.check("index.html", page, &document{})...)
}

// frame is a layout cut at its slots.
type frame struct {
	mold *mold
	doc  *document // what links and ids it has

	checked [3]sync.Once // by depth of the page
	errs    [3][]error
}

func (f framer) newFrame(name string, d frameData) (*frame, error) {
	var out bytes.Buffer
	if err := f.look.layouts.ExecuteTemplate(&out, name, d); err != nil {
		return nil, fmt.Errorf("fill the layout of %s: %w", d.Tag, err)
	}
	html, err := minifyHTML(out.Bytes())
	if err != nil {
		return nil, fmt.Errorf("minify the layout of %s: %w", d.Tag, err)
	}
	if i := bytes.Index(html, []byte("#ZgotmplZ")); i >= 0 {
		return nil, fmt.Errorf("fill the layout of %s: an address is not a web address near %q; correct it in the shop's file, it begins with https://",
			d.Tag, html[max(0, i-60):min(len(html), i+60)])
	}
	html = append(bytes.ReplaceAll(html, []byte(" zzslotcurrent"), []byte("zzslotcurrent")), '\n')
	return &frame{mold: newMold(name, html).cutSlots(), doc: readDocument(html)}, nil
}

// cutSlots cuts a mold further, at its slots.
func (m *mold) cutSlots() *mold {
	out := &mold{}
	for i, text := range m.text {
		at := 0
		for _, found := range slots.FindAllSubmatchIndex(text, -1) {
			out.text = append(out.text, text[at:found[0]])
			out.gaps = append(out.gaps, gap{word: none, slot: string(text[found[2]:found[3]])})
			at = found[1]
		}
		out.text = append(out.text, text[at:])
		if i < len(m.gaps) {
			out.gaps = append(out.gaps, m.gaps[i])
		}
	}
	return out
}
