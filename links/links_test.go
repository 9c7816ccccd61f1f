package links

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// quick are options for servers of our own.
var quick = Options{Pause: time.Microsecond, Timeout: 20 * time.Second}

func ask(t *testing.T, address string) Answer {
	t.Helper()
	return Check(t.Context(), []Target{{address, true}}, quick)[0]
}

func serve(t *testing.T, handler http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

// TestStatus: what servers answer.
func TestStatus(t *testing.T) {
	for status, want := range map[int]Answer{
		200: {}, 204: {},
		404: {Dead, "no such page (404)", "take the link out"},
		410: {Dead, "gone for good (410)", "take the link out"},
		401: {Unjudged, "answered 401 Unauthorized", "browser"}, 403: {Unjudged, "answered 403 Forbidden", "browser"},
		429: {Unjudged, "answered 429 Too Many", "browser"}, 500: {Unjudged, "answered 500", "browser"}, 503: {Unjudged, "answered 503", "browser"},
	} {
		same(t, fmt.Sprint(status), ask(t, serve(t, func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(status) })), want)
	}
}

// same compares an answer with the parts of its sentences.
func same(t *testing.T, name string, got, want Answer) {
	t.Helper()
	if got.Verdict != want.Verdict || !strings.Contains(got.Problem, want.Problem) || !strings.Contains(got.Fix, want.Fix) || (want.Problem == "") != (got.Problem == "") {
		t.Errorf("%s: %+v, want %+v", name, got, want)
	}
}

// TestHead: servers that answer HEAD as if the page were not there are asked with GET.
func TestHead(t *testing.T) {
	for _, refusal := range []int{400, 403, 404, 405, 501} {
		var methods []string
		got := ask(t, serve(t, func(w http.ResponseWriter, r *http.Request) {
			methods = append(methods, r.Method)
			if r.Method == http.MethodHead {
				w.WriteHeader(refusal)
			}
			if !strings.HasPrefix(r.Header.Get("User-Agent"), "recourse-links") {
				t.Errorf("it calls itself %q", r.Header.Get("User-Agent"))
			}
		}))
		if got.Verdict != Sound || !slices.Equal(methods, []string{"HEAD", "GET"}) {
			t.Errorf("%d: %+v after %v", refusal, got, methods)
		}
	}
}

func TestRedirects(t *testing.T) {
	other := strings.Replace(serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/gone" {
			w.WriteHeader(http.StatusGone)
		}
	}), "127.0.0.1", "localhost", 1)
	here := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/moved":
			http.Redirect(w, r, other+"/new", http.StatusMovedPermanently)
		case "/moved-twice":
			http.Redirect(w, r, "/moved", http.StatusPermanentRedirect)
		case "/for-now":
			http.Redirect(w, r, other+"/new", http.StatusFound)
		case "/for-now-first":
			http.Redirect(w, r, "/moved", http.StatusFound)
		case "/within":
			http.Redirect(w, r, "/", http.StatusMovedPermanently)
		case "/to-gone":
			http.Redirect(w, r, other+"/gone", http.StatusMovedPermanently)
		case "/loop":
			http.Redirect(w, r, "/loop", http.StatusFound)
		case "/to-file":
			http.Redirect(w, r, "file:///etc/passwd", http.StatusFound)
		}
	})
	for path, want := range map[string]Answer{
		"/moved":         {Moved, "moved to another host", "write " + other + "/new"},
		"/moved#a":       {Moved, "moved to another host", "write " + other + "/new#a"},
		"/moved-twice":   {Moved, "moved to another host", "write " + other + "/new"},
		"/for-now":       {},
		"/for-now-first": {},
		"/within":        {},
		"/to-gone":       {Dead, "(410) at " + other + "/gone", ""},
		"/loop":          {Unjudged, "redirected more than 10 times", ""},
		"/to-file":       {Unjudged, "not an address of the web", ""},
	} {
		same(t, path, ask(t, here+path), want)
	}
}

func TestAnchors(t *testing.T) {
	page := `<!doctype html><h1 id="first">A</h1><a name=old></a><p id="größe">B</p><p data-id="no">C</p>`
	here := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		switch r.URL.Path {
		case "/script":
			io.WriteString(w, page+"<script>1</script>")
		case "/large":
			io.WriteString(w, page+strings.Repeat("<p>", 1<<20)+`<p id="late">`)
		case "/text":
			w.Header().Set("Content-Type", "application/pdf")
		default:
			io.WriteString(w, page)
		}
	})
	for path, want := range map[string]Answer{
		"/#first": {}, "/#old": {}, "/#gr%C3%B6%C3%9Fe": {}, "/#größe": {}, "/#top": {}, "/#/route": {}, "/#:~:text=A": {}, "/large#first": {}, "/text#page": {},
		"/#no":         {Dead, "no place named #no", "after the #"},
		"/script#no":   {Unjudged, "#no, unless a script makes it", ""},
		"/large#late":  {Unjudged, "too large to look for #late", ""},
		"/script#%0Ax": {Unjudged, "#%0Ax, unless", ""},
	} {
		same(t, path, ask(t, here+path), want)
	}
}

