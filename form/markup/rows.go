package markup

import (
	"strings"

	"recourse/form"
)

// Row is one answer as people read it.
type Row struct {
	Name  string // of the field
	Label string
	Value string // the label of an option, a day with the month as a word; several lines stay lines; empty if not provided. No items are the whole contract
}

// Rows puts the values of a form into the words of the definition, for reviews, receipts, mails and the inbox. Every
// field has its row.
func Rows(d *Definition, values map[string]string) []Row {
	var rows []Row
	for _, page := range d.Pages {
		for _, f := range page.Fields {
			rows = append(rows, Row{f.Name, f.Label, d.spell(f, values[f.Name])})
		}
	}
	return rows
}

func (d *Definition) spell(f Field, value string) string {
	switch f.Type {
	case "date":
		return d.spellDate(value)
	case "choice":
		for _, o := range f.Options {
			if o.Value == value {
				return o.Label
			}
		}
	case "items":
		if value == "" {
			return d.Text["items.whole"]
		}
	}
	return value
}

// spellDate leaves a date that cannot be read as it was typed.
func (d *Definition) spellDate(value string) string {
	if on, rule := form.ParseDate(value, d.Months); rule == form.OK {
		return d.date(on)
	}
	return strings.Trim(value, "-")
}
