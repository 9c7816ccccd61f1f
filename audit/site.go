package audit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"sync"
)

// URL searches one page, all pages of a sitemap, or, with Options.Crawl, those a page leads to. Only
// the host of the address (with or without "www.") is asked, a few requests at a time, with a pause
// between them. The page or sitemap that is named is fetched in any case; for all others robots.txt
// is obeyed.
//
// The error is for the first address; entries that fail are said in the report. A nil client is
// http.DefaultClient.
func URL(ctx context.Context, client *http.Client, address string, o Options) (*Report, error) {
	start, err := url.Parse(address)
	if err != nil || start.Host == "" || start.Scheme != "http" && start.Scheme != "https" {
		return nil, fmt.Errorf("audit %q: not a web address; write it like https://shop.example/sitemap.xml", address)
	}
	s := newSite(client, start, o.filled())
	ctx, cancel := context.WithTimeoutCause(ctx, s.Time, fmt.Errorf("the %s for one site were over", s.Time))
	defer cancel()
	if a, ok := s.allowed(start.Path, address); ok {
		s.report.allow(address, a)
		return &s.report, nil
	}
	first, err := s.fetch(ctx, address)
	if err != nil {
		return nil, fmt.Errorf("audit %q: %w", address, err)
	}
	s.searchFrom(ctx, address, first)
	s.report.Sort()
	return &s.report, nil
}

func (s *site) searchFrom(ctx context.Context, address string, first page) {
	s.seen[withoutFragment(address)] = true
	switch {
	case first.sitemap != nil:
		s.obey(ctx)
		s.searchAll(ctx, s.bounded(address, s.entries(ctx, address, first.sitemap)))
	case s.Crawl:
		s.obey(ctx)
		s.crawl(ctx, address, first)
	default:
		s.report.Add(s.search(ctx, address, first))
	}
}

type site struct {
	Options
	client  *http.Client
	host    string
	seen    map[string]bool // addresses
	robots  robots
	patient patience

	mu     sync.Mutex // guards report
	report Report
}

func newSite(client *http.Client, start *url.URL, o Options) *site {
	if client == nil {
		client = http.DefaultClient
	}
	own := *client
	s := &site{Options: o, client: &own, host: hostOf(start), seen: map[string]bool{}}
	s.robots.start = start
	own.CheckRedirect = s.followed
	return s
}

func hostOf(u *url.URL) string {
	return strings.TrimPrefix(strings.ToLower(u.Host), "www.")
}

var errMoved = errors.New("the page moved to another host; audit that address instead")

const mostRedirects = 10

func (s *site) followed(next *http.Request, before []*http.Request) error {
	switch {
	case hostOf(next.URL) != s.host:
		return errMoved
	case len(before) >= mostRedirects:
		return fmt.Errorf("stopped after %d redirects", mostRedirects)
	case !s.robots.allow(next.URL):
		return errors.New("the page moved to one that robots.txt asks not to fetch")
	}
	return nil
}

func withoutFragment(address string) string {
	address, _, _ = strings.Cut(strings.TrimSpace(address), "#")
	return address
}

// bounded drops repeats, other hosts, allowed pages, and what is above the limit.
func (s *site) bounded(address string, pages []string) []string {
	var kept []string
	for _, p := range pages {
		p = withoutFragment(p)
		if !s.seen[p] && s.admits(p) {
			kept = append(kept, p)
		}
		s.seen[p] = true
	}
	if over := len(kept) - s.Pages; over > 0 {
		s.report.skip(address, Large, fmt.Sprintf("only the first %d pages; %d more are listed", s.Pages, over))
		kept = kept[:s.Pages]
	}
	return kept
}

// admits says in the report why an entry is not fetched.
func (s *site) admits(address string) bool {
	address = strings.TrimSpace(address)
	u, err := url.Parse(address)
	if err != nil || hostOf(u) != s.host || u.Scheme != "http" && u.Scheme != "https" {
		s.report.skip(address, Foreign, "not on "+s.host)
		return false
	}
	if a, ok := s.allowed(u.Path, address); ok {
		s.report.allow(address, a)
		return false
	}
	if !s.robots.allow(u) {
		s.report.skip(address, Robots, "robots.txt asks not to fetch it")
		return false
	}
	return true
}

func (s *site) searchAll(ctx context.Context, addresses []string) {
	s.fetchAll(ctx, addresses, func(_ int, address string, p page) {
		r := s.search(ctx, address, p) // outside the lock: it is what takes the time
		s.mu.Lock()
		defer s.mu.Unlock()
		s.report.Add(r)
	})
}

// fetchAll fetches a few pages at a time and hands over those that came.
func (s *site) fetchAll(ctx context.Context, addresses []string, got func(i int, address string, p page)) {
	queue := make(chan int)
	var workers sync.WaitGroup
	for range min(s.Parallel, len(addresses)) {
		workers.Go(func() {
			for i := range queue {
				if p, err := s.fetch(ctx, addresses[i]); err != nil {
					s.failed(addresses[i], err)
				} else {
					got(i, addresses[i], p)
				}
				_ = wait(ctx, s.Pause) // cut short by the end of the time, which the next fetch reports
			}
		})
	}
	for i := range addresses {
		queue <- i
	}
	close(queue)
	workers.Wait()
}

func (s *site) failed(address string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.report.skip(address, Failed, err.Error())
}

// search looks through what came back, by its content: shops serve PDFs as anything.
func (s *site) search(ctx context.Context, address string, p page) *Report {
	read := readerOf(p.data)
	media, _, _ := mime.ParseMediaType(p.contentType)
	switch {
	case read != nil && p.whole:
		return searchDocument(ctx, address, p.data, read)
	case !p.whole:
		return skipped(address, Large, largerThan(s.limit(p.contentType, address)))
	case media == "application/pdf":
		return skipped(address, Failed, "could not be read: this is not a PDF")
	}
	text, ok := utf8Text(p.data, p.contentType)
	if !ok || strings.HasPrefix(media, "image/") && media != "image/svg+xml" || bytes.HasPrefix(p.data, []byte("PK\x03\x04")) {
		return skipped(address, Binary, "not a text")
	}
	var r Report
	r.scan(address, text)
	return &r
}
