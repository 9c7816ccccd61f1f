package sitegen

import (
	"bytes"
	"encoding/xml"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"recourse/shop"
)

const (
	here   = "https://shop.example/legal/"
	abroad = "https://shop.example.ch/recht/"
)

// withDomains sells to Switzerland under a domain of its own.
func withDomains(s *shop.Shop) {
	s.Markets["AT"] = []string{"en"}
	s.Domains, s.Websites = shop.Domains{"CH": abroad}, shop.Domains{"CH": "https://shop.example.ch/"}
}

// element is what tests ask of one.
type element struct {
	name, text string
	attributes map[string]string
}

func elementsOf(t testing.TB, page []byte) (all []element) {
	t.Helper()
	doc, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		e := element{name: n.Data, attributes: map[string]string{}}
		for _, a := range n.Attr {
			e.attributes[a.Key] = a.Val
		}
		if n.FirstChild != nil && n.FirstChild.Type == html.TextNode {
			e.text = n.FirstChild.Data
		}
		all = append(all, e)
	}
	return all
}

// headOf gives the canonical address of a page and its alternates.
func headOf(t testing.TB, page []byte) (canonical string, alternates map[string]string) {
	t.Helper()
	alternates = map[string]string{}
	for _, e := range elementsOf(t, page) {
		switch {
		case e.name == "link" && e.attributes["rel"] == "canonical":
			canonical = e.attributes["href"]
		case e.name == "link" && e.attributes["hreflang"] != "":
			alternates[e.attributes["hreflang"]] = e.attributes["href"]
		}
	}
	return canonical, alternates
}

// localeLinks is the list of languages.
func localeLinks(t testing.TB, page []byte) map[string]string {
	t.Helper()
	links := map[string]string{}
	for _, e := range elementsOf(t, page) {
		if e.name == "a" && e.attributes["hreflang"] != "" {
			links[e.attributes["hreflang"]] = e.attributes["href"]
		}
	}
	return links
}

// publishedAt is where a file belongs.
func publishedAt(name string) string {
	home := here
	if strings.HasPrefix(name, "en-CH/") {
		home = abroad
	}
	return home + strings.TrimSuffix(name, "index.html")
}

func TestDomains(t *testing.T) {
	site := testSite(t, nil, withDomains)
	out := mustBuild(t, site)
	for name, page := range out.Files {
		if !strings.HasSuffix(name, ".html") {
			continue
		}
		canonical, alternates := headOf(t, page)
		if canonical != publishedAt(name) {
			t.Errorf("%s is canonical at %s", name, canonical)
		}
		for tag, address := range alternates { // each names this page as well
			if other := out.Files[fileAt(address)]; tag != "x-default" && other == nil {
				t.Errorf("%s: the alternate %s is nowhere", name, address)
			} else if _, back := headOf(t, other); tag != "x-default" && name != "index.html" && back[strings.Split(name, "/")[0]] != canonical {
				t.Errorf("%s and %s do not name each other", name, address)
			}
		}
	}
	canonical, alternates := headOf(t, out.Files["en-CH/returns/index.html"])
	want := map[string]string{"en-DE": here + "en-DE/returns/", "en-AT": here + "en-AT/returns/", "en-CH": canonical, "x-default": here + "en-DE/returns/"}
	if diff := cmp.Diff(want, alternates); diff != "" {
		t.Errorf("alternates (-want +got)\n%s", diff)
	}
	for name, want := range map[string]map[string]string{
		"en-DE/returns/index.html":    {"en-DE": "../../en-DE/returns/", "en-AT": "../../en-AT/returns/", "en-CH": abroad + "en-CH/returns/"},
		"en-CH/returns/index.html":    {"en-DE": here + "en-DE/returns/", "en-AT": here + "en-AT/returns/", "en-CH": "../../en-CH/returns/"},
		"en-DE/withdrawal/index.html": {"en-DE": "../../en-DE/withdrawal/", "en-AT": "../../en-AT/withdrawal/", "en-CH": abroad + "en-CH/"},
		"index.html":                  {"en-DE": here + "en-DE/", "en-AT": here + "en-AT/", "en-CH": abroad + "en-CH/"},
	} {
		if diff := cmp.Diff(want, localeLinks(t, out.Files[name])); diff != "" {
			t.Errorf("languages of %s (-want +got)\n%s", name, diff)
		}
	}
}

// fileAt is the file that is served at an address.
func fileAt(address string) string {
	for _, home := range []string{here, abroad} {
		if file, below := strings.CutPrefix(address, home); below {
			if file == "" || strings.HasSuffix(file, "/") {
				file += "index.html"
			}
			return file
		}
	}
	return ""
}

