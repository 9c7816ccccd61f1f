package check

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// width is the length of a line of text, in characters.
const width = 100

// JSON writes the findings as one object, whose shape docs/checking.md describes:
//
//	{"errors": 1, "warnings": 2, "notes": 0, "findings": [...]}
func JSON(w io.Writer, found []Finding) error {
	out := json.NewEncoder(w)
	out.SetIndent("", "  ")
	out.SetEscapeHTML(false)
	return out.Encode(struct {
		Errors   int       `json:"errors"`
		Warnings int       `json:"warnings"`
		Notes    int       `json:"notes"`
		Findings []Finding `json:"findings"`
	}{Count(found, Error), Count(found, Warning), Count(found, Note), append([]Finding{}, found...)})
}

// Print writes the findings for people: what concerns the whole shop, then each market, then the texts, and the sums.
// In colour, headings and levels stand out.
func Print(w io.Writer, found []Finding, colour bool) error {
	p := printer{colour: colour}
	for _, title := range titles(found) {
		p.heading(title)
		for _, f := range found {
			if f.title() == title {
				p.finding(f)
			}
		}
	}
	p.sums(found)
	_, err := io.WriteString(w, p.String())
	return err
}

// titles lists the groups: the whole shop, the markets in the order of their first finding, the texts.
func titles(found []Finding) []string {
	var shop, markets, texts []string
	for _, f := range found {
		group := &markets
		switch {
		case f.Market != "":
		case f.aboutText():
			group = &texts
		default:
			group = &shop
		}
		if !slices.Contains(*group, f.title()) {
			*group = append(*group, f.title())
		}
	}
	return slices.Concat(shop, markets, texts)
}

func (f Finding) aboutText() bool {
	return f.Language != "" || strings.HasPrefix(f.ID, "clause-")
}

func (f Finding) title() string {
	switch {
	case f.Market != "":
		return fmt.Sprintf("%s (%s)", countryName(f.Market), f.Market)
	case f.Language != "":
		return fmt.Sprintf("Texts in %s (%s)", languageName(f.Language), f.Language)
	case f.aboutText():
		return "Layouts"
	}
	return "Whole shop"
}

// place is where to look, as editors jump to it.
func (f Finding) place() string {
	switch {
	case f.File == "":
		return ""
	case f.Line == 0:
		return f.File + " "
	}
	return fmt.Sprintf("%s:%d:%d ", f.File, f.Line, f.Column)
}

type printer struct {
	strings.Builder
	colour bool
}

var shades = map[Level]string{Error: "31", Warning: "33", Note: "36"}

func (p *printer) heading(title string) {
	fmt.Fprintf(p, "%s\n\n", p.shade("1", title))
}

func (p *printer) finding(f Finding) {
	label := fmt.Sprintf("%-9s", f.Level)
	p.wrap("  "+p.shade(shades[f.Level], label), 2+len(label), f.Message)
	p.wrap(margin, len(margin), "-> "+f.Fix)
	if f.Statute != "" {
		p.wrap(margin, len(margin), "Law: "+f.Statute)
	}
	if f.Source != "" {
		p.WriteString(margin + "Source: " + f.Source + "\n")
	}
	p.wrap(margin, len(margin), fmt.Sprintf("%s[%s]", f.place(), f.ID))
	p.WriteByte('\n')
}

// margin stands before every line of a finding but its first.
const margin = "           "

// wrap writes words behind others that take up the indent. A word longer than the line, such as an address, is left whole.
func (p *printer) wrap(before string, indent int, text string) {
	p.WriteString(before)
	at := indent
	for i, word := range strings.Fields(text) {
		n := utf8.RuneCountInString(word)
		switch {
		case i == 0:
		case at+1+n > width:
			p.WriteString("\n" + strings.Repeat(" ", indent))
			at = indent
		default:
			p.WriteByte(' ')
			at++
		}
		p.WriteString(word)
		at += n
	}
	p.WriteByte('\n')
}

func (p *printer) shade(code, text string) string {
	if !p.colour {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

func (p *printer) sums(found []Finding) {
	if len(found) == 0 {
		p.WriteString("Nothing to report.\n")
		return
	}
	fmt.Fprintf(p, "%s, %s, %s.\n", counted(Count(found, Error), "error"), counted(Count(found, Warning), "warning"), counted(Count(found, Note), "note"))
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
