package main

import (
	"fmt"
	"os"
	"path/filepath"

	"recourse/content"
	"recourse/locale"
	"recourse/shop"
)

const (
	modeOwn    = "own"    // every page of every shop is a Markdown file of its own
	modeShared = "shared" // all shops name the same texts
	modeHugo   = "hugo"   // a project of Hugo with the pages of modeOwn
)

const country = "DE" // of which all 24 official labels of the withdrawal function are known

// fixture is shops that sell to one country in 24 languages, with six pages in each.
type fixture struct {
	shops     []*shop.Shop
	files     []string        // the shops' files, by shop
	texts     map[string]page // "bg/returns"
	languages *locale.Catalog
}

func pagesOf(shops int) int { return shops * len(languages) * len(pageNames) }

// newFixture invents shops and texts. What languages need beside pages is written to dir/strings.
func newFixture(dir string, shops int) (*fixture, error) {
	f := &fixture{texts: map[string]page{}}
	for _, lang := range languages {
		for i, name := range pageNames {
			f.texts[lang.tag+"/"+name] = writePage(newSpeaker(lang, uint64(i)), name)
		}
	}
	strings := filepath.Join(dir, "strings")
	if err := writeStrings(strings); err != nil {
		return nil, err
	}
	for i := range shops {
		id := shopID(i)
		s, err := shop.Parse(id, []byte(shopFile(id, "")))
		if err != nil {
			return nil, err
		}
		f.shops, f.files = append(f.shops, s), append(f.files, filepath.Join(dir, id+".toml"))
	}
	var err error
	f.languages, err = locale.Load(content.Overlay(os.DirFS(strings), content.FS))
	return f, err
}

func shopID(i int) string { return fmt.Sprintf("shop-%03d", i+1) }

// writeRecourse makes what `recourse build dir/*.toml --content dir/strings` reads.
func writeRecourse(dir string, shops int, mode string) error {
	f, err := newFixture(dir, shops)
	if err != nil {
		return err
	}
	if mode == modeShared {
		if err := f.shared(filepath.Join(dir, "texts")); err != nil {
			return err
		}
	}
	for i, s := range f.shops {
		folder := "texts"
		if mode == modeOwn {
			folder = s.ID
			if err := f.own(dir, s); err != nil {
				return err
			}
		}
		if err := os.WriteFile(f.files[i], []byte(shopFile(s.ID, folder)), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// shared writes the texts with their actions.
func (f *fixture) shared(dir string) error {
	for _, lang := range languages {
		for _, name := range pageNames {
			if err := writeFile(filepath.Join(dir, lang.tag, name+".md"), f.texts[lang.tag+"/"+name].markdown()); err != nil {
				return err
			}
		}
	}
	return nil
}

// own writes the texts of one shop, filled in.
func (f *fixture) own(dir string, s *shop.Shop) error {
	return f.each(s, func(lang string, p page) error {
		return writeFile(filepath.Join(dir, s.ID, lang, p.name+".md"), p.markdown())
	})
}

// each gives the filled in pages of a shop.
func (f *fixture) each(s *shop.Shop, do func(lang string, p page) error) error {
	for _, lang := range languages {
		l, err := f.languages.Locale(lang.tag + "-" + country)
		if err != nil {
			return err
		}
		for _, name := range pageNames {
			p, err := f.texts[lang.tag+"/"+name].filled(s, l)
			if err != nil {
				return err
			}
			if err := do(lang.tag, p); err != nil {
				return err
			}
		}
	}
	return nil
}

func writeFile(name, data string) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	return os.WriteFile(name, []byte(data), 0o644)
}

// shopFile is a shop as they are: it sells things, takes them back and receives declarations.
func shopFile(id, texts string) string {
	file := fmt.Sprintf(`id = "%[1]s"
name = "Kaufladen %[1]s"
website = "https://%[1]s.example/"
publish = "https://%[1]s.example/legal/"
intake = "https://%[1]s.example/legal/"
`, id)
	if texts != "" {
		file += fmt.Sprintf("content = %q\n", texts)
	}
	return file + fmt.Sprintf(`
[trader]
legal_name = "Handels GmbH %[1]s"
address = ["Hafenstraße 12", "18055 Rostock"]
country = "DE"
email = "service@%[1]s.example"
phone = "+49 381 5550100"
register = "HRB 0000 Rostock"
staff = 14

[markets]
%[2]s = [%[3]s]

[returns]
days = 30
cost = "consumer"
excluded = ["sealed-hygiene", "custom-made"]

[complaints]
answer_days = 14

[disputes]
participation = "no"

[privacy]
retention_months = 36
`, id, country, quotedTags())
}
