package sitegen

import (
	"bytes"
	"cmp"
	"fmt"
	"html"
	"net/url"
	"path"
	"slices"
	"strings"
)

// laterFiles are put beside the pages by others.
var laterFiles = []string{"recourse.js"}

// document is what a page, or a part of one, offers to links and asks of others.
type document struct {
	ids   []string
	links []string
	refs  []string // ids that labels and descriptions name
}

// readDocument collects ids and links. It reads HTML as we write it: < begins a tag, and all values are in double
// quotes.
func readDocument(page []byte) *document {
	d := &document{}
	for {
		i := bytes.IndexByte(page, '<')
		if i < 0 {
			return d
		}
		page = page[i+1:]
		for {
			i := bytes.IndexAny(page, `>"`)
			if i < 0 || page[i] == '>' {
				break
			}
			end := bytes.IndexByte(page[i+1:], '"')
			if end < 0 {
				return d
			}
			d.note(attributeName(page[:i]), page[i+1:i+1+end])
			page = page[i+end+2:]
		}
	}
}

// attributeName is the last word before the value, without its =.
func attributeName(before []byte) string {
	before = bytes.TrimSuffix(before, []byte("="))
	return string(before[bytes.LastIndexAny(before, " \n\t")+1:])
}

func (d *document) note(attribute string, raw []byte) {
	value := string(raw)
	if strings.Contains(value, "&") {
		value = html.UnescapeString(value)
	}
	switch attribute {
	case "id":
		d.ids = append(d.ids, value)
	case "href", "src":
		d.links = append(d.links, value)
	case "for", "aria-labelledby", "aria-describedby":
		d.refs = append(d.refs, strings.Fields(value)...)
	}
}

// linkCheck follows links between the files of a site: file and anchor must be there.
type linkCheck struct {
	site  Site
	homes []*url.URL           // where the files are published, that of the shop first
	of    map[string]*url.URL  // locale -> its home
	files map[string]*document // what is in their pages; nil for what has no ids to link to
}

func newLinks(site Site, locales []*localePages, others ...string) (*linkCheck, error) {
	c := &linkCheck{site: site, of: map[string]*url.URL{}, files: map[string]*document{"index.html": nil, sitemapFile: nil, "robots.txt": nil}}
	for _, address := range site.Shop.Homes() {
		home, err := url.Parse(address)
		if err != nil {
			return nil, fmt.Errorf("check the links: pages cannot be published at %q: %w", address, err)
		}
		c.homes = append(c.homes, home)
		for _, l := range locales {
			if l.facts.Shop.Publish == address {
				c.of[l.tag] = home
			}
		}
	}
	for _, name := range slices.Concat(others, laterFiles) {
		c.files[name] = nil
	}
	for _, l := range locales {
		for name := range l.notices.files {
			c.files[name] = nil
		}
		c.files[l.file(overviewPage)] = nil // unless the shop has a page of that name
		for _, p := range l.pages {
			c.files[l.file(p.name)] = p.doc
		}
	}
	return c, nil
}

// check follows the links of a page's text, and those of the frame around it.
func (c *linkCheck) check(file string, around *frame, doc *document) []error {
	errs := around.check(c, file)
	ids := map[string]bool{}
	for _, id := range slices.Concat(around.doc.ids, doc.ids) {
		if ids[id] {
			errs = append(errs, fmt.Errorf("check %s: the id %q is there twice", file, id))
		}
		ids[id] = true
	}
	for _, id := range doc.refs {
		if !ids[id] {
			errs = append(errs, fmt.Errorf("check %s: an element is described by #%s, which is not on the page", file, id))
		}
	}
	for _, link := range doc.links {
		if problem := c.follow(file, link, ids); problem != "" {
			errs = append(errs, c.site.deadLink(file, link, problem))
		}
	}
	return errs
}

// check follows the links of a frame. All pages in it are linked alike, but for the start page, which lies higher.
func (f *frame) check(c *linkCheck, file string) []error {
	depth := min(strings.Count(file, "/"), len(f.checked)-1)
	f.checked[depth].Do(func() { f.errs[depth] = f.follow(c, file) })
	return slices.Clone(f.errs[depth])
}

func (f *frame) follow(c *linkCheck, file string) (errs []error) {
	ids := map[string]bool{}
	for _, id := range f.doc.ids {
		ids[id] = true
	}
	for _, id := range f.doc.refs {
		if !ids[id] {
			errs = append(errs, fmt.Errorf("check the layout of %s: an element is described by #%s, which is not there", file, id))
		}
	}
	filled := pathSlots(file)
	for _, link := range f.doc.links {
		link = slots.ReplaceAllStringFunc(link, func(s string) string { return filled[s] })
		if problem := c.follow(file, link, ids); problem != "" {
			errs = append(errs, c.site.deadLink(file, link, problem))
		}
	}
	return errs
}

