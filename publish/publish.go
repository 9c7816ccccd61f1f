// Package publish serves a built dist/ folder the way any web server in front of it should: right types, compressed for
// whoever takes it so, files named by their hash cached for good, everything usable from the shop's pages on another
// origin. Compress makes what such a server serves to those who take it compressed.
package publish

import (
	"cmp"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"strings"
)

// policy is the Content-Security-Policy of the generated pages. They need our own script (the widget), its WebAssembly, what
// receives their forms, and nothing else.
func policy(receivers string) string {
	return "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; connect-src " + receivers +
		"; form-action " + receivers + "; base-uri 'none'; frame-ancestors 'self'; require-trusted-types-for 'script'"
}

// kinds are the types of what a build writes, by ending. All of them are text or as good as text: they can be compressed.
var kinds = map[string]string{
	".html": "text/html; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".css":  "text/css; charset=utf-8",
	".ts":   "text/plain; charset=utf-8",
	".txt":  "text/plain; charset=utf-8",
	".xml":  "text/xml; charset=utf-8",
	".json": "application/json",
	".wasm": "application/wasm",
	".svg":  "image/svg+xml",
}

// Pages serves the files of a dist folder. A path without a file is a 404.
type Pages struct {
	library *library
	others  http.Handler // pictures, redirects and what is not there
	policy  string       // Content-Security-Policy of pages
}

// usualRoom is for a shop of many locales with all its files.
const usualRoom = 32 << 20

// Serve returns the handler for dist, with a shelf of its own.
func Serve(dist fs.FS) *Pages { return NewShelf(usualRoom).Serve(dist) }

// SendingTo lets pages send forms to an address that is not on their own host: a shop with several domains has one intake.
func (p *Pages) SendingTo(address string) *Pages {
	if u, err := url.Parse(address); err == nil && u.Host != "" {
		p.policy = policy("'self' " + u.Scheme + "://" + u.Host)
	}
	return p
}

func (p *Pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.describe(w.Header(), r.URL.Path)
	if f := p.library.find(fileOf(r.URL.Path)); f != nil {
		f.serve(w, r)
		return
	}
	p.others.ServeHTTP(w, r)
}

// Warm reads and compresses everything before somebody asks for it.
func (p *Pages) Warm() {
	_ = fs.WalkDir(p.library.dist, ".", func(name string, _ fs.DirEntry, _ error) error { // what cannot be read is a 404
		if f := p.library.find(name); f != nil {
			f.compress()
		}
		return nil
	})
}

// Has reports whether the path names a file of dist or a folder with an index page.
func Has(dist fs.FS, urlPath string) bool {
	name := cmp.Or(strings.Trim(path.Clean("/"+urlPath), "/"), ".")
	info, err := fs.Stat(dist, name)
	if err == nil && info.IsDir() {
		_, err = fs.Stat(dist, path.Join(name, "index.html"))
	}
	return err == nil
}

// fileOf is the file behind a path: that of a folder is its index page, which has no address of its own.
func fileOf(urlPath string) string {
	if strings.HasSuffix(urlPath, "/") {
		urlPath += "index.html"
	} else if path.Base(urlPath) == "index.html" {
		return ""
	}
	return strings.TrimPrefix(urlPath, "/")
}

// describe sets the headers that follow from the path alone.
func (p *Pages) describe(h http.Header, urlPath string) {
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", cacheFor(urlPath))
	if unlisted(urlPath) {
		h.Set("X-Robots-Tag", "noindex")
	}
	switch ending := path.Ext(urlPath); ending {
	case "", ".html":
		h.Set("Content-Security-Policy", p.policy)
		h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
		return
	default:
		if kind := kinds[ending]; kind != "" {
			h.Set("Content-Type", kind)
		}
	}
	// A shop's page on another origin loads these, also under COEP require-corp and with integrity attributes.
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
}

// unlisted are files that search engines shall not list: the texts of pages for other pages to show. They cannot say so
// themselves, and robots.txt would only keep an engine from seeing that they may not be listed.
func unlisted(urlPath string) bool {
	name := path.Base(urlPath)
	return name == "fragment.html" || name == "fragments.json"
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
