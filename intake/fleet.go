package intake

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"

	"recourse/locale"
	"recourse/shop"
)

// Fleet are the shops that a server serves at a time.
type Fleet struct {
	Shops   []*shop.Shop
	Folders map[string]string          // where their files lie, by id; secrets of webhooks are read from there
	Own     map[string]*locale.Catalog // languages of shops with strings of their own, by id
	Broken  bool                       // a shop that should be served is not, or not as its file says now; /readyz tells
}

// fleet is a Fleet made ready.
type fleet struct {
	Fleet
	shops   map[string]*shop.Shop // by id
	letters map[string]*shop.Shop // the same and those served before: their letters must still go out
	homes   map[string]*shop.Shop // whose name strangers read, by host, and by host and path
	bases   map[string]bool       // paths the intake is served below, "/legal/"
	longest int                   // of bases
	inbox   http.Handler
}

// Serve replaces the shops while requests are under way: each is answered by the shops there were when it looked for its own.
// With an error everything stays as it was.
func (s *Server) Serve(shops Fleet) error {
	s.replacing.Lock()
	defer s.replacing.Unlock()
	f, err := s.muster(shops)
	if err != nil {
		return err
	}
	s.fleet.Store(f)
	return nil
}

func (s *Server) muster(shops Fleet) (*fleet, error) {
	if len(shops.Shops) == 0 {
		return nil, errors.New("set up the intake: there is no shop; name at least one shop.toml")
	}
	house := s.house
	house.Own = func(id string) *locale.Catalog { return shops.Own[id] }
	f := &fleet{Fleet: shops, shops: map[string]*shop.Shop{}, letters: map[string]*shop.Shop{}, homes: map[string]*shop.Shop{}, bases: map[string]bool{}}
	if before := s.fleet.Load(); before != nil {
		maps.Copy(f.letters, before.letters)
	}
	for _, one := range shops.Shops {
		if err := f.add(one); err != nil {
			return nil, err
		}
		// Both languages the server speaks in must be there before the first visitor is.
		if _, err := house.Trader(one, one.DefaultLocale(), s.config.Now()); err != nil {
			return nil, fmt.Errorf("set up the intake: %w", err)
		}
	}
	var err error
	f.inbox, err = s.newInbox(shops.Shops, house)
	return f, err
}

func (f *fleet) add(one *shop.Shop) error {
	if f.shops[one.ID] != nil {
		return fmt.Errorf("set up the intake: two shops have the id %q; give one another id", one.ID)
	}
	if one.Intake == "" {
		return fmt.Errorf("set up the intake: shop %q has no intake address; set intake in its shop.toml", one.ID)
	}
	for _, address := range append(one.Homes(), one.Intake) {
		u, err := url.Parse(address)
		if err != nil {
			return fmt.Errorf("set up the intake of shop %q: %w", one.ID, err)
		}
		f.settle(one, strings.ToLower(u.Host), strings.TrimSuffix(u.Path, "/")+"/")
	}
	u, _ := url.Parse(one.Intake) // parsed before
	f.base(strings.TrimSuffix(u.Path, "/") + "/")
	f.shops[one.ID], f.letters[one.ID] = one, one
	return nil
}

// settle notes where a shop is at home. The first one keeps a host that several share.
func (f *fleet) settle(one *shop.Shop, host, path string) {
	for _, key := range []string{host, host + path} {
		if f.homes[key] == nil {
			f.homes[key] = one
		}
	}
}

func (f *fleet) base(path string) {
	if path == "/" {
		return
	}
	f.bases[path] = true
	f.longest = max(f.longest, len(path))
}

// below finds the longest base that a path lies below, "" where there is none. No path makes it look at more of it than the
// longest base has.
func (f *fleet) below(path string) string {
	for end := min(len(path), f.longest); end > 0; end = strings.LastIndexByte(path[:end-1], '/') + 1 {
		if path[end-1] == '/' && f.bases[path[:end]] {
			return path[:end]
		}
	}
	return ""
}

// host is the shop a request came to, as far as host and path tell; else the first.
func (f *fleet) host(r *http.Request, base string) *shop.Shop {
	name := strings.ToLower(r.Host)
	if one := f.homes[name+base]; one != nil {
		return one
	}
	if one := f.homes[name]; one != nil {
		return one
	}
	return f.Shops[0]
}

// Shops are those that are served.
func (s *Server) Shops() []*shop.Shop { return s.fleet.Load().Shops }

// shop is the one with an id, nil where there is none.
func (s *Server) shop(id string) *shop.Shop { return s.fleet.Load().shops[id] }

// known is the same, and finds those served before, too: what happened to their cases must still be told.
func (s *Server) known(id string) *shop.Shop { return s.fleet.Load().letters[id] }

// ownLocales has the strings of a shop with some of its own, nil of others.
func (s *Server) ownLocales(id string) *locale.Catalog { return s.fleet.Load().Own[id] }

type hostKey struct{}

// host is the shop whose name a stranger reads: the one at whose address they are.
func (s *Server) host(r *http.Request) *shop.Shop {
	if one, ok := r.Context().Value(hostKey{}).(*shop.Shop); ok {
		return one
	}
	return s.fleet.Load().Shops[0]
}

// below cuts off the path of an intake address.
func (s *Server) below(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f := s.fleet.Load()
		base := f.below(r.URL.Path)
		if len(f.Shops) > 1 {
			r = r.WithContext(context.WithValue(r.Context(), hostKey{}, f.host(r, base)))
		}
		if base == "" {
			next.ServeHTTP(w, r)
			return
		}
		http.StripPrefix(strings.TrimSuffix(base, "/"), next).ServeHTTP(w, r)
	})
}

func (s *Server) serveInbox(w http.ResponseWriter, r *http.Request) {
	s.fleet.Load().inbox.ServeHTTP(w, r)
}