func TestUnfit(t *testing.T) {
	for address, want := range map[string]Answer{
		"http://localhost/x":             {Dead, "only this machine", "public address"},
		"http://[::1]/":                  {Dead, "only this machine", ""},
		"http://10.1.2.3/":               {Dead, "only this machine", ""},
		"https://name:secret@a.example/": {Dead, "name or password", "@"},
		"https:///x":                     {Dead, "not an address", "in full"},
		"https://a.example:x/":           {Dead, "not an address", "in full"},
	} {
		same(t, address, Check(t.Context(), []Target{{Address: address}}, quick)[0], want)
	}
}

// TestSEC36_NoWayIntoThePrivateNetwork: a name or a redirect that leads into a private network is not followed.
func TestSEC36_NoWayIntoThePrivateNetwork(t *testing.T) {
	for address, want := range map[string]bool{
		"127.0.0.1": true, "::1": true, "10.0.0.1": true, "172.16.0.1": true, "192.168.1.1": true, "169.254.169.254": true, "100.64.0.1": true,
		"0.0.0.0": true, "::": true, "224.0.0.1": true, "ff02::1": true, "fe80::1%eth0": true, "fc00::1": true, "::ffff:127.0.0.1": true,
		"64:ff9b::7f00:1": true, "64:ff9b::a00:1": true, "2002:7f00:1::": true, "255.255.255.255": true,
		"93.184.215.14": false, "2606:2800:21f:cb07:6820:80da:af6b:8b2c": false, "64:ff9b::5db8:d70e": false, "::ffff:93.184.215.14": false,
	} {
		if got := private(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s is private: %t", address, got)
		}
	}
	asked := false
	address := serve(t, func(http.ResponseWriter, *http.Request) { asked = true })
	c := newChecker(quick.filled())
	defer c.close()
	target := pages([]Target{{strings.Replace(address, "127.0.0.1", "localhost", 1), true}}, make([]Answer, 1))
	for _, p := range target {
		p.local = false // as if a name of the web led here
		same(t, "a private address", c.ask(t.Context(), p).answer(""), Answer{Unjudged, "private network", "browser"})
	}
	if asked {
		t.Error("it was asked")
	}
}

// failing is a network on which every request fails.
type failing struct{ error }

func (f failing) RoundTrip(*http.Request) (*http.Response, error) { return nil, f.error }

func TestFailures(t *testing.T) {
	for _, c := range []struct {
		err  error
		want Answer
	}{
		{&net.OpError{Op: "dial", Err: &net.DNSError{Name: "a.example", IsNotFound: true}}, Answer{Unjudged, `no host "a.example"`, "is there a network?"}},
		{&net.OpError{Op: "dial", Err: &net.DNSError{Name: "a.example", Err: "try again", IsTemporary: true}}, Answer{Unjudged, "try again", "browser"}},
		{&net.OpError{Op: "dial", Err: errors.New("network is\nunreachable")}, Answer{Unjudged, "not be asked: network is unreachable", "browser"}},
	} {
		o := quick
		o.Transport = failing{c.err}
		same(t, c.err.Error(), Check(t.Context(), []Target{{Address: "https://a.example/"}}, o)[0], c.want)
	}
	silent := serve(t, func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	same(t, "nobody answers", Check(t.Context(), []Target{{silent, true}}, Options{Timeout: 50 * time.Millisecond})[0],
		Answer{Unjudged, "no answer within 50ms", "browser"})
	closed := httptest.NewServer(nil)
	closed.Close()
	same(t, "nobody is there", ask(t, closed.URL), Answer{Unjudged, "refused", "browser"})
	secure := httptest.NewUnstartedServer(nil)
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.StartTLS()
	defer secure.Close()
	if rootless() {
		t.Skip("this machine knows no authorities")
	}
	same(t, "a certificate of nobody", ask(t, secure.URL), Answer{Dead, "signed by nobody", "tell those who run it"})
}

func TestFlaw(t *testing.T) {
	for want, err := range map[string]error{
		"has expired":      x509.CertificateInvalidError{Reason: x509.Expired},
		"for another host": x509.HostnameError{Certificate: &x509.Certificate{}, Host: "a.example"},
		"signed by nobody": x509.UnknownAuthorityError{},
		"or not in order":  x509.CertificateInvalidError{Reason: x509.NotAuthorizedToSign},
	} {
		if got := flaw(&tls.CertificateVerificationError{Err: err}); !strings.Contains(got, want) {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// web answers without a network, and notes who asked what when.
type web struct {
	mu    sync.Mutex
	asked map[string][]time.Time // by host
	count map[string]int         // by address
	takes time.Duration
	now   int
	most  int // requests at a time
	next  func(*http.Request) string
}

func (w *web) RoundTrip(r *http.Request) (*http.Response, error) {
	w.mu.Lock()
	w.asked[r.URL.Host] = append(w.asked[r.URL.Host], time.Now())
	w.count[r.URL.String()]++
	w.now++
	w.most = max(w.most, w.now)
	w.mu.Unlock()
	defer func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.now--
	}()
	select {
	case <-time.After(w.takes):
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	response := &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {"text/html"}}, Body: io.NopCloser(strings.NewReader(`<p id="a">`)), Request: r}
	if w.next != nil {
		if to := w.next(r); to != "" {
			response.StatusCode, response.Header = 302, http.Header{"Location": {to}}
		}
	}
	return response, nil
}

func newWeb(takes time.Duration) *web {
	return &web{asked: map[string][]time.Time{}, count: map[string]int{}, takes: takes}
}

// TestPolite: the clock is that of synctest. Redirects count as requests to the host they lead to.
func TestPolite(t *testing.T) {
	for _, takes := range []time.Duration{0, 70 * time.Millisecond, 3 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			w := newWeb(takes)
			w.next = func(r *http.Request) string {
				if strings.HasPrefix(r.URL.Path, "/elsewhere") {
					return "https://HOST0.example/landed" + r.URL.Path[len("/elsewhere"):]
				}
				return ""
			}
			var targets []Target
			for host := range 12 {
				for page := range 6 {
					targets = append(targets, Target{Address: fmt.Sprintf("https://host%d.example/%d", host, page)},
						Target{Address: fmt.Sprintf("https://host%d.example/elsewhere%d-%[1]d", host, page)})
				}
			}
			for i, a := range Check(t.Context(), targets, Options{Transport: w, Parallel: 8}) {
				if a.Verdict != Sound {
					t.Errorf("%s: %+v", targets[i].Address, a)
				}
			}
			if len(w.count) != 12*12+12*6 || w.most > 8 || w.most < 2 && takes > 0 {
				t.Errorf("%d addresses were asked, %d at a time", len(w.count), w.most)
			}
			apart(t, w, 500*time.Millisecond)
		})
	}
}

