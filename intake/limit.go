package intake

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/go-chi/httprate"
)

// limiter slows down whoever sends too much. It counts clients, never a shop as a whole: nobody may
// silence a shop for everybody else.
type limiter struct {
	rate    *httprate.RateLimiter
	proxies []netip.Prefix
}

func newLimiter(perMinute int, proxies []netip.Prefix) limiter {
	return limiter{httprate.NewRateLimiter(perMinute, time.Minute,
		httprate.WithResponseHeaders(httprate.ResponseHeaders{RetryAfter: "Retry-After"})), proxies}
}

// uploadCost is what an upload counts compared to a text: it takes the server's disk. What is no longer than a text is
// none, whatever it calls itself: the widget sends texts as multipart, too.
const uploadCost = 4

// allow counts the request and tells whether it may go on; otherwise Retry-After is set.
func (l limiter) allow(w http.ResponseWriter, r *http.Request) bool {
	if r.ContentLength < 0 || r.ContentLength > maxURLText {
		r = r.WithContext(httprate.WithIncrement(r.Context(), uploadCost))
	}
	return !l.rate.OnLimit(w, r, l.client(r))
}

// client is the address of whoever sent the request; of IPv6 the network of one customer (/64). Behind proxies
// it is the last address in X-Forwarded-For that is not a proxy of ours.
func (l limiter) client(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && l.ours(host); i-- {
		if hop := strings.TrimSpace(hops[i]); hop != "" {
			host = hop
		}
	}
	return httprate.CanonicalizeIP(host)
}

func (l limiter) ours(host string) bool {
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	for _, p := range l.proxies {
		if p.Contains(addr.Unmap()) {
			return true
		}
	}
	return false
}
