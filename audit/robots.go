package audit

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/temoto/robotstxt"
)

// robots holds what a site asks of robots (RFC 9309). Until it is asked, everything is allowed.
type robots struct {
	start *url.URL
	group *robotstxt.Group
}

func (r *robots) allow(u *url.URL) bool {
	if r.group == nil {
		return true
	}
	target := u.EscapedPath()
	if target == "" {
		target = "/"
	}
	if u.RawQuery != "" {
		target += "?" + u.RawQuery
	}
	return r.group.Test(target)
}

const (
	robotsBytes  = 500 << 10 // RFC 9309, 2.5
	longestDelay = 30 * time.Second
)

// obey asks for robots.txt. One that is not there allows everything; one that cannot be had, because
// the server is down, allows nothing (RFC 9309, 2.3.1).
func (s *site) obey(ctx context.Context) {
	if s.IgnoreRobots {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, pageTime)
	defer cancel()
	status, body := http.StatusServiceUnavailable, []byte(nil)
	if response, err := s.get(ctx, s.robots.start.ResolveReference(&url.URL{Path: "/robots.txt"}).String()); err == nil {
		defer response.Body.Close()
		status, body = response.StatusCode, head(response.Body, robotsBytes)
	}
	rules, err := robotstxt.FromStatusAndBytes(status, body)
	if err != nil {
		return // not one rule that can be understood
	}
	s.robots.group = rules.FindGroup(userAgent)
	s.slowDown(s.robots.group.CrawlDelay)
}

// slowDown heeds "Crawl-delay": that long between two requests, one at a time.
func (s *site) slowDown(delay time.Duration) {
	if delay > s.Pause {
		s.Parallel, s.Pause = 1, min(delay, longestDelay)
	}
}
