// Package check compares a shop with the law of its markets and says what is missing, in words
// for the person who runs the shop.
package check

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"recourse/day"
	"recourse/law"
	"recourse/shop"
)

// Level says how urgent a finding is.
type Level string

const (
	Error   Level = "error"   // the law of a market asks for it, or the pages would contradict it
	Warning Level = "warning" // probably wrong, or to be done outside these pages
	Info    Level = "info"    // good to know; a lawyer may want to look at it
)

// Finding is one thing to know or do.
type Finding struct {
	Level Level  `json:"level"`
	Where string `json:"where"` // a key of shop.toml: "returns.days", "markets.FR"
	Text  string `json:"text"`
	Fix   string `json:"fix"`
}

// String is one line.
func (f Finding) String() string {
	return fmt.Sprintf("%s: %s: %s; %s", f.Level, f.Where, f.Text, f.Fix)
}

// Run checks a shop on a day. Languages are the ones there are texts in. Findings come by level,
// within a level in the order of the shop's markets.
func Run(s *shop.Shop, b *law.Book, languages []string, today day.Day) []Finding {
	r := &run{shop: s, book: b, languages: languages, today: today}
	r.everywhere()
	for _, country := range s.Countries() {
		r.market(country)
	}
	r.function()
	slices.SortStableFunc(r.found, func(a, b Finding) int { return cmp.Compare(rank(a.Level), rank(b.Level)) })
	return r.found
}

// Errors counts the findings that must be dealt with.
func Errors(found []Finding) int {
	n := 0
	for _, f := range found {
		if f.Level == Error {
			n++
		}
	}
	return n
}

// Print writes the findings for people, the remedy on a line of its own.
func Print(w io.Writer, found []Finding) error {
	if len(found) == 0 {
		_, err := fmt.Fprintln(w, "Nothing to report.")
		return err
	}
	for _, f := range found {
		if _, err := fmt.Fprintf(w, "%-8s %s: %s\n         -> %s\n", f.Level, f.Where, f.Text, f.Fix); err != nil {
			return err
		}
	}
	return nil
}

func rank(l Level) int { return slices.Index([]Level{Error, Warning, Info}, l) }

// run collects findings.
type run struct {
	shop      *shop.Shop
	book      *law.Book
	languages []string
	today     day.Day
	due       []string // markets whose consumers must be offered the withdrawal function
	found     []Finding
}

func (r *run) add(level Level, where, text, fix string) {
	r.found = append(r.found, Finding{level, where, text, fix})
}
