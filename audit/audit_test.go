package audit

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

var update = flag.Bool("update", false, "write what Scan finds into testdata/hits.txt, for review as a diff")

type scanCase struct {
	heading, name, form, want string
}

var (
	fileName  = regexp.MustCompile(`\[(.+)\]$`)
	codePoint = regexp.MustCompile(`\{U\+([0-9A-F]{4,6})\}`)
)

// readCases reads a table of testdata; its head gives the format.
func readCases(t testing.TB, file string) (head string, cases []scanCase) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split("\n"+string(data), "\n=== ")
	for _, part := range parts[1:] {
		c := scanCase{name: "page.html"}
		c.heading, c.form, _ = strings.Cut(part, "\n")
		c.form, c.want, _ = strings.Cut(c.form+"\n", "\n---\n")
		if m := fileName.FindStringSubmatch(c.heading); m != nil {
			c.name = m[1]
		}
		cases = append(cases, c)
	}
	return parts[0][1:], cases
}

func (c scanCase) text() string {
	text := codePoint.ReplaceAllStringFunc(strings.TrimRight(c.form, "\n"), func(s string) string {
		n, _ := strconv.ParseInt(s[3:len(s)-1], 16, 32)
		return string(rune(n))
	})
	if strings.HasPrefix(c.heading, "Windows") {
		text = strings.ReplaceAll(text, "\n", "\r\n")
	}
	return text
}

func listed(found []Finding) string {
	var b strings.Builder
	for _, f := range found {
		fmt.Fprintf(&b, "%d:%d %s %s %s\n", f.Line, f.Column, f.Level, f.Rule, strconv.QuoteToGraphic(f.Match))
	}
	return b.String()
}

func TestHits(t *testing.T) {
	const file = "testdata/hits.txt"
	head, cases := readCases(t, file)
	out := strings.TrimRight(head, "\n") + "\n"
	for _, c := range cases {
		got := listed(Scan(c.name, []byte(c.text())))
		out += "\n=== " + c.heading + "\n" + strings.TrimRight(c.form, "\n") + "\n---\n" + got
		t.Run(c.heading, func(t *testing.T) {
			if want := strings.TrimSpace(c.want); !*update && strings.TrimSpace(got) != want {
				t.Errorf("in %q\n got:\n%s\nwant:\n%s", c.text(), got, want)
			}
			if got == "" {
				t.Errorf("nothing found in %q", c.text())
			}
		})
	}
	if *update {
		if err := os.WriteFile(file, []byte(out), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestNearMisses(t *testing.T) {
	_, cases := readCases(t, "testdata/near-misses.txt")
	for _, c := range cases {
		t.Run(c.heading, func(t *testing.T) {
			if got := listed(Scan(c.name, []byte(c.text()))); got != "" {
				t.Errorf("found in %q:\n%s", c.text(), got)
			}
		})
	}
}

// Every phrase of patterns.toml is found when it stands alone, or between its neighbours.
func TestEveryPhrase(t *testing.T) {
	for _, w := range patterns().wording {
		for _, p := range append(w.stale, w.ambiguous...) {
			text := strings.ReplaceAll(strings.Join(p, " x "), "~", "")
			for _, near := range w.near {
				text += ". " + strings.ReplaceAll(strings.Join(near, ""), "~", "")
			}
			if found := Scan("a.txt", []byte(text)); len(found) == 0 || found[0].Level != Warning {
				t.Errorf("%s: %q is not found as a warning: %v", w.language, text, found)
			}
		}
		for _, p := range w.keep {
			text := strings.ReplaceAll(strings.Join(p, " x "), "~", "")
			if found := Scan("a.txt", []byte(text)); len(found) != 0 {
				t.Errorf("%s: %q must be kept, but: %v", w.language, text, found)
			}
		}
	}
}

func TestKeep(t *testing.T) {
	const text = "OS-Plattform: https://ec.europa.eu/odr. Wir nehmen an keinem Verfahren vor einer\nVerbraucherschlichtungsstelle teil."
	found := Scan("agb.md", []byte(text))
	if len(found) != 2 {
		t.Fatalf("want a phrase and a link, got %v", found)
	}
	for _, f := range found {
		if f.Keep != "Verbraucherschlichtungsstelle" {
			t.Errorf("%s: the statement to keep is %q", f.Rule, f.Keep)
		}
	}
	far := Scan("agb.md", []byte("VSBG"+strings.Repeat(" x", 1000)+" OS-Plattform"+strings.Repeat(" x", 1000)+" VSBG"))
	if len(far) != 1 || far[0].Keep != "" {
		t.Errorf("nothing to keep stands close by: %+v", far)
	}
}

func TestPatternFileMistakes(t *testing.T) {
	if _, err := compile([]byte("[wording.de]\nstal = [\"x\"]")); err == nil {
		t.Error("a misspelt key was accepted")
	}
}

// One line of megabytes, full of links: positions must not cost a pass over the line each.
func TestMinifiedLine(t *testing.T) {
	const link = "<a href=https://ec.europa.eu/odr>ä</a>"
	found := Scan("min.html", []byte(strings.Repeat(link, 20_000)))
	if len(found) != 20_000 {
		t.Fatalf("found %d links of 20000", len(found))
	}
	width := utf8.RuneCountInString(link)
	if last := found[19_999]; last.Line != 1 || last.Column != 19_999*width+9 {
		t.Errorf("last link at %d:%d, want 1:%d", last.Line, last.Column, 19_999*width+9)
	}
}

func FuzzScan(f *testing.F) {
	for _, file := range []string{"testdata/hits.txt", "testdata/near-misses.txt"} {
		_, cases := readCases(f, file)
		for _, c := range cases {
			f.Add(c.name, []byte(c.text()))
		}
	}
	f.Fuzz(func(t *testing.T, name string, text []byte) {
		lastLine, lastColumn := 1, 0
		for _, found := range Scan(name, text) {
			if found.Match == "" || !bytes.HasPrefix(tail(t, text, found), []byte(found.Match)) {
				t.Errorf("%d:%d does not hold %q", found.Line, found.Column, found.Match)
			}
			if found.Line < lastLine || found.Line == lastLine && found.Column < lastColumn {
				t.Errorf("%d:%d comes after %d:%d", found.Line, found.Column, lastLine, lastColumn)
			}
			lastLine, lastColumn = found.Line, found.Column
		}
	})
}

// tail walks to a position the slow way, independent of places.
func tail(t *testing.T, text []byte, f Finding) []byte {
	lines := bytes.SplitAfter(bytes.TrimPrefix(text, []byte("\ufeff")), []byte("\n"))
	if f.Line > len(lines) {
		t.Fatalf("line %d of %d", f.Line, len(lines))
	}
	rest := bytes.Join(lines[f.Line-1:], nil)
	for range f.Column - 1 {
		_, n := utf8.DecodeRune(rest)
		rest = rest[n:]
	}
	return rest
}

func BenchmarkScan(b *testing.B) {
	page := []byte(strings.Repeat("<p>Wir liefern <b>schnell</b> &amp; günstig, siehe https://shop.example/versand?a=1&amp;b=2</p>\n", 1000))
	b.SetBytes(int64(len(page)))
	for b.Loop() {
		Scan("page.html", page)
	}
}
