package shop

import (
	"slices"
	"sort"
	"time"
	_ "time/tzdata" // deadlines must not depend on which time zones a host has installed

	"recourse/remember"
)

// Countries lists the markets, the trader's country first, then by code.
func (s *Shop) Countries() []string {
	codes := make([]string, 0, len(s.Markets))
	for code := range s.Markets {
		codes = append(codes, code)
	}
	home := s.Trader.Country
	sort.Slice(codes, func(i, j int) bool {
		if (codes[i] == home) != (codes[j] == home) {
			return codes[i] == home
		}
		return codes[i] < codes[j]
	})
	return codes
}

// Locales lists what the shop serves, "de-DE": countries as in Countries, languages as given.
func (s *Shop) Locales() []string {
	var all []string
	for _, country := range s.Countries() {
		for _, lang := range s.Markets[country] {
			all = append(all, lang+"-"+country)
		}
	}
	return all
}

// DefaultLocale is the first of Locales.
func (s *Shop) DefaultLocale() string {
	if all := s.Locales(); len(all) > 0 {
		return all[0]
	}
	return ""
}

// Serves reports whether the shop has the locale.
func (s *Shop) Serves(locale string) bool { return slices.Contains(s.Locales(), locale) }

// Location is the time zone in which the shop's days begin and end: the one given, else that of
// the trader's country. Parse makes sure there is one.
func (s *Shop) Location() *time.Location {
	zone := s.Zone
	if zone == "" {
		zone = zones[s.Trader.Country]
	}
	l, err := places.Get(zone, 1000, func() (*time.Location, error) { return time.LoadLocation(zone) })
	if err != nil {
		return time.UTC
	}
	return l
}

// places are the time zones that were asked for: loading one reads a file.
var places remember.Values[string, *time.Location]

// zones are the time zones of countries that have one only, or whose capital speaks for nearly
// all of the shops in it.
var zones = map[string]string{
	"AT": "Europe/Vienna", "BE": "Europe/Brussels", "BG": "Europe/Sofia", "CH": "Europe/Zurich", "CY": "Asia/Nicosia",
	"CZ": "Europe/Prague", "DE": "Europe/Berlin", "DK": "Europe/Copenhagen", "EE": "Europe/Tallinn", "ES": "Europe/Madrid",
	"FI": "Europe/Helsinki", "FR": "Europe/Paris", "GB": "Europe/London", "GR": "Europe/Athens", "HR": "Europe/Zagreb",
	"HU": "Europe/Budapest", "IE": "Europe/Dublin", "IS": "Atlantic/Reykjavik", "IT": "Europe/Rome", "LI": "Europe/Vaduz",
	"LT": "Europe/Vilnius", "LU": "Europe/Luxembourg", "LV": "Europe/Riga", "MT": "Europe/Malta", "NL": "Europe/Amsterdam",
	"NO": "Europe/Oslo", "PL": "Europe/Warsaw", "PT": "Europe/Lisbon", "RO": "Europe/Bucharest", "SE": "Europe/Stockholm",
	"SI": "Europe/Ljubljana", "SK": "Europe/Bratislava", "UA": "Europe/Kyiv",
}
