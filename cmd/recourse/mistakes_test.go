package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"recourse/strict"
)

// wrongFiles are shops with a mistake in every kind of file. The second line of each shop is wrong in another way.
var wrongFiles = map[string]string{
	"shop.toml":   wrongShop("amber", `nmae = "A"`),
	"pearl.toml":  wrongShop("pearl", `name = 3`),
	"broken.toml": "id = \"broken\"\ncontent = \"own\"\nname = A\n",
	"copy.toml":   wrongShop("copy", `name = "A"`),
	"again.toml":  wrongShop("copy", `name = "A"`),

	"own/en/returns.md":     "+++\ntitel = \"a\"\ndescription = 3\n+++\n\n<b>a</b>\n\n{{.Wrong}} {{url \"nowhere\"}} {{text \"lost\"}} {{text \"read\"}}\n",
	"own/en/guarantee.md":   "\ufeff+++\r\ntitle = \"{{.Nope}}\"\r\ndescription = \"b\"\r\n+++\r\n\r\nText\r\n",
	"own/de/returns.md":     "no front matter",
	"own/de/more.toml":      "\"read\" = \"x\"\n\"lost\" = y\n",
	"own/it/more.toml":      "\"read\" = \"x\"\n\"strange\" = \"x\"\n",
	"own/layout/page.html":  "{{.Body}} {{if}}\n",
	"own/pl/kinds.toml":     "\"kind\" = 1\n",
	"all/en/complaints.md":  "+++\ntitle = \"a\"\ndescription = \"b\"\n+++\n\n[a](javascript:x)\n",
	"all/it/guarantee.toml": "\"bad\" = 3\n",
}

func wrongShop(id, name string) string {
	return fmt.Sprintf(`id = %q
%s
content = "own"
website = "ftp://a.example"
publish = "https://a.example/legal/"
trader = { legal_name = "A", address = ["1"], country = "DE", email = "a@a.example" }
markets = { DE = ["en", "de"], AT = ["en"] }
disputes = { participation = "no" }
`, id, name)
}

// wrongTexts are the mistakes of the texts and strings above.
var wrongTexts = []string{
	`de/more.toml:1:10: read = "x": this is not a key of English`,
	`de/more.toml:2:10: this is not TOML: `,
	`de/returns.md:1:1: the page has no front matter; begin it`,
	`en/complaints.md:6:1: javascript:x: links may not use javascript:`,
	`en/guarantee.md:2:10: {{.Nope}}: can't evaluate field Nope`,
	`en/returns.md:2:1: titel: there is no such key; did you mean "title"?`,
	`en/returns.md:3:15: description = 3: this must be a text in quotes`,
	`en/returns.md:6:1: <b>: HTML is not allowed`,
	`en/returns.md:6:5: </b>: HTML is not allowed`,
	`en/returns.md:8:1: {{.Wrong}}: can't evaluate field Wrong`,
	`en/returns.md:8:12: {{url "nowhere"}}: there is no page "nowhere"`,
	`it/guarantee.toml:1:9: bad = 3: this must be a text in quotes`,
	`it/more.toml:1:10: read = "x": this is not a key of English`,
	`it/more.toml:2:13: strange = "x": this is not a key of English`,
	`layout/page.html:1:1: {{.Body}} {{if}}: missing value for if`,
	`pl/kinds.toml:1:10: kind = 1: this must be a text in quotes`,
}

