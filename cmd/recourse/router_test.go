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
		base:   basePath("https://shop.example/legal/"),
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
