package sitegen

import (
	"bytes"
	"fmt"
	"html/template"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"recourse/day"
	"recourse/form/markup"
	"recourse/ledger"
	"recourse/locale"
)

// Texts gives what every page says, as a ledger records it.
func (s Site) Texts() (texts []ledger.Text, err error) {
	if s.Cache == nil {
		s.Cache = &Cache{}
	}
	m, w, err := s.cast()
	if err != nil {
		return nil, err
	}
	f := newFiller(w)
	for _, l := range m.frames.locales {
		for _, p := range l.pages {
			t, err := f.text(l.tag, p)
			if err != nil {
				return nil, err
			}
			texts = append(texts, t)
		}
	}
	return texts, nil
}

// text is what a page says with the words of the shop.
func (f *filler) text(tag string, p *leaf) (ledger.Text, error) {
	title, err := f.fill(p.title)
	if err != nil {
		return ledger.Text{}, err
	}
	body, err := f.fill(p.body)
	return ledger.NewText(tag, p.name, title, body), err
}

// withSeen leaves room in a form for the version of its page, which differs between shops.
func withSeen(d *markup.Definition) *markup.Definition {
	if d == nil {
		return nil
	}
	with := *d
	with.Version = slot("seen")
	return &with
}

// versionPages adds to the files of a shop what its ledger holds: below each text the day from which it applies, in
// each form the version of its page, and the pages of all versions.
func (s Site) versionPages(out *Output, m *molds, w *words) error {
	f := newFiller(w)
	out.Seen = map[string]ledger.Seen{}
	for _, l := range m.frames.locales {
		c := chronicle{ledger: s.Ledger, locale: l.facts.Locale, shop: s.Shop.Name, home: s.home(l.tag), today: s.AsOf, layouts: m.frames.look.layouts, files: out.Files}
		if err := c.addFeed(); err != nil {
			return err
		}
		if err := c.lines(m, l, f, out.Seen); err != nil {
			return err
		}
		if err := c.add(m.frames, l, f); err != nil {
			return err
		}
	}
	return nil
}

// chronicle is the ledger as one locale shows it.
type chronicle struct {
	ledger  *ledger.Ledger
	locale  locale.Locale
	shop    string
	home    string // where the locale is published
	feed    *mold  // link to the feed; nil without one
	today   day.Day
	layouts *layouts
	files   map[string][]byte // of the site
}

// lines writes below each text from when it applies, and notes which version it is.
func (c chronicle) lines(m *molds, l *localePages, f *filler, seen map[string]ledger.Seen) error {
	for _, p := range l.pages {
		text, err := f.text(l.tag, p)
		if err != nil {
			return err
		}
		line, err := c.line(text)
		if err != nil {
			return err
		}
		filled := map[string]*mold{"version": literal(line), "feed": c.feed}
		if v, ok := c.ledger.Published(text); ok {
			seen[l.tag+"/"+p.name] = v.Seen()
			filled["seen"] = literal([]byte(v.Seen().String()))
		}
		file := l.file(p.name)
		if c.files[file], err = f.fill(m.files[file].with(filled)); err != nil {
			return err
		}
		if p.fragment == nil {
			continue
		}
		if c.files[fragmentFile(file)], err = f.fill(p.fragment.with(filled)); err != nil {
			return err
		}
	}
	return nil
}

// add makes the pages of all versions.
func (c chronicle) add(f framer, l *localePages, words *filler) error {
	around, err := f.around(l)
	if err != nil {
		return err
	}
	for _, name := range c.ledger.Pages(l.tag) {
		pages, err := c.pages(name)
		if err != nil {
			return err
		}
		for _, p := range pages {
			file := l.tag + "/" + p.folder + "index.html"
			if _, taken := c.files[file]; taken {
				return fmt.Errorf("write the versions of %s/%s: %q is a page already; give that page another name", l.tag, name, file)
			}
			if c.files[file], err = words.fill(around.mold.with(c.withFeed(p.slots(l)))); err != nil {
				return err
			}
		}
	}
	return nil
}

