package audit

import (
	"bytes"
	"html"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// A view is a text made easier to compare, in which every byte still knows the stretch of the
// source it came from. Each step below takes a view and gives a new one; a match found in any of
// them is reported where the reader will see it.
type view struct {
	text     []byte
	from, to []int32
}

func source(text []byte) view {
	v := sized(len(text))
	for i, b := range text {
		v.add(b, int32(i), int32(i+1))
	}
	return v
}

func sized(n int) view {
	return view{make([]byte, 0, n), make([]int32, 0, n), make([]int32, 0, n)}
}

func (v *view) add(b byte, from, to int32) {
	v.text = append(v.text, b)
	v.from = append(v.from, from)
	v.to = append(v.to, to)
}

// put adds s as standing for the bytes i to j of old.
func (v *view) put(s string, old view, i, j int) {
	for k := range len(s) {
		v.add(s[k], old.from[i], old.to[j-1])
	}
}

// keep adds the byte i of old as it is.
func (v *view) keep(old view, i int) {
	v.add(old.text[i], old.from[i], old.to[i])
}

// span gives the stretch of the source behind the bytes i to j of the view.
func (v view) span(i, j int) (from, to int) {
	return int(v.from[i]), int(v.to[j-1])
}

// decoded undoes the ways HTML, URLs and JSON write a character. A link in a redirect inside a
// JSON string is wrapped three times; deeper nesting has not been seen.
func decoded(v view) view {
	for range 3 {
		if !bytes.ContainsAny(v.text, `&%\`) {
			break
		}
		v = unescaped(v)
	}
	return v
}

func unescaped(v view) view {
	out := sized(len(v.text))
	for i := 0; i < len(v.text); {
		char, n := escape(v.text[i:])
		if n == 0 {
			out.keep(v, i)
			i++
			continue
		}
		out.put(char, v, i, i+n)
		i += n
	}
	return out
}

// escape reads one escaped character at the start of s; n is 0 if there is none.
func escape(s []byte) (char string, n int) {
	switch s[0] {
	case '&':
		return entity(s)
	case '%':
		if r, ok := hex(s, 1, 2); ok {
			return string([]byte{byte(r)}), 3
		}
	case '\\':
		return backslash(s)
	}
	return "", 0
}

const longestEntity = len("&CounterClockwiseContourIntegral;")

func entity(s []byte) (string, int) {
	end := bytes.IndexByte(s[:min(len(s), longestEntity)], ';')
	if end < 2 || bytes.IndexByte(s[1:end], '&') >= 0 {
		return "", 0
	}
	written := string(s[:end+1])
	if char := html.UnescapeString(written); char != written {
		return char, len(written)
	}
	return "", 0
}

func backslash(s []byte) (string, int) {
	if len(s) < 2 {
		return "", 0
	}
	switch s[1] {
	case '/', '\\':
		return string(s[1:2]), 2
	case 'n', 'r', 't':
		return " ", 2
	case 'u':
		if r, ok := hex(s, 2, 4); ok {
			return string(r), 6
		}
	case 'x':
		if r, ok := hex(s, 2, 2); ok {
			return string(r), 4
		}
	}
	return "", 0
}

func hex(s []byte, at, digits int) (rune, bool) {
	if len(s) < at+digits {
		return 0, false
	}
	n, err := strconv.ParseUint(string(s[at:at+digits]), 16, 32)
	return rune(n), err == nil
}

// folded drops what nobody sees (soft hyphens, zero-width characters, <wbr>) and what people type
// differently (letter case, accents).
func folded(v view) view {
	out := sized(len(v.text))
	for i := 0; i < len(v.text); {
		if t, n := tag(v.text[i:]); t == "wbr" {
			i += n
			continue
		}
		if b := v.text[i]; b < utf8.RuneSelf {
			out.add(lower(b), v.from[i], v.to[i])
			i++
			continue
		}
		r, n := utf8.DecodeRune(v.text[i:])
		if r == utf8.RuneError && n == 1 {
			r = rune(v.text[i]) // a stray byte in an e-mail is most likely Latin-1
		}
		out.put(foldRune(r), v, i, i+n)
		i += n
	}
	return out
}

func lower(b byte) byte {
	if 'A' <= b && b <= 'Z' {
		b += 'a' - 'A'
	}
	return b
}

func foldRune(r rune) string {
	if unicode.Is(unicode.Cf, r) {
		return ""
	}
	return strings.Map(plainLetter, norm.NFKD.String(string(unicode.ToLower(r))))
}

func plainLetter(r rune) rune {
	switch {
	case unicode.Is(unicode.Mn, r):
		return -1
	case r == 'ł': // the one accent here that Unicode does not take apart
		return 'l'
	}
	return r
}

var inline = wordSet(`a abbr b bdi bdo big cite code del dfn em font i ins kbd label mark nobr q s samp
	small span strong strike sub sup tt u var wbr`)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}

// stripped removes tags and comments: inline ones without a trace, others as a line break.
func stripped(v view) view {
	out := sized(len(v.text))
	for i := 0; i < len(v.text); {
		name, n := tag(v.text[i:])
		switch {
		case n == 0:
			out.keep(v, i)
			i++
			continue
		case name != "" && !inline[name]:
			out.put("\n", v, i, i+n)
		}
		i += n
	}
	return out
}

const longestTag = 4096

// tag measures the tag or comment at the start of s; n is 0 if there is none. A comment has no name.
func tag(s []byte) (name string, n int) {
	if s[0] != '<' {
		return "", 0
	}
	s = s[:min(len(s), longestTag)]
	if bytes.HasPrefix(s, []byte("<!--")) {
		return "", bytes.Index(s, []byte("-->")) + len("-->") // without an end: 2, the "<!" alone
	}
	start := 1
	if len(s) > 1 && s[1] == '/' {
		start = 2
	}
	end := start + nameLength(s[start:])
	closing := closingBracket(s[end:])
	if end == start || closing < 0 {
		return "", 0
	}
	return strings.ToLower(string(s[start:end])), end + closing + 1
}

// nameLength is the number of letters, then digits and hyphens too, that s begins with.
func nameLength(s []byte) int {
	for i, b := range s {
		letter := 'a' <= b|0x20 && b|0x20 <= 'z'
		if !letter && (i == 0 || b != '-' && (b < '0' || b > '9')) {
			return i
		}
	}
	return len(s)
}

// closingBracket finds the ">" that is not inside a quoted attribute; another "<" means that the
// first one was only a less-than sign.
func closingBracket(s []byte) int {
	var quote byte
	for i, b := range s {
		switch {
		case quote != 0:
			if b == quote {
				quote = 0
			}
		case b == '"' || b == '\'':
			quote = b
		case b == '>':
			return i
		case b == '<':
			return -1
		}
	}
	return -1
}

// hyphenation is what squeezed makes of a hyphen at the end of a line: either a real hyphen or a
// word that was cut in two.
const hyphenation = 0x01

// squeezed turns each run of blanks, hyphens, line breaks and Markdown asterisks into one blank.
func squeezed(v view) view {
	out := sized(len(v.text))
	for i := 0; i < len(v.text); {
		n, gap := gapAt(v.text[i:])
		if n == 0 {
			out.keep(v, i)
			i++
			continue
		}
		out.put(string(gap), v, i, i+n)
		i += n
	}
	return out
}

// gapAt measures the run of gap characters at the start of s and says what stands for it.
func gapAt(s []byte) (n int, gap rune) {
	gap = ' '
	for n < len(s) {
		r, size := utf8.DecodeRune(s[n:])
		if !isGap(r) {
			break
		}
		if r == '\n' && unicode.Is(unicode.Pd, before(s[:n])) {
			gap = hyphenation
		}
		n += size
	}
	return n, gap
}

// before is the last character of s that is not a carriage return.
func before(s []byte) rune {
	r, _ := utf8.DecodeLastRune(bytes.TrimRight(s, "\r"))
	return r
}

func isGap(r rune) bool {
	if 'a' <= r && r <= 'z' {
		return false // spares most characters the tables
	}
	return r == '*' || unicode.IsSpace(r) || unicode.Is(unicode.Pd, r)
}
