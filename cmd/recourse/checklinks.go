package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/url"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"

	"recourse/content"
	"recourse/law"
	"recourse/links"
	"recourse/shop"
	"recourse/sitegen"
	"recourse/strict"
)

// linkCheck asks, when all pages are made, for the addresses elsewhere that they lead to. Nil asks for none.
type linkCheck struct {
	options   links.Options
	externals sitegen.Externals

	mu    sync.Mutex
	cited map[string][]citation // by address
	seen  map[citation]bool
	local map[string]bool // addresses that a shop links to which itself is published on this machine
}

// citation is a page that leads to an address.
type citation struct {
	sitegen.External
	shop  string // file of the first shop that has the page; of each, where the address may come from that file
	texts string // tells contents apart
	from  fs.FS
}

func (c *buildCommand) linkCheck() *linkCheck {
	if !c.CheckLinks {
		return nil
	}
	return &linkCheck{options: c.asking, cited: map[string][]citation{}, seen: map[citation]bool{}, local: map[string]bool{}}
}

// add notes the links of a shop whose pages are made.
func (c *linkCheck) add(file string, p *project) error {
	if c == nil {
		return nil
	}
	list, err := c.externals.Of(p.made)
	if err != nil {
		return err
	}
	home, err := url.Parse(p.shop.Publish)
	local := err == nil && links.Private(home.Hostname())
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, e := range list {
		c.note(citation{External: e, shop: file, texts: cmp.Or(p.contentID, file)}, p.content)
		c.local[e.Address] = c.local[e.Address] || local
	}
	return nil
}

func (c *linkCheck) note(one citation, texts fs.FS) {
	key := one
	if !one.Words {
		key.shop = ""
	}
	if c.seen[key] {
		return
	}
	c.seen[key] = true
	one.from = texts
	c.cited[one.Address] = append(c.cited[one.Address], one)
}

// run asks. Its error joins the dead links, each with its place; what else there is to say it prints.
func (c *linkCheck) run(ctx context.Context, out io.Writer) error {
	if c == nil {
		return nil
	}
	addresses := slices.Sorted(maps.Keys(c.cited))
	targets := make([]links.Target, len(addresses))
	for i, address := range addresses {
		targets[i] = links.Target{Address: address, Local: c.local[address]}
	}
	var dead, doubtful []error
	for i, answer := range links.Check(ctx, targets, c.options) {
		switch answer.Verdict {
		case links.Sound:
		case links.Dead:
			dead = append(dead, c.places(addresses[i], answer)...)
		default:
			doubtful = append(doubtful, c.places(addresses[i], answer)...)
		}
	}
	if ctx.Err() != nil {
		return fmt.Errorf("check the links: %w", context.Cause(ctx))
	}
	for _, warning := range inOrder(doubtful) {
		fmt.Fprintf(out, "warning: %v\n", warning)
	}
	fmt.Fprintf(out, "links: %d addresses elsewhere, %d warnings\n", len(addresses), len(inOrder(doubtful)))
	return errors.Join(inOrder(dead)...)
}

// places says what came of an address wherever it is written.
func (c *linkCheck) places(address string, a links.Answer) (errs []error) {
	for _, one := range c.cited[address] {
		errs = append(errs, one.places(a)...)
	}
	return errs
}

func (c citation) places(a links.Answer) (errs []error) {
	for _, f := range c.Written(c.from) {
		if f.Problem, f.Fix = a.Problem, a.Fix; isBuiltIn(c.from, f.File) {
			f.Fix = withoutOurs(f.File, a)
		}
		errs = append(errs, f)
	}
	if len(errs) > 0 {
		return errs
	}
	if place := shopPlace(c.shop, c.Address); place != nil && c.Words {
		place.Problem, place.Fix = a.Problem, a.Fix
		return []error{place}
	}
	for _, place := range law.Where(c.Address) {
		place.Problem, place.Fix = a.Problem, withoutOurs("*/"+path.Base(c.Page), a)
		errs = append(errs, place)
	}
	if len(errs) > 0 {
		return errs
	}
	return []error{&sitegen.Fault{File: cmp.Or(c.Page, "index.html"), Text: c.Address, Problem: a.Problem, Fix: a.Fix}}
}

// withoutOurs is what a shop can do about an address that it did not write.
func withoutOurs(file string, a links.Answer) string {
	if a.Verdict == links.Unjudged {
		return a.Fix
	}
	return fmt.Sprintf("it comes with Recourse: report it; until then your own copy can leave it out, made with \"recourse eject '%s'\"", file)
}

func isBuiltIn(texts fs.FS, file string) bool {
	own, err := fs.ReadFile(texts, file)
	builtIn, errBuiltIn := fs.ReadFile(content.FS, file)
	return err == nil && errBuiltIn == nil && bytes.Equal(own, builtIn)
}

// shopPlace finds the key of a shop's file that an address begins with.
func shopPlace(file, address string) (place *strict.Error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil
	}
	doc, longest := strict.Decode(file, data, &shop.Shop{}), len("https://")
	doc.Strings(func(key, s string) {
		if len(s) > longest && strings.HasPrefix(address, s) {
			longest, place = len(s), &strict.Error{File: file, Key: key, Value: strconv.Quote(s)}
			place.Line, place.Column = doc.Place(key)
		}
	})
	return place
}
