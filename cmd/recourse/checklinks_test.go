package main

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strings"
	"sync"
	"testing"
	"time"

	"recourse/links"
)

// fakeWeb answers for all hosts and counts.
type fakeWeb struct {
	mu      sync.Mutex
	asked   map[string]int
	answers map[string]int // status by beginning of the address; 1: there is no such host
}

func (w *fakeWeb) RoundTrip(r *http.Request) (*http.Response, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	address := r.URL.String()
	w.asked[r.Method+" "+address]++
	status := http.StatusOK
	for beginning, s := range w.answers {
		if strings.HasPrefix(address, beginning) {
			status = s
		}
	}
	if status == 1 {
		return nil, &net.DNSError{Name: r.URL.Host, IsNotFound: true}
	}
	header := http.Header{"Content-Type": {"text/html"}}
	if status == http.StatusMovedPermanently {
		header.Set("Location", "https://elsewhere.example/")
	}
	return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(`<p id="there">`)), Request: r}, nil
}

const ownStrings = "\"own.link\" = \"https://only-text.example/\"\n"

// linkedShop is a shop whose texts, strings, layout and file lead elsewhere.
func linkedShop(t *testing.T, id string) string {
	dir := t.TempDir()
	for name, text := range map[string]string{
		id + ".toml": strings.NewReplacer("ID", id, "\t", "").Replace(`id = "ID"
			name = "A"
			content = "own"
			website = "https://ID.example/"
			publish = "https://ID.example/legal/"
			trader = { legal_name = "A", address = ["1"], country = "DE", email = "a@a.example" }
			markets = { DE = ["en"], PT = ["en"] }
			[disputes]
			participation = "yes"
			[[disputes.bodies]]
			name = "A body"
			address = ["2"]
			url = "https://body.example/"
			form = "https://form.example/a?b=1&c=2"
			`),
		"own/en/returns.md": "+++\ntitle = \"Returns\"\ndescription = \"How\"\n+++\n\nSee [a](https://gone.example/a), [b](https://fine.example/#there)\n" +
			"and [longer](https://gone.example/abc) and [c](https://fine.example/#missing).\n\n<https://moved.example/x> [d](https://busy.example \"d\") {{text \"own.link\"}}\n",
		"own/en/more.toml": ownStrings, "own/de/more.toml": ownStrings, "own/it/more.toml": ownStrings, "own/pl/more.toml": ownStrings,
	} {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, id+".toml")
}

func buildLinked(t *testing.T, w *fakeWeb, out string, shops ...string) (string, error) {
	t.Helper()
	w.asked = map[string]int{}
	var said bytes.Buffer
	c := buildCommand{
		Shops: shops, output: output{Out: out, Overview: true}, CheckLinks: true,
		asking: links.Options{Transport: w, Pause: time.Microsecond},
	}
	err := c.Run(t.Context(), streams{io.Discard, &said})
	return said.String(), err
}

// TestCheckLinks: dead links are told with their places and nothing is placed; the rest are warnings.
func TestCheckLinks(t *testing.T) {
	w := &fakeWeb{answers: map[string]int{
		"https://gone.example/": 404, "https://moved.example/": 301, "https://busy.example": 503, "https://body.example": 410, "https://form.example": 403,
		"https://www.livroreclamacoes.pt": 1, "https://amber.example": 404,
	}}
	shop, out := linkedShop(t, "amber"), filepath.Join(t.TempDir(), "dist")
	said, err := buildLinked(t, w, out, shop)
	if err == nil {
		t.Fatal("it was built")
	}
	matchLines(t, err.Error(),
		regexp.QuoteMeta(shop)+`:4:11: website = "https://amber.example/": the server says there is no such page \(404\); correct`,
		regexp.QuoteMeta(shop)+`:13:7: disputes.bodies\[0\].url = "https://body.example/": .* gone for good \(410\); correct`,
		`en/complaints.md:\d+:\d+: https://www.livroreclamacoes.pt: there is no host "www.livroreclamacoes.pt"; .*recourse eject 'en/complaints.md'"`,
		`en/returns.md:6:9: https://gone.example/a: the server says there is no such page \(404\); correct`,
		`en/returns.md:7:14: https://gone.example/abc: .* \(404\); correct`,
		`en/returns.md:7:48: https://fine.example/#missing: the page has no place named #missing; correct what stands after`,
	)
	matchLines(t, said,
		regexp.QuoteMeta("warning: "+shop)+`:14:8: disputes.bodies\[0\].form = "https://form.example/a\?b=1&c=2": the server answered 403 Forbidden; open it`,
		`warning: en/returns.md:9:2: https://moved.example/x: the page has moved to another host for good; .*write https://elsewhere.example/$`,
		`warning: en/returns.md:9:31: https://busy.example: the server answered 503 Service Unavailable; open it`,
		`links: \d+ addresses elsewhere, 3 warnings`,
	)
	if _, err := os.Stat(out); err == nil {
		t.Error("something was placed")
	}
	for address, n := range w.asked {
		if n != 1 || strings.Contains(address, "/legal/") || strings.Contains(address, "only-text") {
			t.Errorf("asked %d times: %s", n, address)
		}
	}
}

