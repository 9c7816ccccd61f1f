package shop_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"recourse/content"
	"recourse/day"
	"recourse/form"
	"recourse/form/markup"
	"recourse/law"
	"recourse/locale"
	"recourse/shop"
	"recourse/sitegen"
	"recourse/sitegen/pagetest"
)

const factsFile = "../sitegen/testdata/facts.txt"

// FuzzShop: every mistake of a shop file has a line, and the pages of a shop that is accepted are harmless.
func FuzzShop(f *testing.F) {
	demo, err := os.ReadFile("../examples/bernstein/shop.toml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(demo)
	f.Add(shop.Template("my-shop", "My shop"))
	facts, err := os.ReadFile(factsFile)
	if err != nil {
		f.Fatal(err)
	}
	for line := range strings.Lines(string(facts)) {
		if value := strings.TrimSpace(line); strings.HasPrefix(value, `"`) {
			f.Add(bytes.Replace(demo, []byte(`"Bernsteinladen"`), []byte(value), 1))
			f.Add(bytes.Replace(demo, []byte(`"http://localhost:8080/"`), []byte(value), 1))
			f.Add(bytes.ReplaceAll(demo, []byte(`"http://localhost:8080/legal/"`), []byte(value)))
		}
	}
	builder := newBuilder(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := shop.Parse("shop.toml", data)
		if err != nil {
			refused(t, err)
			return
		}
		s.Markets = shop.Markets{"DE": {"en"}}
		builder.build(t, s)
	})
}

func refused(t *testing.T, err error) {
	for _, e := range err.(interface{ Unwrap() []error }).Unwrap() {
		if mistake := e.(*shop.Error); mistake.Line < 1 || mistake.Column < 1 || mistake.Problem == "" || strings.ContainsAny(e.Error(), "\r\n") {
			t.Errorf("a mistake without a place, or on several lines: %q", e)
		}
	}
}

// builder makes the English pages of shops in Germany.
type builder struct {
	book      *law.Book
	languages *locale.Catalog
	cache     sitegen.Cache
}

func newBuilder(t testing.TB) *builder {
	book, err := law.Load()
	if err != nil {
		t.Fatal(err)
	}
	languages, err := locale.Load(content.FS)
	if err != nil {
		t.Fatal(err)
	}
	return &builder{book: book, languages: languages}
}

func (b *builder) build(t *testing.T, s *shop.Shop) {
	on := day.Of(2026, 11, 20)
	site := sitegen.Site{Shop: s, Law: b.book, Locales: b.languages, Content: content.FS, ContentID: "content", AsOf: on, Cache: &b.cache}
	site.Definitions = func(s *shop.Shop, kind form.Kind, tag string) *markup.Definition {
		l, err := b.languages.Locale(tag)
		if err != nil {
			t.Fatal(err)
		}
		labels, _ := b.book.Labels(l.Language.Tag, l.Country, on)
		return markup.Define(kind, s, l, labels)
	}
	out, err := site.Build()
	if err != nil {
		t.Fatalf("a shop that was accepted has no pages: %v", err)
	}
	for name, file := range out.Files {
		if strings.HasPrefix(name, "assets/") {
			continue
		}
		if err := pagetest.Page(name, file); err != nil {
			t.Error(err)
		}
	}
	if words := pagetest.Words(out.Files["en-DE/index.html"]); !strings.Contains(words, strings.Join(strings.Fields(s.Trader.LegalName), " ")) {
		t.Errorf("the page does not name %q", s.Trader.LegalName)
	}
}
