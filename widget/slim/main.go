// Command slim makes a Go library for WebAssembly smaller, and ready at once, without touching its code:
//
//	go run ./widget/slim IN OUT
//
// IN comes from the standard Go compiler (GOARCH=wasm, -buildmode=c-shared, Go 1.26 or 1.27). OUT gives the same
// answers; it has lost what only a Go developer would read: stack traces say "?" for functions, files and lines, and so
// do runtime.Caller and runtime.FuncForPC. The text of a panic stays. It has begun already: there is no _initialize to
// call, see begin.go. Equal input gives equal output.
//
// Each step says why it is safe, and which part of Go's runtime it relies on. What slim does not know (another version
// of Go, tables that overlap or would grow) is an error, never a guess.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"slices"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "slim:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 2 {
		return errors.New("usage: slim IN OUT")
	}
	in, err := os.ReadFile(args[0])
	if err != nil {
		return err
	}
	out, err := slim(in)
	if err == nil {
		out, err = begin(out)
	}
	if err != nil {
		return fmt.Errorf("slim %q: %w", args[0], err)
	}
	return os.WriteFile(args[1], out, 0o644)
}

// slim rewrites a module. Nothing but the data section changes, and the custom sections go: they are for tools
// (producers, names, build id), and WebAssembly lets an engine ignore them.
func slim(file []byte) (out []byte, err error) {
	defer recoverMalformed(&err)
	sections := parse(file)
	layout := layoutOf(goVersion(sections))
	i := theData(sections)
	memory := load(sections[i].body)
	dropTraces(memory, layout)
	sections[i].body = memory.encode()
	sections = slices.DeleteFunc(sections, func(s section) bool { return s.id == custom })
	return encode(sections), nil
}

// theData finds the only data section. Memory that comes from outside need not be zero where no segment writes.
func theData(sections []section) int {
	count := map[byte]int{}
	for _, s := range sections {
		count[s.id]++
	}
	if count[memorySection] != 1 || count[dataSection] != 1 {
		fail("%d memories of its own and %d data sections, want one of each: not a program of Go", count[memorySection], count[dataSection])
	}
	return slices.IndexFunc(sections, func(s section) bool { return s.id == dataSection })
}

// malformed travels as a panic from deep inside a table to slim, so that the code in between reads as the format does.
type malformed struct{ error }

func fail(format string, args ...any) { panic(malformed{fmt.Errorf(format, args...)}) }

func recoverMalformed(err *error) {
	switch p := recover().(type) {
	case nil:
	case malformed:
		*err = p.error
	default:
		panic(p)
	}
}

// goVersion reads what cmd/link writes about itself (cmd/link/internal/wasm/asm.go, writeProducerSec), "go1.26.8".
func goVersion(sections []section) string {
	for _, s := range sections {
		r := reader{s.body, "producers section"}
		if s.id != custom || !bytes.HasPrefix(s.body, []byte("\x09producers")) {
			continue
		}
		r.text()
		if r.uleb() > 0 && r.text() == "language" && r.uleb() > 0 && r.text() == "Go" {
			return r.text()
		}
	}
	fail("no producers section that names Go: not built by Go, or slim already")
	return ""
}
