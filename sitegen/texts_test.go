package sitegen

import (
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

// TestTextsAreDocumented: who edits texts finds every function, with an example that works, every key of the front matter and
// every fact in docs/texts.md, and nothing else.
func TestTextsAreDocumented(t *testing.T) {
	data, err := os.ReadFile("../docs/texts.md")
	if err != nil {
		t.Fatal(err)
	}
	doc := string(data)
	row := regexp.MustCompile("(?m)^\\| `([a-z]+)` \\| `(.*\\{\\{.*)` \\| ")
	documented := map[string]string{}
	for _, m := range row.FindAllStringSubmatch(chapter(doc, "### Functions"), -1) {
		documented[m[1]] = m[2]
	}
	functions := new(page).functions()
	for name := range functions {
		if !regexp.MustCompile(`\b` + name + `\b`).MatchString(documented[name]) {
			t.Errorf("the function %s has no row with an example", name)
		}
	}
	for name := range documented {
		if functions[name] == nil {
			t.Errorf("there is no function %s", name)
		}
	}
	_, front, _ := strings.Cut(doc, "\n## A page\n")
	front, _, _ = strings.Cut(front, "\n## Actions\n") // its example has a heading
	for _, field := range reflect.VisibleFields(reflect.TypeFor[frontMatter]()) {
		key := field.Tag.Get("toml")
		if field.Anonymous {
			continue
		}
		if !strings.Contains(front, "| `"+key+"` |") || !strings.Contains(front, "\n"+key+" = ") {
			t.Errorf("the key %s has no row or no example", key)
		}
	}
	for i := range reflect.TypeFor[Facts]().NumField() {
		if name := reflect.TypeFor[Facts]().Field(i).Name; !strings.Contains(chapter(doc, "### Facts"), "| `."+name+"` |") {
			t.Errorf("the fact .%s has no row", name)
		}
	}
}

// TestDocumentedExamples builds a page of all examples.
func TestDocumentedExamples(t *testing.T) {
	data, err := os.ReadFile("../docs/texts.md")
	if err != nil {
		t.Fatal(err)
	}
	body := ""
	for _, m := range regexp.MustCompile("(?m)^\\| `[^`]+` \\| `([^`]+)` \\|").FindAllStringSubmatch(chapter(string(data), "### Functions"), -1) {
		if m[1] == "{{form}}" || strings.Contains(m[1], "Law.Complaint") {
			continue // needs a page with a form; needs a country with such a period
		}
		body += m[1] + "\n\n"
	}
	got := mainOf(mustBuild(t, testSite(t, map[string]string{"guarantee": pageText("T", body)})).Files["en-DE/guarantee/index.html"])
	for _, want := range []string{`<a href="../returns/">returns</a>`, "20 November 2026", "2 years", "Germany", "Hafenstraße 12, 18055 Rostock", `"tel:+493815550100"`} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is missing in %s", want, got)
		}
	}
	_, example, _ := strings.Cut(string(data), "```\n+++\n")
	example, _, _ = strings.Cut(example, "```")
	page := mainOf(mustBuild(t, testSite(t, map[string]string{"guarantee": "+++\n" + example})).Files["en-DE/guarantee/index.html"])
	if !strings.Contains(page, "within <strong>14 days</strong>") {
		t.Errorf("the example reads %s", page)
	}
}

// chapter is what stands below a heading, up to the next.
func chapter(doc, heading string) string {
	_, rest, _ := strings.Cut(doc, "\n"+heading+"\n")
	if i := regexp.MustCompile(`(?m)^#+ `).FindStringIndex(rest); i != nil {
		rest = rest[:i[0]]
	}
	return rest
}
