package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/mattn/go-isatty"

	"recourse/intake"
	"recourse/intake/answers"
	"recourse/intake/mail"
	"recourse/intake/metrics"
	"recourse/intake/people"
	"recourse/intake/retain"
	"recourse/publish"
	"recourse/shop"
)

type serveCommand struct {
	Shops []string `arg:"" optional:"" help:"Files of shops, folders of them, or patterns; served together, each built into a folder of --out named by its id." type:"path" placeholder:"SHOP"`
	source
	output
	vaultFlags
	front
	logs
	Site      string `help:"Folder with the shop's own pages, served beside dist." type:"existingdir" placeholder:"DIR"`
	PerMinute int    `help:"How many submissions one client may send in a minute; an upload counts as four." default:"30" placeholder:"N"`
}

func (c *serveCommand) Help() string {
	return `Examples: recourse serve --shop shop.toml --data /var/lib/recourse --addr :8080
          recourse serve --addr :443 --http :80 --tls shop.example,www.shop.example --metrics localhost:9090
          recourse serve shops --content texts --metrics localhost:9090

Builds dist, then serves it with the intake and the inbox. Files go out compressed to whoever takes them so; with --compress
they are as small as can be. On SIGHUP the files of shops and texts are read and built again, and no request fails. A folder is looked
through again then; a shop with mistakes stays as it was, and other shops are served all the same. Two settings are secret and therefore come from the environment:

  RECOURSE_SMTP_URL         mail server, smtps://user:password@mail.example; without it mails are written to DATA/mail
  RECOURSE_INBOX_PASSWORD   password of the inbox's user "owner"; without it the first start draws one and writes it to
                            DATA/inbox-password.txt

Each may lie in a file instead: RECOURSE_SMTP_URL_FILE names it, or systemd gives it as the credential recourse-smtp-url.`
}

func (c *serveCommand) Run(ctx context.Context, out streams) error {
	if err := errors.Join(c.front.check(), c.check()); err != nil {
		return err
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(serveMemory)
	}
	meter := metrics.New()
	e := c.estate(meter)
	r, err := e.renew(ctx, out.Err)
	if err != nil {
		return err
	}
	e.now = r.next
	s, err := c.intake(ctx, r, meter, out)
	if err != nil {
		return err
	}
	defer s.close()
	debug.FreeOSMemory() // hashing the first password has taken some
	s.complain(r)
	fmt.Fprintf(out.Err, "%s\n%s", c.addresses(r), s.notes)
	return c.serve(ctx, r, s, out)
}

// check finds flags that are for one shop only.
func (c *serveCommand) check() error {
	switch {
	case len(c.Shops) > 0 && c.Base != "":
		return errors.New("serve several shops: --base would put all of them at one address; serve one shop with --shop, or leave --base out")
	case len(c.Shops) > 0 && c.Site != "":
		return errors.New("serve several shops: --site is one shop's own pages; serve one shop with --shop, or leave --site out")
	}
	return nil
}

// serveMemory is what a server tries to get along with: from there on garbage is collected more often. It is no limit.
const serveMemory = 64 << 20

// pageRoom is how much of the pages is kept in memory.
const pageRoom = 16 << 20

func (c *serveCommand) estate(m *metrics.Meter) *estate {
	return &estate{
		source: c.source, output: c.output, args: c.Shops, shelf: publish.NewShelf(pageRoom), build: buildElsewhere,
		count: func(pages http.Handler) http.Handler { return m.Count("pages", pages) },
	}
}

// service is a running intake with what must be closed after it.
type service struct {
	*intake.Server
	meter *metrics.Meter
	log   *slog.Logger
	notes string // what the owner should know, for the terminal
	night retain.Keeper
	close func() error
}

func (c *serveCommand) intake(ctx context.Context, r *renewal, meter *metrics.Meter, out streams) (*service, error) {
	v, err := c.vault(ctx)
	if err != nil {
		return nil, err
	}
	sender, mailNote, errSender := c.sender()
	chosen, errChosen := secret("RECOURSE_INBOX_PASSWORD")
	fresh, errPassword := people.FirstOwner(ctx, v, c.Data, chosen, time.Now())
	if err := errors.Join(errSender, errChosen, errPassword); err != nil {
		return nil, errors.Join(err, v.close())
	}
	book, errAnswers := answers.Load(r.texts)
	if errAnswers != nil {
		return nil, errors.Join(errAnswers, v.close())
	}
	log := c.logger(out.Err)
	meter.WatchDisk(c.Data)
	server, err := intake.New(intake.Config{
		Fleet: r.fleet(), Law: r.common.law, Locales: r.common.languages, Store: v, Files: v.files, Mail: sender, Answers: book,
		Key: v.key, Log: log, Metrics: meter, Folder: c.Data, Proxies: c.Proxies, PerMinute: c.PerMinute,
	})
	if err != nil {
		return nil, errors.Join(err, v.close())
	}
	notes := mailNote + passwordNote(fresh, out.Err) + fmt.Sprintf("signs  receipts with the key %s\n", server.Fingerprint())
	night := retain.Keeper{
		Vault: retain.Vault{Store: v.Store, Files: v.files, Letters: filepath.Join(c.Data, "mail")}, Shops: server.Shops, Now: time.Now, Log: log,
	}
	return &service{server, meter, log, notes, night, v.close}, nil
}

