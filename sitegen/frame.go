package sitegen

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"fmt"
	"html/template"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/tdewolff/minify/v2/css"

	"recourse/locale"
	"recourse/shop"
	"recourse/style"
)

//go:embed layout/*.html
var layoutFiles embed.FS

// layouts are the words around a page. They see frameData.
var layouts = template.Must(template.New("").ParseFS(layoutFiles, "layout/*.html"))

// framer puts the layout around pages. A whole layout through html/template costs more than all else a page needs, so it is
// executed once for all pages of a locale that differ only in the slots: words that stand for what is the page's own.
type framer struct {
	site       Site
	locales    []*localePages
	stylesheet string // path below dist
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

// pages makes the files of a locale.
func (f framer) pages(l *localePages) (map[string][]byte, error) {
	files := map[string][]byte{}
	frames := map[string]frame{}
	for i, p := range l.pages {
		_, isForm := forms[p.name]
		having := f.having(p.name)
		key := fmt.Sprint(isForm, having)
		if _, ok := frames[key]; !ok {
			var err error
			if frames[key], err = newFrame("page.html", f.data(l, having, !isForm)); err != nil {
				return nil, err
			}
		}
		files[l.tag+"/"+folder(p.name)+"index.html"] = frames[key].fill(pageSlots(p, i))
	}
	return files, nil
}

// having lists the locales that have a page.
func (f framer) having(name string) (tags []string) {
	for _, l := range f.locales {
		if l.leaf(name) != nil {
			tags = append(tags, l.tag)
		}
	}
	return tags
}

func pageSlots(p *leaf, i int) map[string][]byte {
	filled := map[string][]byte{
		"title": p.title, "description": p.description, "body": p.body, "path": []byte(folder(p.name)),
		"home": []byte("../"), "root": []byte("../../"),
		"current" + strconv.Itoa(i): []byte(` aria-current="page"`),
	}
	if p.name == indexPage {
		filled["home"], filled["root"] = []byte("./"), []byte("../")
	}
	return filled
}

// data fills the layout of a locale for pages that the locales in having share.
func (f framer) data(l *localePages, having []string, script bool) frameData {
	lang := l.facts.Locale.Language
	s := f.site.Shop
	d := f.common(l)
	d.Title = lang.Text("site.title", locale.Arg{Name: "page", Value: slot("title")}, locale.Arg{Name: "shop", Value: s.Name})
	d.Heading, d.Description, d.Body = template.HTML(slot("title")), template.HTML(slot("description")), template.HTML(slot("body"))
	d.Canonical = s.Publish + l.tag + "/" + slot("path")
	d.Root = slot("root")
	d.Script = script
	d.Nav, d.Rights = navigation(l), rights(l)
	d.Current = localeName(l)
	d.Seller, d.SellerCountry = seller(s, lang), lang.Country(s.Trader.Country)
	for _, other := range f.locales {
		c := f.choice(other, d.Root)
		c.Here = other == l
		if slices.Contains(having, other.tag) {
			c.Href += slot("path")
			d.Alternates = append(d.Alternates, alternate{other.tag, s.Publish + other.tag + "/" + slot("path")})
		}
		d.Locales = append(d.Locales, c)
	}
	if fallback := s.DefaultLocale(); slices.Contains(having, fallback) {
		d.Alternates = append(d.Alternates, alternate{"x-default", s.Publish + fallback + "/" + slot("path")})
	}
	return d
}

// common is what the chooser shares with the pages.
func (f framer) common(l *localePages) frameData {
	lang := l.facts.Locale.Language
	name := locale.Arg{Name: "shop", Value: f.site.Shop.Name}
	return frameData{
		Lang: l.tag, Dir: lang.Dir, Tag: l.tag, Country: l.facts.Locale.Country, Shop: f.site.Shop, Stylesheet: f.stylesheet,
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
		items = append(items, navItem{template.HTML(p.nav), slot("home") + folder(p.name), template.HTMLAttr(slot("current" + strconv.Itoa(i)))})
	}
	return items
}

// rights are the links every page ends with, always in this order. Where the law asks for the withdrawal
// function and the shop has it, the first bears the law's own words.
func rights(l *localePages) (items []navItem) {
	for _, name := range []string{withdrawalPage, complaintsPage, disputesPage} {
		p := l.leaf(name)
		if p == nil {
			continue
		}
		title := template.HTML(p.nav)
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
func (f framer) chooser() ([]byte, error) {
	l := f.locales[0]
	d := f.common(l)
	d.Lang = l.facts.Locale.Language.Tag
	d.Title = l.facts.Locale.Text("site.title",
		locale.Arg{Name: "page", Value: d.Text("choose.title")}, locale.Arg{Name: "shop", Value: f.site.Shop.Name})
	d.Canonical = f.site.Shop.Publish
	d.Alternates = []alternate{{"x-default", f.site.Shop.Publish}}
	for _, other := range f.locales {
		d.Locales = append(d.Locales, f.choice(other, ""))
		d.Alternates = append(d.Alternates, alternate{other.tag, f.site.Shop.Publish + other.tag + "/"})
	}
	page, err := newFrame("chooser.html", d)
	return page.fill(nil), err
}

// frame is a layout cut at its slots.
type frame struct {
	text  [][]byte // one more than slots
	slots []string
}

func newFrame(name string, d frameData) (frame, error) {
	var out bytes.Buffer
	if err := layouts.ExecuteTemplate(&out, name, d); err != nil {
		return frame{}, fmt.Errorf("fill the layout of %s: %w", d.Tag, err)
	}
	html, err := minifyHTML(out.Bytes())
	if err != nil {
		return frame{}, fmt.Errorf("minify the layout of %s: %w", d.Tag, err)
	}
	if i := bytes.Index(html, []byte("#ZgotmplZ")); i >= 0 {
		return frame{}, fmt.Errorf("fill the layout of %s: an address is not a web address near %q; correct it in the shop's file, it begins with https://",
			d.Tag, html[max(0, i-60):min(len(html), i+60)])
	}
	return cut(bytes.ReplaceAll(html, []byte(" zzslotcurrent"), []byte("zzslotcurrent"))), nil
}

func cut(html []byte) (f frame) {
	at := 0
	for _, m := range slots.FindAllSubmatchIndex(html, -1) {
		f.text = append(f.text, html[at:m[0]])
		f.slots = append(f.slots, string(html[m[2]:m[3]]))
		at = m[1]
	}
	f.text = append(f.text, html[at:])
	return f
}

// fill puts values into the slots. What has no value becomes nothing.
func (f frame) fill(values map[string][]byte) []byte {
	var out bytes.Buffer
	for i, text := range f.text {
		out.Write(text)
		if i < len(f.slots) {
			out.Write(values[f.slots[i]])
		}
	}
	out.WriteByte('\n')
	return out.Bytes()
}

// sheet is a stylesheet under a name that changes with its content.
type sheet struct {
	path string
	data []byte
}

func stylesheet() (sheet, error) {
	var out bytes.Buffer
	if err := css.Minify(minified, &out, bytes.NewReader(style.CSS), nil); err != nil {
		return sheet{}, fmt.Errorf("minify the stylesheet: %w", err)
	}
	hash := sha256.Sum256(out.Bytes())
	return sheet{fmt.Sprintf("assets/site.%x.css", hash[:6]), out.Bytes()}, nil
}
