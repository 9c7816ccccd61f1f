package webhook

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"time"

	"recourse/shop"
)

// ErrRefused is final: no further attempt will deliver the event. Every other error of Send is worth another attempt.
var ErrRefused = errors.New("the webhook will never be delivered")

// ErrGone wraps ErrRefused: the receiver has answered 410. Nothing more shall be sent to its address.
var ErrGone = fmt.Errorf("the receiver wants no more webhooks (410): %w", ErrRefused)

const (
	// Timeout is how long a delivery may take in all.
	Timeout = 10 * time.Second

	maxBody    = 64 << 10
	maxHeaders = 16 << 10

	// longestWait is what a receiver may ask for: the outbox gives up after five days.
	longestWait = 4 * time.Hour
)

// Delivery is an event on its way to one address.
type Delivery struct {
	ID      string // of the event, see NewID; the same in every attempt
	URL     string
	Secrets Secrets
	Event   Event
}

// Options may all be left out.
type Options struct {
	// Allow are networks that may be reached although they are not public, at any port and without TLS: for development and
	// tests. It never comes from a shop's file.
	Allow []netip.Prefix
	Now   func() time.Time // default time.Now

	timeout  time.Duration
	resolver *net.Resolver
	roots    *x509.CertPool
}

// Sender delivers events. It may be used by many goroutines.
type Sender struct {
	options Options
	client  *http.Client
}

// NewSender makes a sender.
func NewSender(o Options) *Sender {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.timeout == 0 {
		o.timeout = Timeout
	}
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Sender{o, &http.Client{Transport: newGuard(o.Allow).transport(o), CheckRedirect: stay}}
}

// Send makes one attempt. It is nil when the receiver has answered with 2xx. An error that wraps ErrRefused is final; others
// may have a method RetryAfter that tells how long to wait at least. Errors name the host but neither the path, which may be a secret, nor anything
// that the receiver wrote.
func (s *Sender) Send(ctx context.Context, d Delivery) error {
	u, err := s.target(d.URL)
	if err != nil {
		return fmt.Errorf("send webhook %q: %w", d.ID, err)
	}
	ctx, cancel := context.WithTimeout(ctx, s.options.timeout)
	defer cancel()
	req, err := s.request(ctx, u, d)
	if err != nil {
		return fmt.Errorf("send webhook %q to %s: %w: %w", d.ID, u.Hostname(), ErrRefused, err)
	}
	if err := s.attempt(req); err != nil {
		return fmt.Errorf("send webhook %q to %s: %w", d.ID, u.Hostname(), err)
	}
	return nil
}

// target reads the address. Where networks are allowed it may be that of a developer's machine.
func (s *Sender) target(address string) (*url.URL, error) {
	problem, fix := shop.WebhookURL(address)
	u, err := url.Parse(address)
	if len(s.options.Allow) > 0 && err == nil && u.Host != "" && u.User == nil && (u.Scheme == "http" || u.Scheme == "https") {
		return u, nil
	}
	if problem != "" {
		return nil, fmt.Errorf("%w: %s; %s", ErrRefused, problem, fix)
	}
	return u, nil
}

func (s *Sender) request(ctx context.Context, u *url.URL, d Delivery) (*http.Request, error) {
	if !validID(d.ID) {
		return nil, errors.New("an id has letters, digits, - and _ only")
	}
	body, err := json.Marshal(d.Event)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "Recourse-Webhooks")
	return req, d.Secrets.sign(req.Header, d.ID, s.options.Now(), body)
}

func (s *Sender) attempt(req *http.Request) error {
	resp, err := s.client.Do(req)
	if err != nil {
		return explain(err)
	}
	defer resp.Body.Close()
	// Receivers that are cut off while they write take it for a failure. What they write is nothing to us.
	io.Copy(io.Discard, io.LimitReader(resp.Body, maxBody))
	return s.judge(resp)
}

func (s *Sender) judge(resp *http.Response) error {
	code := resp.StatusCode
	err := fmt.Errorf("the receiver answered %d", code)
	switch {
	case code/100 == 2:
		return nil
	case code == http.StatusGone:
		return ErrGone
	case code/100 == 3:
		err = fmt.Errorf("%w, which leads elsewhere and is not followed; write the new address into the shop's file", err)
	}
	return &waiting{err, s.wait(resp.Header.Get("Retry-After"))}
}

// wait reads a header that has seconds or a date.
func (s *Sender) wait(header string) time.Duration {
	var wait time.Duration
	if at, err := http.ParseTime(header); err == nil {
		wait = at.Sub(s.options.Now())
	} else if seconds, err := strconv.ParseUint(header, 10, 31); err == nil {
		wait = time.Duration(seconds) * time.Second
	}
	return min(max(wait, 0), longestWait)
}

// waiting is an error with a word about the next attempt.
type waiting struct {
	error
	after time.Duration
}

func (w *waiting) Unwrap() error { return w.error }

// RetryAfter is how long the receiver asked to be left alone, 0 where it did not; at most four hours. The outbox asks for it.
func (w *waiting) RetryAfter() time.Duration { return w.after }
