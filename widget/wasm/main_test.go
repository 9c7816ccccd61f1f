package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"recourse/form"
	"recourse/form/formtest"
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
		if c.Answer == "" {
			if length := r.clean(n); length < 0 || string(r.buffer[:length]) != c.Cleaned {
				t.Errorf("%s: cleaned to %q (%d), want %q", c.Name(), r.buffer[:max(0, length)], length, c.Cleaned)
			}
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
		if got := r.clean(r.ask(t, lines...)); got != unknown {
			t.Errorf("clean of %q = %d, want %d", lines, got, unknown)
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
	small := &rules{buffer: []byte("withdrawal\nname\n\xff\xff\xff\xff")}
	if got := small.clean(20); got != 12 {
		t.Errorf("four wrong octets cleaned to %d octets, want 12", got)
	}
	full := &rules{buffer: []byte("withdrawal\nname\n" + strings.Repeat("\xff", 20))}
	if got := full.clean(len(full.buffer)); got != unknown {
		t.Errorf("a cleaned value longer than the buffer gave %d, want %d", got, unknown)
	}
}

// answer is a case for the JavaScript test, with what native Go says to it.
type answer struct {
	Name, Form, Field, Value string
	Today                    int32
	Months                   []string
	Rule, Over               int
	Cleaned                  string
}

// TestHost builds the module and has the host answer the tables in Node: the module as built, and as it is delivered.
func TestHost(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not installed: the module and its host are not tested")
	}
	if testing.Short() {
		t.Skip("building the module takes a while")
	}
	dir := t.TempDir()
	built, slim, table := filepath.Join(dir, "built.wasm"), filepath.Join(dir, "slim.wasm"), filepath.Join(dir, "answers.json")
	build(t, built)
	if out, err := exec.Command("go", "run", "../slim", built, slim).CombinedOutput(); err != nil {
		t.Fatalf("slim the module: %v\n%s", err, out)
	}
	if err := os.WriteFile(table, native(t), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, module := range []string{built, slim} {
		t.Run(filepath.Base(module), func(t *testing.T) {
			test := exec.Command(node, "--test", "wasm_test.mjs")
			test.Env = append(os.Environ(), "RULES="+module, "ANSWERS="+table)
			if out, err := test.CombinedOutput(); err != nil {
				t.Errorf("node --test wasm_test.mjs: %v\n%s", err, out)
			}
		})
	}
}

func build(t *testing.T, module string) {
	t.Helper()
	cmd := exec.Command("go", "build", "-buildmode=c-shared", "-trimpath", "-ldflags=-s -w -buildid=", "-o", module, ".")
	cmd.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm", "GOEXPERIMENT=nogreenteagc")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build the module: %v\n%s", err, out)
	}
}

func native(t *testing.T) []byte {
	t.Helper()
	var answers []answer
	for _, c := range cases(t) {
		f, _ := form.Lookup(c.Form)
		g, _ := f.Field(c.Field)
		value := norm.NFC.String(c.Value)
		rule, over := g.Check(value, c.Today, c.Months)
		answers = append(answers, answer{c.Name(), c.Form, c.Field, c.Value, int32(c.Today), append([]string{}, c.Months...), int(rule), over, form.Clean(g.Type, value)})
	}
	data, err := json.Marshal(answers)
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
