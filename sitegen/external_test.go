package sitegen

import (
	"cmp"
	"slices"
	"testing"
)

// TestExternal: addresses elsewhere are found with their content file, also in molds that were kept from an earlier build.
func TestExternal(t *testing.T) {
	p, err := testSite(t, map[string]string{"returns": pageText("Returns", "[a](https://a.example/x) [b]({{.Shop.Website}}agb) [c](mailto:a@a.example) [d](../)")}).Print()
	if err != nil {
		t.Fatal(err)
	}
	kept, ok := unpack(p.molds.pack())
	if !ok {
		t.Fatal("molds cannot be kept")
	}
	for _, m := range []*molds{p.molds, kept} {
		list, err := new(Externals).Of(&Print{p.site, m, p.words})
		if err != nil {
			t.Fatal(err)
		}
		list = slices.DeleteFunc(list, func(e External) bool { return e.Page != "en/returns.md" })
		slices.SortFunc(list, func(a, b External) int { return cmp.Compare(a.Address, b.Address) })
		want := []External{
			{"https://a.example/x", "en/returns.md", false}, {"https://shop.example/", "en/returns.md", true}, {"https://shop.example/agb", "en/returns.md", true},
		}
		if !slices.Equal(list, want) {
			t.Errorf("got %v, want %v", list, want)
		}
	}
}
