package law

import (
	"fmt"

	"recourse/day"
)

// Book is all the law this package knows. It does not change once loaded and may be shared.
type Book struct {
	countries map[string]Record
	codes     []string
	acts      []Act
	labels    labelBook
	network   Body
}

// Load reads the embedded data and checks it. An error is a mistake in the data, not in the
// caller; it names file, line and column.
func Load() (*Book, error) { return nil, fmt.Errorf("load the law: the data is not in place yet") }

// At gives the facts for consumers of a country (ISO 3166-1 alpha-2, upper case) on a day.
func (b *Book) At(country string, d day.Day) (Facts, error) {
	return Facts{}, fmt.Errorf("look up the law of %q: no such country", country)
}

// Labels gives the official withdrawal labels for a language ("de", "de-AT") and a country.
func (b *Book) Labels(lang, country string, d day.Day) (Labels, bool) { return Labels{}, false }

// Countries lists the codes of all countries in the book, sorted.
func (b *Book) Countries() []string { return b.codes }

// Deadline gives the last day of a period that an event sets running.
func (b *Book) Deadline(country string, event day.Day, p Period) (day.Day, error) {
	return day.Unknown, fmt.Errorf("count a period in %q: no such country", country)
}

// WorkingDay reports whether d is neither Saturday, Sunday nor a public holiday.
func (b *Book) WorkingDay(country string, d day.Day) bool { return false }

// Record gives the unfiltered data of a country.
func (b *Book) Record(country string) (Record, bool) { r, ok := b.countries[country]; return r, ok }

// Acts lists the acts of the EU, in the order of the data.
func (b *Book) Acts() []Act { return b.acts }

type labelBook struct{}

// Record is one country's data as it stands in its file.
type Record struct{}

// Act is an act of the EU and when its duty runs.
type Act struct{}
