package sitegen

import (
	"errors"
	"fmt"
	"strings"

	"recourse/strict"
)

// mistake is an error as browsers show it: where it is, what it says, and the line with the place in it.
type mistake struct {
	File    string `json:"file,omitempty"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
	Problem string `json:"problem"`
	Excerpt string `json:"excerpt,omitempty"`
	At      int    `json:"at,omitempty"` // characters of the excerpt before the place
}

// most is how many mistakes a browser is sent; nobody reads on.
const most = 50

// mistakes are the parts of a joined error as browsers show them.
func mistakes(err error, source func(file string) ([]byte, error)) (list []mistake) {
	all := Separate(err)
	for i, one := range all {
		if i == most {
			return append(list, mistake{Problem: fmt.Sprintf("and %d more", len(all)-most)})
		}
		m := newMistake(one)
		if source != nil && m.Line > 0 {
			if text, err := source(m.File); err == nil {
				m.quote(string(text))
			}
		}
		list = append(list, m)
	}
	return list
}

// Separate takes a joined error apart.
func Separate(err error) (all []error) {
	if err == nil {
		return nil
	}
	var joined interface{ Unwrap() []error }
	if !errors.As(err, &joined) {
		return []error{err}
	}
	for _, one := range joined.Unwrap() {
		all = append(all, Separate(one)...)
	}
	return all
}

func newMistake(err error) mistake {
	m := mistake{Problem: err.Error()}
	var page *Fault
	var table *strict.Error
	switch {
	case errors.As(err, &page):
		m.File, m.Line, m.Column = page.File, page.Line, page.Column
	case errors.As(err, &table):
		m.File, m.Line, m.Column = table.File, table.Line, table.Column
	}
	if _, problem, found := strings.Cut(m.Problem, fmt.Sprintf("%s:%d:%d: ", m.File, m.Line, m.Column)); found {
		m.Problem = problem
	}
	return m
}

// beside is how many characters of a line are shown before and after a mistake: paragraphs can be long.
const beside = 60

func (m *mistake) quote(text string) {
	lines := strings.Split(text, "\n")
	if m.Line > len(lines) {
		return
	}
	line := []rune(strings.TrimRight(lines[m.Line-1], "\r"))
	at := min(max(m.Column-1, 0), len(line))
	from, to := max(0, at-beside), min(len(line), at+beside)
	before, after := "", ""
	if from > 0 {
		before = "…"
	}
	if to < len(line) {
		after = "…"
	}
	m.Excerpt = before + string(line[from:to]) + after
	m.At = at - from + len([]rune(before))
}

const noText = "there is no text "

// LacksText reports whether a page asks for a string that no file has. Where a file cannot be read it may be in there.
func (f *Fault) LacksText() bool { return strings.HasPrefix(f.Problem, noText) }
