package sitegen

import (
	"bytes"
	"image"
	"image/png"
	"maps"
	"strings"
	"testing"
	"testing/fstest"

	"recourse/content"
	"recourse/day"
	"recourse/shop"
)

const drawing = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 210 297"><path d="M0 0h9"/></svg>`

// withNotices lays official notices into the project of a shop.
func withNotices(t *testing.T, files map[string]string, markets shop.Markets) Site {
	t.Helper()
	s := testSite(t, map[string]string{
		"index":     pageText("Home", "A\n\n{{notice \"ro-anpc-sal-pictogram\"}}"),
		"guarantee": pageText("Guarantee", "{{notice \"harmonised\"}}\n\n{{notice \"fr-encadre-d211-2\"}}\n\nText"),
	}, func(s *shop.Shop) {
		s.Markets = markets
		s.Disputes.Bodies = []shop.Body{{Name: "Médiateur", Address: []string{"Paris"}, URL: "https://mediateur.example", Country: "FR"}}
	})
	own := fstest.MapFS{}
	for name, text := range files {
		own[name] = &fstest.MapFile{Data: []byte(text)}
	}
	s.Content = content.Overlay(own, s.Content)
	return s
}

// A picture is shown as it is, on the day and in the countries of its duty.
func TestOfficialNotice(t *testing.T) {
	s := withNotices(t, map[string]string{"en/notices/harmonised.svg": drawing}, shop.Markets{"DE": {"en"}, "CH": {"en"}})
	out := mustBuild(t, s)
	var file string
	for name := range maps.Keys(out.Files) {
		if strings.HasPrefix(name, "assets/harmonised-en.") {
			file = name
		}
	}
	if string(out.Files[file]) != drawing {
		t.Fatalf("%q holds %q", file, out.Files[file])
	}
	want := `<figure class="rc-official"><img src="../../` + file + `" alt="EU notice: your legal guarantee of conformity. The text of this page explains it." width="210" height="297">`
	if page := out.Files["en-DE/guarantee/index.html"]; !bytes.Contains(page, []byte(want)) {
		t.Errorf("the page has no %s:\n%s", want, mainOf(page))
	}
	if page := out.Files["en-CH/guarantee/index.html"]; bytes.Contains(page, []byte("<img")) {
		t.Error("Switzerland has the notice of the EU")
	}
	s.AsOf = day.Of(2026, 9, 26)
	if page := mustBuild(t, s).Files["en-DE/guarantee/index.html"]; bytes.Contains(page, []byte("<img")) {
		t.Error("the notice is there a day too early")
	}
}

func TestOfficialText(t *testing.T) {
	s := withNotices(t, map[string]string{"en/notices/fr-encadre-d211-2.txt": "Un <b>\r\ndeux\r\n\r\n\r\nTrois\n"}, shop.Markets{"FR": {"en"}, "DE": {"en"}})
	out := mustBuild(t, s)
	want := `<section class="rc-official"><h2>Legal guarantee of conformity: the text set by law</h2><p>Un &lt;b> deux<p>Trois</section>`
	got := strings.ReplaceAll(mainOf(out.Files["en-FR/guarantee/index.html"]), "&lt;b&gt;", "&lt;b>")
	if got = strings.ReplaceAll(strings.ReplaceAll(got, "</p>", ""), "\n", " "); !strings.Contains(got, want) {
		t.Errorf("got %s\nwant %s", got, want)
	}
	if bytes.Contains(out.Files["en-DE/guarantee/index.html"], []byte("rc-official")) {
		t.Error("Germany has the text of French law")
	}
}

// The pictogram of Romania leads where its law says.
func TestOfficialLink(t *testing.T) {
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 250, 50))); err != nil {
		t.Fatal(err)
	}
	s := withNotices(t, map[string]string{"en/notices/ro-anpc-sal-pictogram.png": picture.String()}, shop.Markets{"RO": {"en"}})
	page := string(mustBuild(t, s).Files["en-RO/index.html"])
	for _, want := range []string{`<a href="https://anpc.ro/ce-este-sal/"`, `src="../assets/ro-anpc-sal-pictogram-en.`, `width="250" height="50"`} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s in %s", want, mainOf([]byte(page)))
		}
	}
}

func TestOfficialNoticeMistakes(t *testing.T) {
	for file, want := range map[string]string{
		"en/notices/harmonised.pdf": "cannot be shown from such a file; take the one the authority offers as .svg, .png, .jpg, .txt",
		"en/notices/Harmonised.svg": "no official notice has this name",
		"en/notices/harmonised.png": "this is no picture of the kind its name says",
		"en/notices/harmonised.svg": "this is no picture of the kind its name says",
	} {
		_, err := withNotices(t, map[string]string{file: "<html></html>"}, shop.Markets{"DE": {"en"}}).Build()
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), file) {
			t.Errorf("%s: %v, want %q", file, err, want)
		}
	}
	two := map[string]string{"en/notices/harmonised.svg": drawing, "en/notices/harmonised.txt": "text"}
	if _, err := withNotices(t, two, shop.Markets{"DE": {"en"}}).Build(); err == nil || !strings.Contains(err.Error(), "in two files") {
		t.Error(err)
	}
}

// What lies in a notice is no mistake of the words around it: a build with a cache sees a new file.
func TestOfficialNoticeChanges(t *testing.T) {
	files := map[string]string{"en/notices/harmonised.svg": drawing}
	s := withNotices(t, files, shop.Markets{"DE": {"en"}})
	s.Cache, s.ContentID = &Cache{}, "own"
	before := mustBuild(t, s).Files["en-DE/guarantee/index.html"]
	files["en/notices/harmonised.svg"] = strings.Replace(drawing, "297", "300", 1)
	s.Content = withNotices(t, files, shop.Markets{"DE": {"en"}}).Content
	s.Cache.Forget()
	if after := mustBuild(t, s).Files["en-DE/guarantee/index.html"]; bytes.Equal(before, after) {
		t.Error("the old notice is still shown")
	}
}
