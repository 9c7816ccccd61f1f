package sitegen

import (
	"bytes"
	"html"
	"html/template"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// overviewPage has all texts of a locale below each other, for reading, printing and the browser's search. A page of the shop
// with that name takes its place.
const overviewPage = "overview"

// overview is what the layout overview.html sees.
type overview struct {
	List []overviewSection
	text func(key string) string
}

func (o overview) Text(key string) string { return o.text("site." + key) }

// overviewSection is one page in the overview.
type overviewSection struct {
	ID          string
	Title, Body template.HTML
	Form        string // the page, where it has a form, which the overview does not
}

func (f framer) hasOverview(l *localePages) bool {
	return !f.site.NoOverview && l.leaf(overviewPage) == nil
}

// overview is put together from the texts there are.
func (f framer) overview(l *localePages) (*mold, error) {
	view, parts := overview{text: f.common(l).text}, map[string]*mold{}
	for i, p := range l.pages {
		n := strconv.Itoa(i)
		title, body := "sectiontitle"+n, "sectionbody"+n
		s := overviewSection{ID: sectionID(p.name, ""), Title: template.HTML(slot(title)), Body: template.HTML(slot(body))}
		marked, gaps := p.body.marked()
		text := l.asSection(p.name, marked)
		if text.form {
			s.Form = "../" + folder(p.name)
		}
		parts[title], parts[body] = p.heading, unmarked(text.out, gaps)
		view.List = append(view.List, s)
	}
	body, err := f.part("overview.html", l.tag, view)
	if err != nil {
		return nil, err
	}
	around, err := f.around(l)
	if err != nil {
		return nil, err
	}
	title := newMold("text.html", escaped(view.Text("overview.title")))
	page := versionPage{folder: folder(overviewPage), hidden: true}.slots(l)
	nameData(page, l, title)
	page["title"], page["heading"], page["body"] = title, title, body.cutSlots().with(parts)
	page["description"] = newMold("text.html", escaped(view.Text("overview.description")))
	return around.mold.with(page), nil
}

// sectionID names a page, or an id on it, in the overview. No name of a page holds the underscore.
func sectionID(page, id string) string {
	if id == "" {
		return "p-" + page
	}
	return "p-" + page + "_" + id
}

// sectionText is the text of a page as it is written into the overview.
type sectionText struct {
	locale *localePages
	page   string
	out    []byte
	form   bool // one was left out
}

// asSection lowers the headings by one level, makes ids unique and links lead to the sections, and leaves forms out.
func (l *localePages) asSection(page string, rest []byte) *sectionText {
	s := &sectionText{locale: l, page: page, out: make([]byte, 0, len(rest)+len(rest)/8)}
	for {
		i := bytes.IndexByte(rest, '<')
		if i < 0 {
			s.out = append(s.out, rest...)
			return s
		}
		s.out, rest = append(s.out, rest[:i]...), rest[i:]
		if bytes.HasPrefix(rest, []byte("<form")) {
			_, rest, _ = bytes.Cut(rest, []byte("</form>"))
			s.form = true
			continue
		}
		n := tagLength(rest)
		s.tag(rest[:n])
		rest = rest[n:]
	}
}

func (s *sectionText) tag(tag []byte) {
	s.out = append(s.out, tag[0])
	rest := tag[1:]
	if rest[0] == '/' {
		s.out, rest = append(s.out, '/'), rest[1:]
	}
	if len(rest) > 2 && rest[0] == 'h' && rest[1] >= '1' && rest[1] <= '5' {
		s.out, rest = append(s.out, 'h', rest[1]+1), rest[2:]
	}
	for _, attribute := range []struct {
		name  string
		value func(string) string
	}{{` id="`, s.id}, {` href="`, s.link}} {
		before, after, found := bytes.Cut(rest, []byte(attribute.name))
		value, end, closed := bytes.Cut(after, []byte(`"`))
		if found && closed {
			rest = slices.Concat(before, []byte(attribute.name+template.HTMLEscapeString(attribute.value(html.UnescapeString(string(value))))+`"`), end)
		}
	}
	s.out = append(s.out, rest...)
}

func (s *sectionText) id(id string) string { return sectionID(s.page, id) }

// link leads to a section if it led to a page of the locale. Other relative links lead where they led.
func (s *sectionText) link(target string) string {
	u, err := url.Parse(target)
	if err != nil || u.Scheme != "" || u.Host != "" || strings.HasPrefix(target, "/") {
		return target
	}
	to := (&url.URL{Path: "/" + folder(s.page)}).ResolveReference(u)
	for _, p := range s.locale.pages {
		if to.Path != "/"+folder(p.name) {
			continue
		}
		if u.Fragment == "" {
			return "#" + sectionID(p.name, "")
		}
		if strings.HasPrefix(u.Fragment, "s-") {
			return "#" + sectionID(p.name, u.EscapedFragment())
		}
		break // into a form
	}
	if s.page == indexPage {
		return "../" + target
	}
	if strings.HasPrefix(target, "../") {
		return target
	}
	return "../" + folder(s.page) + target
}
