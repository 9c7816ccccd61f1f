package mail

import (
	"embed"
	"fmt"
	"html/template"
	"net/url"
	"strings"
	texttemplate "text/template"
	"time"

	"recourse/intake/docket"
	"recourse/intake/wording"
	"recourse/locale"
	"recourse/shop"
)

//go:embed templates
var templates embed.FS

var (
	plain = texttemplate.Must(texttemplate.New("").Funcs(texttemplate.FuncMap{"indent": indent}).ParseFS(templates, "templates/*.txt"))
	rich  = template.Must(template.ParseFS(templates, "templates/*.html"))
)

// Links are the addresses a letter names.
type Links struct{ Receipt, Status string }

// content is what the templates are given.
type content struct {
	wording.Voice
	Case    docket.Case
	Subject string
	Intro   string
	Remarks []string // below the introduction
	Heading string   // above the statement
	Opening string   // first sentence of the statement
	Rows    []wording.Row
	Next    []string
	Link    string // before URL
	URL     string
	Message string // of the trader
	Quoted  string // above Quote
	Quote   string // of the consumer
	Closing []string
}

// NewAcknowledgement is the letter that confirms receipt to the consumer on a durable medium: content, date and time
// (Directive 2011/83/EU Art 11a(4)). It says "received", never "accepted".
func NewAcknowledgement(v wording.Voice, c docket.Case, links Links) (Message, error) {
	in := content{
		Voice: v, Case: c,
		Subject: v.Text("mail.acknowledgement.subject."+string(c.Form), reference(c)),
		Intro:   v.Text("mail.acknowledgement.intro."+string(c.Form), locale.Arg{Name: "moment", Value: v.Moment(c.Received)}),
		Remarks: append([]string{v.Text("mail.acknowledgement.only-received"), v.Text("mail.acknowledgement.reference", reference(c))}, seen(v, c)...),
		Heading: v.Text("mail.acknowledgement.statement"),
		Opening: v.Declaration(c.Form),
		Rows:    v.Statement(c),
		Next:    v.Next(c),
		Link:    v.Text("mail.acknowledgement.status"),
		URL:     links.Status,
		Closing: []string{v.Text("mail.acknowledgement.keep"), v.Text("mail.acknowledgement.contact"), v.Text("mail.acknowledgement.not-you")},
	}
	m, err := in.message(v.Shop.Trader.Email)
	m.Auto = true
	return m, err
}

// NewCopy is the letter that tells the shop. A reply to it goes to the consumer, so any help desk works.
func NewCopy(v wording.Voice, h wording.House, c docket.Case) (Message, error) {
	country, language := v.Market(h, c.Locale)
	in := content{
		Voice: v, Case: c,
		Subject: v.Text("mail.copy.subject."+string(c.Form), reference(c)),
		Intro:   v.Text("mail.copy.intro."+string(c.Form), locale.Arg{Name: "moment", Value: v.Moment(c.Received)}),
		Remarks: append(v.Duty(c.Due), v.Text("mail.copy.market", locale.Arg{Name: "country", Value: country}, locale.Arg{Name: "language", Value: language})),
		Heading: v.Text("mail.copy.statement"),
		Opening: v.Declaration(c.Form),
		Rows:    v.Statement(c),
		Link:    v.Text("mail.copy.reply"),
		URL:     v.InboxURL(c.Reference),
	}
	in.Remarks = append(in.Remarks, seen(v, c)...)
	if c.Suspect {
		in.Remarks = append(in.Remarks, v.Text("mail.copy.suspect"))
	}
	if c.Repeat {
		in.Remarks = append(in.Remarks, v.Text("mail.copy.repeat"))
	}
	if n := len(c.Files); n > 0 {
		in.Closing = []string{v.Plural("mail.copy.files", n)}
	}
	return in.message(c.Email())
}

// seen is the line about the text the visitor saw. Once it is in a mailbox, nobody can change what it says.
func seen(v wording.Voice, c docket.Case) []string {
	if s := v.Seen(c); s != nil {
		return []string{s.Line}
	}
	return nil
}

func reference(c docket.Case) locale.Arg { return locale.Arg{Name: "reference", Value: c.Reference} }

// message writes the content as text and HTML; who gets it is in the letter of the outbox.
func (in content) message(replyTo string) (Message, error) {
	var text, html strings.Builder
	if err := plain.ExecuteTemplate(&text, "letter.txt", in); err != nil {
		return Message{}, fmt.Errorf("write a letter about %s as text: %w", in.Case.Reference, err)
	}
	if err := rich.ExecuteTemplate(&html, "letter.html", in); err != nil {
		return Message{}, fmt.Errorf("write a letter about %s as HTML: %w", in.Case.Reference, err)
	}
	return Message{From: in.Shop.Trader.Email, Sender: in.Shop.Name, ReplyTo: replyTo, Subject: in.Subject, Text: text.String(), HTML: html.String()}, nil
}

// Envelope is a letter about a case for the outbox. Id tells the letters of a case apart and makes the Message-ID: the same id is
// the same letter.
func Envelope(s *shop.Shop, c docket.Case, kind docket.LetterKind, id, to string, written time.Time) docket.Letter {
	if plain, err := Address(to); err == nil {
		to = plain // one spelling for each mailbox: the store counts the letters to it
	}
	return docket.Letter{Case: c.ID, Shop: c.Shop, Kind: kind, MessageID: c.Reference + "." + id + "@" + host(s.Intake), To: to, Written: written}
}

// host is the right half of a Message-ID; only letters, digits, dots and hyphens are safe there.
func host(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || strings.Contains(u.Hostname(), ":") {
		return "recourse.invalid"
	}
	return u.Hostname()
}

// indent sets a visitor's words off from ours: nothing they write can pass for a line of the letter.
func indent(s string) string { return "  " + strings.ReplaceAll(s, "\n", "\n  ") }
