package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"

	"recourse/publish"
	"recourse/sitegen"
)

type watchCommand struct {
	Shops []string `arg:"" optional:"" help:"Files of shops; several are built below --out, each in a folder named by its id." type:"path" placeholder:"SHOP"`
	source
	output
	Addr string   `help:"Address to serve the pages at." default:"localhost:8080" placeholder:"HOST:PORT"`
	Poll interval `help:"Look for changes so often, a time such as 1s; 0: never; auto: where the system does not tell of them." default:"auto" placeholder:"TIME"`
}

func (c *watchCommand) Help() string {
	return `Example: recourse watch shop.toml --content texts
         recourse watch shops/*.toml --out dist

Rebuilds when the shop's file or a text changes and renews the page in every open browser. A mistake is shown in the terminal
and over the page, with file, line and column; the last good pages stay. Network drives, folders of virtual machines and the
file systems of containers are looked at twice a second, since changes there are not always announced.`
}

// interval is how often to poll, as sitegen.WatchOptions has it.
type interval struct{ time.Duration }

func (i *interval) UnmarshalText(text []byte) (err error) {
	switch string(text) {
	case "auto":
		i.Duration = 0
	case "0":
		i.Duration = -1
	default:
		i.Duration, err = time.ParseDuration(string(text))
		if err != nil || i.Duration <= 0 {
			return fmt.Errorf("%q is not a time; write for example 500ms or 2s, or auto, or 0 for never", text)
		}
	}
	return nil
}

func (c *watchCommand) Run(ctx context.Context, io streams) error {
	if err := os.MkdirAll(c.Out, 0o755); err != nil {
		return fmt.Errorf("watch: make the folder for the pages: %w", err)
	}
	files := c.Shops
	if len(files) == 0 {
		files = []string{c.Shop}
	}
	r := newRebuilder(c.source, c.output, files)
	live := sitegen.NewLive()
	r.live = live
	pages := publish.Serve(os.DirFS(c.Out))
	server := &http.Server{Addr: c.Addr, Handler: r.shown.note(sitegen.LiveHandler(live, pages))}
	server.RegisterOnShutdown(live.Close)
	failed := make(chan error, 1)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go func() {
		failed <- listen(ctx, gate{Server: server, flag: "--addr"})
		stop() // without the server there is nothing to watch for
	}()
	fmt.Fprintf(io.Err, "pages at http://%s/; press Ctrl+C to stop\n", c.Addr)
	err := sitegen.Watch(ctx, sitegen.WatchOptions{
		Folders: r.folders(), Files: files, Build: r.buildOrTell, Out: c.Out, Source: r.read, Poll: c.Poll.Duration,
		Live: live, Log: logs{}.logger(io.Err),
	})
	stop()
	return errors.Join(err, <-failed)
}
