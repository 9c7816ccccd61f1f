package sitegen

import (
	"bytes"
	"fmt"
	"html/template"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// cases reads a file of "input, separator, expected" with a line of = after each case. A title may
// follow the =.
func cases(t testing.TB, file string) (list []actionCase) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	title := "1"
	for _, part := range strings.Split("\n"+string(data), "\n=== ")[1:] {
		name, rest, _ := strings.Cut(part, "\n")
		title = strings.TrimSpace(name)
		input, expected, ok := strings.Cut(rest, "\n---\n")
		if !ok {
			t.Fatalf("%s: case %q has no --- line", file, title)
		}
		list = append(list, actionCase{title, input + "\n", strings.TrimSpace(expected)})
	}
	return list
}

type actionCase struct{ title, input, expected string }

// TestActions converts Markdown with actions to the source of a template.
func TestActions(t *testing.T) {
	for _, c := range cases(t, "testdata/action.txt") {
		t.Run(c.title, func(t *testing.T) {
			got := strings.TrimSpace(plain(c.input))
			if diff := cmp.Diff(c.expected, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// plain is the template source of a Markdown text with actions as they were written, or its faults.
func plain(source string) string {
	html, s := convert([]byte(source))
	if len(s.faults) > 0 {
		var lines []string
		for _, f := range s.faults {
			line, column := position([]byte(source), f.pos)
			lines = append(lines, fmt.Sprintf("%d:%d: %s: %s", line, column, f.text, f.problem))
		}
		return strings.Join(lines, "\n")
	}
	return string(s.restore(html, func(out *bytes.Buffer, i int) { out.WriteString(s.actions[i].text) }))
}

// FuzzActions: no text makes the conversion fail in an unforeseen way, and a text without actions makes a
// template that prints its braces.
func FuzzActions(f *testing.F) {
	for _, c := range cases(f, "testdata/action.txt") {
		f.Add(c.input)
	}
	f.Fuzz(func(t *testing.T, source string) {
		html, s := convert([]byte(source))
		for _, fault := range s.faults {
			if fault.pos < 0 || fault.pos > len(source) {
				t.Errorf("fault at %d, text has %d bytes", fault.pos, len(source))
			}
		}
		if len(s.faults) > 0 {
			return
		}
		empty := s.restore(html, func(*bytes.Buffer, int) {})
		if _, err := template.New("x").Parse(string(empty)); err != nil {
			t.Errorf("text outside actions is read as an action: %v\n%s", err, empty)
		}
		for i, a := range s.actions {
			if !strings.HasPrefix(source[a.pos:], "{{") {
				t.Errorf("action %d %q is said to stand at %d", i, a.text, a.pos)
			}
		}
	})
}
