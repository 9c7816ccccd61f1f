// Package markup turns a form into words and HTML.
//
// A Definition is a form in one locale: fields, labels, messages, buttons. The generated pages and the
// server print it with HTML; the widget fetches it as JSON and draws the same elements with
// createElement. A browser test holds the two drawings equal.
package markup

// Definition is everything needed to draw one form in one locale and to speak about its problems.
type Definition struct {
	Form    string            `json:"form"`   // "withdrawal", "complaint"
	Shop    string            `json:"shop"`   // shop id
	Locale  string            `json:"locale"` // "de-AT"
	Lang    string            `json:"lang"`
	Dir     string            `json:"dir"`
	Action  string            `json:"action"` // where a plain HTML form is posted; the API is beside it
	Page    string            `json:"page"`   // address of the stand-alone page with the same form
	Pages   []Page            `json:"pages"`
	Text    map[string]string `json:"text"`    // words around the fields: title, intro, buttons, review, receipt
	Problem map[string]string `json:"problem"` // by code: "email.invalid"
	Rules   []string          `json:"rules"`   // names of form.Rule by number, for the answers of the wasm
	Months  []string          `json:"months"`  // names people may type for a month, in groups: "1=januar", ...
}

// Page is one page of the form; a withdrawal has one, a complaint two.
type Page struct {
	Title  string  `json:"title,omitempty"`
	Fields []Field `json:"fields"`
}

// Field is a form.Field with its words.
type Field struct {
	Name         string   `json:"name"`
	Type         string   `json:"type"` // line, email, date, choice, text, files
	Label        string   `json:"label"`
	Hint         string   `json:"hint,omitempty"`
	Optional     string   `json:"optional,omitempty"` // "(optional)"; empty for required fields
	Options      []Option `json:"options,omitempty"`
	Parts        []Part   `json:"parts,omitempty"` // of a date, in the order of the language
	Autocomplete string   `json:"autocomplete,omitempty"`
	Max          int      `json:"max,omitempty"`
}

// Option is one answer of a choice.
type Option struct {
	Value string `json:"value"`
	Label string `json:"label"`
}

// Part is one of the three boxes of a date. Its input is named "<field>-<name>".
type Part struct {
	Name  string `json:"name"` // day, month, year
	Label string `json:"label"`
}
