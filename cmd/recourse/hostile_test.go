package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"recourse/shop"
	"recourse/sitegen/pagetest"
)

// texts are all texts of a shop's file, with a sound value for each.
var texts = map[string]string{
	"name": `"A shop"`, "website": `"https://a.example/"`, "publish": `"https://a.example/legal/"`, "intake": `"https://a.example/legal/"`,
	"trader.legal_name": `"A GmbH"`, "trader.address": `"Street 1"`, "trader.email": `"a@a.example"`, "trader.phone": `"+49 30 1"`,
	"trader.register": `"HRB 1"`, "trader.vat_id": `"DE1"`, "returns.address": `"Street 2"`, "body.name": `"A body"`, "body.address": `"Street 3"`,
	"body.url": `"https://b.example/"`, "body.form": `"https://b.example/form"`, "privacy.contact": `"p@a.example"`, "privacy.officer": `"An officer"`,
}

// always are texts every page shows.
var always = strings.Fields("name trader.legal_name trader.address trader.phone trader.register trader.vat_id")

func shopFile(text map[string]string) []byte {
	return []byte(fmt.Sprintf(`id = "a"
name = %s
website = %s
publish = %s
intake = %s
trader = { legal_name = %s, address = [%s], country = "DE", email = %s, phone = %s, register = %s, vat_id = %s, staff = 20 }
markets = { DE = ["en"] }
returns = { address = [%s], days = 30 }
disputes = { participation = "yes", bodies = [{ name = %s, address = [%s], url = %s, form = %s }] }
privacy = { contact = %s, officer = %s, retention_months = 36 }
`, text["name"], text["website"], text["publish"], text["intake"], text["trader.legal_name"], text["trader.address"], text["trader.email"],
		text["trader.phone"], text["trader.register"], text["trader.vat_id"], text["returns.address"], text["body.name"], text["body.address"],
		text["body.url"], text["body.form"], text["privacy.contact"], text["privacy.officer"]))
}

// TestSEC35_HostileFacts writes each value of sitegen/testdata/facts.txt into every text of a shop's file. Where it is refused,
// its line is named; where it is not, every file that is built shows it as it is and is harmless.
func TestSEC35_HostileFacts(t *testing.T) {
	data, err := os.ReadFile("../../sitegen/testdata/facts.txt")
	if err != nil {
		t.Fatal(err)
	}
	facts := strings.Split(string(data), "\n=== ")[1:]
	if len(facts) < 60 {
		t.Errorf("%d values, want 60", len(facts))
	}
	landmarks := pagetest.Landmarks(buildShop(t, texts)["en-DE/returns/index.html"])
	for _, fact := range facts {
		title, value, _ := strings.Cut(strings.TrimSpace(fact), "\n")
		t.Run(title, func(t *testing.T) {
			taken := accepted(t, value)
			files := buildShop(t, taken)
			harmlessFiles(t, files)
			showsFacts(t, taken, files["en-DE/returns/index.html"])
			if got := pagetest.Landmarks(files["en-DE/returns/index.html"]); !slices.Equal(got, landmarks) {
				t.Errorf("landmarks %v, want %v", got, landmarks)
			}
		})
	}
}

// accepted gives the texts of a shop with the value wherever it is not refused.
func accepted(t *testing.T, value string) map[string]string {
	taken := maps.Clone(texts)
	for key := range texts {
		one := maps.Clone(texts)
		one[key] = value
		_, err := shop.Parse("shop.toml", shopFile(one))
		if err == nil {
			taken[key] = value
			continue
		}
		for _, e := range err.(interface{ Unwrap() []error }).Unwrap() {
			if mistake := e.(*shop.Error); mistake.Line < 2 || mistake.Column < 1 || mistake.Fix == "" || strings.ContainsAny(e.Error(), "\r\n\x00\x1b") {
				t.Errorf("%s: %q", key, e)
			}
		}
	}
	return taken
}

func buildShop(t *testing.T, text map[string]string) map[string][]byte {
	t.Helper()
	file := filepath.Join(t.TempDir(), "shop.toml")
	if err := os.WriteFile(file, shopFile(text), 0o644); err != nil {
		t.Fatal(err)
	}
	p, err := source{Shop: file}.open()
	if err != nil {
		t.Fatal(err)
	}
	files, err := p.build()
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func harmlessFiles(t *testing.T, files map[string][]byte) {
	t.Helper()
	for name, file := range files {
		if strings.HasPrefix(name, "assets/") && !strings.HasSuffix(name, ".json") {
			continue // the same for all shops
		}
		if err := pagetest.Page(name, file); err != nil {
			t.Error(err)
		}
	}
	if lines := strings.Count(string(files["robots.txt"]), "\n"); lines != 3 {
		t.Errorf("robots.txt has %d lines:\n%s", lines, files["robots.txt"])
	}
}

func showsFacts(t *testing.T, text map[string]string, page []byte) {
	t.Helper()
	s, err := shop.Parse("shop.toml", shopFile(text))
	if err != nil {
		t.Fatal(err)
	}
	shown := pagetest.Words(page)
	for i, value := range []string{s.Name, s.Trader.LegalName, s.Trader.Address[0], s.Trader.Phone, s.Trader.Register, s.Trader.VATID} {
		if want := strings.Join(strings.Fields(value), " "); !strings.Contains(shown, want) {
			t.Errorf("%s: %q is not on the page", always[i], want)
		}
	}
}

// TestLongFacts: what is longer than any name is refused; the longest names fit into what the widget may weigh.
func TestLongFacts(t *testing.T) {
	longest := maps.Clone(texts)
	for key := range texts {
		one := maps.Clone(texts)
		one[key] = `"` + strings.Repeat("a", 100<<10) + `"`
		if _, err := shop.Parse("shop.toml", shopFile(one)); err == nil || !strings.Contains(err.Error(), "longer than 300 characters") {
			t.Errorf("%s of 100 KiB: %v", key, err)
		}
		if !strings.ContainsAny(texts[key], "@:") {
			longest[key] = `"` + strings.Repeat("Ab ", 100) + `"`
		}
	}
	harmlessFiles(t, buildShop(t, longest))
}
