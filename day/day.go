// Package day holds calendar days as plain numbers.
//
// It imports nothing, because the browser runs it too: package time would cost the visitor
// forty kilobytes. A Day knows no time zone; whoever makes one from a moment says in which
// zone that moment is looked at.
package day

// Day counts days since 1970-01-01 in the Gregorian calendar, extended to all years.
type Day int32

// Unknown stands for "no date". It lies far before any day law or visitors speak of.
const Unknown Day = -1 << 31

// Of returns the day of a date that exists. Use Exists first for dates people typed.
func Of(year, month, dayOfMonth int) Day {
	if month <= 2 {
		year--
	}
	era := floorDiv(year, 400)
	yearOfEra := year - era*400
	shifted := (month + 9) % 12 // March is 0, so that the leap day is the last of its year
	dayOfYear := (153*shifted+2)/5 + dayOfMonth - 1
	dayOfEra := yearOfEra*365 + yearOfEra/4 - yearOfEra/100 + dayOfYear
	return Day(era*146097 + dayOfEra - 719468)
}

// Date gives year, month (1 to 12) and day of the month.
func (d Day) Date() (year, month, dayOfMonth int) {
	z := int(d) + 719468
	era := floorDiv(z, 146097)
	dayOfEra := z - era*146097
	yearOfEra := (dayOfEra - dayOfEra/1460 + dayOfEra/36524 - dayOfEra/146096) / 365
	dayOfYear := dayOfEra - (365*yearOfEra + yearOfEra/4 - yearOfEra/100)
	shifted := (5*dayOfYear + 2) / 153
	dayOfMonth = dayOfYear - (153*shifted+2)/5 + 1
	month = (shifted+2)%12 + 1
	year = yearOfEra + era*400
	if month <= 2 {
		year++
	}
	return year, month, dayOfMonth
}

// Weekday is 0 for Sunday to 6 for Saturday, as in package time.
func (d Day) Weekday() int {
	w := (int(d) + 4) % 7
	if w < 0 {
		w += 7
	}
	return w
}

// Exists reports whether the date is in the calendar.
func Exists(year, month, dayOfMonth int) bool {
	return month >= 1 && month <= 12 && dayOfMonth >= 1 && dayOfMonth <= daysIn(year, month)
}

// AddMonths moves by whole months. Where the target month has no such day, its last day is
// taken, as Regulation (EEC, Euratom) No 1182/71 Art 3(2)(c) orders for periods in months.
func (d Day) AddMonths(n int) Day {
	y, m, dom := d.Date()
	months := y*12 + m - 1 + n
	y, m = floorDiv(months, 12), months-floorDiv(months, 12)*12+1
	return Of(y, m, min(dom, daysIn(y, m)))
}

// String is the ISO form, 2026-11-20.
func (d Day) String() string {
	if d == Unknown {
		return ""
	}
	y, m, dom := d.Date()
	return pad(y, 4) + "-" + pad(m, 2) + "-" + pad(dom, 2)
}

// Parse reads the ISO form and accepts only dates that exist.
func Parse(s string) (Day, bool) {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return Unknown, false
	}
	y, okY := number(s[:4])
	m, okM := number(s[5:7])
	dom, okD := number(s[8:])
	if !okY || !okM || !okD || !Exists(y, m, dom) {
		return Unknown, false
	}
	return Of(y, m, dom), true
}

// MarshalText writes the ISO form; Unknown is written as nothing.
func (d Day) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the ISO form; nothing is read as Unknown.
func (d *Day) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = Unknown
		return nil
	}
	v, ok := Parse(string(b))
	if !ok {
		return badDay(b)
	}
	*d = v
	return nil
}

type badDay []byte

func (b badDay) Error() string {
	return `"` + string(b) + `" is not a date; write it as year-month-day, for example 2026-11-20`
}

func daysIn(year, month int) int {
	switch month {
	case 2:
		if year%4 == 0 && year%100 != 0 || year%400 == 0 {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

func floorDiv(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

func pad(n, width int) string {
	b := [8]byte{'0', '0', '0', '0', '0', '0', '0', '0'}
	i := len(b)
	for ; n > 0 && i > 0; n /= 10 {
		i--
		b[i] = byte('0' + n%10)
	}
	return string(b[min(i, len(b)-width):])
}

func number(s string) (n int, ok bool) {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, true
}
