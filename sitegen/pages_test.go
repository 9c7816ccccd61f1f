package sitegen

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"html"
	"net/url"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"recourse/content"
	"recourse/form"
	"recourse/form/markup"
	"recourse/locale"
	"recourse/shop"
)

var dataBlock = regexp.MustCompile(`<script type="application/ld\+json">(.*?)</script>`)

// blocksOf parses the data blocks of a page.
func blocksOf(t *testing.T, page []byte) (blocks []map[string]any) {
	t.Helper()
	for _, found := range dataBlock.FindAllSubmatch(page, -1) {
		var block map[string]any
		if err := json.Unmarshal(found[1], &block); err != nil {
			t.Fatalf("%v: %s", err, found[1])
		}
		blocks = append(blocks, block)
	}
	return blocks
}

// dataOf is the block about the trader, which comes after the breadcrumb; nil where there is none.
func dataOf(t *testing.T, page []byte) map[string]any {
	t.Helper()
	if blocks := blocksOf(t, page); len(blocks) > 1 {
		return blocks[1]
	}
	return nil
}

func TestOrganization(t *testing.T) {
	hostile := `A "B" </script><script>alert('1')</script> & <!-- \`
	out := mustBuild(t, testSite(t, nil, func(s *shop.Shop) { s.Name, s.Trader.VATID = hostile, "DE 000" }))
	want := map[string]any{
		"@context": "https://schema.org", "@type": "Organization", "name": hostile, "legalName": `Test "Handels" GmbH`, "url": "https://shop.example/",
		"email": "service@shop.example", "telephone": "+49 381 / 5550100", "vatID": "DE 000",
		"address": map[string]any{"@type": "PostalAddress", "streetAddress": "Hafenstraße 12, 18055 Rostock", "addressCountry": "DE"},
	}
	page := out.Files["en-DE/index.html"]
	data := dataOf(t, page)
	if diff := cmp.Diff(want, data); diff != "" {
		t.Error(diff)
	}
	if n := bytes.Count(page, []byte("<script")); n != 3 {
		t.Errorf("%d scripts, want the widget and two of data", n)
	}
	if data := dataOf(t, out.Files["en-DE/privacy/index.html"]); data != nil {
		t.Errorf("privacy has %v", data)
	}
}

func TestReturnPolicy(t *testing.T) {
	policy := func(country string, edit func(*shop.Returns)) any {
		s := testSite(t, nil, func(s *shop.Shop) { s.Markets[country] = []string{"en"}; edit(&s.Returns) })
		data := dataOf(t, mustBuild(t, s).Files["en-"+country+"/returns/index.html"])
		if data != nil && (data["@type"] != "Organization" || data["url"] != "https://shop.example/") {
			t.Errorf("the policy is of %v", data)
		}
		return data["hasMerchantReturnPolicy"]
	}
	const org = "https://schema.org/"
	base := func(country string, days float64, changes ...string) any {
		want := map[string]any{
			"@type": "MerchantReturnPolicy", "applicableCountry": country, "returnPolicyCountry": "DE", "returnPolicyCategory": org + "MerchantReturnFiniteReturnWindow",
			"merchantReturnDays": days, "returnMethod": org + "ReturnByMail", "customerRemorseReturnFees": org + "ReturnFeesCustomerResponsibility",
			"itemDefectReturnFees": org + "FreeReturn", "refundType": org + "FullRefund", "merchantReturnLink": "https://shop.example/legal/en-" + country + "/returns/",
		}
		for i := 0; i < len(changes); i += 2 {
			if want[changes[i]] = changes[i+1]; changes[i+1] == "" {
				delete(want, changes[i])
			}
		}
		return want
	}
	for name, c := range map[string]struct{ got, want any }{
		"of the law": {policy("DE", func(*shop.Returns) {}), base("DE", 14)},
		"longer":     {policy("DE", func(r *shop.Returns) { r.Days = 30 }), base("DE", 30)},
		"no shorter": {policy("DE", func(r *shop.Returns) { r.Days = 7 }), base("DE", 14)},
		"free":       {policy("DE", func(r *shop.Returns) { r.Cost = shop.CostTrader }), base("DE", 14, "returnFees", org+"FreeReturn", "customerRemorseReturnFees", org+"FreeReturn")},
		"collected":  {policy("DE", func(r *shop.Returns) { r.Collects = true }), base("DE", 14, "returnMethod", "", "returnPolicyCountry", "")},
		"elsewhere":  {policy("DE", func(r *shop.Returns) { r.Address = []string{"Depot", "1010 Wien"} }), base("DE", 14, "returnPolicyCountry", "")},
		"no right":   {policy("CH", func(*shop.Returns) {}), nil},
		"voluntary":  {policy("CH", func(r *shop.Returns) { r.Days = 30 }), base("CH", 30, "refundType", "")},
	} {
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// Where the law is not known nothing is said, not even of the shop's own period.
func TestReturnPolicyOfUnknownLaw(t *testing.T) {
	s := testSite(t, nil, func(s *shop.Shop) { s.Returns.Days = 30 })
	facts, err := s.facts("en-DE")
	if err != nil {
		t.Fatal(err)
	}
	if newReturnPolicy(facts, "") == nil {
		t.Error("the German policy is known")
	}
	facts.Law.Withdrawal.Status = "unknown"
	if p := newReturnPolicy(facts, ""); p != nil {
		t.Errorf("got %v", p)
	}
}

func TestTrail(t *testing.T) {
	hostile := `A "B" </script> & <!-- \`
	out := mustBuild(t, testSite(t, map[string]string{
		"returns": pageText(`Zurück & "more" of {{.Shop.Trader.LegalName}} </script>`, "Text"),
		"index":   "+++\ntitle = \"Start\"\nnav = \"Home & {{.Shop.Name}}\"\ndescription = \"D\"\n+++\nText",
	}, func(s *shop.Shop) { s.Name = hostile }))
	item := func(position float64, name, address string) any {
		i := map[string]any{"@type": "ListItem", "position": position, "name": name}
		if address != "" {
			i["item"] = address
		}
		return i
	}
	shop, home := item(1, hostile, "https://shop.example/"), item(2, "Home & "+hostile, "https://shop.example/legal/en-DE/")
	for name, want := range map[string][]any{
		"en-DE/index.html":          {shop, item(2, "Start", "")},
		"en-DE/returns/index.html":  {shop, home, item(3, `Zurück & "more" of Test "Handels" GmbH </script>`, "")},
		"en-DE/overview/index.html": {shop, home, item(3, "All texts on one page", "")},
	} {
		if diff := cmp.Diff(map[string]any{"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": want}, blocksOf(t, out.Files[name])[0]); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if blocks := blocksOf(t, out.Files["index.html"]); len(blocks) > 0 {
		t.Errorf("the chooser has no breadcrumb, and %v", blocks)
	}
}

// Data says what the page says, in the language of the page; all else in it are addresses and codes.
func TestDataIsOnThePage(t *testing.T) {
	shopFile, err := os.ReadFile("../examples/bernstein/shop.toml")
	if err != nil {
		t.Fatal(err)
	}
	s := testSite(t, nil)
	s.Content = content.FS
	if s.Shop, err = shop.Parse("shop.toml", shopFile); err != nil {
		t.Fatal(err)
	}
	if s.Locales, err = locale.Load(content.FS); err != nil {
		t.Fatal(err)
	}
	s.Definitions = func(*shop.Shop, form.Kind, string) *markup.Definition { return nil }
	code := regexp.MustCompile(`^(https?://\S+|[A-Z]{2}|Organization|PostalAddress|MerchantReturnPolicy|BreadcrumbList|ListItem)$`)
	for name, page := range mustBuild(t, s).Files {
		if path.Ext(name) != ".html" || name == "index.html" {
			continue
		}
		_, body, _ := strings.Cut(string(page), "<body")
		visible := strings.Join(strings.Fields(html.UnescapeString(strings.ReplaceAll(string(withoutTags([]byte(strings.ReplaceAll(body, "<br>", ", ")))), "\u00a0", " "))), " ")
		blocks := blocksOf(t, page)
		if len(blocks) == 0 {
			t.Errorf("%s has no breadcrumb as data", name)
		}
		for _, block := range blocks {
			for _, word := range stringsIn(block) {
				if !code.MatchString(word) && !strings.Contains(visible, word) {
					t.Errorf("%s: %q is in the data, not on the page", name, word)
				}
			}
		}
	}
}

// stringsIn lists all strings in a JSON value.
func stringsIn(value any) (list []string) {
	switch v := value.(type) {
	case string:
		return []string{v}
	case []any:
		for _, one := range v {
			list = append(list, stringsIn(one)...)
		}
	case map[string]any:
		for _, one := range v {
			list = append(list, stringsIn(one)...)
		}
	}
	return list
}

func TestContents(t *testing.T) {
	long := "## One *more*\n\n## {{.Shop.Trader.LegalName}} pays\n\n### Not this\n\n## [Link]({{url \"returns\"}})\n\n## Über uns\n\nEnd."
	out := mustBuild(t, testSite(t, map[string]string{"guarantee": pageText("G", long), "privacy": pageText("P", strings.Replace(long, "## One", "One", 1))}))
	want := `<ol><li><a href="#s-one-more">One more</a></li><li><a href="#s-pays">Test &#34;Handels&#34; GmbH pays</a></li>` +
		`<li><a href="#s-link">Link</a></li><li><a href="#s-%c3%bcber-uns">Über uns</a></li></ol>`
	if page := string(out.Files["en-DE/guarantee/index.html"]); !strings.Contains(page, want) {
		t.Errorf("%s lacks\n%s", mainOf([]byte(page)), want)
	}
	if page := string(out.Files["en-DE/privacy/index.html"]); strings.Contains(page, "rc-contents") {
		t.Error("three headings need no table of contents")
	}
}

func TestCrumbs(t *testing.T) {
	out := mustBuild(t, testSite(t, nil))
	for name, want := range map[string]string{
		"en-DE/index.html":          `<li><a href="https://shop.example/">Te&lt;st &amp; {{.Shop}}</a><li aria-current="page">index</ol>`,
		"en-DE/returns/index.html":  `<li><a href="../">index</a><li aria-current="page">returns</ol>`,
		"en-DE/overview/index.html": `<li><a href="../">index</a><li aria-current="page">All texts on one page</ol>`,
	} {
		page := strings.NewReplacer("</li>", "", "\n", "").Replace(string(out.Files[name]))
		if !strings.Contains(page, want) {
			t.Errorf("%s lacks %s\n%s", name, want, page)
		}
	}
}

func TestOverview(t *testing.T) {
	text := "## A\n\n[a](#s-a) [b](../privacy/#s-a) [c]({{url \"returns\"}}) [d]({{url \"index\"}}) [e](../../index.html) [f]({{.Shop.Website}}x) [g](mailto:{{.Shop.Trader.Email}}) [h](../complaints/#rc-email)\n\n###### B"
	out := mustBuild(t, testSite(t, map[string]string{
		"guarantee": pageText("G of {{.Shop.Trader.LegalName}}", text), "privacy": pageText("P", "## A\n\nText"),
		"complaints": pageText("C", "Before\n\n{{form}}\n\nAfter"), "index": pageText("I", "[r]({{url \"returns\"}}) [i]({{url \"index\"}}) [x](../index.html)"),
	}))
	page := strings.ReplaceAll(mainOf(out.Files["en-DE/overview/index.html"]), "\n", "")
	for _, want := range []string{
		`<section class="rc-section"><h2 id="p-guarantee">G of Test &#34;Handels&#34; GmbH</h2><h3 id="p-guarantee_s-a">A</h3><p>` +
			`<a href="#p-guarantee_s-a">a</a> <a href="#p-privacy_s-a">b</a> <a href="#p-returns">c</a> <a href="#p-index">d</a> <a href="../../index.html">e</a> ` +
			`<a href="https://shop.example/x">f</a> <a href="mailto:service@shop.example">g</a> <a href="../complaints/#rc-email">h</a></p><h6 id="p-guarantee_s-b">B</h6>`,
		`<p>Before</p><p>After</p><p class="rc-no-print"><a href="../complaints/">Go to the form</a></p>`,
		`<a href="#p-returns">r</a> <a href="#p-index">i</a> <a href="../../index.html">x</a>`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the overview lacks\n%s\n%s", want, page)
		}
	}
	if strings.Contains(page, "<form") || strings.Contains(page, "<h1") {
		t.Error("the overview has a form or a second h1")
	}
	for _, want := range []string{`<meta name="robots" content="noindex">`, `<link rel="canonical" href="https://shop.example/legal/en-DE/overview/">`,
		`<meta name="description" content="All texts on your rights as a customer of Te&lt;st &amp; {{.Shop}}, below each other">`} {
		if !bytes.Contains(out.Files["en-DE/overview/index.html"], []byte(want)) {
			t.Errorf("the head lacks %s", want)
		}
	}
	if !bytes.Contains(out.Files["en-DE/index.html"], []byte(`<a href="overview/">`)) || bytes.Contains(out.Files["sitemap.xml"], []byte("overview")) {
		t.Error("the start page leads to the overview, the sitemap does not")
	}
}

