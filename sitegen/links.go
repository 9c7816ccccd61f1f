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
	ids   map[string]bool
	links []string
	refs  []string // ids that labels and descriptions name
}

// checkLinks follows every internal link of every page: file and anchor must be there.
func (s Site) checkLinks(files map[string][]byte) error {
	documents := map[string]document{}
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if !strings.HasSuffix(name, ".html") {
			continue
		}
		doc, err := readDocument(files[name])
		if err != nil {
			errs = append(errs, fmt.Errorf("check %s: %w", name, err))
		}
		documents[name] = doc
	}
	for _, name := range slices.Sorted(maps.Keys(documents)) {
		for _, link := range documents[name].links {
			if problem := s.follow(name, link, files, documents); problem != "" {
				errs = append(errs, s.deadLink(name, link, problem))
			}
		}
		for _, id := range documents[name].refs {
			if !documents[name].ids[id] {
				errs = append(errs, fmt.Errorf("check %s: an element is described by #%s, which is not on the page", name, id))
			}
		}
	}
	return errors.Join(errs...)
}

// readDocument collects ids and links. An id that is there twice is an error.
func readDocument(page []byte) (document, error) {
	doc := document{ids: map[string]bool{}}
	z := html.NewTokenizer(bytes.NewReader(page))
	var errs []error
	for {
		switch z.Next() {
		case html.ErrorToken:
			return doc, errors.Join(errs...)
		case html.StartTagToken, html.SelfClosingTagToken:
			for _, a := range z.Token().Attr {
				if a.Key == "id" && doc.ids[a.Val] {
					errs = append(errs, fmt.Errorf("the id %q is there twice", a.Val))
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
		d.links = append(d.links, value)
	case "for", "aria-labelledby", "aria-describedby":
		d.refs = append(d.refs, strings.Fields(value)...)
	}
}

// follow says what is wrong with a link, nothing if it leads somewhere or out of the site.
func (s Site) follow(from, link string, files map[string][]byte, documents map[string]document) string {
	target, err := url.Parse(link)
	if err != nil {
		return "is not an address"
	}
	file, internal := s.resolve(from, target)
	if !internal {
		return ""
	}
	if _, ok := files[file]; !ok && !slices.Contains(laterFiles, file) {
		return "leads to no page"
	}
	if target.Fragment != "" && !documents[file].ids[target.Fragment] {
		return "leads to no heading or field on that page"
	}
	return ""
}

// resolve gives the file a link leads to, and whether it is one of ours. A path above dist is somebody else's only when
// it is an address.
func (s Site) resolve(from string, target *url.URL) (file string, internal bool) {
	home, err := url.Parse(s.Shop.Publish)
	if err != nil {
		return "", false
	}
	page := home.JoinPath(from)
	full := page.ResolveReference(target)
	if full.Host != home.Host || full.Scheme != home.Scheme {
		return "", false
	}
	file, below := strings.CutPrefix(full.Path, home.Path)
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