// Whether all files are on every domain or each domain has its locales only: every link leads to a file that is there.
func TestLinksAcrossDomains(t *testing.T) {
	site := testSite(t, map[string]string{"disputes": pageText("D", "[r]({{url \"returns\"}}) [p]({{.Shop.Publish}}{{.Locale.Tag}}/privacy/)")}, withDomains)
	site.Fragments = true
	out := mustBuild(t, site)
	crossing := 0
	for name, page := range out.Files {
		if !strings.HasSuffix(name, ".html") {
			continue
		}
		base, err := url.Parse(publishedAt(name))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range elementsOf(t, page) {
			for _, link := range []string{e.attributes["href"], e.attributes["src"]} {
				target, err := base.Parse(link)
				if err != nil {
					t.Fatal(err)
				}
				address := target.Scheme + "://" + target.Host + target.Path
				file := fileAt(address)
				if link == "" || file == "" || file == "recourse.js" {
					continue
				}
				if target.Host != base.Host {
					crossing++
				}
				if out.Files[file] == nil || strings.HasPrefix(file, "en-") && publishedAt(file) != strings.TrimSuffix(address, "index.html") {
					t.Errorf("%s: %s leads to %s, which is not there", name, link, address)
				}
			}
		}
	}
	if crossing < 20 {
		t.Errorf("%d links lead to another domain", crossing)
	}
	for tag, want := range map[string]string{"en-CH": abroad + "en-CH/", "en-AT": here + "en-AT/", "en-FR": here + "en-DE/"} {
		if notice := out.Notices[tag]; !strings.Contains(notice, `href="`+want+`returns/"`) {
			t.Errorf("the notice of %s does not lead to %s: %s", tag, want, notice)
		}
	}
	if fragment := string(out.Files["en-CH/disputes/fragment.html"]); strings.Count(fragment, abroad+"en-CH/") != 2 {
		t.Errorf("the fragment leads elsewhere: %s", fragment)
	}
	if list := out.Files[fragmentsFile]; !bytes.Contains(list, []byte(`"`+abroad+`en-CH/returns/"`)) {
		t.Errorf("the list of fragments has other addresses: %s", list)
	}
}

func TestDomainsData(t *testing.T) {
	out := mustBuild(t, testSite(t, nil, withDomains, func(s *shop.Shop) { s.Returns.Days = 30 }))
	for name, want := range map[string][2]string{
		"en-DE/index.html": {"url", "https://shop.example/"}, "en-DE/returns/index.html": {"merchantReturnLink", here + "en-DE/returns/"},
		"en-CH/index.html": {"url", "https://shop.example.ch/"}, "en-CH/returns/index.html": {"merchantReturnLink", abroad + "en-CH/returns/"},
	} {
		data := dataOf(t, out.Files[name])
		if policy, ok := data["hasMerchantReturnPolicy"].(map[string]any); ok {
			data = policy
		}
		if got := data[want[0]]; got != want[1] {
			t.Errorf("%s: %s is %v", name, want[0], got)
		}
	}
	crumb := []byte(`<li><a href="https://shop.example.ch/">Te&lt;st`)
	if !bytes.Contains(out.Files["en-CH/returns/index.html"], crumb) || bytes.Contains(out.Files["en-DE/returns/index.html"], crumb) {
		t.Error("the way back leads to the shop of another country")
	}
	if form := string(out.Files["en-DE/complaints/index.html"]); strings.Contains(form, abroad+"en-DE") {
		t.Error("a form of Germany names addresses of Switzerland")
	}
}

// A sitemap speaks for what lies below it, whoever serves it.
func TestSitemapsOfDomains(t *testing.T) {
	out := mustBuild(t, testSite(t, nil, withDomains))
	listed := map[string]bool{}
	for file, data := range out.Files {
		if !strings.HasSuffix(file, "sitemap.xml") {
			continue
		}
		var set struct {
			URLs []struct {
				Location string `xml:"loc"`
				Links    []struct {
					Tag  string `xml:"hreflang,attr"`
					Href string `xml:"href,attr"`
				} `xml:"link"`
			} `xml:"url"`
		}
		if err := xml.Unmarshal(data, &set); err != nil || len(set.URLs) == 0 {
			t.Fatalf("%s: %v, %d addresses", file, err, len(set.URLs))
		}
		for _, u := range set.URLs {
			if below := strings.TrimSuffix(publishedAt(file), "sitemap.xml"); !strings.HasPrefix(u.Location, below) || listed[u.Location] {
				t.Errorf("%s lists %s", file, u.Location)
			}
			listed[u.Location] = true
			_, alternates := headOf(t, out.Files[fileAt(u.Location)])
			for _, link := range u.Links {
				if alternates[link.Tag] != link.Href {
					t.Errorf("%s: %s is %s in %s, %s on the page", file, u.Location, link.Tag, link.Href, alternates[link.Tag])
				}
			}
		}
	}
	for name := range out.Files {
		if strings.HasSuffix(name, "/index.html") && !strings.Contains(name, "overview") && !listed[publishedAt(name)] {
			t.Errorf("no sitemap has %s", publishedAt(name))
		}
	}
	want := "User-agent: *\nAllow: /\nSitemap: " + here + "sitemap.xml\nSitemap: " + abroad + "en-CH/sitemap.xml\n"
	if got := string(out.Files["robots.txt"]); got != want {
		t.Errorf("robots.txt says %q", got)
	}
	all := mustBuild(t, testSite(t, nil, func(s *shop.Shop) { s.Domains = shop.Domains{"CH": abroad, "DE": "https://de.example/"} }))
	if sitemap := string(all.Files["sitemap.xml"]); strings.Count(sitemap, "<url>") != 1 || !strings.Contains(sitemap, "<loc>"+here+"</loc>") {
		t.Errorf("with every locale elsewhere only the choice of languages is left: %s", sitemap)
	}
	if canonical, alternates := headOf(t, all.Files["en-DE/returns/index.html"]); canonical != "https://de.example/en-DE/returns/" || alternates["x-default"] != canonical {
		t.Errorf("the default is %s, canonical %s", alternates["x-default"], canonical)
	}
	_, chooser := headOf(t, all.Files["index.html"])
	if _, alternates := headOf(t, all.Files["en-DE/index.html"]); !maps.Equal(alternates, chooser) || chooser["x-default"] != here {
		t.Errorf("a start page has the alternates %v, the page for choosing %v", alternates, chooser)
	}
}

