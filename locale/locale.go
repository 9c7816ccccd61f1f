// Package locale holds languages: interface strings, plurals, dates, names of countries.
//
// A language is a folder under content/ with language.toml (how it writes dates and quotes) and
// any number of other .toml files with flat string tables. English is the master: every
// language has exactly its keys. A locale is a language in a country: "de-AT" reads German texts
// under Austrian law.
package locale

// Language is one folder of texts.
type Language struct {
	Tag         string   // BCP 47: "de"
	Name        string   // its own name: "Deutsch"
	EnglishName string   // "German"
	Dir         string   // "ltr" or "rtl"
	Months      []string // twelve names as used in a full date (Polish: genitive)
	MonthNames  []string // further names people type: nominative, short forms; any length
	Weekdays    []string // Sunday first
	DateOrder   string   // order of the three date fields: "dmy", "ymd"
	LongDate    string   // "{d}. {month} {y}"
	ZoneTime    string   // "{date}, {time} {zone}"
	strings     map[string]string
}

// Locale is a language in a country.
type Locale struct {
	*Language
	Country string // ISO 3166-1 alpha-2
}

// Tag is the BCP 47 tag, "de-AT".
func (l Locale) Tag() string { return l.Language.Tag + "-" + l.Country }

// Arg fills a placeholder: the string "{max}" in a text becomes Value.
type Arg struct{ Name, Value string }
