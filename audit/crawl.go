package audit

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"path"
	"strings"

	"golang.org/x/net/html"
)

// crawl searches a page, then those it leads to on the same site, then those they lead to: level by
// level, so that the limit of pages cuts off the farthest, and the same ones each time.
func (s *site) crawl(ctx context.Context, address string, first page) {
	s.report.Add(s.search(ctx, address, first))
	next := s.follow(links(first))
	for left := s.Pages - 1; len(next) > 0; {
		if len(next) > left {
			s.report.skip(address, Large, fmt.Sprintf("only the first %d pages; there are more", s.Pages))
			s.level(ctx, next[:left])
			return
		}
		left -= len(next)
		next = s.follow(s.level(ctx, next))
	}
}

// level searches pages and gives the links on them, in the order of the pages.
func (s *site) level(ctx context.Context, addresses []string) (all []string) {
	found := make([][]string, len(addresses))
	s.fetchAll(ctx, addresses, func(i int, address string, p page) {
		found[i] = links(p)
		r := s.search(ctx, address, p)
		s.mu.Lock()
		defer s.mu.Unlock()
		s.report.Add(r)
	})
	for _, list := range found {
		all = append(all, list...)
	}
	return all
}

// follow keeps the links to new pages of the site. Links elsewhere are no news and are not reported.
func (s *site) follow(targets []string) (pages []string) {
	for _, target := range targets {
		u, err := url.Parse(target)
		if err != nil || hostOf(u) != s.host || s.seen[target] || binaries[strings.ToLower(path.Ext(u.Path))] {
			continue
		}
		s.seen[target] = true
		if s.admits(target) {
			pages = append(pages, target)
		}
	}
	return pages
}

// linkAttributes lead to pages; pictures and scripts are not followed.
var linkAttributes = map[string]string{"a": "href", "area": "href", "iframe": "src", "frame": "src"}

// links lists where a page leads, as whole addresses without fragments.
func links(p page) (targets []string) {
	base := p.address
	page := html.NewTokenizer(bytes.NewReader(p.data))
	for {
		switch page.Next() {
		case html.ErrorToken:
			return targets
		case html.StartTagToken, html.SelfClosingTagToken:
			token := page.Token()
			if token.Data == "base" {
				base = join(base, valueOf(token, "href"), base)
			}
			if name := linkAttributes[token.Data]; name != "" {
				if u := join(base, valueOf(token, name), nil); u != nil {
					targets = append(targets, u.String())
				}
			}
		}
	}
}

// join resolves a link; otherwise for one that leads to no page.
func join(base *url.URL, link string, otherwise *url.URL) *url.URL {
	u, err := base.Parse(strings.TrimSpace(link))
	if err != nil || link == "" || u.Scheme != "http" && u.Scheme != "https" {
		return otherwise
	}
	u.Fragment, u.RawFragment = "", ""
	if u.Path == "" {
		u.Path = "/"
	}
	return u
}

func valueOf(t html.Token, name string) string {
	for _, a := range t.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
