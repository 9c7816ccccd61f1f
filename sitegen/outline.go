package sitegen

import (
	"bytes"
	"html"
	"html/template"
	"strconv"
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

// outline is the table of contents of a long text. It is made with the text, once for all shops that share it.
func (f framer) outline(l *localePages, p *leaf) (*mold, error) {
	html, gaps := p.body.marked()
	list := headingsOf(html)
	if len(list) < fewestHeadings {
		return nil, nil
	}
	m, err := f.part("contents.html", l.tag, tableOfContents{list, f.common(l).text})
	if err != nil {
		return nil, err
	}
	return unmarked(m.text[0], gaps), nil
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
