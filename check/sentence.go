package check

import (
	"bytes"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// folded is a sentence as patterns see it: lower case, composed, with single blanks and plain hyphens, without
// emphasis and invisible characters. at has the offset in the source for every byte, and for the end.
type folded struct {
	text string
	at   []int
}

var (
	unseen  = regexp.MustCompile(`(?s)\{\{.*?\}\}|<!--.*?-->`)
	comment = regexp.MustCompile(`(?m)^[ \t]*#.*$`)
	// block begins a new paragraph, list item, heading, quotation, table row or key of the front matter.
	block = regexp.MustCompile(`^[ \t]*(?:\r?\n|$|[-*+][ \t]|[#>|]|\d+[.)][ \t]|\+\+\+|[a-z]+ = )`)
)

// sentences takes Markdown, TOML or HTML apart. In TOML every line stands for itself.
func sentences(name string, source []byte) []folded {
	isTOML := strings.HasSuffix(name, ".toml")
	if isTOML {
		source = blanked(source, comment)
	}
	source = blanked(source, unseen)
	f := &folder{source: source, lines: isTOML}
	var it norm.Iter
	it.Init(norm.NFC, source)
	for !it.Done() {
		at := it.Pos()
		for _, c := range string(it.Next()) {
			f.take(c, at)
		}
	}
	f.end(len(source))
	return f.all
}

// blanked overwrites what a pattern finds, so that everything else keeps its place.
func blanked(source []byte, what *regexp.Regexp) []byte {
	return what.ReplaceAllFunc(source, func(m []byte) []byte { return bytes.Repeat([]byte(" "), len(m)) })
}

// folder collects sentences.
type folder struct {
	source []byte
	lines  bool
	text   []byte
	at     []int
	all    []folded
}

// take adds a character that stands at an offset of the source.
func (f *folder) take(c rune, at int) {
	switch c = plain(c); {
	case c == '\n' && (f.lines || block.Match(f.source[at+1:])):
		f.end(at)
	case unicode.IsSpace(c):
		f.blank(at)
	case c != 0:
		before := len(f.text)
		f.text = utf8.AppendRune(f.text, unicode.ToLower(c))
		for range len(f.text) - before {
			f.at = append(f.at, at)
		}
	}
}

// plain gives the usual character for its variants, and 0 for what readers do not see.
func plain(c rune) rune {
	switch c {
	case '*', '`', '\u00ad', '\u200b', '\u2060', '\ufeff':
		return 0
	case '\u2010', '\u2011', '\u2012', '–', '—':
		return '-'
	case '’', '‘':
		return '\''
	}
	return c
}

// blank adds white space once; after a full stop or a semicolon it ends the sentence.
func (f *folder) blank(at int) {
	n := len(f.text)
	if n == 0 || f.text[n-1] == ' ' {
		return
	}
	if strings.IndexByte(".!?;", f.text[n-1]) >= 0 {
		f.end(at)
		return
	}
	f.text, f.at = append(f.text, ' '), append(f.at, at)
}

func (f *folder) end(at int) {
	if len(f.text) > 0 {
		f.all = append(f.all, folded{string(f.text), append(f.at, at)})
	}
	f.text, f.at = nil, nil
}
