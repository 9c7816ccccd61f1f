package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"recourse/shop"
)

type initCommand struct {
	ID   string `help:"Short name used in addresses." default:"myshop" placeholder:"ID"`
	Name string `help:"Name as customers know it." default:"My shop" placeholder:"NAME"`
	File string `arg:"" optional:"" help:"File to write." default:"shop.toml" type:"path"`
}

func (c *initCommand) Help() string {
	return `Example: recourse init --id bernstein --name Bernsteinladen

Every key in the file is explained beside it. An existing file is never overwritten.`
}

func (c *initCommand) Run(io streams) error {
	f, err := os.OpenFile(c.File, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("write %q: the file is already there; name another or move it away", c.File)
	}
	if err != nil {
		return fmt.Errorf("write the shop's file: %w", err)
	}
	defer f.Close()
	if _, err := f.Write(shop.Template(c.ID, c.Name)); err != nil {
		return fmt.Errorf("write %q: %w", c.File, err)
	}
	fmt.Fprintf(io.Err, "wrote %s; fill it in, then run \"recourse check\" and \"recourse build\"\n", c.File)
	return f.Close()
}
