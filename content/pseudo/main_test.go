package main

import (
	"os"
	"strings"
	"testing"

	"recourse/content"
	"recourse/locale"
)

// The languages load as any other: every key, every placeholder, every plural.
func TestWrite(t *testing.T) {
	dir := t.TempDir()
	if err := write(dir); err != nil {
		t.Fatal(err)
	}
	all, err := locale.Load(content.Overlay(os.DirFS(dir), content.FS))
	if err != nil {
		t.Fatal(err)
	}
	for tag, want := range map[string]struct{ dir, text string }{
		"qps": {"ltr", "Çôôñţîîñûûéé"},
		"qpr": {"rtl", "קונתינוע"},
	} {
		l, ok := all.Language(tag)
		if !ok || l.Dir != want.dir || l.Text("form.common.continue") != want.text {
			t.Fatalf("%s: %v %q %q, want %q", tag, ok, l.Dir, l.Text("form.common.continue"), want.text)
		}
	}
}

func TestSpell(t *testing.T) {
	in := "**Write** to {{with .Shop.Trader.Phone}}[{{.}}]({{tel .}}){{end}} by {date}"
	if got, want := scripts[0].spell(in), "**Ŵřîîţéé** ţôô {{with .Shop.Trader.Phone}}[{{.}}]({{tel .}}){{end}} ƀÿ {date}"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// Nobody publishes them by mistake.
func TestNotBuiltIn(t *testing.T) {
	all, err := locale.Load(content.FS)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range scripts {
		if strings.Contains(strings.Join(all.Languages(), " "), s.tag) {
			t.Errorf("%s is built in", s.tag)
		}
	}
}
