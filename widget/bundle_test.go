package widget

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"recourse/content"
	"recourse/form/markup"
	"recourse/law"
	"recourse/locale"
	"recourse/shop"
)

func demoShop(t testing.TB) *shop.Shop {
	t.Helper()
	s, err := shop.Parse("shop.toml", []byte(`
id = "demo"
name = "Demo"
website = "https://demo.example/"
publish = "https://demo.example/legal/"
intake = "https://demo.example/legal/"
markets = { DE = ["en"], AT = ["en"] }
disputes = { participation = "no" }
[trader]
legal_name = "Demo GmbH"
address = ["Street 1", "10115 Berlin"]
country = "DE"
email = "service@demo.example"
`))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// demo is the widget of a shop, with what tests change in it.
type demo struct {
	Shop     *shop.Shop
	Locales  []Locale
	Facts    any // change them with the locales
	Notices  map[string]Notice
	Versions map[string]string
	NoRules  bool
}

// demoInput is a shop that serves DE and AT in English, with small forms.
func demoInput(t testing.TB) *demo {
	t.Helper()
	languages := english(t)
	in := &demo{Shop: demoShop(t), Notices: map[string]Notice{}}
	for _, tag := range in.Shop.Locales() {
		l, err := languages.Locale(tag)
		if err != nil {
			t.Fatal(err)
		}
		in.Notices[tag] = noticeOf("<h1>Disputes</h1><p>We do not take part.</p>")
		in.Locales = append(in.Locales, Locale{
			Locale: l, Labels: law.Labels{Withdraw: "Withdraw from contract here", Confirm: "Confirm withdrawal", Official: true}, Withdrawal: true,
			Definitions: []*markup.Definition{{Form: "withdrawal", Locale: tag}, {Form: "complaint", Locale: tag}},
		})
	}
	return in
}

func noticeOf(html string) Notice { return Notice{Text: [][]byte{[]byte(html)}} }

func (d *demo) input() Input {
	return Input{
		Shop: d.Shop, Facts: d.Facts,
		Locale: func(_ *shop.Shop, tag string) (Locale, error) {
			i := slices.IndexFunc(d.Locales, func(l Locale) bool { return l.Locale.Tag() == tag })
			return d.Locales[i], nil
		},
		Notice:  func(tag string) Notice { return d.Notices[tag] },
		Version: func(page string) string { return d.Versions[page] },
	}
}

func (d *demo) bundler() *Bundler {
	return NewBundler(func() ([]byte, error) {
		if d.NoRules {
			return nil, nil
		}
		return []byte("\x00asm rules"), nil
	}, []byte("export const start = () => 1;"))
}

// english is the master language alone: others may be on their way.
func english(t testing.TB) *locale.Catalog {
	t.Helper()
	files := fstest.MapFS{}
	names, err := fs.Glob(content.FS, "en/*.toml")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		data, err := fs.ReadFile(content.FS, name)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = &fstest.MapFile{Data: data}
	}
	languages, err := locale.Load(files)
	if err != nil {
		t.Fatal(err)
	}
	return languages
}

