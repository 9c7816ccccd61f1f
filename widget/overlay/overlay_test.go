package main

import (
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestApply(t *testing.T) {
	c := &cuts{
		early:         map[string]map[string]string{"runtime": {"gone": "return 7", "thing.gone": "return"}},
		debugSettings: map[string]string{"gctrace": "", "invalidptr": ""},
	}
	const before = `package runtime

import "unsafe"

var dbgvars = []*dbgVar{
	{name: "gctrace", value: &debug.gctrace},
}

func gone(x int) int { return x }

func (t *thing) gone() {
	println("kept, it is not reached")
}

func (t *other) gone() {
	debug.gctrace = debug.invalidptr + 1
	address := &debug.gctrace
	if debug.gctrace > 0 && debug.unknown {
		print("a", 1, "\n")
		println(debug.gctrace)
		throw("bad")
	}
	my.gctrace = local.debug.gctrace
}
`
	const after = `package runtime

import "unsafe"

var dbgvars = []*dbgVar{}

func gone(x int) int { if true { return 7 }; return x }

func (t *thing) gone() { if true { return };
	println("kept, it is not reached")
}

func (t *other) gone() {
	debug.gctrace = int32(1) + 1
	address := &debug.gctrace
	if int32(0) > 0 && debug.unknown {
		if false { print("a", 1, "\n") }
		if false { println(debug.gctrace) }
		throw("bad")
	}
	my.gctrace = local.debug.gctrace
}
`
	got, err := c.apply("runtime", "proc.go", []byte(before))
	if err != nil || string(got) != after {
		t.Errorf("error %v, the file becomes\n%s", err, got)
	}
	if err := c.missing(); err != nil {
		t.Errorf("all was there: %v", err)
	}
	if got, err := c.apply("runtime", "panic.go", []byte("package runtime\nfunc f() { print(1) }")); err != nil || got != nil {
		t.Errorf("the words of a panic become %q, error %v", got, err)
	}
	if got, err := c.apply("internal/cpu", "cpu.go", []byte("package cpu\nfunc gone() { print(debug.gctrace) }")); err != nil || got != nil {
		t.Errorf("another package becomes %q, error %v", got, err)
	}
	if _, err := c.apply("runtime", "proc.go", []byte("package")); err == nil {
		t.Error("a file that is no Go is accepted")
	}
}

// What a new Go no longer has must be seen, each by its name.
func TestMissing(t *testing.T) {
	c := newCuts()
	if _, err := c.apply("runtime", "proc.go", []byte("package runtime\nfunc startm() {}\nfunc f() { if debug.sbrk != 0 { f() } }")); err != nil {
		t.Fatal(err)
	}
	err := c.missing()
	if err == nil {
		t.Fatal("nothing is missing")
	}
	for want, is := range map[string]bool{
		"runtime.wakep": true, "runtime.p.destroy": true, "internal/cpu.processOptions": true, "runtime.debug.gctrace": true, "runtime.dbgvars": true,
		"runtime.startm,": false, "runtime.debug.sbrk": false,
	} {
		if strings.Contains(err.Error(), want) != is {
			t.Errorf("the error names %s: %v, want %v", want, !is, is)
		}
	}
	if again := newCuts(); !maps.Equal(again.debugSettings, debugSettings) || len(again.early["runtime"]) != len(early["runtime"]) {
		t.Error("the tables themselves have changed")
	}
}

func TestUnfit(t *testing.T) {
	for version, want := range map[string]string{
		"go1.26": "", "go1.26.8": "", "go1.26.8 X:nogreenteagc": "", "go1.25.4": "known to fit go1.26", "go1.27.1": "this is go1.27.1",
		"go1.260": "known to fit", "go1.26rc1": "known to fit", "devel go1.27-abc": "known to fit",
	} {
		got := toolchain{version, "/usr/local/go", "/root/go/pkg/mod"}.unfit()
		if want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", version, got, want)
		}
	}
	cached := toolchain{"go1.26.8", "/root/go/pkg/mod/golang.org/toolchain@v0.0.1-go1.26.8.linux-amd64", "/root/go/pkg/mod"}
	if got := cached.unfit(); !strings.Contains(got, "module cache") {
		t.Errorf("a toolchain in the module cache: %q", got)
	}
}

// TestInstalled makes the overlay twice and runs a program that keeps the runtime busy, with and without it. ../wasm
// compares what the rules answer.
func TestInstalled(t *testing.T) {
	if testing.Short() {
		t.Skip("building modules takes a while")
	}
	list := makeOverlay(t)
	var overlay struct{ Replace map[string]string }
	if data, err := os.ReadFile(list); err != nil || json.Unmarshal(data, &overlay) != nil {
		t.Fatalf("read the list: %v", err)
	}
	found, err := installed()
	if err != nil {
		t.Fatal(err)
	}
	if reason := found.unfit(); reason != "" {
		if len(overlay.Replace) > 0 {
			t.Errorf("%d files are replaced although %s", len(overlay.Replace), reason)
		}
		t.Skip("nothing is cut: " + reason)
	}
	if len(overlay.Replace) < 20 {
		t.Errorf("%d files are replaced, want many", len(overlay.Replace))
	}
	before, after := runNode(t, build(t, "")), runNode(t, build(t, list))
	if before != after {
		t.Errorf("the whole runtime says\n%s\nthe cut one\n%s", before, after)
	}
	if !strings.Contains(after, "finalizer [true true]") {
		t.Errorf("the program says\n%s", after)
	}
}

func makeOverlay(t *testing.T) (list string) {
	t.Helper()
	dir := t.TempDir()
	if err := run([]string{dir}); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "overlay.json")
}

func build(t *testing.T, overlay string) (module string) {
	t.Helper()
	module = filepath.Join(t.TempDir(), "stress.wasm")
	cmd := exec.Command("go", "build", "-overlay="+overlay, "-o", module, "../slim/testdata/stress")
	cmd.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm", "GOEXPERIMENT=nogreenteagc")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build with overlay %q: %v\n%s", overlay, err, out)
	}
	return module
}

func runNode(t *testing.T, module string) string {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not installed: the module is not run")
	}
	out, err := exec.Command(node, "--no-warnings", "../slim/testdata/run.mjs", module).Output()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return string(out)
}

func TestUsage(t *testing.T) {
	if err := run(nil); err == nil || !strings.Contains(err.Error(), "usage") {
		t.Errorf("no folder gives %v", err)
	}
}