// versionPage is a page about a version, or about all of a page. All values but the folder are HTML.
type versionPage struct {
	folder                   string // below the locale: "returns/versions/2026-03-01/"
	title, description, body []byte
	hidden                   bool // from search engines: the text is not the one in force
}

func (p versionPage) slots(l *localePages) map[string]*mold {
	up := strings.Repeat("../", strings.Count(p.folder, "/"))
	filled := map[string]*mold{
		"title": literal(p.title), "heading": literal(p.title), "description": literal(p.description), "body": literal(p.body), "path": literal([]byte(p.folder)),
		"home": literal([]byte(up)), "root": literal([]byte("../" + up)),
	}
	if p.hidden {
		filled["robots"] = literal([]byte(`<meta name="robots" content="noindex">`))
	}
	for i, other := range l.pages {
		filled["nav"+strconv.Itoa(i)] = other.nav
	}
	nameData(filled, l, filled["title"])
	return filled
}

func literal(html []byte) *mold { return &mold{text: [][]byte{html}} }

// around is the frame of the pages about versions. They are of one locale only.
func (f framer) around(l *localePages) (*frame, error) {
	key := fmt.Sprint(f.key, l.tag, "versions")
	return f.site.Cache.frames.Get(key, mostFrames, func() (*frame, error) { return f.pageFrame(l, f.data(l, nil, false)) })
}

// versionView is what the layouts version*.html see.
type versionView struct {
	Date     string // from which it applies
	Href     string
	State    string // from when to when it applied, as a sentence
	InForce  bool
	Now      bool // there is a text in force to go to
	Recorded string
	Hash     string
	Body     template.HTML
	Changes  *changes
	List     []versionView // newest first
	text     func(key string, args ...locale.Arg) string
}

// changes are those a version brought.
type changes struct {
	Title string
	HTML  template.HTML
}

// Text is a string of the layout: Text "link" is version.link.
func (v versionView) Text(key string) string { return v.text(key) }

// text is one of our strings, with the names all may use.
func (c chronicle) text(key string, args ...locale.Arg) string {
	return c.locale.Text("version."+key, append(args, locale.Arg{Name: "shop", Value: c.shop})...)
}

func (c chronicle) date(name string, d day.Day) locale.Arg {
	return locale.Arg{Name: name, Value: c.locale.Date(d)}
}

func (c chronicle) execute(name string, v versionView) ([]byte, error) {
	v.text = c.text
	var out bytes.Buffer
	if err := c.layouts.ExecuteTemplate(&out, name, v); err != nil {
		return nil, fmt.Errorf("fill the layout %s for %s: %w", name, c.locale.Tag(), err)
	}
	return minifyHTML(out.Bytes())
}

// line says from when a text applies, and leads to its versions. A text that was not published yet has no day.
func (c chronicle) line(t ledger.Text) ([]byte, error) {
	versions := c.ledger.Versions(t.Locale, t.Page)
	if len(versions) == 0 {
		return nil, nil
	}
	return c.execute("version-line.html", versionView{State: c.applies(t, versions)})
}

func (c chronicle) applies(t ledger.Text, versions []ledger.Version) string {
	current, inForce := c.ledger.At(t.Locale, t.Page, c.today)
	if inForce && current.SHA256 == t.SHA256() {
		return c.text("applies", c.date("date", current.From))
	}
	i := slices.IndexFunc(versions, func(v ledger.Version) bool { return v.From > c.today && v.SHA256 == t.SHA256() })
	switch {
	case i < 0:
		return ""
	case !inForce:
		return c.text("applies", c.date("date", versions[i].From))
	}
	return c.text("applies.later", c.date("date", versions[i].From), c.date("earlier", current.From))
}

// pages are the list of a page's versions, and one for each.
func (c chronicle) pages(name string) ([]versionPage, error) {
	versions, texts := c.ledger.Versions(c.locale.Tag(), name), [][]byte{}
	for _, v := range versions {
		html, err := c.ledger.HTML(v)
		if err != nil {
			return nil, fmt.Errorf("read %s: the text %w", v.Path(), err)
		}
		texts = append(texts, html)
	}
	list, err := c.list(name, versions, texts)
	pages := []versionPage{list}
	for i := range versions {
		if err == nil {
			var page versionPage
			page, err = c.page(versions, texts, i)
			pages = append(pages, page)
		}
	}
	return pages, err
}

