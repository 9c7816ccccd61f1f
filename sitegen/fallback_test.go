package sitegen

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"recourse/content"
	"recourse/form"
	"recourse/form/markup"
	"recourse/law"
	"recourse/locale"
	"recourse/shop"
)

// falling is a shop in German and English whose German texts lack pages.
func falling(t *testing.T, lacking ...string) Site {
	t.Helper()
	own := fstest.MapFS{"en/shipping.md": {Data: []byte(pageText("Shipping to {{country .Locale.Country}}", "{{days 2}}. {{date .Day}}. [Complain]({{url \"complaints\"}})"))}}
	s := testSite(t, nil, func(s *shop.Shop) { s.Markets = shop.Markets{"DE": {"de", "en"}} })
	only := fstest.MapFS{}
	for _, tag := range []string{"de", "en"} {
		files, _ := fs.Glob(content.FS, tag+"/*")
		for _, name := range files {
			data, _ := fs.ReadFile(content.FS, name)
			only[name] = &fstest.MapFile{Data: data}
		}
	}
	s.Content = without{content.Overlay(own, only), lacking}
	languages, err := locale.Load(s.Content)
	if err != nil {
		t.Fatal(err)
	}
	s.Locales = languages
	s.Definitions = func(sh *shop.Shop, kind form.Kind, tag string) *markup.Definition {
		l, err := languages.Locale(tag)
		if err != nil {
			t.Fatal(err)
		}
		return markup.Define(kind, sh, l, law.Labels{})
	}
	return s
}

// A page that is not there in German is the English one, marked, below a sentence in German. Nothing of it is German.
func TestFallback(t *testing.T) {
	page := string(mustBuild(t, falling(t)).Files["de-DE/shipping/index.html"])
	for _, want := range []string{
		`<html lang="de-DE"`,
		`<h1><span lang="en" dir="ltr">Shipping to Germany</span></h1>`,
		`<p class="rc-note">Diese Seite gibt es noch nicht in dieser Sprache: Deutsch. Sie sehen sie in dieser Sprache: Englisch.</p><div lang="en" dir="ltr">`,
		`2 days. 20 November 2026. <a href="../complaints/">Complain</a>`,
		`<a href="../shipping/" aria-current="page"><span lang="en" dir="ltr">Shipping to Germany</span></a>`,
	} {
		if !strings.Contains(strings.ReplaceAll(page, "</p>\n", "</p>"), want) {
			t.Errorf("no %s in\n%s", want, page)
		}
	}
	if strings.Contains(page, `content="`+`<span`) || strings.Contains(page, "<title><span") {
		t.Error("a mark of language stands in an attribute or the title")
	}
}

// The form of such a page is in the language of the page.
func TestFallbackForm(t *testing.T) {
	page := string(mustBuild(t, falling(t, "de/complaints.md")).Files["de-DE/complaints/index.html"])
	if !strings.Contains(page, "Make a complaint") && !strings.Contains(page, "Full name") || strings.Contains(mainOf([]byte(page)), "Beschwerde") {
		t.Errorf("the page is mixed:\n%s", mainOf([]byte(page)))
	}
}

// So are the official words of the buttons that the text names.
func TestFallbackLabels(t *testing.T) {
	page := mainOf(mustBuild(t, falling(t, "de/withdrawal.md")).Files["de-DE/withdrawal/index.html"])
	if !strings.Contains(page, "<strong>Confirm withdrawal</strong>") || strings.Contains(page, "Widerruf bestätigen") {
		t.Errorf("the page is mixed:\n%s", page)
	}
}

// English falls back to nothing.
func TestNoFallback(t *testing.T) {
	_, err := falling(t, "en/returns.md").Build()
	if err == nil || !strings.Contains(err.Error(), "en/returns.md: the page cannot be read") {
		t.Error(err)
	}
}

// without is a content folder that lacks some files.
type without struct {
	fs.FS
	lacking []string
}

func (w without) Open(name string) (fs.File, error) {
	if slices.Contains(w.lacking, name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return w.FS.Open(name)
}
