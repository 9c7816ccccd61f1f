package mail

import (
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// picky is a mail server that refuses at one step.
type picky struct{ refuses string }

func (p picky) NewSession(*smtp.Conn) (smtp.Session, error) { return p, nil }
func (p picky) at(step string) error {
	if p.refuses == step {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "no " + step}
	}
	return nil
}
func (p picky) AuthMechanisms() []string             { return []string{"CRAM-MD5"} } // goes without encryption
func (p picky) Auth(string) (sasl.Server, error)     { return &asker{picky: p}, nil }
func (p picky) Mail(string, *smtp.MailOptions) error { return p.at("sender") }
func (p picky) Rcpt(string, *smtp.RcptOptions) error { return p.at("recipient") }
func (p picky) Data(r io.Reader) error {
	io.Copy(io.Discard, r)
	return p.at("letter")
}
func (p picky) Reset()        {}
func (p picky) Logout() error { return nil }

// asker asks one question, and takes any answer for right.
type asker struct {
	picky
	asked bool
}

func (a *asker) Next([]byte) (challenge []byte, done bool, err error) {
	if !a.asked {
		a.asked = true
		return []byte("<1@mail.example>"), false, nil
	}
	return nil, true, a.at("login")
}

func (p picky) listen(t *testing.T) (port int) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := smtp.NewServer(p)
	s.AllowInsecureAuth = true
	go s.Serve(l)
	t.Cleanup(func() { s.Close() })
	return l.Addr().(*net.TCPAddr).Port
}

// Every step that goes wrong is called by its name, after those that went well.
func TestTrySaysWhichStepFailed(t *testing.T) {
	all := []string{"name", "connection", "encryption", "login", "sender", "recipient", "letter"}
	for _, c := range []struct{ fails, url string }{
		{"", "smtp://u:p@127.0.0.1:%d?tls=none"},
		{"name", "smtp://nobody.invalid:%d"},
		{"connection", "smtp://127.0.0.1:1?x=%d"},
		{"encryption", "smtp://u:p@127.0.0.1:%d"},
		{"encryption", "smtps://u:p@127.0.0.1:%d"},
		{"login", "smtp://u:p@127.0.0.1:%d?tls=none"},
		{"sender", "smtp://u:p@127.0.0.1:%d?tls=none"},
		{"recipient", "smtp://u:p@127.0.0.1:%d?tls=none"},
		{"letter", "smtp://u:p@127.0.0.1:%d?tls=none"},
	} {
		port := picky{c.fails}.listen(t)
		config, err := ParseURL(fmt.Sprintf(c.url, port))
		if c.fails == "connection" {
			config, err = ParseURL("smtp://127.0.0.1:1")
		}
		if err != nil {
			t.Fatal(err)
		}
		message, err := NewTrial("shop@shop.example", "Shop", "me@example.org", "1@x", time.Now())
		if err != nil {
			t.Fatal(err)
		}
		var steps []Step
		err = Try(t.Context(), config, message, func(s Step) { steps = append(steps, s) })
		if (err != nil) != (c.fails != "") {
			t.Errorf("%s: error %v", c.fails, err)
		}
		last := steps[len(steps)-1]
		if c.fails == "" {
			if last.Name != "letter" || last.Err != nil || len(steps) != 5 {
				t.Errorf("steps %v", steps)
			}
			continue
		}
		if last.Name != c.fails || !errors.Is(err, last.Err) {
			t.Errorf("%s (%s): it ends with %v", c.fails, c.url, last)
		}
		if want := min(slices.Index(all, c.fails), 4); len(steps)-1 != want {
			t.Errorf("%s: %d steps went well; want %d", c.fails, len(steps)-1, want)
		}
	}
}
