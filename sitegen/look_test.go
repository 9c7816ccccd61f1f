package sitegen

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"recourse/shop"
)

// withLayouts is a site whose content has own layouts.
func withLayouts(t *testing.T, layouts map[string]string) Site {
	t.Helper()
	site := testSite(t, nil)
	for name, source := range layouts {
		site.Content.(fstest.MapFS)["layout/"+name] = &fstest.MapFile{Data: []byte(source)}
	}
	return site
}

func builtInLayout(t *testing.T, name string) string {
	t.Helper()
	data, err := fs.ReadFile(layoutFiles, "layout/"+name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestBrokenLayouts: a mistake is named once, with its place in the shop's own layout, however many pages it is in.
func TestBrokenLayouts(t *testing.T) {
	page := builtInLayout(t, "page.html")
	for title, c := range map[string]struct{ name, source, want string }{
		"a field":              {"page.html", "{{.Body}}\n <p>é{{.Hedding}}</p>", `layout/page.html:2:8: <p>é{{.Hedding}}</p>: there is no .Hedding here; did you mean .Heading?`},
		"a field of an item":   {"page.html", "{{.Body}}{{range .Nav}}\n{{.Zebra}}{{end}}", `layout/page.html:2:3: {{.Zebra}}{{end}}: there is no .Zebra here; there are .Here, .Href, .Title`},
		"a function":           {"page.html", "{{.Body}}\n\n<p>{{url \"returns\"}}</p>", `layout/page.html:3:6: <p>{{url "returns"}}</p>: function "url" not defined; layouts have`},
		"no end":               {"page.html", "{{.Body}}\n{{if .Title}}x\n", `layout/page.html:3:1: the layout ends too early; an {{if}}`},
		"an attribute":         {"page.html", "{{.Body}}\n<p title={{if .Title}}\"{{end}}x>", `layout/page.html:2:`},
		"ends in a tag":        {"page.html", "{{.Body}}\n<p title=\"", `layout/page.html:`},
		"no such layout":       {"page.html", "{{.Body}}\n{{template \"menu\" .}}", `layout/page.html:2:12: {{template "menu" .}}: no such template "menu"`},
		"a wrong dot":          {"page.html", "{{.Body}}\n{{template \"locales\" .Title}}", `layout/page.html:2:1: {{template "locales" .Title}}: the layout "locales" cannot be filled from here`},
		"no text":              {"page.html", strings.Replace(page, "{{.Body}}", "", 1), "layout/page.html:1:1: the layout has no place for the text"},
		"empty":                {"page.html", " \n", "layout/page.html:1:1: the layout is empty"},
		"the chooser":          {"chooser.html", "<p>\n{{.Nope}}", `layout/chooser.html:2:3: {{.Nope}}: there is no .Nope here`},
		"a part":               {"locales.html", "{{define \"locales\"}}\n{{.Nope}}{{end}}", `layout/locales.html:2:3: {{.Nope}}{{end}}: there is no .Nope`},
		"a file of the shop's": {"menu.html", "{{if}}", `layout/menu.html:1:1: {{if}}: missing value for if; compare`},
	} {
		t.Run(title, func(t *testing.T) {
			_, err := withLayouts(t, map[string]string{c.name: c.source}).Build()
			got := fmt.Sprint(err)
			if !strings.HasPrefix(got, c.want) || strings.Contains(got, "\n") {
				t.Errorf("got %s\nwant one line that begins with %s", got, c.want)
			}
		})
	}
}

// TestOwnLayout: an unchanged copy of a layout changes nothing, and one of several layouts may be the shop's own.
func TestOwnLayout(t *testing.T) {
	want := mustBuild(t, testSite(t, nil))
	same := map[string]string{}
	for name, data := range Looks() {
		same[strings.TrimPrefix(name, "layout/")] = string(data)
	}
	got := mustBuild(t, withLayouts(t, same))
	for name, data := range want.Files {
		if string(got.Files[name]) != string(data) {
			t.Errorf("%s differs", name)
		}
	}
	part := mustBuild(t, withLayouts(t, map[string]string{"locales.html": `{{define "locales"}}<p>ours</p>{{end}}`}))
	if page := string(part.Files["en-DE/returns/index.html"]); !strings.Contains(page, "<p>ours</p>") || !strings.Contains(page, "rc-footer") {
		t.Errorf("the page is %s", page)
	}
}

// TestLayoutComputes: a layout may compute with the shop's own words.
func TestLayoutComputes(t *testing.T) {
	layout := `{{.Body}}{{if eq .Shop.ID "test"}}<p>is test, {{len .Shop.Trader.Email}}</p>{{end}}`
	for id, want := range map[string]bool{"test": true, "other": false} {
		site := withLayouts(t, map[string]string{"page.html": layout})
		site.Shop = func(s shop.Shop) *shop.Shop { s.ID = id; return &s }(*site.Shop)
		page := string(mustBuild(t, site).Files["en-DE/returns/index.html"])
		if got := strings.Contains(page, "<p>is test, 20</p>"); got != want {
			t.Errorf("shop %s: %v, want %v: %s", id, got, want, page)
		}
	}
}
