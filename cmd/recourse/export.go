package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"recourse/intake/docket"
	"recourse/intake/export"
)

type exportCommand struct {
	vaultFlags
	File         string         `arg:"" optional:"" help:"The file to write; its signature lies beside it as FILE.sig. Left out, or -: standard output, without signature." type:"path"`
	Format       string         `help:"csv for spreadsheets, json for programs: it loses nothing." enum:"csv,json" default:"csv" placeholder:"csv"`
	Shops        []string       `name:"shop" help:"Only cases of the shop with this id; repeatable." placeholder:"ID" sep:"none"`
	From         asOf           `help:"Only cases received on this day or later." placeholder:"2026-01-01"`
	Until        asOf           `help:"Only cases received on this day or earlier." placeholder:"2026-12-31"`
	Zone         string         `help:"Time zone in which these days begin and end." default:"UTC" placeholder:"Europe/Berlin"`
	State        []docket.State `help:"Only cases in this state: new, in-progress, answered or closed; repeatable." placeholder:"STATE" sep:"none"`
	Form         string         `help:"Only withdrawals, or only complaints." enum:"withdrawal,complaint," default:"" placeholder:"FORM"`
	WithMessages bool           `help:"CSV: a last column with what was written since. JSON always has it."`
	Separator    string         `help:"CSV: what stands between cells; Excel wants ; where commas are decimal." default:"," placeholder:";"`
	BOM          bool           `name:"bom" help:"CSV: begin with a byte order mark, by which Excel knows UTF-8."`
}

func (c *exportCommand) Help() string {
	return `Examples: recourse export cases.csv --data /var/lib/recourse
          recourse export cases.csv --separator ";" --bom --from 2026-01-01 --until 2026-12-31 --zone Europe/Berlin
          recourse export cases.json --format json --shop my-shop --state closed

The file can be read by its owner only, and "recourse verify FILE" tells later whether a byte of it was changed. In CSV, a text that a
spreadsheet could take for a formula has an apostrophe before it; JSON has every text as it was written. docs/export.md names the columns.
Cases in quarantine are among them. That there was an export is recorded where views of personal data are.`
}

func (c *exportCommand) Validate() error {
	if _, err := time.LoadLocation(c.Zone); err != nil {
		return fmt.Errorf("--zone %q: there is no such time zone; write one like Europe/Berlin", c.Zone)
	}
	if c.Separator != "," && c.Separator != ";" {
		return fmt.Errorf("--separator %q: there are , and ;", c.Separator)
	}
	for _, s := range c.State {
		if !slices.Contains(docket.States, s) {
			return fmt.Errorf("--state %q: there are new, in-progress, answered and closed", s)
		}
	}
	return nil
}

func (c *exportCommand) Run(ctx context.Context, out streams) (err error) {
	v, err := c.existing(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, v.close()) }()
	now, cases := time.Now(), 0
	write := func(w io.Writer) (err error) {
		cases, err = c.write(ctx, w, v)
		return err
	}
	if c.File == "" || c.File == "-" {
		err = buffered(out.Out, write)
	} else {
		err = writeSealed(c.File, v.key, now, write, func(*os.File) error { return nil })
	}
	if err != nil {
		return err
	}
	if err := c.record(ctx, v, cases, now); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out.Err, "%s exported\n", some(cases, "case"))
	return err
}

func (c *exportCommand) write(ctx context.Context, w io.Writer, v *vault) (int, error) {
	if c.Format == "json" {
		return export.JSON(ctx, w, v.Store, c.query())
	}
	return export.CSV{Separator: rune(c.Separator[0]), Mark: c.BOM, Messages: c.WithMessages}.Write(ctx, w, v.Store, c.query())
}

func (c *exportCommand) query() docket.Query {
	q := docket.Query{States: c.State, Form: c.Form, All: true, From: c.beginning(c.From, 0), Until: c.beginning(c.Until, 1)}
	if len(c.Shops) > 0 {
		q.Shops = c.Shops
	}
	return q
}

// beginning of a day, or of one some days later; zero where none was named.
func (c *exportCommand) beginning(d asOf, later int) time.Time {
	if d.Day == 0 {
		return time.Time{}
	}
	year, month, dom := d.Date()
	zone, err := time.LoadLocation(c.Zone)
	if err != nil { // Validate has asked already
		zone = time.UTC
	}
	return time.Date(year, time.Month(month), dom+later, 0, 0, 0, 0, zone)
}

// record notes the export for each shop it was about.
func (c *exportCommand) record(ctx context.Context, v *vault, cases int, now time.Time) error {
	shops := c.Shops
	if len(shops) == 0 {
		shops = []string{docket.EveryShop}
	}
	for _, id := range shops {
		view := docket.View{At: now, Login: console, Shop: id, What: "export", Detail: fmt.Sprintf("%s, %s", some(cases, "case"), c.Format)}
		if err := v.Viewed(ctx, view); err != nil {
			return err
		}
	}
	return nil
}
