package main

import (
	"html/template"
	"slices"
	"strings"

	"recourse/widget/playground"
	"recourse/widget/reference"
)

// playground is the page on which the shop's widget can be tried. It is in English.
func (p *project) playground() (map[string][]byte, error) {
	widget, err := reference.Load()
	if err != nil {
		return nil, err
	}
	links, err := p.links(p.shop.DefaultLocale())
	if err != nil {
		return nil, err
	}
	english, _ := p.languages.Language("en") // the master is always there
	page := playground.Page{Shop: p.shop.Name, Intake: p.shop.Intake, Widget: widget}
	for _, l := range links {
		page.Links += template.HTML(l.HTML() + " ")
	}
	for _, code := range english.ByName(p.shop.Countries()) {
		page.Countries = append(page.Countries, playground.Choice{Value: code, Name: english.Country(code)})
	}
	for _, tag := range p.languagesSold() {
		page.Languages = append(page.Languages, playground.Choice{Value: tag, Name: english.LanguageName(tag)})
	}
	return page.Files()
}

// languagesSold are those of any market.
func (p *project) languagesSold() []string {
	var tags []string
	for _, locale := range p.shop.Locales() {
		language, _, _ := strings.Cut(locale, "-")
		tags = append(tags, language)
	}
	slices.Sort(tags)
	return slices.Compact(tags)
}
