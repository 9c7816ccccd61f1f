package main

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"recourse/content"
	"recourse/day"
	"recourse/sitegen"
)

// TestRebuild edits texts, strings, looks and shops at random, some of them wrongly; what lies there in the end is what
// one build of all of it makes. RECOURSE_EDITS sets the number of edits.
func TestRebuild(t *testing.T) {
	edits, _ := strconv.Atoi(os.Getenv("RECOURSE_EDITS"))
	if edits == 0 {
		edits = 80
	}
	for _, widget := range []bool{false, true} {
		t.Run(fmt.Sprint("widget ", widget), func(t *testing.T) {
			g := newGarden(t, widget)
			n := edits
			if widget {
				n = max(edits/15, 16)
			}
			for range n {
				g.edit()
			}
			g.mend()
			g.compare()
		})
	}
}

// garden is shops whose files are edited.
type garden struct {
	*testing.T
	dir     string
	chance  *rand.Rand
	build   *rebuilder
	options output
	pending []string // paths changed since the last good build
	failed  int
	last    error // of a build that failed
}

func newGarden(t *testing.T, widget bool) *garden {
	g := &garden{T: t, dir: t.TempDir(), chance: rand.New(rand.NewPCG(7, 11))}
	for i, texts := range []string{"shared", "shared", "own"} {
		g.write(g.shopFile(i), shopText(i, texts, "Kaufladen"))
	}
	for _, file := range []string{"en/returns.md", "en/disputes.md", "de/guarantee.md", "en/site.toml"} {
		data, err := fs.ReadFile(content.FS, file)
		if err != nil {
			t.Fatal(err)
		}
		g.write("shared/"+file, string(data))
	}
	g.write("own/de/index.md", page("Anfang", 0))
	g.options = output{Out: filepath.Join(g.dir, "dist"), Widget: widget, Overview: true, Fragment: !widget}
	s := source{AsOf: asOf{day.Of(2026, 11, 21)}}
	g.build = newRebuilder(s, g.options, []string{g.path(g.shopFile(0)), g.path(g.shopFile(1)), g.path(g.shopFile(2))})
	g.rebuild(nil)
	if g.failed > 0 {
		t.Fatal("the first build fails: ", g.last)
	}
	return g
}

func (g *garden) shopFile(i int) string   { return fmt.Sprintf("shop%d.toml", i) }
func (g *garden) path(name string) string { return filepath.Join(g.dir, filepath.FromSlash(name)) }

func shopText(i int, texts, name string) string {
	return fmt.Sprintf(`id = "shop%d"
name = %q
content = %q
website = "https://shop%[1]d.example/"
publish = "https://shop%[1]d.example/legal/"
intake = "https://shop%[1]d.example/legal/"
markets = { DE = ["de", "en"], AT = ["de"] }
[trader]
legal_name = "Handels GmbH"
address = ["Hafenstraße 12", "18055 Rostock"]
country = "DE"
email = "service@shop%[1]d.example"
[disputes]
participation = "no"
`, i, name, texts)
}

func page(title string, n int) string {
	return fmt.Sprintf("+++\ntitle = %q\ndescription = \"About {{.Shop.Name}}\"\n+++\n\nText %d of {{.Shop.Trader.LegalName}}, see [returns]({{url \"returns\"}}).\n", title, n)
}

func (g *garden) write(name, data string) {
	file := g.path(name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		g.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(data), 0o644); err != nil {
		g.Fatal(err)
	}
	g.pending = append(g.pending, file)
}

func (g *garden) remove(name string) {
	if err := os.Remove(g.path(name)); err == nil {
		g.pending = append(g.pending, g.path(name))
	}
}

