package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestNumbers(t *testing.T) {
	for _, v := range []int32{0, 1, -1, 63, 64, -64, -65, 127, 128, 8191, 8192, -8192, -8193, 1 << 30, math.MaxInt32, math.MinInt32} {
		coded := appendSleb(nil, v)
		r := reader{append(coded, 0x55), "test"}
		if got := r.sleb(); got != v || len(r.rest) != 1 {
			t.Errorf("%d is read back as %d with %d bytes left of %#x", v, got, len(r.rest), coded)
		}
	}
	for _, v := range []int{0, 1, 127, 128, 16384, math.MaxUint32} {
		r := reader{binary.AppendUvarint(nil, uint64(v)), "test"}
		if got := r.uleb(); got != v || len(r.rest) != 0 {
			t.Errorf("%d is read back as %d with %d bytes left", v, got, len(r.rest))
		}
	}
	wrong := []func(r *reader){func(r *reader) { r.uleb() }, func(r *reader) { r.sleb() }}
	for _, coded := range []string{"", "\x80", "\xff\xff\xff\xff\xff\x01"} {
		for _, read := range wrong {
			if err := attempt(func() { read(&reader{[]byte(coded), "test"}) }); err == nil {
				t.Errorf("%#x is read as a number of 32 bits", coded)
			}
		}
	}
}

func attempt(f func()) (err error) {
	defer recoverMalformed(&err)
	f()
	return nil
}

func TestSections(t *testing.T) {
	file := module(section{1, []byte("types")}, section{custom, nil}, section{dataSection, bytes.Repeat([]byte("d"), 300)})
	if got := encode(parse(file)); !bytes.Equal(got, file) {
		t.Errorf("%#x is written back as %#x", file, got)
	}
}

func module(sections ...section) []byte { return encode(sections) }

func TestImage(t *testing.T) {
	var body []byte
	zeros := strings.Repeat("\x00", gap)
	body = append(body, 4)
	for _, s := range []segment{{0x8001, []byte("abc")}, {0x8006, []byte("d" + zeros[1:] + "e" + zeros + "f")}, {0x8002, []byte("X")}, {0x9000, []byte("\x00")}} {
		body = append(body, activeInMemory0, i32Const)
		body = append(appendSleb(body, int32(s.address)), end)
		body = append(binary.AppendUvarint(body, uint64(len(s.bytes))), s.bytes...)
	}
	before := load(body)
	coded := before.encode()
	if got := readSegments(coded); len(got) != 2 || got[0].address != 0x8001 || string(got[1].bytes) != "f" {
		t.Errorf("the data become %v", got)
	}
	want := "aXc\x00\x00d" + zeros[1:] + "e" + zeros + "f"
	if got := string(bytes.Trim(load(coded).bytes, "\x00")); got != want {
		t.Errorf("the data are read back as %q, want %q", got, want)
	}
}

func TestRefused(t *testing.T) {
	memory, data := section{memorySection, []byte{1, 0, 1}}, section{dataSection, []byte("\x01\x00\x41\x10\x0b\x03abc")}
	for name, c := range map[string]struct {
		file []byte
		want string
	}{
		"empty":           {nil, "no WebAssembly"},
		"other version":   {[]byte("\x00asm\x02\x00\x00\x00"), "no WebAssembly"},
		"no program":      {module(), "not built by Go"},
		"another tool's":  {module(producers("Rust", "1.90"), memory, data), "not built by Go"},
		"old Go":          {module(producers("Go", "go1.25.4"), memory, data), `built by "go1.25.4"`},
		"new Go":          {module(producers("Go", "go1.28"), memory, data), `built by "go1.28"`},
		"Go from a tree":  {module(producers("Go", "devel +abc"), memory, data), `built by "devel +abc"`},
		"no memory":       {module(producers("Go", "go1.26.8"), data), "0 memories"},
		"no data":         {module(producers("Go", "go1.26.8"), memory), "0 data sections"},
		"no symbol table": {module(producers("Go", "go1.26.8"), memory, data), "want one symbol table"},
		"passive data":    {module(producers("Go", "go1.26.8"), memory, section{dataSection, []byte("\x01\x01\x03abc")}), "a segment of the form"},
		"far data":        {module(producers("Go", "go1.27rc1"), memory, section{dataSection, append(slices.Clone([]byte("\x02\x00\x41\x00\x0b\x01a\x00\x41")), "\xff\xff\xff\xff\x07\x0b\x01a"...)}), "more than"},
	} {
		if _, err := slim(c.file); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want one about %q", name, err, c.want)
		}
	}
}

func producers(language, version string) section {
	body := []byte("\x09producers\x01\x08language\x01")
	for _, s := range []string{language, version} {
		body = append(append(body, byte(len(s))), s...)
	}
	return section{custom, body}
}

