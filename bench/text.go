package main

import (
	"fmt"
	"strings"
	"text/template"

	"recourse/locale"
	"recourse/shop"
)

// pageNames are the pages of a locale. Every language must have disputes too; here it is empty and so not on the site: the tag
// brings that page along, and texts of this length are over what a tag may weigh.
var pageNames = []string{"index", "withdrawal", "returns", "guarantee", "complaints", "privacy"}

// page is a text as an author writes it, with actions.
type page struct {
	name, title, nav, description string
	body                          string
}

// markdown is the page as a file: TOML front matter is understood by both generators.
func (p page) markdown() string {
	front := fmt.Sprintf("title = %q\nnav = %q\ndescription = %q\n", p.title, p.nav, p.description)
	return "+++\n" + front + "+++\n\n" + p.body
}

// sections hold about as many actions as the texts in content do: sixty a page.
var sections = []func(speaker) string{
	func(s speaker) string {
		return choice(".Shop.Intake", s.sentence()+` [`+s.say(2)+`]({{url "withdrawal"}}) `+s.sentence(), s.paragraph()) + s.paragraph()
	},
	func(s speaker) string {
		return s.paragraph() + "\n\n- " + s.sentence() + "\n- **{{days 14}}** " + s.sentence() + "\n- *" + s.say(2) + "* " + s.sentence() + "\n\n" +
			choice("gt .Shop.Returns.Days 0", s.sentence()+" **{{days .Shop.Returns.Days}}** "+s.sentence(), s.paragraph())
	},
	func(s speaker) string {
		row := func(cell string) string { return "| " + s.say(2) + " | " + cell + " | " + s.say(4) + " |\n" }
		return s.sentence() + "\n\n" + row(s.say(1)) + "| --- | --- | --- |\n" + row("{{days 14}}") + row("{{.Shop.Trader.Email}}") + row(s.say(3)) + "\n" +
			choice(`has "withdrawal"`, s.sentence()+` [`+s.say(2)+`]({{url "returns"}}).`, s.sentence())
	},
	func(s speaker) string {
		return "1. " + s.sentence() + " {{if .Shop.Intake}}" + s.sentence() + "{{else}}" + s.sentence() + "{{end}}\n" +
			"2. {{if .Shop.Returns.Collects}}" + s.sentence() + "{{else}}" + s.sentence() + " {{days 14}}.{{end}}\n" +
			"3. " + s.sentence() + "\n\n" + s.paragraph()
	},
	func(s speaker) string {
		return s.sentence() + " {{.Shop.Trader.LegalName}}, {{lines .Shop.Trader.Address}}, {{country .Shop.Trader.Country}}" +
			"{{with .Shop.Trader.Phone}}, {{.}}{{end}}, [{{.Shop.Trader.Email}}](mailto:{{.Shop.Trader.Email}}).\n\n" +
			choice(`eq .Shop.Returns.Cost "trader"`, s.sentence(), s.sentence()) + "### " + s.say(3) + "\n\n" + s.paragraph()
	},
	func(s speaker) string {
		return choice(`eq .Locale.Country "GB"`, s.paragraph(), s.paragraph()) +
			s.sentence() + ` [` + s.say(2) + `]({{url "complaints"}}), [` + s.say(1) + `]({{url "guarantee"}}). ` + s.sentence()
	},
	func(s speaker) string {
		return s.sentence() + "\n\n{{range .Shop.Returns.Excluded}}\n- {{.}}: " + s.sentence() + "\n{{end}}\n\n" +
			choice("and .Shop.Intake (not .Shop.Returns.Collects)", s.sentence()+" {{.Shop.Name}} "+s.say(4)+".", s.sentence())
	},
	func(s speaker) string {
		return choice("not .Shop.Returns.Collects", s.paragraph(), s.sentence()) +
			"> " + s.sentence() + "\n\n" + s.sentence() + ` [{{.Shop.Name}}]({{.Shop.Website}}), [` + s.say(2) + `]({{url "privacy"}}).`
	},
}

// choice is a condition between blocks.
func choice(condition, then, otherwise string) string {
	return "{{if " + condition + "}}\n\n" + then + "\n\n{{else}}\n\n" + otherwise + "\n\n{{end}}\n\n"
}

func writePage(s speaker, name string) page {
	var body strings.Builder
	for i := range len(sections) + 2 {
		fmt.Fprintf(&body, "## %s\n\n%s\n\n", s.say(2+s.IntN(3)), sections[i%len(sections)](s))
	}
	return page{name, s.say(3), s.say(1), s.say(10), body.String()}
}

// filled is the page as the author of one shop would write it: without actions.
func (p page) filled(s *shop.Shop, l locale.Locale) (page, error) {
	tmpl, err := template.New(p.name).Funcs(p.functions(l)).Parse(p.body)
	if err != nil {
		return p, fmt.Errorf("fill in %s: %w", p.name, err)
	}
	var body strings.Builder
	err = tmpl.Execute(&body, struct {
		Shop   *shop.Shop
		Locale locale.Locale
	}{s, l})
	p.body = body.String()
	return p, err
}

// functions are those of the generator, as far as sections use them.
func (p page) functions(l locale.Locale) template.FuncMap {
	base := "../"
	if p.name == "index" {
		base = ""
	}
	return template.FuncMap{
		"url":     func(name string) string { return base + name + "/" },
		"has":     func(string) bool { return true },
		"days":    func(n int) string { return l.Plural("unit.day", n) },
		"country": func(code string) string { return l.Language.Country(code) },
		"lines":   func(lines []string) string { return strings.Join(lines, ", ") },
	}
}
