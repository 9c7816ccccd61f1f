package audit

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// A shopServer answers from a table and remembers what it was asked.
type shopServer struct {
	*httptest.Server
	mu    sync.Mutex
	asked []string
}

func newShopServer(t *testing.T, pages map[string]http.HandlerFunc) *shopServer {
	s := &shopServer{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.asked = append(s.asked, r.URL.Path)
		s.mu.Unlock()
		if page := pages[r.URL.Path]; page != nil {
			page(w, r)
			return
		}
		http.NotFound(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

func answer(contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", contentType)
		fmt.Fprint(w, strings.ReplaceAll(body, "{host}", "http://"+r.Host))
	}
}

func htmlPage(body string) http.HandlerFunc { return answer("text/html; charset=utf-8", body) }

func gzipped(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		packer := gzip.NewWriter(w)
		fmt.Fprint(packer, strings.ReplaceAll(body, "{host}", "http://"+r.Host))
		packer.Close()
	}
}

func urlset(locs ...string) string {
	return `<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>` +
		strings.Join(locs, "</loc></url><url><loc>") + "</loc></url></urlset>"
}

var quick = Options{Pause: time.Nanosecond}

func summary(r *Report, host string) string {
	var lines []string
	for _, f := range r.Findings {
		lines = append(lines, fmt.Sprintf("%s:%d:%d %s", f.Name, f.Line, f.Column, f.Level))
	}
	for _, s := range r.Skipped {
		lines = append(lines, s.Name+" "+string(s.Kind))
	}
	slices.Sort(lines)
	return strings.ReplaceAll(strings.Join(lines, "\n"), host, "")
}

func TestSitemap(t *testing.T) {
	server := newShopServer(t, map[string]http.HandlerFunc{
		"/sitemap.xml": answer("application/xml", `<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
			<sitemap><loc>{host}/pages.xml</loc></sitemap><sitemap><loc> {host}/more.xml.gz </loc></sitemap>
			<sitemap><loc>https://elsewhere.example/sitemap.xml</loc></sitemap><sitemap><loc>{host}/lost.xml</loc></sitemap></sitemapindex>`),
		"/pages.xml": answer("text/xml", urlset("{host}/", "{host}/agb", "{host}/agb#odr", "{host}/absent", "https://elsewhere.example/x")),
		"/more.xml.gz": gzipped(urlset("{host}/clean", "{host}/terms.pdf", "{host}/logo.png", "{host}/blog/closed", "{host}/moved", "{host}/old",
			"{host}/latin")),
		"/":            htmlPage("<a href='" + deadLink + "'>ODR</a>"),
		"/agb":         htmlPage("<p>\n  Plattform zur Online-Streitbeilegung: " + deadLink),
		"/clean":       htmlPage("nothing"),
		"/terms.pdf":   answer("application/pdf", "%PDF-1.7"),
		"/logo.png":    answer("image/png", "\x89PNG"),
		"/blog/closed": htmlPage(deadLink),
		"/moved":       func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "https://elsewhere.example/", 302) },
		"/old":         func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/clean", 301) },
		"/latin":       answer("text/html; charset=iso-8859-1", "Europ\xe4ische Kommission stellt eine Plattform bereit"),
	})
	o := quick
	o.Allow = []Allow{{Pattern: "blog/*"}}
	r, err := URL(context.Background(), server.Client(), server.URL+"/sitemap.xml", o)
	if err != nil {
		t.Fatal(err)
	}
	const want = `/:1:10 error
/absent failed
/agb:2:3 warning
/agb:2:41 error
/blog/closed allowed
/latin:1:1 warning
/logo.png binary
/lost.xml failed
/moved failed
/terms.pdf failed
https://elsewhere.example/sitemap.xml foreign
https://elsewhere.example/x foreign`
	if got := summary(r, server.URL); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if r.Read != 5 {
		t.Errorf("%d pages read, want 5", r.Read)
	}
	if n := len(slices.DeleteFunc(server.asked, func(p string) bool { return p != "/agb" })); n != 1 {
		t.Errorf("/agb was asked for %d times", n)
	}
}

