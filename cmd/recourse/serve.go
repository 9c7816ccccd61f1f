package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
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
	"recourse/sitegen"
)

type serveCommand struct {
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

Builds dist, then serves it with the intake and the inbox. Files go out compressed to whoever takes them so; with --compress
they are as small as can be. Two settings are secret and therefore come from the environment:

  RECOURSE_SMTP_URL         mail server, smtps://user:password@mail.example; without it mails are written to DATA/mail
  RECOURSE_INBOX_PASSWORD   password of the inbox's user "owner"; without it the first start draws one and writes it to
                            DATA/inbox-password.txt

Each may lie in a file instead: RECOURSE_SMTP_URL_FILE names it, or systemd gives it as the credential recourse-smtp-url.`
}

func (c *serveCommand) Run(ctx context.Context, out streams) error {
	if err := c.front.check(); err != nil {
		return err
	}
	p, err := c.open()
	if err != nil {
		return err
	}
	if err := c.publish(p); err != nil {
		return err
	}
	s, err := c.intake(ctx, p, out)
	if err != nil {
		return err
	}
	defer s.close()
	fmt.Fprintf(out.Err, "%s\n%s", c.addresses(p.shop), s.notes)
	return c.serve(ctx, p.shop, s, out)
}

func (c *serveCommand) publish(p *project) error {
	files, err := c.files(p)
	if err != nil {
		return err
	}
	_, err = sitegen.Write(c.Out, files)
	return err
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

func (c *serveCommand) intake(ctx context.Context, p *project, out streams) (*service, error) {
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
	book, errAnswers := answers.Load(p.content)
	if errAnswers != nil {
		return nil, errors.Join(errAnswers, v.close())
	}
	meter, log := metrics.New(), c.logger(out.Err)
	meter.WatchDisk(c.Data)
	server, err := intake.New(intake.Config{
		Shops: []*shop.Shop{p.shop}, Folders: map[string]string{p.shop.ID: filepath.Dir(c.Shop)}, Law: p.law, Locales: p.languages, Store: v, Files: v.files, Mail: sender, Answers: book,
		Key: v.key, Log: log, Metrics: meter, Folder: c.Data, Proxies: c.Proxies, PerMinute: c.PerMinute,
	})
	notes := mailNote + passwordNote(fresh, out.Err)
	if err == nil {
		notes += fmt.Sprintf("signs  receipts with the key %s\n", server.Fingerprint())
	}
	night := retain.Keeper{
		Vault: retain.Vault{Store: v.Store, Files: v.files, Letters: filepath.Join(c.Data, "mail")}, Shops: []*shop.Shop{p.shop}, Now: time.Now, Log: log,
	}
	return &service{server, meter, log, notes, night, v.close}, err
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

func (c *serveCommand) addresses(s *shop.Shop) string {
	lines := ""
	if c.Site != "" {
		lines = fmt.Sprintf("shop   %s\n", s.Website)
	}
	if c.Playground {
		lines += fmt.Sprintf("widget %splayground/\n", s.Publish)
	}
	return fmt.Sprintf("%spages  %s\ninbox  %sinbox/", lines, strings.Join(s.Homes(), "\n       "), s.Intake)
}

// serve runs requests and outgoing mail until ctx ends; the database is closed only after both.
func (c *serveCommand) serve(ctx context.Context, sh *shop.Shop, s *service, out streams) error {
	dist := os.DirFS(c.Out)
	pages := publish.Serve(dist).SendingTo(sh.Intake)
	go pages.Warm()
	handler := s.Handler()
	rt := router{bases: newBases(sh.Homes()), dist: dist, pages: s.meter.Count("pages", pages), site: c.site(), intake: handler}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	gates, err := c.gates(ctx, rt, private(handler, s.meter), c.Data, s.meter, s.log)
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

func (c *serveCommand) site() fs.FS {
	if c.Site == "" {
		return nil
	}
	return os.DirFS(c.Site)
}
