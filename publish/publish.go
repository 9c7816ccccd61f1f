// Package publish serves a built dist/ folder the way any web server in front of it should: right types, files named by
// their hash cached for good, everything usable from the shop's pages on another origin.
package publish

import (
	"io/fs"
	"net/http"
	"path"
	"strings"
)

// Policy is the Content-Security-Policy of the generated pages. They need our own script (the widget), its WebAssembly
// and nothing else.
const Policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'self'; require-trusted-types-for 'script'"

// Handler serves the files of dist. A path without a file is a 404.
func Handler(dist fs.FS) http.Handler {
	files := http.FileServerFS(dist)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		describe(w.Header(), r.URL.Path)
		files.ServeHTTP(w, r)
	})
}

// Has reports whether the path names a file of dist or a folder with an index page.
func Has(dist fs.FS, urlPath string) bool {
	name := strings.Trim(path.Clean("/"+urlPath), "/")
	if name == "" {
		name = "."
	}
	info, err := fs.Stat(dist, name)
	if err == nil && info.IsDir() {
		_, err = fs.Stat(dist, path.Join(name, "index.html"))
	}
	return err == nil
}

// describe sets the headers that follow from the path alone.
func describe(h http.Header, urlPath string) {
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", cacheFor(urlPath))
	switch path.Ext(urlPath) {
	case ".js":
		h.Set("Content-Type", "text/javascript; charset=utf-8")
	case ".wasm":
		h.Set("Content-Type", "application/wasm")
	case "", ".html":
		h.Set("Content-Security-Policy", Policy)
		h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
		return
	}
	// A shop's page on another origin loads these, also under COEP require-corp and with integrity attributes.
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
}

// cacheFor: a hash in the name never changes its content; the pasted script and the pages do.
func cacheFor(urlPath string) string {
	if strings.Contains(urlPath, "/assets/") || hashed(path.Base(urlPath)) {
		return "public, max-age=31536000, immutable"
	}
	return "public, max-age=300"
}

// hashed reports whether a name is <name>.<hash>.<ext>, the hash being lower-case letters and digits, eight or more.
func hashed(name string) bool {
	parts := strings.Split(name, ".")
	return len(parts) == 3 && len(parts[1]) >= 8 && strings.Trim(parts[1], "0123456789abcdefghijklmnopqrstuvwxyz") == ""
}
