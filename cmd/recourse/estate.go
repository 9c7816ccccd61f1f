package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"recourse/intake"
	"recourse/locale"
	"recourse/publish"
	"recourse/shop"
)

// estate are the shops of a server. They are read and built at its start, and again whenever it is told to.
type estate struct {
	source
	output
	args  []string // that name the shops' files; none: the one of source, whose pages lie in the output folder itself
	shelf *publish.Shelf
	count func(http.Handler) http.Handler // counts requests for pages
	build func(context.Context, order, io.Writer) (outcome, error)

	now map[string]*holding // what is served, by file
}

// holding is a shop that is served.
type holding struct {
	file   string
	shop   *shop.Shop
	own    *locale.Catalog // languages with strings of its own, else nil
	dist   string
	tenant *tenant
}

// renewal is an estate that is being read again.
type renewal struct {
	*estate
	common *workshop // what shops have in common
	texts  fs.FS     // answers to begin with are in them
	next   map[string]*holding
	broken map[string]error // by file; such a shop stays as it was
}

func (e *estate) flat() bool { return len(e.args) == 0 }

func (e *estate) list() ([]string, error) {
	if e.flat() {
		return []string{e.Shop}, nil
	}
	return shopFiles(e.args)
}

// renew reads and builds all shops. What is wrong with some of them does no harm to the others.
func (e *estate) renew(ctx context.Context, progress io.Writer) (*renewal, error) {
	files, err := e.list()
	if err != nil {
		return nil, err
	}
	w, err := e.workshop()
	if err != nil {
		return nil, err
	}
	r := &renewal{e, w, w.base, map[string]*holding{}, map[string]error{}}
	for _, file := range files {
		r.read(file)
	}
	r.settle()
	if err := r.make(ctx, progress); err != nil {
		return nil, err
	}
	r.settle()
	r.move()
	return r, r.enough()
}

// enough refuses a start without any shop; later there are those from before.
func (r *renewal) enough() error {
	if len(r.next) > 0 && (!r.flat() || len(r.broken) == 0 || r.now != nil) {
		return nil
	}
	var errs []error
	for _, file := range slices.Sorted(maps.Keys(r.broken)) {
		errs = append(errs, r.broken[file])
	}
	if len(errs) == 0 {
		errs = append(errs, fmt.Errorf("find the files of shops: %s leads to none", strings.Join(r.args, " ")))
	}
	return errors.Join(errs...)
}

func (r *renewal) read(file string) {
	h, err := r.hold(file)
	if err != nil {
		r.fail(file, err)
		return
	}
	r.next[file] = h
}

func (r *renewal) hold(file string) (*holding, error) {
	p, err := r.common.open(file)
	if err != nil {
		return nil, err
	}
	h := &holding{file: file, shop: p.shop, dist: filepath.Join(r.Out, p.shop.ID)}
	if r.flat() {
		h.dist, r.texts = r.Out, p.content
	}
	if p.ownStrings != "" {
		h.own = p.languages
	}
	return h, nil
}

// fail notes what is wrong with a shop's file, and leaves the shop as it was.
func (r *renewal) fail(file string, err error) {
	r.broken[file] = err
	delete(r.next, file)
	if old := r.now[file]; old != nil {
		r.next[file] = old
	}
}

// settle refuses shops that claim what another one claims: its id, or an address. A shop that had it before keeps it; among new ones nobody
// can know who is meant, so none gets it.
func (r *renewal) settle() {
	for again := true; again; {
		again = false
		for claim, files := range r.claims() {
			for i, file := range files {
				if old := r.now[file]; len(files) > 1 && (old == nil || !slices.Contains(claims(old.shop), claim)) {
					r.fail(file, claim.taken(file, files[(i+1)%len(files)]))
					again = true
				}
			}
		}
	}
}

// claim is what only one shop can have: an id, or an address without its scheme.
type claim struct{ id, address string }

func claims(s *shop.Shop) []claim {
	all := []claim{{id: s.ID}}
	for _, home := range s.Homes() {
		if u, err := url.Parse(home); err == nil {
			all = append(all, claim{address: strings.ToLower(u.Host) + strings.TrimSuffix(u.Path, "/") + "/"})
		}
	}
	return all
}

func (c claim) taken(file, other string) error {
	if c.id != "" {
		return sameID(file, c.id, other)
	}
	return fmt.Errorf("read %q: it is published at %s, as %q is; give one another address", file, c.address, other)
}

func (r *renewal) claims() map[claim][]string {
	by := map[claim][]string{}
	for _, file := range slices.Sorted(maps.Keys(r.next)) {
		for _, c := range claims(r.next[file].shop) {
			if !slices.Contains(by[c], file) {
				by[c] = append(by[c], file)
			}
		}
	}
	return by
}

// make builds the pages. A shop whose own texts have mistakes goes on with the pages of an earlier start, if it has some: what its customers
// send must still find somebody.
func (r *renewal) make(ctx context.Context, progress io.Writer) error {
	files := slices.Sorted(maps.Keys(r.next))
	files = slices.DeleteFunc(files, func(file string) bool { return r.next[file] == r.now[file] })
	done, err := r.build(ctx, order{r.source, r.output, files, r.flat()}, progress)
	if err != nil {
		return err
	}
	for file, words := range done.Failed {
		h := r.next[file]
		r.fail(file, errors.New(words))
		if h != nil && r.now[file] == nil && exists(filepath.Join(h.dist, "manifest.json")) {
			r.next[file] = h
		}
	}
	return nil
}

// move gives each shop the handler of its pages; one of which nothing has changed keeps its own.
func (r *renewal) move() {
	for file, h := range r.next {
		if old := r.now[file]; old != nil && reflect.DeepEqual(old.shop, h.shop) && old.dist == h.dist {
			h.tenant = old.tenant
			continue
		}
		dist := os.DirFS(h.dist)
		pages := r.shelf.Serve(dist).SendingTo(h.shop.Intake)
		h.tenant = &tenant{h.shop.Homes(), dist, r.count(pages), pages.Warm}
	}
}

// all are the shops, in the order of their files.
func (r *renewal) all() (list []*holding) {
	for _, file := range slices.Sorted(maps.Keys(r.next)) {
		list = append(list, r.next[file])
	}
	return list
}

func (r *renewal) town() *town {
	var tenants []*tenant
	for _, h := range r.all() {
		tenants = append(tenants, h.tenant)
	}
	return newTown(tenants, r.flat())
}

// fleet are the shops for the intake: those that have one. A shop without has pages only.
func (r *renewal) fleet() intake.Fleet {
	f := intake.Fleet{Folders: map[string]string{}, Own: map[string]*locale.Catalog{}, Broken: len(r.broken) > 0}
	for _, h := range r.all() {
		if h.shop.Intake == "" {
			continue
		}
		f.Shops = append(f.Shops, h.shop)
		f.Folders[h.shop.ID] = filepath.Dir(h.file)
		if h.own != nil {
			f.Own[h.shop.ID] = h.own
		}
	}
	return f
}
