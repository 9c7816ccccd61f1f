package main

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// A shop's files are the same, whether it is built alone or after others of other words and facts.
func TestAloneAndAmongOthers(t *testing.T) {
	folder := t.TempDir()
	var files []string
	for i, change := range []map[string]string{
		{},
		{"trader.legal_name": `"B & <i>\"Co\"</i>"`, "trader.email": `"b@b.example"`, "name": `"{contact}"`},
		{"publish": `"https://c.example/law/"`, "intake": `"https://c.example/law/"`, "body.name": `"  a   body "`},
		{"intake": `""`},
	} {
		text := maps.Clone(texts)
		maps.Copy(text, change)
		file := filepath.Join(folder, fmt.Sprint(i, ".toml"))
		if err := os.WriteFile(file, shopFile(text), 0o644); err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	w, err := source{}.workshop()
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range slices.Concat(files, files) {
		alone, err := source{Shop: file}.open()
		if err != nil {
			t.Fatal(err)
		}
		among, err := w.open(file)
		if err != nil {
			t.Fatal(err)
		}
		want, err := alone.build()
		if err != nil {
			t.Fatal(err)
		}
		got, err := among.build()
		if err != nil {
			t.Fatal(err)
		}
		if !maps.EqualFunc(got, want, bytes.Equal) {
			t.Errorf("%s: %d files among others, %d alone, or they differ", file, len(got), len(want))
		}
	}
}
