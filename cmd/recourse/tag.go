package main

import (
	"sync"

	"recourse/day"
	"recourse/form"
	"recourse/law"
	"recourse/locale"
	"recourse/shop"
	"recourse/widget"
	"recourse/widget/reference"
)

// widgetFacts are all that a widget is made of, but for its shop.
type widgetFacts struct {
	law       *law.Book
	languages *locale.Catalog
	asOf      day.Day
}

// tag makes the pasted script and what it loads.
func (p *project) tag() (map[string][]byte, error) {
	notices, err := p.made.Notices()
	if err != nil {
		return nil, err
	}
	return p.widgets.Bundle(widget.Input{
		Shop: p.shop, Locale: p.widgetLocale, Facts: widgetFacts{p.law, p.languages, p.asOf},
		Notice:  func(tag string) widget.Notice { return widget.Notice(notices[tag]) },
		Version: p.seenVersion,
	})
}

// types is recourse.d.ts, which is the same for every shop.
var types = sync.OnceValues(func() ([]byte, error) {
	widget, err := reference.Load()
	if err != nil {
		return nil, err
	}
	return widget.Types()
})

// seenVersion is the version of a page that was built, "de-DE/returns"; empty where it was not published.
func (p *project) seenVersion(page string) string {
	if seen, ok := p.seen[page]; ok {
		return seen.String()
	}
	return ""
}

// widgetLocale is what the widget of a shop shows in a locale.
func (p *project) widgetLocale(s *shop.Shop, tag string) (widget.Locale, error) {
	l, facts, err := p.at(tag)
	if err != nil {
		return widget.Locale{}, err
	}
	labels, _ := p.law.Labels(l.Language.Tag, l.Country, p.asOf)
	w := widget.Locale{Locale: l, Labels: labels, Withdrawal: withdrawal(facts), Period: p.period(s, facts)}
	for _, code := range l.ByName(p.law.Countries()) {
		w.Countries = append(w.Countries, widget.Country{Code: code, Name: l.Language.Country(code)})
	}
	for _, kind := range form.Kinds() {
		if d := p.definition(s, kind, tag); d != nil {
			w.Definitions = append(w.Definitions, d)
		}
	}
	return w, nil
}
