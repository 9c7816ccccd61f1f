package form

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
	wanted := monthKey(s)
	for _, entry := range m {
		pair := cut(entry, func(r rune) bool { return r == '=' })
		if len(pair) != 2 || monthKey(pair[1]) != wanted {
			continue
		}
		n, _, ok := number(pair[0])
		return n, ok
	}
	return 0, false
}

func monthKey(s string) string {
	s = fold(trim(s))
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

// fold makes texts equal that people take for the same month.
func fold(s string) string {
	b := make([]rune, 0, len(s))
	for _, r := range s {
		if r >= 0x300 && r <= 0x36f { // combining marks
			continue
		}
		b = append(b, foldRune(r))
	}
	return string(b)
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
