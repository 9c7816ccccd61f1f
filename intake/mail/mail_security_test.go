package mail

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net"
	netmail "net/mail"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// hostile is what a visitor or a shop's file might put into a letter.
const hostile = "x\r\nBcc: victim@example.net\nTo: victim@example.net\r\rSubject: y\x00\r\n\r\n.\r\nRCPT TO:<victim@example.net>\r\n"

// TestSEC15_HeadersHoldNoWordsOfOthers counts recipients and headers, whatever a letter is made of.
func TestSEC15_HeadersHoldNoWordsOfOthers(t *testing.T) {
	for about, change := range map[string]func(*Message){
		"nothing": func(*Message) {}, "subject": func(l *Message) { l.Subject = hostile }, "sender": func(l *Message) { l.Sender = hostile },
		"text": func(l *Message) { l.Text = hostile }, "html": func(l *Message) { l.HTML = hostile },
		"subject in other letters": func(l *Message) { l.Subject = "\u0416\r\n Bcc: victim@example.net" },
	} {
		s, l := new(sink), letter()
		change(&l)
		if _, err := s.open(t).Send(t.Context(), l); err != nil {
			t.Errorf("%s: %v", about, err)
			continue
		}
		m, err := netmail.ReadMessage(bytes.NewReader(s.raw))
		if err != nil {
			t.Fatal(err)
		}
		if fmt.Sprint(s.recipients) != "[anna@example.org]" || names(m.Header) != "Auto-Submitted Content-Type Date From Message-Id Mime-Version Reply-To Subject To" {
			t.Errorf("%s: sent to %v with the headers %v", about, s.recipients, m.Header)
		}
		for name, values := range m.Header {
			if len(values) != 1 || strings.ContainsAny(values[0], "\r\n\x00") {
				t.Errorf("%s: %s is %q", about, name, values)
			}
		}
	}
	for _, to := range []string{hostile, "a@example.org\nBcc: v@example.net", "a@example.org,v@example.net", "a@example.org>\r\nRCPT TO:<v@example.net", "@a,@b:c@example.org", "a@example.org v@example.net"} {
		for about, change := range map[string]func(*Message){"To": func(l *Message) { l.To = to }, "Reply-To": func(l *Message) { l.ReplyTo = to }} {
			s, l := new(sink), letter()
			change(&l)
			if _, err := s.open(t).Send(t.Context(), l); err == nil || len(s.recipients) > 0 {
				t.Errorf("%s %q: sent to %v, %v", about, to, s.recipients, err)
			}
		}
	}
}

func names(h netmail.Header) string { return strings.Join(slices.Sorted(maps.Keys(h)), " ") }

// TestSEC16_TheEndOfALetterCannotBeForged looks at the bytes on the wire: servers differ in what they take for the line that
// ends a letter.
func TestSEC16_TheEndOfALetterCannotBeForged(t *testing.T) {
	var text strings.Builder
	for _, end := range []string{"\n.\n", "\n.\r\n", "\r.\r", "\r\n.\r", "\r.\n", "\r\n\x00.\r\n", "\n.\r", "\r\n.\r\n", "\r\n..\r\n", "\u2028.\u2028", "\u0085.\u0085"} {
		text.WriteString("line" + end + "MAIL FROM:<a@b.test>\r\nRCPT TO:<victim@example.net>\r\nDATA\r\nForged\r\n.\r\n")
	}
	l := letter()
	l.Text, l.HTML = text.String(), "<p>"+text.String()+"</p>"+strings.Repeat("long ", 1000)
	wire := onTheWire(t, l)
	for line := range strings.SplitSeq(wire, "\r\n") {
		if strings.ContainsAny(line, "\r\n\x00") {
			t.Errorf("there is half a line break in %q", line)
		}
		if len(line) > 78 {
			t.Errorf("a line has %d characters: %q", len(line), line)
		}
	}
	if n := strings.Count(wire, "\r\n.\r\n"); n != 1 {
		t.Errorf("the letter ends %d times", n)
	}
	head, _, _ := strings.Cut(wire, "\r\nDATA\r\n")
	if strings.Count(head, "MAIL FROM:") != 1 || strings.Count(head, "RCPT TO:<anna@example.org>") != 1 || strings.Contains(head, "victim") {
		t.Errorf("before the letter stands %q", head)
	}
}

