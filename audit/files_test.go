package audit

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

const deadLink = "https://ec.europa.eu/consumers/odr"

func file(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }

// shopFolder has one file for each way a file can be treated.
func shopFolder() fstest.MapFS {
	return fstest.MapFS{
		"index.html":            file("<p>" + deadLink),
		"theme/footer.liquid":   file("\n  " + deadLink),
		"theme/LICENSE":         file("see " + deadLink), // no extension, but text
		"mail/order.eml":        file("Subject: x\n\n" + deadLink),
		"blog/closed.html":      file(deadLink),
		"news.html":             file(deadLink),
		"logo.png":              file(deadLink),
		"data.bin":              file("\x00\x01" + deadLink),
		"fake.html":             file("\x00" + deadLink),
		"terms.pdf":             file("%PDF-1.7 " + deadLink),
		"broken.docx":           file("PK\x03\x04[Content_Types].xml"),
		"locked.xlsx":           file("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00"),
		"old.doc":               file(deadLink),
		"huge.pdf":              file("%PDF-1.7 " + strings.Repeat("x", 2000)),
		"large.txt":             file(strings.Repeat("x", 2000) + deadLink),
		".git/config":           file(deadLink),
		"sub/node_modules/a.js": file(deadLink),
		"link.html":             {Data: []byte("index.html"), Mode: fs.ModeSymlink},
	}
}

func TestFiles(t *testing.T) {
	o := Options{Allow: []Allow{{Pattern: "blog/**"}, {Pattern: "news.html", Reason: "news"}}, Bytes: 1000, DocumentBytes: 1500}
	r, err := Files(t.Context(), shopFolder(), ".", "shop/", o)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, f := range r.Findings {
		found = append(found, f.Name)
	}
	want := "shop/index.html shop/mail/order.eml shop/theme/LICENSE shop/theme/footer.liquid"
	if got := strings.Join(found, " "); got != want {
		t.Errorf("found in\n%s\nwant\n%s", got, want)
	}
	if r.Read != 4 {
		t.Errorf("%d texts read, want 4", r.Read)
	}
	kinds := map[string]Kind{
		"shop/blog/closed.html": Allowed, "shop/news.html": Allowed, "shop/logo.png": Binary,
		"shop/data.bin": Binary, "shop/fake.html": Binary, "shop/terms.pdf": Failed,
		"shop/broken.docx": Failed, "shop/locked.xlsx": Failed, "shop/old.doc": Document, "shop/huge.pdf": Large,
		"shop/large.txt": Large, "shop/.git": Folder, "shop/sub/node_modules": Folder, "shop/link.html": Foreign,
	}
	for _, s := range r.Skipped {
		if kinds[s.Name] != s.Kind || s.Reason == "" {
			t.Errorf("%s skipped as %q (%s), want %q", s.Name, s.Kind, s.Reason, kinds[s.Name])
		}
		delete(kinds, s.Name)
	}
	if len(kinds) > 0 {
		t.Errorf("not reported as skipped: %v", kinds)
	}
}

// Several files are read at a time; the report is the same each time.
func TestSameFolder(t *testing.T) {
	folder := fstest.MapFS{}
	for i := range 300 {
		text := strings.Repeat("x ", i%7*100) + deadLink + "\n" + deadLink
		folder[fmt.Sprintf("%d/%d.html", i%10, i)] = file(text)
	}
	var first []Finding
	for range 5 {
		r, err := Files(t.Context(), folder, ".", "", Options{})
		if err != nil || len(r.Findings) != 600 || r.Read != 300 {
			t.Fatalf("%d findings in %d texts, %v", len(r.Findings), r.Read, err)
		}
		if first == nil {
			first = r.Findings
		}
		if !slices.Equal(first, r.Findings) {
			t.Fatal("another order")
		}
	}
	if !slices.IsSortedFunc(first, func(a, b Finding) int { return strings.Compare(a.Name, b.Name) }) {
		t.Error("not sorted")
	}
}

