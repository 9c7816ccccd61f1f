package locale

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/language"
)

// Catalog is all languages there are texts for.
type Catalog struct {
	languages map[string]*Language
	later     map[string]func() loaded // those that are read when somebody asks
	tags      []string                 // English first, then by tag
}

// Check reads languages that are used, and those in which a page of theirs may be shown, and gives all mistakes in them. A language
// that is not there has none.
func (c *Catalog) Check(tags ...string) error {
	var errs []error
	for _, tag := range c.used(tags) {
		if read := c.later[tag]; read != nil {
			errs = append(errs, read().err)
		}
		if l, ok := c.Language(tag); ok {
			errs = append(errs, c.falls(l))
		}
	}
	return errors.Join(errs...)
}

// used adds to languages those their pages may be shown in.
func (c *Catalog) used(tags []string) (all []string) {
	for _, tag := range tags {
		all = append(all, tag)
		if l, ok := c.Language(tag); ok {
			all = append(all, l.Fallback...)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Language finds a language by its tag, "de".
func (c *Catalog) Language(tag string) (*Language, bool) {
	if read := c.later[tag]; read != nil {
		l := read().language
		return l, l != nil
	}
	l, ok := c.languages[tag]
	return l, ok
}

// Languages lists the tags of all languages, English first, the others in alphabetical order.
func (c *Catalog) Languages() []string { return slices.Clone(c.tags) }

// Locale finds the locale of a tag such as "de-AT".
func (c *Catalog) Locale(tag string) (Locale, error) {
	cut := strings.LastIndexByte(tag, '-')
	if cut < 0 {
		return Locale{}, fmt.Errorf("locale %q names no country; write it as language-COUNTRY, for example de-AT", tag)
	}
	country := tag[cut+1:]
	if region, err := language.ParseRegion(country); err != nil || region.String() != country || !region.IsCountry() {
		return Locale{}, fmt.Errorf("locale %q: %q is not a country code; write it as language-COUNTRY, for example de-AT", tag, country)
	}
	l, ok := c.Language(tag[:cut])
	if !ok {
		return Locale{}, fmt.Errorf("locale %q: there are no texts in %q; choose one of %s", tag, tag[:cut], strings.Join(c.tags, ", "))
	}
	return Locale{l, country}, nil
}