// onTheWire sends a letter to a server that answers yes to everything, and gives what it was told.
func onTheWire(t *testing.T, l Message) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	said := make(chan string, 1)
	go func() {
		c, err := listener.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		said <- agree(c)
	}()
	config, err := ParseURL(fmt.Sprintf("smtp://%s?tls=none", listener.Addr()))
	if err != nil {
		t.Fatal(err)
	}
	sender, err := NewSMTP(config)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sender.Send(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	return <-said
}

func agree(c net.Conn) string {
	var all []byte
	inData := false
	io.WriteString(c, "220 here\r\n")
	for buffer := make([]byte, 64<<10); ; {
		n, err := c.Read(buffer)
		all = append(all, buffer[:n]...)
		last := string(buffer[:n])
		switch {
		case err != nil:
			return string(all)
		case inData && !bytes.HasSuffix(all, []byte("\r\n.\r\n")):
			continue
		case last == "DATA\r\n":
			inData = true
			io.WriteString(c, "354 go on\r\n")
		case last == "QUIT\r\n":
			io.WriteString(c, "221 bye\r\n")
			return string(all)
		default:
			inData = false
			io.WriteString(c, "250 yes\r\n")
		}
	}
}

// TestSEC12_LettersLoadNothing: a letter in HTML has its text as text, loads nothing and runs nothing.
func TestSEC12_LettersLoadNothing(t *testing.T) {
	for _, name := range []string{"letter.html"} {
		page, err := templates.ReadFile("templates/" + name)
		if err != nil {
			t.Fatal(err)
		}
		root, err := html.Parse(bytes.NewReader(page))
		if err != nil {
			t.Fatal(err)
		}
		for n := range root.Descendants() {
			switch n.Data {
			case "script", "img", "link", "iframe", "object", "form", "video", "audio", "base":
				t.Errorf("%s has an element %q", name, n.Data)
			}
			for _, a := range n.Attr {
				if a.Key == "src" || a.Key == "background" || strings.HasPrefix(a.Key, "on") || strings.Contains(a.Val, "url(") {
					t.Errorf("%s has an attribute %s=%q", name, a.Key, a.Val)
				}
			}
		}
	}
	s := new(sink)
	if _, err := s.open(t).Send(t.Context(), letter()); err != nil {
		t.Fatal(err)
	}
	m, err := netmail.ReadMessage(bytes.NewReader(s.raw))
	if err != nil {
		t.Fatal(err)
	}
	if found := read(t, m); found["text/plain"] == "" || found["text/html"] == "" || len(found) != 2 {
		t.Errorf("the parts are %q", found)
	}
}

// TestSEC18_NobodyAnswersAnAcknowledgement: programs that answer mail by themselves see that it was sent by one.
func TestSEC18_NobodyAnswersAnAcknowledgement(t *testing.T) {
	s := new(sink)
	if _, err := s.open(t).Send(t.Context(), letter()); err != nil {
		t.Fatal(err)
	}
	m, err := netmail.ReadMessage(bytes.NewReader(s.raw))
	if err != nil {
		t.Fatal(err)
	}
	if got := m.Header.Get("Auto-Submitted"); got != "auto-replied" {
		t.Errorf("Auto-Submitted is %q", got)
	}
	if s.from != "service@shop.example" {
		t.Errorf("what comes back goes to %q", s.from)
	}
}

// TestSEC20_Address: what net/mail takes for one address is often none, or several.
func TestSEC20_Address(t *testing.T) {
	for _, typed := range []string{"Foo <a@b.de>", "a@b.de (x)", "<a@b.de>", "x:a@b.de;", "a@[127.0.0.1]", "a@-b.de", "a@b-.de", "a@b..de", "a@b\u200bc.de",
		strings.Repeat("a", 65) + "@b.de", "a@" + strings.Repeat("b.", 126) + "de", "a@b", "a@b.de, c@d.de", "a@b.de;c@d.de", "a\r\n@b.de", "a@b.de\nBcc: c@d.de", "a@b.de\x00", "\"a b\"@b.de"} {
		if got, err := Address(typed); err == nil {
			t.Errorf("Address(%q) = %q", typed, got)
		}
	}
}
