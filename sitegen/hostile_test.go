package sitegen

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"golang.org/x/net/html"

	"recourse/shop"
	"recourse/sitegen/pagetest"
)

var update = flag.Bool("update", false, "write what hostile texts become into testdata/hostile.txt")

const hostileFile = "testdata/hostile.txt"

// TestSEC34_HostileMarkdown builds a page of each text in testdata/hostile.txt. The page is harmless, or the text is refused with
// its place; either way the file says what becomes of it. ~4a~ in a text is the byte 4a.
func TestSEC34_HostileMarkdown(t *testing.T) {
	list := cases(t, hostileFile)
	if len(list) < 120 {
		t.Errorf("%d texts, want 120", len(list))
	}
	landmarks := pagetest.Landmarks(mustBuild(t, oneShop(t, "returns", hostileFront+"Text")).Files[hostilePage])
	for i, c := range list {
		t.Run(c.title, func(t *testing.T) {
			source := unescape(c.input)
			page, got := hostile(t, source)
			if page != nil {
				harmless(t, page, landmarks)
				nothingLost(t, source, page)
			}
			if list[i].expected = got; *update {
				return
			}
			if diff := cmp.Diff(c.expected, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
	if *update {
		writeCases(t, list)
	}
}

func writeCases(t *testing.T, list []actionCase) {
	var out bytes.Buffer
	for _, c := range list {
		fmt.Fprintf(&out, "=== %s\n%s---\n%s\n", c.title, c.input, c.expected)
	}
	if err := os.WriteFile(hostileFile, out.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

const hostilePage = "en-DE/returns/index.html"

// hostile builds a page with the text and gives it with the HTML of the text, or no page and the mistakes found.
func hostile(t testing.TB, source string) (page []byte, result string) {
	t.Helper()
	out, err := oneShop(t, "returns", hostileFront+source).Build()
	if err != nil {
		return nil, refusals(t, err)
	}
	return out.Files[hostilePage], textOf(out.Files[hostilePage])
}

// oneShop is a site of one locale with a page as given. What all of them share is read once.
func oneShop(t testing.TB, page, text string) Site {
	readShop.Do(func() {
		base = testSite(t, nil, func(s *shop.Shop) { s.Markets = shop.Markets{"DE": {"en"}} })
	})
	s := base
	files := maps.Clone(base.Content.(fstest.MapFS))
	files["en/"+page+".md"] = &fstest.MapFile{Data: []byte(text)}
	s.Content = files
	return s
}

var (
	base     Site
	readShop sync.Once
)

// textOf cuts the text out of a page by its tags; attributes may hold anything.
func textOf(page []byte) string {
	start, at, heading := 0, 0, false
	for z := html.NewTokenizer(bytes.NewReader(page)); ; {
		kind := z.Next()
		raw := len(z.Raw())
		name, _ := z.TagName()
		switch {
		case kind == html.ErrorToken:
			return ""
		case kind == html.EndTagToken && string(name) == "h1" && !heading:
			start, heading = at+raw, true
		case heading && (string(z.Raw()) == `<div class="rc-widget">` || kind == html.EndTagToken && string(name) == "main"):
			return strings.TrimSpace(string(page[start:at]))
		}
		at += raw
	}
}

const hostileFront = "+++\ntitle = \"Returns\"\ndescription = \"About it\"\n+++\n"

// refusals lists mistakes with lines counted from the text. Each has a place, a problem and a fix.
func refusals(t testing.TB, err error) string {
	t.Helper()
	var lines []string
	for _, err := range each(err) {
		var f *Fault
		if !errors.As(err, &f) {
			_, link, dead := strings.Cut(err.Error(), "/returns/index.html: the link ") // as it was written it is in no file
			if !dead {
				t.Errorf("not a fault: %v", err)
			}
			if text := "dead link " + link; !slices.Contains(lines, text) {
				lines = append(lines, text)
			}
			continue
		}
		line := f.Line - strings.Count(hostileFront, "\n")
		if f.File != "en/returns.md" || line < 1 || f.Column < 1 || f.Problem == "" || strings.ContainsAny(f.Error(), "\n\r") {
			t.Errorf("no place or reason: %+v", f)
		}
		text := fmt.Sprintf("%d:%d: %s: %s", line, f.Column, f.Text, f.Problem)
		if !slices.Contains(lines, text) { // each page is built for several locales
			lines = append(lines, text)
		}
	}
	return strings.Join(lines, "\n")
}

func each(err error) (all []error) {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range joined.Unwrap() {
			all = append(all, each(e)...)
		}
		return all
	}
	return []error{err}
}

func harmless(t testing.TB, page []byte, landmarks []string) {
	t.Helper()
	if err := pagetest.Page(hostilePage, page); err != nil {
		t.Error(err)
	}
	if err := pagetest.Text([]byte(textOf(page))); err != nil {
		t.Errorf("in the text: %v", err)
	}
	if diff := cmp.Diff(landmarks, pagetest.Landmarks(page)); diff != "" {
		t.Errorf("landmarks (-want +got)\n%s", diff)
	}
}

// nothingLost compares a text without actions with what Markdown alone makes of it.
func nothingLost(t testing.TB, source string, page []byte) {
	t.Helper()
	if strings.Contains(source, "{{") {
		return
	}
	var plain bytes.Buffer
	if err := goldmark.New(goldmark.WithExtensions(extension.Table)).Convert([]byte(strings.ReplaceAll(source, "\r\n", "\n")), &plain); err != nil {
		t.Fatal(err)
	}
	want, got := pagetest.Words(plain.Bytes()), pagetest.Words([]byte(textOf(page)))
	if strings.ReplaceAll(want, " ", "") != strings.ReplaceAll(got, " ", "") {
		t.Errorf("text was lost\nwant %q\ngot  %q", want, got)
	}
}

func unescape(text string) string {
	parts := strings.Split(text, "~")
	for i := 1; i+1 < len(parts); i += 2 {
		var b []byte
		if _, err := fmt.Sscanf(parts[i], "%x", &b); err == nil {
			parts[i] = string(b)
		}
	}
	return strings.Join(parts, "")
}

// TestLongTexts: time and output grow with the length of a text, whatever it holds; what is longer than any text is refused.
func TestLongTexts(t *testing.T) {
	for title, unit := range map[string]string{
		"brackets": "[", "links": "[a](b)", "links to actions": "[a]({{.B}})", "images": "![", "quotes": ">", "quoted lines": "> ",
		"emphasis": "*a _b ", "asterisks": "*", "code": "`a", "backticks": "` `` ", "headings": "# a\n", "actions": "{{.A}} ", "braces": "{{ ",
		"one brace": "{", "open quotes": "{{\" ", "conditions": "{{if .A}}\n- a\n{{end}}\n", "long actions": "{{a\n", "comments": "<!-- a", "tags": "<a ",
		"definitions": "[a]: b\n", "entities": "&amp;", "pipes": "|", "table": "|a|b\n|-|-\n", "lists": "- ", "list lines": "- a\n", "numbers": "1. ",
		"brackets closed": "]", "nested links": "[a](", "mixed": "*[`<", "escapes": "\\", "lines": "\n", "references": "[a][{{b}}]", "autolinks": "<a:",
		"heading of actions": "{{.A}}# ", "declarations": "<!A", "instructions": "<?", "underlines": "a\n-\n", "words": "word ",
	} {
		t.Run(title, func(t *testing.T) {
			paragraph := strings.Repeat(unit, maxLine/len(unit)-1)
			for _, source := range []string{paragraph, strings.Repeat("[a]: {{.Shop.Website}}\n\n# "+paragraph+"\n\n", 4), strings.Repeat(paragraph+"\n", 4)} {
				began := time.Now()
				html, s := convert([]byte(source))
				if took := time.Since(began); took > time.Minute {
					t.Errorf("%d bytes took %v", len(source), took)
				}
				if len(html) > 40*len(source) {
					t.Errorf("%d bytes became %d", len(source), len(html))
				}
				if len(s.faults) > maxFaults+1 {
					t.Errorf("%d faults", len(s.faults))
				}
			}
		})
	}
	began := time.Now()
	_, got := hostile(t, strings.Repeat("[a]({{.B}}) ", 10<<20/12))
	if want := "1:262145: : the text is longer than 256 KiB"; got != want || time.Since(began) > time.Minute {
		t.Errorf("after %v: got %s, want %s", time.Since(began), got, want)
	}
}
