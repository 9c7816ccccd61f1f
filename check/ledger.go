package check

import (
	"fmt"
	"path"
	"strconv"
	"strings"

	"recourse/ledger"
)

// ledger says what is not as it was recorded among the texts the shop has published.
func (r *run) ledger() error {
	if r.Ledger == nil {
		return nil
	}
	broken, err := ledger.Verify(r.Ledger)
	for _, b := range broken {
		file, line := lineOf(b.Path)
		r.add(ledgerBroken, Finding{
			Message: fmt.Sprintf("The record of published texts is not as it was written: %s %s.", b.Path, b.Problem),
			Fix:     "Restore the ledger from your repository's history; a changed text belongs into a new version.",
			File:    path.Join(r.LedgerPath, file), Line: line, Column: min(line, 1)})
	}
	return err
}

// lineOf takes "index.jsonl:3" apart; other paths have no line.
func lineOf(place string) (file string, line int) {
	file, number, ok := strings.Cut(place, ":")
	if line, err := strconv.Atoi(number); ok && err == nil {
		return file, line
	}
	return place, 0
}
