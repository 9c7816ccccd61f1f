package intake

import (
	"hash/maphash"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/go-chi/httprate"
)

// limiter slows down whoever sends too much. It counts networks, never a shop as a whole: nobody may silence a shop for
// everybody else.
//
// A network is an IPv4 address, or the /64 of an IPv6 one, which is what a single customer has at least. Whoever holds a
// whole /48 has 65,536 of those, so that its sum is limited, too.
type limiter struct {
	shop    *httprate.RateLimiter // by network and shop
	network *httprate.RateLimiter // by network, all shops together
	block   *httprate.RateLimiter // by /48
	talk    *httprate.RateLimiter // by case: what its consumer adds to it
	proxies []netip.Prefix
	room    *room
	lately  *httprate.RateLimiter // limits nothing: what was stored in the last hour
}

// Offices and mobile networks put many people behind one address: for each it is one shop out of many that they write to.
const (
	shopsAtOnce    = 4  // a network may send so many times what it may send to one shop
	networksAtOnce = 10 // and a /48 so many times what a network may
	perCase        = 30 // messages, decisions and ratings of a case in an hour: each is a letter to the shop
)

func newLimiter(c Config) limiter {
	most := min(c.PerMinute, 1<<24) * shopsAtOnce // a limit beyond that is none
	return limiter{
		shop: perMinute(c.PerMinute), network: perMinute(most), block: perMinute(most * networksAtOnce), proxies: c.Proxies, room: newRoom(c),
		talk:   per(perCase, time.Hour),
		lately: httprate.NewRateLimiter(1, time.Hour, httprate.WithLimitCounter(newCounts())),
	}
}

func perMinute(n int) *httprate.RateLimiter { return per(n, time.Minute) }

func per(n int, window time.Duration) *httprate.RateLimiter {
	return httprate.NewRateLimiter(n, window, httprate.WithLimitCounter(newCounts()),
		httprate.WithResponseHeaders(httprate.ResponseHeaders{RetryAfter: "Retry-After"}))
}

// uploadCost is what an upload counts compared to a text: it takes the server's disk. What is no longer than a text is
// none, whatever it calls itself: the widget sends texts as multipart, too.
const uploadCost = 4

func upload(r *http.Request) bool { return r.ContentLength < 0 || r.ContentLength > maxURLText }

// allow counts the request before it is read and tells whether it may go on; otherwise Retry-After is set.
func (l limiter) allow(w http.ResponseWriter, r *http.Request) bool {
	client := l.client(r)
	r = weighed(r)
	return !l.network.OnLimit(w, r, client) && (!strings.Contains(client, ":") || !l.block.OnLimit(w, r, block(client)))
}

// allowShop does the same once the shop is known.
func (l limiter) allowShop(w http.ResponseWriter, r *http.Request, shop string) bool {
	return !l.shop.OnLimit(w, weighed(r), l.client(r)+" "+shop)
}

// allowCase counts what a consumer adds to their case.
func (l limiter) allowCase(w http.ResponseWriter, r *http.Request, reference string) bool {
	return !l.talk.OnLimit(w, r, reference)
}

func weighed(r *http.Request) *http.Request {
	if !upload(r) {
		return r
	}
	return r.WithContext(httprate.WithIncrement(r.Context(), uploadCost))
}

// client is the network of whoever sent the request. Behind proxies it is that of the last address in X-Forwarded-For that
// is not a proxy of ours; what stands before it anybody may have written.
func (l limiter) client(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && l.ours(host); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil { // no address: the proxy is the last one we know of
			break
		}
		host = hop.String()
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

// block is the /48 of an IPv6 network.
func block(network string) string {
	addr, err := netip.ParseAddr(network)
	if err != nil {
		return network
	}
	p, err := addr.WithZone("").Prefix(48)
	if err != nil {
		return network
	}
	return p.String()
}

// maxCounts is how many keys a period has at most: a few megabytes.
const maxCounts = 1 << 16

// counts counts for httprate in bounded memory. When a flood of ever new senders fills it, the period before the present one
// is forgotten earlier than it should be. Keys are hashed with a secret seed: nobody can aim at another's count.
type counts struct {
	sync.Mutex
	seed        maphash.Seed
	window      time.Duration
	began       time.Time
	now, before map[uint64]int
}

func newCounts() *counts {
	return &counts{seed: maphash.MakeSeed(), now: make(map[uint64]int), before: make(map[uint64]int)}
}

// Config is called by httprate before anything else.
func (c *counts) Config(_ int, window time.Duration) { c.window = window }

// Increment counts one.
func (c *counts) Increment(key string, window time.Time) error { return c.IncrementBy(key, window, 1) }

// IncrementBy counts n in the window that begins at the given time.
func (c *counts) IncrementBy(key string, window time.Time, n int) error {
	c.Lock()
	defer c.Unlock()
	c.turn(window)
	k := maphash.String(c.seed, key)
	if _, known := c.now[k]; !known && len(c.now) >= maxCounts {
		c.now, c.before = make(map[uint64]int), c.now
	}
	c.now[k] += n
	return nil
}

// Get is what was counted in the window and in the one before.
func (c *counts) Get(key string, window, _ time.Time) (now, before int, err error) {
	c.Lock()
	defer c.Unlock()
	c.turn(window)
	k := maphash.String(c.seed, key)
	return c.now[k], c.before[k], nil
}

// turn begins a new window. Old maps are dropped, not emptied: emptied ones would keep the memory of their fullest hour.
func (c *counts) turn(window time.Time) {
	if !window.After(c.began) {
		return
	}
	c.before = make(map[uint64]int)
	if window.Sub(c.began) == c.window {
		c.before = c.now
	}
	c.now, c.began = make(map[uint64]int), window
}
