package sitegen

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Fault is a mistake in a content file.
type Fault struct {
	File         string // path in the content: "en/returns.md"
	Line, Column int    // from 1, the column in characters; 0 where the mistake is in no one place
	Text         string // the words in question
	Problem      string
	Fix          string
}

// Error is one line: "en/returns.md:12:5: "{{url "retruns"}}": there is no page "retruns"; the pages are ...".
func (f *Fault) Error() string {
	var b strings.Builder
	b.WriteString(f.File)
	if f.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", f.Line, f.Column)
	}
	b.WriteString(": ")
	if f.Text != "" {
		fmt.Fprintf(&b, "%s: ", f.Text)
	}
	b.WriteString(f.Problem)
	if f.Fix != "" {
		b.WriteString("; " + f.Fix)
	}
	return b.String()
}

// position gives line and column of an offset, both from 1, the column in characters.
func position(source []byte, offset int) (line, column int) {
	before := source[:min(max(offset, 0), len(source))]
	start := bytes.LastIndexByte(before, '\n') + 1
	return 1 + bytes.Count(before, []byte("\n")), 1 + utf8.RuneCount(before[start:])
}
