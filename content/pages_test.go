package content_test

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"text/template"

	"recourse/content"
	"recourse/day"
	"recourse/law"
	"recourse/locale"
	"recourse/shop"
)

// pages every language has.
var pages = []string{"index", "returns", "withdrawal", "guarantee", "complaints", "disputes", "privacy"}

// page is what the actions of a page see.
type page struct {
	Shop   *shop.Shop
	Law    law.Facts
	Labels law.Labels
	Locale locale.Locale
	Day    day.Day
}

// functions are those of the generator, in plain text. They are kept strict: a nought is a mistake of the page.
func functions(l *locale.Locale, special func(id string) bool) template.FuncMap {
	plural := func(key string, n int) (string, error) {
		if n <= 0 {
			return "", fmt.Errorf("%s of %d", key, n)
		}
		return l.Plural(key, n), nil
	}
	units := map[law.Unit]string{law.CalendarDays: "unit.day", law.WorkingDays: "unit.working-day", law.Months: "unit.month"}
	return template.FuncMap{
		"url": func(name string) (string, error) {
			if !isPage(name) {
				return "", fmt.Errorf("no page %q", name)
			}
			return "../" + name + "/", nil
		},
		"date":   func(d day.Day) string { return l.Date(d) },
		"period": func(p law.Period) (string, error) { return plural(units[p.Unit], p.N) },
		"days":   func(n int) (string, error) { return plural("unit.day", n) },
		"span": func(n int) (string, error) {
			if n%12 == 0 {
				return plural("unit.year", n/12)
			}
			return plural("unit.month", n)
		},
		"country": func(code string) string { return l.Language.Country(code) },
		"lang":    func() string { return l.Language.Tag },
		"lines":   func(lines []string) string { return strings.Join(lines, ", ") },
		"text": func(key string, pairs ...string) (string, error) {
			if !l.Has(key) {
				return "", fmt.Errorf("no text %q", key)
			}
			return l.Text(key), nil
		},
		"special": special,
		"form":    func() string { return "FORM" },
	}
}

func isPage(name string) bool {
	for _, p := range pages {
		if p == name {
			return true
		}
	}
	return false
}

// languages lists the folders that have pages, drafts too.
func languages(t *testing.T) []string {
	t.Helper()
	files, err := fs.Glob(content.FS, "*/index.md")
	if err != nil || len(files) == 0 {
		t.Fatal("no pages", err)
	}
	var tags []string
	for _, file := range files {
		tags = append(tags, path.Dir(file))
	}
	return tags
}

var frontMatter = regexp.MustCompile(`^\+\+\+\ntitle = ".+"\ndescription = ".+"\nreviewed = "none"\n\+\+\+\n\n`)

// source reads a page without its front matter.
func source(t *testing.T, file string) string {
	t.Helper()
	data, err := content.FS.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("%s: the page is missing", file)
	}
	front := frontMatter.FindString(string(data))
	if front == "" {
		t.Fatalf("%s: the page does not begin with title, description and reviewed = \"none\" between +++ lines and an empty line", file)
	}
	return string(data)[len(front):]
}

// shops are the stances and offers a page must read right for.
func shops(t *testing.T) map[string]*shop.Shop {
	t.Helper()
	base := shop.Shop{
		ID: "bernstein", Name: "Bernsteinladen", Website: "https://bernstein.example", Publish: "https://bernstein.example/legal/",
		Trader: shop.Trader{LegalName: "Bernstein Handels GmbH", Address: []string{"Hafenstraße 12", "18055 Rostock"}, Country: "DE",
			Email: "service@bernstein.example", Phone: "+49 381 5550100", Staff: 14},
		Returns:  shop.Returns{Cost: shop.CostConsumer},
		Disputes: shop.Disputes{Participation: shop.ParticipationNo},
	}
	full := base
	full.Intake = full.Publish
	full.Trader.Staff = 8
	full.Returns = shop.Returns{Days: 30, Cost: shop.CostTrader, Address: []string{"Lager", "18055 Rostock"}, Excluded: shop.Exclusions}
	full.Guarantee.Months, full.Complaints.AnswerDays = 36, 10
	full.Privacy = shop.Privacy{Contact: "privacy@bernstein.example", RetentionMonths: 36, Officer: "Ada Beispiel"}
	yes := full
	yes.Returns.Collects, yes.Trader.Phone, yes.Trader.Country = true, "", "AT"
	yes.Disputes = shop.Disputes{Participation: shop.ParticipationYes, Bodies: []shop.Body{
		{Name: "Schlichtungsstelle", Address: []string{"Straße 1", "Kehl"}, URL: "https://adr.example", Form: "https://adr.example/form"},
		{Name: "Médiateur", URL: "https://mediateur.example", Country: "FR"},
	}}
	obliged := base
	obliged.Returns.Collects = true
	obliged.Disputes = yes.Disputes
	obliged.Disputes.Participation = shop.ParticipationObliged
	return map[string]*shop.Shop{"plain": &base, "full": &full, "yes": &yes, "obliged": &obliged}
}

