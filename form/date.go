package form

import (
	"unicode/utf8"

	"recourse/day"
)

// ParseDate reads a date value: the boxes joined as year-month-day. Numbers may carry what people
// write around them ("20.", "20th"), the month may be a name. A whole date pasted into one box is
// read as well, as year-month-day or, with the year last, as day-month-year.
func ParseDate(value string, months Months) (day.Day, Rule) {
	return parseCleaned(Clean(Date, value), months)
}

func parseCleaned(value string, months Months) (day.Day, Rule) {
	parts, ok := dateParts(value)
	if !ok {
		return day.Unknown, Unreal
	}
	if rule := parts.missing(); rule != OK {
		return day.Unknown, rule
	}
	return parts.resolve(months)
}

// parts are the three boxes as typed.
type parts struct{ year, month, day string }

func dateJoin(r rune) bool { return r == '-' }

func dateParts(value string) (parts, bool) {
	boxes := cut(value, dateJoin)
	switch {
	case boxes.filled == 0:
		return parts{}, true
	case boxes.filled == 1: // one box: a whole date was pasted into it, or the others are missing
		if whole := cut(boxes.full[0], dateSeparator); whole.filled == 3 {
			return ordered(whole.full), true
		}
	case boxes.n != 3 && boxes.filled == 3: // the hyphens are those of a pasted date
		return ordered(boxes.full), true
	}
	if boxes.n != 3 {
		return parts{}, false
	}
	return parts{trim(boxes.all[0]), trim(boxes.all[1]), trim(boxes.all[2])}, true
}

// JoinDate makes a date value of the three boxes.
func JoinDate(year, month, dayOfMonth string) string {
	return trim(year) + "-" + trim(month) + "-" + trim(dayOfMonth)
}

// SplitDate gives the three boxes of a date value, to show them again. What cannot be told apart comes back as
// the day, as it was typed.
func SplitDate(value string) (year, month, dayOfMonth string) {
	p, ok := dateParts(Clean(Date, value))
	if !ok {
		return "", "", value
	}
	return p.year, p.month, p.day
}

func dateSeparator(r rune) bool { return r == '.' || r == '/' || r == ',' || space(r) }

// ordered tells year-month-day from day-month-year by where the four digits are.
func ordered(three [3]string) parts {
	p := parts{trim(three[0]), trim(three[1]), trim(three[2])}
	if _, width, ok := number(p.year); !ok || width != 4 {
		p.year, p.day = p.day, p.year
	}
	return p
}

func (p parts) missing() Rule {
	mask := 0
	for i, part := range [...]string{p.day, p.month, p.year} {
		if part == "" {
			mask |= 1 << i
		}
	}
	switch mask {
	case 0:
		return OK
	case 7:
		return Required
	}
	return MissingDay + Rule(mask-1)
}

func (p parts) resolve(months Months) (day.Day, Rule) {
	y, width, okY := number(p.year)
	m, okM := months.number(p.month)
	d, _, okD := number(p.day)
	const leapYear = 2000 // the day and the month can be judged while the year is unclear
	switch {
	case !okY || !okM || !okD || !day.Exists(leapYear, m, d):
		return day.Unknown, Unreal
	case width != 4:
		return day.Unknown, ShortYear
	case !day.Exists(y, m, d):
		return day.Unknown, Unreal
	}
	return day.Of(y, m, d), OK
}

// number reads digits and what people put behind them. width counts the digits.
func number(s string) (n, width int, ok bool) {
	rest := ""
	for i, r := range s {
		if r >= '０' && r <= '９' { // full-width digits of East Asian keyboards
			r += '0' - '０'
		}
		if r < '0' || r > '9' {
			rest = s[i:]
			break
		}
		if width++; width > 8 {
			return 0, width, false
		}
		n = n*10 + int(r-'0')
	}
	return n, width, width > 0 && ordinal(rest)
}

// ordinals are the endings of numbers in dates: 20., 20th, 1er, 1º.
var ordinals = [...]string{"", ".", "st", "nd", "rd", "th", "er", "o", "a", "°"}

func ordinal(s string) bool {
	for _, ending := range ordinals {
		if alike(s, ending) {
			return true
		}
	}
	return false
}

// pieces of a text: all of them, and those with something in them. The first three of both are kept, more than three
// are no date.
type pieces struct {
	all, full [3]string
	n, filled int
}

// cut cuts s at every character for which at holds; there is always one piece more than cuts.
func cut(s string, at func(rune) bool) (p pieces) {
	from := 0
	for i, r := range s {
		if at(r) {
			p.add(s[from:i])
			from = i + utf8.RuneLen(r)
		}
	}
	p.add(s[from:])
	return p
}

func (p *pieces) add(piece string) {
	if p.n < len(p.all) {
		p.all[p.n] = piece
	}
	p.n++
	if trim(piece) == "" {
		return
	}
	if p.filled < len(p.full) {
		p.full[p.filled] = piece
	}
	p.filled++
}
