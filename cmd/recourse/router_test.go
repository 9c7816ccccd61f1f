package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"recourse/publish"
)

func TestRouter(t *testing.T) {
	intake := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "intake "+r.URL.Path) })
	dist := fstest.MapFS{"index.html": {Data: []byte("pages")}, "recourse.js": {Data: []byte("script")}}
	rt := router{
		bases:  newBases([]string{"https://shop.example/legal/"}),
		dist:   dist,
		pages:  publish.Serve(dist),
		site:   fstest.MapFS{"index.html": {Data: []byte("shop")}, ".env": {Data: []byte("secret")}},
		intake: intake,
	}
	alone := rt
	alone.site = nil
	for _, c := range []struct {
		rt     router
		method string
		path   string
		want   string // body, or the target of a redirect
	}{
		{rt, "GET", "/", "shop"},
		{rt, "GET", "/legal/", "pages"},
		{rt, "GET", "/legal", "/legal/"},
		{rt, "GET", "/legal/recourse.js", "script"},
		{rt, "GET", "/legal/inbox/", "intake /legal/inbox/"},
		{rt, "GET", "/.env", "intake /.env"},
		{rt, "GET", "/favicon.ico", ""},
		{rt, "POST", "/favicon.ico", "intake /favicon.ico"},
		{rt, "POST", "/", "intake /"},
		{rt, "POST", "/legal/submissions", "intake /legal/submissions"},
		{alone, "GET", "/", "/legal/"},
	} {
		w := httptest.NewRecorder()
		c.rt.ServeHTTP(w, httptest.NewRequest(c.method, c.path, strings.NewReader("")))
		got := w.Header().Get("Location")
		if got == "" {
			got = w.Body.String()
		}
		if got != c.want {
			t.Errorf("%s %s: %d %q, want %q", c.method, c.path, w.Code, got, c.want)
		}
	}
}

// A shop with several domains: each host has the paths published on it, and one we do not know has all.
func TestRouterOfDomains(t *testing.T) {
	intake := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "intake") })
	dist := fstest.MapFS{"index.html": {Data: []byte("choose")}, "pl-PL/index.html": {Data: []byte("pages")}}
	rt := router{
		bases: newBases([]string{"https://shop.example/legal/", "https://shop.example.at/recht/", "https://pl.example/", "https://shop.example/legal/de/"}),
		dist:  dist, pages: publish.Serve(dist), intake: intake,
	}
	for _, c := range []struct{ host, path, want string }{
		{"shop.example", "/legal/pl-PL/", "pages"},
		{"shop.example", "/legal/de/pl-PL/", "pages"},
		{"SHOP.example", "/recht/pl-PL/", "intake"},
		{"shop.example", "/legal/de", "/legal/de/"},
		{"shop.example", "/", "/legal/"},
		{"shop.example.at", "/recht/pl-PL/", "pages"},
		{"shop.example.at", "/legal/pl-PL/", "intake"},
		{"shop.example.at", "/recht", "/recht/"},
		{"shop.example.at", "/", "/recht/"},
		{"pl.example", "/pl-PL/", "pages"},
		{"pl.example", "/", "choose"},
		{"pl.example", "/submissions", "intake"},
		{"localhost:8080", "/legal/pl-PL/", "pages"},
		{"localhost:8080", "/recht/pl-PL/", "pages"},
		{"localhost:8080", "/pl-PL/", "pages"},
	} {
		r := httptest.NewRequest("GET", c.path, nil)
		r.Host = c.host
		w := httptest.NewRecorder()
		rt.ServeHTTP(w, r)
		got := w.Header().Get("Location")
		if got == "" {
			got = w.Body.String()
		}
		if got != c.want {
			t.Errorf("%s%s: %d %q, want %q", c.host, c.path, w.Code, got, c.want)
		}
	}
}
