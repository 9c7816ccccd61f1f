package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"recourse/audit"
)

type auditCommand struct {
	Targets      []string      `arg:"" help:"Files, folders, pages or sitemaps." placeholder:"PATH|URL"`
	Allow        []string      `help:"Texts that may mention the platform, such as a report on its end, as glob patterns." placeholder:"GLOB" sep:"none"`
	AllowFile    []string      `help:"Files with one such pattern a line, and the reason after '#'." placeholder:"FILE" sep:"none"`
	Crawl        bool          `help:"From a page, follow its links to pages of the same site."`
	Limit        int           `help:"Most pages of one site (${default})." default:"1000" placeholder:"PAGES"`
	Parallel     int           `help:"Requests to a site at a time." default:"4"`
	Pause        time.Duration `help:"Between two requests, for each of them." default:"100ms"`
	Time         time.Duration `help:"Longest time for one site." default:"15m"`
	MaxSize      int64         `help:"Largest text in MiB (${default}); PDF and Office files may have five times as much." default:"10" placeholder:"MIB"`
	IgnoreRobots bool          `help:"Read pages that robots.txt locks, for your own site before it opens."`
	JSON         bool          `name:"json" xor:"format" help:"Print the report as JSON."`
	SARIF        bool          `name:"sarif" xor:"format" help:"Print the report as SARIF 2.1.0, for code scanning."`
}

func (c *auditCommand) Help() string {
	return `Example: recourse audit public/ https://shop.example/sitemap.xml --allow 'blog/**'

A page is looked at alone, with --crawl also those of the same site that it leads to; of a sitemap all pages are. PDF and Office files are read too.

A link to the closed platform is an error and ends the command with status 1. A phrase without a link may be history, so it is
a warning. Status 2 means that something could not be read.`
}

func (c *auditCommand) Validate() error {
	if c.Limit < 1 || c.Parallel < 1 || c.Time <= 0 || c.MaxSize < 1 || c.MaxSize > 400 || c.Pause < 0 {
		return fmt.Errorf("limits are numbers above 0, --max-size at most 400")
	}
	return nil
}

func (c *auditCommand) Run(ctx context.Context, out streams) error {
	options, err := c.options()
	var report *audit.Report
	if err == nil {
		report, err = audit.Run(ctx, &http.Client{}, c.Targets, options)
	}
	if err != nil { // status 1 would say that there are dead links
		fmt.Fprintf(out.Err, "recourse: %v\n", err)
		return errUnread
	}
	if err := c.printer(report)(out.Out); err != nil {
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

func (c *auditCommand) options() (audit.Options, error) {
	o := audit.Options{
		Crawl: c.Crawl, IgnoreRobots: c.IgnoreRobots, Pages: c.Limit, Parallel: c.Parallel, Pause: max(c.Pause, 1), Time: c.Time,
		Bytes: c.MaxSize << 20, DocumentBytes: 5 * c.MaxSize << 20,
	}
	for _, pattern := range c.Allow {
		o.Allow = append(o.Allow, audit.Allow{Pattern: pattern})
	}
	for _, name := range c.AllowFile {
		list, err := allowFile(name)
		if err != nil {
			return o, err
		}
		o.Allow = append(o.Allow, list...)
	}
	return o, nil
}

func allowFile(name string) ([]audit.Allow, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("read the list of allowed texts: %w", err)
	}
	defer f.Close()
	return audit.ReadAllow(name, f)
}

func (c *auditCommand) printer(r *audit.Report) func(io.Writer) error {
	switch {
	case c.JSON:
		return r.JSON
	case c.SARIF:
		return r.SARIF
	}
	return r.WriteText
}
