package intake

import (
	"testing"

	"recourse/law"
	"recourse/shop"
)

func TestBodies(t *testing.T) {
	always := law.Facts{Country: "CZ", Dispute: law.Dispute{Always: true, Residual: []law.Body{{Name: "residual"}}}}
	voluntary := law.Facts{Country: "DE", Dispute: law.Dispute{Residual: []law.Body{{Name: "residual"}}}}
	named := []shop.Body{{Name: "everywhere"}, {Name: "Czech", Country: "CZ"}, {Name: "German", Country: "DE"}}
	for _, c := range []struct {
		why   string
		named []shop.Body
		facts law.Facts
		want  []string
	}{
		{"the trader's own come first", named, always, []string{"everywhere", "Czech"}},
		{"of other countries none", []shop.Body{{Name: "German", Country: "DE"}}, always, []string{"residual"}},
		{"the law's where every trader must name one", nil, always, []string{"residual"}},
		{"nobody's where the trader need not", nil, voluntary, nil},
	} {
		got := bodies(c.named, c.facts)
		if len(got) != len(c.want) {
			t.Fatalf("%s: %v, want %v", c.why, got, c.want)
		}
		for i := range got {
			if got[i].Name != c.want[i] {
				t.Errorf("%s: %v, want %v", c.why, got, c.want)
			}
		}
	}
}
