package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"

	"recourse/publish"
	"recourse/sitegen"
)

type watchCommand struct {
	source
	output
	Addr string `help:"Address to serve the pages at." default:"localhost:8080" placeholder:"HOST:PORT"`
}

func (c *watchCommand) Help() string {
	return `Example: recourse watch --shop shop.toml --content texts

Rebuilds when the shop's file or a text changes and reloads the page in every open browser. A mistake is shown in the terminal
and over the page, with file, line and column; the last good pages stay.`
}

func (c *watchCommand) Run(ctx context.Context, io streams) error {
	if err := os.MkdirAll(c.Out, 0o755); err != nil {
		return fmt.Errorf("watch: make the folder for the pages: %w", err)
	}
	live := sitegen.NewLive()
	pages := publish.Serve(os.DirFS(c.Out))
	server := &http.Server{Addr: c.Addr, Handler: sitegen.LiveHandler(live, pages)}
	failed := make(chan error, 1)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go func() {
		failed <- listen(ctx, server)
		stop() // without the server there is nothing to watch for
	}()
	fmt.Fprintf(io.Err, "pages at http://%s/; press Ctrl+C to stop\n", c.Addr)
	err := sitegen.Watch(ctx, sitegen.WatchOptions{
		Folders: c.folders(), Files: []string{c.Shop}, Build: c.build, Out: c.Out, Live: live, Log: logger(io.Err),
	})
	stop()
	return errors.Join(err, <-failed)
}

// build reads everything anew: the shop's file may be what changed.
func (c *watchCommand) build() (map[string][]byte, error) {
	p, err := c.open()
	if err != nil {
		return nil, err
	}
	return c.files(p)
}

func (c *watchCommand) folders() []string {
	if c.Content == "" {
		return nil // the built-in texts do not change
	}
	return []string{c.Content}
}
