package sitegen

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"unicode/utf8"
)

// What Markdown can do to a builder grows with the square of some texts, so no text is longer than a very long policy.
const (
	maxText    = 256 << 10 // bytes
	maxLine    = 16 << 10
	maxColumns = 20 // of a table, whose short rows Markdown fills up
	maxDepth   = 30 // of lists, quotations and emphasis in each other; browsers stop at some hundreds
)

// clean reports what no text may hold and gives a text with blanks in its place.
func (s *script) clean(source []byte) []byte {
	if len(source) > maxText {
		s.fault(maxText, "", fmt.Sprintf("the text is longer than %d KiB", maxText>>10), "divide it into several pages")
		return nil
	}
	if s.lines(source); len(s.faults) > 0 {
		return nil
	}
	s.references(source)
	return s.characters(source)
}

func (s *script) characters(source []byte) []byte {
	if harmlessOctets(source) && utf8.Valid(source) {
		return source // nearly all
	}
	clean := source
	for i, n := 0, 0; i < len(source); i += n {
		var r rune
		r, n = utf8.DecodeRune(source[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			s.fault(i, fmt.Sprintf(`"\x%02x"`, source[i]), "the text is not UTF-8", "save it with the encoding UTF-8")
		case forbidden(r) && !bytes.HasPrefix(source[i:], []byte("\r\n")):
			s.fault(i, fmt.Sprintf("%+q", r), characterProblem(r), "remove it")
		default:
			continue
		}
		if &clean[0] == &source[0] {
			clean = bytes.Clone(source)
		}
		copy(clean[i:], bytes.Repeat([]byte(" "), n))
	}
	return clean
}

// harmlessOctets reports whether no forbidden character can be in a text. It may be wrong in calling one harmful, which a closer
// look corrects.
func harmlessOctets(source []byte) bool {
	for i, b := range source {
		if !suspicious[b] {
			continue
		}
		switch {
		case b < 0x80:
			return false
		case b == 0xc2 && i+1 < len(source) && source[i+1] < 0xa0: // U+0080 to U+009F
			return false
		case b == 0xe2 && i+2 < len(source) && source[i+1] == 0x80 && source[i+2] >= 0xaa && source[i+2] <= 0xae: // U+202A to U+202E
			return false
		}
	}
	return true
}

// suspicious are the octets that a forbidden character may begin with.
var suspicious = func() (table [256]bool) {
	for b := range table {
		table[b] = b < ' ' && b != '\n' && b != '\t' || b == 0x7f || b == 0xc2 || b == 0xe2
	}
	return table
}()

// forbidden reports whether a character has no place in a text: it controls a terminal, or it makes people read a
// sentence in another order than it is written. Marks and isolates, which right-to-left texts need, are allowed.
func forbidden(r rune) bool {
	return r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r <= 0x9f || reorders(r)
}

func reorders(r rune) bool { return r >= '\u202a' && r <= '\u202e' }

func characterProblem(r rune) string {
	if reorders(r) {
		return "the text holds a character that changes the order in which it is read"
	}
	return "the text holds a control character"
}

var reference = regexp.MustCompile(`&#(?:([0-9]{1,7})|[xX]([0-9a-fA-F]{1,6}));`)

// references looks for the same characters written as &#8238;.
func (s *script) references(source []byte) {
	if !bytes.Contains(source, []byte("&#")) {
		return
	}
	for _, m := range reference.FindAllSubmatchIndex(source, -1) {
		number, base := m[2:4], 10
		if number[0] < 0 {
			number, base = m[4:6], 16
		}
		r, _ := strconv.ParseInt(string(source[number[0]:number[1]]), base, 32)
		if r > 0 && forbidden(rune(r)) {
			s.fault(m[0], string(source[m[0]:m[1]]), characterProblem(rune(r)), "remove it")
		}
	}
}

// lines refuses lines that would take Markdown long.
func (s *script) lines(source []byte) {
	at := 0
	for line := range bytes.Lines(source) {
		switch {
		case len(line) > maxLine:
			s.fault(at, string(line), fmt.Sprintf("the line is longer than %d KiB", maxLine>>10), "divide the paragraph")
		case bytes.Count(line, []byte("|")) > maxColumns+1:
			s.fault(at, string(line), fmt.Sprintf("a table may have %d columns", maxColumns), "divide it, or write | as &#124;")
		case len(line) > maxDepth && tooDeep(line):
			s.fault(at, string(line), "the text is nested too deep", "divide it, or make it plainer")
		}
		at += len(line)
	}
}

// tooDeep looks closer at lines that begin with many marks only: the expression takes longer than all else.
func tooDeep(line []byte) bool {
	marks := len(line) - len(bytes.TrimLeft(line, " \t>-+*0123456789.)"))
	return marks >= maxDepth && containers.Match(line)
}

// containers are more marks of quotations and lists than may be in each other.
var containers = regexp.MustCompile(fmt.Sprintf(`^(?:[ \t]*(?:>|[-+*]|[0-9]{1,9}[.)])(?:[ \t]|>)*){%d}[^-+*\s]`, maxDepth))