// matchLines compares lines with patterns, in order, each from its beginning.
func matchLines(t *testing.T, text string, patterns ...string) {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(text), "\n")
	if len(lines) != len(patterns) {
		t.Errorf("%d lines, want %d:\n%s", len(lines), len(patterns), text)
		return
	}
	for i, line := range lines {
		if !regexp.MustCompile("^" + patterns[i]).MatchString(line) {
			t.Errorf("%s\nwant %s", line, patterns[i])
		}
	}
}

// TestCheckLinksOfLaw: an address in the data on the law is named there.
func TestCheckLinksOfLaw(t *testing.T) {
	w := &fakeWeb{answers: map[string]int{"https://www.consumidor.gov.pt": 404}}
	_, err := buildLinked(t, w, filepath.Join(t.TempDir(), "dist"), linkedShop(t, "amber"))
	if err == nil || !regexp.MustCompile(`(?m)^law/countries/pt.toml:\d+:\d+: (list|authority).bodies\[0\].url = "https://www.consumidor.gov.pt": .*404.*recourse eject '\*/disputes.md'"$`).MatchString(err.Error()) {
		t.Error(err)
	}
}

// TestCheckLinksOfMany: shops ask once for what they share, and for each website of their own; none is skipped as unchanged.
func TestCheckLinksOfMany(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Cleanup(func() { debug.SetMemoryLimit(math.MaxInt64) }) // a build of many shops is alone in its process
	w, out := &fakeWeb{}, filepath.Join(t.TempDir(), "dist")
	first := linkedShop(t, "shop0")
	shops := []string{first}
	text, err := os.ReadFile(first)
	if err != nil {
		t.Fatal(err)
	}
	for i := 1; i < 10; i++ {
		file := filepath.Join(filepath.Dir(first), fmt.Sprintf("shop%d.toml", i))
		if err := os.WriteFile(file, bytes.ReplaceAll(text, []byte("shop0"), fmt.Appendf(nil, "shop%d", i)), 0o644); err != nil {
			t.Fatal(err)
		}
		shops = append(shops, file)
	}
	for range 2 {
		if said, err := buildLinked(t, w, out, shops...); !strings.Contains(fmt.Sprint(err), "#missing") || strings.Count(err.Error(), "#missing") != 2 {
			t.Fatalf("%v\n%s", err, said)
		}
		websites := 0
		for address, n := range w.asked {
			if n != 1 {
				t.Errorf("asked %d times: %s", n, address)
			}
			if strings.HasPrefix(address, "HEAD https://shop") {
				websites++
			}
		}
		if websites != len(shops) {
			t.Errorf("%d websites, want %d", websites, len(shops))
		}
		if found, _ := filepath.Glob(filepath.Join(out, "*", "index.html")); len(found) > 0 {
			t.Error("something was placed")
		}
	}
	file := filepath.Join(filepath.Dir(first), "own", "en", "returns.md")
	source, _ := os.ReadFile(file)
	if err := os.WriteFile(file, bytes.Replace(source, []byte("#missing"), []byte("#there"), 1), 0o644); err != nil {
		t.Fatal(err)
	}
	w.answers = map[string]int{"https://shop7.example": 404}
	_, err = buildLinked(t, w, out, shops...)
	matchLines(t, fmt.Sprint(err), regexp.QuoteMeta(shops[7])+`:4:11: website = "https://shop7.example/": .*404`)
	w.answers = nil
	if _, err := buildLinked(t, w, out, shops...); err != nil {
		t.Error(err)
	}
	if said, err := buildLinked(t, w, out, shops...); err != nil || len(w.asked) == 0 {
		t.Error("an unchanged shop was not asked about: ", said, err)
	}
}
