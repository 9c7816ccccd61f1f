package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/google/uuid"

	"recourse/intake/docket"
	"recourse/intake/mail"
)

type mailCommand struct {
	Test   mailTestCommand   `cmd:"" help:"Send a test letter and tell what happened on the way."`
	Queue  mailQueueCommand  `cmd:"" help:"List letters that wait, failed or came back."`
	Retry  mailRetryCommand  `cmd:"" help:"Try letters again at once."`
	Bounce mailBounceCommand `cmd:"" help:"Take in a mail server's report of a letter that came back."`
}

type mailTestCommand struct {
	Address string `arg:"" help:"Where the letter goes to: a mailbox you can look into, best at a large provider."`
	Shop    string `help:"The shop's file, for the sender." default:"shop.toml" type:"path" placeholder:"FILE"`
}

func (c *mailTestCommand) Help() string {
	return `Example: RECOURSE_SMTP_URL=smtps://user:password@mail.example recourse mail test me@example.org --shop shop.toml

Goes the way of a letter step by step: the name of the mail server, the connection, encryption, login, sender, recipient, letter. It says
what happened and what to try. That a server took the letter does not mean that it arrives: look whether it lies among the junk.
docs/mail.md tells of SPF, DKIM and DMARC.`
}

func (c *mailTestCommand) Run(ctx context.Context, out streams) error {
	address, err := secret("RECOURSE_SMTP_URL")
	if err != nil {
		return err
	}
	if address == "" {
		return errors.New("no mail server is set up: RECOURSE_SMTP_URL is empty; write RECOURSE_SMTP_URL=smtps://user:password@mail.example before the command")
	}
	config, err := mail.ParseURL(address)
	if err != nil {
		return fmt.Errorf("RECOURSE_SMTP_URL: %w", err)
	}
	to, err := mail.Address(c.Address)
	if err != nil {
		return fmt.Errorf("%q: %w", c.Address, err)
	}
	sh, err := readShop(c.Shop)
	if err != nil {
		return err
	}
	id := uuid.NewString() + "@recourse.invalid"
	letter, err := mail.NewTrial(sh.Trader.Email, sh.Name, to, id, time.Now())
	if err != nil {
		return err
	}
	if mail.Try(ctx, config, letter, func(s mail.Step) { printStep(out.Out, config, s) }) != nil {
		return errFindings
	}
	_, err = fmt.Fprintf(out.Out, "sent to %s; look whether it arrives, and not among the junk\n", to)
	return err
}