// Every anchor of the overviews of the texts we publish is there, and no id twice.
func TestOverviewOfRealContent(t *testing.T) {
	site := testSite(t, nil, func(s *shop.Shop) { s.Markets["AT"], s.Markets["IT"] = []string{"de", "en"}, []string{"it"} })
	site.Content = content.FS
	languages, err := locale.Load(content.FS)
	if err != nil {
		t.Fatal(err)
	}
	site.Locales = languages
	site.Definitions = func(s *shop.Shop, kind form.Kind, tag string) *markup.Definition {
		l, _ := languages.Locale(tag) // a missing one fails the build
		labels, _ := site.Law.Labels(l.Language.Tag, l.Country, site.AsOf)
		return markup.Define(kind, s, l, labels)
	}
	out := mustBuild(t, site)
	for name, page := range out.Files {
		if !strings.HasSuffix(name, "/overview/index.html") {
			continue
		}
		doc, anchors := readDocument(page), 0
		if ids := slices.Sorted(slices.Values(doc.ids)); len(slices.Compact(slices.Clone(ids))) != len(ids) {
			t.Errorf("%s: an id is there twice: %v", name, ids)
		}
		for _, link := range doc.links {
			u, _ := url.Parse(link)
			if u.Path != "" && u.Host == "" && u.Scheme == "" {
				if file := path.Join(path.Dir(name), u.Path, "index.html"); out.Files[file] == nil && path.Ext(u.Path) == "" {
					t.Errorf("%s: %s leads nowhere", name, link)
				}
			} else if u.Path == "" && u.Host == "" && u.Fragment != "" {
				if anchors++; !slices.Contains(doc.ids, u.Fragment) {
					t.Errorf("%s: there is no %s", name, link)
				}
			}
		}
		if anchors < 15 {
			t.Errorf("%s: %d links lead to places on it", name, anchors)
		}
	}
}

