package reference

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write docs/widget.md anew")

const document = "../../docs/widget.md"

func load(t *testing.T) *Interface {
	t.Helper()
	i, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func TestDocument(t *testing.T) {
	want, err := load(t).Document()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(document, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(have)); diff != "" {
		t.Errorf("%s is not what interface.toml says; run: go test ./widget/reference -update\n%s", document, diff)
	}
}

// sources are the scripts and styles of the widget, without what is only said in comments.
func sources(t *testing.T) string {
	t.Helper()
	var all bytes.Buffer
	files, err := filepath.Glob("../*.[jc]s*")
	if err != nil || len(files) < 5 {
		t.Fatalf("found the sources %v: %v", files, err)
	}
	comments := regexp.MustCompile(`(?s:/\*.*?\*/)|(?m:^\s*//[^\n]*$)`)
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(comments.ReplaceAll(data, nil))
	}
	return all.String()
}

// found collects what the first group of a pattern matches, words of their own each.
func found(text string, patterns ...string) []string {
	var all []string
	for _, p := range patterns {
		for _, m := range regexp.MustCompile(p).FindAllStringSubmatch(text, -1) {
			all = append(all, strings.FieldsFunc(m[1], func(r rune) bool { return strings.ContainsRune(` ",={}`, r) })...)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func same(t *testing.T, what string, documented, used []string) {
	t.Helper()
	slices.Sort(documented)
	if diff := cmp.Diff(documented, used); diff != "" {
		t.Errorf("%s in interface.toml (-) and in the sources of the widget (+):\n%s", what, diff)
	}
}

func names[T any](list []T, name func(T) string) []string {
	var all []string
	for _, one := range list {
		all = append(all, name(one))
	}
	return all
}

// What is documented is there, and what is there is documented.
func TestSources(t *testing.T) {
	i, text := load(t), sources(t)
	entry := func(e Entry) string { return e.Name }

	same(t, "attributes", names(i.Attributes, func(a Attribute) string { return a.Name }), found(text,
		`(?:this|widget)\.getAttribute\("([a-z-]+)"\)`, `observedAttributes = \[([^\]]+)\]`, `:host\(\[([a-z-]+)`,
		`(?:\bname|\bemail|\bcontract)"?[,:] "(name|email|order)"`))
	same(t, "events", names(i.Events, entry), eventsOf(text))
	same(t, "custom properties", names(i.Properties, func(p Property) string { return p.Name }), found(text, `var\((--recourse-[a-z-]+)`))
	same(t, "parts", names(i.Parts, entry), partsOf(text, i.Forms()))
	same(t, "methods", names(i.Methods, func(m Method) string { return m.Name }), methodsOf(t, text))
	same(t, "options", names(i.Options, func(o Option) string { return o.Name }), found(text, `constructor\(widget, form, definition, {([^)]*)}\)`))
	if !strings.Contains(text, "dataset?.recourse") {
		t.Error("the links of a page that widget.md tells of are not heard")
	}
	config, err := os.ReadFile("../config.go")
	if err != nil {
		t.Fatal(err)
	}
	same(t, "forms", i.Forms(), found(string(config), "entry +`json:\"([a-z]+),omitempty\"`"))
	for _, p := range i.Properties {
		if want := "var(" + p.Name + ", " + p.Standard + ")"; p.Standard != "" && !strings.Contains(text, want) {
			t.Errorf("the styles do not say %s", want)
		}
	}
}

func eventsOf(text string) []string {
	events := found(text, `CustomEvent\("(recourse-[a-z]+)"`)
	for _, name := range found(text, `announce\("([a-z]+)"`) {
		events = append(events, "recourse-"+name)
	}
	slices.Sort(events)
	return slices.Compact(events)
}

// A link has the name of its form for a part.
func partsOf(text string, forms []string) []string {
	parts := found(text, `\bpart(?:: | = )"([a-z -]+)"`)
	if strings.Contains(text, `part = "link " + form`) {
		parts = append(parts, forms...)
	}
	slices.Sort(parts)
	return slices.Compact(parts)
}

// methodsOf are those of the element's class that are not its own affair.
func methodsOf(t *testing.T, text string) []string {
	t.Helper()
	class := regexp.MustCompile(`(?s)class Widget extends HTMLElement {\n(.*?)\n  }`).FindStringSubmatch(text)
	if class == nil {
		t.Fatal("the class of the element is not where the test looks for it")
	}
	own := regexp.MustCompile(`Callback$|^entry$|^constructor$`)
	return slices.DeleteFunc(found(class[1], `(?m)^    (?:async )?([a-zA-Z]+)\(`), own.MatchString)
}

func TestTypes(t *testing.T) {
	tsc, err := filepath.Abs("../../e2e/node_modules/.bin/tsc")
	if _, missing := os.Stat(tsc); err != nil || missing != nil {
		t.Skip("the TypeScript compiler is not installed; run e2e/setup")
	}
	types, err := load(t).Types()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	page, wrong := read(t, "testdata/page.ts"), read(t, "testdata/wrong.ts")
	for name, text := range map[string]string{"recourse.d.ts": string(types), "page.ts": page, "wrong.ts": wrong} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	compiler := exec.Command(tsc, "--noEmit", "--strict", "--target", "es2022", "--skipLibCheck", "page.ts", "wrong.ts")
	compiler.Dir = dir
	out, _ := compiler.CombinedOutput() // fails on what is wrong on purpose
	said := string(out)
	if strings.Contains(said, "page.ts") || strings.Contains(said, "recourse.d.ts") {
		t.Errorf("the compiler says of a right page:\n%s", said)
	}
	for n, line := range strings.Split(strings.TrimSpace(wrong), "\n") {
		_, mistake, found := strings.Cut(line, " // ")
		if place := fmt.Sprintf("wrong.ts(%d,", n+1); found && !regexp.MustCompile(regexp.QuoteMeta(place)+".*"+regexp.QuoteMeta(mistake)).MatchString(said) {
			t.Errorf("%s: the compiler does not say %q; it says:\n%s", place, mistake, said)
		}
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
