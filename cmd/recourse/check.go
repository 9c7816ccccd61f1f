package main

import (
	"encoding/json"
	"fmt"

	"recourse/check"
)

type checkCommand struct {
	source
	JSON bool `name:"json" help:"Print the findings as JSON."`
}

func (c *checkCommand) Help() string {
	return `Example: recourse check --shop shop.toml

Errors are what the law of a market asks for and the shop lacks; they make the command end with status 1. Warnings are worth
a look. Notes name facts that nobody has verified and that the texts therefore leave out.`
}

func (c *checkCommand) Run(io streams) error {
	p, err := c.open()
	if err != nil {
		return err
	}
	findings := check.Run(p.shop, p.law, p.languages.Languages(), p.asOf)
	if c.JSON {
		err = json.NewEncoder(io.Out).Encode(findings)
	} else {
		err = check.Print(io.Out, findings)
	}
	if err != nil {
		return fmt.Errorf("print the findings: %w", err)
	}
	if check.Errors(findings) > 0 {
		return errFindings
	}
	return nil
}
