package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"recourse/day"
	"recourse/ledger"
)

type versionCommand struct {
	Locale string `arg:"" optional:"" help:"Locale of the page, de-DE."`
	Page   string `arg:"" optional:"" help:"Name of the page, returns."`
	Shop   string `help:"The shop's file." default:"shop.toml" type:"path" placeholder:"FILE"`
	Ledger string `help:"The ledger, if it is not beside the shop's file." type:"path" placeholder:"DIR"`
	At     asOf   `help:"The text in force on this day; today if not given." placeholder:"2026-03-01"`
	HTML   bool   `name:"html" help:"Print the text as it was published, as HTML: the bytes the hash is of."`
	List   bool   `help:"List all versions, or those of a locale or page."`
}

func (c *versionCommand) Help() string {
	return `Example: recourse version --at 2026-03-01 de-DE returns
         recourse version --list de-DE

Prints which text was in force on the day of an order, with its hash, from the ledger that "recourse publish" keeps.`
}

func (c *versionCommand) Run(io streams) error {
	sh, err := readShop(c.Shop)
	if err != nil {
		return err
	}
	w := &workshop{source: source{Ledger: c.Ledger}}
	p := &project{shop: sh, ledgerDir: w.ledgerFolder(c.Shop, sh.ID)}
	l, err := p.openLedger()
	if err != nil {
		return err
	}
	if l == nil || l.Empty() {
		return fmt.Errorf("read the ledger %q: no text has been published there; begin with \"recourse publish\", or name the ledger with --ledger", p.ledgerDir)
	}
	today := asOf{}.orToday(time.Now().In(sh.Location()))
	if c.List {
		return c.list(io, l, today)
	}
	return c.print(io, l, c.At.orToday(time.Now().In(sh.Location())))
}

func (c *versionCommand) list(io streams, l *ledger.Ledger, today day.Day) error {
	if err := c.known(l); err != nil {
		return err
	}
	for _, v := range l.All() {
		if c.Locale != "" && v.Locale != c.Locale || c.Page != "" && v.Page != c.Page {
			continue
		}
		if _, err := fmt.Fprintf(io.Out, "%s %s %s sha256 %s\n", v.Locale, v.Page, span(v, today), v.SHA256); err != nil {
			return err
		}
	}
	return nil
}

// known says what there is instead of what is not there.
func (c *versionCommand) known(l *ledger.Ledger) error {
	if locales := l.Locales(); c.Locale != "" && !slices.Contains(locales, c.Locale) {
		return fmt.Errorf("find %q: no text was published in this locale; there are %s", c.Locale, strings.Join(locales, ", "))
	}
	if pages := l.Pages(c.Locale); c.Page != "" && !slices.Contains(pages, c.Page) {
		return fmt.Errorf("find %q: no such page was published in %s; there are %s", c.Page, c.Locale, strings.Join(pages, ", "))
	}
	return nil
}

func (c *versionCommand) print(io streams, l *ledger.Ledger, at day.Day) error {
	if c.Locale == "" || c.Page == "" {
		return fmt.Errorf("name a locale and a page, as in \"recourse version %s\"; --list shows all", l.All()[0].Locale+" "+l.All()[0].Page)
	}
	if err := c.known(l); err != nil {
		return err
	}
	v, ok := l.At(c.Locale, c.Page, at)
	if !ok {
		return fmt.Errorf("find the text of %s %s on %s: the first that was published applies from %s",
			c.Locale, c.Page, at, l.Versions(c.Locale, c.Page)[0].From)
	}
	html, err := l.HTML(v)
	if err != nil {
		return fmt.Errorf("read %s: the text %w", v.Path(), err)
	}
	if c.HTML {
		_, err := io.Out.Write(html)
		return err
	}
	_, err = fmt.Fprintf(io.Out, "%s %s, %s, published on %s\nsha256 %s\n\n%s", v.Locale, v.Page, span(v, at), v.Recorded, v.SHA256, ledger.Plain(html))
	return err
}

// span says from when to when a version applies.
func span(v ledger.Version, today day.Day) string {
	switch {
	case v.Until != day.Unknown:
		return fmt.Sprintf("from %s until %s", v.From, v.Until)
	case v.From > today:
		return fmt.Sprintf("from %s, not in force yet", v.From)
	}
	return fmt.Sprintf("from %s, in force", v.From)
}
