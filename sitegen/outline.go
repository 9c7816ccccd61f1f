package sitegen

import (
	"bytes"
	"fmt"
	"html"
	"html/template"
	"strconv"
	"unicode/utf8"
)

// fewestHeadings of level 2 make a page long enough for a table of contents.
const fewestHeadings = 4

// tableOfContents is what the layout contents.html sees.
type tableOfContents struct {
	List []heading
	text func(key string) string
}

func (t tableOfContents) Text(key string) string { return t.text("site." + key) }

// heading is one of level 2, without the markup in it.
type heading struct {
	ID    string
	Title template.HTML
}

const contentsLayout = "contents.html"

// outline is the table of contents of a long text.
func (f framer) outline(l *localePages, p *leaf) (*mold, error) {
	html, gaps := p.body.marked()
	list := headingsOf(html)
	if len(list) < fewestHeadings {
		return nil, nil
	}
	if f.look.layouts.changed(contentsLayout) {
		return f.ownOutline(l, list, gaps)
	}
	key := fmt.Sprint(f.key, l.tag, contentsLayout, len(list))
	around, err := f.site.Cache.parts.Get(key, mostFrames, func() (*mold, error) { return f.outlineOf(l, len(list)) })
	if err != nil {
		return nil, err
	}
	filled := make(map[string]*mold, 2*len(list))
	for i, h := range list {
		filled["anchor"+strconv.Itoa(i)] = literal([]byte(asFragment(h.ID)))
		filled["heading"+strconv.Itoa(i)] = unmarked([]byte(h.Title), gaps)
	}
	return around.with(filled), nil
}

// ownOutline fills the shop's own layout, which may do with the headings what it likes.
func (f framer) ownOutline(l *localePages, list []heading, gaps []gap) (*mold, error) {
	m, err := f.part(contentsLayout, l.tag, tableOfContents{list, f.common(l).text})
	if err != nil {
		return nil, err
	}
	return unmarked(m.text[0], gaps), nil
}

// outlineOf is the built-in layout with slots for so many headings.
func (f framer) outlineOf(l *localePages, count int) (*mold, error) {
	var list []heading
	for i := range count {
		list = append(list, heading{slot("anchor" + strconv.Itoa(i)), template.HTML(slot("heading" + strconv.Itoa(i)))})
	}
	m, err := f.part(contentsLayout, l.tag, tableOfContents{list, f.common(l).text})
	if err != nil {
		return nil, err
	}
	return m.cutSlots(), nil
}

// asFragment writes the id of a heading, which is of letters, digits, marks and hyphens, as html/template does behind the #.
func asFragment(id string) string {
	const digits = "0123456789abcdef"
	out := make([]byte, 0, 3*len(id))
	for _, b := range []byte(id) {
		if b < utf8.RuneSelf {
			out = append(out, b)
		} else {
			out = append(out, '%', digits[b>>4], digits[b&15])
		}
	}
	return string(out)
}

// headingsOf lists those of the text. Those of a form have no id of ours.
func headingsOf(page []byte) (list []heading) {
	const begin = `<h2 id="s-`
	for {
		i := bytes.Index(page, []byte(begin))
		if i < 0 {
			return list
		}
		page = page[i+len(begin)-len("s-"):]
		id, rest, _ := bytes.Cut(page, []byte(`">`))
		title, _, _ := bytes.Cut(rest, []byte("</h2>"))
		list = append(list, heading{html.UnescapeString(string(id)), template.HTML(withoutTags(title))})
	}
}

func withoutTags(html []byte) (text []byte) {
	for {
		i := bytes.IndexByte(html, '<')
		if i < 0 {
			return append(text, html...)
		}
		text, html = append(text, html[:i]...), html[i+tagLength(html[i:]):]
	}
}

// tagLength is the length of the tag that html begins with.
func tagLength(html []byte) int {
	quoted := false
	for i, c := range html {
		if c == '"' {
			quoted = !quoted
		} else if c == '>' && !quoted {
			return i + 1
		}
	}
	return len(html)
}

// A mold is edited as text in which its gaps are numbers between octets that no HTML holds.
const gapMark = '\x01'

// marked gives the mold as such a text.
func (m *mold) marked() (html []byte, gaps []gap) {
	if len(m.gaps) == 0 {
		return m.text[0], nil
	}
	m.each(func(text []byte) { html = append(html, text...) }, func(g gap) {
		html = append(strconv.AppendInt(append(html, gapMark), int64(len(gaps)), 10), gapMark)
		gaps = append(gaps, g)
	})
	return html, gaps
}

// unmarked makes a mold of such a text, which may have fewer gaps than it had, or the same ones more than once.
func unmarked(html []byte, gaps []gap) *mold {
	m := &mold{}
	for {
		before, rest, found := bytes.Cut(html, []byte{gapMark})
		m.text = append(m.text, before)
		if !found {
			return m
		}
		number, after, _ := bytes.Cut(rest, []byte{gapMark})
		i, _ := strconv.Atoi(string(number)) // written by marked
		m.gaps, html = append(m.gaps, gaps[i]), after
	}
}
