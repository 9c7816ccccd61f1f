package mail

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	"net"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"mime/quotedprintable"

	"recourse/intake/docket"
)

var noon = time.Date(2026, 11, 20, 12, 3, 0, 0, time.UTC)

func letter() Message {
	return Message{
		ID: "4K7Q-2M3X-9TR.acknowledgement@shop.example", Auto: true, From: "service@shop.example", Sender: "Bernstein & Söhne",
		To: "anna@example.org", ReplyTo: "service@shop.example", Subject: "Withdrawal received: 4K7Q-2M3X-9TR", Text: "You wrote:\n\n  Größe " + strings.Repeat("x", 200) + "\n",
		HTML: "<p>You wrote: Größe</p>", Date: noon,
	}
}

func TestAddress(t *testing.T) {
	for typed, want := range map[string]string{
		"anna@example.org":                        "anna@example.org",
		"o'connor+shop@sub.example.org":           "o'connor+shop@sub.example.org",
		"anna@müller.example":                     "anna@xn--mller-kva.example",
		"info@straße.example":                     "info@xn--strae-oqa.example",
		"Anna <anna@example.org>":                 "",
		"<anna@example.org>":                      "",
		"anna@example.org (x)":                    "",
		"x:anna@example.org;":                     "",
		"anna@example.org, b@example.org":         "",
		"anna@[127.0.0.1]":                        "",
		"anna@localhost":                          "",
		"anna@-b.example":                         "",
		"anna":                                    "",
		"":                                        "",
		"anna@example.org\r\nBcc: b@example.org":  "",
		"anna\r\n@example.org":                    "",
		"anna\x00@example.org":                    "",
		"\"anna\r\n bcc\"@example.org":            "",
		strings.Repeat("a", 65) + "@example.org":  "",
		"a@" + strings.Repeat("b.", 130) + "test": "",
	} {
		got, err := Address(typed)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("Address(%q) = %q, %v; want %q", typed, got, err, want)
		}
	}
}

func TestParseURL(t *testing.T) {
	good := map[string]Config{
		"smtps://u:p%40ss@mail.example":     {Host: "mail.example", Port: 465, User: "u", Password: "p@ss", Implicit: true, TLS: "required"},
		"smtp://mail.example":               {Host: "mail.example", Port: 587, TLS: "required"},
		"smtp://localhost:25?tls=none":      {Host: "localhost", Port: 25, TLS: "none"},
		"smtp://h/?from=Shop+<a@b.example>": {Host: "h", Port: 587, TLS: "required", From: netmail.Address{Name: "Shop", Address: "a@b.example"}},
	}
	for s, want := range good {
		if got, err := ParseURL(s); err != nil || got != want {
			t.Errorf("ParseURL(%q) = %+v, %v; want %+v", s, got, err, want)
		}
	}
	for s, fix := range map[string]string{
		"mail.example":               "write smtps://",
		"http://mail.example":        "write smtps://",
		"smtp://":                    "write smtps://",
		"smtp://h:99999":             "write a number",
		"smtp://h?tls=maybe":         "write required",
		"smtp://h?from=nobody":       "not an email address",
		"smtp://h?sender=a@b.test":   "there are tls and from",
		"smtp://u:hunter2%zz@h.test": "percent-encoded",
	} {
		_, err := ParseURL(s)
		if err == nil || !strings.Contains(err.Error(), fix) {
			t.Errorf("ParseURL(%q): error %v; want %q", s, err, fix)
		} else if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("the error shows the password: %v", err)
		}
	}
}

// sink is a mail server that keeps what it is sent, and answers as the test wants.
type sink struct {
	recipients []string
	from       string
	raw        []byte
	rcpt, data error
}

func (s *sink) NewSession(*smtp.Conn) (smtp.Session, error) { return s, nil }
func (s *sink) Reset()                                      {}
func (s *sink) Logout() error                               { return nil }
func (s *sink) Mail(from string, _ *smtp.MailOptions) error { s.from = from; return nil }
func (s *sink) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.recipients = append(s.recipients, to)
	return s.rcpt
}
func (s *sink) Data(r io.Reader) (err error) {
	if s.raw, err = io.ReadAll(r); err == nil {
		err = s.data
	}
	return err
}

func (s *sink) open(t *testing.T) *SMTP {
	t.Helper()
	server := smtp.NewServer(s)
	server.Domain = "sink.test"
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go server.Serve(listener)
	t.Cleanup(func() { server.Close() })
	c, err := ParseURL(fmt.Sprintf("smtp://%s?tls=none", listener.Addr()))
	if err != nil {
		t.Fatal(err)
	}
	sender, err := NewSMTP(c)
	if err != nil {
		t.Fatal(err)
	}
	return sender
}

