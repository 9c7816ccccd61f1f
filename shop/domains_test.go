package shop

import (
	"slices"
	"strings"
	"testing"
)

func withDomains(t *testing.T, table string) *Shop {
	t.Helper()
	s, err := Parse("shop.toml", []byte(strings.Replace(sound, "[returns]", table+"\n[returns]", 1)))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestIn(t *testing.T) {
	s := withDomains(t, `[domains]
DE = "https://bernstein.example.de/legal/"
"en-DE" = "https://en.bernstein.example/"
[websites]
DE = "https://bernstein.example.de"`)
	for locale, want := range map[string][2]string{
		"de-DE": {"https://bernstein.example.de/legal/", "https://bernstein.example.de"},
		"en-DE": {"https://en.bernstein.example/", "https://bernstein.example.de"},
		"de-AT": {"https://bernstein.example/legal/", "https://bernstein.example"},
		"fr-FR": {"https://bernstein.example/legal/", "https://bernstein.example"},
	} {
		there := In(s, locale)
		if got := [2]string{there.Publish, there.Website}; got != want {
			t.Errorf("%s: %v, want %v", locale, got, want)
		}
	}
	if s.Publish != "https://bernstein.example/legal/" {
		t.Error("the shop itself has moved")
	}
	want := []string{"https://bernstein.example/legal/", "https://bernstein.example.de/legal/", "https://en.bernstein.example/"}
	if got := s.Homes(); !slices.Equal(got, want) {
		t.Errorf("homes %v, want %v", got, want)
	}
}

// Two languages of a country may share its domain, and a domain may lie in a folder of another as long as it is nobody's.
func TestDomainsOfOneHost(t *testing.T) {
	s := withDomains(t, `[domains]
DE = "https://bernstein.example/legal/de/"
AT = "https://bernstein.example/legal/de-at/"`)
	if got := In(s, "en-DE").Publish; got != "https://bernstein.example/legal/de/" {
		t.Error(got)
	}
}

// The example in a new shop's file is right once its # are taken away.
func TestTemplateDomains(t *testing.T) {
	text := string(Template("my-shop", "My shop"))
	for _, line := range []string{"[domains]", `AT = "https`, `"en-DE" = `, "[websites]"} {
		if !strings.Contains(text, "# "+line) {
			t.Fatalf("the template lacks %s", line)
		}
		text = strings.ReplaceAll(text, "# "+line, line)
	}
	s, err := Parse("shop.toml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Domains) != 2 || len(s.Websites) != 1 {
		t.Errorf("got %v and %v", s.Domains, s.Websites)
	}
}
