// Package page is what all pages of the intake have in common: the frame around them, the stylesheet, the headers.
package page

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"strings"
	"sync"

	"recourse/intake/wording"
	"recourse/locale"
	"recourse/style"
)

//go:embed frame.html statement.html
var frame embed.FS

// Frame is what every page is given; the data of a page embeds it.
type Frame struct {
	wording.Voice
	Heading string
	Failed  bool // the title begins with "Error:", so that it is the first thing a screen reader says
	Depth   int  // of the page's path below the intake's address: 1 for "receipts/x"
	Inbox   bool // there is a way to log out
	Menu    []Entry
}

// Entry of the menu of the inbox.
type Entry struct {
	Href, Text string
	Current    bool
}

// Title of the page in the browser.
func (f Frame) Title() string {
	title := f.Heading + " – " + f.Shop.Name
	switch {
	case f.Failed && f.Inbox:
		return f.Text("inbox.error.prefix", locale.Arg{Name: "title", Value: title})
	case f.Failed:
		return f.Text("status.error.prefix", locale.Arg{Name: "title", Value: title})
	}
	return title
}

// Skip is the link before the header.
func (f Frame) Skip() string {
	if f.Inbox {
		return f.Text("inbox.skip")
	}
	return f.Text("site.skip")
}

// Root is the intake's address, seen from the page. Relative, because the same page is served below a path, at the root,
// and behind proxies that cut the path off.
func (f Frame) Root() string {
	if f.Depth == 0 {
		return "./"
	}
	return strings.Repeat("../", f.Depth)
}

// Stylesheet is the address of the stylesheet, seen from the page.
func (f Frame) Stylesheet() string { return f.Root() + StyleName }

// StyleName is the file name of the stylesheet; it changes with its content.
var StyleName = func() string {
	sum := sha256.Sum256(style.CSS)
	return "intake." + hex.EncodeToString(sum[:6]) + ".css"
}()

// ServeStyle serves the stylesheet.
func ServeStyle(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	w.Write(style.CSS)
}

// Template is a page that is parsed when it is first shown: a command that shows none need not wait for it.
type Template func() *template.Template

// Parse makes the template of a page: the frame with the "content" that one of the files defines.
func Parse(fsys fs.FS, files ...string) Template {
	return sync.OnceValue(func() *template.Template { return parse(fsys, files) })
}

func parse(fsys fs.FS, files []string) *template.Template {
	// arg fills a placeholder: {{.Text "key" (arg "name" value)}}.
	fill := template.FuncMap{"arg": func(name, value string) locale.Arg { return locale.Arg{Name: name, Value: value} }}
	t := template.Must(template.New("frame.html").Funcs(fill).ParseFS(frame, "*.html"))
	return template.Must(t.ParseFS(fsys, files...))
}

// Write prints a page. Nothing is sent before the page is whole.
func Write(w http.ResponseWriter, status int, t Template, data any) error {
	var b bytes.Buffer
	if err := t().ExecuteTemplate(&b, "frame.html", data); err != nil {
		return fmt.Errorf("draw a page: %w", err)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, err := b.WriteTo(w)
	return err
}

// Policy is the Content-Security-Policy of all our pages: they have no script at all.
const Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; " +
	"frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'"

// Headers sets what all answers have: nothing is kept by caches, told to other sites, or shown in frames.
func Headers(h http.Header) {
	h.Set("Content-Security-Policy", Policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("X-Frame-Options", "DENY")
	h.Set("X-Robots-Tag", "noindex")
}

// See sends the browser on to an address relative to the one it asked for. http.Redirect would make it absolute from
// a path that a proxy or our own prefix has shortened.
func See(w http.ResponseWriter, relative string) {
	w.Header().Set("Location", relative)
	w.WriteHeader(http.StatusSeeOther)
}
