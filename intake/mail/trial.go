package mail

import (
	"context"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"strconv"
	"time"

	"github.com/wneessen/go-mail"
)

// Step is a part of the way of a letter to the mail server.
type Step struct {
	Name string // "name", "connection", "encryption", "login", "sender", "recipient", "letter"
	Err  error  // nil: it went well
}

// Try sends a letter step by step, and tells how each went until the first that did not. Its errors may name addresses: they are for
// whoever tries, not for a log.
func Try(ctx context.Context, c Config, l Message, told func(Step)) error {
	for _, step := range []struct {
		name string
		do   func() error
	}{
		{"name", func() error { return lookUp(ctx, c) }},
		{"connection", func() error { return connect(ctx, c) }},
		{"encryption", func() error { return greet(ctx, c.anonymous()) }},
		{"login", func() error { return greet(ctx, c) }},
	} {
		if step.name == "login" && c.User == "" {
			continue
		}
		err := step.do()
		told(Step{step.name, err})
		if err != nil {
			return err
		}
	}
	return tryLetter(ctx, c, l, told)
}

func lookUp(ctx context.Context, c Config) error {
	_, err := net.DefaultResolver.LookupHost(ctx, c.Host)
	return err
}

func connect(ctx context.Context, c Config) error {
	dialer := net.Dialer{Timeout: 10 * time.Second}
	conn, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(c.Host, strconv.Itoa(c.Port)))
	if err != nil {
		return err
	}
	return conn.Close()
}

// anonymous is the same server, without a login.
func (c Config) anonymous() Config {
	c.User, c.Password = "", ""
	return c
}

// greet goes as far as a letter could be handed over.
func greet(ctx context.Context, c Config) error {
	client, err := mail.NewClient(c.Host, c.options()...)
	if err != nil {
		return err
	}
	if err := client.DialWithContext(ctx); err != nil {
		return err
	}
	return client.Close()
}

func tryLetter(ctx context.Context, c Config, l Message, told func(Step)) error {
	msg, err := compose(l, c.From)
	if err != nil {
		told(Step{"letter", err})
		return err
	}
	client, err := mail.NewClient(c.Host, c.options()...)
	if err != nil {
		return err
	}
	if err := client.DialAndSendWithContext(ctx, msg); err != nil {
		told(Step{stepOf(err), err})
		return err
	}
	told(Step{"letter", nil})
	return nil
}

// stepOf tells which command the server has refused.
func stepOf(err error) string {
	var failed *mail.SendError
	if !errors.As(err, &failed) {
		return "letter"
	}
	switch failed.Reason {
	case mail.ErrSMTPMailFrom:
		return "sender"
	case mail.ErrSMTPRcptTo:
		return "recipient"
	}
	return "letter"
}

// NewTrial is a letter that says nothing but that it arrived.
func NewTrial(from, sender, to, id string, now time.Time) (Message, error) {
	if _, err := netmail.ParseAddress(from); err != nil {
		return Message{}, fmt.Errorf("write a test letter from %q: %w", from, err)
	}
	const text = "This is a test letter of Recourse. It has arrived: receipts for customers can be sent this way.\n\n" +
		"If it lay among the junk, look into docs/mail.md for SPF, DKIM and DMARC.\n"
	const html = "<p>This is a test letter of Recourse. It has arrived: receipts for customers can be sent this way.</p>" +
		"<p>If it lay among the junk, look into docs/mail.md for SPF, DKIM and DMARC.</p>"
	return Message{ID: id, From: from, Sender: sender, To: to, ReplyTo: from, Subject: "Recourse: test letter", Text: text, HTML: html, Date: now, Auto: true}, nil
}