// sender is SMTP where a mail server is named, else a folder.
func (c *serveCommand) sender() (mail.Sender, string, error) {
	address, err := secret("RECOURSE_SMTP_URL")
	if err != nil {
		return nil, "", err
	}
	if address == "" {
		dir := filepath.Join(c.Data, "mail")
		sender, err := mail.NewFolder(dir)
		return sender, fmt.Sprintf("mails  no mail server is set up (RECOURSE_SMTP_URL); mails are written to %s\n", dir), err
	}
	config, err := mail.ParseURL(address)
	if err != nil {
		return nil, "", fmt.Errorf("RECOURSE_SMTP_URL: %w", err)
	}
	sender, err := mail.NewSMTP(config)
	return sender, fmt.Sprintf("mails  are sent through %s\n", config.Host), err
}

// passwordNote shows a fresh password to somebody at a terminal; a journal only learns where it is.
func passwordNote(fresh string, errw io.Writer) string {
	if fresh == "" {
		return ""
	}
	if password, err := os.ReadFile(fresh); err == nil && terminal(errw) {
		return fmt.Sprintf("login  owner, with the password %s(it is in %s; delete that file once you have kept it)\n", password, fresh)
	}
	return fmt.Sprintf("login  owner, with the password in %s; delete that file once you have kept it\n", fresh)
}

func terminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && isatty.IsTerminal(f.Fd())
}

// listed are so many shops that their addresses are told at the start.
const listed = 5

func (c *serveCommand) addresses(r *renewal) string {
	lines := ""
	for i, h := range r.all() {
		if i == listed {
			return lines + fmt.Sprintf("and    %d more shops", len(r.next)-listed)
		}
		lines += c.addressesOf(h.shop)
	}
	return strings.TrimSuffix(lines, "\n")
}

func (c *serveCommand) addressesOf(s *shop.Shop) string {
	lines := ""
	if c.Site != "" {
		lines = fmt.Sprintf("shop   %s\n", s.Website)
	}
	if c.Playground {
		lines += fmt.Sprintf("widget %splayground/\n", s.Publish)
	}
	lines += fmt.Sprintf("pages  %s\n", strings.Join(s.Homes(), "\n       "))
	if s.Intake == "" {
		return lines
	}
	return lines + fmt.Sprintf("inbox  %sinbox/\n", s.Intake)
}

// serve runs requests and outgoing mail until ctx ends; the database is closed only after both.
func (c *serveCommand) serve(ctx context.Context, r *renewal, s *service, out streams) error {
	handler := s.Handler()
	rt := &router{site: c.site(), intake: handler}
	rt.town.Store(r.town())
	if r.flat() {
		go r.all()[0].tenant.warm()
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go s.renewOnSignal(ctx, r.estate, rt, out.Err)
	gates, err := c.gates(ctx, rt, c.behind(rt, private(handler, s.meter)), c.Data, s.meter, s.log)
	if err != nil {
		return err
	}
	late := make(chan struct{})
	context.AfterFunc(ctx, func() { time.AfterFunc(grace, func() { close(late) }) })
	mailed := make(chan struct{})
	go func() { defer close(mailed); s.work(ctx) }()
	err = listen(ctx, gates...)
	stop()
	select {
	case <-mailed:
	case <-late: // its letter stays claimed, and is tried again with the same Message-ID when the lease is over
		s.log.Warn("stopped while the mail server still holds a letter")
	}
	return err
}

// work sends letters, and erases at night what is to be erased, until ctx ends.
func (s *service) work(ctx context.Context) {
	var erasing sync.WaitGroup
	erasing.Go(func() { s.night.Run(ctx) })
	s.Run(ctx)
	erasing.Wait()
}

// behind adds to the private address what a proxy in front asks.
func (c *serveCommand) behind(rt *router, next http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /hosts", rt.askHost)
	mux.Handle("/", next)
	return mux
}

// renewOnSignal reads the shops again on SIGHUP.
func (s *service) renewOnSignal(ctx context.Context, e *estate, rt *router, progress io.Writer) {
	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP)
	defer signal.Stop(hangup)
	for {
		select {
		case <-ctx.Done():
			return
		case <-hangup:
			s.renew(ctx, e, rt, progress)
		}
	}
}

// renew puts the shops as they are now in place of those before. What cannot be served leaves everything as it was.
func (s *service) renew(ctx context.Context, e *estate, rt *router, progress io.Writer) {
	r, err := e.renew(ctx, progress)
	if err == nil {
		err = s.Serve(r.fleet())
	}
	if err != nil {
		s.log.Error("the shops cannot be read again; all stay as they were", "error", err)
		return
	}
	rt.town.Store(r.town())
	e.now = r.next
	s.complain(r)
	s.log.Info("the shops are read again", "shops", len(r.next), "mistakes", len(r.broken))
	debug.FreeOSMemory()
}

// complain tells what is wrong with files of shops.
func (s *service) complain(r *renewal) {
	for _, file := range slices.Sorted(maps.Keys(r.broken)) {
		words := "a shop is not served: its file has mistakes"
		if r.next[file] != nil {
			words = "a shop stays as it was: its file has mistakes"
		}
		s.log.Error(words, "file", file, "error", r.broken[file])
	}
}

func (c *serveCommand) site() fs.FS {
	if c.Site == "" {
		return nil
	}
	return os.DirFS(c.Site)
}
