package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"golang.org/x/text/unicode/norm"

	"recourse/day"
	"recourse/form"
	"recourse/form/formtest"
	"recourse/law"
)

func cases(t *testing.T) []formtest.Case {
	t.Helper()
	all, err := formtest.Read(os.DirFS("../../form/testdata"))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// ask writes lines into the buffer as the host does.
func (r *rules) ask(t *testing.T, lines ...string) int {
	t.Helper()
	text := strings.Join(lines, "\n")
	if !r.reserve(len(text)) {
		t.Fatalf("no room for %d octets", len(text))
	}
	return copy(r.buffer, text)
}

func TestAnswers(t *testing.T) {
	r := &rules{buffer: make([]byte, 64)}
	for _, c := range cases(t) {
		r.setMonths(r.ask(t, c.Months...))
		n := r.ask(t, c.Form, c.Field, norm.NFC.String(c.Value))
		if c.Answer == "" { // package form is asked what is left of a value, the module is not
			continue
		}
		answer := r.check(n, c.Today)
		if got := formtest.Answer(form.Rule(answer&0xff), int(answer>>8)); got != c.Answer {
			t.Errorf("%s: answer %q, want %q", c.Name(), got, c.Answer)
		}
	}
}

func TestUnknown(t *testing.T) {
	r := &rules{buffer: make([]byte, 8)}
	for _, lines := range [][]string{{}, {"withdrawal"}, {"withdrawal", "nonsense", "x"}, {"nonsense", "name", "x"}, {"", "", ""}} {
		if got := r.check(r.ask(t, lines...), 0); got != unknown {
			t.Errorf("check of %q = %d, want %d", lines, got, unknown)
		}
	}
}

func TestRoom(t *testing.T) {
	r := &rules{buffer: make([]byte, usual)}
	for n, want := range map[int]bool{-1: false, 0: true, usual: true, usual + 1: true, largest: true, largest + 1: false} {
		if got := r.reserve(n); got != want || got && len(r.buffer) < n {
			t.Errorf("reserve(%d) = %v with room for %d, want %v", n, got, len(r.buffer), want)
		}
	}
	for _, n := range []int{-5, largest * 2} {
		if got := r.check(n, 0); got != unknown {
			t.Errorf("check of %d octets = %d, want %d", n, got, unknown)
		}
	}
}

func TestSuggestions(t *testing.T) {
	r := &rules{buffer: make([]byte, 64)}
	for _, s := range suggestions(t) {
		if n := r.suggest(r.ask(t, s.Address)); n < 0 || string(r.buffer[:n]) != s.Want {
			t.Errorf("%s: for %q suggests %q (%d), want %q", s.Place, s.Address, r.buffer[:max(0, n)], n, s.Want)
		}
	}
	full := &rules{buffer: []byte("a@hotmal.de")}
	if got := full.suggest(len(full.buffer)); got != unknown {
		t.Errorf("a suggestion longer than the buffer gave %d, want %d", got, unknown)
	}
}

func suggestions(t *testing.T) []formtest.Suggestion {
	t.Helper()
	all, err := formtest.Suggestions(os.DirFS("../../form/testdata"))
	if err != nil || len(all) == 0 {
		t.Fatalf("%d suggestions, error %v", len(all), err)
	}
	return all
}

// period is a country's calendar for a few years, with what law says of periods in it.
type period struct {
	Country string
	Days    int
	First   int32
	Closed  []int32 // public holidays
	Ends    []int32 // of the period, for each day from First on
}

func periods(t *testing.T) (all []period) {
	t.Helper()
	book, err := law.Load()
	if err != nil {
		t.Fatal(err)
	}
	first, last := day.Of(2025, 1, 1), day.Of(2029, 1, 1)
	for _, country := range []string{"DE", "AT", "FR", "PL", "SE", "GB", "RO"} {
		for _, days := range []int{1, 2, 14} {
			p := period{Country: country, Days: days, First: int32(first)}
			for d := first; d < last; d++ {
				if !d.Weekend() && !book.WorkingDay(country, d) {
					p.Closed = append(p.Closed, int32(d))
				}
			}
			for d := first; d < last-60; d++ {
				end, err := book.Deadline(country, d, law.Period{N: days, Unit: law.CalendarDays})
				if err != nil {
					t.Fatal(err)
				}
				p.Ends = append(p.Ends, int32(end))
			}
			all = append(all, p)
		}
	}
	return all
}

func TestEndsAreThoseOfTheLaw(t *testing.T) {
	r := &rules{buffer: make([]byte, 64)}
	for _, p := range periods(t) {
		var closed []string
		for _, d := range p.Closed {
			closed = append(closed, strconv.Itoa(int(d)))
		}
		r.setClosed(r.ask(t, closed...))
		for i, want := range p.Ends {
			event := day.Day(p.First) + day.Day(i)
			if got := r.ends(r.ask(t, event.String()), p.Days); got != want {
				t.Fatalf("%s: %d days after %s end on %s, want %s", p.Country, p.Days, event, day.Day(got), day.Day(want))
			}
		}
	}
}

func TestEnds(t *testing.T) {
	r := &rules{buffer: make([]byte, 64)}
	r.setMonths(r.ask(t, "4=April"))
	r.setClosed(r.ask(t, "20549", "", "x", "12345678", "-"+"1")) // 2026-04-06 and 1969-12-31
	for _, c := range []struct {
		value string
		days  int
		want  string
	}{
		{"2026-april-3", 3, "2026-04-08"}, {"2026-4-3", 3, "2026-04-08"}, {"--3.4.2026", 3, "2026-04-08"},
		{"1969-12-30", 1, "1970-01-01"}, {"2026-04-03", 36_525, "2126-04-04"},
		{"2026-04", 3, ""}, {"", 3, ""}, {"--", 3, ""}, {"2026-2-30", 3, ""}, {"26-4-3", 3, ""},
		{"2026-04-03", 0, ""}, {"2026-04-03", -14, ""}, {"2026-04-03", 36_526, ""},
	} {
		if got := day.Day(r.ends(r.ask(t, c.value), c.days)).String(); got != c.want {
			t.Errorf("%d days after %q end on %q, want %q", c.days, c.value, got, c.want)
		}
	}
	r.setClosed(0)
	if got := day.Day(r.ends(r.ask(t, "2026-04-03"), 3)).String(); got != "2026-04-07" {
		t.Errorf("without holidays the end is %s", got)
	}
}

// answer is a case for the JavaScript test, with what native Go says to it.
type answer struct {
	Name, Form, Field, Value string
	Today                    int32
	Months                   []string
	Rule, Over               int
}

// answers is all that the JavaScript test compares.
type answers struct {
	Checks      []answer
	Suggestions []formtest.Suggestion
	Periods     []period
}

// TestHost builds the module and has the host answer the tables in Node: the module as built, made smaller where the
// runtime cannot be cut, and as it is delivered.
func TestHost(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not installed: the module and its host are not tested")
	}
	if testing.Short() {
		t.Skip("building the module takes a while")
	}
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	build(t, in("built.wasm"), "")
	goRun(t, "../slim", in("built.wasm"), in("slim.wasm"))
	goRun(t, "../overlay", in("overlay"))
	build(t, in("cut.wasm"), in("overlay/overlay.json"))
	goRun(t, "../slim", in("cut.wasm"), in("delivered.wasm"))
	answers := in("answers.json")
	if err := os.WriteFile(answers, native(t), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, module := range []string{"built.wasm", "slim.wasm", "delivered.wasm"} {
		t.Run(module, func(t *testing.T) { testHost(t, node, in(module), answers) })
	}
}

// TestTinyGo holds the module of another compiler against the same tables. It is small, or it is not worth having.
func TestTinyGo(t *testing.T) {
	const budget = 15_000 // bytes after brotli
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not installed: the module of TinyGo is not tested")
	}
	if _, err := exec.LookPath("tinygo"); err != nil {
		t.Skip("tinygo is not on PATH: its module is not tested")
	}
	dir := t.TempDir()
	module, answers := filepath.Join(dir, "tinygo.wasm"), filepath.Join(dir, "answers.json")
	if out, err := exec.Command("tinygo", "build", "-target=wasm-unknown", "-opt=z", "-no-debug", "-panic=trap", "-o", module, ".").CombinedOutput(); err != nil {
		t.Fatalf("tinygo build: %v\n%s", err, out)
	}
	if err := os.WriteFile(answers, native(t), 0o600); err != nil {
		t.Fatal(err)
	}
	testHost(t, node, module, answers)
	data, err := os.ReadFile(module)
	if err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	w := brotli.NewWriterLevel(&packed, brotli.BestCompression)
	w.Write(data) // a bytes.Buffer cannot fail
	w.Close()
	if packed.Len() > budget {
		t.Errorf("%d bytes after brotli, the budget is %d", packed.Len(), budget)
	}
	t.Logf("%d bytes, %d after brotli", len(data), packed.Len())
}

