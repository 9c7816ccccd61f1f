package audit

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"time"

	"github.com/temoto/robotstxt"
)

// robots holds what a site asks of robots (RFC 9309). Until it is asked, everything is allowed.
type robots struct {
	start *url.URL
	rules *robotstxt.RobotsData
}

func (r *robots) allow(u *url.URL) bool {
	if r.rules == nil {
		return true
	}
	target := u.EscapedPath()
	if target == "" {
		target = "/"
	}
	if u.RawQuery != "" {
		target += "?" + u.RawQuery
	}
	return r.rules.TestAgent(target, userAgent)
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
	address := s.robots.start.ResolveReference(&url.URL{Path: "/robots.txt"}).String()
	status, body, err := s.robotsFile(ctx, address)
	if err == nil && status >= 500 {
		err = fmt.Errorf("the server answered %d", status)
	}
	if err != nil {
		status = http.StatusServiceUnavailable
		s.report.skip(address, Failed, err.Error()+"; without it no other page may be asked for")
	}
	rules := robotRules(status, body)
	s.slowDown(rules.FindGroup(userAgent).CrawlDelay)
	s.robots.rules = rules
}

func (s *site) robotsFile(ctx context.Context, address string) (status int, body []byte, err error) {
	ctx, cancel := context.WithTimeout(ctx, pageTime)
	defer cancel()
	response, err := s.get(ctx, address)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	return response.StatusCode, head(response.Body, robotsBytes), nil
}

var plainRule = regexp.MustCompile(`(?im)^[ \t]*(?:user-agent|allow|disallow)[ \t]*:.*$`)

// robotRules reads the file. The library gives up at the first line that it cannot make sense of; the
// standard says to pass over it, so then the plain rules alone are read.
func robotRules(status int, body []byte) *robotstxt.RobotsData {
	rules, err := robotstxt.FromStatusAndBytes(status, body)
	if err == nil {
		return rules
	}
	var plain []byte
	for _, line := range plainRule.FindAll(body, -1) {
		plain = append(append(plain, line...), '\n')
	}
	if rules, err = robotstxt.FromBytes(plain); err == nil {
		return rules
	}
	rules, _ = robotstxt.FromStatusAndBytes(http.StatusNotFound, nil)
	return rules
}

// slowDown heeds "Crawl-delay": that long between two requests, one at a time.
func (s *site) slowDown(delay time.Duration) {
	if delay > s.Pause {
		s.Parallel, s.Pause = 1, min(delay, longestDelay)
	}
}
