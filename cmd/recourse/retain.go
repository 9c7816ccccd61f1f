package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/mattn/go-isatty"

	"recourse/intake/docket"
	"recourse/intake/retain"
)

type retainCommand struct {
	vaultFlags
	Shops    []string `name:"shop" help:"The shop's file; repeatable." default:"shop.toml" type:"path" placeholder:"FILE" sep:"none"`
	Case     string   `help:"Erase this case, because the consumer asks for it, instead of following the rules." placeholder:"REFERENCE" xor:"do"`
	Log      bool     `help:"List what was erased." xor:"do"`
	DryRun   bool     `help:"Say what would be erased, and erase nothing."`
	Yes      bool     `short:"y" help:"Do not ask."`
	EvenMany bool     `help:"Erase more than a fifth of what a shop has, as after the first rule for an old database. Look at the clock first."`
}

func (c *retainCommand) Help() string {
	return `Examples: recourse retain --shop shop.toml --data /var/lib/recourse --dry-run
          recourse retain --case 4K7Q-2M3X-9TR --data /var/lib/recourse
          recourse retain --log --data /var/lib/recourse

Erases closed cases and attachments as the shop's file says below [retention], and nothing where it says nothing. "recourse serve" does
the same every night. A case that is held is never erased. What is erased leaves every table, the search, the outbox, attachments, letters
in DATA/mail and the files of the database; backups, exports and mailboxes are yours to look after. docs/retention.md tells more.`
}

func (c *retainCommand) Run(ctx context.Context, out streams) (err error) {
	v, err := c.existing(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, v.close()) }()
	room := retain.Vault{Store: v.Store, Files: v.files, Letters: filepath.Join(c.Data, "mail")}
	switch {
	case c.Log:
		return listErasures(ctx, room, out.Out)
	case c.Case != "":
		return c.one(ctx, room, out)
	}
	for _, file := range c.Shops {
		if err := c.rules(ctx, room, file, out); err != nil {
			return err
		}
	}
	return nil
}

func listErasures(ctx context.Context, v retain.Vault, w io.Writer) error {
	all, err := v.Erasures(ctx)
	if err != nil {
		return err
	}
	for _, e := range all {
		who := e.Login
		if who == "" {
			who = "by the clock"
		}
		if _, err := fmt.Fprintf(w, "%s  %-12s %-10s  %-10s %s, %s  %s\n", e.At.Format(time.RFC3339), e.Shop, e.Form, e.Rule,
			some(e.Cases, "case"), some(e.Files, "attachment"), who); err != nil {
			return err
		}
	}
	return nil
}

const console = "console" // who does what is done with the command

func (c *retainCommand) rules(ctx context.Context, v retain.Vault, file string, out streams) error {
	sh, err := readShop(file)
	if err != nil {
		return err
	}
	if !sh.Retention.Set() {
		fmt.Fprintf(out.Err, "%s: there is no [retention] in %s, so nothing is erased\n", sh.ID, near(file))
		return nil
	}
	now := time.Now()
	plan, err := retain.NewPlan(ctx, v, sh, now)
	if err != nil {
		return err
	}
	printPlan(plan, out.Out)
	cases, files := plan.Expired()
	if c.DryRun || cases+files == 0 {
		return nil
	}
	if err := plan.Believable(); err != nil && !c.EvenMany {
		return fmt.Errorf("%w If it is, say --even-many", err)
	}
	if err := c.sure(fmt.Sprintf("Erase them for good? It is now %s.", now.In(sh.Location()).Format("Monday, 2 January 2006, 15:04")), out); err != nil {
		return err
	}
	erased, err := v.Carry(ctx, plan, console, now)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out.Out, "%s: erased %s and %s\n", sh.ID, some(erased.Cases, "case"), some(erased.Files, "attachment"))
	return err
}

func printPlan(p retain.Plan, w io.Writer) {
	fmt.Fprintf(w, "%s has %s and %s\n", p.Shop, some(p.Cases, "case"), some(p.Files, "attachment"))
	for _, r := range p.Rules {
		what := some(len(r.Cases), string(r.Form))
		if r.OnlyFiles {
			what = some(len(r.Files), "attachment") + " of " + string(r.Form) + "s"
		}
		fmt.Fprintf(w, "  %s, closed before %s (%s)\n", what, r.Before.Format("2006-01-02"), r.Period)
	}
}

// sure asks where somebody can answer.
func (c *retainCommand) sure(question string, out streams) error {
	if c.Yes {
		return nil
	}
	if !isatty.IsTerminal(os.Stdin.Fd()) {
		return errors.New("nobody is there to be asked: say --yes, or --dry-run to look only")
	}
	fmt.Fprintf(out.Err, "%s Write yes: ", question)
	answer, err := bufio.NewReader(os.Stdin).ReadString('\n')
	if err != nil || strings.TrimSpace(answer) != "yes" {
		return errors.New("nothing was erased")
	}
	return nil
}

func (c *retainCommand) one(ctx context.Context, v retain.Vault, out streams) error {
	reference, ok := docket.ParseReference(c.Case)
	if !ok {
		return fmt.Errorf("find the case %q: that is no reference; they look like 4K7Q-2M3X-9TR", c.Case)
	}
	found, err := v.Request(ctx, reference)
	switch {
	case errors.Is(err, retain.ErrHeld):
		return fmt.Errorf("erase the case %s: %w. Data that is needed for legal claims may be kept (Regulation (EU) 2016/679 Art 17(3)(e)); end the hold in the inbox first", reference, err)
	case errors.Is(err, retain.ErrOpen):
		return fmt.Errorf("erase the case %s: %w; close it first, with the outcome \"retracted\" if the consumer gives the claim up", reference, err)
	case err != nil:
		return fmt.Errorf("erase the case %s: %w", reference, err)
	}
	fmt.Fprintf(out.Out, "%s: %s of the shop %q, received %s, closed %s\n", reference, found.Form, found.Shop,
		found.Received.Format("2006-01-02"), found.Closed.Format("2006-01-02"))
	if c.DryRun {
		return nil
	}
	if err := c.sure("Erase it for good?", out); err != nil {
		return err
	}
	if err := v.Grant(ctx, found, console, time.Now()); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out.Out, "%s is erased. Look through backups, exports and mailboxes as well: docs/retention.md\n", reference)
	return err
}
