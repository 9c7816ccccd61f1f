package sitegen

import (
	"encoding/xml"
	"fmt"
)

// sitemap lists all pages with their versions in other locales, as search engines read it.
func (s Site) sitemap(locales []*localePages) ([]byte, error) {
	set := urlSet{Namespace: "http://www.sitemaps.org/schemas/sitemap/0.9", XHTML: "http://www.w3.org/1999/xhtml"}
	versions := map[string][]siteLink{}
	for _, l := range locales {
		for _, p := range l.pages {
			versions[p.name] = append(versions[p.name], siteLink{"alternate", l.tag, s.address(l.tag, p.name)})
		}
	}
	for _, l := range locales {
		for _, p := range l.pages {
			set.URLs = append(set.URLs, siteURL{s.address(l.tag, p.name), versions[p.name]})
		}
	}
	data, err := xml.MarshalIndent(set, "", " ")
	if err != nil {
		return nil, fmt.Errorf("write sitemap.xml: %w", err)
	}
	return append([]byte(xml.Header), append(data, '\n')...), nil
}

// address is where a page is published.
func (s Site) address(tag, name string) string { return s.Shop.Publish + tag + "/" + folder(name) }

type urlSet struct {
	XMLName   xml.Name  `xml:"urlset"`
	Namespace string    `xml:"xmlns,attr"`
	XHTML     string    `xml:"xmlns:xhtml,attr"`
	URLs      []siteURL `xml:"url"`
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
