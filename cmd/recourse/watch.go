package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"time"

	"recourse/publish"
	"recourse/sitegen"
)

type watchCommand struct {
	source
	output
	Addr    string   `help:"Address to serve the pages at." default:"localhost:8080" placeholder:"HOST:PORT"`
	content fs.FS    // of the last build, for the lines that errors name
	Poll    interval `help:"Look for changes so often, a time such as 1s; 0: never; auto: where the system does not tell of them." default:"auto" placeholder:"TIME"`
}

func (c *watchCommand) Help() string {
	return `Example: recourse watch --shop shop.toml --content texts

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
	live := sitegen.NewLive()
	pages := publish.Serve(os.DirFS(c.Out))
	server := &http.Server{Addr: c.Addr, Handler: sitegen.LiveHandler(live, pages)}
	server.RegisterOnShutdown(live.Close)
	failed := make(chan error, 1)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go func() {
		failed <- listen(ctx, server)
		stop() // without the server there is nothing to watch for
	}()
	fmt.Fprintf(io.Err, "pages at http://%s/; press Ctrl+C to stop\n", c.Addr)
	err := sitegen.Watch(ctx, sitegen.WatchOptions{
		Folders: c.folders(), Files: []string{c.Shop}, Build: c.build, Out: c.Out, Source: c.read, Poll: c.Poll.Duration,
		Live: live, Log: logger(io.Err),
	})
	stop()
	return errors.Join(err, <-failed)
}

// build reads everything anew: the shop's file may be what changed.
func (c *watchCommand) build(context.Context, []string) (sitegen.Changes, error) {
	p, err := c.open()
	if err != nil {
		return sitegen.Changes{}, err
	}
	c.content = p.content
	files, err := c.files(p)
	if err != nil {
		return sitegen.Changes{}, err
	}
	return sitegen.Write(c.Out, files)
}

// read gives a file that an error names.
func (c *watchCommand) read(file string) ([]byte, error) {
	if file == c.Shop {
		return os.ReadFile(file)
	}
	if c.content == nil {
		return nil, fs.ErrNotExist
	}
	return fs.ReadFile(c.content, file)
}

// folders are those of own texts that there are when watching begins; the built-in ones do not change.
func (c *watchCommand) folders() (folders []string) {
	if c.Content != "" {
		folders = append(folders, c.Content)
	}
	sh, err := readShop(c.Shop)
	if err != nil {
		return folders // the first build tells
	}
	if own := ownContent(c.Shop, sh); own != "" {
		if info, err := os.Stat(own); err == nil && info.IsDir() {
			folders = append(folders, own)
		}
	}
	return folders
}
