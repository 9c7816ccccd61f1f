// Package markup turns a form into words and HTML.
//
// A Definition is a form in one locale: fields, labels, messages, buttons. The generated pages and the
// server print it with HTML; the widget fetches it as JSON and draws the same elements with
// createElement. A browser test holds the two drawings equal.
//
// # The plain form
//
// Form posts to Definition.Action, a complaint as multipart, a withdrawal urlencoded. Inputs are named as their fields;
// a date has three, "received_on-day", "-month", "-year"; files are "files". Hidden inputs are id, shop, form,
// locale, page and, where it is known, version. The button is step=review. Review posts the same again, with every value hidden, as step=send or
// step=edit. The input named Trap should come back empty;
// whatever comes back is a mark for the trader and never a reason to refuse.
//
// # Problems of a date
//
// A problem code whose rule names parts ("missing-day-month", "short-year") belongs to those boxes, any other to
// all three. The link in the summary goes to the first of them in the order of the language.
package markup

import (
	"strconv"
	"strings"

	"recourse/day"
	"recourse/form"
	"recourse/law"
	"recourse/locale"
	"recourse/shop"
)

// Definition is everything needed to draw one form in one locale and to speak about its problems.
type Definition struct {
	Form    string            `json:"form"`   // "withdrawal", "complaint"
	Shop    string            `json:"shop"`   // shop id
	Locale  string            `json:"locale"` // "de-AT"
	Lang    string            `json:"lang"`
	Dir     string            `json:"dir"`
	Action  string            `json:"action"`            // where a plain HTML form is posted; the API is beside it
	Page    string            `json:"page"`              // address of the stand-alone page with the same form
	Privacy string            `json:"privacy"`           // address of the privacy page
	Version string            `json:"version,omitempty"` // of the text of Page, see ledger.Seen; empty: it was not published
	Pages   []Page            `json:"pages"`
	Text    map[string]string `json:"text"`    // words around the fields: form.common.* and form.<kind>.*, and "send"
	Problem map[string]string `json:"problem"` // by code: "email.invalid"; {over} is left open
	Rules   []string          `json:"rules"`   // names of form.Rule by number, for the answers of the wasm
	Months  form.Months       `json:"months"`  // names people may type for a month: "1=januar", ...

	date func(day.Day) string // a day with the month as a word
}

// Page is one page of the form; a withdrawal has one, a complaint two. Plain HTML has them below each other.
type Page struct {
	Title  string  `json:"title,omitempty"`
	Fields []Field `json:"fields"`
}

// Field is a form.Field with its words.
type Field struct {
	Name         string   `json:"name"`
	Type         string   `json:"type"` // line, email, date, choice, text, files, items
	Label        string   `json:"label"`
	Hint         string   `json:"hint,omitempty"`
	Plain        string   `json:"-"`                  // hint on a page without a script, where it is asked in another way
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

// exampleDate has a day above 12, so that nobody mistakes it for a month.
var exampleDate = map[byte]string{'d': "27", 'm': "3", 'y': "2026"}

var partNames = map[byte]string{'d': "day", 'm': "month", 'y': "year"}

// Define gives a form its words. It panics on a kind that is not one of form.Kinds and on a text English lacks: both
// are mistakes in the program.
//
// The send button of a withdrawal is labels.Confirm and nothing else (Directive 2011/83/EU Art 11a(3)); where the law
// has no label for the language, Review says so.
func Define(kind form.Kind, s *shop.Shop, l locale.Locale, labels law.Labels) *Definition {
	f, ok := form.Lookup(string(kind))
	if !ok {
		panic("markup: there is no form " + strconv.Quote(string(kind)))
	}
	w := words{l.Language, s}
	home := shop.In(s, l.Tag()).Publish + l.Tag()
	d := &Definition{
		Form: string(kind), Shop: s.ID, Locale: l.Tag(), Lang: l.Language.Tag, Dir: l.Dir,
		Action:  s.Intake + "submissions",
		Page:    home + "/" + pageOf[kind] + "/",
		Privacy: home + "/privacy/",
		Text:    w.around(kind),
		Problem: make(map[string]string),
		Rules:   form.RuleNames(),
		Months:  Months(l.Language),
		date:    l.Date,
	}
	if kind == form.Withdrawal {
		d.Text["send"] = labels.Confirm
	}
	for _, field := range f.Fields {
		d.add(field, w)
	}
	return d
}

// Months are the names of months in a language, as people type them.
func Months(l *locale.Language) form.Months { return form.NewMonths(l.Months, l.MonthNames) }

var pageOf = map[form.Kind]string{form.Withdrawal: "withdrawal", form.Complaint: "complaints"}

func (d *Definition) add(f form.Field, w words) {
	if len(d.Pages) < f.Page {
		d.Pages = append(d.Pages, Page{Title: d.Text["page."+strconv.Itoa(f.Page)]})
	}
	page := &d.Pages[f.Page-1]
	page.Fields = append(page.Fields, w.field(f))
	for _, rule := range f.Rules() {
		code := form.Problem{Field: f.Name, Rule: rule}.Code()
		d.Problem[code] = w.text("problem."+code, f)
	}
}

// Message is what to tell people about a problem.
func (d *Definition) Message(p form.Problem) string {
	return strings.ReplaceAll(d.Problem[p.Code()], "{over}", strconv.Itoa(p.Over))
}

// words takes texts of a language and fills in what does not change between visitors.
type words struct {
	*locale.Language
	shop *shop.Shop
}

func (w words) around(kind form.Kind) map[string]string {
	text := make(map[string]string)
	for _, prefix := range []string{"form.common", "form." + string(kind)} {
		for key := range w.Strings(prefix) {
			text[key] = w.Text(prefix+"."+key, locale.Arg{Name: "trader", Value: w.shop.Trader.LegalName})
		}
	}
	return text
}

func (w words) text(key string, f form.Field) string {
	return w.Text(key,
		locale.Arg{Name: "max", Value: strconv.Itoa(f.Max)},
		locale.Arg{Name: "size", Value: strconv.Itoa(form.MaxFileBytes >> 20)},
		locale.Arg{Name: "example", Value: w.example()},
	)
}

func (w words) example() string {
	var parts []string
	for i := range w.DateOrder {
		parts = append(parts, exampleDate[w.DateOrder[i]])
	}
	return strings.Join(parts, " ")
}

func (w words) field(f form.Field) Field {
	key := "form.field." + f.Name
	g := Field{Name: f.Name, Type: f.Type.String(), Label: w.Text(key + ".label"), Autocomplete: f.Autocomplete, Max: f.Max}
	if w.Has(key + ".hint") {
		g.Hint = w.text(key+".hint", f)
	}
	if w.Has(key + ".plain") {
		g.Plain = w.text(key+".plain", f)
	}
	if !f.Required {
		g.Optional = w.Text("form.common.optional")
	}
	for _, value := range f.Options {
		g.Options = append(g.Options, Option{value, w.Text("form.option." + f.Name + "." + value)})
	}
	if f.Type == form.Date {
		g.Parts = w.parts()
	}
	return g
}

func (w words) parts() []Part {
	var parts []Part
	for i := range w.DateOrder {
		name := partNames[w.DateOrder[i]]
		parts = append(parts, Part{name, w.Text("form.part." + name)})
	}
	return parts
}
