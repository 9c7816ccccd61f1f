package intake

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"text/template"

	"recourse/intake/docket"
	"recourse/intake/mail"
	"recourse/intake/wording"
	"recourse/locale"
)

// Texts that are kept as files: the receipt, and the whole case. What people wrote stands indented, so that none of it can
// pass for a line of ours or for a signature.
var (
	receiptText = sync.OnceValue(func() *template.Template { return parseText("receipt.txt") })
	caseText    = sync.OnceValue(func() *template.Template { return parseText("case.txt") })
)

func parseText(name string) *template.Template {
	helpers := template.FuncMap{
		"arg":    func(name, value string) locale.Arg { return locale.Arg{Name: name, Value: value} },
		"indent": func(s string) string { return "  " + strings.ReplaceAll(s, "\n", "\n  ") },
		"rule":   func(s string) string { return s + "\n" + strings.Repeat("=", len([]rune(s))) },
	}
	return template.Must(template.New(name).Funcs(helpers).ParseFS(pages, "pages/"+name))
}

var (
	lineEnds   = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[ \t]+\n`) })
	blankLines = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\n{3,}`) })
)

// Fingerprint of the key that signs receipts, as people compare it.
func (s *Server) Fingerprint() string { return s.sealer.Fingerprint() }

// sealed writes a text and signs it with the time of signing. Mail programs and editors change spaces at the ends of lines: there
// are none.
func (s *Server) sealed(t *template.Template, data any) (string, error) {
	var b strings.Builder
	if err := t.Execute(&b, data); err != nil {
		return "", fmt.Errorf("write a text to be signed: %w", err)
	}
	text := lineEnds().ReplaceAllString(b.String(), "\n")
	text = strings.TrimSpace(blankLines().ReplaceAllString(text, "\n\n")) + "\n"
	return s.sealer.Seal(text, s.config.Now()), nil
}

type receiptTextData struct {
	wording.Voice
	Case        docket.Case
	Received    string
	Declaration string
	Rows        []wording.Row
	Files       []filePrint
	Version     string // line about the text that was seen
	Next        []string
	Status      string
}

// filePrint is a file as it can be recognised.
type filePrint struct{ Label, Bytes, SHA256, Origin string }

func filePrints(v wording.Voice, files []docket.File, origin string) (all []filePrint) {
	for _, f := range files {
		one := filePrint{Label: fileLabel(v, f), SHA256: f.Sum, Origin: origin}
		if f.Size > 0 { // how large an erased one was nobody knows
			one.Bytes = fmt.Sprint(f.Size)
		}
		all = append(all, one)
	}
	return all
}

// sealedReceipt is the receipt as a signed file.
func (s *Server) sealedReceipt(v wording.Voice, c docket.Case) (string, error) {
	data := receiptTextData{
		Voice: v, Case: c, Received: v.Moment(c.Received), Declaration: v.Declaration(c.Form), Rows: provided(v, v.Rows(c)),
		Files: filePrints(v, c.Files, ""), Next: v.Next(c), Status: s.links(v, c).Status,
	}
	if seen := v.Seen(c); seen != nil {
		data.Version = seen.Line
	}
	return s.sealed(receiptText(), data)
}

// provided says of what was not answered that it was not.
func provided(v wording.Voice, rows []wording.Row) []wording.Row {
	for i, row := range rows {
		if row.Text == "" {
			rows[i].Text = v.Text("receipt.not-provided")
		}
	}
	return rows
}

// acknowledgement is the letter that confirms receipt, with the signed receipt as a file.
func (s *Server) acknowledgement(v wording.Voice, c docket.Case) (mail.Message, error) {
	m, err := mail.NewAcknowledgement(v, c, s.links(v, c))
	if err != nil {
		return m, err
	}
	text, err := s.sealedReceipt(v, c)
	m.Attached = append(m.Attached, mail.Attachment{Name: c.Reference + ".txt", Text: text})
	return m, err
}
