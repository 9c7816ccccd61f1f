package ledger

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// cases reads testdata: input, "---", expected output; "===" between cases.
func cases(t testing.TB, file string) (all [][2]string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range strings.Split(string(data), "\n===\n") {
		in, out, ok := strings.Cut(c, "\n---\n")
		if !ok {
			t.Fatalf("%s: a case without ---: %q", file, c)
		}
		all = append(all, [2]string{in, strings.TrimSuffix(out, "\n") + "\n"})
	}
	return all
}

func TestNormal(t *testing.T) {
	for _, c := range cases(t, "testdata/normal.txt") {
		want := "<h1>A title</h1>\n" + strings.TrimPrefix(c[1], "\n")
		got := string(Normal([]byte(" A <b>title</b>\n"), []byte(c[0])))
		if got != want {
			t.Errorf("%s\ngot\n%swant\n%s", c[0], got, want)
		}
		if again := string(Again([]byte(got), nil)); again != got {
			t.Errorf("%s\nonce  %q\ntwice %q", c[0], got, again)
		}
	}
}

func TestAgainChangesLinks(t *testing.T) {
	link := func(target string) string {
		if target == "../gone/" {
			return ""
		}
		return "../../" + target
	}
	got := string(Again([]byte(`<p><a href="../returns/">A</a> <a href="../gone/">B</a> <a href="javascript:x">C</a></p>`), link))
	if want := `<p><a href="../../../returns/">A</a> B C</p>` + "\n"; got != want {
		t.Errorf("got %s want %s", got, want)
	}
}

func TestPlain(t *testing.T) {
	text := Normal([]byte("Returns &amp; refunds"), []byte(`<p>You have <strong>14</strong> days; <a href="../withdrawal/">how</a>.</p><h2>Costs</h2><ul><li>Yours</li><li>Ours</li></ul><p>End</p>`))
	want := `Returns & refunds
=================

You have 14 days; how. <../withdrawal/>

Costs
-----

- Yours
- Ours

End
`
	if got := string(Plain(text)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := title(text); got != "Returns & refunds" {
		t.Errorf("title %q", got)
	}
}

// FuzzNormal: whatever comes in, only the elements and attributes of a text come out.
func FuzzNormal(f *testing.F) {
	for _, c := range cases(f, "testdata/normal.txt") {
		f.Add(c[0])
	}
	f.Fuzz(func(t *testing.T, source string) {
		once := Normal([]byte("Title"), []byte(source))
		checkSafe(t, once, []string{"href", "start"})
		checkSafe(t, Again([]byte(source), nil), []string{"href", "start"})
		checkSafe(t, Diff(once, Normal([]byte("Title"), []byte(strings.ToUpper(source))), testWords), []string{"class"})
	})
}

func checkSafe(t *testing.T, page []byte, attributes []string) {
	t.Helper()
	z := html.NewTokenizer(bytes.NewReader(page))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return
		case html.CommentToken, html.DoctypeToken:
			t.Fatalf("%q holds %q", page, z.Token())
		case html.StartTagToken, html.SelfClosingTagToken:
			token := z.Token()
			known := slices.Concat(containers, blocks, inlines)
			if !slices.Contains(known, token.DataAtom) && !slices.Contains([]string{"br", "hr", "ins", "del", "span"}, token.Data) {
				t.Fatalf("%q holds the element %s", page, token.Data)
			}
			for _, a := range token.Attr {
				if !slices.Contains(attributes, a.Key) || a.Key == "href" && !harmless(a.Val) {
					t.Fatalf("%q holds the attribute %v", page, a)
				}
			}
		}
	}
}
