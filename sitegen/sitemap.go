package sitegen

import (
	"encoding/xml"
	"fmt"
	"slices"

	"recourse/shop"
)

const sitemapFile = "sitemap.xml"

// sitemaps list all pages with their versions in other locales, as search engines read it. A sitemap speaks for what lies below
// it (https://www.sitemaps.org/protocol.html#location), so that of a locale with a domain of its own lies beside its pages:
// it then holds whichever domains serve the files and their robots.txt.
func (s Site) sitemaps(locales []*localePages) (map[string]*mold, error) {
	sets := map[string]*urlSet{sitemapFile: {}}
	all := map[string][]siteLink{}
	for _, l := range locales {
		for _, p := range l.pages {
			all[p.name] = append(all[p.name], siteLink{"alternate", l.tag, s.address(l.tag, p.name)})
		}
	}
	for _, l := range locales {
		file := sitemapFile
		if s.apart(l.tag) {
			file = l.tag + "/" + sitemapFile
			sets[file] = &urlSet{}
		}
		set := sets[file]
		named := map[string]bool{}
		for _, other := range locales {
			named[other.tag] = akin(len(locales), l, other)
		}
		for _, p := range l.pages {
			versions := all[p.name]
			if len(locales) > mostLocalesNamed {
				versions = slices.DeleteFunc(slices.Clone(versions), func(v siteLink) bool { return !named[v.Tag] })
			}
			set.URLs = append(set.URLs, siteURL{s.address(l.tag, p.name), versions})
		}
	}
	if first := sets[sitemapFile]; len(first.URLs) == 0 { // every locale is elsewhere
		first.URLs = []siteURL{{Location: s.Shop.Publish}}
	}
	files := map[string]*mold{}
	for file, set := range sets {
		data, err := set.write()
		if err != nil {
			return nil, fmt.Errorf("write %s: %w", file, err)
		}
		files[file] = newMold(file, data)
	}
	return files, nil
}

// robots names all sitemaps: the same file is served on every domain.
func (s Site) robots(locales []*localePages) []byte {
	text := "User-agent: *\nAllow: /\nSitemap: " + s.Shop.Publish + sitemapFile + "\n"
	for _, l := range locales {
		if s.apart(l.tag) {
			text += "Sitemap: " + s.home(l.tag) + sitemapFile + "\n"
		}
	}
	return []byte(text)
}

// home is where the start page of a locale is published.
func (s Site) home(tag string) string { return shop.In(s.Shop, tag).Publish + tag + "/" }

// address is where a page is published.
func (s Site) address(tag, name string) string { return s.home(tag) + folder(name) }

// apart reports whether a locale is published at an address of its own.
func (s Site) apart(tag string) bool { return shop.In(s.Shop, tag).Publish != s.Shop.Publish }

type urlSet struct {
	XMLName   xml.Name  `xml:"urlset"`
	Namespace string    `xml:"xmlns,attr"`
	XHTML     string    `xml:"xmlns:xhtml,attr"`
	URLs      []siteURL `xml:"url"`
}

func (u urlSet) write() ([]byte, error) {
	u.Namespace, u.XHTML = "http://www.sitemaps.org/schemas/sitemap/0.9", "http://www.w3.org/1999/xhtml"
	data, err := xml.MarshalIndent(u, "", " ")
	return append([]byte(xml.Header), append(data, '\n')...), err
}

type siteURL struct {
	Location string     `xml:"loc"`
	Versions []siteLink `xml:"xhtml:link"`
}

type siteLink struct {
	Rel  string `xml:"rel,attr"`
	Tag  string `xml:"hreflang,attr"`
	Href string `xml:"href,attr"`
}
