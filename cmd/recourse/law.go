package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"

	"recourse/day"
	"recourse/law"
)

type lawCommand struct {
	Changes lawChanges `cmd:"" help:"List on which days the law changes for the countries a shop sells to."`
}

type lawChanges struct {
	Shop    string   `help:"The shop's file; its markets are looked at." default:"shop.toml" type:"path" placeholder:"FILE"`
	Country []string `help:"Countries to look at instead of the shop's." placeholder:"DE"`
	All     bool     `help:"Look at every country."`
	Since   asOf     `help:"First day; left out: today." placeholder:"2026-11-20"`
	Until   asOf     `help:"Last day; left out: without end." placeholder:"2028-12-31"`
	JSON    bool     `name:"json" help:"Print the changes as JSON."`
}

func (c *lawChanges) Help() string {
	return `Example: recourse law changes --since 2026-01-01 --country ES --country CZ

Each change has its day, its country, what begins or ends, the provision and the source. What nobody has verified says so: the pages
do not follow it. The data lie in law/countries and law/eu.toml; docs/law.md says how to correct them.`
}

func (c *lawChanges) Run(io streams) error {
	book, err := law.Load()
	if err != nil {
		return err
	}
	countries, err := c.countries(book)
	if err != nil {
		return err
	}
	since := c.Since.orToday(time.Now())
	list, err := book.Changes(countries, since, c.Until.Day)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(io.Out, list)
	}
	return printChanges(io.Out, list, since)
}

func (c *lawChanges) countries(book *law.Book) ([]string, error) {
	if c.All {
		return book.Countries(), nil
	}
	if len(c.Country) > 0 {
		return c.Country, nil
	}
	if _, err := os.Stat(c.Shop); os.IsNotExist(err) {
		return nil, fmt.Errorf("list the changes for the shop's file %q: there is none; name it with --shop, or countries with --country", c.Shop)
	}
	s, err := readShop(c.Shop)
	if err != nil {
		return nil, err
	}
	return s.Countries(), nil
}

func printJSON(w io.Writer, list []law.Change) error {
	if list == nil {
		list = []law.Change{}
	}
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	out.SetIndent("", "\t")
	return out.Encode(list)
}

func printChanges(w io.Writer, list []law.Change, since day.Day) error {
	if len(list) == 0 {
		_, err := fmt.Fprintf(w, "No change is known from %s on.\n", since)
		return err
	}
	for _, c := range list {
		doubt := ""
		if !c.Verified {
			doubt = " (not verified)"
		}
		if _, err := fmt.Fprintf(w, "%s  %s  %s%s\n            %s [%s]\n", c.Day, c.Country, c.Words(), doubt, where(c), c.Subject); err != nil {
			return err
		}
	}
	return nil
}

// where is where a change can be read.
func where(c law.Change) string {
	switch {
	case c.Statute != "" && c.Source != "":
		return c.Statute + "; " + c.Source
	case c.Source != "":
		return c.Source
	case c.Statute != "":
		return c.Statute + "; no source was seen"
	}
	return "no source was seen"
}
