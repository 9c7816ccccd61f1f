package shop

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"recourse/strict"
)

// Domains are addresses that take the place of the shop's own in a country ("AT") or in one of its locales ("fr-CH").
type Domains map[string]string

// in is the address in a locale; own is that of the shop.
func (d Domains) in(locale, own string) string {
	return cmp.Or(d[locale], d[locale[strings.LastIndexByte(locale, '-')+1:]], own)
}

// In is the shop as it is in a locale: with the addresses it has there. It is no method, since texts see those of a shop, and
// theirs is in a locale already.
func In(s *Shop, locale string) *Shop {
	publish, website := s.Domains.in(locale, s.Publish), s.Websites.in(locale, s.Website)
	if publish == s.Publish && website == s.Website {
		return s
	}
	there := *s
	there.Publish, there.Website = publish, website
	return &there
}

// Homes lists the addresses at which pages are served: that of the shop first, then those of locales, in their order.
func (s *Shop) Homes() []string {
	homes := []string{s.Publish}
	for _, locale := range s.Locales() {
		if home := In(s, locale).Publish; !slices.Contains(homes, home) {
			homes = append(homes, home)
		}
	}
	return homes
}

func (c checker) domains() {
	c.places("domains", c.shop.Domains, c.base)
	c.places("websites", c.shop.Websites, func(key, address string) { c.web(key, address) })
	for _, name := range slices.Sorted(maps.Keys(c.shop.Domains)) {
		c.apart("domains."+name, c.shop.Domains[name])
	}
}

// places checks a table of addresses by country or locale.
func (c checker) places(table string, all Domains, address func(key, value string)) {
	for _, name := range slices.Sorted(maps.Keys(all)) {
		key := table + "." + name
		c.place(key, name, all)
		if strings.TrimSpace(all[name]) == "" {
			c.doc.Wrong(key, "this must not be empty", "write the address, or drop the line")
			continue
		}
		address(key, all[name])
	}
}

func (c checker) place(key, name string, all Domains) {
	if strings.ContainsAny(name, "-_") {
		c.served(key, name)
		return
	}
	c.country(key, name)
	if !iso(name) {
		return
	}
	langs := c.shop.Markets[name]
	switch {
	case !c.doc.Has("markets." + name):
		c.doc.Wrong(key, "the shop does not sell to this country", "add it to markets, or drop the line")
	case len(langs) > 0 && !slices.ContainsFunc(langs, func(lang string) bool { return all[lang+"-"+name] == "" }):
		c.doc.Wrong(key, "each language of this country has an address of its own, so this one is never used", "drop it, or one of those")
	}
}

func (c checker) served(key, locale string) {
	known := c.shop.Locales()
	if slices.Contains(known, locale) {
		return
	}
	fix := "use a country, or one of " + strings.Join(known, ", ")
	if best, ok := strict.Nearest(locale, known); ok {
		fix = fmt.Sprintf("did you mean %q?", best)
	}
	c.doc.Wrong(key, "the shop has no such locale", fix)
}

// apart refuses an address inside a folder that another address has as well: all of them have every file.
func (c checker) apart(key, address string) {
	folders := append(c.shop.Locales(), "assets")
	for _, other := range c.shop.Homes() {
		for _, pair := range [][2]string{{address, other}, {other, address}} {
			below, inside := strings.CutPrefix(pair[0], pair[1])
			folder, _, _ := strings.Cut(below, "/")
			if inside && slices.Contains(folders, folder) {
				c.doc.Wrong(key, fmt.Sprintf("what is served at %s lies in the folder %s of what is served at %s", pair[0], folder, pair[1]), "write an address outside of it")
				return
			}
		}
	}
}
