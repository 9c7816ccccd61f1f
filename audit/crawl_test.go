package audit

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

func crawledShop(t *testing.T) *shopServer {
	return newShopServer(t, map[string]http.HandlerFunc{
		"/": htmlPage(`<a href="/terms#odr">x</a> <a href='news/?a=1&amp;b=2'>x</a> <a href="https://elsewhere.example/">x</a>
			<a href="mailto:a@b.example">x</a> <a href="/logo.png">x</a> <a href="/private/x">x</a> <a href="">x</a> <iframe src="frame"></iframe> <img src="/pic">`),
		"/terms":      htmlPage(deadLink + `<a href="/deep">x</a><a href="/">x</a>`),
		"/news/":      htmlPage(deadLink),
		"/frame":      htmlPage(`<base href="/based/"><a href="page">x</a>`),
		"/deep":       htmlPage(deadLink + `<a href="/deeper">x</a>`),
		"/deeper":     htmlPage(deadLink),
		"/pic":        htmlPage(deadLink),
		"/private/x":  htmlPage(deadLink),
		"/robots.txt": answer("text/plain", "User-agent: *\nDisallow: /private/\n\nUser-agent: other\nDisallow: /\n"),
	})
}

func TestCrawl(t *testing.T) {
	server := crawledShop(t)
	o := quick
	o.Crawl, o.Allow = true, []Allow{{Pattern: "deeper"}}
	r, err := URL(context.Background(), nil, server.URL+"/", o)
	if err != nil {
		t.Fatal(err)
	}
	const want = `/based/page failed
/deep:1:1 error
/deeper allowed
/news/?a=1&b=2:1:1 error
/private/x robots
/terms:1:1 error`
	if got := summary(r, server.URL); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if n := len(slices.DeleteFunc(server.asked, func(p string) bool { return p != "/terms" })); n != 1 {
		t.Errorf("/terms was asked for %d times", n)
	}
}

// Without --crawl a page is looked at alone, and nothing else is asked for, robots.txt neither.
func TestPageAlone(t *testing.T) {
	server := crawledShop(t)
	r, err := URL(context.Background(), nil, server.URL+"/private/x", quick)
	if err != nil || r.Read != 1 || len(server.asked) != 1 {
		t.Errorf("read %+v, %v, asked for %v", r, err, server.asked)
	}
}

func TestCrawlLimit(t *testing.T) {
	for limit, want := range map[int]string{1: "/", 2: "/ /terms", 4: "/ /frame /news/ /terms"} {
		server := crawledShop(t)
		o := quick
		o.Crawl, o.Pages = true, limit
		r, err := URL(context.Background(), nil, server.URL+"/", o)
		slices.Sort(server.asked)
		asked := strings.ReplaceAll(strings.Join(server.asked, " "), " /robots.txt", "")
		if err != nil || asked != want || r.skipped(Large) != 1 {
			t.Errorf("limit %d: asked for %s, want %s; %+v, %v", limit, asked, want, r, err)
		}
	}
}

func TestRobots(t *testing.T) {
	pages := func(robots http.HandlerFunc) map[string]http.HandlerFunc {
		return map[string]http.HandlerFunc{
			"/robots.txt": robots, "/sitemap.xml": answer("text/xml", urlset("{host}/a", "{host}/b?x=1", "{host}/c")),
			"/a": htmlPage(deadLink), "/b": htmlPage(deadLink), "/c": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/a", 302) },
		}
	}
	tests := []struct {
		name    string
		robots  http.HandlerFunc
		ignore  bool
		read    int
		skipped int
	}{
		{"none", http.NotFound, false, 3, 0},
		{"for us", answer("text/plain", "User-agent: recourse-audit\nDisallow: /b?x\n\nUser-agent: *\nDisallow: /"), false, 2, 1},
		{"for others", answer("text/plain", "User-agent: googlebot\nDisallow: /"), false, 3, 0},
		{"for all, with an exception", answer("text/plain", "User-agent: *\nDisallow: /\nAllow: /b"), false, 1, 2},
		{"after a redirect", answer("text/plain", "User-agent: *\nDisallow: /a"), false, 1, 1},
		{"with a line that means nothing", answer("text/plain", "User-agent: *\nCrawl-delay: soon\nDisallow: /b\nFoo: bar"), false, 2, 1},
		{"nothing but nonsense", answer("text/html", "<p>Not here</p>"), false, 3, 0},
		{"server down", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }, false, 0, 3},
		{"ignored", answer("text/plain", "User-agent: *\nDisallow: /"), true, 3, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			server := newShopServer(t, pages(test.robots))
			o := quick
			o.IgnoreRobots = test.ignore
			r, err := URL(context.Background(), nil, server.URL+"/sitemap.xml", o)
			if err != nil || r.Read != test.read || r.skipped(Robots) != test.skipped {
				t.Errorf("read %d, want %d; %+v, %v", r.Read, test.read, r.Skipped, err)
			}
		})
	}
}

// A site whose robots.txt cannot be had has not been looked at.
func TestRobotsDown(t *testing.T) {
	server := newShopServer(t, map[string]http.HandlerFunc{
		"/robots.txt": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(502) },
		"/":           htmlPage(`<a href="/terms">x</a>`), "/terms": htmlPage(deadLink),
	})
	o := quick
	o.Crawl = true
	r, err := URL(context.Background(), nil, server.URL+"/", o)
	if err != nil || r.ExitCode() != 2 || r.skipped(Robots) != 1 {
		t.Errorf("got %+v, %v", r, err)
	}
}

