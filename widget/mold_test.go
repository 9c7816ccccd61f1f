package widget

import (
	"bytes"
	"html/template"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"recourse/form"
	"recourse/form/markup"
	"recourse/law"
	"recourse/shop"
)

// hostile are words that mean something in JSON, HTML or our own texts, or that white space is lost from.
var hostile = []string{
	`A "quoted" \ name`, "</script><script>alert(1)</script>", "A & B &amp; C &lt; D", "line\u2028separator", "{trader} {contact} {email}", "%s %d \\u0041",
	"  spaced  out ", "no\u00a0break", "😀 ünïcode", `'"` + "`${x}", "zqw1w", "a\tb", "-->", "]]>", "\\",
}

// realInput has the forms of the product, made for whatever shop is asked for.
func realInput(t testing.TB, word string) *demo {
	in := demoInput(t)
	in.Shop.ID, in.Shop.Name, in.Shop.Trader.LegalName, in.Shop.Trader.Email = word, word, word, word+"@shop.example"
	in.Shop.Publish, in.Shop.Intake = "https://shop.example/"+word+"/", "https://intake.example/"+word+"/"
	in.Versions = map[string]string{"en-DE/withdrawal": word}
	return in
}

func (d *demo) realInput() Input {
	in := d.input()
	in.Locale = func(s *shop.Shop, tag string) (Locale, error) {
		l := d.Locales[slices.IndexFunc(d.Locales, func(l Locale) bool { return l.Locale.Tag() == tag })]
		l.Definitions = nil
		for _, kind := range form.Kinds() {
			l.Definitions = append(l.Definitions, markup.Define(kind, s, l.Locale, law.Labels{Withdraw: "W", Confirm: "C"}))
		}
		return l, nil
	}
	return in
}

// Forms are filled in as if they had been made for the shop.
func TestSEC11_FormsOfHostileShops(t *testing.T) {
	for _, word := range hostile {
		in := realInput(t, word)
		files, err := in.bundler().Bundle(in.realInput())
		if err != nil {
			t.Fatal(err)
		}
		l, _ := in.realInput().Locale(in.Shop, "en-DE")
		for _, d := range l.Definitions {
			d.Version = in.Versions["en-DE/"+pageName(d.Page)]
			w := formWords(l.Locale.Language, d.Form, in.Shop)
			after, _ := encodeBytes(newRest(d, w, l.Locale.Language, in.Shop))
			file := "en-DE/" + d.Form + "-after." + hash(after) + ".json"
			if !bytes.Equal(files[file], after) {
				t.Errorf("%q: %s is %s, want %s", word, file, files[file], after)
			}
			opening, _ := encodeBytes(newOpening(d, w, file))
			if file := "en-DE/" + d.Form + "." + hash(opening) + ".json"; !bytes.Equal(files[file], opening) {
				_, got := named(t, files, "en-DE/"+d.Form+".*.json")
				t.Errorf("%q: %s is %s, want %s", word, file, got, opening)
			}
		}
	}
}

// Notices are filled in as if they had been read with the words in them.
func TestSEC11_NoticesOfHostileShops(t *testing.T) {
	text := [][]byte{
		[]byte("<h1>Disputes of "), []byte("</h1>\n<p>We are "), []byte(". <em>"), []byte("</em> <a href=\"https://a.example/?q="), []byte("\">"),
		[]byte("</a></p><script>"), []byte("</script><ul><li> "), []byte("</li></ul>"),
	}
	for _, word := range hostile {
		in, whole := demoInput(t), demoInput(t)
		escaped := template.HTMLEscapeString(word)
		address := template.URLQueryEscaper(word)
		words := []string{escaped, escaped, escaped, address, escaped, "", escaped}
		n := Notice{text, words}
		in.Notices["en-DE"] = n
		whole.Notices["en-DE"] = noticeOf(string(n.html(func(i int) string { return words[i] })))
		if a, b := bundle(t, in), bundle(t, whole); !maps.EqualFunc(a, b, bytes.Equal) {
			_, got := named(t, a, "en-DE/disputes.*.json")
			_, want := named(t, b, "en-DE/disputes.*.json")
			t.Errorf("%q: %s, want %s", word, got, want)
		}
	}
}

// A link is looked at with the words in it.
func TestNoticeLinksOfShops(t *testing.T) {
	for word, ok := range map[string]bool{"https://a.example/": true, "mailto:a@a.example": true, "javascript:alert(1)": false, "data:text/html,x": false} {
		in := demoInput(t)
		in.Notices["en-DE"] = Notice{[][]byte{[]byte(`<p><a href="`), []byte(`">x</a></p>`)}, []string{word}}
		_, err := in.bundler().Bundle(in.input())
		if (err == nil) != ok || err != nil && !strings.Contains(err.Error(), word) {
			t.Errorf("link to %q: error %v", word, err)
		}
	}
}

// A shop's widget is the same, whether others were made before or not.
func TestShopsDoNotMeet(t *testing.T) {
	shared := demoInput(t).bundler()
	for range 2 {
		for i, word := range hostile {
			in := realInput(t, word)
			in.Shop.Returns.Days = 14 * (i % 2)
			if i%3 == 0 {
				in.Versions = nil
			}
			in.Notices["en-AT"] = Notice{[][]byte{[]byte("<p>"), []byte("</p>")}, []string{template.HTMLEscapeString(word)}}
			among, err := shared.Bundle(in.realInput())
			if err != nil {
				t.Fatal(err)
			}
			alone, err := in.bundler().Bundle(in.realInput())
			if err != nil || !maps.EqualFunc(alone, among, bytes.Equal) {
				t.Errorf("%q: among others the files are %v, alone %v; %v", word, slices.Sorted(maps.Keys(among)), slices.Sorted(maps.Keys(alone)), err)
			}
		}
	}
}

func TestNoMarkIsLeft(t *testing.T) {
	in := realInput(t, "A shop")
	files, err := in.bundler().Bundle(in.realInput())
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range files {
		if bytes.Contains(data, []byte(markStart)) {
			t.Errorf("%s has a mark: %s", name, data)
		}
	}
}

// What was built into the program is what it would make itself.
func TestPrebuilt(t *testing.T) {
	wasm, err := Wasm()
	a := builtAssets()
	if err != nil || a == nil {
		t.Skip("the assets are not built; run make build")
	}
	host, err := os.ReadFile("../wasm_exec.js")
	if err != nil {
		t.Fatal(err)
	}
	if a.Made != sumSources(wasm, host) {
		t.Skip("the assets were built of other sources; run make build")
	}
	data, err := Prebuild(wasm, host)
	if err != nil {
		t.Fatal(err)
	}
	if have, _ := built.ReadFile("built/assets.json"); !bytes.Equal(have, data) {
		t.Error("widget/built/assets.json is not what Prebuild makes")
	}
}
