package audit

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// A Report is what was found, and how far the search reached.
type Report struct {
	Findings []Finding
	Skipped  []Skip
	Unused   []Allow // allowed nothing; Run alone knows
	Read     int     // texts searched

	used map[string]bool // patterns that allowed something
}

// Kind says why something was not searched.
type Kind string

// The kinds of Skip. Only Failed means that something went wrong.
const (
	Allowed  Kind = "allowed"  // named in Options.Allow
	Binary   Kind = "binary"   // pictures, fonts, archives
	Document Kind = "document" // old Word, scanned PDF: may well carry the link, needs a person
	Large    Kind = "large"    // above Options.Bytes, or more pages than Options.Pages
	Folder   Kind = "folder"   // version control, installed packages
	Foreign  Kind = "foreign"  // another host, or a symbolic link
	Robots   Kind = "robots"   // the site's robots.txt asks not to
	Failed   Kind = "failed"   // could not be opened, fetched or read
)

// A Skip is one file, folder or page that was not searched.
type Skip struct {
	Name   string `json:"name"`
	Kind   Kind   `json:"kind"`
	Reason string `json:"reason"`
}

func (r *Report) skip(name string, kind Kind, reason string) {
	r.Skipped = append(r.Skipped, Skip{name, kind, reason})
}

func (r *Report) scan(name string, text []byte) {
	r.Read++
	r.Findings = append(r.Findings, Scan(name, text)...)
}

// Add joins another report to this one.
func (r *Report) Add(other *Report) {
	r.Findings = append(r.Findings, other.Findings...)
	r.Skipped = append(r.Skipped, other.Skipped...)
	r.Read += other.Read
	for pattern := range other.used {
		r.use(pattern)
	}
}

func (r *Report) allow(name string, a Allow) {
	reason := fmt.Sprintf("allowed by %q", a.Pattern)
	if a.Reason != "" {
		reason += ": " + a.Reason
	}
	r.skip(name, Allowed, reason)
	r.use(a.Pattern)
}

func (r *Report) use(pattern string) {
	if r.used == nil {
		r.used = map[string]bool{}
	}
	r.used[pattern] = true
}

// Sort orders by name, line and column, so that the same pages give the same report.
func (r *Report) Sort() {
	slices.SortStableFunc(r.Findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	slices.SortStableFunc(r.Skipped, func(a, b Skip) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Reason, b.Reason))
	})
}

// Count is the number of findings of one level.
func (r *Report) Count(level Level) (n int) {
	for _, f := range r.Findings {
		if f.Level == level {
			n++
		}
	}
	return n
}

func (r *Report) skipped(kind Kind) (n int) {
	for _, s := range r.Skipped {
		if s.Kind == kind {
			n++
		}
	}
	return n
}

// ExitCode is 1 if there are errors; 2 if there are none, but something could not be opened, so
// that a build never passes because the shop was unreachable; else 0.
func (r *Report) ExitCode() int {
	switch {
	case r.Count(Error) > 0:
		return 1
	case r.skipped(Failed) > 0:
		return 2
	}
	return 0
}

// JSON writes the report as one object:
//
//	{"version": 1, "findings": [...], "skipped": [...], "unused": [...], "read": 3, "errors": 1, "warnings": 2}
//
// docs/auditing.md describes every key. A key may be added under the same version, none is taken
// away or changes its meaning.
func (r *Report) JSON(w io.Writer) error {
	out := json.NewEncoder(w)
	out.SetIndent("", "  ")
	out.SetEscapeHTML(false)
	return out.Encode(struct {
		Version  int       `json:"version"`
		Findings []Finding `json:"findings"`
		Skipped  []Skip    `json:"skipped"`
		Unused   []Allow   `json:"unused"`
		Read     int       `json:"read"`
		Errors   int       `json:"errors"`
		Warnings int       `json:"warnings"`
	}{
		1, append([]Finding{}, r.Findings...), append([]Skip{}, r.Skipped...), append([]Allow{}, r.Unused...), // [], never null
		r.Read, r.Count(Error), r.Count(Warning),
	})
}

// WriteText writes the report for people: a line per finding that editors can jump to, then what
// to do, once for each sort of finding, then what was not searched and the sums.
//
//	agb.html:12:9: error: "https://ec.europa.eu/consumers/odr" (odr-link)
func (r *Report) WriteText(w io.Writer) error {
	var b strings.Builder
	for _, f := range r.Findings {
		fmt.Fprintf(&b, "%s: %s: %s (%s)%s\n", printable(f.where()), f.Level, quoted(f.Match), f.Rule, kept(f))
	}
	r.advice(&b)
	r.notSearched(&b)
	for _, a := range r.Unused {
		fmt.Fprintf(&b, "warning: %s\n", a.unused())
	}
	b.WriteString(r.sums())
	_, err := io.WriteString(w, b.String())
	return err
}

func (f Finding) where() string {
	if f.Place != "" {
		return f.Name + ": " + f.Place
	}
	return fmt.Sprintf("%s:%d:%d", f.Name, f.Line, f.Column)
}

func kept(f Finding) string {
	if f.Keep == "" {
		return ""
	}
	return "; keep what is said about " + quoted(f.Keep)
}

// advice explains each sort of finding once.
func (r *Report) advice(b *strings.Builder) {
	seen := map[string]bool{}
	for _, f := range r.Findings {
		advice := fmt.Sprintf("%s: %s.\n  To do: %s.\n", f.Level, f.Text, f.Fix)
		if !seen[advice] {
			seen[advice] = true
			b.WriteString("\n" + advice)
		}
	}
	if len(seen) > 0 {
		b.WriteByte('\n')
	}
}

// notSearched leaves out what nobody expects to be searched; the sums count it.
func (r *Report) notSearched(b *strings.Builder) {
	for _, s := range r.Skipped {
		if s.Kind != Binary && s.Kind != Folder {
			fmt.Fprintf(b, "%s: not searched: %s\n", printable(s.Name), printable(s.Reason))
		}
	}
}

func (r *Report) sums() string {
	sums := fmt.Sprintf("%s, %s in %s", counted(r.Count(Error), "error"), counted(r.Count(Warning), "warning"), counted(r.Read, "text"))
	if n := len(r.Skipped); n > 0 {
		sums += fmt.Sprintf("; %d not searched", n)
	}
	return sums + "\n"
}

func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// quoted shows a match on one line. Pages are other people's text: quoting keeps their control
// characters off the terminal.
func quoted(match string) string {
	const most = 120
	short := []rune(oneLine(match))
	if len(short) > most {
		short = append(short[:most], '…')
	}
	return strconv.Quote(string(short))
}

func printable(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '?'
	}, name)
}
