package audit

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

// URL searches one page, or all pages of a sitemap. Only the host of the address (with or without
// "www.") is asked, a few requests at a time, with a pause between them; a server that asks for
// patience (429, 503) gets it once. robots.txt is not read: it speaks to crawlers that find their
// own way, and here the owner names the pages.
//
// The error is for the first address; entries that fail are said in the report. A nil client is
// http.DefaultClient.
func URL(ctx context.Context, client *http.Client, address string, o Options) (*Report, error) {
	start, err := url.Parse(address)
	if err != nil || start.Host == "" || start.Scheme != "http" && start.Scheme != "https" {
		return nil, fmt.Errorf("audit %q: not a web address; write it like https://shop.example/sitemap.xml", address)
	}
	s := newSite(client, start, o.filled())
	ctx, cancel := context.WithTimeout(ctx, s.Time)
	defer cancel()
	if pattern, ok := s.allowed(start.Path, address); ok {
		s.report.skip(address, Allowed, fmt.Sprintf("allowed by %q", pattern))
		return &s.report, nil
	}
	first, err := s.fetch(ctx, address)
	if err != nil {
		return nil, fmt.Errorf("audit %q: %w", address, err)
	}
	if first.sitemap == nil {
		s.search(address, first)
		return &s.report, nil
	}
	s.searchAll(ctx, s.entries(ctx, address, first.sitemap))
	s.report.Sort()
	return &s.report, nil
}

type site struct {
	Options
	client *http.Client
	host   string
	mu     sync.Mutex // guards report
	report Report
}

func newSite(client *http.Client, start *url.URL, o Options) *site {
	if client == nil {
		client = http.DefaultClient
	}
	own := *client
	s := &site{Options: o, client: &own, host: hostOf(start)}
	own.CheckRedirect = s.followed
	return s
}

func hostOf(u *url.URL) string {
	return strings.TrimPrefix(strings.ToLower(u.Host), "www.")
}

var errMoved = errors.New("the page moved to another host; audit that address instead")

func (s *site) followed(next *http.Request, before []*http.Request) error {
	switch {
	case hostOf(next.URL) != s.host:
		return errMoved
	case len(before) >= 10:
		return errors.New("stopped after 10 redirects")
	}
	return nil
}

// A page is what came back: a sitemap, or data to search.
type page struct {
	data        []byte
	contentType string
	sitemap     *sitemap
}

type sitemap struct {
	XMLName xml.Name
	Pages   []string `xml:"url>loc"`
	Nested  []string `xml:"sitemap>loc"`
}

const pageTime = 30 * time.Second

func (s *site) fetch(ctx context.Context, address string) (page, error) {
	ctx, cancel := context.WithTimeout(ctx, pageTime)
	defer cancel()
	response, err := s.get(ctx, address)
	if err != nil {
		return page{}, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return page{}, fmt.Errorf("the server answered %s", response.Status)
	}
	data, err := io.ReadAll(io.LimitReader(response.Body, s.Bytes+1))
	if err != nil {
		return page{}, err
	}
	data = s.gunzipped(data)
	return page{data, response.Header.Get("Content-Type"), parseSitemap(data)}, nil
}

// get asks once more if the server is busy and says when to come back.
func (s *site) get(ctx context.Context, address string) (*http.Response, error) {
	response, err := s.getOnce(ctx, address)
	if err != nil {
		return nil, err
	}
	busy := response.StatusCode == http.StatusTooManyRequests || response.StatusCode == http.StatusServiceUnavailable
	seconds, bad := strconv.Atoi(response.Header.Get("Retry-After"))
	if !busy || bad != nil || seconds > 20 {
		return response, nil
	}
	response.Body.Close()
	if err := wait(ctx, time.Duration(seconds)*time.Second); err != nil {
		return nil, err
	}
	return s.getOnce(ctx, address)
}

