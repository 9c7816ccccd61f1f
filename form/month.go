package form

import "unicode/utf8"

// Months are the names that may stand for a month in a language, each with its number: "3=März", "3=mrz".
// Letter case, accents and a full stop at the end do not matter.
type Months []string

// NewMonths joins a language's twelve full names with the further names people type, which have their numbers.
func NewMonths(full, further []string) Months {
	m := make(Months, 0, len(full)+len(further))
	for i, name := range full {
		m = append(m, decimal(i+1)+"="+name)
	}
	return append(m, further...)
}

func decimal(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return decimal(n/10) + decimal(n%10)
}

// number reads a month, in digits or by name.
func (m Months) number(s string) (n int, ok bool) {
	if n, _, ok := number(s); ok {
		return n, n >= 1 && n <= 12
	}
	wanted := monthName(s)
	for _, entry := range m {
		digits, name, _ := split(entry, '=')
		if alike(monthName(name), wanted) {
			n, _, ok := number(digits)
			return n, ok
		}
	}
	return 0, false
}

func monthName(s string) string {
	s = trim(s)
	if s != "" && s[len(s)-1] == '.' {
		s = s[:len(s)-1]
	}
	return s
}

// folds has, for each base letter, the letters that count as the same when a month is read: the
// capitals and accents of the official languages of the EU, Norwegian, Icelandic and Ukrainian.
var folds = [...]string{
	"aàáâãäåāăąÀÁÂÃÄÅĀĂĄª", "cçćċčÇĆĊČ", "dďđĎĐ", "eèéêëēėęěÈÉÊËĒĖĘĚ", "gģğġĢĞĠ", "hħĦ", "iìíîïīįıÌÍÎÏĪĮİ",
	"kķĶ", "lĺļľłĹĻĽŁ", "nñńņňÑŃŅŇ", "oòóôõöøōőÒÓÔÕÖØŌŐº", "rŕŗřŔŖŘ", "sśşšșŚŞŠȘ", "tţťțŢŤȚ", "uùúûüūůűųÙÚÛÜŪŮŰŲ",
	"yýÿÝŸ", "zźżžŹŻŽ",
	"αάΑΆ", "βΒ", "γΓ", "δΔ", "εέΕΈ", "ζΖ", "ηήΗΉ", "θΘ", "ιίϊΐΙΊΪ", "κΚ", "λΛ", "μΜ", "νΝ", "ξΞ", "οόΟΌ", "πΠ", "ρΡ",
	"σςΣ", "τΤ", "υύϋΰΥΎΫ", "φΦ", "χΧ", "ψΨ", "ωώΩΏ",
	"їЇ", "єЄ", "іІ", "ґҐ",
}

// alike reports texts that people take for the same month.
func alike(a, b string) bool {
	for {
		var x, y rune
		x, a = letter(a)
		y, b = letter(b)
		if x != y || x == noLetter {
			return x == y
		}
	}
}

const noLetter = -1

// letter gives the base of the first letter; combining marks do not count.
func letter(s string) (base rune, rest string) {
	for s != "" {
		r, n := utf8.DecodeRuneInString(s)
		s = s[n:]
		if r < 0x300 || r > 0x36f {
			return foldRune(r), s
		}
	}
	return noLetter, ""
}

func foldRune(r rune) rune {
	switch {
	case r >= 'A' && r <= 'Z', r >= 'А' && r <= 'Я': // Latin and Cyrillic capitals stand 32 before the small letters
		return r + 32
	case r < 0x80:
		return r
	}
	for _, group := range folds {
		var base rune
		for i, member := range group {
			if i == 0 {
				base = member
			}
			if member == r {
				return base
			}
		}
	}
	return r
}
