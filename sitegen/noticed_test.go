package sitegen

import (
	"strings"
	"testing"

	"recourse/shop"
)

// Notices in parts say the same as whole ones, and their texts are those of every shop alike.
func TestNoticesInParts(t *testing.T) {
	text := map[string]string{"disputes": pageText("D", `{{.Shop.Name}} [c]({{url "complaints"}}) [w]({{.Shop.Website}})`)}
	cache := &Cache{}
	var before *byte
	for _, name := range []string{`A & <b>"B"</b>`, "C"} {
		s := testSite(t, text, func(s *shop.Shop) { s.Name = name })
		s.Cache, s.ContentID = cache, "texts"
		p, err := s.Print()
		if err != nil {
			t.Fatal(err)
		}
		parts, err := p.Notices()
		if err != nil {
			t.Fatal(err)
		}
		n := parts["en-CH"]
		var got strings.Builder
		for i, text := range n.Text {
			got.Write(text)
			if i < len(n.Words) {
				got.WriteString(n.Words[i])
			}
		}
		out, err := p.Output()
		if err != nil {
			t.Fatal(err)
		}
		if want := out.Notices["en-CH"]; got.String() != want || len(n.Words) < 3 {
			t.Errorf("%q with %d words, want %q", got.String(), len(n.Words), want)
		}
		if first := &n.Text[0][0]; before != nil && before != first {
			t.Error("shops alike have texts of their own")
		} else {
			before = first
		}
	}
}
