package locale

import (
	"io/fs"
	"maps"
	"slices"
)

// Sound gives what can be used of languages that Load refuses, to look for mistakes elsewhere. What they lack they have from the
// same language in standIn, or else from English. Nothing may be published with it.
func Sound(fsys fs.FS, standIn *Catalog) *Catalog {
	found, _ := readAll(fsys, false) // its mistakes are those of Load
	c := &Catalog{languages: map[string]*Language{}, tags: slices.Clone(standIn.tags)}
	for _, tag := range standIn.tags {
		if l, ok := standIn.Language(tag); ok {
			c.languages[tag] = l
		}
	}
	for tag, t := range found {
		l, ok := standIn.Language(tag)
		if !ok {
			l = standIn.languages[master]
			c.tags = append(c.tags, tag)
		}
		own := *l
		own.Tag, own.strings = tag, map[string]string{}
		if english := found[master]; english != nil {
			maps.Copy(own.strings, english.strings)
		}
		maps.Copy(own.strings, l.strings)
		maps.Copy(own.strings, t.strings)
		c.languages[tag] = &own
	}
	return c
}
