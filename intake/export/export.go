// Package export writes cases for other programs: as JSON, which loses nothing, and as CSV for spreadsheets.
//
// What consumers write must not run as a formula in the spreadsheet of whoever opens the CSV. All cells are quoted, and what a spreadsheet
// would take for the beginning of a formula gets an apostrophe before it; see safe. JSON holds every text as it was written.
package export

import (
	"context"

	"recourse/form"
	"recourse/intake/docket"
	"recourse/intake/store"
)

// Source is where cases come from.
type Source interface {
	EachWhole(ctx context.Context, query docket.Query, do func(store.Whole) error) error
}

// fields of all forms, in the order in which they are asked for.
func fields() (names []string) {
	seen := map[string]bool{}
	for _, kind := range []form.Kind{form.Withdrawal, form.Complaint} {
		f, _ := form.Lookup(string(kind))
		for _, field := range f.Fields {
			if field.Type != form.Files && !seen[field.Name] {
				seen[field.Name] = true
				names = append(names, field.Name)
			}
		}
	}
	return names
}
