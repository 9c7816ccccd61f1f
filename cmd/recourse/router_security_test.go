package main

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"
)

// TestSEC26_RouterStaysOnTheSite: no form of a path makes a redirect to another host, and none reaches a file outside of
// what is published.
func TestSEC26_RouterStaysOnTheSite(t *testing.T) {
	dist := fstest.MapFS{"index.html": {Data: []byte("pages")}, "en-DE/index.html": {Data: []byte("pages")}}
	site := fstest.MapFS{"index.html": {Data: []byte("shop")}, "evil.example/index.html": {Data: []byte("shop")}, ".git/config": {Data: []byte("secret")}}
	full := routing(http.NotFoundHandler(), site, at(dist, "https://shop.example/legal/"))
	alone := routing(http.NotFoundHandler(), nil, at(dist, "https://shop.example/legal/"))
	for _, path := range []string{"//evil.example", "//evil.example/", "///evil.example", "/\\evil.example", "/\\/evil.example/", "//evil.example/index.html", "/legal//evil.example", "/legal/..//evil.example",
		"//evil.example/..", "/%2f/evil.example", "/legal/en-DE", "/legal//en-DE", "/legal/en-DE/index.html", "//legal", "/legal", "/./legal", "//evil.example/legal", "/legal/../.git/config",
		"/.git/config", "/x/../.git/config", "/legal/%2e%2e/.git/config", "//.git/config"} {
		for _, rt := range []*router{full, alone} {
			r := httptest.NewRequest("GET", "/", nil)
			r.URL = &url.URL{Path: path, RawQuery: "next=//evil.example"}
			r.Host = "evil.example"
			w := httptest.NewRecorder()
			rt.ServeHTTP(w, r)
			u, err := url.Parse(w.Header().Get("Location"))
			if err != nil || u.Host != "" || u.Scheme != "" || strings.HasPrefix(u.Path, "//") || strings.Contains(u.Path, `\`) {
				t.Errorf("%s leads to %q", path, w.Header().Get("Location"))
			}
			if strings.Contains(w.Body.String(), "secret") {
				t.Errorf("%s gives a hidden file", path)
			}
		}
	}
}
