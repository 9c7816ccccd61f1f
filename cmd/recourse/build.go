package main

import (
	"fmt"
	"time"

	"recourse/sitegen"
)

type buildCommand struct {
	Shops []string `arg:"" optional:"" help:"Files of shops; several are built below --out, each in a folder named by its id." type:"path" placeholder:"SHOP"`
	source
	output
}

func (c *buildCommand) Help() string {
	return `Example: recourse build shop.toml --out dist
         recourse build shops/*.toml --out dist

Files that did not change are left alone, files of an earlier build that are gone are removed, files others put into the
folder are kept. A build with an error changes nothing. With --compress the first build takes seconds; what did not change
since is not compressed again.`
}

func (c *buildCommand) Run(io streams) error {
	if len(c.Shops) > 1 {
		return c.many(io)
	}
	if len(c.Shops) == 1 {
		c.Shop = c.Shops[0]
	}
	start := time.Now()
	p, err := c.open()
	if err != nil {
		return err
	}
	files, err := c.files(p)
	if err != nil {
		return err
	}
	changes, err := sitegen.Write(c.Out, files)
	if err != nil {
		return err
	}
	fmt.Fprintf(io.Err, "%s: %d files in %s, %v in %d ms\n", p.shop.Name, len(files), c.Out, changes, time.Since(start).Milliseconds())
	return p.printTags(io.Out, files)
}
