// Package mail writes the letters of the intake and gets them out.
//
// A letter is put into the outbox when its case is stored, in the same transaction. The Worker claims it under a lease, has it written
// and sent, and tries again for five days where that fails. Every attempt has the same Message-ID, so that a receiver can drop
// the second copy when an attempt succeeded unnoticed.
package mail

import (
	"context"
	"errors"
	"fmt"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/wneessen/go-mail"

	"recourse/intake/docket"
)

// Message is a letter in words.
type Message struct {
	ID       string // without angle brackets
	From     string // the trader's address, where the mail server has no other sender
	Sender   string // display name of the sender
	To       string
	ReplyTo  string
	Subject  string
	Text     string
	HTML     string
	Date     time.Time
	Auto     bool // an answer nobody wrote: other programs must not answer it
	Attached []Attachment
}

// Attachment is a text file that goes with a message.
type Attachment struct{ Name, Text string }

// Sender gets a message out.
type Sender interface {
	// Send returns how far the message came: Sent or Written. An error wrapping ErrRefused is final.
	Send(ctx context.Context, m Message) (docket.Delivery, error)
	// Sends reports whether messages leave the machine.
	Sends() bool
}

// ErrRefused is the mail server's word that it will never take this letter for this recipient.
var ErrRefused = errors.New("the mail server refused the letter for good")

// SMTP sends through a mail server.
type SMTP struct {
	config Config
	client func() (*mail.Client, error)
}

// NewSMTP prepares sending through the server of c. No connection is made before the first letter.
func NewSMTP(c Config) (*SMTP, error) {
	options := c.options()
	make := func() (*mail.Client, error) { return mail.NewClient(c.Host, options...) }
	if _, err := make(); err != nil {
		return nil, fmt.Errorf("set up mail through %q: %w; check RECOURSE_SMTP_URL", c.Host, err)
	}
	return &SMTP{c, make}, nil
}

// Sends is true.
func (s *SMTP) Sends() bool { return true }

// Send hands the letter to the server.
func (s *SMTP) Send(ctx context.Context, l Message) (docket.Delivery, error) {
	msg, err := compose(l, s.config.From)
	if err != nil {
		return "", fmt.Errorf("compose a letter: %w: %w", ErrRefused, err)
	}
	client, err := s.client()
	if err != nil {
		return "", fmt.Errorf("set up mail: %w", err)
	}
	if err := client.DialAndSendWithContext(ctx, msg); err != nil {
		return "", explain(err)
	}
	return docket.Sent, nil
}

// explain keeps recipients out of the log: the library's text names them.
func explain(err error) error {
	var failed *mail.SendError
	if !errors.As(err, &failed) {
		return fmt.Errorf("reach the mail server: %w", err)
	}
	plain := fmt.Errorf("hand a letter to the mail server: %v (code %d %s)", failed.Reason, failed.ErrorCode(), failed.EnhancedStatusCode())
	about := failed.Reason == mail.ErrSMTPRcptTo || failed.Reason == mail.ErrSMTPDataClose
	if about && failed.ErrorCode() >= 500 {
		return fmt.Errorf("%w: %w", ErrRefused, plain)
	}
	return plain
}

// Folder writes letters as files, for as long as no mail server is set up.
type Folder struct{ dir string }

// NewFolder makes the folder where there is none.
func NewFolder(dir string) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder for letters: %w", err)
	}
	return &Folder{dir}, nil
}

// Sends is false.
func (f *Folder) Sends() bool { return false }

// Send writes the letter. The name of the file follows from its Message-ID: writing it twice leaves one file.
func (f *Folder) Send(_ context.Context, l Message) (docket.Delivery, error) {
	msg, err := compose(l, netmail.Address{})
	if err != nil {
		return "", fmt.Errorf("compose a letter: %w: %w", ErrRefused, err)
	}
	name, _, _ := strings.Cut(l.ID, "@")
	target := filepath.Join(f.dir, l.Date.UTC().Format("20060102T150405Z")+"-"+name+".eml")
	draft, err := os.CreateTemp(f.dir, ".letter-*")
	if err != nil {
		return "", fmt.Errorf("write a letter to a file: %w", err)
	}
	defer os.Remove(draft.Name())
	_, err = msg.WriteTo(draft)
	if err = errors.Join(err, draft.Sync(), draft.Close()); err == nil {
		err = os.Rename(draft.Name(), target)
	}
	if err != nil {
		return "", fmt.Errorf("write a letter to a file: %w", err)
	}
	return docket.Written, nil
}

// compose makes the message. Everything that comes from a visitor is in the bodies; headers hold fixed words, references
// and addresses that were parsed.
func compose(l Message, from netmail.Address) (*mail.Msg, error) {
	if from.Address == "" {
		from.Address = l.From
	}
	if from.Name == "" {
		from.Name = l.Sender
	}
	msg := mail.NewMsg(mail.WithNoDefaultUserAgent())
	msg.FromMailAddress(&from)
	msg.EnvelopeFromMailAddress(&netmail.Address{Address: from.Address})
	to, err := Address(l.To)
	if err != nil {
		return nil, err
	}
	replyTo, err := Address(l.ReplyTo)
	if err != nil {
		return nil, err
	}
	msg.ToMailAddress(&netmail.Address{Address: to})
	msg.ReplyToMailAddress(&netmail.Address{Address: replyTo})
	msg.Subject(l.Subject)
	msg.SetMessageIDWithValue(l.ID)
	msg.SetDateWithValue(l.Date)
	if l.Auto {
		msg.SetGenHeader("Auto-Submitted", "auto-replied")
	}
	msg.SetBodyString(mail.TypeTextPlain, l.Text)
	msg.AddAlternativeString(mail.TypeTextHTML, l.HTML)
	for _, a := range l.Attached {
		if err := msg.AttachReader(a.Name, strings.NewReader(a.Text), mail.WithFileContentType("text/plain; charset=utf-8")); err != nil {
			return nil, err
		}
	}
	return msg, nil
}

// Timeout is how long one letter may take.
const Timeout = time.Minute
