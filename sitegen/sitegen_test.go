package sitegen

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"recourse/content"
	"recourse/day"
	"recourse/form"
	"recourse/form/markup"
	"recourse/law"
	"recourse/locale"
	"recourse/shop"
)

var asOf = day.Of(2026, 11, 20)

// testContent has the English strings and, for every page every language needs, one line.
func testContent(t testing.TB, pages map[string]string) fstest.MapFS {
	t.Helper()
	fsys := fstest.MapFS{}
	files, err := fs.Glob(content.FS, "en/*.toml")
	if err != nil || len(files) == 0 {
		t.Fatalf("string files: %v, %v", files, err)
	}
	for _, file := range files {
		data, err := fs.ReadFile(content.FS, file)
		if err != nil {
			t.Fatal(err)
		}
		fsys[file] = &fstest.MapFile{Data: data}
	}
	for _, name := range order {
		fsys["en/"+name+".md"] = &fstest.MapFile{Data: []byte(pageText(name, "The text of "+name+"."))}
	}
	for name, text := range pages {
		fsys["en/"+name+".md"] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

func pageText(title, body string) string {
	return fmt.Sprintf("+++\ntitle = %q\ndescription = \"About it\"\n+++\n\n%s\n", title, body)
}

const testShop = `
id = "test"
name = "Te<st & {{.Shop}}"
website = "https://shop.example/"
publish = "https://shop.example/legal/"
intake = "https://shop.example/legal/"
[trader]
legal_name = "Test \"Handels\" GmbH"
address = ["Hafenstraße 12", "18055 Rostock"]
country = "DE"
email = "service@shop.example"
phone = "+49 381 / 5550100"
[markets]
DE = ["en"]
CH = ["en"]
[disputes]
participation = "no"
`

func testSite(t testing.TB, pages map[string]string, edit ...func(*shop.Shop)) Site {
	t.Helper()
	s, err := shop.Parse("shop.toml", []byte(testShop))
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range edit {
		change(s)
	}
	book, err := law.Load()
	if err != nil {
		t.Fatal(err)
	}
	fsys := testContent(t, pages)
	languages, err := locale.Load(fsys)
	if err != nil {
		t.Fatal(err)
	}
	define := func(s *shop.Shop, kind form.Kind, tag string) *markup.Definition {
		l, err := languages.Locale(tag)
		if err != nil {
			t.Fatal(err)
		}
		labels, _ := book.Labels(l.Language.Tag, l.Country, asOf)
		return markup.Define(kind, s, l, labels)
	}
	return Site{Shop: s, Law: book, Locales: languages, Content: fsys, AsOf: asOf, Definitions: define}
}

func mustBuild(t testing.TB, s Site) *Output {
	t.Helper()
	out, err := s.Build()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// mainOf is the text of a page between the heading and the widget or the end of main.
func mainOf(page []byte) string {
	_, rest, _ := bytes.Cut(page, []byte("</h1>"))
	main, _, _ := bytes.Cut(rest, []byte("</main>"))
	main, _, _ = bytes.Cut(main, []byte(`<div class="rc-widget">`))
	return strings.TrimSpace(string(main))
}

func TestBuildFiles(t *testing.T) {
	out := mustBuild(t, testSite(t, map[string]string{"shipping": pageText("Shipping", "By ship.")}))
	var got []string
	for name := range out.Files {
		got = append(got, regexp.MustCompile(`\.[0-9a-f]{12}\.`).ReplaceAllString(name, ".HASH."))
	}
	want := []string{"index.html", "robots.txt", "sitemap.xml", "assets/site.HASH.css"}
	for _, page := range []string{"", "returns/", "guarantee/", "complaints/", "disputes/", "privacy/", "shipping/", "overview/"} {
		want = append(want, "en-CH/"+page+"index.html", "en-DE/"+page+"index.html")
	}
	want = append(want, "en-DE/withdrawal/index.html") // Switzerland knows no right of withdrawal
	if diff := cmp.Diff(asSet(want), asSet(got)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func asSet(list []string) map[string]bool {
	set := map[string]bool{}
	for _, s := range list {
		set[s] = true
	}
	return set
}

func TestSEC48_BuildIsDeterministic(t *testing.T) {
	s := testSite(t, nil)
	one, two := mustBuild(t, s), mustBuild(t, s)
	if diff := cmp.Diff(one.Files, two.Files) + cmp.Diff(one.Notices, two.Notices); diff != "" {
		t.Error(diff)
	}
}

// TestReleasedRoom: what is written into the room of an earlier build is as in one of its own.
func TestReleasedRoom(t *testing.T) {
	s := testSite(t, nil)
	want := mustBuild(t, s).Files
	first := mustBuild(t, testSite(t, nil, func(s *shop.Shop) { s.Name = strings.Repeat("longer ", 30) }))
	first.Release()
	if diff := cmp.Diff(want, mustBuild(t, s).Files); diff != "" {
		t.Error(diff)
	}
}

// TestPage looks at what surrounds a text. Facts are escaped wherever they stand.
func TestPage(t *testing.T) {
	out := mustBuild(t, testSite(t, map[string]string{
		"returns": "+++\ntitle = \"Returns <to> {{.Shop.Name}}\"\nnav = \"Returns\"\ndescription = \"\\\"{{.Locale.Country}}\\\"\"\n+++\n\nText",
	}))
	page := string(out.Files["en-DE/returns/index.html"])
	for _, want := range []string{
		`<html lang="en-DE" dir="ltr">`,
		`<title>Returns &lt;to&gt; Te&lt;st &amp; {{.Shop}} – Te&lt;st &amp; {{.Shop}}</title>`,
		`<h1>Returns &lt;to&gt; Te&lt;st &amp; {{.Shop}}</h1>`,
		`<meta name="description" content="&#34;DE&#34;">`,
		`<link rel="canonical" href="https://shop.example/legal/en-DE/returns/">`,
		`<link rel="alternate" hreflang="en-CH" href="https://shop.example/legal/en-CH/returns/">`,
		`<link rel="alternate" hreflang="x-default" href="https://shop.example/legal/en-DE/returns/">`,
		`<a href="../returns/" aria-current="page">Returns</a>`,
		`<a href="../guarantee/">guarantee</a>`,
		`<a href="../">index</a>`,
		`<a href="../../en-CH/returns/" lang="en" dir="ltr" hreflang="en-CH">Switzerland (English)</a>`,
		`<strong>Test &#34;Handels&#34; GmbH</strong><br>Hafenstraße 12<br>18055 Rostock<br>Germany`,
		`<a href="tel:+493815550100">`,
		`<script async src="../../recourse.js" data-country="DE"></script>`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("missing: %s", want)
		}
	}
	if strings.Contains(page, "zzslot") || strings.Count(page, "<script") != 3 {
		t.Errorf("a slot is left, or the scripts are not the widget's and the data:\n%s", page)
	}
	if t.Failed() {
		t.Log(page)
	}
	for _, form := range []string{"withdrawal", "complaints"} {
		if page := out.Files["en-DE/"+form+"/index.html"]; bytes.Contains(page, []byte("recourse.js")) {
			t.Errorf("%s has a script", form)
		}
	}
	if page := out.Files["en-DE/withdrawal/index.html"]; bytes.Contains(page, []byte(`hreflang="en-CH" href="https`)) ||
		!bytes.Contains(page, []byte(`<a href="../../en-CH/"`)) {
		t.Error("withdrawal names a Swiss page that does not exist, or the switcher does not lead to the Swiss overview")
	}
}

// TestFunctions executes every function of content files.
func TestFunctions(t *testing.T) {
	for _, c := range []struct{ source, want string }{
		{`{{url "index"}} {{url "returns"}}`, `../ ../returns/`},
		{`{{has "withdrawal"}} {{has "nothing"}}`, `true false`},
		{`{{date .Day}}`, `20 November 2026`},
		{`{{days 1}}, {{days 14}}, {{span 24}}, {{span 18}}, {{span 1}}`, `1 day, 14 days, 2 years, 18 months, 1 month`},
		{`{{country "CZ"}} {{lang}}`, `Czechia en`},
		{`{{lines .Shop.Trader.Address}}`, `Hafenstraße 12, 18055 Rostock`},
		{`[x]({{tel .Shop.Trader.Phone}})`, `<a href="tel:+493815550100">x</a>`},
		{`{{text "site.home" "shop" "<X>"}}`, `Go to the online shop of &lt;X&gt;`},
		{`{{special "no-such-element"}}`, `false`},
		{`{{.Shop.Name}}`, `Te&lt;st &amp; {{.Shop}}`},
	} {
		out := mustBuild(t, testSite(t, map[string]string{"guarantee": pageText("G", c.source)}))
		if got := mainOf(out.Files["en-DE/guarantee/index.html"]); got != "<p>"+c.want+"</p>" {
			t.Errorf("%s: %s, want %s", c.source, got, c.want)
		}
	}
	p := page{scope: &scope{facts: Facts{Locale: locale.Locale{Language: mustLanguage(t)}}}}
	period := p.functions()["period"].(func(law.Period) (string, error))
	for unit, want := range map[law.Unit]string{law.CalendarDays: "12 days", law.WorkingDays: "12 working days", law.Months: "1 year"} {
		if got, err := period(law.Period{N: 12, Unit: unit}); got != want || err != nil {
			t.Errorf("12 %s: %q, %v", unit, got, err)
		}
	}
	if got, err := period(law.Period{}); err == nil {
		t.Errorf("no period: %q", got)
	}
}

func mustLanguage(t *testing.T) *locale.Language {
	t.Helper()
	l, ok := testSite(t, nil).Locales.Language("en")
	if !ok {
		t.Fatal("no English")
	}
	return l
}

func TestFormsNeedAnIntake(t *testing.T) {
	pages := map[string]string{"withdrawal": pageText("W", "a\n\n{{form}}"), "complaints": pageText("C", "{{form}}\n\nb")}
	with := mustBuild(t, testSite(t, pages))
	without := mustBuild(t, testSite(t, pages, func(s *shop.Shop) { s.Intake = "" }))
	for _, name := range []string{"withdrawal", "complaints"} {
		file := "en-DE/" + name + "/index.html"
		if !bytes.Contains(with.Files[file], []byte(`action="https://shop.example/legal/submissions"`)) {
			t.Errorf("%s has no form", name)
		}
		if bytes.Contains(without.Files[file], []byte("<form")) {
			t.Errorf("%s has a form although nobody would receive it", name)
		}
	}
	label := []byte("Withdraw from contract here")
	if !bytes.Contains(with.Files["en-DE/index.html"], label) || bytes.Contains(without.Files["en-DE/index.html"], label) {
		t.Error("the withdrawal function is claimed exactly where there is an intake")
	}
}

// TestEmptyPages: a page without text in a locale is neither there nor linked.
func TestEmptyPages(t *testing.T) {
	out := mustBuild(t, testSite(t, map[string]string{
		"privacy": pageText("Privacy", `{{if eq .Locale.Country "DE"}}Germany{{end}}`),
		"index":   pageText("Index", `{{if has "privacy"}}[Privacy]({{url "privacy"}}){{else}}none{{end}}`),
	}))
	if out.Files["en-CH/privacy/index.html"] != nil || out.Files["en-DE/privacy/index.html"] == nil {
		t.Error("privacy is there exactly where it has a text")
	}
	if got := mainOf(out.Files["en-CH/index.html"]); !strings.HasPrefix(got, "<p>none</p>") {
		t.Errorf("Swiss overview: %s", got)
	}
	if bytes.Contains(out.Files["en-CH/returns/index.html"], []byte("privacy/")) {
		t.Error("a page that does not exist is linked")
	}
}

func TestVoluntaryReturns(t *testing.T) {
	out := mustBuild(t, testSite(t, nil, func(s *shop.Shop) { s.Returns.Days = 30 }))
	if out.Files["en-CH/withdrawal/index.html"] == nil {
		t.Error("a shop that takes goods back of its own accord says so in Switzerland as well")
	}
}

func TestNoticesHaveAbsoluteLinks(t *testing.T) {
	out := mustBuild(t, testSite(t, map[string]string{"disputes": pageText("D", `See [c]({{url "complaints"}}).`)}))
	want := `<p>See <a href="https://shop.example/legal/en-CH/complaints/">c</a>.</p>`
	if got := out.Notices["en-CH"]; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// A notice can be read for each country of the law book, its links lead to pages the shop has, and it does not say that
// the law of a country binds the shop that does not sell there.
func TestNoticesOfAllCountries(t *testing.T) {
	out := mustBuild(t, testSite(t, map[string]string{"disputes": pageText("D", `{{country .Locale.Country}} {{.Market}} [c]({{url "complaints"}})`)}))
	for tag, want := range map[string]string{
		"en-DE": `<p>Germany true <a href="https://shop.example/legal/en-DE/complaints/">c</a></p>`,
		"en-CH": `<p>Switzerland true <a href="https://shop.example/legal/en-CH/complaints/">c</a></p>`,
		"en-FR": `<p>France false <a href="https://shop.example/legal/en-DE/complaints/">c</a></p>`,
	} {
		if got := out.Notices[tag]; got != want {
			t.Errorf("%s: %s, want %s", tag, got, want)
		}
	}
	book, err := law.Load()
	if err != nil {
		t.Fatal(err)
	}
	if got, want := len(out.Notices), len(book.Countries()); got != want {
		t.Errorf("%d notices in one language, want one for each of the %d countries", got, want)
	}
}

// TestFaults: errors name the place in the content file, and all of a build are reported.
func TestFaults(t *testing.T) {
	for _, c := range []struct {
		title, source string
		want          []string
	}{
		{"several mistakes", pageText("T", "Straße {{nope 1}} {{if nopes}}x{{end}}\n\n- {{.Shop.Nam}} {{url \"x\"}}\n- {{.Day.Foo}}"), []string{
			`en/guarantee.md:6:8: {{nope 1}}: function "nope" not defined`,
			`en/guarantee.md:6:19: {{if nopes}}: function "nopes" not defined`,
			`en/guarantee.md:8:3: {{.Shop.Nam}}: can't evaluate field Nam`,
			`en/guarantee.md:8:17: {{url "x"}}: there is no page "x" in en-DE; the pages are index, withdrawal, returns`,
			`en/guarantee.md:9:3: {{.Day.Foo}}: can't evaluate field Foo`,
		}},
		{"markdown", pageText("T", "a {{x\n\n<b>"), []string{`en/guarantee.md:6:3: {{x: the action has no end`}},
		{"html", pageText("T", "<b>x\n\n{{if .Shop}}"), []string{`en/guarantee.md:6:1: <b>: HTML is not allowed`, `en/guarantee.md:8:1: {{if .Shop}}: the action has no {{end}}`}},
		{"over lines", pageText("T", "a\n{{url\n \"x\"}}"), []string{`en/guarantee.md:7:1: {{url "x"}}: there is no page`}},
		{"title", "+++\ntitle = \"A {{.X}}\"\ndescription = \"B\"\n+++\nc", []string{`en/guarantee.md:2:12: {{.X}}: can't evaluate field X`}},
		{"context", pageText("T", "[x](https://a.example/{{if .Shop}}?{{end}}{{.Shop.Name}})"), []string{`en/guarantee.md:6:`}},
		{"text", pageText("T", `{{text "no.such"}}`), []string{`en/guarantee.md:6:1: {{text "no.such"}}: there is no text "no.such"`}},
		{"form", pageText("T", "{{form}}"), []string{`en/guarantee.md:6:1: {{form}}: this page has no form`}},
		{"no front matter", "# T", []string{`en/guarantee.md:1:1: the page has no front matter`}},
		{"no title", "+++\ndescription = \"B\"\n+++\nc", []string{`en/guarantee.md:2:1: title: the front matter has no title`}},
		{"unknown key", "+++\ntitle = \"T\"\ndescription = \"B\"\ntitel = 1\n+++\nc", []string{`en/guarantee.md:4:1: titel: there is no such key`}},
		{"not toml", "+++\ntitle = T\n+++\nc", []string{`en/guarantee.md:2:9: this is not TOML`}},
		{"dead link", pageText("T", "a\n\n[x](../nowhere/)"), []string{`en/guarantee.md:8:5: ../nowhere/: the link leads to no page`}},
		{"dead anchor", pageText("T", "[x](#y) [z](../returns/#q)"), []string{
			`en/guarantee.md:6:5: #y: the link leads to no heading`, `en/guarantee.md:6:13: ../returns/#q: the link leads to no heading`}},
	} {
		t.Run(c.title, func(t *testing.T) {
			site := testSite(t, map[string]string{"guarantee": c.source}, func(s *shop.Shop) { s.Returns.Days = 30 })
			_, err := site.Build()
			got := fmt.Sprint(err)
			for _, want := range c.want {
				if n := strings.Count(got, want); n != 1 {
					t.Errorf("said %d times, want once: %s", n, want)
				}
			}
			if t.Failed() {
				t.Logf("got %s", got)
			}
		})
	}
}

// TestFaultsOfAllFiles: one bad file does not hide the next.
func TestFaultsOfAllFiles(t *testing.T) {
	site := testSite(t, map[string]string{"guarantee": pageText("T", "{{x"), "returns": pageText("T", "{{y"), "Bad Name": pageText("T", "z")})
	delete(site.Content.(fstest.MapFS), "en/privacy.md")
	_, err := site.Build()
	for _, want := range []string{"en/guarantee.md:6:1", "en/returns.md:6:1", "en/privacy.md: the page cannot be read: file does not exist", "en/Bad Name.md: Bad Name: the name"} {
		if !strings.Contains(fmt.Sprint(err), want) {
			t.Errorf("missing %s in %v", want, err)
		}
	}
	var fault *Fault
	if !errors.As(err, &fault) {
		t.Error("no *Fault in the error")
	}
}

// TestBadFacts: facts cannot become code, and an address that is none stops the build.
func TestBadFacts(t *testing.T) {
	for _, bad := range []string{"javascript:alert(1)", "data:text/html,x"} {
		_, err := testSite(t, nil, func(s *shop.Shop) { s.Website = bad }).Build()
		if err == nil || !strings.Contains(err.Error(), "not a web address") {
			t.Errorf("%s in the layout: %v", bad, err)
		}
		_, err = testSite(t, map[string]string{"guarantee": pageText("T", "a\n\n[the shop]({{.Shop.Trader.Register}})")},
			func(s *shop.Shop) { s.Trader.Register = bad }).Build()
		if err == nil || !strings.Contains(err.Error(), "en/guarantee.md:8:2: the shop: the target of this link is not a web address") {
			t.Errorf("%s in a text: %v", bad, err)
		}
	}
	out := mustBuild(t, testSite(t, nil, func(s *shop.Shop) { s.Name = `</title><script>alert(1)</script>{{.Shop}}" onclick="x` }))
	for name, page := range out.Files {
		if strings.HasSuffix(name, ".html") && active(page) {
			t.Errorf("%s: a fact became markup", name)
		}
	}
}

// active reports whether a page holds an event attribute, or a script that is neither the widget's nor data.
func active(page []byte) bool {
	z := html.NewTokenizer(bytes.NewReader(page))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return false
		case html.StartTagToken, html.SelfClosingTagToken:
			token := z.Token()
			if token.Data == "script" && !strings.Contains(token.String(), `recourse.js`) && token.String() != `<script type="application/ld+json">` {
				return true
			}
			for _, a := range token.Attr {
				if strings.HasPrefix(a.Key, "on") {
					return true
				}
			}
		}
	}
}

// TestRealContent builds the texts that are published, and walks them: Build follows every link.
func TestRealContent(t *testing.T) {
	for _, edit := range []func(*shop.Shop){
		func(*shop.Shop) {},
		func(s *shop.Shop) { s.Intake = "" },
		func(s *shop.Shop) { s.Returns.Days, s.Returns.Collects = 30, true },
		func(s *shop.Shop) { s.Disputes.Participation, s.Trader.Staff = shop.ParticipationYes, 5 },
	} {
		site := testSite(t, nil, edit)
		site.Content = content.FS
		for _, country := range site.Law.Countries() {
			site.Shop.Markets[country] = []string{"en"}
		}
		site.Shop.Disputes.Bodies = []shop.Body{{Name: "Médiateur", Address: []string{"Paris"}, URL: "https://mediateur.example", Country: "FR"}}
		out := mustBuild(t, site)
		for name, page := range out.Files {
			if strings.HasSuffix(name, ".html") && emptyElement.Match(page) {
				t.Errorf("%s: empty element %s", name, emptyElement.Find(page))
			}
		}
	}
}

var emptyElement = regexp.MustCompile(`<(p|li|ul|ol|h2)\b[^>]*>\s*</(p|li|ul|ol|h2)>`)

// BenchmarkBuild makes all pages of the real content for every country the law knows.
func BenchmarkBuild(b *testing.B) {
	site := testSite(b, nil)
	site.Content = content.FS
	for _, country := range site.Law.Countries() {
		site.Shop.Markets[country] = []string{"en"}
	}
	for b.Loop() {
		out := mustBuild(b, site)
		b.ReportMetric(float64(len(out.Files)), "files")
	}
}
