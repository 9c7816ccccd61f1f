package sitegen

import (
	"strings"
	"testing"
	"text/template/parse"

	"recourse/shop"
)

// TestComputes: what prints words reads the same for a stand-in, what works with them does not.
func TestComputes(t *testing.T) {
	for source, want := range map[string]bool{
		`{{.Shop.Name}} {{with .Shop.Trader.Phone}}{{tel .}}{{end}}`:                                false,
		`{{lines .Shop.Trader.Address}}{{text "site.home" "shop" .Shop.Name}}`:                      false,
		`{{if and .Shop.Intake (not .Shop.Returns.Address)}}x{{end}}`:                               false,
		`{{range .Shop.Disputes.Bodies}}{{if eq .Country "DE"}}{{.Name}}{{end}}{{end}}`:             false,
		`{{$s := .Shop.Disputes.Participation}}{{if eq $s "no"}}{{days .Shop.Returns.Days}}{{end}}`: false,
		`{{range .Shop.Returns.Excluded}}{{text (print "x." .)}}{{end}}`:                            false,
		`{{if eq .Shop.Name "x"}}y{{end}}`:                                                          true,
		`{{with .Shop.Trader.Email}}{{if eq . "x"}}y{{end}}{{end}}`:                                 true,
		`{{$n := .Shop.Name}}{{if eq $n "x"}}y{{end}}`:                                              true,
		`{{$n := "x"}}{{if true}}{{$n = .Shop.Name}}{{end}}{{len $n}}`:                              true,
		`{{range .Shop.Disputes.Bodies}}{{if eq .Name "x"}}{{end}}{{end}}`:                          true,
		`{{range $i, $b := .Shop.Disputes.Bodies}}{{printf "%q" $b.Name}}{{end}}`:                   true,
		`{{.Shop.Name | printf "%.3s"}}`:                                                            true,
		`{{with .Shop}}{{slice .Name 0 1}}{{end}}`:                                                  true,
		`{{print (or .Shop.Trader.Phone "none")}}`:                                                  true,
		`{{printf "%v" .}}`: true,
	} {
		trees, err := parse.Parse("x", source, "", "", (*page)(nil).stubs(), map[string]any{"eq": 1, "and": 1, "not": 1, "or": 1, "len": 1, "print": 1, "printf": 1, "slice": 1})
		if err != nil {
			t.Fatal(err)
		}
		if got := computes(trees["x"]); got != want {
			t.Errorf("%s: %v, want %v", source, got, want)
		}
	}
}

func (*page) stubs() map[string]any {
	stubs := map[string]any{}
	for name := range new(page).functions() {
		stubs[name] = 1
	}
	return stubs
}

// TestOwnWords: a text that computes with words is built with the shop's own.
func TestOwnWords(t *testing.T) {
	text := `{{if eq .Shop.Trader.Email "service@shop.example"}}same{{else}}other{{end}} {{len .Shop.Trader.Register}}`
	out := mustBuild(t, testSite(t, map[string]string{"guarantee": pageText("G", text)}, func(s *shop.Shop) { s.Trader.Register = "HRB 12" }))
	if got := mainOf(out.Files["en-DE/guarantee/index.html"]); got != "<p>same 6</p>" {
		t.Errorf("the page says %s", got)
	}
}

// TestWordsEverywhere fills hostile words into every place a layout may give them.
func TestWordsEverywhere(t *testing.T) {
	w := &words{marks: map[string]string{}}
	word := `a"b'c<d>&e</script>`
	m := w.standIn(word)
	page := `<p title="` + m + `">` + m + `</p><a href="/?q=` + m + `">x</a><script type="application/ld+json">{"name":"` + m + `"}</script>`
	got, err := newFiller(w).fill(newMold("x.html", []byte(page)))
	if err != nil {
		t.Fatal(err)
	}
	want := `<p title="a&#34;b&#39;c&lt;d&gt;&amp;e&lt;/script&gt;">a&#34;b&#39;c&lt;d&gt;&amp;e&lt;/script&gt;</p>` +
		`<a href="/?q=a%22b%27c%3cd%3e%26e%3c%2fscript%3e">x</a>` +
		`<script type="application/ld+json">{"name":"a\"b\u0027c\u003cd\u003e\u0026e\u003c/script\u003e"}</script>`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for _, code := range []string{`<p onclick="x('` + m + `')">`, `<p style="color:` + m + `">`} {
		if _, err := newFiller(w).fill(newMold("x.html", []byte(code))); err == nil || !strings.Contains(err.Error(), "code or style") {
			t.Errorf("%s: %v", code, err)
		}
	}
}

// Who hears of a shop's cases is no matter of its pages: shops share them all the same, and no page can show it.
func TestStandInHasNoWebhooks(t *testing.T) {
	plain := testSite(t, nil).Shop
	with := *plain
	with.Webhooks = []shop.Webhook{{URL: "https://shop.example/hooks", Secrets: "env:SECRETS"}}
	one, _ := standInFor(plain)
	other, _ := standInFor(&with)
	if kindOf(one) != kindOf(other) {
		t.Error("a webhook makes shops differ")
	}
}
