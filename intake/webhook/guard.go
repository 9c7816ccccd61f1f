package webhook

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"syscall"

	"code.dny.dev/ssrf"
)

// errNotPublic is told without the address: whoever may set up a webhook shall not learn what names mean in our network.
var errNotPublic = errors.New("the name leads to an address that is not public")

// guard decides about connections. It sees the address that is being connected to, after all names were resolved, so it does
// not matter how an address was written, nor whether a name meant something else a moment ago.
type guard struct {
	allow  []netip.Prefix
	public *ssrf.Guardian
}

func newGuard(allow []netip.Prefix) guard {
	return guard{allow, ssrf.New(ssrf.WithPorts(443, 8443))}
}

// reach lets connections through to public addresses, and to those that are allowed at any port.
func (g guard) reach(network, address string, c syscall.RawConn) error {
	if g.allowed(address) || g.public.Safe(network, address, c) == nil {
		return nil
	}
	return errNotPublic
}

// reachPlain is for connections without TLS.
func (g guard) reachPlain(_, address string, _ syscall.RawConn) error {
	if g.allowed(address) {
		return nil
	}
	return errNotPublic
}

func (g guard) allowed(address string) bool {
	at, err := netip.ParseAddrPort(address)
	return err == nil && slices.ContainsFunc(g.allow, func(p netip.Prefix) bool { return p.Contains(at.Addr()) })
}

// transport makes every connection anew, checks each, takes no proxy from the environment, and unpacks nothing.
func (g guard) transport(o Options) *http.Transport {
	// A transport goes on connecting when its request is over; the timeouts end that, the handshake of TLS too.
	plain := &net.Dialer{Control: g.reachPlain, Resolver: o.resolver, Timeout: o.timeout}
	secure := &tls.Dialer{
		NetDialer: &net.Dialer{Control: g.reach, Resolver: o.resolver, Timeout: o.timeout},
		Config:    &tls.Config{RootCAs: o.roots},
	}
	return &http.Transport{
		Proxy: nil, DialContext: plain.DialContext, DialTLSContext: secure.DialContext,
		DisableKeepAlives: true, DisableCompression: true, MaxResponseHeaderBytes: maxHeaders,
	}
}

// explain says why there was no answer, in words of ours: those of an error may quote the other side, or our network.
func explain(err error) error {
	var name *net.DNSError
	var certificate *tls.CertificateVerificationError
	var network net.Error
	var op *net.OpError
	switch {
	case errors.Is(err, errNotPublic):
		return errNotPublic
	case errors.Is(err, context.Canceled):
		return context.Canceled
	case errors.As(err, &network) && network.Timeout():
		return fmt.Errorf("no answer within %v", Timeout)
	case errors.As(err, &name):
		return errors.New("the name of the host cannot be resolved")
	case errors.As(err, &certificate):
		return errors.New("the certificate of the host is not valid for it")
	case errors.As(err, &op):
		return errors.New("no connection could be made, or it broke off")
	}
	return errors.New("what came back is no answer that can be read")
}
