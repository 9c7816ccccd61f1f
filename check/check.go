// Package check compares a shop with the law of its markets, and its own texts with what consumer law does not allow.
// It says what is missing or wrong in words for the person who runs the shop.
//
// Every rule has an id that does not change and one level (rules.go). What the law data does not know for sure is
// never given as a reason: a finding names statute and source only where both were verified.
package check

import (
	"cmp"
	"errors"
	"io/fs"
	"slices"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"recourse/day"
	"recourse/law"
	"recourse/ledger"
	"recourse/shop"
	"recourse/strict"
)

// Finding is one thing to know or do. docs/checking.md explains the fields.
type Finding struct {
	ID       string   `json:"id"`
	Level    Level    `json:"level"`
	Market   string   `json:"market"`   // country; empty: the whole shop
	Language string   `json:"language"` // of a text; empty: not about a text
	Subject  string   `json:"subject"`  // a key of the shop's file, or the words found in a text
	Message  string   `json:"message"`
	Fix      string   `json:"fix"`
	Statute  string   `json:"statute"` // empty where not verified
	Source   string   `json:"source"`  // address of the text that says so; empty where not verified
	File     string   `json:"file"`
	Line     int      `json:"line"`   // from 1; 0: no place in a file
	Column   int      `json:"column"` // from 1, in characters
	Details  []string `json:"details"`
}

// Input is what a check looks at.
type Input struct {
	Shop      *shop.Shop
	File      string // of the shop, for places
	Source    []byte // what is in that file
	Law       *law.Book
	Languages []string                 // in which there are texts
	Content   fs.FS                    // the texts, the shop's own over the built-in ones
	Folder    func(name string) string // where one of the shop's own texts lies, for places; nil: nowhere to name
	Today     day.Day
	Secrets   func(source string) error // tries to read the secrets of a webhook; nil: not tried

	Ledger     fs.FS // the texts the shop has published; nil: none
	LedgerPath string
	Texts      []ledger.Text // what the pages say now; nil: not known
}

// Run checks a shop on a day. Findings come by level, within a level the whole shop first, then its markets in the
// shop's order, then its texts. The error is one of reading texts or ledger.
func Run(in Input) ([]Finding, error) {
	r := newRun(in)
	r.everywhere()
	for _, country := range r.Shop.Countries() {
		r.market(country)
	}
	if err := errors.Join(r.texts(), r.ledger()); err != nil {
		return nil, err
	}
	slices.SortStableFunc(r.found, func(a, b Finding) int { return cmp.Compare(a.Level.rank(), b.Level.rank()) })
	return r.found, nil
}

// Count is the number of findings of a level.
func Count(found []Finding, level Level) (n int) {
	for _, f := range found {
		if f.Level == level {
			n++
		}
	}
	return n
}

// run collects findings.
type run struct {
	Input
	doc   *strict.Document
	found []Finding
}

func newRun(in Input) *run {
	return &run{Input: in, doc: strict.Decode(in.File, in.Source, &shop.Shop{})}
}

// add records a finding. One about a key of the shop's file is placed there.
func (r *run) add(rule Rule, f Finding) {
	f.ID, f.Level = rule.ID, rule.Level
	if f.File == "" && f.Subject != "" {
		f.File = r.File
		f.Line, f.Column = r.doc.Place(f.Subject)
	}
	if f.Details == nil {
		f.Details = []string{}
	}
	r.found = append(r.found, f)
}

// act is a verified act of the EU that runs today; without one it is empty.
func (r *run) act(id string) law.Act {
	for _, a := range r.Law.Acts() {
		if a.ID == id && a.On(r.Today) {
			return a
		}
	}
	return law.Act{}
}

// countryName is the English name of a country, whether or not its law is known.
func countryName(code string) string {
	region, err := language.ParseRegion(code)
	if err != nil {
		return code
	}
	return display.English.Regions().Name(region)
}

// languageName is the English name of a language.
func languageName(tag string) string {
	t, err := language.Parse(tag)
	if err != nil {
		return tag
	}
	return display.English.Languages().Name(t)
}
