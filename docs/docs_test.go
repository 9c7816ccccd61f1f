// Package docs has no code: its test follows the links of the documents.
package docs

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#+ (.+)$`)
	dropped = regexp.MustCompile("[^a-z0-9 _-]")
)

func TestLinks(t *testing.T) {
	var files []string
	for _, pattern := range []string{"../*.md", "*.md", "platforms/*.md"} {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) == 0 {
			t.Fatalf("no document at %s: %v", pattern, err)
		}
		files = append(files, found...)
	}
	for _, file := range files {
		for _, m := range link.FindAllStringSubmatch(read(t, file), -1) {
			if !strings.Contains(m[1], "://") && !leads(t, file, m[1]) {
				t.Errorf("%s: the link %s leads nowhere", file, m[1])
			}
		}
	}
}

// leads reports whether there is a file, and in it the heading, that a link in a document names.
func leads(t *testing.T, from, link string) bool {
	path, anchor, _ := strings.Cut(link, "#")
	target := from
	if path != "" {
		target = filepath.Join(filepath.Dir(from), path)
	}
	if _, err := os.Stat(target); err != nil || anchor == "" {
		return err == nil
	}
	for _, m := range heading.FindAllStringSubmatch(read(t, target), -1) {
		if strings.ReplaceAll(dropped.ReplaceAllString(strings.ToLower(m[1]), ""), " ", "-") == anchor {
			return true
		}
	}
	return false
}

func read(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
