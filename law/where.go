package law

import (
	"io/fs"
	"path"
	"slices"
	"strconv"

	"recourse/strict"
)

// Where lists the places of the data that give consumers an address. They have no problem yet.
func Where(address string) (places []*strict.Error) {
	countries, _ := fs.Glob(data, "countries/*.toml") // the pattern is well formed
	for _, file := range append(countries, "eu.toml") {
		doc, err := read(data, file, &map[string]any{})
		if err != nil {
			continue
		}
		doc.Strings(func(key, s string) {
			if s != address || !slices.Contains([]string{".url", ".link"}, path.Ext(key)) {
				return
			}
			line, column := doc.Place(key)
			places = append(places, &strict.Error{File: doc.File, Line: line, Column: column, Key: key, Value: strconv.Quote(s)})
		})
	}
	return places
}