func TestSMTPSendsTheLetter(t *testing.T) {
	s := new(sink)
	delivery, err := s.open(t).Send(t.Context(), letter())
	if err != nil || delivery != docket.Sent {
		t.Fatalf("Send = %q, %v", delivery, err)
	}
	if fmt.Sprint(s.recipients) != "[anna@example.org]" || s.from != "service@shop.example" {
		t.Errorf("sent to %v from %q", s.recipients, s.from)
	}
	m, err := netmail.ReadMessage(bytes.NewReader(s.raw))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"To": "<anna@example.org>", "Reply-To": "<service@shop.example>", "Subject": "Withdrawal received: 4K7Q-2M3X-9TR",
		"Message-Id": "<4K7Q-2M3X-9TR.acknowledgement@shop.example>", "Auto-Submitted": "auto-replied", "Bcc": "", "Cc": "", "User-Agent": "",
	} {
		if got := m.Header.Get(name); got != want {
			t.Errorf("%s is %q; want %q", name, got, want)
		}
	}
	if date, err := m.Header.Date(); err != nil || !date.Equal(noon) {
		t.Errorf("Date is %v, %v; want the time of receipt", date, err)
	}
	if from, err := m.Header.AddressList("From"); err != nil || len(from) != 1 || from[0].Name != "Bernstein & Söhne" {
		t.Errorf("From is %v, %v", from, err)
	}
	parts := read(t, m)
	if parts["text/plain"] != crlf(letter().Text) || parts["text/html"] != letter().HTML {
		t.Errorf("the parts are %q", parts)
	}
	for line := range bytes.SplitSeq(s.raw, []byte("\r\n")) {
		if len(line) > 78 || bytes.ContainsAny(line, "\r\n") {
			t.Errorf("line %q is too long or holds half a line break", line)
		}
	}
}

func crlf(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }

func read(t *testing.T, m *netmail.Message) map[string]string {
	t.Helper()
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	parts := make(map[string]string)
	r := multipart.NewReader(m.Body, params["boundary"])
	for {
		part, err := r.NextRawPart()
		if err == io.EOF {
			return parts
		}
		if err != nil {
			t.Fatal(err)
		}
		if e := part.Header.Get("Content-Transfer-Encoding"); e != "quoted-printable" {
			t.Errorf("a part is encoded as %q", e)
		}
		text, err := io.ReadAll(quotedprintable.NewReader(part))
		if err != nil {
			t.Fatal(err)
		}
		kind, _, _ := strings.Cut(part.Header.Get("Content-Type"), ";")
		parts[kind] = string(text)
	}
}

// TestLettersCannotBeBentIntoOthers puts what an attacker might get into a letter wherever it could end up in a header or
// on a line of the protocol.
func TestLettersCannotBeBentIntoOthers(t *testing.T) {
	const attack = "x\r\nBcc: victim@example.net\r\n\r\n.\r\nMAIL FROM:<a@b.test>\r\n"
	for _, c := range []struct {
		about  string
		change func(*Message)
		sent   bool
	}{
		{"recipient", func(l *Message) { l.To = "anna@example.org\r\nBcc: victim@example.net" }, false},
		{"second recipient", func(l *Message) { l.To = "anna@example.org, victim@example.net" }, false},
		{"reply address", func(l *Message) { l.ReplyTo = "a@b.test\r\nBcc: victim@example.net" }, false},
		{"subject", func(l *Message) { l.Subject = attack }, true},
		{"sender", func(l *Message) { l.Sender = attack }, true},
		{"text", func(l *Message) { l.Text = attack + "\r.\r\n\n.\n" }, true},
		{"html", func(l *Message) { l.HTML = attack }, true},
	} {
		s := new(sink)
		l := letter()
		c.change(&l)
		_, err := s.open(t).Send(t.Context(), l)
		if sent := err == nil; sent != c.sent {
			t.Errorf("%s: error %v", c.about, err)
			continue
		}
		if !c.sent {
			if !errors.Is(err, ErrRefused) || len(s.recipients) > 0 {
				t.Errorf("%s: %v, sent to %v; want it given up and sent to nobody", c.about, err, s.recipients)
			}
			continue
		}
		m, err := netmail.ReadMessage(bytes.NewReader(s.raw))
		if err != nil || len(m.Header["Bcc"]) > 0 || fmt.Sprint(s.recipients) != "[anna@example.org]" || s.from != "service@shop.example" {
			t.Errorf("%s: sent to %v from %q with Bcc %q, %v", c.about, s.recipients, s.from, m.Header["Bcc"], err)
		}
	}
}