func bundle(t testing.TB, in *demo) map[string][]byte {
	t.Helper()
	files, err := in.bundler().Bundle(in.input())
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// named returns the one file whose name, without its hash, is pattern.
func named(t *testing.T, files map[string][]byte, pattern string) (string, []byte) {
	t.Helper()
	for name, data := range files {
		if ok, _ := path.Match(pattern, name); ok {
			return name, data
		}
	}
	t.Fatalf("no file %q among %v", pattern, slices.Sorted(maps.Keys(files)))
	return "", nil
}

func TestBundleFiles(t *testing.T) {
	files := bundle(t, demoInput(t))
	var got []string
	hashed := regexp.MustCompile(`\.[a-z2-7]{8}\.`)
	for name := range files {
		got = append(got, hashed.ReplaceAllString(name, ".#."))
	}
	slices.Sort(got)
	want := []string{
		"assets/after.#.js", "assets/forms.#.js", "assets/notice.#.js",
		"assets/rules.#.wasm", "assets/widget.#.css",
		"en-AT/complaint-after.#.json", "en-AT/complaint.#.json", "en-AT/disputes.#.json",
		"en-AT/withdrawal-after.#.json", "en-AT/withdrawal.#.json",
		"en-DE/complaint-after.#.json", "en-DE/complaint.#.json", "en-DE/disputes.#.json",
		"en-DE/withdrawal-after.#.json", "en-DE/withdrawal.#.json", "recourse.js",
	}
	if !slices.Equal(got, want) {
		t.Errorf("files %q, want %q", got, want)
	}
}

func TestSEC48_BundleIsDeterministic(t *testing.T) {
	a, b := bundle(t, demoInput(t)), bundle(t, demoInput(t))
	if !maps.EqualFunc(a, b, bytes.Equal) {
		t.Error("two bundles of the same input differ")
	}
}

func TestNamesFollowContent(t *testing.T) {
	in := demoInput(t)
	before := bundle(t, in)
	in.Notices["en-DE"] = noticeOf("<p>New.</p>")
	after := bundle(t, in)
	old, _ := named(t, before, "en-DE/disputes.*.json")
	if _, still := after[old]; still {
		t.Errorf("%s kept its name although the notice has changed", old)
	}
	if bytes.Equal(before["recourse.js"], after["recourse.js"]) {
		t.Error("recourse.js does not know the new name of the notice")
	}
	same, _ := named(t, before, "en-AT/disputes.*.json")
	if _, ok := after[same]; !ok {
		t.Errorf("%s changed its name although it has the same content", same)
	}
}

// Pages in windows-1252 read a script in windows-1252.
func TestScriptsAreASCII(t *testing.T) {
	in := demoInput(t)
	in.Locales[0].Labels.Withdraw = "Откажете се от договора тук"
	for name, data := range bundle(t, in) {
		if path.Ext(name) != ".js" {
			continue
		}
		if i := bytes.IndexFunc(data, func(r rune) bool { return r > 126 }); i >= 0 {
			t.Errorf("%s is not ASCII at byte %d: %q", name, i, data[max(0, i-20):min(len(data), i+20)])
		}
	}
}

// Nothing may be asked of a server that is not the shop's.
func TestSEC48_ScriptsNameNoOtherHost(t *testing.T) {
	address := regexp.MustCompile(`https?://[^"'\x60/ )]+`)
	for name, data := range bundle(t, demoInput(t)) {
		for _, found := range address.FindAllString(string(data), -1) {
			if found != "https://demo.example" {
				t.Errorf("%s names %s", name, found)
			}
		}
	}
}

// Every file is named in the one that asks for it.
func TestEveryFileIsAskedFor(t *testing.T) {
	files := bundle(t, demoInput(t))
	for asked, by := range map[string]string{
		"assets/forms.*.js": "recourse.js", "assets/widget.*.css": "recourse.js", "en-DE/complaint.*.json": "recourse.js",
		"en-AT/withdrawal.*.json": "recourse.js", "en-AT/disputes.*.json": "recourse.js",
		"assets/after.*.js": "assets/forms.*.js", "assets/notice.*.js": "assets/forms.*.js",
		"assets/rules.*.wasm":          "assets/forms.*.js",
		"en-DE/complaint-after.*.json": "en-DE/complaint.*.json", "en-AT/withdrawal-after.*.json": "en-AT/withdrawal.*.json",
	} {
		name, _ := named(t, files, asked)
		_, from := named(t, files, by)
		if hash := strings.Split(path.Base(name), ".")[1]; !bytes.Contains(from, []byte(hash)) {
			t.Errorf("%s cannot find %s", by, name)
		}
	}
}

func TestWithdrawalOnlyWhereTheLawHasIt(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*Locale)
	}{
		{"no right of withdrawal", func(l *Locale) { l.Withdrawal = false }},
		{"no label", func(l *Locale) { l.Labels = law.Labels{} }},
		{"no intake", func(l *Locale) { l.Definitions = nil }},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := demoInput(t)
			for i := range in.Locales {
				c.change(&in.Locales[i])
			}
			files := bundle(t, in)
			for name := range files {
				if strings.Contains(name, "withdrawal") {
					t.Errorf("%s is offered", name)
				}
			}
			if bytes.Contains(files["recourse.js"], []byte("Withdraw from contract")) {
				t.Error("the tag shows the withdrawal button")
			}
			if !bytes.Contains(files["recourse.js"], []byte("Make a complaint")) {
				t.Error("the tag does not show the link to the complaints page")
			}
		})
	}
}

func TestWordsAreFilled(t *testing.T) {
	files := bundle(t, demoInput(t))
	var doc struct {
		Words            map[string]string
		Zone, Mail, Form string
	}
	for _, pattern := range []string{"en-DE/withdrawal.*.json", "en-DE/withdrawal-after.*.json"} {
		_, data := named(t, files, pattern)
		if err := json.Unmarshal(data, &doc); err != nil { // adds to the words of the first
			t.Fatal(err)
		}
	}
	if doc.Form != "withdrawal" || doc.Zone != "Europe/Berlin" || doc.Mail != "service@demo.example" {
		t.Errorf("form %q, zone %q, mail %q", doc.Form, doc.Zone, doc.Mail)
	}
	for key, text := range doc.Words {
		if strings.Contains(text, "{trader}") || strings.Contains(text, "{contact}") {
			t.Errorf("word %q still has a place to fill: %q", key, text)
		}
	}
	if got := doc.Words["received"]; got != "Your withdrawal has been received" {
		t.Errorf("title of the receipt is %q", got)
	}
}

// noise is text that does not compress: the digits of a running hash.
func noise(length int) string {
	var b strings.Builder
	for i := 0; b.Len() < length; i++ {
		b.WriteString(hash([]byte(fmt.Sprint(i))))
	}
	return b.String()
}

