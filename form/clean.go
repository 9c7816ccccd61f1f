package form

import "unicode/utf8"

// Clean removes what people did not mean to type and cannot see: control and bidi control characters, the many
// kinds of line break, white space around the value. It never changes a visible character. The result is valid UTF-8
// (what was not becomes U+FFFD) and is not changed by a second Clean.
//
// Zero-width joiners stay inside names and texts, where Persian, Indic scripts and emoji need them; in addresses
// and dates they are accidents of copying.
func Clean(t Type, s string) string {
	s = trim(s)
	if unchanged(t, s) == len(s) {
		return s
	}
	return trim(string(AppendClean(make([]byte, 0, len(s)), t, s)))
}

// AppendClean appends to b what Clean makes of s, but leaves the white space around it. Who has a buffer saves an
// allocation.
func AppendClean(b []byte, t Type, s string) []byte {
	start := unchanged(t, s)
	b = append(b, s[:start]...)
	afterCR := false
	for _, r := range s[start:] {
		crlf := afterCR && r == '\n'
		afterCR = r == '\r'
		if !crlf && !invisible(t, r) {
			b = utf8.AppendRune(b, plain(t, r))
		}
	}
	return b
}

// unchanged is the length of what needs no change at the start of a value: nearly always all of it.
func unchanged(t Type, s string) int {
	for i := 0; i < len(s); {
		if s[i] >= ' ' && s[i] < 0x7f {
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError || invisible(t, r) || plain(t, r) != r {
			return i
		}
		i += n
	}
	return len(s)
}

// visibleASCII is asked first wherever every character is looked at: most are.
func visibleASCII(r rune) bool { return r > ' ' && r < 0x7f }

// plain gives line breaks their one form, or a space where there is only one line.
func plain(t Type, r rune) rune {
	several := t == Text || t == Files || t == Items
	switch {
	case lineBreak(r) && several:
		return '\n'
	case lineBreak(r), r == '\t' && !several:
		return ' '
	}
	return r
}

func lineBreak(r rune) bool {
	return r >= '\n' && r <= '\r' || r == 0x85 || r == 0x2028 || r == 0x2029
}

func invisible(t Type, r rune) bool {
	switch {
	case lineBreak(r), r == '\t':
		return false
	case r < ' ', r >= 0x7f && r <= 0x9f: // controls
		return true
	case r == 0xfeff, r == 0x200b: // byte order mark, zero-width space
		return true
	case r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069: // bidi controls
		return true
	}
	return (t == Email || t == Date) && (joiner(r) || r == 0xad || r == 0x61c || r >= 0x200e && r <= 0x200f || r >= 0x2060 && r <= 0x2064)
}

// joiner reports zero-width joiner and non-joiner, which mean something only between two characters.
func joiner(r rune) bool { return r == 0x200c || r == 0x200d }

func space(r rune) bool {
	switch {
	case r >= '\t' && r <= '\r', r == ' ', r == 0x85, r == 0xa0, r == 0x1680, r >= 0x2000 && r <= 0x200a,
		r == 0x2028, r == 0x2029, r == 0x202f, r == 0x205f, r == 0x3000:
		return true
	}
	return false
}

func trim(s string) string {
	for s != "" {
		r, n := utf8.DecodeRuneInString(s)
		if visibleASCII(r) || !space(r) && !joiner(r) {
			break
		}
		s = s[n:]
	}
	for s != "" {
		r, n := utf8.DecodeLastRuneInString(s)
		if visibleASCII(r) || !space(r) && !joiner(r) {
			break
		}
		s = s[:len(s)-n]
	}
	return s
}
