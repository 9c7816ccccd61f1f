package main

import (
	"fmt"
	"time"

	"recourse/ledger"
)

type publishCommand struct {
	source
	From asOf `help:"Day from which the texts apply; today if not given." placeholder:"2026-12-01"`
}

func (c *publishCommand) Help() string {
	return `Example: recourse publish --shop shop.toml --from 2026-12-01

Records in the ledger every text that differs from the last version of its page. Commit the ledger with the texts. A version
that was in force stays as it is; one that applies from a day to come may be published anew. Builds then show on every page
from when its text applies, and serve all versions under <locale>/<page>/versions/.

The ledger is the folder "ledger" beside shop.toml ("amber.ledger" beside amber.toml), or the one that --ledger names.
"recourse version" prints from it, "recourse check" finds whatever was changed in it since.`
}

func (c *publishCommand) Run(io streams) error {
	p, err := c.open()
	if err != nil {
		return err
	}
	today := asOf{}.orToday(time.Now().In(p.shop.Location()))
	from := today
	if c.From.Day != 0 {
		from = c.From.Day
	}
	if c.AsOf.Day == 0 {
		p.asOf = max(from, today) // texts for a day to come have the law of that day
	}
	texts, err := p.site().Texts()
	if err != nil {
		return err
	}
	folder, err := ledger.OpenFolder(p.ledgerDir)
	if err != nil {
		return err
	}
	defer folder.Close()
	l, err := ledger.Open(folder.FS())
	if err != nil {
		return fmt.Errorf("read the ledger %q: %w", p.ledgerDir, err)
	}
	versions, err := l.Record(folder, texts, from, today)
	if err != nil {
		return fmt.Errorf("publish from %s:\n%w", from, err)
	}
	return printPublished(io, versions, p.ledgerDir)
}

func printPublished(io streams, versions []ledger.Version, folder string) error {
	if len(versions) == 0 {
		_, err := fmt.Fprintln(io.Out, "Nothing changed: every text is as it was last published.")
		return err
	}
	for _, v := range versions {
		if _, err := fmt.Fprintf(io.Out, "%s %s from %s sha256 %s\n", v.Locale, v.Page, v.From, v.SHA256); err != nil {
			return err
		}
	}
	fmt.Fprintf(io.Err, "%d texts recorded in %s; commit it with the texts\n", len(versions), folder)
	return nil
}
