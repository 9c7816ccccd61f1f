package main

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"recourse/sitegen"
	"recourse/strict"
)

// spot is where an error lies, as far as it says so.
type spot struct {
	file         string
	line, column int
	words        string
}

func spotOf(err error) spot {
	var text *sitegen.Fault
	var table *strict.Error
	switch {
	case errors.As(err, &text):
		return spot{text.File, text.Line, text.Column, text.Text}
	case errors.As(err, &table):
		return spot{table.File, table.Line, table.Column, err.Error()}
	}
	return spot{}
}

// inOrder sorts errors by file and place, each once: what is wrong with a text is so in every market.
func inOrder(errs []error) []error {
	errs = slices.Clone(errs)
	slices.SortStableFunc(errs, func(a, b error) int {
		x, y := spotOf(a), spotOf(b)
		return cmp.Or(cmp.Compare(x.file, y.file), cmp.Compare(x.line, y.line), cmp.Compare(x.column, y.column), strings.Compare(a.Error(), b.Error()))
	})
	return slices.CompactFunc(errs, func(a, b error) bool {
		at := spotOf(a)
		return a.Error() == b.Error() || at.line > 0 && at == spotOf(b)
	})
}