func printStep(w io.Writer, c mail.Config, s mail.Step) {
	if s.Err == nil {
		fmt.Fprintf(w, "%-11s ok\n", s.Name)
		return
	}
	fmt.Fprintf(w, "%-11s failed: %s\n            %s\n", s.Name, oneLine(s.Err.Error()), hint(c, s.Name))
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// hint is what to try when a step failed.
func hint(c mail.Config, step string) string {
	switch step {
	case "name":
		return fmt.Sprintf("There is no server named %q. Is it written as your provider writes it?", c.Host)
	case "connection":
		return fmt.Sprintf("Nobody answers at port %d. Many hosts block outgoing mail: try port 587 (smtp://) or 465 (smtps://), and ask your host.", c.Port)
	case "encryption":
		if c.Implicit {
			return "smtps:// speaks TLS from the first byte, usually at port 465; at port 587 write smtp://. The certificate must be for that name."
		}
		return "smtp:// wants STARTTLS, usually at port 587; at port 465 write smtps://. Only for a relay on this machine: ?tls=none."
	case "login":
		return "User or password is wrong, or needs percent-encoding in the address (@ is %40). Some providers want a password for programs."
	case "sender":
		return "The server lets this user send from other addresses only. Name one of them: ?from=Shop+<service@shop.example>"
	case "recipient":
		return "The server will not deliver to this address. Without a login, many deliver to their own domains only."
	}
	return "The server did not take the letter itself. Its words above say why; limits and filters for junk are the usual reasons."
}

type mailQueueCommand struct{ vaultFlags }

func (c *mailQueueCommand) Help() string {
	return `Example: recourse mail queue --data /var/lib/recourse

A line for each letter that is not out: its number, what became of it, attempts, when it is tried next, its kind, and the shop. Addresses are
shortened. "recourse mail retry" tries them at once.`
}

func (c *mailQueueCommand) Run(ctx context.Context, out streams) (err error) {
	v, err := c.existing(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, v.close()) }()
	letters, err := v.Stuck(ctx)
	if err != nil {
		return err
	}
	for _, l := range letters {
		if _, err := fmt.Fprintln(out.Out, queued(l)); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(out.Err, "%s not out\n", some(len(letters), "letter"))
	return err
}

func queued(l docket.Letter) string {
	when := "next " + l.Next.UTC().Format(time.RFC3339)
	if l.Delivery != docket.Queued {
		when = "on   " + l.Done.UTC().Format(time.RFC3339)
	}
	line := fmt.Sprintf("%6d  %-8s %s, %s  %s to %s, shop %s", l.ID, l.Delivery, some(l.Attempts, "attempt"), when, l.Kind, masked(l.To), l.Shop)
	if l.Error != "" {
		line += ": " + oneLine(l.Error)
	}
	return line
}

// masked shows enough of an address to tell a wrong domain.
func masked(address string) string {
	at := strings.LastIndexByte(address, '@')
	if at < 1 {
		host, _, _ := strings.Cut(strings.TrimPrefix(address, "https://"), "/")
		return host // of a webhook, whose path may hold a secret
	}
	first := []rune(address)[0]
	return string(first) + "…" + address[at:]
}

type mailRetryCommand struct {
	vaultFlags
	ID int64 `arg:"" optional:"" help:"Number of a letter, as \"recourse mail queue\" prints it; left out: all that wait or failed."`
}

func (c *mailRetryCommand) Help() string {
	return `Examples: recourse mail retry --data /var/lib/recourse
          recourse mail retry 812 --data /var/lib/recourse

For when the mail server works again. Letters keep their Message-ID. Those that came back are tried again one by one only, by their number:
their address is wrong as long as nobody has mended it. The running server sends them within a quarter of a minute.`
}

func (c *mailRetryCommand) Run(ctx context.Context, out streams) (err error) {
	v, err := c.existing(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, v.close()) }()
	n, err := v.Retry(ctx, c.ID, time.Now())
	if err != nil {
		return err
	}
	if c.ID != 0 && n == 0 {
		return fmt.Errorf("try letter %d again: there is none that waits, failed or came back, or it is on its way just now", c.ID)
	}
	_, err = fmt.Fprintf(out.Out, "%s will be tried again\n", some(int(n), "letter"))
	return err
}

type mailBounceCommand struct{ vaultFlags }

func (c *mailBounceCommand) Help() string {
	return `Example, in /etc/aliases of Postfix: bounces: "|/usr/local/bin/recourse mail bounce --data /var/lib/recourse"

Reads one message from standard input. If it is a delivery status notification (RFC 3464) about one of our letters, the letter is marked, and
the trader sees it beside the case. Anything else is passed over with status 0, so that no mail server answers it. Status 75 means: try
again later.`
}

// errTemporary makes mail servers keep the message and try again (EX_TEMPFAIL).
var errTemporary = errors.New("try again later")

func (c *mailBounceCommand) Run(ctx context.Context, out streams) error {
	return c.take(ctx, os.Stdin, out)
}

func (c *mailBounceCommand) take(ctx context.Context, r io.Reader, out streams) error {
	b, err := mail.ReadBounce(r)
	if err != nil {
		_, err := fmt.Fprintf(out.Err, "passed over: %v\n", err)
		return err
	}
	letter, err := c.mark(ctx, b)
	if errors.Is(err, docket.ErrNotFound) {
		_, err := fmt.Fprintf(out.Err, "passed over: no letter has the Message-ID %q\n", b.MessageID)
		return err
	}
	if err != nil {
		fmt.Fprintf(out.Err, "recourse: %v\n", err)
		return errTemporary
	}
	_, err = fmt.Fprintf(out.Out, "letter %d came back: %s\n", letter.ID, b.Reason())
	return err
}

func (c *mailBounceCommand) mark(ctx context.Context, b mail.Bounce) (l docket.Letter, err error) {
	v, err := c.existing(ctx)
	if err != nil {
		return l, err
	}
	defer func() { err = errors.Join(err, v.close()) }()
	return v.Bounce(ctx, b.MessageID, b.Reason(), time.Now())
}
