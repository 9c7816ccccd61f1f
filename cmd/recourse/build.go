package main

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"recourse/links"
	"recourse/sitegen"
)

type buildCommand struct {
	Shops []string `arg:"" optional:"" help:"Files of shops; several are built below --out, each in a folder named by its id." type:"path" placeholder:"SHOP"`
	source
	output
	CheckLinks bool `help:"Ask for every address elsewhere that the pages lead to; dead links fail the build."`

	asking links.Options // for CheckLinks
}

func (c *buildCommand) Help() string {
	return `Example: recourse build shop.toml --out dist
         recourse build shops/*.toml --out dist

Files that did not change are left alone, files of an earlier build that are gone are removed, files others put into the
folder are kept. A build with an error changes nothing. With --compress the first build takes seconds; what did not change
since is not compressed again.

Links between the pages are always followed. With --check-links addresses elsewhere are asked too, each once, a few at a time; an
anchor (#) must be on the page. A dead link is an error, named with file, line and column; what nobody can judge, such as a server
that does not answer, is a warning.`
}

func (c *buildCommand) Run(ctx context.Context, io streams) error {
	if len(c.Shops) > 1 {
		return c.told(ctx, c.Shops, c.many(ctx, io))
	}
	if len(c.Shops) == 1 {
		c.Shop = c.Shops[0]
	}
	return c.told(ctx, []string{c.Shop}, c.one(ctx, io))
}

// told adds what else is wrong, unless somebody stopped the build.
func (c *buildCommand) told(ctx context.Context, files []string, err error) error {
	if ctx.Err() != nil {
		return err
	}
	return c.allMistakes(files, len(files) > 1, err)
}

// buildWorkshop reads no more than its shops need, in little room, and keeps molds. Addresses to follow are looked for in texts, so that
// asks for these.
func (c *buildCommand) buildWorkshop() (*workshop, *listings) {
	debug.SetMemoryLimit(softMemoryLimit)
	debug.SetGCPercent(gcPercent)
	w, texts := c.emptyWorkshop(), newListings()
	w.lazy, w.cache.Shelve = true, true
	if c.linkCheck() == nil {
		w.shelf = newShelf(texts)
	}
	return w, texts
}

func (c *buildCommand) one(ctx context.Context, io streams) error {
	start := time.Now()
	w, _ := c.buildWorkshop()
	defer w.cache.Saved()
	p, err := w.open(c.Shop)
	if err != nil {
		return err
	}
	files, err := c.files(p)
	if err != nil {
		return err
	}
	if err := c.checkLinks(ctx, io, p); err != nil {
		return err
	}
	changes, err := sitegen.Write(c.Out, files)
	if err != nil {
		return err
	}
	fmt.Fprintf(io.Err, "%s: %d files in %s, %v in %d ms\n", p.shop.Name, len(files), c.Out, changes, time.Since(start).Milliseconds())
	if p.pagesOnly { // there is nothing to paste
		return nil
	}
	return p.printTags(io.Out, files)
}

func (c *buildCommand) checkLinks(ctx context.Context, io streams, p *project) error {
	check := c.linkCheck()
	if err := check.add(c.Shop, p); err != nil {
		return err
	}
	return check.run(ctx, io.Err)
}
