package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSecret(t *testing.T) {
	const name = "RECOURSE_SMTP_URL"
	dir := t.TempDir()
	write := func(file, text string) string {
		path := filepath.Join(dir, file)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	credential, own, empty := write("recourse-smtp-url", "from systemd\r\n"), write("own", "from a file \n"), write("empty", "\n")
	for _, c := range []struct{ value, file, credentials, want, problem string }{
		{"", "", "", "", ""},
		{"set", "", "", "set", ""},
		{"set", "", dir, "set", ""},
		{"", own, dir, "from a file ", ""}, // a space may belong to a password
		{"", "", filepath.Dir(credential), "from systemd", ""},
		{"", "", t.TempDir(), "", ""},
		{"set", own, "", "", "keep one of them"},
		{"", empty, "", "", "is empty"},
		{"", filepath.Join(dir, "missing"), "", "", "no such file"},
	} {
		t.Setenv(name, c.value)
		t.Setenv(name+"_FILE", c.file)
		t.Setenv("CREDENTIALS_DIRECTORY", c.credentials)
		got, err := secret(name)
		if got != c.want || (err == nil) != (c.problem == "") || err != nil && !strings.Contains(err.Error(), c.problem) {
			t.Errorf("%+v: got %q, %v", c, got, err)
		}
	}
}
