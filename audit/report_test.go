package audit

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestText(t *testing.T) {
	r := &Report{}
	r.scan("agb.html", []byte("<p>\nOS-\nPlattform: "+deadLink))
	r.scan("fr.html", []byte("ODR platform. Le\nmédiateur de  la consommation"))
	r.scan("impressum.html", []byte(deadLink+"?\x1b[31m"))
	r.skip("terms.pdf", Document, "look yourself")
	r.skip("logo.png", Binary, "not a text")
	r.Sort()
	var b bytes.Buffer
	if err := r.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	const want = `agb.html:2:1: warning: "OS- Plattform" (odr-wording-de)
agb.html:3:12: error: "https://ec.europa.eu/consumers/odr" (odr-link)
fr.html:1:1: warning: "ODR platform" (odr-wording-any); keep what is said about "médiateur de la consommation"
impressum.html:1:1: error: "https://ec.europa.eu/consumers/odr?\x1b" (odr-link)

warning: standard wording about the EU ODR platform, which closed on 20 July 2025.
  To do: remove it, unless the text reports on the closure; keep your e-mail address and your statement on alternative dispute resolution.

error: link to the EU ODR platform, which closed on 20 July 2025 (Regulation (EU) 2024/3228): a misleading statement.
  To do: remove the link and the sentence around it; keep your e-mail address and your statement on alternative dispute resolution.

terms.pdf: not searched: look yourself
2 errors, 2 warnings in 3 texts; 2 not searched
`
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}

func TestJSON(t *testing.T) {
	r := &Report{}
	r.scan("a.html", []byte("<b>"+deadLink))
	var b bytes.Buffer
	if err := r.JSON(&b); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Findings               []Finding
		Skipped                []Skip
		Unused                 []Allow
		Version                int
		Read, Errors, Warnings int
	}
	decoder := json.NewDecoder(&b)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&got); err != nil {
		t.Fatal(err)
	}
	if len(got.Findings) != 1 || got.Findings[0] != r.Findings[0] || got.Skipped == nil || got.Unused == nil || got.Version != 1 || got.Read != 1 || got.Errors != 1 || got.Warnings != 0 {
		t.Errorf("got %+v", got)
	}
}

func TestExitCode(t *testing.T) {
	warning := &Report{}
	warning.scan("a.txt", []byte("ODR platform"))
	failed := &Report{}
	failed.skip("x", Failed, "no")
	both := &Report{}
	both.scan("a.txt", []byte(deadLink))
	both.Add(failed)
	for want, r := range map[int]*Report{0: warning, 2: failed, 1: both} {
		if got := r.ExitCode(); got != want {
			t.Errorf("exit code %d, want %d: %+v", got, want, r)
		}
	}
}

func TestRun(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	write := func(name, text string) {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("public/agb.html", deadLink)
	write("public/picture.png", "x")
	write("empty/.keep/x.png", "x")
	for target, want := range map[string]string{
		"public":                                "public/agb.html",
		"public/":                               "public/agb.html",
		".":                                     "public/agb.html",
		"./public/agb.html":                     "./public/agb.html",
		"public/agb.html":                       "public/agb.html",
		filepath.Join(dir, "public/agb.html"):   filepath.ToSlash(dir) + "/public/agb.html",
		filepath.Join(dir, "public", "..", "."): filepath.ToSlash(dir) + "/public/agb.html",
	} {
		r, err := Run(context.Background(), nil, []string{target}, Options{})
		if err != nil || len(r.Findings) != 1 || r.Findings[0].Name != want {
			t.Errorf("%q: want a finding in %q, got %+v, %v", target, want, r, err)
		}
	}
	if _, err := Run(context.Background(), nil, []string{"public", "pulbic"}, Options{}); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), `"pulbic"`) {
		t.Errorf("misspelt folder: %v", err)
	}
	if _, err := Run(context.Background(), nil, []string{"empty"}, Options{}); err == nil || !strings.Contains(err.Error(), "nothing could be searched") {
		t.Errorf("folder without texts: %v", err)
	}
}
