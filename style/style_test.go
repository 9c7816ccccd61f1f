package style

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestContrast: every pair of colours the sheet puts on each other is readable (WCAG 2.2: 4.5:1 for text,
// 3:1 for borders of inputs and the focus ring), in light and in dark.
func TestContrast(t *testing.T) {
	light, dark := schemes(t)
	pairs := []struct {
		front, back string
		least       float64
	}{
		{"text", "ground", 7}, {"text", "surface", 7}, {"text", "soft", 7}, {"text", "tint", 7},
		{"muted", "ground", 4.5}, {"muted", "surface", 4.5}, {"muted", "soft", 4.5},
		{"accent", "ground", 4.5}, {"accent", "surface", 4.5}, {"accent", "soft", 4.5},
		{"accent-strong", "ground", 4.5}, {"accent-strong", "surface", 4.5}, {"accent-strong", "tint", 4.5},
		{"on-accent", "accent", 4.5}, {"on-accent", "accent-strong", 4.5},
		{"bad", "surface", 4.5}, {"bad", "ground", 4.5}, {"bad", "bad-tint", 4.5},
		{"good", "good-tint", 4.5}, {"warn", "warn-tint", 4.5},
		{"line", "ground", 3}, {"line", "surface", 3}, {"line", "soft", 3},
		{"focus", "ground", 3}, {"focus", "surface", 3}, {"focus", "soft", 3},
	}
	for name, colours := range map[string]map[string]string{"light": light, "dark": dark} {
		for _, p := range pairs {
			if got := contrast(t, colours[p.front], colours[p.back]); got < p.least {
				t.Errorf("%s: --rc-%s on --rc-%s is %.2f:1, want %.1f:1", name, p.front, p.back, got, p.least)
			}
		}
	}
}

var colour = regexp.MustCompile(`--rc-([a-z-]+): (#[0-9a-f]+);`)

// schemes reads the colours of the first two :root rules.
func schemes(t *testing.T) (light, dark map[string]string) {
	t.Helper()
	blocks := strings.SplitN(string(CSS), ":root {", 4)
	if len(blocks) < 4 {
		t.Fatal("want a :root rule for light, one for dark, and others")
	}
	read := func(block string) map[string]string {
		found := map[string]string{}
		rules, _, _ := strings.Cut(block, "}")
		for _, m := range colour.FindAllStringSubmatch(rules, -1) {
			found[m[1]] = m[2]
		}
		return found
	}
	light, dark = read(blocks[1]), read(blocks[2])
	for name := range light {
		if dark[name] == "" {
			t.Errorf("--rc-%s has no colour for dark", name)
		}
	}
	return light, dark
}

func contrast(t *testing.T, a, b string) float64 {
	x, y := luminance(t, a), luminance(t, b)
	return (max(x, y) + .05) / (min(x, y) + .05)
}

// luminance is the relative luminance of WCAG.
func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	if len(hex) == 4 {
		hex = "#" + strings.Repeat(hex[1:2], 2) + strings.Repeat(hex[2:3], 2) + strings.Repeat(hex[3:4], 2)
	}
	sum := 0.0
	for i, weight := range []float64{.2126, .7152, .0722} {
		if len(hex) != 7 {
			t.Fatalf("%q is not a colour", hex)
		}
		n, err := strconv.ParseUint(hex[1+2*i:3+2*i], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(n) / 255
		if c <= .04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}

// TestNames: every class is ours, and nothing depends on the direction of writing.
func TestNames(t *testing.T) {
	sheet := regexp.MustCompile(`(?s)/\*.*?\*/|"[^"]*"`).ReplaceAllString(string(CSS), "")
	for _, m := range regexp.MustCompile(`\.([a-zA-Z][a-zA-Z0-9_-]*)[^{};]*\{`).FindAllStringSubmatch(sheet, -1) {
		if !strings.HasPrefix(m[1], "rc-") {
			t.Errorf("class %q does not begin with rc-", m[1])
		}
	}
	if m := regexp.MustCompile(`\b(margin|padding|border)-(left|right|top|bottom)\b|[;{\s](left|right): `).FindString(sheet); m != "" {
		t.Errorf("%q is physical; use the logical property", m)
	}
}
