// Command overlay leaves out the parts of Go's runtime that the rules for the browser never use:
//
//	go run ./widget/overlay DIR
//	go build -overlay DIR/overlay.json …
//
// It copies files of the installed runtime to DIR, with changes, and writes the list of them for the go command
// (go help build, -overlay). The installation is not touched. What is left out (cuts.go) serves people who debug a
// server: tracing, profiles, goroutine traces, GODEBUG, the words around a crash; and second threads, which
// WebAssembly does not have. Memory, garbage collection, goroutines, panics and recover stay as they are.
//
// The changes are known to fit Go 1.26. For other versions, and for a toolchain in the module cache, whose files the
// go command does not let anybody overlay, the list is empty and a line on standard error says so: the rules become
// larger and stay right. A function that has gone from a version that should have it is an error.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "overlay:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 1 {
		return errors.New("usage: overlay DIR")
	}
	dir, err := filepath.Abs(args[0])
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	replaced := map[string]string{}
	found, err := installed()
	if err != nil {
		return err
	}
	if reason := found.unfit(); reason != "" {
		fmt.Fprintf(os.Stderr, "overlay: nothing is left out of the rules, they will be larger: %s\n", reason)
	} else if replaced, err = found.overlay(dir); err != nil {
		return fmt.Errorf("cut the runtime of %s: %w; make wasm WASM_COMPILER=plain does without", found.version, err)
	}
	list, err := json.MarshalIndent(map[string]any{"Replace": replaced}, "", "\t")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "overlay.json"), list, 0o644)
}

// toolchain is the Go that will build the rules.
type toolchain struct{ version, root, moduleCache string }

func installed() (toolchain, error) {
	out, err := exec.Command("go", "env", "GOVERSION", "GOROOT", "GOMODCACHE").Output()
	lines := strings.Split(string(out), "\n")
	if err != nil || len(lines) < 3 {
		return toolchain{}, fmt.Errorf("go env answers %q: %w", out, err)
	}
	return toolchain{lines[0], lines[1], lines[2]}, nil
}

// unfit says why a toolchain is left alone, or nothing.
func (t toolchain) unfit() string {
	switch {
	case t.version != known && !strings.HasPrefix(t.version, known+"."):
		return fmt.Sprintf("the cuts are known to fit %s, this is %s", known, t.version)
	case strings.HasPrefix(t.root, t.moduleCache+string(filepath.Separator)):
		return fmt.Sprintf("%s is a toolchain in the module cache, where go build refuses overlays", t.root)
	}
	return ""
}

// overlay writes the changed files to dir and gives them by the path of the file they stand for.
func (t toolchain) overlay(dir string) (map[string]string, error) {
	replaced := map[string]string{}
	todo := newCuts()
	for _, pkg := range packages {
		files, err := sources(pkg)
		if err != nil {
			return nil, err
		}
		for _, path := range files {
			source, err := os.ReadFile(path)
			if err != nil {
				return nil, err
			}
			changed, err := todo.apply(pkg, path, source)
			if err != nil {
				return nil, err
			}
			if changed == nil {
				continue
			}
			copied := filepath.Join(dir, strings.ReplaceAll(pkg, "/", "-")+"-"+filepath.Base(path))
			if err := os.WriteFile(copied, changed, 0o644); err != nil {
				return nil, err
			}
			replaced[path] = copied
		}
	}
	return replaced, todo.missing()
}

// sources lists the files of a package that are compiled for the rules.
func sources(pkg string) ([]string, error) {
	list := exec.Command("go", "list", "-f", "{{$dir := .Dir}}{{range .GoFiles}}{{$dir}}/{{.}}\n{{end}}", pkg)
	list.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm")
	out, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("go list %s: %w", pkg, err)
	}
	return strings.Fields(string(out)), nil
}
