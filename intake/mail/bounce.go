package mail

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/textproto"
	"strings"

	"github.com/emersion/go-message"
)

// Bounce is what a mail server says about a letter it could not deliver (RFC 3464).
type Bounce struct {
	MessageID string // of the letter, without angle brackets
	Status    string // "5.1.1", see RFC 3463
}

// ErrNoBounce is returned for messages that do not say that a letter is lost: other mail, and reports of delays.
var ErrNoBounce = errors.New("it does not report a letter that could not be delivered")

// longestReport is more than any report needs; the letter that it returns is short.
const longestReport = 10 << 20

// ReadBounce reads a report as it comes from a mail server.
func ReadBounce(r io.Reader) (Bounce, error) {
	report, err := message.Read(io.LimitReader(r, longestReport))
	if err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
		return Bounce{}, fmt.Errorf("%w: %w", ErrNoBounce, err)
	}
	kind, parameters, _ := report.Header.ContentType()
	parts := report.MultipartReader()
	if kind != "multipart/report" || !strings.EqualFold(parameters["report-type"], "delivery-status") || parts == nil {
		return Bounce{}, ErrNoBounce
	}
	defer parts.Close()
	var b Bounce
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return b, b.complete()
		}
		if err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
			return b, fmt.Errorf("%w: %w", ErrNoBounce, err)
		}
		if err := b.part(part); err != nil {
			return b, fmt.Errorf("%w: %w", ErrNoBounce, err)
		}
	}
}

func (b *Bounce) complete() error {
	switch {
	case b.Status == "":
		return ErrNoBounce
	case b.MessageID == "":
		return fmt.Errorf("%w: it does not say which letter: have the mail server return its headers", ErrNoBounce)
	}
	return nil
}

func (b *Bounce) part(part *message.Entity) error {
	switch kind, _, _ := part.Header.ContentType(); kind {
	case "message/delivery-status", "message/global-delivery-status":
		return b.recipients(part.Body)
	case "message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers":
		letter, err := textproto.NewReader(bufio.NewReader(part.Body)).ReadMIMEHeader()
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		b.MessageID = strings.Trim(strings.TrimSpace(letter.Get("Message-Id")), "<>")
	}
	return nil
}

// recipients reads the groups of fields: one about the letter, then one for each recipient. Our letters have one.
func (b *Bounce) recipients(r io.Reader) error {
	groups := textproto.NewReader(bufio.NewReader(r))
	for {
		group, err := groups.ReadMIMEHeader()
		if strings.EqualFold(strings.TrimSpace(group.Get("Action")), "failed") {
			b.Status = status(group.Get("Status"))
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// status keeps the three numbers, and drops the comments behind them, which may hold an address.
func status(field string) string {
	code, _, _ := strings.Cut(strings.TrimSpace(field), " ")
	if len(code) > 11 || strings.Count(code, ".") != 2 || strings.Trim(code, "0123456789.") != "" {
		return "5.0.0" // "other or undefined", RFC 3463
	}
	return code
}

// Reason is the status in words, for the trader.
func (b Bounce) Reason() string {
	words := map[string]string{
		".1.1": "there is no such mailbox", ".1.2": "there is no such domain, or it takes no mail", ".1.10": "the domain takes no mail",
		".2.1": "the mailbox is closed", ".2.2": "the mailbox is full", ".4.7": "the mail server of the recipient could not be reached for days",
		".7.1": "the recipient's mail server refused it", ".7.26": "the recipient's mail server refused it: SPF or DKIM is missing",
	}[strings.TrimLeft(b.Status, "0123456789")]
	if words == "" {
		words = "the mail server of the recipient sent it back"
	}
	return words + " (" + b.Status + ")"
}
