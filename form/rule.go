package form

// Rule is what is wrong with a value. Its String is the second half of a problem code: "required" in "name.required".
// The numbers are the answers of the WebAssembly module; the strings are stable.
type Rule uint8

const (
	OK Rule = iota
	Required

	// Parts of a date that are missing. The order is that of a mask: day 1, month 2, year 4.
	MissingDay
	MissingMonth
	MissingDayMonth
	MissingYear
	MissingDayYear
	MissingMonthYear

	Unreal    // no such date
	ShortYear // a year that is not written with four digits
	Future    // a date after today

	TooLong // see Problem.Over
	Spaces  // several e-mail addresses, or white space in one
	Invalid // not an e-mail address
	Unknown // not one of the options

	TooMany      // files; see Problem.Over
	FileType     // a file of a kind not accepted
	FileTooLarge // a file of MaxFileBytes or more
	FileEmpty    // a file without content
	FileFailed   // a file that did not arrive whole
)

var ruleNames = [...]string{
	OK:               "",
	Required:         "required",
	MissingDay:       "missing-day",
	MissingMonth:     "missing-month",
	MissingDayMonth:  "missing-day-month",
	MissingYear:      "missing-year",
	MissingDayYear:   "missing-day-year",
	MissingMonthYear: "missing-month-year",
	Unreal:           "unreal",
	ShortYear:        "short-year",
	Future:           "future",
	TooLong:          "too-long",
	Spaces:           "spaces",
	Invalid:          "invalid",
	Unknown:          "unknown",
	TooMany:          "too-many",
	FileType:         "type",
	FileTooLarge:     "too-large",
	FileEmpty:        "empty",
	FileFailed:       "failed",
}

// String is the stable name; OK has none.
func (r Rule) String() string {
	if int(r) < len(ruleNames) {
		return ruleNames[r]
	}
	return ""
}

// RuleNames is every Rule's String, by number.
func RuleNames() []string { return ruleNames[:] }

// Rules lists what can be wrong with a value of the field, in the order of the constants. Each needs a message.
func (f Field) Rules() []Rule {
	var rules []Rule
	if f.Required {
		rules = append(rules, Required)
	}
	switch f.Type {
	case Line, Text, Items:
		return append(rules, TooLong)
	case Email:
		return append(rules, TooLong, Spaces, Invalid)
	case Choice:
		return append(rules, Unknown)
	case Files:
		return append(rules, TooMany, FileType, FileTooLarge, FileEmpty, FileFailed)
	}
	return append(rules, MissingDay, MissingMonth, MissingDayMonth, MissingYear, MissingDayYear, MissingMonthYear,
		Unreal, ShortYear, Future)
}

// Part tells whether a box of a date, "day", "month" or "year", is to blame for the rule. Where the date as a
// whole is wrong, all are.
func (r Rule) Part(name string) bool {
	day, month, year := true, true, true
	switch {
	case r >= MissingDay && r <= MissingMonthYear:
		mask := r - MissingDay + 1
		day, month, year = mask&1 != 0, mask&2 != 0, mask&4 != 0
	case r == ShortYear:
		day, month = false, false
	}
	return name == "day" && day || name == "month" && month || name == "year" && year
}
