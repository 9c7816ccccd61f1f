package docs

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"recourse/content"
	"recourse/day"
	"recourse/law"
	"recourse/locale"
	"recourse/review"
)

// TestLanguages holds the table of docs/languages.md together with what the content files say of themselves. With
// RECOURSE_WRITE=1 it writes the table anew.
func TestLanguages(t *testing.T) {
	const begin, end = "<!-- table -->\n", "<!-- end -->\n"
	doc, err := os.ReadFile("languages.md")
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(doc), begin)
	table, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatal("languages.md has no place for the table")
	}
	want := languageTable(t)
	if table == want {
		return
	}
	if os.Getenv("RECOURSE_WRITE") != "" {
		if err := os.WriteFile("languages.md", []byte(before+begin+want+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Errorf("the table is not that of the content; run RECOURSE_WRITE=1 go test ./docs -run TestLanguages. It would be:\n%s", want)
}

func languageTable(t *testing.T) string {
	t.Helper()
	languages, err := locale.Load(content.FS)
	if err != nil {
		t.Fatal(err)
	}
	book, err := law.Load()
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	out.WriteString("| Language | Tag | Read at home in | Files | Read by nobody else | By a second editor | By a lawyer | Last read | Words of the buttons |\n")
	out.WriteString("| --- | --- | --- | ---: | ---: | ---: | ---: | --- | --- |\n")
	tags := languages.Languages()
	slices.Sort(tags)
	for _, tag := range tags {
		l, _ := languages.Language(tag)
		count, last := readings(t, tag)
		words := "official"
		if labels, _ := book.Labels(tag, "", day.Of(2026, 11, 22)); !labels.Official {
			words = "a translation: there is no official text"
		}
		fmt.Fprintf(&out, "| %s | `%s` | %s | %d | %d | %d | %d | %s | %s |\n", l.EnglishName, tag, homes(book, tag),
			count[review.None]+count[review.Editor]+count[review.Lawyer], count[review.None], count[review.Editor], count[review.Lawyer], last, words)
	}
	return out.String()
}

// readings counts the files of a language by how far they were read.
func readings(t *testing.T, tag string) (count map[review.Level]int, last string) {
	t.Helper()
	files, err := fs.Glob(content.FS, tag+"/*.*")
	if err != nil || len(files) == 0 {
		t.Fatal(tag, err)
	}
	count, last = map[review.Level]int{}, "never"
	for _, name := range files {
		if !slices.Contains([]string{".md", ".toml"}, path.Ext(name)) {
			continue
		}
		data, err := content.FS.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		s := review.Of(name, data)
		if count[s.Reviewed]++; s.ReviewedOn != 0 && (last == "never" || s.ReviewedOn.String() > last) {
			last = s.ReviewedOn.String()
		}
	}
	return count, last
}

// homes are the countries whose language it is.
func homes(book *law.Book, tag string) string {
	var list []string
	for _, code := range book.Countries() {
		if r, _ := book.Record(code); slices.Contains(r.Languages, tag) {
			list = append(list, code)
		}
	}
	return strings.Join(list, ", ")
}
