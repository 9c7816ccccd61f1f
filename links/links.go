// Package links asks whether addresses of the web still lead somewhere.
//
// Every page is asked for once, whatever number of links and anchors lead to it: with HEAD, and with GET where an anchor has to be
// looked for or the server does not care for HEAD. Few requests are under way at a time, fewer to one host, and those begin a
// pause apart. Redirects are followed by the same rules. What comes back is read up to a limit, and never printed.
//
// Addresses of this machine and of private networks are not asked, wherever they come from: a name, a redirect.
package links

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// Target is an address of http or https.
type Target struct {
	Address string
	Local   bool // it may lie on this machine or in a private network
}

// Verdict says what is known of a target.
type Verdict int

const (
	Sound    Verdict = iota
	Moved            // for good, to another host
	Unjudged         // no answer, or one that says more about us than about the page
	Dead
)

// Answer is what came of a target. A sound one has no problem.
type Answer struct {
	Verdict      Verdict
	Problem, Fix string
}

// Options bound what is asked. The zero value is ready to use.
type Options struct {
	Parallel  int           // requests at a time, 16
	PerHost   int           // of these to one host, 2
	Pause     time.Duration // at least, between the beginnings of two requests to one host, 500 ms
	Timeout   time.Duration // of a request, 15 s
	Time      time.Duration // for all of them, 10 minutes
	Redirects int           // of one address, 10
	Bytes     int64         // that are read to find an anchor, 2 MiB

	Transport http.RoundTripper // nil: one that keeps out of private networks
}

func (o Options) filled() Options {
	o.Parallel = cmp.Or(o.Parallel, 16)
	o.PerHost = cmp.Or(o.PerHost, 2)
	o.Pause = cmp.Or(o.Pause, 500*time.Millisecond)
	o.Timeout = cmp.Or(o.Timeout, 15*time.Second)
	o.Time = cmp.Or(o.Time, 10*time.Minute)
	o.Redirects = cmp.Or(o.Redirects, 10)
	o.Bytes = cmp.Or(o.Bytes, 2<<20)
	return o
}

// Check gives an answer for each target, in their order. Where the context ends first, the rest is unjudged.
func Check(ctx context.Context, targets []Target, o Options) []Answer {
	c := newChecker(o.filled())
	defer c.close()
	ctx, cancel := context.WithTimeoutCause(ctx, c.Time, fmt.Errorf("the %s for all links were over", c.Time))
	defer cancel()
	answers := make([]Answer, len(targets))
	all := pages(targets, answers)
	var group sync.WaitGroup
	for _, p := range all {
		group.Go(func() { p.reply = c.ask(ctx, p) })
	}
	group.Wait()
	for _, p := range all {
		for i, anchor := range p.anchors {
			answers[i] = p.reply.answer(anchor)
		}
	}
	return offline(all, answers)
}

// offline takes back that hosts do not exist where not one of the web answers: without a network names look the same.
func offline(all map[string]*page, answers []Answer) []Answer {
	for _, p := range all {
		if p.reply.status > 0 && !p.local {
			return answers
		}
	}
	for _, p := range all {
		for i := range p.anchors {
			if isUnknown(p.reply.err) {
				answers[i].Verdict, answers[i].Fix = Unjudged, "no host could be reached: is there a network?"
			}
		}
	}
	return answers
}

// page is what several targets have in common.
type page struct {
	address *url.URL       // without an anchor
	local   bool           // it may be asked wherever it lies
	anchors map[int]string // as they are written, by number of the target; empty: the page as such
	reply   reply
}

// pages groups targets. Those that need not be asked have their answer at once.
func pages(targets []Target, answers []Answer) map[string]*page {
	all := map[string]*page{}
	for i, t := range targets {
		u, err := url.Parse(t.Address)
		if answers[i] = unfit(u, err, t.Local); answers[i].Verdict != Sound {
			continue
		}
		anchor := u.EscapedFragment()
		u.Fragment, u.RawFragment = "", ""
		u.Host, u.Path = strings.ToLower(u.Host), cmp.Or(u.Path, "/")
		p := all[u.String()]
		if p == nil {
			p = &page{address: u, anchors: map[int]string{}}
			all[u.String()] = p
		}
		p.local = p.local || t.Local
		p.anchors[i] = anchor
	}
	return all
}

// unfit says why an address can be no link for customers.
func unfit(u *url.URL, err error, local bool) Answer {
	switch {
	case err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https":
		return Answer{Dead, "it is not an address of the web", "write it in full, as in https://shop.example/page"}
	case u.User != nil:
		return Answer{Dead, "there is a name or password in the address", "leave out what stands before the @"}
	case !local && Private(u.Hostname()):
		return Answer{Dead, "only this machine or its own network can open it", "write the public address"}
	}
	return Answer{}
}

// named reports whether any target wants a place on the page.
func (p *page) named() bool {
	for _, anchor := range p.anchors {
		if anchor != "" {
			return true
		}
	}
	return false
}
