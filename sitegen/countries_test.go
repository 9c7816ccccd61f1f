package sitegen

import (
	"cmp"
	"fmt"
	"html"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"

	"recourse/content"
	"recourse/day"
	"recourse/form"
	"recourse/form/markup"
	"recourse/law"
	"recourse/locale"
	"recourse/shop"
)

// What the pages of a country say is compared with its file alone, read as plain TOML: nothing of package law decides what is expected.

// table is a table of such a file.
type table map[string]any

func (t table) text(key string) string { s, _ := t[key].(string); return s }
func (t table) is(key string) bool     { b, _ := t[key].(bool); return b }
func (t table) number(key string) int  { n, _ := t[key].(int64); return int(n) }

// set reports whether a fact may be stated on the day the pages are built for.
func (t table) set() bool {
	from, until := t.text("from"), t.text("until")
	return t.text("status") == "set" && t.is("verified") && from <= asOf.String() && (until == "" || asOf.String() <= until)
}

func (t table) statute() string {
	if t.is("statute_verified") {
		return t.text("statute")
	}
	return ""
}

// countries reads all files.
func countries(t *testing.T) map[string]map[string]any {
	t.Helper()
	book, err := law.Load()
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]map[string]any{}
	for _, code := range book.Countries() {
		data, err := os.ReadFile("../law/countries/" + strings.ToLower(code) + ".toml")
		if err != nil {
			t.Fatal(err)
		}
		var file map[string]any
		if err := toml.Unmarshal(data, &file); err != nil {
			t.Fatal(err)
		}
		all[code] = file
	}
	return all
}

func fact(file map[string]any, key string) table {
	t, _ := file[key].(map[string]any)
	return t
}

// everywhere is a shop that sells to all these countries, in English with the real texts, on a day.
func everywhere(t *testing.T, codes []string, on day.Day) *Output {
	t.Helper()
	s := testSite(t, nil, func(s *shop.Shop) {
		s.Returns, s.Complaints = shop.Returns{Cost: shop.CostConsumer}, shop.Complaints{}
		s.Trader.Staff = 14
		s.Disputes = shop.Disputes{Participation: shop.ParticipationYes, Bodies: []shop.Body{
			{Name: "Body", Address: []string{"Street 1", "Town"}, URL: "https://body.example"},
			{Name: "Médiateur", Address: []string{"Rue 1", "Paris"}, URL: "https://mediateur.example", Country: "FR"},
		}}
		s.Markets = shop.Markets{}
		for _, code := range codes {
			s.Markets[code] = []string{"en"}
		}
	})
	languages, err := locale.Load(content.FS)
	if err != nil {
		t.Fatal(err)
	}
	s.Content, s.Locales, s.AsOf, s.NoOverview = content.FS, languages, on, true
	s.Definitions = func(sh *shop.Shop, kind form.Kind, tag string) *markup.Definition {
		l, err := languages.Locale(tag)
		if err != nil {
			t.Fatal(err)
		}
		labels, _ := s.Law.Labels("en", l.Country, on)
		return markup.Define(kind, sh, l, labels)
	}
	return mustBuild(t, s)
}

var markupOf = regexp.MustCompile(`<[^>]*>`)

// said is what a page says, on one line.
func said(page []byte) string {
	return strings.Join(strings.Fields(html.UnescapeString(markupOf.ReplaceAllString(mainOf(page), " "))), " ")
}

func months(n int) string {
	switch {
	case n == 12:
		return "1 year"
	case n%12 == 0:
		return fmt.Sprint(n/12, " years")
	case n == 1:
		return "1 month"
	}
	return fmt.Sprint(n, " months")
}

var silences = map[string]string{
	"accepts": "counts as accepted", "withdraws": "you may end the contract or ask for a lower price", "offence": "administrative offence",
	"dispute": "you can turn to a dispute resolution body", "open": "",
}

// elements are the words by which a page does what a country asks for beyond the common rules.
var elements = map[string]struct{ page, words string }{
	"at-name-all-bodies":              {"disputes", "Schlichtung für Verbrauchergeschäfte"},
	"ch-no-withdrawal-text":           {"index", "your legal guarantee"}, // and no page on withdrawal
	"de-36-vsbg-wording":              {"disputes", "We are willing to take part"},
	"ee-guarantee-word":               {"guarantee", "legal guarantee"},
	"fi-guarantee-not-end":            {"guarantee", "never replaces it"},
	"fr-no-mediator-without-contract": {"disputes", "Médiateur"},
	"gb-short-term-reject":            {"guarantee", "first 30 days"},
	"hr-obavijest-prigovor":           {"complaints", "Obavijest o načinu podnošenja pisanog prigovora"},
	"ie-short-term-right":             {"guarantee", "within 30 days of receiving them"},
	"nl-no-two-year-claim":            {"guarantee", "There is no fixed period"},
	"si-reject-30-days":               {"guarantee", "end the contract at once and get your money back"},
}