// apart checks the pauses between the requests to each host, and that at most two are under way.
func apart(t *testing.T, w *web, pause time.Duration) {
	t.Helper()
	byHost := map[string][]time.Time{}
	for host, times := range w.asked {
		byHost[strings.ToLower(host)] = append(byHost[strings.ToLower(host)], times...)
	}
	for host, times := range byHost {
		slices.SortFunc(times, time.Time.Compare)
		for i := 1; i < len(times); i++ {
			if gap := times[i].Sub(times[i-1]); gap < pause {
				t.Errorf("%s was asked again after %s", host, gap)
			}
			if i > 1 && times[i].Sub(times[i-2]) < w.takes {
				t.Errorf("%s had three requests at a time", host)
			}
		}
	}
}

// TestOnce: 200 links to a page and two places on it are one request.
func TestOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWeb(0)
		var targets []Target
		for range 200 {
			for _, address := range []string{"https://a.example", "https://A.example/#a", "https://a.example/#b", "https://b.example/x"} {
				targets = append(targets, Target{Address: address})
			}
		}
		answers := Check(t.Context(), targets, Options{Transport: w})
		for i, want := range []Verdict{Sound, Sound, Dead, Sound} {
			if answers[i].Verdict != want || answers[len(answers)-4+i].Verdict != want {
				t.Errorf("%s: %+v", targets[i].Address, answers[i])
			}
		}
		if len(w.count) != 2 || w.count["https://a.example/"] != 1 || w.count["https://b.example/x"] != 1 {
			t.Errorf("asked: %v", w.count)
		}
	})
}

// TestUnknownHost: where other hosts answer, one that nobody knows is dead.
func TestUnknownHost(t *testing.T) {
	o := quick
	o.Transport = half{}
	answers := Check(t.Context(), []Target{{Address: "https://unknown.example/"}, {Address: "https://known.example/"}}, o)
	same(t, "unknown", answers[0], Answer{Dead, `no host "unknown.example"`, "correct"})
	same(t, "known", answers[1], Answer{})
}

// half of this web is not there.
type half struct{}

func (half) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Host == "unknown.example" {
		return nil, &net.DNSError{Name: r.URL.Host, IsNotFound: true}
	}
	return &http.Response{StatusCode: 200, Body: http.NoBody, Request: r}, nil
}

// TestTime: when the time is over, or somebody gives up, the rest is unjudged.
func TestTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var targets []Target
		for i := range 100 {
			targets = append(targets, Target{Address: fmt.Sprintf("https://a.example/%d", i)})
		}
		start := time.Now()
		answers := Check(t.Context(), targets, Options{Transport: newWeb(time.Second), Time: 10 * time.Second})
		unjudged := 0
		for _, a := range answers {
			if a.Verdict == Unjudged {
				unjudged++
				same(t, "late", a, Answer{Unjudged, "the 10s for all links were over", "browser"})
			}
		}
		if took := time.Since(start); took > 11*time.Second || unjudged < 70 || unjudged > 85 {
			t.Errorf("%d unjudged after %s", unjudged, took)
		}
		stopped, stop := context.WithCancel(t.Context())
		stop()
		same(t, "stopped", Check(stopped, targets[:1], Options{Transport: newWeb(0)})[0], Answer{Unjudged, "canceled", "browser"})
	})
}
