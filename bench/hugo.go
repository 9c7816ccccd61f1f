package main

import (
	"embed"
	"encoding/json"
	"io/fs"
	"path"
	"path/filepath"
	"strings"

	"recourse/locale"
	"recourse/shop"
	"recourse/style"
)

// hugoFiles are a project that has the same head, header, navigation and footer as ours. It is Hugo at its best:
//
//   - one site with a folder for each locale: Hugo's own languages, which are a site each, take a quarter more CPU;
//   - what pages share is a cached partial: the list of languages, the navigation, the alternates, the footer;
//   - titles in the navigation are data and not looked up at other pages;
//   - nothing is made but pages, no section, list or feed, and Markdown without extensions except tables;
//   - more or fewer workers (HUGO_NUMWORKERMULTIPLIER) change nothing. GOGC=200 saves a tenth of the CPU for more memory; that
//     would be so for either program and is left alone.
//
//go:embed hugo
var hugoFiles embed.FS

// writeHugo makes what `hugo --source dir` reads: one folder for each shop, below it one for each locale.
func writeHugo(dir string, shops int) error {
	f, err := newFixture(filepath.Join(dir, "unused"), shops)
	if err != nil {
		return err
	}
	if err := f.hugoLayout(dir); err != nil {
		return err
	}
	for _, s := range f.shops {
		err := f.each(s, func(lang string, p page) error {
			file := strings.TrimSuffix(filepath.Join(dir, "content", s.ID, lang+"-"+country, p.name), "/index") // a page, not a section
			return writeFile(file+".md", p.markdown())
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (f *fixture) hugoLayout(dir string) error {
	layouts, err := fs.Sub(hugoFiles, "hugo")
	if err != nil {
		return err
	}
	copies := map[string]string{"hugo.toml": "hugo.toml", "page.html": "layouts/_default/single.html"}
	partials, err := fs.Glob(layouts, "partials/*")
	for _, file := range partials {
		copies[file] = "layouts/" + file
	}
	for from, to := range copies {
		data, err := fs.ReadFile(layouts, from)
		if err != nil {
			return err
		}
		if err := writeFile(filepath.Join(dir, to), string(data)); err != nil {
			return err
		}
	}
	if err := writeFile(filepath.Join(dir, "static/site.css"), string(style.CSS)); err != nil {
		return err
	}
	return f.hugoData(filepath.Join(dir, "data"))
}

type hugoShop struct {
	ID        string   `json:"id"`
	Name      string   `json:"name"`
	Website   string   `json:"website"`
	Publish   string   `json:"publish"`
	LegalName string   `json:"legal_name"`
	Address   []string `json:"address"`
	Email     string   `json:"email"`
	Phone     string   `json:"phone"`
	Dial      string   `json:"dial"`
	Register  string   `json:"register"`
}

type hugoLocale struct {
	Lang    string     `json:"lang"`
	Tag     string     `json:"tag"`
	Name    string     `json:"name"`
	Country string     `json:"country"`
	Pages   []hugoLink `json:"pages"`
	Rights  []hugoLink `json:"rights"`
}

type hugoLink struct {
	Nav  string `json:"nav"`
	Path string `json:"path"`
}

// hugoData is what layouts need beside pages.
func (f *fixture) hugoData(dir string) error {
	shops := map[string]hugoShop{}
	for _, s := range f.shops {
		shops[s.ID] = shopForHugo(s)
	}
	locales := map[string]hugoLocale{}
	for _, lang := range languages {
		l, err := f.languages.Locale(lang.tag + "-" + country)
		if err != nil {
			return err
		}
		locales[l.Tag()] = f.localeForHugo(l)
	}
	if err := writeJSON(filepath.Join(dir, "shops.json"), shops); err != nil {
		return err
	}
	return writeJSON(filepath.Join(dir, "locales.json"), locales)
}

func shopForHugo(s *shop.Shop) hugoShop {
	t := s.Trader
	return hugoShop{s.ID, s.Name, s.Website, s.Publish, t.LegalName, t.Address, t.Email, t.Phone, strings.ReplaceAll(t.Phone, " ", ""), t.Register}
}

func (f *fixture) localeForHugo(l locale.Locale) hugoLocale {
	h := hugoLocale{Lang: l.Language.Tag, Tag: l.Tag(), Country: l.Language.Country(country)}
	h.Name = h.Country + " (" + l.Language.Name + ")"
	for _, name := range pageNames {
		link := hugoLink{f.texts[path.Join(h.Lang, name)].nav, strings.TrimPrefix(name+"/", "index/")}
		h.Pages = append(h.Pages, link)
		if name == "withdrawal" || name == "complaints" {
			h.Rights = append(h.Rights, link)
		}
	}
	return h
}

func writeJSON(name string, value any) error {
	data, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return writeFile(name, string(data))
}
