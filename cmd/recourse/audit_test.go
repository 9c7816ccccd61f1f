package main

import (
	"io"
	"os"
	"testing"
)

func TestAuditStatus(t *testing.T) {
	t.Chdir(t.TempDir())
	for name, text := range map[string]string{
		"fine.html": "fine", "phrase.html": "ODR platform", "link.html": "https://ec.europa.eu/consumers/odr", "broken.pdf": "x",
	} {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	tests := []struct {
		target string
		want   int
	}{
		{"fine.html", 0}, {"phrase.html", 0}, {"link.html", 1}, {"broken.pdf", 2}, {".", 1},
		{"absent.html", 2}, {"http://127.0.0.1:1/", 2}, {"--allow-file=absent.txt", 2},
	}
	for _, test := range tests {
		if got := run(t.Context(), []string{"audit", "fine.html", test.target}, io.Discard, io.Discard); got != test.want {
			t.Errorf("audit %s ends with status %d, want %d", test.target, got, test.want)
		}
	}
}
