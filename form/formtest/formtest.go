// Package formtest reads the case tables of package form. Native Go, the WebAssembly module and the server are all
// held against the same tables.
//
// A table is a text file. A line has the form and the field, the value as a Go string, and the expected answer: "ok"
// or the name of a rule, for too-long and too-many with the number that is over. "x"*201 is 201 times "x". In clean.txt
// the answer is the cleaned value.
//
//	withdrawal email "a@b"       invalid
//	withdrawal name  "x"*201     too-long 1
//	withdrawal name  " Anna\n"   "Anna"
//
// Two words at the start of a line set what the following cases are judged by:
//
//	today 2026-11-20
//	months "3=März" "3=mrz"
package formtest

import (
	"bufio"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strconv"
	"strings"

	"recourse/day"
	"recourse/form"
)

// Case is one line of a table.
type Case struct {
	Place  string // "email.txt:12"
	Form   string
	Field  string
	Value  string
	Today  day.Day
	Months form.Months

	Answer  string // "ok", "invalid", "too-long 1"; empty in clean.txt
	Cleaned string // in clean.txt
}

// Name tells cases apart in the output of tests.
func (c Case) Name() string {
	value := c.Value
	if len(value) > 40 {
		value = value[:40] + "…"
	}
	return fmt.Sprintf("%s %s.%s %q", c.Place, c.Form, c.Field, value)
}

// Answer writes a rule as the tables do.
func Answer(rule form.Rule, over int) string {
	switch {
	case rule == form.OK:
		return "ok"
	case over > 0:
		return rule.String() + " " + strconv.Itoa(over)
	}
	return rule.String()
}

// Read reads every table of a folder, in the order of their names.
func Read(fsys fs.FS) ([]Case, error) {
	files, err := fs.Glob(fsys, "*.txt")
	if err != nil {
		return nil, err
	}
	var cases []Case
	for _, file := range files {
		found, err := readFile(fsys, file)
		if err != nil {
			return nil, err
		}
		cases = append(cases, found...)
	}
	return cases, nil
}

func readFile(fsys fs.FS, file string) ([]Case, error) {
	data, err := fs.ReadFile(fsys, file)
	if err != nil {
		return nil, err
	}
	var cases []Case
	var setting Case
	lines := bufio.NewScanner(strings.NewReader(string(data)))
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		setting.Place = fmt.Sprintf("%s:%d", path.Base(file), n)
		c, isCase, err := setting.read(line)
		switch {
		case err != nil:
			return nil, fmt.Errorf("%s: read %q: %w", setting.Place, line, err)
		case isCase:
			cases = append(cases, c)
		default:
			setting = c
		}
	}
	return cases, lines.Err()
}

var row = regexp.MustCompile(`^(\w+)\s+(\w+)\s+("(?:[^"\\]|\\.)*")(?:\*(\d+))?\s+(.+)$`)

// read gives the next case, or the setting changed by the line.
func (c Case) read(line string) (next Case, isCase bool, err error) {
	if rest, ok := strings.CutPrefix(line, "today "); ok {
		if c.Today, ok = day.Parse(rest); !ok {
			return c, false, fmt.Errorf("%q is not a day; write it as 2026-11-20", rest)
		}
		return c, false, nil
	}
	if rest, ok := strings.CutPrefix(line, "months "); ok {
		c.Months, err = quotedAll(rest)
		return c, false, err
	}
	m := row.FindStringSubmatch(line)
	if m == nil {
		return c, false, fmt.Errorf(`a case is written as: withdrawal email "a@b" invalid`)
	}
	c.Form, c.Field = m[1], m[2]
	if c.Value, err = strconv.Unquote(m[3]); err != nil {
		return c, true, fmt.Errorf("value %s: %w", m[3], err)
	}
	if m[4] != "" {
		times, _ := strconv.Atoi(m[4])
		c.Value = strings.Repeat(c.Value, times)
	}
	if strings.HasPrefix(m[5], `"`) {
		c.Cleaned, err = strconv.Unquote(m[5])
		return c, true, err
	}
	c.Answer = m[5]
	return c, true, nil
}

func quotedAll(s string) (all []string, err error) {
	for _, quoted := range strings.Fields(s) {
		one, err := strconv.Unquote(quoted)
		if err != nil {
			return nil, fmt.Errorf("month %s: %w", quoted, err)
		}
		all = append(all, one)
	}
	return all, nil
}

// Suggestion is a line of suggest/*.txt: an address and the one to suggest for it, "-" in the file for none.
type Suggestion struct{ Place, Address, Want string }

// Suggestions reads every table of the folder suggest. What follows the last white space of a line is the suggestion.
func Suggestions(fsys fs.FS) ([]Suggestion, error) {
	files, err := fs.Glob(fsys, "suggest/*.txt")
	if err != nil {
		return nil, err
	}
	var all []Suggestion
	for _, file := range files {
		data, err := fs.ReadFile(fsys, file)
		if err != nil {
			return nil, err
		}
		for n, line := range strings.Split(string(data), "\n") {
			at := strings.LastIndexAny(line, " \t")
			if at < 0 || strings.HasPrefix(line, "#") {
				continue
			}
			want := strings.TrimPrefix(line[at+1:], "-")
			all = append(all, Suggestion{fmt.Sprintf("%s:%d", path.Base(file), n+1), strings.TrimSpace(line[:at]), want})
		}
	}
	return all, nil
}
