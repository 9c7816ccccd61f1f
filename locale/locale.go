// Package locale holds languages: interface strings, plurals, dates, names of countries.
//
// A language is a folder under content/ with language.toml (how it writes dates and quotes) and
// any number of other .toml files with flat string tables:
//
//	"problem.email.invalid" = "Enter an email address in the correct format, like name@example.com"
//	"unit.day.one"          = "{n} day"
//	"unit.day.other"        = "{n} days"
//
// Keys are quoted and belong to the language, not to the file. {name} is a placeholder. Keys that
// end in .one and .other make a plural; every language gives a plural the categories of its
// own grammar (Polish: one, few, many, other).
//
// English is the master: every language has exactly its keys, with the same placeholders. A language
// exists once it has strings; a folder with nothing but language.toml is not there yet, and
// one that says draft = true is passed over by Load, so that a half-translated language
// is never served.
//
// A locale is a language in a country: "de-AT" reads German texts under Austrian law.
package locale

import (
	"slices"

	"golang.org/x/text/collate"
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// Language is one folder of texts. It does not change after Load and may be shared.
type Language struct {
	Tag         string   // BCP 47, and the name of the folder: "de"
	Name        string   // its own name: "Deutsch"
	EnglishName string   // "German"
	Dir         string   // "ltr" or "rtl"
	Months      []string // twelve names as used in a full date (Polish: genitive)
	MonthNames  []string // further names people type, with the month's number: "11=listopad", "11=lis"
	Weekdays    []string // Sunday first
	DateOrder   string   // order of the three date fields: "dmy", "ymd"
	LongDate    string   // "{d}. {month} {y}"
	First       string   // how the first of a month is written in a full date: "1º"; empty: "1"
	WeekdayDate string   // "{weekday}, {date}"
	ZoneTime    string   // "{date}, {time} {zone}"
	Fallback    []string // languages in which a page is shown that this one lacks, in this order

	quotes  [2]string
	zones   map[string]string // "CET" to "MEZ"
	strings map[string]string
	tag     language.Tag
	regions display.Namer
	names   display.Namer
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

// Country is the name of a country in this language: Country("CZ") is "Czechia". A code
// nobody knows comes back as it is.
func (l *Language) Country(code string) string {
	region, err := language.ParseRegion(code)
	if err != nil {
		return code
	}
	return orElse(l.regions.Name(region), code)
}

// ByName puts the codes of countries in the order of their names, as the language sorts.
func (l *Language) ByName(codes []string) []string {
	sorter := collate.New(l.tag)
	return slices.SortedFunc(slices.Values(codes), func(a, b string) int {
		return sorter.CompareString(l.Country(a), l.Country(b))
	})
}

// LanguageName is the name of another language in this one: "niemiecki" for "de" in Polish.
// A tag nobody knows comes back as it is.
func (l *Language) LanguageName(tag string) string {
	t, err := language.Parse(tag)
	if err != nil {
		return tag
	}
	return orElse(l.names.Name(t), tag)
}

// Quote puts s in the language's quotation marks.
func (l *Language) Quote(s string) string { return l.quotes[0] + s + l.quotes[1] }

// category is the CLDR plural category of a whole number: "one", "few", "many", "other", ...
func (l *Language) category(n int) string { return category(l.tag, max(n, -n)) }

// category knows what golang.org/x/text, whose CLDR is version 32, does not: Maltese has a dual since 42, as browsers have it.
func category(tag language.Tag, n int) string {
	if base, _ := tag.Base(); base.String() == "mt" && n%100 == 2 {
		if n == 2 {
			return "two"
		}
		return "other"
	}
	return categoryNames[plural.Cardinal.MatchPlural(tag, n, 0, 0, 0, 0)]
}

var categoryNames = map[plural.Form]string{
	plural.Zero: "zero", plural.One: "one", plural.Two: "two",
	plural.Few: "few", plural.Many: "many", plural.Other: "other",
}

func orElse(s, fallback string) string {
	if s == "" {
		return fallback
	}
	return s
}
