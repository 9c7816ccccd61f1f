package main

import (
	"io/fs"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"recourse/publish"
)

// router puts the parts behind one address: the shop's own pages where there are some, dist below the paths at which it is
// published, and the intake for everything else.
type router struct {
	bases  bases
	dist   fs.FS
	pages  http.Handler // serves dist
	site   fs.FS        // may be nil
	intake http.Handler
}

// bases are the paths at which dist is published, "/legal/", by host. Those of "" answer for hosts that are not known: a
// server in front may give us another name.
type bases map[string][]string

func newBases(homes []string) bases {
	b := bases{}
	for _, home := range homes {
		u, err := url.Parse(home)
		if err != nil {
			continue // no shop has such an address
		}
		path := strings.TrimSuffix(u.Path, "/") + "/"
		for _, host := range []string{strings.ToLower(u.Host), ""} {
			if !slices.Contains(b[host], path) {
				b[host] = append(b[host], path)
			}
		}
	}
	return b
}

// of lists the paths for a host, the main one first.
func (b bases) of(host string) []string {
	if paths := b[strings.ToLower(host)]; len(paths) > 0 {
		return paths
	}
	return b[""]
}

// longest is the path below which another lies, the nearest of several; "" where there is none.
func longest(bases []string, path string) (found string) {
	for _, base := range bases {
		if strings.HasPrefix(path, base) && len(base) > len(found) {
			found = base
		}
	}
	return found
}

func (rt router) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	reading := r.Method == http.MethodGet || r.Method == http.MethodHead
	bases := rt.bases.of(r.Host)
	base := longest(bases, r.URL.Path)
	switch {
	case reading && base != "" && publish.Has(rt.dist, strings.TrimPrefix(r.URL.Path, base)):
		http.StripPrefix(strings.TrimSuffix(base, "/"), rt.pages).ServeHTTP(w, r)
	case reading && slices.Contains(bases, r.URL.Path+"/"):
		http.Redirect(w, r, r.URL.Path+"/", http.StatusMovedPermanently)
	case reading && rt.site != nil && !hidden(r.URL.Path) && publish.Has(rt.site, r.URL.Path):
		http.FileServerFS(rt.site).ServeHTTP(w, r)
	case reading && rt.site == nil && r.URL.Path == "/":
		http.Redirect(w, r, bases[0], http.StatusFound)
	case reading && r.URL.Path == "/favicon.ico": // browsers ask for it by themselves: no icon is no error
		w.WriteHeader(http.StatusNoContent)
	default:
		rt.intake.ServeHTTP(w, r)
	}
}

// hidden: a shop's folder may hold .git or .env, which are nobody's business.
func hidden(path string) bool { return strings.Contains(path, "/.") }