func (s *site) getOnce(ctx context.Context, address string) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("User-Agent", "recourse-audit (looks for links to the closed EU ODR platform)")
	response, err := s.client.Do(request)
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		err = wrapped.Err // the caller names the address
	}
	return response, err
}

func wait(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// gunzipped unpacks sitemap.xml.gz, up to the limit for one text; all else stays as it is.
func (s *site) gunzipped(data []byte) []byte {
	packed, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return data
	}
	plain, err := io.ReadAll(io.LimitReader(packed, s.Bytes+1))
	if err != nil {
		return data
	}
	return plain
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
	pages := m.Pages
	for i, nested := range m.Nested {
		if i == mostSitemaps {
			s.report.skip(address, Large, fmt.Sprintf("only the first %d of its %d sitemaps", i, len(m.Nested)))
			break
		}
		if !s.admits(nested) {
			continue
		}
		switch p, err := s.fetch(ctx, strings.TrimSpace(nested)); {
		case err != nil:
			s.report.skip(nested, Failed, err.Error())
		case p.sitemap == nil:
			s.report.skip(nested, Failed, "this is not a sitemap")
		default:
			pages = append(pages, p.sitemap.Pages...)
		}
	}
	return s.bounded(address, pages)
}

// bounded drops repeats, other hosts, allowed pages, and what is above the limit.
func (s *site) bounded(address string, pages []string) []string {
	var kept []string
	seen := map[string]bool{}
	for _, p := range pages {
		p, _, _ = strings.Cut(strings.TrimSpace(p), "#")
		if !seen[p] && s.admits(p) {
			kept = append(kept, p)
		}
		seen[p] = true
	}
	if over := len(kept) - s.Pages; over > 0 {
		s.report.skip(address, Large, fmt.Sprintf("only the first %d pages; %d more are listed", s.Pages, over))
		kept = kept[:s.Pages]
	}
	return kept
}

// admits says in the report why an entry is not fetched.
func (s *site) admits(address string) bool {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || hostOf(u) != s.host {
		s.report.skip(address, Foreign, "not on "+s.host)
		return false
	}
	if pattern, ok := s.allowed(u.Path, address); ok {
		s.report.skip(address, Allowed, fmt.Sprintf("allowed by %q", pattern))
		return false
	}
	return true
}

func (s *site) searchAll(ctx context.Context, addresses []string) {
	queue := make(chan string)
	var workers sync.WaitGroup
	for range min(s.Parallel, len(addresses)) {
		workers.Go(func() {
			for address := range queue {
				s.visit(ctx, address)
				_ = wait(ctx, s.Pause) // cut short by the end of the time, which the next fetch reports
			}
		})
	}
	for _, address := range addresses {
		queue <- address
	}
	close(queue)
	workers.Wait()
}

func (s *site) visit(ctx context.Context, address string) {
	p, err := s.fetch(ctx, address)
	if err != nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.report.skip(address, Failed, err.Error())
		return
	}
	s.search(address, p)
}

func (s *site) search(address string, p page) {
	kind, reason, text := s.readable(p)
	var found []Finding
	if kind == "" {
		found = Scan(address, text) // outside the lock: it is what takes the time
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if kind != "" {
		s.report.skip(address, kind, reason)
		return
	}
	s.report.Read++
	s.report.Findings = append(s.report.Findings, found...)
}

// readable gives the text of a page, or the kind and reason for leaving it out.
func (s *site) readable(p page) (kind Kind, reason string, text []byte) {
	media, _, _ := mime.ParseMediaType(p.contentType)
	switch {
	case int64(len(p.data)) > s.Bytes:
		return Large, largerThan(s.Bytes), nil
	case media == "application/pdf" || bytes.HasPrefix(p.data, []byte("%PDF-")):
		return Document, documentReason, nil
	}
	text, ok := utf8Text(p.data, p.contentType)
	if !ok || strings.HasPrefix(media, "image/") && media != "image/svg+xml" {
		return Binary, "not a text", nil
	}
	return "", "", text
}
