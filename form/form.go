// Package form knows the two forms: their fields, the rules for each, and the problems a value can have.
//
// It is compiled for the server and, as WebAssembly, for the visitor's browser, so that the two can never
// disagree. It therefore does no I/O and imports next to nothing: no fmt, regexp, time, encoding or net. Problems are
// codes; the words for them are in content/<lang>/form.toml.
//
// Rules help people finish a declaration; they do not judge it. A withdrawal that is late, an
// order number nobody knows: both are accepted here (Directive 2011/83/EU Art 11a asks for three things only:
// name, contract, and where to send the acknowledgement).
//
// # Values
//
// All values are texts. Both sides put them into Unicode normalisation form C and hand them to Clean, in this
// order, before they count, compare or keep them. A Date is the three boxes joined as year-month-day, "2026-3-20" or
// "2026-marzo-20"; a box left empty leaves its place empty, "2026--20". Files are the names, one on a line. Items are
// lines as well, the quantity first where there is one: "2 × Lamp". Nobody counts or looks up what stands there.
package form

// Kind names a form; it is the value of "form" in a submission.
type Kind string

const (
	Withdrawal Kind = "withdrawal"
	Complaint  Kind = "complaint"
)

// Type says how a field is asked for and checked.
type Type uint8

const (
	Line   Type = iota // one line of text
	Email              // one address
	Date               // a day, today or earlier
	Choice             // one of Options
	Text               // several lines
	Files              // attachments
	Items              // parts of a contract; empty: all of it
)

// String is the name the definition of a form uses: "line", "email", "date", "choice", "text", "files", "items".
func (t Type) String() string {
	return [...]string{"line", "email", "date", "choice", "text", "files", "items"}[t]
}

// Field is one question of a form.
type Field struct {
	Name         string // stable: "received_on"
	Type         Type
	Required     bool
	Max          int      // longest accepted value in code points (Email: octets, as mail servers count); for Files the number of files
	Options      []string // stable values of a Choice
	Autocomplete string   // token of the HTML standard; empty: "off" is not forced
	Page         int      // 1-based page of the form on which it is asked
}

// Form is a form as data.
type Form struct {
	Kind   Kind
	Fields []Field
}

// Kinds lists the forms there are.
func Kinds() []Kind { return []Kind{Withdrawal, Complaint} }

// Lookup finds a form by its kind, "withdrawal" or "complaint".
func Lookup(kind string) (*Form, bool) {
	switch Kind(kind) {
	case Withdrawal:
		return &withdrawal, true
	case Complaint:
		return &complaint, true
	}
	return nil, false
}

// Field finds a field by its name.
func (f *Form) Field(name string) (Field, bool) {
	for i := range f.Fields {
		if f.Fields[i].Name == name {
			return f.Fields[i], true
		}
	}
	return Field{}, false
}

// Collect reads the values of a posted form, where get gives the value of an input by its name. The three boxes of a
// date are inputs of their own: "received_on-year", "received_on-month", "received_on-day". Files are left to the caller.
func (f *Form) Collect(get func(input string) string) map[string]string {
	values := make(map[string]string, len(f.Fields))
	for _, field := range f.Fields {
		switch n := field.Name; field.Type {
		case Files:
		case Date:
			values[n] = JoinDate(get(n+"-year"), get(n+"-month"), get(n+"-day"))
		default:
			values[n] = get(n)
		}
	}
	return values
}

// Problem is one thing a visitor must mend.
type Problem struct {
	Field string // "email"
	Rule  Rule
	Over  int // TooLong: code points too many; TooMany: files too many
}

// Code is the stable name of the problem, "email.invalid".
func (p Problem) Code() string { return p.Field + "." + p.Rule.String() }
