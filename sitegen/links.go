package sitegen

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"path"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// laterFiles are put beside the pages by others.
var laterFiles = []string{"recourse.js"}

// document is what one page offers to links and asks of others.
type document struct {
	name  string
	ids   map[string]bool
	links map[string]bool
	refs  []string // ids that labels and descriptions name
}

// linkCheck follows links between the files of a site.
type linkCheck struct {
	site      Site
	home      *url.URL // where the files are published
	files     map[string][]byte
	documents map[string]*document
}

// checkLinks follows every internal link of every page: file and anchor must be there.
func (s Site) checkLinks(files map[string][]byte) error {
	home, err := url.Parse(s.Shop.Publish)
	if err != nil {
		return fmt.Errorf("check the links: publish = %q is not an address: %w", s.Shop.Publish, err)
	}
	c := linkCheck{s, home, files, map[string]*document{}}
	var names []string
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if strings.HasSuffix(name, ".html") {
			names = append(names, name)
		}
	}
	documents, errs := make([]*document, len(names)), make([][]error, 2*len(names))
	atOnce(len(names), func(i int) { documents[i], errs[i] = readDocument(names[i], files[names[i]]) })
	for _, doc := range documents {
		c.documents[doc.name] = doc
	}
	atOnce(len(names), func(i int) { errs[len(names)+i] = c.check(documents[i]) })
	return errors.Join(distinct(slices.Concat(errs...))...)
}

// distinct keeps the first of errors that say the same: one content file is the page of many locales.
func distinct(errs []error) (kept []error) {
	said := map[string]bool{}
	for _, err := range errs {
		if text := err.Error(); !said[text] {
			said[text] = true
			kept = append(kept, err)
		}
	}
	return kept
}

func (c linkCheck) check(doc *document) (errs []error) {
	page := c.home.JoinPath(doc.name)
	for _, link := range slices.Sorted(maps.Keys(doc.links)) {
		if problem := c.follow(page, link); problem != "" {
			errs = append(errs, c.site.deadLink(doc.name, link, problem))
		}
	}
	for _, id := range doc.refs {
		if !doc.ids[id] {
			errs = append(errs, fmt.Errorf("check %s: an element is described by #%s, which is not on the page", doc.name, id))
		}
	}
	return errs
}

// readDocument collects ids and links. An id that is there twice is an error.
func readDocument(name string, page []byte) (doc *document, errs []error) {
	doc = &document{name: name, ids: map[string]bool{}, links: map[string]bool{}}
	z := html.NewTokenizer(bytes.NewReader(page))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return doc, errs
		case html.StartTagToken, html.SelfClosingTagToken:
			for _, a := range z.Token().Attr {
				if a.Key == "id" && doc.ids[a.Val] {
					errs = append(errs, fmt.Errorf("check %s: the id %q is there twice", name, a.Val))
				}
				doc.note(a.Key, a.Val)
			}
		}
	}
}

func (d *document) note(attribute, value string) {
	switch attribute {
	case "id":
		d.ids[value] = true
	case "href", "src":
		d.links[value] = true
	case "for", "aria-labelledby", "aria-describedby":
		d.refs = append(d.refs, strings.Fields(value)...)
	}
}

// follow says what is wrong with a link, nothing if it leads somewhere or out of the site.
func (c linkCheck) follow(page *url.URL, link string) string {
	target, err := url.Parse(link)
	if err != nil {
		return "is not an address"
	}
	file, internal := c.resolve(page, target)
	if !internal {
		return ""
	}
	if _, ok := c.files[file]; !ok && !slices.Contains(laterFiles, file) {
		return "leads to no page"
	}
	if doc := c.documents[file]; target.Fragment != "" && (doc == nil || !doc.ids[target.Fragment]) {
		return "leads to no heading or field on that page"
	}
	return ""
}

// resolve gives the file a link leads to, and whether it is one of ours. A relative link that leaves dist is taken for
// one of ours, and a dead one: nobody knows where dist will lie.
func (c linkCheck) resolve(page, target *url.URL) (file string, internal bool) {
	full := page.ResolveReference(target)
	if full.Host != c.home.Host || full.Scheme != c.home.Scheme {
		return "", false
	}
	file, below := strings.CutPrefix(full.Path, c.home.Path)
	if !below {
		return full.Path, target.Host == ""
	}
	if file == "" || strings.HasSuffix(file, "/") {
		file += "index.html"
	}
	return path.Clean(file), true
}

// deadLink says where a link stands: in the content file if it is written there.
func (s Site) deadLink(name, link, problem string) error {
	tag, rest, _ := strings.Cut(name, "/")
	lang, _ := splitLocale(tag)
	file := lang + "/" + path.Dir(rest) + ".md"
	if rest == "index.html" {
		file = lang + "/" + indexPage + ".md"
	}
	source, err := readContent(s.Content, file)
	if err == nil {
		if i := bytes.Index(source, []byte("("+link)); i >= 0 {
			line, column := position(source, i+1)
			return &Fault{file, line, column, link, "the link " + problem, `name pages with {{url "page"}} and anchors by the id in the page made`}
		}
	}
	return fmt.Errorf("check %s: the link %q %s", name, link, problem)
}
