package links

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
)

const userAgent = "recourse-links (asks once whether a link on a shop's legal pages still leads somewhere)"

// reply is what came back in the end, after redirects.
type reply struct {
	err     error
	status  int
	at      string    // where it came from, if that is elsewhere
	moved   *url.URL  // where the page has gone for good, if that is another host
	content *document // nil where it was not read
}

// ask tries HEAD first. Many servers answer it as if the page were not there, so only GET can tell that.
func (c *checker) ask(ctx context.Context, p *page) reply {
	if !p.named() {
		r := c.follow(ctx, http.MethodHead, p)
		if r.err != nil || r.status < 400 || r.status == http.StatusTooManyRequests {
			return r
		}
	}
	return c.follow(ctx, http.MethodGet, p)
}

func (c *checker) follow(ctx context.Context, method string, p *page) reply {
	u, moved, lasting := p.address, p.address, true
	for range c.Redirects + 1 {
		h, err := c.request(ctx, method, u, p)
		if err != nil || h.next == nil {
			return newReply(h, err, p.address, u, moved)
		}
		if lasting = lasting && h.lasting; lasting {
			moved = h.next
		}
		u = h.next
	}
	return reply{err: fmt.Errorf("it is redirected more than %d times", c.Redirects)}
}

func newReply(h hop, err error, asked, at, moved *url.URL) reply {
	r := reply{err: err, status: h.status, content: h.content}
	if at != asked {
		r.at = at.String()
	}
	if site(moved) != site(asked) {
		r.moved = moved
	}
	return r
}

// site tells hosts apart, but not by "www.".
func site(u *url.URL) string { return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.") }

// hop is one answer of a server.
type hop struct {
	status  int
	next    *url.URL // where it sends us; nil: nowhere
	lasting bool
	content *document
}

func (c *checker) request(ctx context.Context, method string, u *url.URL, p *page) (h hop, err error) {
	done, err := c.turn(ctx, u.Hostname())
	if err != nil {
		return h, err
	}
	defer done()
	ctx, cancel := context.WithTimeoutCause(ctx, c.Timeout, fmt.Errorf("there was no answer within %s", c.Timeout))
	defer cancel()
	response, err := c.send(ctx, method, u, p.local)
	if err != nil {
		return h, causeOf(ctx, err)
	}
	defer response.Body.Close()
	h.status = response.StatusCode
	if h.next, err = redirect(response, u); h.next != nil || err != nil {
		h.lasting = h.status == http.StatusMovedPermanently || h.status == http.StatusPermanentRedirect
		return h, err
	}
	if method == http.MethodGet && p.named() && h.status == http.StatusOK && isHTML(response) {
		h.content, err = readDocument(response.Body, c.Bytes)
	}
	return h, causeOf(ctx, err)
}

func (c *checker) send(ctx context.Context, method string, u *url.URL, local bool) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, method, u.String(), nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("User-Agent", userAgent)
	request.Header.Set("Accept", "text/html, */*;q=0.8")
	return c.transport(local).RoundTrip(request)
}

// redirect gives the address a server sends us to.
func redirect(response *http.Response, from *url.URL) (*url.URL, error) {
	to := response.Header.Get("Location")
	if response.StatusCode < 300 || response.StatusCode > 399 || to == "" {
		return nil, nil
	}
	next, err := from.Parse(to)
	if err != nil || next.Hostname() == "" || next.Scheme != "http" && next.Scheme != "https" || next.User != nil {
		return nil, errors.New("it is redirected to what is not an address of the web")
	}
	next.Fragment, next.RawFragment = "", ""
	return next, nil
}

func isHTML(response *http.Response) bool {
	return strings.Contains(response.Header.Get("Content-Type"), "html")
}

// causeOf says why a context ended instead of that it did.
func causeOf(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); err != nil && cause != nil {
		return cause
	}
	return err
}

const (
	fixAddress = "correct the address, or take the link out"
	fixLook    = "open it in a browser to be sure"
)

// answer judges a reply for a link to a place on the page; none: to the page.
func (r reply) answer(anchor string) Answer {
	switch {
	case r.err != nil:
		return failed(r.err)
	case r.status == http.StatusNotFound:
		return Answer{Dead, "the server says there is no such page (404)" + r.where(), fixAddress}
	case r.status == http.StatusGone:
		return Answer{Dead, "the server says the page is gone for good (410)" + r.where(), fixAddress}
	case r.status < 200 || r.status > 299:
		return Answer{Unjudged, strings.TrimSpace(fmt.Sprintf("the server answered %d %s", r.status, http.StatusText(r.status))) + r.where(), fixLook}
	}
	if a := r.content.answer(anchor); a.Verdict != Sound || r.moved == nil {
		return a
	}
	to := r.moved.String()
	if anchor != "" {
		to += "#" + anchor
	}
	return Answer{Moved, "the page has moved to another host for good", "if it is still the right one, write " + to}
}

func (r reply) where() string {
	if r.at == "" {
		return ""
	}
	return " at " + r.at + ", where the address leads"
}

// failed judges a request without an answer.
func failed(err error) Answer {
	var certificate *tls.CertificateVerificationError
	var name *net.DNSError
	switch {
	case isUnknown(err) && errors.As(err, &name):
		return Answer{Dead, fmt.Sprintf("there is no host %q", name.Name), fixAddress}
	case errors.As(err, &certificate) && !rootless():
		return Answer{Dead, "browsers warn of the site: " + flaw(certificate), "tell those who run it, or take the link out"}
	}
	return Answer{Unjudged, "it could not be asked: " + cause(err), fixLook}
}

// isUnknown reports whether nobody knows a host of that name.
func isUnknown(err error) bool {
	var name *net.DNSError
	return errors.As(err, &name) && name.IsNotFound
}

// flaw says what is wrong with a certificate, without words of the certificate.
func flaw(err error) string {
	var invalid x509.CertificateInvalidError
	var host x509.HostnameError
	switch {
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "its certificate has expired or is not valid yet"
	case errors.As(err, &host):
		return "its certificate is for another host"
	}
	return "its certificate is signed by nobody they know, or not in order"
}

// rootless reports whether this machine knows nobody who signs certificates, as bare containers do: then all look forged.
func rootless() bool {
	known, err := x509.SystemCertPool()
	return err != nil || known.Equal(x509.NewCertPool())
}

// cause leaves out which of our own calls failed.
func cause(err error) string {
	var operation *net.OpError
	if errors.As(err, &operation) {
		err = operation.Err
	}
	return strings.Join(strings.Fields(err.Error()), " ")
}
