package sitegen

import (
	"bytes"
	"io/fs"
	"strings"
	"testing"

	"recourse/content"
)

// TestLean compares with the minifier on every text we publish.
func TestLean(t *testing.T) {
	texts, err := fs.Glob(content.FS, "*/*.md")
	if err != nil || len(texts) < 20 {
		t.Fatalf("%d texts, %v", len(texts), err)
	}
	for _, name := range texts {
		source, _ := fs.ReadFile(content.FS, name)
		_, body, _ := strings.Cut(string(source)[4:], "\n+++\n")
		html, _ := convert([]byte(body))
		want, err := minifyHTML(html)
		if err != nil {
			t.Fatal(err)
		}
		if got := lean(html); !bytes.Equal(bytes.TrimSpace(got), bytes.TrimSpace(want)) {
			i := 0
			for i < min(len(got), len(want)) && got[i] == want[i] {
				i++
			}
			t.Errorf("%s at %d: got %d bytes, want %d\n%q\n%q", name, i, len(got), len(want), got[max(0, i-30):min(len(got), i+50)], want[max(0, i-30):min(len(want), i+50)])
		}
	}
}
