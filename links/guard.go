package links

import (
	"errors"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// newTransport looks at every address it connects to, after names have become numbers. There is no proxy: it would do the
// connecting, where nobody looks.
func newTransport(control func(network, address string, c syscall.RawConn) error) *http.Transport {
	dialer := &net.Dialer{Timeout: 10 * time.Second, Control: control}
	return &http.Transport{
		DialContext: dialer.DialContext, ForceAttemptHTTP2: true, TLSHandshakeTimeout: 10 * time.Second,
		MaxResponseHeaderBytes: 64 << 10, MaxIdleConnsPerHost: 2, IdleConnTimeout: 10 * time.Second,
	}
}

var errPrivate = errors.New("its host has an address in a private network, or on this machine")

func keepOut(_, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil || private(to.Addr()) {
		return errPrivate
	}
	return nil
}

// reserved are addresses that lead to no public server although nothing else tells them apart (IANA special-purpose registries).
var reserved = sync.OnceValue(func() (all []netip.Prefix) {
	for _, prefix := range strings.Fields(`0.0.0.0/8 100.64.0.0/10 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 198.18.0.0/15 198.51.100.0/24
		203.0.113.0/24 240.0.0.0/4 64:ff9b:1::/48 100::/64 2001::/23 2001:db8::/32 2002::/16 3fff::/20 fec0::/10`) {
		all = append(all, netip.MustParsePrefix(prefix))
	}
	return all
})

func private(a netip.Addr) bool {
	a = carried(a.WithZone("").Unmap())
	return !a.IsGlobalUnicast() || a.IsPrivate() || slices.ContainsFunc(reserved(), func(p netip.Prefix) bool { return p.Contains(a) })
}

// carried is the IPv4 address that a NAT64 gateway is asked for, or the address itself.
func carried(a netip.Addr) netip.Addr {
	if !netip.MustParsePrefix("64:ff9b::/96").Contains(a) {
		return a
	}
	bytes := a.As16()
	return netip.AddrFrom4([4]byte(bytes[12:]))
}

// Private reports whether a host is written so that nobody elsewhere can reach it.
func Private(host string) bool {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	if a, err := netip.ParseAddr(host); err == nil {
		return private(a)
	}
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}
