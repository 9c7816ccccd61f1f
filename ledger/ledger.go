// Package ledger keeps every text a shop has published, with the day from which it applies.
//
// # The folder
//
//	ledger/index.jsonl                      what was published, one line a version, oldest first; lines are only added
//	ledger/de-DE/returns/2026-03-01.html    the text itself
//
// It lives in the shop's repository: both are plain text, made to be compared line by line.
//
// A text is the title and the body of a page in normal form (see Normal), so that its hash changes with what it says
// and not with how a page is laid out.
//
// A line of the index is a JSON object with the keys of entry, in that order. "sha256" is that of the text's file,
// "entry" that of the line itself without this last key, "previous" the "entry" of the line above. So a text or line that
// was changed, removed, inserted or moved is found. What no file can prove is that its newest lines were not all
// taken away together with their texts; the repository's history can, and so can every hash that left the house.
//
// A version applies from its day until the day before the next one. As long as that day is to come, the version
// may be replaced: a further line for the same day then takes the place of the first.
package ledger

import (
	"cmp"
	"io/fs"
	"slices"

	"recourse/day"
)

// Version is one text of a page, and when it applied.
type Version struct {
	Locale, Page string
	From         day.Day
	Until        day.Day // the last day; day.Unknown while no later version is recorded
	Recorded     day.Day // when it was published
	Title        string
	SHA256       string // of its file, in hexadecimal digits
}

// Path is the file of the text below the ledger's folder.
func (v Version) Path() string { return v.Locale + "/" + v.Page + "/" + v.From.String() + ".html" }

// Short is the beginning of the hash, for the eye.
func (v Version) Short() string { return v.SHA256[:min(12, len(v.SHA256))] }

// Ledger is a ledger that holds what it says it holds.
type Ledger struct {
	fsys     fs.FS
	entries  []entry
	versions map[name][]Version // oldest first, without those that were replaced
}

// name tells the pages of a shop apart.
type name struct{ locale, page string }

// Open reads a ledger and verifies it. Its error is a Broken if something was tampered with. A folder without a ledger
// is an empty one.
func Open(fsys fs.FS) (*Ledger, error) {
	l, findings, err := inspect(fsys)
	if err != nil {
		return nil, err
	}
	if len(findings) > 0 {
		return nil, Broken(findings)
	}
	return l, nil
}

// Empty reports whether nothing was ever recorded.
func (l *Ledger) Empty() bool { return len(l.entries) == 0 }

// Versions gives those of a page, oldest first.
func (l *Ledger) Versions(locale, page string) []Version {
	return slices.Clone(l.versions[name{locale, page}])
}

// At gives the version in force on a day.
func (l *Ledger) At(locale, page string, d day.Day) (Version, bool) {
	for _, v := range slices.Backward(l.versions[name{locale, page}]) {
		if v.From <= d {
			return v, true
		}
	}
	return Version{}, false
}

// last is the version recorded last, which may be one to come.
func (l *Ledger) last(n name) (Version, bool) {
	versions := l.versions[n]
	if len(versions) == 0 {
		return Version{}, false
	}
	return versions[len(versions)-1], true
}

// All lists the versions by locale and page, oldest first.
func (l *Ledger) All() (all []Version) {
	for _, versions := range l.versions {
		all = append(all, versions...)
	}
	slices.SortFunc(all, func(a, b Version) int {
		return cmp.Or(cmp.Compare(a.Locale, b.Locale), cmp.Compare(a.Page, b.Page), cmp.Compare(a.From, b.From))
	})
	return all
}

// Locales lists those with a text.
func (l *Ledger) Locales() []string {
	return distinct(l.All(), func(v Version) string { return v.Locale })
}

// Pages lists the pages of a locale with a text.
func (l *Ledger) Pages(locale string) []string {
	others := func(v Version) bool { return v.Locale != locale }
	return distinct(slices.DeleteFunc(l.All(), others), func(v Version) string { return v.Page })
}

func distinct(versions []Version, key func(Version) string) (keys []string) {
	for _, v := range versions {
		keys = append(keys, key(v))
	}
	return slices.Compact(keys)
}

// HTML is the text of a version in normal form.
func (l *Ledger) HTML(v Version) ([]byte, error) { return readVersion(l.fsys, v) }
