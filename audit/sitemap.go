package audit

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

// A sitemap lists pages, or further sitemaps (sitemaps.org).
type sitemap struct {
	XMLName xml.Name
	Pages   []string `xml:"url>loc"`
	Nested  []string `xml:"sitemap>loc"`
}

// parseSitemap knows a sitemap by its root element, wherever it is served; nil for anything else.
func parseSitemap(data []byte) *sitemap {
	if head := data[:min(len(data), 4096)]; !bytes.Contains(head, []byte("<urlset")) && !bytes.Contains(head, []byte("<sitemapindex")) {
		return nil // spares ordinary pages the XML parser
	}
	var m sitemap
	text, ok := utf8Text(data, "")
	decoder := xml.NewDecoder(bytes.NewReader(text))
	decoder.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil } // decoded above
	if !ok || decoder.Decode(&m) != nil || m.XMLName.Local != "urlset" && m.XMLName.Local != "sitemapindex" {
		return nil
	}
	return &m
}

// mostSitemaps bounds an index that lists sitemaps.
const mostSitemaps = 100

// entries lists the pages of a sitemap and of those it names. Sitemaps named by these in turn are
// not in the protocol and are left alone.
func (s *site) entries(ctx context.Context, address string, m *sitemap) []string {
	nested := m.Nested
	if len(nested) > mostSitemaps {
		s.report.skip(address, Large, fmt.Sprintf("only the first %d of its %d sitemaps", mostSitemaps, len(nested)))
		nested = nested[:mostSitemaps]
	}
	var admitted []string
	for _, n := range nested {
		if s.admits(n) {
			admitted = append(admitted, strings.TrimSpace(n))
		}
	}
	lists := make([][]string, len(admitted))
	s.fetchAll(ctx, admitted, func(i int, address string, p page) {
		if p.sitemap == nil {
			s.failed(address, fmt.Errorf("this is not a sitemap"))
			return
		}
		lists[i] = p.sitemap.Pages
	})
	pages := m.Pages
	for _, list := range lists {
		pages = append(pages, list...)
	}
	return pages
}