func TestFeed(t *testing.T) {
	s, m := thrice(t)
	out := mustBuild(t, s)
	var feed struct {
		Channel struct {
			Title, Language string
			Items           []struct {
				Title   string `xml:"title"`
				Link    string `xml:"link"`
				GUID    string `xml:"guid"`
				PubDate string `xml:"pubDate"`
			} `xml:"item"`
		} `xml:"channel"`
	}
	if err := xml.Unmarshal(out.Files["en-DE/feed.xml"], &feed); err != nil {
		t.Fatal(err)
	}
	all := map[string]bool{}
	for _, v := range openLedger(t, m).All() {
		all["https://shop.example/legal/"+v.Locale+"/"+folder(v.Page)+"versions/"+v.From.String()+"/"] = v.Locale == "en-DE"
	}
	seen := map[string]bool{}
	for _, one := range feed.Channel.Items {
		if day, err := time.Parse(time.RFC1123Z, one.PubDate); err != nil || day.Format(time.DateOnly) != s.AsOf.String() {
			t.Errorf("published %s, %v", one.PubDate, err)
		}
		if !all[one.Link] || seen[one.GUID] {
			t.Errorf("%s leads to no version of the locale, or %s is there twice", one.Link, one.GUID)
		}
		seen[one.GUID], all[one.Link] = true, false
	}
	for link, missing := range all {
		if missing {
			t.Errorf("the feed lacks %s", link)
		}
	}
	if first := feed.Channel.Items[0]; first.Title != "Returns of Te<st & {{.Shop}}: version of 1 December 2026" {
		t.Errorf("the newest is %s", first.Title)
	}
	link := []byte(`<link rel="alternate" type="application/rss+xml" title="What changed in the texts of Te&lt;st &amp; {{.Shop}}" href="https://shop.example/legal/en-DE/feed.xml">`)
	for _, name := range []string{"en-DE/index.html", "en-DE/returns/index.html", "en-DE/returns/versions/index.html"} {
		if !bytes.Contains(out.Files[name], link) {
			t.Errorf("%s lacks %s", name, link)
		}
	}
	s.Ledger = nil
	for name, page := range mustBuild(t, s).Files {
		if strings.HasSuffix(name, "feed.xml") || bytes.Contains(page, []byte("rss+xml")) {
			t.Errorf("%s: a feed without a ledger", name)
		}
	}
}