func TestOverBudget(t *testing.T) {
	for _, c := range []struct {
		file   string
		budget int
		change func(*demo)
	}{
		{"en-AT/withdrawal.", intentBudget, func(d *demo) {
			d.Facts = 1
			d.Locales[1].Definitions[0].Text = map[string]string{"intro": noise(3 * intentBudget)}
		}},
		{"en-AT/complaint-after.", afterBudget, func(d *demo) {
			d.Facts = 1
			d.Locales[1].Definitions[1].Problem = map[string]string{"x": noise(3 * afterBudget)}
		}},
		{"en-DE/complaint-after.", afterBudget, func(d *demo) { d.Shop.Trader.LegalName = noise(3 * afterBudget) }},
		{"en-DE/disputes.", noticeBudget, func(d *demo) { d.Notices["en-DE"] = noticeOf(noise(3 * noticeBudget)) }},
		{"en-DE/disputes.", noticeBudget, func(d *demo) {
			d.Notices["en-DE"] = Notice{[][]byte{[]byte("<p>"), []byte("</p>")}, []string{noise(3 * noticeBudget)}}
		}},
		{"recourse.js", tagBudget + localeBudget, func(d *demo) { d.Shop.Publish += noise(3 * tagBudget) }},
		{"recourse.js", tagBudget + localeBudget, func(d *demo) { d.Facts = 1; d.Locales[1].Labels.Withdraw = noise(3 * tagBudget) }},
	} {
		in, bundler := demoInput(t), demoInput(t).bundler()
		if _, err := bundler.Bundle(in.input()); err != nil {
			t.Fatal(err)
		}
		c.change(in)
		_, err := bundler.Bundle(in.input())
		for _, part := range []string{c.file, fmt.Sprint(c.budget), "budget.go"} {
			if err == nil || !strings.Contains(err.Error(), part) {
				t.Errorf("%s: error %v does not say %q", c.file, err, part)
			}
		}
	}
}

func TestNoLocale(t *testing.T) {
	in := demoInput(t)
	in.Shop.Markets = nil
	if _, err := in.bundler().Bundle(in.input()); err == nil || !strings.Contains(err.Error(), `"demo"`) {
		t.Errorf("error %v, want one that names the shop", err)
	}
}

func TestWithoutWasmTheServerChecks(t *testing.T) {
	in := demoInput(t)
	in.NoRules = true
	for name := range bundle(t, in) {
		if strings.Contains(name, "wasm") {
			t.Errorf("%s is in the bundle although no rules were given", name)
		}
	}
}

func TestSourcesAreEmbedded(t *testing.T) {
	for _, file := range []string{"loader.js", "forms.js", "entry.css", "widget.css"} {
		if _, err := fs.Stat(sources, file); err != nil {
			t.Error(err)
		}
	}
}

// The rules are the same for every shop, so no build weighs them.
func TestRulesBudget(t *testing.T) {
	wasm, err := Wasm()
	if err != nil || testing.Short() {
		t.Skip("the rules are not weighed: they are not built, or -short is set")
	}
	if err := (budget{most: rulesBudget(t)}).check("rules.wasm", wasm, func() int { return weigh(wasm, quick) }); err != nil {
		t.Error(err)
	}
}

// rulesBudget is larger for a Go whose runtime cannot be cut.
func rulesBudget(t *testing.T) int {
	t.Helper()
	dir := t.TempDir()
	if out, err := exec.Command("go", "run", "./overlay", dir).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	data, err := os.ReadFile(filepath.Join(dir, "overlay.json"))
	if err != nil {
		t.Fatal(err)
	}
	var overlay struct{ Replace map[string]string }
	if err := json.Unmarshal(data, &overlay); err != nil {
		t.Fatal(err)
	}
	if len(overlay.Replace) == 0 {
		return wasmUncutBudget
	}
	return wasmBudget
}

// What every shop costs, and what only the first does.
func BenchmarkBundle(b *testing.B) {
	in := demoInput(b)
	b.Run("first", func(b *testing.B) {
		for b.Loop() {
			bundle(b, in)
		}
	})
	b.Run("further", func(b *testing.B) {
		bundler, input := in.bundler(), in.input()
		for b.Loop() {
			if _, err := bundler.Bundle(input); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// Only a shop with domains pays for them.
func TestHomes(t *testing.T) {
	in := demoInput(t)
	plain := bundle(t, in)["recourse.js"]
	in.Shop.Domains = shop.Domains{"AT": "https://demo.example.at/recht/"}
	moved := bundle(t, in)["recourse.js"]
	if want := `"en-AT":"https://demo.example.at/recht/"`; !bytes.Contains(moved, []byte(want)) || bytes.Contains(moved, []byte(`"en-DE":"`)) {
		t.Errorf("the script does not know %s, or more than that:\n%s", want, moved)
	}
	if more := len(moved) - len(plain); more < 40 || more > 250 {
		t.Errorf("a domain adds %d bytes", more)
	}
}
