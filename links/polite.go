package links

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"
)

// checker is one run.
type checker struct {
	Options
	guarded, open http.RoundTripper
	places        chan struct{} // one for each request under way

	mu    sync.Mutex
	hosts map[string]*host
}

// host lets few requests through at a time.
type host struct {
	places chan struct{}
	last   chan time.Time // when the last request began; whoever holds it is next
}

func newChecker(o Options) *checker {
	c := &checker{Options: o, places: make(chan struct{}, o.Parallel), hosts: map[string]*host{}}
	if c.guarded, c.open = o.Transport, o.Transport; o.Transport == nil {
		c.guarded, c.open = newTransport(keepOut), newTransport(nil)
	}
	return c
}

func (c *checker) transport(local bool) http.RoundTripper {
	if local {
		return c.open
	}
	return c.guarded
}

func (c *checker) close() {
	for _, t := range []http.RoundTripper{c.guarded, c.open} {
		if own, ok := t.(*http.Transport); ok && c.Transport == nil {
			own.CloseIdleConnections()
		}
	}
}

// turn waits until a request to a host may begin; done says that it is over. The pause comes last, so that nothing is waited for
// between it and the request.
func (c *checker) turn(ctx context.Context, name string) (done func(), err error) {
	h := c.host(strings.ToLower(name))
	if err := enter(ctx, h.places); err != nil {
		return nil, err
	}
	if err := enter(ctx, c.places); err != nil {
		<-h.places
		return nil, err
	}
	done = func() { <-c.places; <-h.places }
	if err := h.pause(ctx, c.Pause); err != nil {
		done()
		return nil, err
	}
	return done, nil
}

func (c *checker) host(name string) *host {
	c.mu.Lock()
	defer c.mu.Unlock()
	h := c.hosts[name]
	if h == nil {
		h = &host{make(chan struct{}, c.PerHost), make(chan time.Time, 1)}
		h.last <- time.Time{}
		c.hosts[name] = h
	}
	return h
}

func enter(ctx context.Context, places chan struct{}) error {
	select {
	case <-ctx.Done():
	case places <- struct{}{}:
		if ctx.Err() == nil {
			return nil
		}
		<-places
	}
	return context.Cause(ctx)
}

func (h *host) pause(ctx context.Context, pause time.Duration) error {
	last := <-h.last // who holds it gives it back, at the latest when the context ends
	select {
	case <-ctx.Done():
		h.last <- last
		return context.Cause(ctx)
	case <-time.After(time.Until(last.Add(pause))):
		h.last <- time.Now()
		return nil
	}
}
