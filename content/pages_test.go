package content_test

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
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
	Market bool
	Day    day.Day
}

// functions are those of the generator, in plain text. They are kept strict: a nought is a mistake of the page.
func functions(l *locale.Locale, special, has func(string) bool) template.FuncMap {
	plural := func(key string, n int) (string, error) {
		if n <= 0 {
			return "", fmt.Errorf("%s of %d", key, n)
		}
		return l.Plural(key, n), nil
	}
	units := map[law.Unit]string{law.CalendarDays: "unit.day", law.WorkingDays: "unit.working-day", law.Months: "unit.month"}
	return template.FuncMap{
		"url": func(name string) (string, error) {
			if !slices.Contains(pages, name) || !has(name) {
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
		"tel":     func(number string) string { return "tel:" + strings.ReplaceAll(number, " ", "") },
		"special": special,
		"has":     has,
		"form":    func() string { return "FORM" },
		"notice":  func(string) string { return "NOTICE" },
	}
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

var frontMatter = regexp.MustCompile(`^\+\+\+\ntitle = ["'](.+)["']\n(?:nav = ["'](.+)["']\n)?description = ["'](.+)["']\nreviewed = "(?:none"|(?:editor|lawyer)"\nreviewed_on = "\d{4}-\d\d-\d\d"\nfacts = "\d{4}-\d\d-\d\d")\n\+\+\+\n\n`)

// source reads a page with its title, navigation and description as headings, since these may hold actions too.
func source(t *testing.T, file string) string {
	t.Helper()
	data, err := content.FS.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("%s: the page is missing", file)
	}
	front := frontMatter.FindStringSubmatch(string(data))
	if front == nil {
		t.Fatalf("%s: the page does not begin with title, perhaps nav, description and reviewed = \"none\" between +++ lines and an empty line", file)
	}
	head := "# " + front[1] + "\n\n" + front[2] + "\n\n" + front[3] + "\n\n"
	return head + string(data)[len(front[0]):]
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
	yes.Retention = shop.Retention{Withdrawal: 36, Complaint: 18, Attachments: 6}
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
	odr      = regexp.MustCompile(`(?i)(?:^|[^\pL])ODR(?:[^\pL]|$)|ec\.europa\.eu`)
	withdraw = regexp.MustCompile(`(?i)withdraw`)
)

// reading is one printing of a page.
type reading struct {
	lang, name string
	shopLabel  string
	page
}

func (r reading) String() string {
	return fmt.Sprintf("%s/%s.md for %s (a market: %v) on %s, shop %q", r.lang, r.name, r.Locale.Country, r.Market, r.Day, r.shopLabel)
}

func (r reading) special(id string) bool {
	return slices.ContainsFunc(r.Law.Special, func(s law.Special) bool { return s.ID == id })
}

// has: the page on withdrawal is left out where the law knows no such right and the shop offers none.
func (r reading) has(name string) bool {
	return name != "withdrawal" || !r.Law.Withdrawal.Absent() || r.Shop.Returns.Days > 0
}

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
			t.Run(lang+"/"+name, func(t *testing.T) {
				r := reading{lang: lang, name: name}
				special := func(id string) bool { return r.special(id) }
				has := func(name string) bool { return r.has(name) }
				tmpl, err := template.New(lang + "/" + name + ".md").Funcs(functions(&r.Locale, special, has)).
					Parse(source(t, lang+"/"+name+".md"))
				if err != nil {
					t.Fatal(err)
				}
				seen := map[string]bool{} // most countries and shops give a text that others gave before
				everyReading(t, book, catalog, &r, func() {
					var out strings.Builder
					if !r.has(name) {
						return
					}
					if err := tmpl.Execute(&out, r.page); err != nil {
						t.Errorf("%s: %v", r, err)
						return
					}
					if !seen[out.String()] {
						inspect(t, r, out.String())
					}
					seen[out.String()] = true
					inspectLaw(t, r, out.String())
				})
			})
		}
	}
}

const today = "2026-11-20"

// everyReading sets r to each combination of country, day and shop in turn.
func everyReading(t *testing.T, book *law.Book, catalog *locale.Catalog, r *reading, read func()) {
	t.Helper()
	for _, country := range book.Countries() {
		for _, iso := range []string{"2024-06-01", today} {
			var err error
			r.Day, _ = day.Parse(iso)
			if r.Law, err = book.At(country, r.Day); err != nil {
				t.Fatal(err)
			}
			if r.Locale, err = catalog.Locale(r.lang + "-" + country); err != nil {
				t.Fatal(err)
			}
			r.Labels, _ = book.Labels(r.lang, country, r.Day)
			for label, s := range shops(t) {
				for _, r.Market = range []bool{true, false} {
					if iso != today && (label != "full" || !r.Market) {
						continue // what was otherwise then does not depend on shops
					}
					r.shopLabel, r.Shop = label, s
					read()
				}
			}
		}
	}
}

func inspect(t *testing.T, r reading, text string) {
	t.Helper()
	for what, mark := range faults {
		if at := mark.FindStringIndex(text); at != nil {
			t.Errorf("%s: %s: %q", r, what, text[max(0, at[0]-60):min(len(text), at[1]+60)])
		}
	}
	if strings.Count(text, "\n\n") < 5 {
		t.Errorf("%s: the page is empty", r)
	}
}

// inspectLaw checks what must, and what must not, be said in a country on a day.
func inspectLaw(t *testing.T, r reading, text string) {
	t.Helper()
	if has, due := odr.MatchString(text), r.name == "disputes" && r.Law.Dispute.ODRLink != ""; has != due {
		t.Errorf("%s: speaks of the ODR platform: %v, want %v", r, has, due)
	}
	// Where the shop does not sell, the law of the country does not bind it, unless it has joined a body there.
	if statute := r.Law.Dispute.Duty.Statute; r.name == "disputes" && !r.Market && statute != "" && !r.Law.Dispute.OwnBody && strings.Contains(text, statute) {
		t.Errorf("%s: %s is named as what binds the shop", r, statute)
	}
	formDue := r.Shop.Intake != "" && (r.name == "complaints" || r.name == "withdrawal" && (r.Law.Withdrawal.Known() || r.Law.Function.Due))
	if has := strings.Contains(text, "FORM"); has != formDue {
		t.Errorf("%s: has a form: %v, want %v", r, has, formDue)
	}
	if due := r.name == "withdrawal" && formDue && r.Law.Function.Due; due && !(strings.Contains(text, "**"+r.Labels.Withdraw+"**") && strings.Contains(text, "**"+r.Labels.Confirm+"**")) {
		t.Errorf("%s: does not call the withdrawal function by its two official labels %q and %q", r, r.Labels.Withdraw, r.Labels.Confirm)
	}
	if r.lang == "en" && r.Law.Country == "GB" {
		rest := strings.ReplaceAll(text, "only if you wish to withdraw from the contract", "") // the words of the UK's own form
		if withdraw.MatchString(strings.ReplaceAll(rest, "../withdrawal/", "")) {
			t.Errorf("%s: speaks of withdrawal, where the law says cancellation", r)
		}
	}
}
