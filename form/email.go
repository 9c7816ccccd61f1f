package form

// emailRule accepts what a mail server can be asked to deliver to: local part, @, a domain of at least two labels.
// Internationalised mailboxes and domains are fine (RFC 6531). Quoted local parts, comments, display names and
// address literals are not: nobody who types a contact address means them, and they carry header injections.
func emailRule(s string) Rule {
	at, ats, gaps, separators := 0, 0, 0, 0
	for i, r := range s {
		switch {
		case r == '@':
			at = i
			ats++
		case alphanumeric(r):
		case space(r):
			gaps++
		case r == ',', r == ';':
			separators++
		}
	}
	switch {
	case ats > 0 && gaps > 0, ats > 1 && separators > 0:
		return Spaces
	case ats != 1, !mailbox(s[:at]), !domain(s[at+1:]):
		return Invalid
	}
	return OK
}

// mailbox accepts a dot-atom of RFC 5322, with letters of all scripts.
func mailbox(s string) bool {
	before := '.'
	for _, r := range s {
		switch {
		case r == '.' && before == '.':
			return false
		case r != '.' && !alphanumeric(r) && !atomSymbol(r) && !beyondASCII(r):
			return false
		}
		before = r
	}
	return before != '.' && len(s) <= 64
}

func domain(s string) bool {
	labels, last := 0, ""
	for more := true; more; labels++ {
		last, s, more = split(s, '.')
		if !label(last) {
			return false
		}
	}
	return labels > 1 && len(last) > 1 && !digits(last) // 127.0.0.1 is an address, not a name
}

// label accepts letters and digits of all scripts, with hyphens inside.
func label(s string) bool {
	if s == "" || len(s) > 63 || s[0] == '-' || s[len(s)-1] == '-' {
		return false
	}
	for _, r := range s {
		if !alphanumeric(r) && r != '-' && !beyondASCII(r) {
			return false
		}
	}
	return true
}

// split cuts s where at is for the first time.
func split(s string, at byte) (before, after string, found bool) {
	for i := range len(s) {
		if s[i] == at {
			return s[:i], s[i+1:], true
		}
	}
	return s, "", false
}

func alphanumeric(r rune) bool {
	return r >= '0' && r <= '9' || r|0x20 >= 'a' && r|0x20 <= 'z'
}

func atomSymbol(r rune) bool {
	for _, symbol := range "!#$%&'*+-/=?^_`{|}~" {
		if r == symbol {
			return true
		}
	}
	return false
}

// beyondASCII accepts letters, marks and digits outside ASCII by leaving out the blocks that have none: Latin-1
// symbols (but the middle dot, Catalan writes l·l), general and CJK punctuation with its full-width relatives,
// arrows to dingbats, private use, variation selectors, specials, pictures, tags. The tables of
// package unicode would be exact and would cost the browser as much as all of this package.
func beyondASCII(r rune) bool {
	switch {
	case r < 0xc0:
		return r == 0xb7
	case r == 0xd7, r == 0xf7:
		return false
	case r >= 0x2000 && r < 0x2c00, r >= 0x2e00 && r < 0x2e80, r >= 0x3000 && r < 0x3005, r >= 0x3008 && r < 0x3021:
		return false
	case r >= 0xe000 && r < 0xf900, r >= 0xfe00 && r < 0xfe70, r >= 0xfeff && r < 0xff10, r >= 0xff1a && r < 0xff21, r >= 0xff61 && r < 0xff66:
		return false
	case r >= 0xfff0 && r < 0x10000, r >= 0x1f000 && r < 0x20000, r >= 0xe0000:
		return false
	}
	return true
}

func digits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
