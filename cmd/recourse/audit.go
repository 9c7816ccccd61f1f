package main

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"recourse/audit"
)

type auditCommand struct {
	Targets []string `arg:"" help:"Files, folders, pages or sitemaps." placeholder:"PATH|URL"`
	Allow   []string `help:"Texts that may mention the platform, such as a report on its end, as glob patterns." placeholder:"GLOB"`
	JSON    bool     `name:"json" help:"Print the report as JSON."`
}

func (c *auditCommand) Help() string {
	return `Example: recourse audit public/ https://shop.example/sitemap.xml --allow 'blog/**'

A link to the closed platform is an error and ends the command with status 1. A phrase without a link may be history, so it is
a warning. Status 2 means that something could not be read.`
}

func (c *auditCommand) Run(ctx context.Context, io streams) error {
	client := &http.Client{Timeout: 30 * time.Second}
	report, err := audit.Run(ctx, client, c.Targets, audit.Options{Allow: c.Allow})
	if err != nil {
		return err
	}
	print := report.WriteText
	if c.JSON {
		print = report.JSON
	}
	if err := print(io.Out); err != nil {
		return fmt.Errorf("print the report: %w", err)
	}
	switch report.ExitCode() {
	case 0:
		return nil
	case 1:
		return errFindings
	}
	return errUnread
}