func TestCrawlDelay(t *testing.T) {
	s := newSite(nil, &url.URL{Scheme: "https", Host: "a.example"}, Options{}.filled())
	s.slowDown(2 * time.Second)
	if s.Parallel != 1 || s.Pause != 2*time.Second {
		t.Errorf("%d requests at a time, %s apart", s.Parallel, s.Pause)
	}
	s.slowDown(time.Hour)
	if s.Pause != longestDelay {
		t.Errorf("waits for %s", s.Pause)
	}
}

func TestUserAgent(t *testing.T) {
	var agent string
	server := newShopServer(t, map[string]http.HandlerFunc{"/": func(w http.ResponseWriter, r *http.Request) {
		agent = r.UserAgent()
		htmlPage("x")(w, r)
	}})
	if _, err := URL(context.Background(), nil, server.URL+"/", quick); err != nil || !strings.HasPrefix(agent, "recourse-audit") {
		t.Errorf("came as %q, %v", agent, err)
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	tests := []struct {
		status int
		after  string
		want   time.Duration
	}{
		{429, "3", 3 * time.Second}, {503, "0", time.Millisecond}, {503, "", 0}, {500, "3", 0}, {429, "-1", 0}, {429, "soon", 0},
		{503, "Sun, 01 Mar 2026 12:00:05 GMT", 5 * time.Second}, {503, "Sun, 01 Mar 2026 11:00:00 GMT", time.Millisecond},
		{429, "99999999999", 1 << 30 * time.Second},
	}
	for _, test := range tests {
		response := &http.Response{StatusCode: test.status, Header: http.Header{"Retry-After": {test.after}}}
		if got := askedToWait(response, now); got != test.want {
			t.Errorf("%d %q: waits %s, want %s", test.status, test.after, got, test.want)
		}
	}
}

// A server that is always busy is asked twice, and all other requests wait as well.
func TestBusy(t *testing.T) {
	var asked []time.Time
	server := newShopServer(t, map[string]http.HandlerFunc{"/": func(w http.ResponseWriter, _ *http.Request) {
		asked = append(asked, time.Now())
		w.Header().Set("Retry-After", "1")
		w.WriteHeader(http.StatusServiceUnavailable)
	}})
	_, err := URL(context.Background(), nil, server.URL+"/", quick)
	if err == nil || len(asked) != 2 || asked[1].Sub(asked[0]) < 900*time.Millisecond {
		t.Errorf("%v, asked at %v", err, asked)
	}
	var p patience
	p.until(time.Now().Add(50 * time.Millisecond))
	start := time.Now()
	if err := p.wait(context.Background()); err != nil || time.Since(start) < 40*time.Millisecond {
		t.Errorf("did not wait: %v", err)
	}
}

// Whichever page answers first, the report is the same.
func TestSameReport(t *testing.T) {
	pages, locs := map[string]http.HandlerFunc{}, []string{}
	for i := range 30 {
		path := fmt.Sprintf("/%02d", i)
		pages[path], locs = func(w http.ResponseWriter, r *http.Request) {
			time.Sleep(time.Duration(time.Now().UnixNano()%7) * time.Millisecond)
			htmlPage(deadLink+" ODR platform")(w, r)
		}, append(locs, "{host}"+path)
	}
	slices.Reverse(locs)
	pages["/sitemap.xml"] = answer("text/xml", urlset(locs...))
	server := newShopServer(t, pages)
	o := quick
	o.Parallel = 8
	var first string
	for range 3 {
		r, err := URL(context.Background(), nil, server.URL+"/sitemap.xml", o)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, f := range r.Findings {
			names = append(names, fmt.Sprint(f.Name, f.Line, f.Column))
		}
		got := strings.Join(names, "\n")
		if first == "" {
			first = got
		}
		if got != first || len(names) != 60 || !slices.IsSorted(names[:1]) {
			t.Errorf("got\n%s\nfirst\n%s", got, first)
		}
	}
}

func TestDocumentsOfSite(t *testing.T) {
	serve := func(contentType string, data []byte) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", contentType)
			w.Write(data)
		}
	}
	server := newShopServer(t, map[string]http.HandlerFunc{
		"/sitemap.xml": answer("text/xml", urlset("{host}/terms.pdf", "{host}/download", "{host}/a.zip", "{host}/broken.pdf")),
		"/terms.pdf":   serve("application/pdf", smallPDF()),
		"/download":    serve("application/octet-stream", wordFile("<w:p><w:t>x</w:t></w:p>")),
		"/a.zip":       serve("application/zip", zipped("a.txt", deadLink)),
		"/broken.pdf":  serve("application/pdf", []byte("%PDF-1.7")),
	})
	r, err := URL(context.Background(), nil, server.URL+"/sitemap.xml", quick)
	if err != nil {
		t.Fatal(err)
	}
	want := "footer, paragraph 1 | " + deadLink + "\npage 1 | ODR platform\npage 1 | " + deadLink
	if got := placed(r.Findings); got != want || r.skipped(Binary) != 1 || r.skipped(Failed) != 1 || r.ExitCode() != 1 {
		t.Errorf("got\n%s\nwant\n%s\n%+v", got, want, r.Skipped)
	}
}
