package sitegen

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"
	"strings"

	"recourse/day"
	"recourse/form/markup"
	"recourse/law"
	"recourse/locale"
	"recourse/shop"
)

// Facts is the dot of a content file's actions.
type Facts struct {
	Shop   *shop.Shop
	Law    law.Facts
	Labels law.Labels // of the two withdrawal buttons
	Locale locale.Locale
	Market bool    // the shop sells to the country; the dispute notice is also read elsewhere
	Day    day.Day // on which the law is looked at
}

// scope is what an execution of a page knows.
type scope struct {
	facts Facts
	asked *locale.Language // of the reader; the page may be in another one (fallback.go)
	base  string           // in front of "returns/" in links: "../", or an address
	pages []string
	form  func() *markup.Definition // of this page; nil where it has none
	holds bool                      // the page may place a form

	notices officialNotices
}

// misuse is an error in the use of a function.
type misuse struct{ problem, fix string }

func (m *misuse) Error() string { return m.problem }

// functions are those of content files. They are bound when a page is compiled and look at the scope of
// the execution that is under way.
func (p *page) functions() template.FuncMap {
	return template.FuncMap{
		"url":     func(name string) (string, error) { return p.scope.url(name) },
		"has":     func(name string) bool { return slices.Contains(p.scope.pages, name) },
		"date":    func(d day.Day) string { return p.scope.language().Date(d) },
		"period":  func(l law.Period) (string, error) { return p.scope.period(l) },
		"days":    func(n int) string { return p.scope.language().Plural("unit.day", n) },
		"span":    func(months int) string { return p.scope.span(months) },
		"country": func(code string) string { return p.scope.language().Country(code) },
		"lang":    func() string { return p.scope.language().Tag },
		"lines":   func(lines []string) string { return strings.Join(lines, ", ") },
		"tel":     dial,
		"text":    func(key string, args ...any) (string, error) { return p.scope.text(key, args) },
		"special": func(id string) bool { return p.scope.special(id) },
		"form":    func() (template.HTML, error) { return p.scope.drawForm() },
		"notice":  func(id string) (template.HTML, error) { return p.scope.drawNotice(id) },
	}
}

func (s *scope) language() *locale.Language { return s.facts.Locale.Language }

func (s *scope) url(name string) (string, error) {
	if !slices.Contains(s.pages, name) {
		return "", &misuse{fmt.Sprintf("there is no page %q in %s", name, s.facts.Locale.Tag()),
			fmt.Sprintf("the pages are %s; where one may be missing, ask {{if has %q}}", strings.Join(s.pages, ", "), name)}
	}
	return cmp.Or(s.base+folder(name), "./"), nil
}

// folder is where a page lies below its locale; the index page is the locale itself.
func folder(name string) string {
	if name == indexPage {
		return ""
	}
	return name + "/"
}

func (s *scope) period(p law.Period) (string, error) {
	switch p.Unit {
	case law.CalendarDays:
		return s.language().Plural("unit.day", p.N), nil
	case law.WorkingDays:
		return s.language().Plural("unit.working-day", p.N), nil
	case law.Months:
		return s.span(p.N), nil
	}
	return "", &misuse{fmt.Sprintf("the law gives no period here for %s", s.facts.Law.Country), "ask first: {{if .Law.Complaint.Known}}"}
}

// span writes months as people say them: 24 is "2 years", 18 is "18 months".
func (s *scope) span(months int) string {
	if months >= 12 && months%12 == 0 {
		return s.language().Plural("unit.year", months/12)
	}
	return s.language().Plural("unit.month", months)
}

// dial is the target of a link to a telephone number: "+49 381 5550100" is "tel:+493815550100".
func dial(number string) template.URL {
	if strings.HasPrefix(number, markStart) {
		return template.URL("tel:" + number) // of a stand-in
	}
	return template.URL("tel:" + strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' {
			return r
		}
		return -1
	}, number))
}

func (s *scope) text(key string, args []any) (string, error) {
	if !s.language().Has(key) {
		return "", &misuse{fmt.Sprintf(noText+"%q", key), "add it to a .toml file of the language, and to the same file in en"}
	}
	if len(args)%2 != 0 {
		return "", &misuse{fmt.Sprintf("text %q is given a name without a value", key), `write {{text "key" "name" value}}`}
	}
	var filled []locale.Arg
	for i := 0; i < len(args); i += 2 {
		filled = append(filled, locale.Arg{Name: fmt.Sprint(args[i]), Value: fmt.Sprint(args[i+1])})
	}
	return s.language().Text(key, filled...), nil
}

func (s *scope) special(id string) bool {
	return slices.ContainsFunc(s.facts.Law.Special, func(e law.Special) bool { return e.ID == id })
}

func (s *scope) drawForm() (template.HTML, error) {
	if !s.holds {
		return "", &misuse{"this page has no form", "forms are on the pages withdrawal and complaints"}
	}
	if s.form == nil {
		return "", nil // without an intake nobody would receive it
	}
	if d := s.form(); d != nil {
		return markup.Form(d, markup.State{})
	}
	return "", nil
}