// faults are marks of a condition or a value that went wrong, in Markdown.
var faults = map[string]*regexp.Regexp{
	"a value that is not there":       regexp.MustCompile(`<no value>|%!`),
	"an empty heading":                regexp.MustCompile(`(?m)^#+\s*$`),
	"an empty list item":              regexp.MustCompile(`(?m)^\s*(-|\d+\.)\s*$`),
	"an empty link or link text":      regexp.MustCompile(`\]\(\s*(mailto:)?\s*\)|\[\s*\]\(`),
	"empty brackets or emphasis":      regexp.MustCompile(`\(\s*\)|\*\*\s*\*\*|\*{3,}`),
	"punctuation after nothing":       regexp.MustCompile(`(?m)^\s*[.,;:)]|\s[,;]|,\s*[,.]|[:;] ?\.|\w\.\.`),
	"a placeholder":                   regexp.MustCompile(`\{\w+\}`),
	"a heading that leads to nothing": regexp.MustCompile(`(?m)^(#+) .+\n\s*(\n#{1,2} |\z)`),
}

var (
	odr      = regexp.MustCompile(`(?i)\bODR\b|ec\.europa\.eu`)
	withdraw = regexp.MustCompile(`(?i)withdraw`)
)

// TestPages prints every page of every language under the law of every country, before and after the dates on which
// the law changed, for shops that offer little and much, and looks for what a reader would stumble over.
func TestPages(t *testing.T) {
	book, err := law.Load()
	if err != nil {
		t.Fatal(err)
	}
	catalog, err := locale.LoadDrafts(content.FS)
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range languages(t) {
		for _, name := range pages {
			file := lang + "/" + name + ".md"
			var l locale.Locale
			var facts law.Facts
			tmpl, err := template.New(file).Option("missingkey=error").Funcs(functions(&l, func(id string) bool {
				for _, s := range facts.Special {
					if s.ID == id {
						return true
					}
				}
				return false
			})).Parse(source(t, file))
			if err != nil {
				t.Errorf("parse: %v", err)
				continue
			}
			for _, country := range book.Countries() {
				for _, iso := range []string{"2024-06-01", "2026-11-20"} {
					for label, s := range shops(t) {
						d, _ := day.Parse(iso)
						if facts, err = book.At(country, d); err != nil {
							t.Fatal(err)
						}
						if l, err = catalog.Locale(lang + "-" + country); err != nil {
							t.Fatal(err)
						}
						labels, _ := book.Labels(lang, country, d)
						where := fmt.Sprintf("%s for %s on %s, shop %q", file, country, iso, label)
						var out strings.Builder
						if err := tmpl.Execute(&out, page{s, facts, labels, l, d}); err != nil {
							t.Errorf("%s: %v", where, err)
							continue
						}
						inspect(t, where, out.String())
						inspectLaw(t, where, name, out.String(), s, facts)
					}
				}
			}
		}
	}
}

func inspect(t *testing.T, where, text string) {
	t.Helper()
	for what, mark := range faults {
		if at := mark.FindStringIndex(text); at != nil {
			t.Errorf("%s: %s: %s", where, what, strconv.Quote(text[max(0, at[0]-60):min(len(text), at[1]+60)]))
		}
	}
	if strings.TrimSpace(text) == "" {
		t.Errorf("%s: the page is empty", where)
	}
}

// inspectLaw checks what must, and what must not, be said in a country on a day.
func inspectLaw(t *testing.T, where, name, text string, s *shop.Shop, facts law.Facts) {
	t.Helper()
	if has, due := odr.MatchString(text), name == "disputes" && facts.Dispute.ODRLink != ""; has != due {
		t.Errorf("%s: speaks of the ODR platform: %v, want %v", where, has, due)
	}
	formDue := s.Intake != "" && (name == "complaints" || name == "withdrawal" && (facts.Withdrawal.Known() || facts.Function.Due))
	if has := strings.Contains(text, "FORM"); has != formDue {
		t.Errorf("%s: has a form: %v, want %v", where, has, formDue)
	}
	if !strings.HasPrefix(where, "en/") || name == "privacy" {
		return
	}
	if facts.Country == "GB" {
		rest := strings.ReplaceAll(text, "only if you wish to withdraw from the contract", "") // the words of the UK's own form
		rest = strings.ReplaceAll(rest, "../withdrawal/", "")
		if withdraw.MatchString(rest) {
			t.Errorf("%s: speaks of withdrawal, where the law says cancellation", where)
		}
	}
}
