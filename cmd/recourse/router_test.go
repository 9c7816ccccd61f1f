package main

import (
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"recourse/publish"
)

func routing(intake http.Handler, site fs.FS, tenants ...*tenant) *router {
	rt := &router{site: site, intake: intake}
	rt.town.Store(newTown(tenants, len(tenants) == 1))
	return rt
}

func at(dist fs.FS, homes ...string) *tenant {
	return &tenant{homes: homes, dist: dist, pages: publish.Serve(dist)}
}

func TestRouter(t *testing.T) {
	intake := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "intake "+r.URL.Path) })
	dist := fstest.MapFS{"index.html": {Data: []byte("pages")}, "recourse.js": {Data: []byte("script")}}
	rt := routing(intake, fstest.MapFS{"index.html": {Data: []byte("shop")}, ".env": {Data: []byte("secret")}}, at(dist, "https://shop.example/legal/"))
	alone := routing(intake, nil, at(dist, "https://shop.example/legal/"))
	for _, c := range []struct {
		rt     *router
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
	rt := routing(intake, nil, at(dist, "https://shop.example/legal/", "https://shop.example.at/recht/", "https://pl.example/", "https://shop.example/legal/de/"))
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

// Shops share hosts and paths, but no page: what could be of several is of none.
func TestRouterOfManyShops(t *testing.T) {
	intake := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "intake") })
	pages := func(name string) fstest.MapFS {
		return fstest.MapFS{"index.html": {Data: []byte(name)}, name + ".txt": {Data: []byte("only " + name)}}
	}
	rt := routing(intake, nil,
		at(pages("amber"), "https://amber.example/legal/"), at(pages("pearl"), "https://pearl.example/legal/", "https://pearl.example/recht/"),
		at(pages("jade"), "https://provider.example/jade/"), at(pages("onyx"), "https://provider.example/onyx/"),
		at(pages("opal"), "https://provider.example/jade/opal/"), at(pages("ruby"), "http://localhost:8080/ruby/"))
	for _, c := range []struct{ host, path, want string }{
		{"amber.example", "/legal/", "amber"},
		{"amber.example:443", "/legal/", "amber"},
		{"amber.example.", "/legal/", "amber"},
		{"pearl.example", "/legal/", "pearl"},
		{"PEARL.example", "/recht/", "pearl"},
		{"amber.example", "/legal/pearl.txt", "intake"},
		{"amber.example", "/recht/", "intake"},
		{"amber.example", "/", "/legal/"},
		{"pearl.example", "/", "/legal/"},
		{"amber.example", "/legal/inbox/", "intake"},
		{"provider.example", "/jade/", "jade"},
		{"provider.example", "/jade/opal/", "opal"},
		{"provider.example", "/jade/opal/jade.txt", "intake"},
		{"provider.example", "/jade/opal", "/jade/opal/"},
		{"provider.example", "/onyx", "/onyx/"},
		{"provider.example", "/", "intake"},
		{"provider.example", "/legal/", "intake"},
		{"localhost:8080", "/ruby/", "ruby"},
		{"unknown.example", "/legal/", "intake"},
		{"unknown.example", "/legal", "intake"},
		{"unknown.example", "/recht/", "intake"},
		{"unknown.example", "/onyx/", "intake"},
		{"unknown.example", "/", "intake"},
		{"", "/", "intake"},
		{"amber.example", strings.Repeat("/", 1<<15), "intake"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.URL.Path, r.Host = c.path, c.host
		w := httptest.NewRecorder()
		rt.ServeHTTP(w, r)
		got := w.Header().Get("Location")
		if got == "" {
			got = w.Body.String()
		}
		if got != c.want {
			t.Errorf("%s%.30s: %d %q, want %q", c.host, c.path, w.Code, got, c.want)
		}
	}
	for host, want := range map[string]int{"amber.example": 200, "Amber.Example": 200, "provider.example": 200, "unknown.example": 404, "": 404, "evil.amber.example": 404} {
		w := httptest.NewRecorder()
		if rt.askHost(w, httptest.NewRequest("GET", "/hosts?domain="+host, nil)); w.Code != want {
			t.Errorf("asked for %q: %d, want %d", host, w.Code, want)
		}
	}
}