func writeFiles(t *testing.T, files map[string]string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for name, text := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestAllMistakes: one run of build, and one of watch, tells those of all files, each once and in order.
func TestAllMistakes(t *testing.T) {
	dir := writeFiles(t, wrongFiles)
	file := filepath.Join(dir, "shop.toml")
	want := append([]string{file + `:2:1: nmae: there is no such key; did you mean "name"?`, file + `:4:11: website = "ftp://a.example": `}, wrongTexts...)
	s, o := source{Shop: file, Content: filepath.Join(dir, "all")}, output{Out: filepath.Join(dir, "dist")}
	build := buildCommand{source: s, output: o}
	told(t, build.Run(t.Context(), streams{io.Discard, io.Discard}), want)
	_, err := newRebuilder(s, o, []string{file}).buildOrTell(t.Context(), nil)
	told(t, err, want)
	if exists(o.Out) {
		t.Error("something was placed")
	}
}

// told compares the lines of an error with their beginnings.
func told(t *testing.T, err error, want []string) {
	t.Helper()
	got := strings.Split(fmt.Sprint(err), "\n")
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || !strings.HasPrefix(got[i], want[i]) {
			t.Fatalf("line %d of\n%s\n\nwant\n%s", i+1, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

// TestAllMistakesOfLaw: those of the law are among them.
func TestAllMistakesOfLaw(t *testing.T) {
	dir := writeFiles(t, wrongFiles)
	s := source{Content: filepath.Join(dir, "all")}
	inLaw := fmt.Errorf("load the law: %w", errors.Join(&strict.Error{File: "law/eu.toml", Line: 3, Column: 4, Key: "a", Problem: "b", Fix: "c"}))
	found := s.diagnose([]string{filepath.Join(dir, "shop.toml")}, false, inLaw)
	if all := errors.Join(found...).Error(); len(found) != 3+len(wrongTexts) || !strings.Contains(all, "\nlaw/eu.toml:3:4: a: b; c\n") || !strings.Contains(all, "en/returns.md:6:1") {
		t.Error(all)
	}
}

// TestAllMistakesOfMany: shops with the same texts share their mistakes; one that is no TOML hides nothing.
func TestAllMistakesOfMany(t *testing.T) {
	files := map[string]string{"other.toml": strings.Replace(wrongShop("other", `name = "A"`), `"own"`, `"others"`, 1), "others/en/returns.md": "nothing"}
	for name, text := range wrongFiles {
		files[name] = text
	}
	dir := writeFiles(t, files)
	var shops []string
	for _, name := range []string{"shop", "pearl", "broken", "copy", "again", "other"} {
		shops = append(shops, filepath.Join(dir, name+".toml"))
	}
	build := buildCommand{Shops: shops, source: source{Content: filepath.Join(dir, "all")}, output: output{Out: filepath.Join(dir, "dist")}}
	text := build.Run(t.Context(), streams{io.Discard, io.Discard}).Error()
	for _, want := range append([]string{
		"shop.toml:2:1: nmae", "pearl.toml:2:8: name = 3", "broken.toml:3:8: this is not TOML", "again.toml:4:11: website", "copy.toml:4:11: website",
		filepath.Join(dir, "others/en/returns.md") + ":1:1: the page has no front matter",
	}, wrongTexts...) {
		if file, _, _ := strings.Cut(want, ":"); exists(filepath.Join(dir, "own", file)) {
			want = filepath.Join(dir, "own", want)
		}
		if strings.Count(text, want) != 1 {
			t.Errorf("%d times: %s", strings.Count(text, want), want)
		}
	}
	if t.Failed() {
		t.Log(text)
	}
}

// TestAllMistakesInCheck: as findings, with the paths of the files.
func TestAllMistakesInCheck(t *testing.T) {
	dir := writeFiles(t, wrongFiles)
	all := findings(t, dir, "all")
	if n := strings.Count(all, `"id": "shop-file"`); n != 2+len(wrongTexts) || strings.Contains(all, "retention-missing") {
		t.Errorf("%d mistakes in\n%s", n, all)
	}
	for _, want := range []string{`"own/en/returns.md"`, `"all/en/complaints.md"`, `"own/de/more.toml"`, `"own/layout/page.html"`} {
		if !strings.Contains(all, `"file": `+want) {
			t.Errorf("%s is not named", want)
		}
	}
}

// TestMistakeOfTextInCheck: where the shop can be read, what else there is to say follows.
func TestMistakeOfTextInCheck(t *testing.T) {
	all := findings(t, writeFiles(t, map[string]string{
		"shop.toml":         strings.Replace(wrongShop("a", `name = "A"`), "ftp", "https", 1),
		"own/en/returns.md": wrongFiles["own/en/guarantee.md"],
	}), "")
	if strings.Count(all, "shop-file") != 1 || !strings.Contains(all, "retention-missing") {
		t.Error(all)
	}
}

func findings(t *testing.T, dir, content string) string {
	t.Helper()
	t.Chdir(dir)
	if content != "" {
		content = filepath.Join(dir, content)
	}
	var out bytes.Buffer
	c := checkCommand{source: source{Shop: filepath.Join(dir, "shop.toml"), Content: content}, JSON: true}
	if err := c.Run(streams{&out, io.Discard}); !errors.Is(err, errFindings) {
		t.Fatal(err)
	}
	return out.String()
}
