package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

// gate is a server with the way its connections come in.
type gate struct {
	*http.Server
	flag   string                          // that names its address
	limit  func(net.Listener) net.Listener // nil: as many connections as come
	opened func()                          // called once connections can come in; may be nil
}

// grace is how long requests under way may take to finish once the program is told to stop.
const grace = 20 * time.Second

// listen serves until ctx ends, then lets requests under way finish. No gate is opened when one cannot be.
func listen(ctx context.Context, gates ...gate) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var listeners []net.Listener
	for _, g := range gates {
		l, err := g.open()
		if err != nil {
			for _, before := range listeners {
				before.Close()
			}
			return err
		}
		listeners = append(listeners, l)
	}
	ended := make(chan error, 2*len(gates))
	for i, g := range gates {
		go func() { ended <- g.serve(listeners[i]); stop() }() // one that fails ends all
		go func() { <-ctx.Done(); ended <- g.close() }()
		if g.opened != nil {
			go g.opened()
		}
	}
	var err error
	for range 2 * len(gates) {
		err = errors.Join(err, <-ended)
	}
	return err
}

func (g gate) open() (net.Listener, error) {
	l, err := net.Listen("tcp", g.Addr)
	if err != nil {
		return nil, fmt.Errorf("serve at %q: %w; name another address with %s", g.Addr, err, g.flag)
	}
	if g.limit != nil {
		l = g.limit(l)
	}
	return l, nil
}

func (g gate) serve(l net.Listener) (err error) {
	if g.TLSConfig != nil {
		err = g.ServeTLS(l, "", "")
	} else {
		err = g.Serve(l)
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return fmt.Errorf("serve at %q: %w", g.Addr, err)
}

func (g gate) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	err := g.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) { // an open page that follows a build never ends by itself
		err = g.Close()
	}
	return err
}