func testHost(t *testing.T, node, module, answers string) {
	test := exec.Command(node, "--test", "wasm_test.mjs")
	test.Env = append(os.Environ(), "RULES="+module, "ANSWERS="+answers)
	if out, err := test.CombinedOutput(); err != nil {
		t.Errorf("node --test wasm_test.mjs: %v\n%s", err, out)
	}
}

func build(t *testing.T, module, overlay string) {
	t.Helper()
	cmd := exec.Command("go", "build", "-overlay="+overlay, "-buildmode=c-shared", "-trimpath", "-ldflags=-s -w -buildid=", "-o", module, ".")
	cmd.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm", "GOEXPERIMENT=nogreenteagc")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build the module: %v\n%s", err, out)
	}
}

func goRun(t *testing.T, args ...string) {
	t.Helper()
	if out, err := exec.Command("go", append([]string{"run"}, args...)...).CombinedOutput(); err != nil {
		t.Fatalf("go run %s: %v\n%s", args[0], err, out)
	}
}

func native(t *testing.T) []byte {
	t.Helper()
	all := answers{Suggestions: suggestions(t), Periods: periods(t)}
	for _, c := range cases(t) {
		f, _ := form.Lookup(c.Form)
		g, _ := f.Field(c.Field)
		value := norm.NFC.String(c.Value)
		rule, over := g.Check(value, c.Today, c.Months)
		all.Checks = append(all.Checks, answer{c.Name(), c.Form, c.Field, c.Value, int32(c.Today), append([]string{}, c.Months...), int(rule), over})
	}
	data, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// What the module imports besides the runtime is what visitors pay for; package form looks after its own imports.
func TestImports(t *testing.T) {
	list := exec.Command("go", "list", "-f", `{{join .Imports " "}}`, ".")
	list.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm")
	out, err := list.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	if got := strings.TrimSpace(string(out)); got != "recourse/day recourse/form unsafe" {
		t.Errorf("the module imports %s", got)
	}
}