func TestPageLimit(t *testing.T) {
	server := newShopServer(t, map[string]http.HandlerFunc{
		"/sitemap.xml": answer("application/xml", urlset("{host}/1", "{host}/2", "{host}/3", "{host}/4")),
		"/1":           htmlPage(deadLink), "/2": htmlPage(deadLink), "/3": htmlPage(deadLink), "/4": htmlPage(deadLink),
	})
	o := quick
	o.Pages = 3
	r, err := URL(context.Background(), nil, server.URL+"/sitemap.xml", o)
	if err != nil || r.Read != 3 || r.skipped(Large) != 1 {
		t.Errorf("got %+v, %v", r, err)
	}
}

func TestParallelLimit(t *testing.T) {
	var mu sync.Mutex
	now, most := 0, 0
	slow := func(w http.ResponseWriter, _ *http.Request) {
		mu.Lock()
		now++
		most = max(most, now)
		mu.Unlock()
		time.Sleep(20 * time.Millisecond)
		mu.Lock()
		now--
		mu.Unlock()
	}
	pages, locs := map[string]http.HandlerFunc{}, []string{}
	for i := range 8 {
		path := fmt.Sprintf("/%d", i)
		pages[path], locs = slow, append(locs, "{host}"+path)
	}
	pages["/sitemap.xml"] = answer("application/xml", urlset(locs...))
	server := newShopServer(t, pages)
	o := quick
	o.Parallel = 2
	if r, err := URL(context.Background(), nil, server.URL+"/sitemap.xml", o); err != nil || r.Read != 8 || most != 2 {
		t.Errorf("%d requests at a time, want 2; %+v, %v", most, r, err)
	}
}

func TestOnePage(t *testing.T) {
	busy := 0
	server := newShopServer(t, map[string]http.HandlerFunc{
		"/page":  htmlPage("see <a href=" + deadLink + "/main?a=1&amp;b=2>"),
		"/large": htmlPage(strings.Repeat("x", 2000) + deadLink),
		"/busy": func(w http.ResponseWriter, r *http.Request) {
			if busy++; busy == 1 {
				w.Header().Set("Retry-After", "0")
				w.WriteHeader(http.StatusTooManyRequests)
				return
			}
			htmlPage(deadLink)(w, r)
		},
		"/loop": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/loop", 302) },
	})
	o := quick
	o.Bytes = 1000
	tests := []struct{ path, want string }{
		{"/page", "/page:1:13 error"},
		{"/large", "/large large"},
		{"/busy", "/busy:1:1 error"},
		{"/absent", `404 Not Found`},
		{"/loop", "stopped after 10 redirects"},
	}
	for _, test := range tests {
		r, err := URL(context.Background(), nil, server.URL+test.path, o)
		got := fmt.Sprint(err)
		if err == nil {
			got = summary(r, server.URL)
		}
		if !strings.Contains(got, test.want) {
			t.Errorf("%s: got %s, want %s", test.path, got, test.want)
		}
	}
}

func TestNotAnAddress(t *testing.T) {
	for _, address := range []string{"ftp://shop.example/", "https://", "shop.example", "http://%zz"} {
		if _, err := URL(context.Background(), nil, address, Options{}); err == nil || !strings.Contains(err.Error(), "not a web address") {
			t.Errorf("%q: %v", address, err)
		}
	}
}

func TestTimeLimit(t *testing.T) {
	release := make(chan struct{})
	server := newShopServer(t, map[string]http.HandlerFunc{"/": func(http.ResponseWriter, *http.Request) { <-release }})
	defer close(release)
	o := quick
	o.Time = 30 * time.Millisecond
	if _, err := URL(context.Background(), nil, server.URL+"/", o); err == nil || !strings.Contains(err.Error(), "were over") {
		t.Errorf("a server that never answers: %v", err)
	}
}

func TestSitemapBomb(t *testing.T) {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	fmt.Fprint(w, strings.Repeat(" ", 1<<20))
	w.Close()
	if got := len(gunzipped(packed.Bytes(), 1000)); got != 1001 {
		t.Errorf("unpacked to %d bytes, want one above the limit of 1000", got)
	}
}