func TestAnswersOfTheServer(t *testing.T) {
	for _, c := range []struct {
		about string
		sink  *sink
		final bool
	}{
		{"busy", &sink{rcpt: &smtp.SMTPError{Code: 451, Message: "later anna@example.org"}}, false},
		{"no such mailbox", &sink{rcpt: &smtp.SMTPError{Code: 550, Message: "no anna@example.org"}}, true},
		{"content refused", &sink{data: &smtp.SMTPError{Code: 554, Message: "spam"}}, true},
		{"disk full", &sink{data: &smtp.SMTPError{Code: 452, Message: "full"}}, false},
	} {
		_, err := c.sink.open(t).Send(t.Context(), letter())
		if err == nil || errors.Is(err, ErrRefused) != c.final {
			t.Errorf("%s: error %v; want it to be final: %v", c.about, err, c.final)
		} else if strings.Contains(err.Error(), "anna") {
			t.Errorf("%s: the error, which is logged, names the recipient: %v", c.about, err)
		}
	}
	nobody := &SMTP{config: Config{Host: "127.0.0.1", Port: 1, TLS: "none"}}
	sender, err := NewSMTP(nobody.config)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sender.Send(t.Context(), letter()); err == nil || errors.Is(err, ErrRefused) {
		t.Errorf("no server: error %v; want one that is tried again", err)
	}
}

func TestFolderWritesALetterOnce(t *testing.T) {
	dir := t.TempDir()
	f, err := NewFolder(filepath.Join(dir, "mail"))
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if delivery, err := f.Send(t.Context(), letter()); err != nil || delivery != docket.Written {
			t.Fatalf("Send = %q, %v", delivery, err)
		}
	}
	files, err := os.ReadDir(filepath.Join(dir, "mail"))
	if err != nil || len(files) != 1 || !strings.HasSuffix(files[0].Name(), "4K7Q-2M3X-9TR.acknowledgement.eml") {
		t.Fatalf("the folder has %v, %v; want one letter", files, err)
	}
	if info, err := files[0].Info(); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the letter can be read by others: %v, %v", info.Mode(), err)
	}
}

// The signed receipt goes with the letter as a file.
func TestAttachedFilesArrive(t *testing.T) {
	s := new(sink)
	m := letter()
	m.Attached = []Attachment{{"4K7Q-2M3X-9TR.txt", "Größe\n-- \nx"}}
	if _, err := s.open(t).Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	read, err := netmail.ReadMessage(bytes.NewReader(s.raw))
	if err != nil {
		t.Fatal(err)
	}
	_, params, err := mime.ParseMediaType(read.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	parts := multipart.NewReader(read.Body, params["boundary"])
	if _, err := parts.NextPart(); err != nil { // the text, in two forms
		t.Fatal(err)
	}
	file, err := parts.NextPart()
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, file))
	if err != nil || string(data) != m.Attached[0].Text || file.FileName() != m.Attached[0].Name {
		t.Errorf("the file %q has %q, %v", file.FileName(), data, err)
	}
}

// box is an outbox with one letter.
type box struct{ docket.Letter }

func waiting() *box {
	return &box{docket.Letter{ID: 1, Kind: docket.Copy, Written: noon, Delivery: docket.Queued, Next: noon}}
}

func (b *box) Claim(_ context.Context, now, _ time.Time, _ int) ([]docket.Letter, error) {
	if b.Delivery == docket.Queued && !b.Next.After(now) {
		return []docket.Letter{b.Letter}, nil
	}
	return nil, nil
}
func (b *box) Settle(_ context.Context, l ...docket.Letter) error { b.Letter = l[0]; return nil }

func (b *box) Busy() bool { return false }

func carrier(delivery docket.Delivery, err error) Carrier {
	return func(context.Context, docket.Letter) (docket.Delivery, error) { return delivery, err }
}

func TestOPS6WorkerTriesForFiveDays(t *testing.T) {
	b, now, log := waiting(), noon, slog.New(slog.DiscardHandler)
	var gaps []time.Duration
	w := NewWorker(b, carrier("", errors.New("busy")), 1, func() time.Time { return now }, log)
	for b.Delivery == docket.Queued {
		if !w.Round(t.Context()) {
			t.Fatalf("the letter is not tried at %v", now)
		}
		gaps = append(gaps, b.Next.Sub(now))
		now = b.Next
	}
	if b.Delivery != docket.Failed || b.Done.IsZero() || b.Error != "busy" {
		t.Errorf("after the last attempt the letter is %+v", b.Letter)
	}
	if lasted := now.Sub(noon); lasted < 108*time.Hour || lasted > 132*time.Hour {
		t.Errorf("the attempts last %v; want about five days", lasted)
	}
	if gaps[0] < 50*time.Second || gaps[0] > 70*time.Second || gaps[20] < 3*time.Hour || gaps[20] > 5*time.Hour {
		t.Errorf("the first wait is %v and a later one %v; want about a minute and about four hours", gaps[0], gaps[20])
	}
}

