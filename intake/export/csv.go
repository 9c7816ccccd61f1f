package export

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode"

	"recourse/intake/docket"
	"recourse/intake/store"
)

// CSV says how a file for a spreadsheet is written.
type CSV struct {
	Separator rune // ',' or ';'
	Mark      bool // begin with a byte order mark, by which Excel knows UTF-8
	Messages  bool // a last column with all that was written since
}

var columns = []string{"reference", "shop", "form", "locale", "received", "due", "due_task", "state", "outcome", "priority", "suspect", "repeated",
	"undelivered", "answered", "closed", "hold", "rating", "opinion", "files"}

// Write writes cases, a line each, and says how many.
func (o CSV) Write(ctx context.Context, w io.Writer, s Source, query docket.Query) (cases int, err error) {
	head := append(append([]string{}, columns...), fields()...)
	if o.Messages {
		head = append(head, "messages")
	}
	if o.Mark {
		if _, err := io.WriteString(w, "\ufeff"); err != nil {
			return 0, err
		}
	}
	if err := o.Line(w, head); err != nil {
		return 0, err
	}
	err = s.EachWhole(ctx, query, func(c store.Whole) error {
		cases++
		return o.Line(w, o.cells(c))
	})
	if err != nil {
		return cases, fmt.Errorf("export cases as CSV: %w", err)
	}
	return cases, nil
}

var priorities = map[docket.Priority]string{docket.Low: "low", docket.Normal: "normal", docket.High: "high"}

func (o CSV) cells(c store.Whole) []string {
	cells := []string{c.Reference, c.Shop, string(c.Form), c.Locale, moment(c.Received), c.Due.Day.String(), string(c.Due.Task), string(c.State), string(c.Outcome),
		priorities[c.Priority], yes(c.Suspect), yes(c.Repeat), yes(c.Undelivered), moment(c.Answered), moment(c.Closed), c.Hold, number(c.Rating), c.Opinion, names(c.Files)}
	for _, name := range fields() {
		cells = append(cells, c.Values[name])
	}
	if o.Messages {
		cells = append(cells, transcript(c))
	}
	return cells
}

// Line writes one line. No cell is taken for a formula, see safe.
func (o CSV) Line(w io.Writer, cells []string) error {
	var b strings.Builder
	for i, cell := range cells {
		if i > 0 {
			b.WriteRune(o.Separator)
		}
		b.WriteString(`"` + strings.ReplaceAll(safe(cell), `"`, `""`) + `"`)
	}
	b.WriteString("\r\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// safe puts an apostrophe before everything that could be taken for the beginning of a formula: at the beginning of the cell, and
// after signs at which a spreadsheet that expects another separator begins a new one. Quotes do not help there, since such a spreadsheet
// finds them in the middle of a cell. The apostrophe stays visible; JSON has the text without.
func safe(cell string) string {
	var b strings.Builder
	beginning := true
	for i, r := range cell {
		if beginning && (begins(r) || i == 0 && breaks(r)) {
			b.WriteByte('\'')
		}
		b.WriteRune(r)
		switch {
		case breaks(r) || strings.ContainsRune(`,;|"`, r):
			beginning = true
		case !unseen(r):
			beginning = false
		}
	}
	return b.String()
}

// begins reports whether spreadsheets take a sign for the beginning of a formula; some read full-width forms like the plain ones.
func begins(r rune) bool {
	return strings.ContainsRune("=+-@\uff1d\uff0b\uff0d\uff20\u2212\ufe62\ufe63\ufe66\ufe6b", r)
}

func breaks(r rune) bool { return r == '\t' || r == '\r' || r == '\n' }

// unseen is what some spreadsheets drop at the beginning of a cell.
func unseen(r rune) bool { return unicode.IsSpace(r) || unicode.In(r, unicode.Cc, unicode.Cf) }

func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func names(files []docket.File) string {
	all := make([]string, len(files))
	for i, f := range files {
		all[i] = f.Name
	}
	return strings.Join(all, "\n")
}

// transcript is what both sides wrote and proposed, in the order in which they did.
func transcript(c store.Whole) string {
	var b strings.Builder
	proposals := c.Proposals
	for _, m := range c.Messages {
		for len(proposals) > 0 && proposals[0].Made.Before(m.Written) {
			tell(&b, proposals[0].Made, "proposal "+string(proposals[0].Remedy)+" "+string(proposals[0].Decision), proposals[0].Author, proposals[0].Text)
			proposals = proposals[1:]
		}
		tell(&b, m.Written, string(m.Side), m.Author, m.Text)
	}
	for _, p := range proposals {
		tell(&b, p.Made, "proposal "+string(p.Remedy)+" "+string(p.Decision), p.Author, p.Text)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func tell(b *strings.Builder, at time.Time, what, who, text string) {
	fmt.Fprintf(b, "%s %s", moment(at), what)
	if who != "" {
		fmt.Fprintf(b, " (%s)", who)
	}
	fmt.Fprintf(b, ": %s\n", text)
}
