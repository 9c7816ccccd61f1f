package check

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"recourse/day"
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
	if err != nil || len(broken) > 0 {
		return err
	}
	l, err := ledger.Open(r.Ledger)
	if err == nil && !l.Empty() {
		r.unpublished(l)
		r.toCome(l)
	}
	return err
}

// unpublished names the texts that nobody can give a day for.
func (r *run) unpublished(l *ledger.Ledger) {
	var names []string
	for _, t := range l.Unrecorded(r.Texts) {
		names = append(names, t.Locale+"/"+t.Page)
	}
	if len(names) > 0 {
		r.add(textUnpublished, Finding{
			Message: fmt.Sprintf("%s not as last published: %s.", counted(len(names), "text"), listed(names)),
			Fix:     `Run "recourse publish", so that it can be said from when it applies.`,
			File:    r.LedgerPath, Details: names})
	}
}

// toCome names the versions that do not apply yet.
func (r *run) toCome(l *ledger.Ledger) {
	names := map[day.Day][]string{}
	for _, v := range l.All() {
		if v.From > r.Today {
			names[v.From] = append(names[v.From], v.Locale+"/"+v.Page)
		}
	}
	for _, from := range slices.Sorted(maps.Keys(names)) {
		r.add(versionToCome, Finding{
			Message: fmt.Sprintf("From %s on, a new version applies of %s: %s.", from, counted(len(names[from]), "text"), listed(names[from])),
			Fix:     "Build the pages again on that day.",
			File:    r.LedgerPath, Details: names[from]})
	}
}

// listed names the first few.
func listed(names []string) string {
	const most = 5
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}

// lineOf takes "index.jsonl:3" apart; other paths have no line.
func lineOf(place string) (file string, line int) {
	file, number, ok := strings.Cut(place, ":")
	if line, err := strconv.Atoi(number); ok && err == nil {
		return file, line
	}
	return place, 0
}