func TestOneFile(t *testing.T) {
	r, err := Files(t.Context(), shopFolder(), "index.html", "", Options{})
	if err != nil || len(r.Findings) != 1 || r.Findings[0].Name != "index.html" || r.Findings[0].Column != 4 {
		t.Errorf("got %+v, %v", r, err)
	}
	if _, err := Files(t.Context(), shopFolder(), "absent.html", "x/", Options{}); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), `"x/absent.html"`) {
		t.Errorf("absent file: %v", err)
	}
}

// unreadable refuses to open one file.
type unreadable struct{ fstest.MapFS }

func (u unreadable) Open(name string) (fs.File, error) {
	if name == "secret.html" {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return u.MapFS.Open(name)
}

func TestUnreadableFile(t *testing.T) {
	r, err := Files(t.Context(), unreadable{fstest.MapFS{"a.html": file("fine"), "secret.html": file("")}}, ".", "", Options{})
	if err != nil {
		t.Fatal(err)
	}
	if r.Read != 1 || r.skipped(Failed) != 1 || r.ExitCode() != 2 {
		t.Errorf("one file cannot be opened: %+v, exit code %d", r, r.ExitCode())
	}
}

func TestCharsets(t *testing.T) {
	const german, polish = "Europäische Kommission stellt eine Plattform bereit", "rozporządzenie nr 524/2013"
	latin2 := strings.NewReplacer("ą", "\xb1").Replace(polish)
	tests := []struct{ name, data, contentType, match string }{
		{"UTF-8", "ü " + german, "", german},
		{"UTF-8 that claims to be Latin-1", `<meta charset="iso-8859-1">` + german, "", german},
		{"UTF-8 with mark", "\xef\xbb\xbf" + german, "", german},
		{"windows-1252 by fallback", strings.ReplaceAll(german, "ä", "\xe4"), "", german},
		{"ISO-8859-2 by meta", `<meta charset="iso-8859-2">` + latin2, "", polish},
		{"ISO-8859-2 by meta http-equiv", `<meta http-equiv=Content-Type content="text/html; charset=ISO-8859-2">` + latin2, "", polish},
		{"ISO-8859-2 by XML", `<?xml version="1.0" encoding='ISO-8859-2'?><a>` + latin2 + "</a>", "", polish},
		{"ISO-8859-2 by PO header", "\"Content-Type: text/plain; charset=ISO-8859-2\\n\"\n" + latin2, "", polish},
		{"ISO-8859-2 by the server", latin2, "text/html; charset=iso-8859-2", polish},
		{"unknown charset", `<meta charset="klingon">` + strings.ReplaceAll(german, "ä", "\xe4"), "", german},
		{"UTF-16", "\xff\xfeO\x00D\x00R\x00 \x00p\x00l\x00a\x00t\x00f\x00o\x00r\x00m\x00", "", "ODR platform"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			text, ok := utf8Text([]byte(test.data), test.contentType)
			found := Scan("a.html", text)
			if !ok || len(found) != 1 || found[0].Match != test.match {
				t.Errorf("got %v %q, found %v", ok, text, found)
			}
		})
	}
}

func TestAllow(t *testing.T) {
	tests := []struct {
		pattern, name string
		want          bool
	}{
		{"closed.html", "blog/2025/closed.html", true},
		{"*.html", "a/b.html", true},
		{"*.html", "a/b.htm", false},
		{"blog/**", "blog/2025/closed.html", true},
		{"blog/**", "shop/blog/closed.html", false},
		{"**/blog/*", "shop/blog/closed.html", true},
		{"**/blog/*", "blog/closed.html", true},
		{"blog/*", "blog/2025/closed.html", false},
		{"/blog/*", "/blog/closed.html", true},
		{"https://shop.example/news/*", "https://shop.example/news/odr", true},
		{"https://shop.example/news/*", "https://other.example/news/odr", false},
		{"[", "[", false},
	}
	for _, test := range tests {
		if _, got := (Options{Allow: []Allow{{Pattern: test.pattern}}}).allowed(test.name); got != test.want {
			t.Errorf("%q allows %q: %v, want %v", test.pattern, test.name, got, test.want)
		}
	}
}
