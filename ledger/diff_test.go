package ledger

import (
	"fmt"
	"strings"
	"testing"
)

var testWords = Words{
	Added: "added:", Removed: "removed:", Same: "The same words.",
	Unchanged: func(n int) string { return fmt.Sprintf("%d blocks <as> before", n) },
}

// The spoken words are left out of the cases for the eye's sake; TestDiffIsHeard looks at them.
func TestDiff(t *testing.T) {
	for _, c := range cases(t, "testdata/diff.txt") {
		before, after, ok := strings.Cut(c[0], "\n->\n")
		if !ok {
			t.Fatalf("a case without ->: %q", c[0])
		}
		got := string(Diff(Normal([]byte("Title"), []byte(before)), Normal([]byte("Title"), []byte(after)), testWords))
		got = strings.NewReplacer(`<span class="rc-hidden">added: </span>`, "", `<span class="rc-hidden">removed: </span>`, "").Replace(got)
		if got != c[1] {
			t.Errorf("%s\ngot\n%swant\n%s", c[0], got, c[1])
		}
	}
}

func TestDiffIsHeard(t *testing.T) {
	got := string(Diff([]byte("<p>in 14 days</p>"), []byte("<p>in 30 days</p>"), testWords))
	want := `<p>in <del><span class="rc-hidden">removed: </span>14</del> <ins><span class="rc-hidden">added: </span>30</ins> days</p>` + "\n"
	if got != want {
		t.Errorf("got %s want %s", got, want)
	}
}
