package sitegen

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"recourse/shop"
	"recourse/sitegen/pagetest"
)

func fragmentSite(t *testing.T, pages map[string]string) Site {
	t.Helper()
	site := testSite(t, pages, func(s *shop.Shop) { s.Returns.Days = 30 })
	site.Fragments = true
	return site
}

// TestFragment: the text as it is on the page, with links that lead from anywhere and ids that are like no others.
func TestFragment(t *testing.T) {
	text := pageText("R & {{.Shop.Name}}", "## Say *it*\n\n[a](#say-it-not) [g]({{url \"guarantee\"}}) [here](#s-say-it) [up](../) [file](../guarantee/#s-g) [mail](mailto:{{.Shop.Trader.Email}}) [shop]({{.Shop.Website}}) `<a id=\"x\">`")
	text = strings.Replace(text, "[a](#say-it-not) ", "", 1)
	out := mustBuild(t, fragmentSite(t, map[string]string{"returns": text, "guarantee": pageText("G", "## G\n\nx")}))
	want := `<h2 id="en-DE_returns_s-say-it">Say <em>it</em></h2><p><a href="https://shop.example/legal/en-DE/guarantee/">g</a> ` +
		`<a href="#en-DE_returns_s-say-it">here</a> <a href="https://shop.example/legal/en-DE/">up</a> ` +
		`<a href="https://shop.example/legal/en-DE/guarantee/#s-g">file</a> <a href="mailto:service@shop.example">mail</a> ` +
		`<a href="https://shop.example/">shop</a> <code>&lt;a id=&quot;x&quot;&gt;</code></p>`
	if got := string(out.Files["en-DE/returns/fragment.html"]); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if out.Files["en-DE/fragment.html"] == nil || out.Files["en-CH/guarantee/fragment.html"] == nil {
		t.Error("fragments are missing")
	}
	plain := testSite(t, map[string]string{"returns": text, "guarantee": pageText("G", "## G\n\nx")}, func(s *shop.Shop) { s.Returns.Days = 30 })
	for name, page := range mustBuild(t, plain).Files {
		if string(out.Files[name]) != string(page) {
			t.Errorf("with fragments %s is another", name)
		}
	}
}

var idPattern = regexp.MustCompile(`\sid="([^"]*)"`)

// TestFragmentsTogether puts all fragments of all locales on one page, the forms too: no id is there twice, and what
// refers to one finds it.
func TestFragmentsTogether(t *testing.T) {
	all := ""
	for name, file := range mustBuild(t, fragmentSite(t, map[string]string{
		"complaints": pageText("C", "## Say it\n\n{{form}}"), "withdrawal": pageText("W", "## Say it\n\n{{form}}"), "returns-s": pageText("X", "## Y"), "returns": pageText("Y", "## S y"),
	})).Files {
		if strings.HasSuffix(name, "fragment.html") {
			all += string(file)
			if strings.Contains(string(file), "<script") || strings.Contains(string(file), "<h1") {
				t.Errorf("%s holds more than the text", name)
			}
		}
	}
	ids := map[string]bool{}
	for _, m := range idPattern.FindAllStringSubmatch(all, -1) {
		if ids[m[1]] {
			t.Errorf("the id %s is there twice", m[1])
		}
		ids[m[1]] = true
	}
	doc := readDocument([]byte(all))
	for _, ref := range doc.refs {
		if !ids[ref] {
			t.Errorf("nothing has the id %s", ref)
		}
	}
	for _, link := range doc.links {
		if !strings.HasPrefix(link, "https://") && !(strings.HasPrefix(link, "#") && ids[link[1:]]) {
			t.Errorf("%s leads nowhere from elsewhere", link)
		}
	}
	if len(doc.refs) < 20 || len(ids) < 20 || !strings.Contains(all, `action="https://shop.example/legal/`) {
		t.Error("the forms are missing")
	}
}

// TestFragmentAnchors: what is edited elsewhere in a text leaves the anchors as they are.
func TestFragmentAnchors(t *testing.T) {
	anchors := func(body string) string {
		page := mustBuild(t, fragmentSite(t, map[string]string{"returns": pageText("R", body)})).Files["en-DE/returns/fragment.html"]
		return fmt.Sprint(idPattern.FindAllStringSubmatch(string(page), -1))
	}
	before := anchors("## How long\n\na\n\n### Weeks and {{days 14}}\n\nb")
	after := anchors("Hello.\n\n## How long\n\nOther words.\n\n- and a list\n\n### Weeks and {{days 30}}\n\nc [x](#s-how-long)")
	if before != after || strings.Count(before, "en-DE_returns_s-") != 4 {
		t.Errorf("before %s\nafter  %s", before, after)
	}
}

// TestFragmentList: the list has every fragment with its hash, and a rebuild of what changed keeps it right.
func TestFragmentList(t *testing.T) {
	site := fragmentSite(t, map[string]string{"returns": pageText("R & {{.Shop.Name}}", "x")})
	first, out := printOf(t, site)
	checkList(t, out.Files)
	if list := string(out.Files[fragmentsFile]); !strings.Contains(list, `"title": "R \u0026 Te\u003cst \u0026 {{.Shop}}"`) {
		t.Errorf("the list is %s", list)
	}
	site.Content.(fstest.MapFS)["en/returns.md"] = &fstest.MapFile{Data: []byte(pageText("Other", "y"))}
	second, _ := printOf(t, site)
	changed, gone, ok, err := second.Since(first)
	if err != nil || !ok || len(gone) > 0 || changed[fragmentsFile] == nil || changed["en-DE/returns/fragment.html"] == nil {
		t.Fatalf("changed %d, gone %v, %v, %v", len(changed), gone, ok, err)
	}
	for name, data := range changed {
		out.Files[name] = data
	}
	checkList(t, out.Files)
	site.Fragments = false
	if third, _ := printOf(t, site); third != nil {
		if _, _, ok, _ := third.Since(second); ok {
			t.Error("fragments that are not asked for any more stay")
		}
	}
}

func printOf(t *testing.T, s Site) (*Print, *Output) {
	t.Helper()
	p, err := s.Print()
	if err != nil {
		t.Fatal(err)
	}
	out, err := p.Output()
	if err != nil {
		t.Fatal(err)
	}
	return p, out
}

func checkList(t *testing.T, files map[string][]byte) {
	t.Helper()
	var list struct{ Fragments []fragmentEntry }
	if err := json.Unmarshal(files[fragmentsFile], &list); err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for _, f := range list.Fragments {
		listed[f.File] = true
		if sum := fmt.Sprintf("%x", sha256.Sum256(files[f.File])); sum != f.SHA256 {
			t.Errorf("%s: %s is not the hash of the file", f.File, f.SHA256)
		}
		if want := "https://shop.example/legal/" + strings.TrimSuffix(f.File, "fragment.html"); f.URL != want {
			t.Errorf("%s: url %s, want %s", f.File, f.URL, want)
		}
	}
	for name, file := range files {
		if strings.HasSuffix(name, "/fragment.html") {
			if !listed[name] {
				t.Errorf("%s is not listed", name)
			}
			if err := pagetest.Text(file); err != nil && !strings.Contains(string(file), "<form") {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}
