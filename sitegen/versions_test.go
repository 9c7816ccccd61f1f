package sitegen

import (
	"fmt"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"recourse/day"
	"recourse/ledger"
	"recourse/shop"
)

// memory is a ledger's folder.
type memory struct{ fstest.MapFS }

func (m memory) Write(name string, data []byte) error {
	m.MapFS[name] = &fstest.MapFile{Data: slices.Clone(data)}
	return nil
}

func (m memory) Rename(from, to string) error {
	m.MapFS[to] = m.MapFS[from]
	return m.Remove(from)
}

func (m memory) Remove(name string) error {
	delete(m.MapFS, name)
	return nil
}

func date(t testing.TB, s string) day.Day {
	t.Helper()
	d, ok := day.Parse(s)
	if !ok {
		t.Fatalf("%q is no date", s)
	}
	return d
}

// publish records what the site says.
func publish(t testing.TB, s Site, m memory, from string) {
	t.Helper()
	texts, err := s.Texts()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := openLedger(t, m).Record(m, texts, date(t, from), s.AsOf); err != nil {
		t.Fatal(err)
	}
}

func openLedger(t testing.TB, m memory) *ledger.Ledger {
	t.Helper()
	l, err := ledger.Open(m)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func returnsPage(body string) map[string]string {
	return map[string]string{"returns": pageText("Returns of {{.Shop.Name}}", body)}
}

const (
	oldText = "You have 14 days. See [privacy]({{url \"privacy\"}}), [how](#s-how) and [the shop]({{.Shop.Website}}). The time begins on the day on which you have received the goods.\n\n## How\n\nBy post to {{.Shop.Trader.LegalName}}."
	midText = "You have 30 days. See [privacy]({{url \"privacy\"}}). The time begins on the day on which you have received the goods.\n\n## How\n\nBy post to {{.Shop.Trader.LegalName}}."
	newText = "You have 60 days.\n\n## How\n\nBy post to {{.Shop.Trader.LegalName}}."
)

// thrice is a site whose returns were published twice and then once more for a day to come.
func thrice(t testing.TB) (Site, memory) {
	t.Helper()
	m := memory{fstest.MapFS{}}
	publish(t, testSite(t, returnsPage(oldText)), m, "2026-03-01")
	publish(t, testSite(t, returnsPage(midText)), m, "2026-06-01")
	publish(t, testSite(t, returnsPage(newText)), m, "2026-12-01")
	s := testSite(t, returnsPage(newText))
	s.Ledger = openLedger(t, m)
	return s, m
}

func TestVersionPages(t *testing.T) {
	s, m := thrice(t)
	out := mustBuild(t, s)
	for name, want := range map[string][]string{
		"en-DE/returns/index.html": {
			`This text applies from 1 December 2026. Until then, the version of 1 June 2026 applies. <a href="versions/">`},
		"en-DE/privacy/index.html": {`This text applies from 1 March 2026. <a href="versions/">All versions`},
		"en-DE/returns/versions/index.html": {
			"<title>Returns of Te&lt;st &amp; {{.Shop}}: all versions", `<a href="2026-03-01/">1 March 2026</a>`, `<a href="2026-06-01/">`, `<a href="2026-12-01/">`,
			"applied from 1 March 2026 to 31 May 2026", "in force since 1 June 2026", "not in force yet", "What changed on 1 June 2026",
			`<del><span class="rc-hidden">removed: </span>14</del> <ins><span class="rc-hidden">added: </span>30</ins> days.`,
			`href="https://shop.example/legal/en-DE/returns/versions/"`,
		},
		"en-DE/returns/versions/2026-03-01/index.html": {
			"version of 1 March 2026</h1>", "It is no longer in force.", "You have 14 days.", `<meta name="robots" content="noindex">`,
			`<link rel="canonical" href="https://shop.example/legal/en-DE/returns/versions/2026-03-01/">`, `By post to Test "Handels" GmbH.`,
			`<a href="../../../../en-DE/privacy/">privacy</a>`, `, how and <a href="https://shop.example/">`, "What changed on 1 June 2026",
			`<a href="../../">Go to the text in force`,
		},
		"en-DE/returns/versions/2026-06-01/index.html": {"in force since 1 June 2026", "30 days", "What changed on 1 December 2026"},
		"en-DE/returns/versions/2026-12-01/index.html": {"not in force yet", "60 days", `content="noindex"`},
		"en-CH/versions/2026-03-01/index.html":         {"The text of index."},
	} {
		for _, words := range want {
			if !strings.Contains(string(out.Files[name]), words) {
				t.Errorf("%s lacks %q:\n%s", name, words, mainOf(out.Files[name]))
			}
		}
	}
	for _, v := range openLedger(t, m).All() {
		name := v.Locale + "/" + folder(v.Page) + "versions/" + v.From.String() + "/index.html"
		if !strings.Contains(string(out.Files[name]), v.SHA256) {
			t.Errorf("%s lacks its hash %s", name, v.SHA256)
		}
	}
	for name, page := range out.Files {
		if hidden := strings.Contains(name, "/versions/20") || strings.Contains(name, "/overview/"); hidden != strings.Contains(string(page), "noindex") {
			t.Errorf("%s: noindex is wrong", name)
		}
	}
}

// A site with a ledger is the site without, and more.
func TestVersionsOnlyAdd(t *testing.T) {
	s, _ := thrice(t)
	with := mustBuild(t, s)
	s.Ledger = nil
	without := mustBuild(t, s)
	line := regexp.MustCompile(`<p class="rc-meta rc-version">.*?</p>|<link rel="alternate" type="application/rss\+xml"[^>]*>`)
	for name, page := range without.Files {
		if got := line.ReplaceAllString(string(with.Files[name]), ""); got != string(page) {
			t.Errorf("%s changed by more than a line and the feed\n%s", name, cmp.Diff(string(page), got))
		}
	}
	for name := range with.Files {
		if _, ok := without.Files[name]; !ok && !strings.Contains(name, "/versions/") && path.Base(name) != feedFile {
			t.Errorf("%s is new", name)
		}
	}
}

// What is not as published yet has no day; a text that came back has its own.
func TestUnpublishedText(t *testing.T) {
	s, m := thrice(t)
	for text, want := range map[string]string{
		"Nobody has seen this.": `<p class="rc-meta rc-version"><a href="versions/">All versions`,
		midText:                 `This text applies from 1 June 2026. <a`,
		oldText:                 `<p class="rc-meta rc-version"><a href="versions/">All versions`,
	} {
		s = testSite(t, returnsPage(text))
		s.Ledger = openLedger(t, m)
		if page := mainOf(mustBuild(t, s).Files["en-DE/returns/index.html"]); !strings.Contains(page, want) {
			t.Errorf("%q: %s lacks %q", text, page, want)
		}
	}
}

// Shops that share their pages have ledgers of their own.
func TestVersionsOfShopsInOneBuild(t *testing.T) {
	s, _ := thrice(t)
	s.Cache, s.ContentID = &Cache{}, "shared"
	first := mustBuild(t, s)
	other := *s.Shop
	other.Name, other.Trader.LegalName = "Another", "Another Ltd"
	s.Shop, s.Ledger = &other, nil
	if page := string(mustBuild(t, s).Files["en-DE/returns/index.html"]); strings.Contains(page, "rc-version") || !strings.Contains(page, "Another Ltd") {
		t.Errorf("a shop without a ledger has the line of another\n%s", page)
	}
	if page := string(first.Files["en-DE/returns/index.html"]); !strings.Contains(page, "rc-version") {
		t.Error("the shop with the ledger lacks its line")
	}
}

// Old texts lead where there still is something, also when their own page is gone.
func TestVersionsOfWhatIsGone(t *testing.T) {
	m := memory{fstest.MapFS{}}
	pages := map[string]string{
		"returns":  pageText("Returns", `[ship]({{url "shipping"}})`),
		"shipping": pageText("Shipping", `[back]({{url "returns"}})`),
	}
	s := testSite(t, pages)
	publish(t, s, m, "2026-03-01")
	outside := ledger.NewText("en-CH", "returns", []byte("Returns"), []byte(`<p><a href="../../../../x/">out</a> <a href="../nothing/">nowhere</a></p>`))
	if _, err := openLedger(t, m).Record(m, []ledger.Text{outside}, date(t, "2026-06-01"), asOf); err != nil {
		t.Fatal(err)
	}
	s = testSite(t, returnsPage("No shipping."))
	s.Ledger = openLedger(t, m)
	out := mustBuild(t, s)
	returns := mainOf(out.Files["en-DE/returns/versions/2026-03-01/index.html"])
	if !strings.Contains(returns, `<a href="../../../../en-DE/shipping/versions/">ship</a></p>`) {
		t.Errorf("links of the old returns: %s", returns)
	}
	if other := mainOf(out.Files["en-CH/returns/versions/2026-06-01/index.html"]); !strings.Contains(other, "<p>out nowhere</p>") {
		t.Errorf("links that never led anywhere: %s", other)
	}
	shipping := mainOf(out.Files["en-DE/shipping/versions/2026-03-01/index.html"])
	if !strings.Contains(shipping, `<a href="../../../../en-DE/returns/">back</a>`) || strings.Contains(shipping, "Go to the text in force") {
		t.Errorf("old shipping: %s", shipping)
	}
}

// Every link of every page leads somewhere.
func TestVersionLinks(t *testing.T) {
	s, _ := thrice(t)
	out := mustBuild(t, s)
	checked := 0
	for name, page := range out.Files {
		if !strings.HasSuffix(name, ".html") {
			continue
		}
		for _, link := range readDocument(page).links {
			u, err := url.Parse(link)
			if err != nil || u.Scheme != "" || u.Path == "" {
				continue
			}
			target := path.Join(path.Dir(name), u.Path)
			if strings.HasSuffix(u.Path, "/") {
				target += "/index.html"
			}
			if _, ok := out.Files[path.Clean(target)]; !ok && !slices.Contains(laterFiles, target) {
				t.Errorf("%s: %s leads to %s, which is not there", name, link, target)
			}
			checked++
		}
	}
	if checked < 100 {
		t.Errorf("only %d links were followed", checked)
	}
}

// A ledger somebody wrote holds no active content in a page, however well its hashes fit.
func TestHostileVersion(t *testing.T) {
	m := memory{fstest.MapFS{}}
	hostile := `<h1>x</h1><script>alert(1)</script><p onclick="x()">a<img src=x onerror=alert(1)><a href="javascript:alert(1)">b</a></p></main></body>`
	text := ledger.Text{Locale: "en-DE", Page: "returns", HTML: []byte(hostile)}
	if _, err := openLedger(t, m).Record(m, []ledger.Text{text}, date(t, "2026-03-01"), asOf); err != nil {
		t.Fatal(err)
	}
	publish(t, testSite(t, returnsPage(midText)), m, "2026-06-01")
	s := testSite(t, returnsPage(midText), func(s *shop.Shop) { s.Name = "<script>alert(2)</script>" })
	s.Ledger = openLedger(t, m)
	for name, page := range mustBuild(t, s).Files {
		if strings.Contains(name, "/versions/") {
			for _, bad := range []string{"alert(1)</script>", "<script>", "onclick", "onerror", `href="javascript`, "ZgotmplZ"} {
				if strings.Contains(string(page), bad) {
					t.Errorf("%s holds %q", name, bad)
				}
			}
			if n := strings.Count(string(page), "</main>"); n != 1 {
				t.Errorf("%s ends main %d times", name, n)
			}
		}
	}
}

func TestVersionsCollideWithAPage(t *testing.T) {
	s, m := thrice(t)
	s = testSite(t, map[string]string{"versions": pageText("Versions", "Of our goods.")})
	s.Ledger = openLedger(t, m)
	_, err := s.Build()
	if want := fmt.Sprintf("%q is a page already", "en-DE/versions/index.html"); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("error %v, want %s", err, want)
	}
}

