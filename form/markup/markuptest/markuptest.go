// Package markuptest lists the states of the forms. The markup tests, the preview and the checks in browsers all go
// through the same list: a state nobody listed is a state nobody checked.
package markuptest

import (
	"html/template"
	"strings"

	"recourse/form"
	"recourse/form/markup"
)

// Example is a form in one state.
type Example struct {
	Name   string // unique, fit for a file name: "withdrawal-errors"
	Kind   form.Kind
	Review bool // the review instead of the form
	State  markup.State
}

// Draw prints the example.
func (e Example) Draw(d *markup.Definition) (template.HTML, error) {
	if e.Review {
		return markup.Review(d, e.State)
	}
	return markup.Form(d, e.State)
}

const id = "6f1c1c62-6f0c-4d0e-9a55-0a3f8f0f7f11"

var withdrawal = map[string]string{
	"name":        "Sinéad O'Connor <Smith> & \"Co\"",
	"contract":    "#00012-AB",
	"email":       "anna@müller.de",
	"items":       "2 × lamp\nvase",
	"received_on": "2026-March-27",
	"comment":     "",
}

var complaint = map[string]string{
	"name":        "علی رضا",
	"email":       "ali@example.com",
	"contract":    "",
	"product":     "Lamp",
	"received_on": "2026-11-03",
	"reason":      "not-as-described",
	"description": "\nThe lamp is green.\n\nI ordered a blue one.</textarea><script>alert(1)</script>",
	"remedy":      "",
}

// Examples lists every state of both forms.
func Examples() []Example {
	files := []markup.File{{Name: "lamp.jpg", Size: 123456}, {Name: "<b>invoice.pdf", Size: 7}}
	return []Example{
		{"withdrawal-empty", form.Withdrawal, false, markup.State{}},
		{"withdrawal-filled", form.Withdrawal, false, markup.State{ID: id, Values: withdrawal, Page: "https://shop.example/order?n=1&x=2"}},
		{"withdrawal-errors", form.Withdrawal, false, markup.State{ID: id,
			Values: map[string]string{"name": "", "contract": "", "email": "a@b", "items": strings.Repeat("lamp ", 401), "received_on": "26-3-27"},
			Problems: []form.Problem{{Field: "name", Rule: form.Required}, {Field: "contract", Rule: form.Required}, {Field: "email", Rule: form.Invalid},
				{Field: "items", Rule: form.TooLong, Over: 4}, {Field: "received_on", Rule: form.ShortYear}}}},
		{"withdrawal-date-missing", form.Withdrawal, false, markup.State{ID: id, Values: map[string]string{"received_on": "-3-"},
			Problems: []form.Problem{{Field: "received_on", Rule: form.MissingDayYear}}}},
		{"withdrawal-date-unreal", form.Withdrawal, false, markup.State{ID: id, Values: map[string]string{"received_on": "2026-2-30"},
			Problems: []form.Problem{{Field: "received_on", Rule: form.Unreal}}}},
		{"withdrawal-review", form.Withdrawal, true, markup.State{ID: id, Values: withdrawal}},
		{"withdrawal-noted", form.Withdrawal, true, markup.State{ID: id, Values: withdrawal,
			Notes: map[string]string{"email": "Did you mean anna@müller.example?", "received_on": "The period runs at least until Friday 10 April 2026."}}},
		{"complaint-empty", form.Complaint, false, markup.State{}},
		{"complaint-filled", form.Complaint, false, markup.State{ID: id, Values: complaint, Files: files}},
		{"complaint-errors", form.Complaint, false, markup.State{ID: id, Values: map[string]string{"received_on": "2027-1-1"}, Files: files,
			Problems: []form.Problem{{Field: "name", Rule: form.Required}, {Field: "email", Rule: form.Required}, {Field: "received_on", Rule: form.Future},
				{Field: "reason", Rule: form.Required}, {Field: "description", Rule: form.Required}, {Field: "files", Rule: form.TooMany, Over: 2}}}},
		{"withdrawal-trapped", form.Withdrawal, true, markup.State{ID: id, Values: withdrawal, Trapped: "Buy now"}},
		{"complaint-review", form.Complaint, true, markup.State{ID: id, Values: complaint, Files: files}},
	}
}