// pathSlots are those slots of a page that are parts of addresses.
func pathSlots(file string) map[string]string {
	depth := strings.Count(file, "/")
	filled := map[string]string{slot("home"): "./", slot("root"): strings.Repeat("../", depth), slot("path"): ""}
	if depth > 1 {
		_, rest, _ := strings.Cut(file, "/")
		filled[slot("home")], filled[slot("path")] = "../", path.Dir(rest)+"/"
	}
	return filled
}

// distinct keeps the first of errors that say the same: one content file is the page of many locales.
func distinct(errs []error) (kept []error) {
	said := map[string]bool{}
	for _, err := range errs {
		if err == nil || said[err.Error()] {
			continue
		}
		said[err.Error()] = true
		kept = append(kept, err)
	}
	return kept
}

// homeOf is where a file is published: that of a locale where the locale is, any other where the shop is.
func (c *linkCheck) homeOf(file string) *url.URL {
	tag, _, _ := strings.Cut(file, "/")
	return cmp.Or(c.of[tag], c.homes[0])
}

func (c *linkCheck) address(file string) *url.URL { return c.homeOf(file).JoinPath(file) }

// follow says what is wrong with a link, nothing if it leads somewhere or out of the site.
func (c *linkCheck) follow(file, link string, ids map[string]bool) string {
	if anchor, here := strings.CutPrefix(link, "#"); here && anchor != "" && !strings.Contains(anchor, "%") {
		return missing(ids[anchor])
	}
	if strings.HasPrefix(link, markStart) {
		return "" // whether it is an address is seen when it is filled in
	}
	if c.leads(file, link) {
		return ""
	}
	target, err := url.Parse(link)
	if err != nil {
		return "is not an address"
	}
	full := c.address(file).ResolveReference(target)
	home := c.home(full)
	if home == nil {
		return leaving(target)
	}
	to := fileBelow(home, full)
	doc, ok := c.files[to]
	if !ok {
		return "leads to no page"
	}
	if tag, _, _ := strings.Cut(to, "/"); c.of[tag] != nil && c.of[tag] != home {
		return "leads to a page that is published on another domain"
	}
	return missing(target.Fragment == "" || doc != nil && slices.Contains(doc.ids, target.Fragment))
}

// leads reports whether a plain link ("../returns/#s-cost") leads to a page of the same locale: nearly all do, and addresses
// take long to read. Of others, and of dead ones, it knows nothing.
func (c *linkCheck) leads(file, link string) bool {
	target, anchor, _ := strings.Cut(link, "#")
	if strings.HasPrefix(target, "/") || strings.ContainsAny(target, `:?%\`) || strings.Contains(anchor, "%") {
		return false
	}
	to := path.Join(path.Dir(file), target)
	if target == "" || strings.HasSuffix(target, "/") {
		to += "/index.html"
	}
	if tag, _, _ := strings.Cut(file, "/"); !strings.HasPrefix(to, tag+"/") {
		return false
	}
	doc, ok := c.files[to]
	return ok && (anchor == "" || doc != nil && slices.Contains(doc.ids, anchor))
}

func missing(there bool) string {
	if there {
		return ""
	}
	return "leads to no heading or field on that page"
}

// home is that of our addresses below which a link leads, nil where it leads elsewhere. One may lie below another: the longest
// is meant.
func (c *linkCheck) home(full *url.URL) (found *url.URL) {
	for _, home := range c.homes {
		if full.Scheme == home.Scheme && full.Host == home.Host && strings.HasPrefix(full.Path, home.Path) && (found == nil || len(home.Path) > len(found.Path)) {
			found = home
		}
	}
	return found
}

// leaving says what is wrong with a link that leaves the site. A relative one is taken for one of ours, and a dead one: nobody
// knows where dist will lie.
func leaving(target *url.URL) string {
	if target.Host == "" && target.Scheme == "" {
		return "leads to no page"
	}
	return ""
}

// fileBelow is the file of an address below home.
func fileBelow(home, full *url.URL) string {
	file := strings.TrimPrefix(full.Path, home.Path)
	if file == "" || strings.HasSuffix(file, "/") {
		file += "index.html"
	}
	return path.Clean(file)
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
