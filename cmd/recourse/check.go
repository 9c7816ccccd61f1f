package main

import (
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"

	"recourse/check"
	"recourse/intake/answers"
	"recourse/sitegen"
	"recourse/strict"
)

type checkCommand struct {
	source
	JSON   bool `name:"json" help:"Print the findings as JSON."`
	Strict bool `help:"Let warnings count like errors."`
}

func (c *checkCommand) Help() string {
	return `Example: recourse check --shop shop.toml

Errors are what the law of a market asks for and the shop lacks; they make the command end with status 1, as do warnings with
--strict. Warnings are worth a look, such as a clause in your own texts that the law may not allow. Notes name facts that
nobody has verified and texts that nobody has reviewed.`
}

func (c *checkCommand) Run(io streams) error {
	findings, err := c.findings()
	if err != nil {
		return err
	}
	if c.JSON {
		err = check.JSON(io.Out, findings)
	} else {
		err = check.Print(io.Out, findings, terminal(io.Out) && os.Getenv("NO_COLOR") == "")
	}
	if err != nil {
		return fmt.Errorf("print the findings: %w", err)
	}
	if check.Count(findings, check.Error) > 0 || c.Strict && check.Count(findings, check.Warning) > 0 {
		return errFindings
	}
	return nil
}

// findings checks the shop. Mistakes in its file, in texts and strings are findings too; where the shop can be read all the same, the
// others follow them.
func (c *checkCommand) findings() ([]check.Finding, error) {
	p, err := c.open()
	if err == nil {
		_, errAnswers := answers.Load(p.content)
		_, err = p.site().Print()
		err = errors.Join(err, errAnswers)
	}
	found, err := c.mistakes(p, err)
	if err != nil || p == nil || p.languages == nil {
		return found, err
	}
	more, err := c.check(p)
	return append(found, more...), err
}

// mistakes are those that a build would tell, as findings.
func (c *checkCommand) mistakes(p *project, err error) ([]check.Finding, error) {
	if err == nil {
		return nil, nil
	}
	own := ""
	if p != nil {
		own = ownContent(c.Shop, p.shop)
	} else if sh := soundShop(c.Shop, err, nil); sh != nil {
		own = ownContent(c.Shop, sh)
	}
	err = c.allMistakes([]string{c.Shop}, false, err)
	var list []error
	for _, e := range sitegen.Separate(err) {
		list = append(list, inFolder(e, c.folder(own)))
	}
	found, ok := check.Mistakes(errors.Join(list...))
	if !ok {
		return nil, err
	}
	return found, nil
}

// inFolder gives the mistake in a text the path of its file, and the form of those in tables.
func inFolder(err error, folder func(name string) string) error {
	var text *sitegen.Fault
	var table *strict.Error
	switch {
	case errors.As(err, &text):
		return &strict.Error{File: path.Join(folder(text.File), text.File), Line: text.Line, Column: text.Column, Key: text.Text, Problem: text.Problem, Fix: text.Fix}
	case errors.As(err, &table) && !filepath.IsAbs(table.File):
		moved := *table
		moved.File = path.Join(folder(table.File), table.File)
		return &moved
	}
	return err
}

func (c *checkCommand) check(p *project) ([]check.Finding, error) {
	data, err := os.ReadFile(c.Shop)
	if err != nil {
		return nil, fmt.Errorf("read the shop's file: %w", err)
	}
	in := check.Input{
		Shop: p.shop, File: near(c.Shop), Source: data, Law: p.law, Languages: p.languages.Languages(),
		Content: p.content, Folder: c.folder(ownContent(c.Shop, p.shop)), Today: p.asOf,
		Secrets: func(source string) error { return secretsAreThere(source, c.Shop) },
	}
	if _, err := os.Stat(p.ledgerDir); err == nil {
		in.Ledger, in.LedgerPath = os.DirFS(p.ledgerDir), near(p.ledgerDir)
		in.Texts, _ = p.site().Texts() // what is wrong with a text, a build says
	}
	return check.Run(in)
}

// folder says in which folder of own texts a file lies: the shop's own, which lies over the other, or that of --content.
func (c *checkCommand) folder(own string) func(name string) string {
	return func(name string) string {
		if _, err := os.Stat(filepath.Join(own, filepath.FromSlash(name))); own != "" && err == nil {
			return near(own)
		}
		return near(c.Content)
	}
}

// near is a path as somebody in the working directory would write it, where that is below it.
func near(path string) string {
	here, err := os.Getwd()
	if err != nil {
		return path
	}
	short, err := filepath.Rel(here, path)
	if err != nil || !filepath.IsLocal(short) {
		return path
	}
	return filepath.ToSlash(short)
}
