package sitegen

import (
	"bytes"
	"cmp"
	"html"
	"io/fs"
	"net/url"
	"path"
	"slices"
	"strings"

	nethtml "golang.org/x/net/html"

	"recourse/remember"
)

// External is an address elsewhere in the web that a page leads to.
type External struct {
	Address string
	Page    string // the content file of the page: "en/disputes.md"; empty: that where people choose a language
	Words   bool   // it may be made of words of the shop's file
}

// Externals finds the addresses of many shops: once for those that differ in words only.
type Externals struct {
	known remember.Values[*molds, []External]
}

// Of lists the addresses that the pages and notices of a shop lead to, each once for a content file. Those of old versions are left
// out: nobody may change these.
func (x *Externals) Of(p *Print) (list []External, err error) {
	raw, _ := x.known.Get(p.molds, mostMolds, func() ([]External, error) { return p.molds.links(), nil })
	f, homes := newFiller(p.words), p.site.Shop.Homes()
	for _, e := range raw {
		if e.Words = len(p.words.list) == 0; strings.Contains(e.Address, markStart) {
			e.Words = true
			if e.Address, err = f.link(e.Address); err != nil {
				return nil, err
			}
		}
		if isOverview(p.site.Content, e.Page) {
			continue
		}
		if e.leavesFrom(homes) && !slices.Contains(list, e) {
			list = append(list, e)
		}
	}
	return list, nil
}

// isOverview reports whether a page is made of others and has no file: what it holds is in theirs.
func isOverview(content fs.FS, page string) bool {
	if path.Base(page) != overviewPage+".md" {
		return false
	}
	_, err := fs.Stat(content, page)
	return err != nil
}

// leavesFrom makes the address whole and reports whether it is one of the web that lies below none of the homes.
func (e *External) leavesFrom(homes []string) bool {
	if strings.HasPrefix(e.Address, "//") {
		e.Address = "https:" + e.Address
	}
	below := func(home string) bool { return strings.HasPrefix(e.Address+"/", home) }
	ofWeb := strings.HasPrefix(strings.ToLower(e.Address), "http://") || strings.HasPrefix(strings.ToLower(e.Address), "https://")
	return ofWeb && !slices.ContainsFunc(homes, below)
}

// link fills words into a link as the page does.
func (f *filler) link(link string) (string, error) {
	page, err := f.fill(newMold("link.html", []byte(`<a href="`+html.EscapeString(link)+`">`)))
	if err != nil {
		return "", err
	}
	return readDocument(page).links[0], nil
}

// links lists all links, with marks for words, each once for a content file.
func (m *molds) links() (list []External) {
	seen := map[External]bool{}
	add := func(file *mold, page string) {
		for _, link := range targets(file.withMarks()) {
			if e := (External{Address: link, Page: page}); !seen[e] {
				seen[e] = true
				list = append(list, e)
			}
		}
	}
	for name, file := range m.files {
		if path.Base(name) == "index.html" {
			add(file, contentOf(name))
		}
	}
	for tag, notice := range m.notices {
		lang, _ := splitLocale(tag)
		add(notice, lang+"/"+disputesPage+".md")
	}
	return list
}

// contentOf is the content file of a page; empty for the page where people choose a language.
func contentOf(file string) string {
	tag, rest, below := strings.Cut(file, "/")
	if !below {
		return ""
	}
	lang, _ := splitLocale(tag)
	return lang + "/" + cmp.Or(strings.Trim(path.Dir(rest), "./"), indexPage) + ".md"
}

// withMarks is the file with marks where words belong.
func (m *mold) withMarks() (file []byte) {
	m.each(func(text []byte) { file = append(file, text...) }, func(g gap) { file = append(file, mark(g.word)...) })
	return file
}

// targets lists where a page leads, and what it loads. Hosts that browsers are told to be ready for need not have a page.
func targets(page []byte) (links []string) {
	for z := nethtml.NewTokenizer(bytes.NewReader(page)); ; {
		switch z.Next() {
		case nethtml.ErrorToken:
			return links
		case nethtml.StartTagToken, nethtml.SelfClosingTagToken:
			t := z.Token()
			if t.Data == "link" && slices.ContainsFunc(t.Attr, isHint) {
				continue
			}
			for _, a := range t.Attr {
				if a.Key == "href" || a.Key == "src" {
					links = append(links, a.Val)
				}
			}
		}
	}
}

func isHint(a nethtml.Attribute) bool {
	return a.Key == "rel" && slices.Contains([]string{"preconnect", "dns-prefetch"}, strings.ToLower(a.Val))
}

// Written lists where an address is written: in the text of its page, in strings of that language, in layouts of the shop. The
// faults have places and no problem yet.
func (e External) Written(content fs.FS) (places []*Fault) {
	tables, _ := fs.Glob(content, path.Dir(e.Page)+"/*.toml") // these patterns are well formed
	layouts, _ := fs.Glob(content, layoutPattern)
	for _, file := range slices.Concat([]string{e.Page}, tables, layouts) {
		source, err := readContent(content, file)
		if err != nil {
			continue
		}
		for _, at := range occurrences(source, e.Address) {
			line, column := position(source, at)
			places = append(places, &Fault{File: file, Line: line, Column: column, Text: e.Address})
		}
	}
	return places
}

// occurrences finds an address, not those that go on after it, also as it is written before Markdown and HTML are read.
func occurrences(source []byte, address string) (at []int) {
	forms := []string{address}
	if plain, err := url.PathUnescape(address); err == nil {
		forms = append(forms, plain)
	}
	forms = append(forms, html.EscapeString(address))
	for _, form := range slices.Compact(forms) {
		for from := 0; ; {
			i := bytes.Index(source[from:], []byte(form))
			if i < 0 {
				break
			}
			i, from = from+i, from+i+len(form)
			if (from == len(source) || bytes.IndexByte([]byte(" \t\n)>\"'"), source[from]) >= 0) && !slices.Contains(at, i) {
				at = append(at, i)
			}
		}
	}
	return at
}