func TestFeedOfDomain(t *testing.T) {
	s, _ := thrice(t)
	s.Shop.Domains = shop.Domains{"DE": abroad}
	out := mustBuild(t, s)
	feed := string(out.Files["en-DE/feed.xml"])
	if strings.Contains(feed, here) || strings.Count(feed, abroad+"en-DE/") < 4 {
		t.Errorf("the feed leads elsewhere: %s", feed)
	}
	if page := string(out.Files["en-DE/returns/index.html"]); !strings.Contains(page, `href="`+abroad+`en-DE/feed.xml"`) {
		t.Error("the page has the feed elsewhere")
	}
	if page := string(out.Files["en-DE/returns/versions/index.html"]); !strings.Contains(page, `<link rel="canonical" href="`+abroad+`en-DE/returns/versions/">`) {
		t.Error("versions are elsewhere")
	}
}

// Shops whose domains are in the same places share all but their words; each has the bytes it has when it is built alone.
func TestDomainsOfOneKind(t *testing.T) {
	edits := map[string]func(*shop.Shop){
		"one": withDomains,
		"two": func(s *shop.Shop) {
			withDomains(s)
			s.Publish, s.Intake = "https://two.example/", "https://two.example/"
			s.Domains["CH"] = "https://two.example.ch/a/b/"
		},
		"three": func(s *shop.Shop) { withDomains(s); s.Domains["CH"] = s.Publish },
		"four":  func(s *shop.Shop) { withDomains(s); s.Domains = shop.Domains{"AT": abroad} },
		"five":  func(s *shop.Shop) { withDomains(s); s.Domains = nil },
	}
	cache, kinds := &Cache{}, map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(edits)) {
		alone := mustBuild(t, testSite(t, nil, edits[name]))
		site := testSite(t, nil, edits[name])
		site.Cache, site.ContentID = cache, "texts"
		shared := mustBuild(t, site)
		if diff := cmp.Diff(alone.Files, shared.Files); diff != "" {
			t.Errorf("%s is another shop in a build of many:\n%s", name, diff)
		}
		for file, data := range shared.Files {
			if bytes.Contains(data, []byte(markStart)) {
				t.Errorf("%s: a word is missing in %s", name, file)
			}
		}
		in, _ := standInFor(site.Shop)
		kinds[name] = kindOf(in)
	}
	if kinds["one"] != kinds["two"] {
		t.Error("shops with domains in the same places are of one kind")
	}
	for _, other := range []string{"three", "four", "five"} {
		if kinds[other] == kinds["one"] {
			t.Errorf("one and %s are of one kind", other)
		}
	}
}

// A layout that computes with the addresses of the languages is filled with those of the shop.
func TestLayoutOfDomains(t *testing.T) {
	site := withLayouts(t, map[string]string{"locales.html": `{{define "locales"}}{{range .Locales}}<b>{{slice .Href 0 18}}</b>{{end}}{{end}}`})
	withDomains(site.Shop)
	if page := string(mustBuild(t, site).Files["en-DE/returns/index.html"]); !strings.Contains(page, "<b>https://shop.examp</b>") {
		t.Errorf("the page has other addresses: %s", page)
	}
}

func TestDeadLinksAcrossDomains(t *testing.T) {
	for link, want := range map[string]string{
		"../../en-CH/privacy/":                      "published on another domain",
		"{{.Shop.Publish}}{{.Locale.Tag}}/nope/":    "leads to no page",
		"{{.Shop.Publish}}{{.Locale.Tag}}/returns/": "",
	} {
		_, err := testSite(t, map[string]string{"guarantee": pageText("G", "[x]("+link+")")}, withDomains).Build()
		switch {
		case want == "" && err != nil:
			t.Errorf("%s: %v", link, err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%s: %v, want %q", link, err, want)
		case err != nil && strings.Contains(err.Error(), markStart):
			t.Errorf("%s: a mark is in the message: %v", link, err)
		}
	}
}
