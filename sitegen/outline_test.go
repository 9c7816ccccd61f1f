package sitegen

import (
	"strings"
	"testing"
	"testing/fstest"

	"recourse/sitegen/pagetest"
)

// TestOutlineAsTemplated: the table of contents that is put together is the one the layout makes of all headings.
func TestOutlineAsTemplated(t *testing.T) {
	text := "+++\ntitle = \"T\"\ndescription = \"D\"\n+++\n" +
		"## Zurück & <b\n\nA\n\n## \u0417\u0432\u0456\u0434 *\u043f\u0440\u043e*\n\nB\n\n## {{.Shop.Name}} `x`\n\nC\n\n## Plain\n\nD\n\n## Plain\n\nE\n"
	put := oneShop(t, "returns", text)
	built := mustBuild(t, put).Files[hostilePage]
	copied := Looks()["layout/"+contentsLayout]
	own := oneShop(t, "returns", text)
	own.Content.(fstest.MapFS)["layout/"+contentsLayout] = &fstest.MapFile{Data: append(copied, "\n{{/* the shop's */}}"...)}
	templated := mustBuild(t, own).Files[hostilePage]
	if a, b := contentsOf(t, built), contentsOf(t, templated); a != b {
		t.Errorf("put together:\n%s\ntemplated:\n%s", a, b)
	}
	if err := pagetest.Page(hostilePage, built); err != nil {
		t.Error(err)
	}
}

func contentsOf(t *testing.T, page []byte) string {
	_, rest, found := strings.Cut(string(page), `<details class="rc-contents">`)
	if !found {
		t.Fatalf("no table of contents in %s", page)
	}
	contents, _, _ := strings.Cut(rest, "</details>")
	return contents
}
