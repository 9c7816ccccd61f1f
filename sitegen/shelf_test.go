package sitegen

import (
	"bytes"
	"maps"
	"slices"
	"testing"

	"recourse/shop"
)

type memoryShelf map[string][]byte

func (m memoryShelf) Load(name string) []byte       { return m[name] }
func (m memoryShelf) Save(name string, data []byte) { m[name] = data }

// TestShelf: a shop filled into molds of an earlier run, without texts, law or languages, is the shop built anew; another kind
// of shop, another day and other texts find nothing there.
func TestShelf(t *testing.T) {
	shelf := memoryShelf{}
	onShelf := func(change func(s *shop.Shop)) Site {
		s := testSite(t, nil, change)
		s.Cache, s.Shelf, s.ContentID, s.ContentSum = &Cache{}, shelf, "shared", "1"
		return s
	}
	first := onShelf(unchanged)
	mustBuild(t, first)
	first.Cache.Saved()
	if len(shelf) != 1 {
		t.Fatalf("%d things on the shelf after a build, want 1", len(shelf))
	}
	renamed := func(s *shop.Shop) { s.Name, s.Trader.LegalName = `Other "<& Shop`, "Ünlü & Söhne" }
	s := onShelf(renamed)
	s.Content, s.Law, s.Locales = nil, nil, nil
	known := s.Known()
	if known == nil {
		t.Fatal("a shop that differs in words is not known")
	}
	got, err := known.Output()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.wrongly(t).Output(); err == nil {
		t.Error("a word that is no address is taken for one")
	}
	want := mustBuild(t, testSite(t, nil, renamed))
	if !maps.EqualFunc(got.Files, want.Files, bytes.Equal) || !maps.Equal(got.Notices, want.Notices) {
		t.Errorf("from the shelf come %v, a fresh build makes %v, and not all are alike", slices.Sorted(maps.Keys(got.Files)), slices.Sorted(maps.Keys(want.Files)))
	}
	for name, other := range map[string]Site{
		"another kind":  onShelf(func(s *shop.Shop) { s.Returns.Days = 77 }),
		"another day":   func() Site { s := onShelf(unchanged); s.AsOf++; return s }(),
		"other texts":   func() Site { s := onShelf(unchanged); s.ContentSum = "2"; return s }(),
		"no overview":   func() Site { s := onShelf(unchanged); s.NoOverview = !s.NoOverview; return s }(),
		"without notes": func() Site { s := onShelf(unchanged); s.Bare = !s.Bare; return s }(),
	} {
		if other.Known() != nil {
			t.Errorf("%s: found on the shelf", name)
		}
	}
}

// wrongly is the print of a site with a website that is none.
func (s Site) wrongly(t *testing.T) *Print {
	other := *s.Shop
	other.Website, s.Shop = "https://exa mple/%zz\x00javascript:", &other
	known := s.Known()
	if known == nil {
		t.Fatal("a shop with another website is not known")
	}
	known.words.list = slices.Clone(known.words.list)
	for i, word := range known.words.list {
		if word == other.Website {
			known.words.list[i] = "javascript:alert(1)"
		}
	}
	return known
}

func unchanged(*shop.Shop) {}

// TestShelfDamaged: what is not as it was saved is made anew.
func TestShelfDamaged(t *testing.T) {
	shelf := memoryShelf{}
	site := testSite(t, nil)
	site.Cache, site.Shelf, site.ContentID, site.ContentSum = &Cache{}, shelf, "shared", "1"
	want := mustBuild(t, site)
	site.Cache.Saved()
	for name, data := range shelf {
		for _, at := range []int{0, 40, len(data) / 2, len(data) - 1} {
			shelf[name] = bytes.Clone(data)
			shelf[name][at] ^= 1
			site.Cache = &Cache{Kinds: at % 2} // alone, and among others
			if site.Known() != nil {
				t.Errorf("with octet %d changed it is taken for whole", at)
			}
			got := mustBuild(t, site)
			site.Cache.Saved()
			if !maps.EqualFunc(got.Files, want.Files, bytes.Equal) {
				t.Errorf("with octet %d changed another site is built", at)
			}
		}
	}
}

// TestShelfComputed: texts that compute with words of the shop have no molds that others could use.
func TestShelfComputed(t *testing.T) {
	site := testSite(t, map[string]string{"guarantee": pageText("Guarantee", `{{if eq .Shop.Name "Bernstein"}}One{{else}}Two{{end}}`)})
	shelf := memoryShelf{}
	site.Cache, site.Shelf, site.ContentID, site.ContentSum = &Cache{}, shelf, "shared", "1"
	mustBuild(t, site)
	site.Cache.Saved()
	if len(shelf) > 0 {
		t.Errorf("%d things on the shelf", len(shelf))
	}
}
