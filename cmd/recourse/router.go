package main

import (
	"io/fs"
	"net/http"
	"net/url"
	"strings"

	"recourse/publish"
)

// router puts the parts behind one address: the shop's own pages where there are some, dist below the path of the publish
// address, and the intake for everything else.
type router struct {
	base   string // path of the publish address, "/legal/"
	dist   fs.FS
	pages  http.Handler // serves dist
	site   fs.FS        // may be nil
	intake http.Handler
}

func basePath(publishURL string) string {
	u, err := url.Parse(publishURL)
	if err != nil {
		return "/"
	}
	return strings.TrimSuffix(u.Path, "/") + "/"
}

func (rt router) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	reading := r.Method == http.MethodGet || r.Method == http.MethodHead
	below, inBase := strings.CutPrefix(r.URL.Path, rt.base)
	switch {
	case reading && inBase && publish.Has(rt.dist, below):
		http.StripPrefix(strings.TrimSuffix(rt.base, "/"), rt.pages).ServeHTTP(w, r)
	case reading && r.URL.Path+"/" == rt.base:
		http.Redirect(w, r, rt.base, http.StatusMovedPermanently)
	case reading && rt.site != nil && !hidden(r.URL.Path) && publish.Has(rt.site, r.URL.Path):
		http.FileServerFS(rt.site).ServeHTTP(w, r)
	case reading && rt.site == nil && r.URL.Path == "/":
		http.Redirect(w, r, rt.base, http.StatusFound)
	case reading && r.URL.Path == "/favicon.ico": // browsers ask for it by themselves: no icon is no error
		w.WriteHeader(http.StatusNoContent)
	default:
		rt.intake.ServeHTTP(w, r)
	}
}

// hidden: a shop's folder may hold .git or .env, which are nobody's business.
func hidden(path string) bool { return strings.Contains(path, "/.") }
