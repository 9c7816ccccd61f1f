package audit

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReadAllow(t *testing.T) {
	const list = "# texts about the end of the platform\n\nblog/** # our report\n  news#1.html\nclosed.html #\n"
	got, err := ReadAllow("allow.txt", strings.NewReader(list))
	want := []Allow{{"blog/**", "our report", "allow.txt:3"}, {"news#1.html", "", "allow.txt:4"}, {"closed.html", "", "allow.txt:5"}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
	if _, err := ReadAllow("allow.txt", strings.NewReader("fine\n[a-")); err == nil || !strings.Contains(err.Error(), "allow.txt:2") {
		t.Errorf("a malformed pattern: %v", err)
	}
}

func TestUnusedAllow(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"news.html", "terms.html"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(deadLink), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	o := Options{Allow: []Allow{{Pattern: "news.html", Reason: "a report"}, {Pattern: "gone.html", Source: "allow.txt:2"}}}
	r, err := Run(context.Background(), nil, []string{dir, filepath.Join(dir, "terms.html")}, o)
	if err != nil || len(r.Findings) != 2 || len(r.Unused) != 1 || r.Unused[0].Pattern != "gone.html" {
		t.Fatalf("got %+v, %v", r, err)
	}
	if !strings.HasSuffix(r.Skipped[0].Reason, ": a report") {
		t.Errorf("the reason is missing: %+v", r.Skipped)
	}
	var text strings.Builder
	if err := r.WriteText(&text); err != nil || !strings.Contains(text.String(), `warning: nothing was allowed by "gone.html" (allow.txt:2)`) {
		t.Errorf("%v\n%s", err, text.String())
	}
	if _, err := Run(context.Background(), nil, []string{dir}, Options{Allow: []Allow{{Pattern: "["}}}); err == nil {
		t.Error("a malformed pattern was accepted")
	}
}

// A symbolic link leads nowhere, not even within the folder.
func TestSymbolicLinks(t *testing.T) {
	outside, dir := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(outside, "secret.html"), []byte(deadLink), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "a.html"), []byte("fine"), 0o644); err != nil {
		t.Fatal(err)
	}
	for link, target := range map[string]string{"folder": outside, "secret.html": filepath.Join(outside, "secret.html"), "round": dir} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Skip("no symbolic links here:", err)
		}
	}
	r, err := Run(context.Background(), nil, []string{dir}, Options{})
	if err != nil || len(r.Findings) != 0 || r.skipped(Foreign) != 3 || r.Read != 1 {
		t.Errorf("got %+v, %v", r, err)
	}
}