// edit changes one thing, or a few at once, and builds.
func (g *garden) edit() {
	for range 1 + g.chance.IntN(2) {
		n := g.chance.IntN(1000)
		switch g.chance.IntN(12) {
		case 0:
			g.write(g.shopFile(g.chance.IntN(2)), shopText(g.chance.IntN(2), "shared", fmt.Sprintf("Laden & <%d>", n)))
		case 1:
			g.write(g.shopFile(2), shopText(2, []string{"own", "shared"}[n%2], fmt.Sprintf("Dritter %d", n)))
		case 2:
			g.write("shared/en/extra.md", page("Extra", n))
		case 3:
			g.remove("shared/en/extra.md")
		case 4:
			g.write("shared/en/returns.md", "+++\ntitle = \"Returns\"\n+++\n{{if}} broken")
		case 5:
			g.write("own/de/index.md", page("Start", n))
		case 6:
			g.write("shared/en/disputes.md", page("Disputes", n%5))
		case 7:
			g.write("shared/style.css", fmt.Sprintf(".rc-page { margin: %dpx }", n))
		case 8:
			g.remove("shared/style.css")
		case 9:
			g.remove("shared/de/guarantee.md")
		case 10:
			g.write("shared/en/site.toml", strings.Replace(siteStrings(g.T), "Jump to", fmt.Sprintf("Go %d", n), 1))
		default:
			g.write("shared/en/returns.md", page("Returns", n))
		}
	}
	g.build.shown.shop.Store(fmt.Sprintf("shop%d", g.chance.IntN(4))) // which is written first; the last is no shop
	g.rebuild(g.pending)
}

// TestLookedAtFirst: the shop whose page was asked for last is written before the others, and with a mistake none is.
func TestLookedAtFirst(t *testing.T) {
	g := newGarden(t, false)
	pages := http.NotFoundHandler()
	g.build.shown.note(pages).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/shop1/en-DE/returns/", nil))
	g.build.shown.note(pages).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/shop0/assets/site.css", nil)) // no page
	g.build.live = sitegen.NewLive()
	files, opened := g.build.files, []*built{}
	for _, file := range files {
		b, err := g.build.open(file, g.build.last[file])
		if err != nil {
			t.Fatal(err)
		}
		opened = append(opened, b)
	}
	if got := g.build.turns(files, opened); !slices.EqualFunc(got, [][]int{{1}, {0, 2}}, slices.Equal) {
		t.Errorf("shops are written in the turns %v", got)
	}
	before := tree(t, g.options.Out)
	g.write("own/de/index.md", "+++\ntitle = \"T\"\ndescription = \"D\"\n+++\n{{if}} broken")
	g.write("shared/en/returns.md", page("Changed", 1))
	if g.rebuild(g.pending); g.failed != 1 {
		t.Fatal("a text with a mistake is built")
	}
	if after := tree(t, g.options.Out); !maps.EqualFunc(before, after, bytes.Equal) {
		t.Error("with a mistake in the texts of another shop, the one that is looked at was written")
	}
	g.write("own/de/index.md", page("Anfang", 2))
	g.rebuild(g.pending)
	for _, file := range []string{"/shop0/en-DE/returns/index.html", "/shop1/en-DE/returns/index.html", "/shop2/de-DE/index.html"} {
		if text := string(tree(t, g.options.Out)[file]); !strings.Contains(text, "Changed") && !strings.Contains(text, "Text 2") {
			t.Errorf("%s is not written: %.200s", file, text)
		}
	}
}

// rebuild builds as Watch does: what changed is told again until a build succeeds.
func (g *garden) rebuild(changed []string) {
	if _, err := g.build.build(context.Background(), changed); err != nil {
		g.failed, g.last = g.failed+1, err
		return
	}
	g.pending = nil
}

// mend leaves no mistake behind.
func (g *garden) mend() {
	g.write("shared/en/returns.md", page("Returns", 0))
	for i := range 3 {
		g.write(g.shopFile(i), shopText(i, []string{"shared", "shared", "own"}[i], "Am Ende"))
	}
	before := g.failed
	if g.rebuild(g.pending); g.failed > before {
		g.Fatal("the last build fails: ", g.last)
	}
}

// compare builds everything anew, elsewhere.
func (g *garden) compare() {
	fresh := g.options
	fresh.Out = filepath.Join(g.dir, "fresh")
	again := newRebuilder(g.build.source, fresh, g.build.files)
	if _, err := again.build(context.Background(), nil); err != nil {
		g.Fatal(err)
	}
	want, got := tree(g.T, fresh.Out), tree(g.T, g.options.Out)
	for name, data := range want {
		if !bytes.Equal(got[name], data) {
			g.Errorf("%s differs from a fresh build:\n%.600s\nfresh:\n%.600s", name, got[name], data)
		}
	}
	for name := range got {
		if want[name] == nil {
			g.Errorf("%s is left over", name)
		}
	}
	if len(want) < 50 || g.failed == 0 {
		g.Errorf("%d files, %d builds that fail: the edits do not try enough", len(want), g.failed)
	}
}

func tree(t *testing.T, dir string) map[string][]byte {
	found := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		found[strings.TrimPrefix(path, dir)] = data
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
