package audit

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A page is what came back: a sitemap, or data to search.
type page struct {
	data        []byte
	whole       bool // not cut off at the limit
	contentType string
	address     *url.URL // after redirects
	sitemap     *sitemap
}

const pageTime = 30 * time.Second

// fetch asks for a page; once more if the server is busy and says when to come back.
func (s *site) fetch(ctx context.Context, address string) (page, error) {
	p, busy, err := s.fetchOnce(ctx, address)
	if busy > 0 && busy <= longestWait {
		s.patient.until(time.Now().Add(busy))
		p, _, err = s.fetchOnce(ctx, address)
	}
	return p, err
}

func (s *site) fetchOnce(ctx context.Context, address string) (p page, busy time.Duration, err error) {
	if err := s.patient.wait(ctx); err != nil {
		return page{}, 0, err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, pageTime, fmt.Errorf("no answer within %s", pageTime))
	defer cancel()
	response, err := s.get(ctx, address)
	if err != nil {
		return page{}, 0, causeOf(ctx, err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return page{}, askedToWait(response, time.Now()), fmt.Errorf("the server answered %s", response.Status)
	}
	p, err = s.read(response, address)
	return p, 0, causeOf(ctx, err)
}

// causeOf says why a context ended instead of that it did.
func causeOf(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); err != nil && cause != nil {
		return cause
	}
	return err
}

const userAgent = "recourse-audit"

func (s *site) get(ctx context.Context, address string) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("User-Agent", userAgent+" (looks for links to the closed EU ODR platform)")
	response, err := s.client.Do(request)
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		err = wrapped.Err // the caller names the address
	}
	return response, err
}

func (s *site) read(response *http.Response, address string) (page, error) {
	p := page{contentType: response.Header.Get("Content-Type"), address: response.Request.URL}
	limit := s.limit(p.contentType, address)
	data, err := io.ReadAll(io.LimitReader(response.Body, limit+1))
	if err != nil {
		return page{}, err
	}
	p.data = gunzipped(data, limit)
	p.whole = int64(len(p.data)) <= limit
	if p.whole {
		p.sitemap = parseSitemap(p.data)
	}
	return p, nil
}

// sitemapBytes is what the protocol allows a sitemap to have.
const sitemapBytes = 50 << 20

func (s *site) limit(contentType, address string) int64 {
	u, err := url.Parse(address)
	if err != nil {
		return s.Bytes
	}
	extension := strings.ToLower(path.Ext(u.Path))
	switch {
	case extension == ".gz" || extension == ".xml" || strings.Contains(contentType, "xml") && !strings.Contains(contentType, "html"):
		return max(s.Bytes, sitemapBytes)
	case documents[extension] || strings.HasPrefix(contentType, "application/"):
		return max(s.Bytes, s.DocumentBytes)
	}
	return s.Bytes
}

// gunzipped unpacks sitemap.xml.gz, to one byte above the limit; all else stays as it is.
func gunzipped(data []byte, limit int64) []byte {
	packed, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return data
	}
	plain, err := io.ReadAll(io.LimitReader(packed, limit+1))
	if err != nil {
		return data
	}
	return plain
}

// head reads the beginning; a server that breaks off has said what it said.
func head(in io.Reader, most int64) []byte {
	data, _ := io.ReadAll(io.LimitReader(in, most))
	return data
}

// longestWait is the longest a server may ask for.
const longestWait = time.Minute

// askedToWait reads Retry-After, seconds or a date, of a server that is busy; 0 if it is not, or does
// not say.
func askedToWait(response *http.Response, now time.Time) time.Duration {
	if response.StatusCode != http.StatusTooManyRequests && response.StatusCode != http.StatusServiceUnavailable {
		return 0
	}
	after := response.Header.Get("Retry-After")
	if seconds, err := strconv.Atoi(after); err == nil && seconds >= 0 {
		return max(time.Duration(min(seconds, 1<<30))*time.Second, time.Millisecond)
	}
	if date, err := http.ParseTime(after); err == nil {
		return max(date.Sub(now), time.Millisecond)
	}
	return 0
}

// patience holds back all requests to a site after one was told to wait.
type patience struct {
	mu  sync.Mutex
	end time.Time
}

func (p *patience) until(end time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if end.After(p.end) {
		p.end = end
	}
}

func (p *patience) wait(ctx context.Context) error {
	p.mu.Lock()
	left := time.Until(p.end)
	p.mu.Unlock()
	return wait(ctx, left)
}

func wait(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(d):
		return nil
	}
}
