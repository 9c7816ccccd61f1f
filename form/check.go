package form

import (
	"unicode/utf8"

	"recourse/day"
)

// Validate gives the problems of a form's values, in field order and at most one for each field. Values nobody asked
// for are ignored. See Field.Check for today and months.
func (f *Form) Validate(values map[string]string, today day.Day, months Months) []Problem {
	var problems []Problem
	for _, field := range f.Fields {
		if rule, over := field.Check(values[field.Name], today, months); rule != OK {
			problems = append(problems, Problem{field.Name, rule, over})
		}
	}
	return problems
}

// Check looks at one value: first whether it is there, then whether it can be, then the rest. The value is
// cleaned on the way, so a cleaned one gets the same answer.
//
// today is the last day a date may name. A server whose visitors live in other zones passes the day after its own.
// months are the names that may stand for a month, besides the numbers.
func (f Field) Check(value string, today day.Day, months Months) (rule Rule, over int) {
	return f.CheckCleaned(Clean(f.Type, value), today, months)
}

// CheckCleaned is Check for what AppendClean has made, which need not be looked through again.
func (f Field) CheckCleaned(value string, today day.Day, months Months) (rule Rule, over int) {
	value = trim(value)
	if f.Type == Date {
		return f.checkDate(value, today, months), 0
	}
	if value == "" {
		return f.missing(), 0
	}
	switch f.Type {
	case Email:
		return f.checkEmail(value)
	case Choice:
		return f.checkChoice(value), 0
	case Files:
		return f.checkFiles(value)
	}
	if len(value) <= f.Max { // as octets, so as characters all the more
		return OK, 0
	}
	return f.checkLength(utf8.RuneCountInString(value))
}

func (f Field) missing() Rule {
	if f.Required {
		return Required
	}
	return OK
}

func (f Field) checkLength(n int) (Rule, int) {
	if n > f.Max {
		return TooLong, n - f.Max
	}
	return OK, 0
}

func (f Field) checkEmail(value string) (Rule, int) {
	if rule := emailRule(value); rule != OK {
		return rule, 0
	}
	return f.checkLength(len(value))
}

func (f Field) checkDate(value string, today day.Day, months Months) Rule {
	d, rule := parseCleaned(value, months)
	switch {
	case rule == Required: // three empty boxes
		return f.missing()
	case rule == OK && d > today:
		return Future
	}
	return rule
}

func (f Field) checkChoice(value string) Rule {
	for _, option := range f.Options {
		if option == value {
			return OK
		}
	}
	return Unknown
}
