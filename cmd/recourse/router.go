package main

import (
	"io/fs"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"

	"recourse/publish"
)

// router puts the parts behind one address: the shop's own pages where there are some, the pages of each shop below the paths
// at which they are published, and the intake for everything else.
type router struct {
	town   atomic.Pointer[town] // replaced as a whole
	site   fs.FS                // may be nil
	intake http.Handler
}

// tenant is a shop with its pages.
type tenant struct {
	homes []string // addresses at which dist is published, the main one first
	dist  fs.FS
	pages http.Handler // serves dist
	warm  func()       // gets all of dist ready before somebody asks for it
}

// town knows what is published where, by host. What is elsewhere is for hosts that nobody has named: in front of one shop a server
// may give it another name. Of many shops there is nothing elsewhere: nobody shall read one trader's terms at another's address.
type town struct {
	hosts     map[string]*street
	elsewhere *street
}

// street has the shops at one host.
type street struct {
	homes   map[string]*tenant // by path, "/legal/"
	longest int                // of these paths
	first   string             // of these paths, that of the only shop; "" where there are several
	only    *tenant
}

func newStreet() *street { return &street{homes: map[string]*tenant{}} }

func newTown(tenants []*tenant, alone bool) *town {
	t := &town{map[string]*street{}, newStreet()}
	for _, one := range tenants {
		for _, home := range one.homes {
			u, err := url.Parse(home)
			if err != nil {
				continue // no shop has such an address
			}
			path, host := strings.TrimSuffix(u.Path, "/")+"/", strings.ToLower(u.Host)
			if t.hosts[host] == nil {
				t.hosts[host] = newStreet()
			}
			t.hosts[host].add(path, one)
			if alone {
				t.elsewhere.add(path, one)
			}
		}
	}
	return t
}

func (s *street) add(path string, one *tenant) {
	if len(s.homes) == 0 {
		s.first, s.only = path, one
	}
	if s.only != one {
		s.first = ""
	}
	s.homes[path], s.longest = one, max(s.longest, len(path))
}

// of is what there is at a host.
func (t *town) of(host string) *street {
	host = strings.ToLower(host)
	for _, name := range []string{host, hostname(host)} {
		if s := t.hosts[name]; s != nil {
			return s
		}
	}
	return t.elsewhere
}

// knows reports whether a shop is published at a host.
func (t *town) knows(host string) bool { return t.of(host) != t.elsewhere }

// find gives the shop a path belongs to, by the longest path that it lies below. It looks at no more of it than our own have.
func (s *street) find(path string) (base string, one *tenant) {
	for end := min(len(path), s.longest); end > 0; end = strings.LastIndexByte(path[:end-1], '/') + 1 {
		if path[end-1] != '/' {
			continue
		}
		if one := s.homes[path[:end]]; one != nil {
			return path[:end], one
		}
	}
	return "", nil
}

func (rt *router) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	reading := r.Method == http.MethodGet || r.Method == http.MethodHead
	here := rt.town.Load().of(r.Host)
	base, one := here.find(r.URL.Path)
	switch {
	case reading && one != nil && publish.Has(one.dist, strings.TrimPrefix(r.URL.Path, base)):
		http.StripPrefix(strings.TrimSuffix(base, "/"), one.pages).ServeHTTP(w, r)
	case reading && here.homes[r.URL.Path+"/"] != nil:
		http.Redirect(w, r, r.URL.Path+"/", http.StatusMovedPermanently)
	case reading && rt.site != nil && !hidden(r.URL.Path) && publish.Has(rt.site, r.URL.Path):
		http.FileServerFS(rt.site).ServeHTTP(w, r)
	case reading && rt.site == nil && r.URL.Path == "/" && here.first != "":
		http.Redirect(w, r, here.first, http.StatusFound)
	case reading && r.URL.Path == "/favicon.ico": // browsers ask for it by themselves: no icon is no error
		w.WriteHeader(http.StatusNoContent)
	default:
		rt.intake.ServeHTTP(w, r)
	}
}

// askHost answers a proxy that gets certificates for whatever host it is asked for: 200 if a shop is published there.
func (rt *router) askHost(w http.ResponseWriter, r *http.Request) {
	if !rt.town.Load().knows(r.URL.Query().Get("domain")) {
		http.Error(w, "No shop is published at this host.", http.StatusNotFound)
	}
}

// hidden: a shop's folder may hold .git or .env, which are nobody's business.
func hidden(path string) bool { return strings.Contains(path, "/.") }