// A table with less room than what belongs in it, and funcdata that two uses share, are errors.
func TestTables(t *testing.T) {
	m := &image{0, make([]byte, 64)}
	tables := &tables{image: m, layout: layouts[26]}
	if err := attempt(func() { tables.replace("pctab", table{0, 3}, []byte("four")) }); err == nil || !strings.Contains(err.Error(), "grow from 3 to 4") {
		t.Errorf("a table that grows gives %v", err)
	}
	tables.gofunc, tables.findfunctab = 0, 64
	binary.LittleEndian.PutUint32(m.at(0, 4), 1)
	binary.LittleEndian.PutUint32(m.at(4, 4), 32) // one map of 32 bits: twelve bytes are needed
	m.bytes[12] = math.MaxUint8
	plain := func(kind int, offset uint32) function {
		list := slices.Repeat([]uint32{none}, funcdataKinds)
		list[kind] = offset
		return function{fixed: make([]byte, fixedSize), funcdata: list}
	}
	fine := []function{plain(localsPointerMaps, 0), plain(argInfo, 12)}
	if err := attempt(func() { tables.clearFuncdata(fine) }); err != nil || m.bytes[12] != 0 || m.bytes[4] != 32 {
		t.Errorf("neighbours: error %v, memory %v", err, m.bytes)
	}
	m.bytes[12] = math.MaxUint8
	if err := attempt(func() { tables.clearFuncdata([]function{fine[0], plain(argInfo, 11)}) }); err == nil || !strings.Contains(err.Error(), "overlaps") {
		t.Errorf("funcdata that overlap give %v", err)
	}
}

func TestStackMaps(t *testing.T) {
	pctab := []byte("\x00" +
		"\x00\x05\x00" + // -1 for five bytes of code
		"\x00\x05\x02\x01\x00" + // -1, then 0
		"\x04\x81\x01\x01\x05\x00") // 1 for 129 bytes, then 0
	tables := &tables{image: &image{0, pctab}, pctab: table{0, len(pctab)}}
	for offset, want := range map[uint32]struct {
		length, largest int
		needed          bool
	}{1: {3, -1, false}, 4: {5, 0, false}, 9: {6, 1, true}} {
		if got := tables.pcTable(offset); len(got) != want.length {
			t.Errorf("the table at %d is %#x, want %d bytes", offset, got, want.length)
		}
		if got := tables.largest(offset); got != want.largest {
			t.Errorf("the table at %d reaches %d, want %d", offset, got, want.largest)
		}
		if got := tables.neededPcdata(stackMapIndex, offset, false); got != want.needed {
			t.Errorf("the table at %d is needed: %v, want %v", offset, got, want.needed)
		}
	}
}

// TestPrograms slims a program that keeps the runtime busy and the rules for the browser. ../wasm compares what the
// rules answer.
func TestPrograms(t *testing.T) {
	if testing.Short() {
		t.Skip("building modules takes a while")
	}
	stress := build(t, "./testdata/stress")
	rules := build(t, "../wasm", "-buildmode=c-shared")
	for name, file := range map[string][]byte{"stress": stress, "rules": rules} {
		t.Run(name, func(t *testing.T) { testSlim(t, file) })
	}
	t.Run("damaged", func(t *testing.T) { testDamaged(t, rules) })
	t.Run("run", func(t *testing.T) { testRun(t, stress) })
	t.Run("begin", func(t *testing.T) { testBegin(t, rules, stress) })
}

func build(t *testing.T, pkg string, flags ...string) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "built.wasm")
	cmd := exec.Command("go", slices.Concat([]string{"build", "-trimpath", "-ldflags=-s -w -buildid=", "-o", path}, flags, []string{pkg})...)
	cmd.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm", "GOEXPERIMENT=nogreenteagc")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build %s: %v\n%s", pkg, err, out)
	}
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func testSlim(t *testing.T, file []byte) {
	before := bytes.Clone(file)
	first, err := slim(file)
	if err != nil {
		t.Fatal(err)
	}
	if second, _ := slim(file); !bytes.Equal(first, second) || !bytes.Equal(file, before) {
		t.Error("a second time gives another result")
	}
	if _, err := slim(first); err == nil || !strings.Contains(err.Error(), "slim already") {
		t.Errorf("the result slimmed again gives %v", err)
	}
	for _, s := range parse(first) {
		if s.id == custom {
			t.Errorf("a custom section %.20q is left", s.body)
		}
		if s.id != dataSection && !slices.ContainsFunc(parse(file), func(old section) bool { return old.id == s.id && bytes.Equal(old.body, s.body) }) {
			t.Errorf("section %d has changed", s.id)
		}
		if s.id == dataSection && len(readSegments(s.body)) > 1000 {
			t.Errorf("%d data segments, want few", len(readSegments(s.body)))
		}
	}
	for _, trace := range []string{"main.main\x00", "runtime.gopanic\x00", "runtime/panic.go"} {
		if !bytes.Contains(file, []byte(trace)) && trace != "main.main\x00" || bytes.Contains(first, []byte(trace)) {
			t.Errorf("%q was not there, or still is", trace)
		}
	}
}