// Of every text that is in force search engines list one page: not its fragment, its versions or the overview.
func TestOneAddress(t *testing.T) {
	s, _ := thrice(t)
	s.Fragments = true
	out := mustBuild(t, s)
	sitemap := string(out.Files[sitemapFile])
	canonicals := map[string]string{}
	for name, file := range out.Files {
		if path.Ext(name) != ".html" {
			continue
		}
		m := canonicalPattern.FindSubmatch(file)
		if path.Base(name) == "fragment.html" || strings.Contains(string(file), `content="noindex"`) {
			if strings.Contains(sitemap, strings.TrimSuffix(name, "index.html")+"<") {
				t.Errorf("the sitemap lists %s", name)
			}
			continue
		}
		own := "https://shop.example/legal/" + strings.TrimSuffix(name, "index.html")
		if m == nil || string(m[1]) != own || canonicals[own] != "" {
			t.Errorf("%s: canonical is %q", name, m)
		}
		canonicals[own] = name
		if isText := strings.Count(name, "/") > 0 && !strings.Contains(name, "/versions/"); isText != strings.Contains(sitemap, "<loc>"+own+"</loc>") {
			t.Errorf("the sitemap is wrong about %s", own)
		}
	}
	if len(canonicals) < 20 || strings.Contains(sitemap, "fragment") {
		t.Errorf("%d pages in %s", len(canonicals), sitemap)
	}
}

var canonicalPattern = regexp.MustCompile(`<link rel="canonical" href="([^"]*)">`)