// later is a receiver that says when to come back.
type later struct{ error }

func (later) RetryAfter() time.Duration { return 3 * time.Hour }

func TestWorkerWaitsAsLongAsItIsAskedTo(t *testing.T) {
	b := waiting()
	w := NewWorker(b, carrier("", fmt.Errorf("x: %w", later{errors.New("429")})), 1, func() time.Time { return noon }, slog.New(slog.DiscardHandler))
	if w.Round(t.Context()); b.Next.Sub(noon) != 3*time.Hour {
		t.Errorf("it waits %v; want three hours", b.Next.Sub(noon))
	}
}

func TestWorkerEndsWithOneAnswer(t *testing.T) {
	for _, c := range []struct {
		delivery docket.Delivery
		err      error
		want     docket.Delivery
	}{
		{docket.Sent, nil, docket.Sent},
		{docket.Written, nil, docket.Written},
		{"", fmt.Errorf("x: %w", ErrRefused), docket.Failed},
	} {
		b := waiting()
		w := NewWorker(b, carrier(c.delivery, c.err), 1, func() time.Time { return noon }, slog.New(slog.DiscardHandler))
		w.Round(t.Context())
		if b.Delivery != c.want || !b.Done.Equal(noon) || w.Round(t.Context()) {
			t.Errorf("%q, %v: the letter is %q, done %v; want %q and no further attempt", c.delivery, c.err, b.Delivery, b.Done, c.want)
		}
	}
}

// A letter that makes the program fail waits like others that failed, and takes nothing with it.
func TestWorkerOutlivesAPanic(t *testing.T) {
	b := waiting()
	w := NewWorker(b, func(context.Context, docket.Letter) (docket.Delivery, error) { panic("anna@example.org") }, 1, func() time.Time { return noon }, slog.New(slog.DiscardHandler))
	if !w.Round(t.Context()) || b.Delivery != docket.Queued || b.Attempts != 1 || b.Error == "" || strings.Contains(b.Error, "anna") {
		t.Errorf("the letter is left as %+v", b.Letter)
	}
}

func TestStoppedWorkerClaimsNothing(t *testing.T) {
	b := waiting()
	w := NewWorker(b, func(context.Context, docket.Letter) (docket.Delivery, error) {
		t.Error("a letter was sent after the stop")
		return "", nil
	},
		1, func() time.Time { return noon }, slog.New(slog.DiscardHandler))
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if w.Round(ctx) || b.Attempts != 0 {
		t.Errorf("the letter is left as %+v", b.Letter)
	}
}

// A mail server that takes a minute for one letter does not keep the others waiting.
func TestSlowLettersDoNotHoldUpOthers(t *testing.T) {
	const hands = 4
	many := &shelf{left: hands * 3}
	blocked := make(chan struct{})
	var done atomic.Int32
	w := NewWorker(many, func(_ context.Context, l docket.Letter) (docket.Delivery, error) {
		if l.ID == 1 {
			<-blocked
		}
		done.Add(1)
		return docket.Sent, nil
	}, hands, time.Now, slog.New(slog.DiscardHandler))
	ctx, stop := context.WithCancel(t.Context())
	finished := make(chan struct{})
	go func() { w.Run(ctx); close(finished) }()
	for range 500 {
		if done.Load() == hands*3-1 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if n := done.Load(); n != hands*3-1 {
		t.Errorf("%d letters went out beside the slow one; want %d", n, hands*3-1)
	}
	stop()
	select {
	case <-finished:
		t.Error("the worker stopped with a letter on its way")
	case <-time.After(50 * time.Millisecond):
	}
	close(blocked)
	<-finished
}

// shelf has a number of letters.
type shelf struct {
	mu   sync.Mutex
	left int64
}

func (s *shelf) Claim(context.Context, time.Time, time.Time, int) ([]docket.Letter, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.left == 0 {
		return nil, nil
	}
	s.left--
	return []docket.Letter{{ID: s.left + 1}}, nil
}
func (s *shelf) Busy() bool                                     { return false }
func (s *shelf) Settle(context.Context, ...docket.Letter) error { return nil }