// testDamaged cuts the file and changes bytes of its tables: an error or a result, and no panic.
func testDamaged(t *testing.T, file []byte) {
	chance := rand.New(rand.NewPCG(1, 2))
	for range 30 {
		if _, err := slim(file[:chance.IntN(len(file))]); err == nil {
			t.Error("a file cut off is accepted")
		}
	}
	sections := parse(file)
	data := theData(sections)
	refused := 0
	for range 30 {
		m := load(sections[data].body)
		header := findHeader(m)
		from := []int{header, header, findTables(m, layoutOf(goVersion(sections))).pclntab.address}[chance.IntN(3)]
		for range 1 + chance.IntN(3) {
			m.at(from+chance.IntN(200), 1)[0] ^= byte(1 << chance.IntN(8))
		}
		damaged := slices.Clone(sections)
		damaged[data].body = m.encode()
		if _, err := slim(encode(damaged)); err != nil {
			refused++
		}
	}
	if refused < 10 {
		t.Errorf("%d of 30 damaged tables are refused", refused)
	}
}

// testBegin: a library has begun, once, and asks for nothing more; a program is refused. What it answers is compared in
// ../wasm, with native Go.
func testBegin(t *testing.T, library, program []byte) {
	slimmed, err := slim(library)
	if err != nil {
		t.Fatal(err)
	}
	first, err := begin(slimmed)
	if err != nil {
		t.Fatal(err)
	}
	if second, _ := begin(slimmed); !bytes.Equal(first, second) {
		t.Error("a second time gives another result")
	}
	exports := readExports(theSection(parse(first), exportSection))
	names := fmt.Sprint(exports)
	if strings.Contains(names, initialize) || strings.Contains(names, "global") || !strings.Contains(names, "check") {
		t.Errorf("it exports %v", exports)
	}
	for name, file := range map[string][]byte{"begun": first, "a program": program} {
		if _, err := begin(file); err == nil || !strings.Contains(err.Error(), "no library") {
			t.Errorf("%s: begin gives %v", name, err)
		}
	}
}

func TestGlobals(t *testing.T) {
	plain := []byte{2, typeI32, 1, constI32, 0, end, typeI64, 1, constI64, 0, end}
	globals := readGlobals(plain)
	globals[0].value, globals[1].value = math.MaxUint32, 1<<40
	want := []byte("\x02\x7f\x01\x41\x7f\x0b\x7e\x01\x42\x80\x80\x80\x80\x80\x20\x0b")
	if got := encodeGlobals(globals); !bytes.Equal(got, want) {
		t.Errorf("the globals become %#x, want %#x", got, want)
	}
	for name, body := range map[string]string{
		"a float": "\x01\x7c\x01\x44\x00\x0b", "a value": "\x01\x7f\x01\x41\x05\x0b", "cut off": "\x01\x7f\x01",
	} {
		if err := attempt(func() { readGlobals([]byte(body)) }); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}

// testRun has the program say the same before and after, in the time it takes plus some.
func testRun(t *testing.T, file []byte) {
	slimmed, err := slim(file)
	if err != nil {
		t.Fatal(err)
	}
	before, slow := runNode(t, file)
	after, fast := runNode(t, slimmed)
	t.Logf("as built %v, slimmed %v", slow, fast)
	if before != after {
		t.Errorf("as built:\n%s\nslimmed:\n%s", before, after)
	}
	for _, want := range []string{"value method main.inner.Value called using nil *inner pointer", "function: <nil>; two down: 4", "inlined into a wrapper: 14", "on the stack [511 2047]", "finalizer [true true]"} {
		if !strings.Contains(after, want) {
			t.Errorf("the program does not say %q:\n%s", want, after)
		}
	}
}

func runNode(t *testing.T, file []byte) (output string, took time.Duration) {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not installed: the slimmed module is not run")
	}
	path := filepath.Join(t.TempDir(), "stress.wasm")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	cmd := exec.Command(node, "--no-warnings", "testdata/run.mjs", path)
	out, err := cmd.Output()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		t.Fatalf("%v: %s\n%s", err, out, exit.Stderr)
	}
	return string(out), time.Since(start)
}

// FuzzSlim: whatever the input, an error or a module that can be read.
func FuzzSlim(f *testing.F) {
	memory := section{memorySection, []byte{1, 0, 1}}
	words := binary.LittleEndian.AppendUint64(slices.Clone(magic), 3)
	words = append(words, bytes.Repeat([]byte("\x40\x00\x00\x00\x00\x00\x00\x00"), 80)...)
	data := append([]byte{1, activeInMemory0, i32Const, 0x40, end}, binary.AppendUvarint(nil, uint64(len(words)))...)
	for _, version := range []string{"go1.26.8", "go1.27.1"} {
		f.Add(module(producers("Go", version), memory, section{dataSection, append(slices.Clone(data), words...)}))
	}
	f.Add(module())
	f.Fuzz(func(t *testing.T, file []byte) {
		out, err := slim(file)
		if err == nil {
			parse(out)
		}
	})
}