func (c chronicle) list(name string, versions []ledger.Version, texts [][]byte) (versionPage, error) {
	view := versionView{}
	for i, v := range slices.Backward(versions) {
		one := c.view(v)
		if i > 0 {
			one.Changes = c.changes(versions[i], texts[i-1], texts[i])
		}
		view.List = append(view.List, one)
	}
	title := locale.Arg{Name: "page", Value: versions[len(versions)-1].Title}
	body, err := c.execute("versions.html", view)
	return versionPage{
		folder: folder(name) + "versions/", body: body,
		title: escaped(c.text("list.title", title)), description: escaped(c.text("list.description", title)),
	}, err
}

// page is the text of a version, with what the next one changed.
func (c chronicle) page(versions []ledger.Version, texts [][]byte, i int) (versionPage, error) {
	v := versions[i]
	view := c.view(v)
	_, rest, _ := bytes.Cut(texts[i], []byte("</h1>")) // the page has its own
	at := folder(v.Page) + "versions/" + v.From.String() + "/"
	view.Body = template.HTML(ledger.Again(rest, func(target string) string { return c.moved(v, at, target) }))
	if i+1 < len(versions) {
		view.Changes = c.changes(versions[i+1], texts[i], texts[i+1])
	}
	body, err := c.execute("version.html", view)
	title := escaped(c.text("title", locale.Arg{Name: "page", Value: v.Title}, c.date("date", v.From)))
	return versionPage{folder: at, title: title, description: escaped(view.State), body: body, hidden: true}, err
}

func escaped(text string) []byte { return []byte(template.HTMLEscapeString(text)) }

func (c chronicle) view(v ledger.Version) versionView {
	view := versionView{
		Date: c.locale.Date(v.From), Href: v.From.String() + "/", Hash: v.SHA256, text: c.text,
		Recorded: c.text("recorded", c.date("date", v.Recorded)),
	}
	_, view.Now = c.files[v.Locale+"/"+folder(v.Page)+"index.html"]
	switch {
	case v.From > c.today:
		view.State = c.text("later", c.date("from", v.From))
	case v.Until != day.Unknown && v.Until < c.today:
		view.State = c.text("past", c.date("from", v.From), c.date("until", v.Until))
	default:
		view.State, view.InForce = c.text("current", c.date("from", v.From)), true
	}
	return view
}

// changes shows what a version changed in the text before it.
func (c chronicle) changes(v ledger.Version, before, after []byte) *changes {
	html := ledger.Diff(before, after, ledger.Words{
		Added: c.text("added"), Removed: c.text("removed"), Same: c.text("same"),
		Unchanged: func(n int) string { return c.locale.Plural("version.unchanged", n) },
	})
	return &changes{c.text("changed", c.date("date", v.From)), template.HTML(html)}
}

// moved is a link of an old text from where that text lies now. What it led to may be gone: then its versions are meant, or
// there is no link. Headings change, so it leads to the page.
func (c chronicle) moved(v ledger.Version, at, target string) string {
	u, err := url.Parse(target)
	if err != nil || u.Path == "" && u.Host == "" && u.Scheme == "" { // an anchor on a page that has none now
		return ""
	}
	if u.Scheme != "" || u.Host != "" {
		return target
	}
	base := &url.URL{Path: "/" + v.Locale + "/" + folder(v.Page)}
	to := strings.TrimPrefix(base.ResolveReference(u).Path, "/")
	up := strings.Repeat("../", strings.Count(v.Locale+"/"+at, "/"))
	if _, there := c.files[path.Join(to, "index.html")]; there {
		return up + to
	}
	if name := path.Base(to); to == v.Locale+"/"+name+"/" && len(c.ledger.Versions(v.Locale, name)) > 0 {
		return up + to + "versions/"
	}
	return ""
}