func TestEveryCountry(t *testing.T) {
	files := countries(t)
	var codes []string
	for code := range files {
		codes = append(codes, code)
	}
	out := everywhere(t, codes, asOf)
	for code, file := range files {
		t.Run(code, func(t *testing.T) {
			says := func(page string) string { return said(out.Files["en-"+code+"/"+folder(page)+"index.html"]) }
			want := func(page string, told bool, parts ...string) {
				t.Helper()
				for _, part := range parts {
					if part != "" && strings.Contains(says(page), part) != told {
						t.Errorf("%s says %q: %v, want %v\n%s", page, part, !told, told, says(page))
					}
				}
			}
			if f := fact(file, "withdrawal"); f.set() {
				want("withdrawal", true, fmt.Sprint(f.number("value"), " days"), f.statute())
			} else {
				want("withdrawal", false, "14 days")
			}
			if f := fact(file, "guarantee"); f.set() {
				want("guarantee", true, months(f.number("value")), f.statute())
				if n := f.number("durable"); n > 0 {
					want("guarantee", true, months(n))
				}
			} else {
				want("guarantee", false, "How long", "Legal basis")
			}
			if f := fact(file, "complaint"); f.set() {
				period := map[string]string{"calendar_days": "%d day", "working_days": "%d working day", "months": "%d month"}[f.text("unit")]
				want("complaints", true, fmt.Sprintf(period, f.number("value")), silences[f.text("silence")], f.statute())
			} else {
				want("complaints", false, "the law gives us")
			}
			if f := fact(file, "adr"); f.set() {
				want("disputes", true, f.statute())
			} else if f.text("statute") != "" {
				want("disputes", false, f.text("statute"))
			}
			list, _ := file["special"].([]any)
			for _, one := range list {
				e := table(one.(map[string]any))
				if !e.is("mandatory") || !e.is("verified") || e.text("done_by") != "pages" || e.text("from") > asOf.String() {
					continue
				}
				shown, known := elements[e.text("id")]
				if !known {
					t.Errorf("nobody says by which words a page does %s", e.text("id"))
				}
				want(cmp.Or(shown.page, indexPage), true, shown.words)
			}
		})
	}
}

// TestActDates: on its first day an act of the EU shows on the pages, on the day before it does not.
func TestActDates(t *testing.T) {
	for _, act := range []struct {
		id, page, words string
		last            bool // the day is the one after its last
	}{
		{"odr-link", "disputes", "ec.europa.eu/consumers/odr", false},
		{"odr-link", "disputes", "ec.europa.eu/consumers/odr", true},
		{"withdrawal-function", "withdrawal", "Confirm withdrawal", false},
		{"harmonised-notice", "guarantee", "harmonised notice", false},
	} {
		t.Run(act.id, func(t *testing.T) {
			first := actDay(t, act.id, act.last)
			before, on := everywhere(t, []string{"AT"}, first-1), everywhere(t, []string{"AT"}, first)
			page := "en-AT/" + act.page + "/index.html"
			if strings.Contains(said(before.Files[page]), act.words) != act.last || strings.Contains(said(on.Files[page]), act.words) == act.last {
				t.Errorf("%s does not change on %s", act.page, first)
			}
		})
	}
	book, err := law.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range book.Acts() {
		if a.On(a.From-1) || a.On(a.From) != a.Verified || a.Until != 0 && (!a.On(a.Until) || a.On(a.Until+1)) {
			t.Errorf("%s does not run from %s to %s", a.ID, a.From, a.Until)
		}
	}
}

// Pages for France without the mediator the shop has joined are not built; half a name is none.
func TestNoPagesWithoutOwnBody(t *testing.T) {
	france := func(bodies ...shop.Body) error {
		_, err := testSite(t, nil, func(s *shop.Shop) { s.Markets, s.Disputes.Bodies = shop.Markets{"FR": {"en"}}, bodies }).Build()
		return err
	}
	whole := shop.Body{Name: "Médiateur", Address: []string{"Paris"}, URL: "https://mediateur.example", Country: "FR"}
	elsewhere, half := whole, whole
	elsewhere.Country, half.Address = "DE", nil
	if err := france(whole); err != nil {
		t.Error(err)
	}
	for name, bodies := range map[string][]shop.Body{"none": nil, "elsewhere": {elsewhere}, "without address": {half}} {
		if err := france(bodies...); err == nil || !strings.Contains(err.Error(), `country = "FR"`) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func actDay(t *testing.T, id string, last bool) day.Day {
	t.Helper()
	book, err := law.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range book.Acts() {
		if a.ID == id && last {
			return a.Until + 1
		}
		if a.ID == id {
			return a.From
		}
	}
	t.Fatalf("there is no act %s", id)
	return 0
}

// With hundreds of locales a page names those of its language and of its country, and leads to the page where people choose; counterparts
// name each other.
func TestManyLocales(t *testing.T) {
	var tags []string
	files, err := content.FS.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files[:4] {
		tags = append(tags, f.Name())
	}
	book, err := law.Load()
	if err != nil {
		t.Fatal(err)
	}
	languages, err := locale.Load(content.FS)
	if err != nil {
		t.Fatal(err)
	}
	s := testSite(t, nil, func(s *shop.Shop) {
		s.Markets, s.Intake = shop.Markets{}, ""
		s.Disputes.Bodies = []shop.Body{{Name: "Médiateur", Address: []string{"Paris"}, URL: "https://mediateur.example", Country: "FR"}}
		for _, code := range book.Countries() {
			s.Markets[code] = tags
		}
	})
	s.Content, s.Locales, s.Bare, s.NoOverview = content.FS, languages, true, true
	out := mustBuild(t, s)
	page := string(out.Files[tags[0]+"-DE/returns/index.html"])
	if n, want := strings.Count(page, `rel="alternate" hreflang=`), len(book.Countries())+len(tags)-1; n < want || n > want+1 {
		t.Errorf("the page names %d counterparts, want %d", n, want)
	}
	for _, want := range []string{tags[0] + "-PL/", tags[1] + "-DE/", `<a href="../../" lang=`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not lead to %s", want)
		}
	}
	if strings.Contains(page, tags[1]+"-PL/") {
		t.Error("the page leads to a locale with neither its language nor its country")
	}
}
