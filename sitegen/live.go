package sitegen

import (
	"bytes"
	"cmp"
	_ "embed"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"maps"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Live renews pages in browsers after each build that changed them, and shows the errors of a failed one over the
// last good page. Make it with NewLive.
type Live struct {
	mu      sync.Mutex
	state   liveState
	history map[string]change // of every file that a build has changed
	placed  map[string]bool   // files of the first part of a build that is not over
	changed chan struct{}     // closed at the next build
	closed  chan struct{}
}

// liveState is what browsers are told.
type liveState struct {
	Session  string    `json:"session"`           // differs after a restart
	Build    int       `json:"build"`             // number of good builds
	Failure  int       `json:"failure,omitempty"` // number of bad builds
	Mistakes []mistake `json:"mistakes,omitempty"`
	Written  []string  `json:"written,omitempty"` // since the build that the browser has
	Removed  []string  `json:"removed,omitempty"`
}

type change struct {
	build   int
	removed bool
}

// NewLive makes a Live to be given to Watch and put around the pages by LiveHandler.
func NewLive() *Live {
	return &Live{
		state:   liveState{Session: strconv.FormatInt(time.Now().UnixNano(), 36)},
		history: map[string]change{}, placed: map[string]bool{}, changed: make(chan struct{}), closed: make(chan struct{}),
	}
}

// Close lets go of all browsers, which will ask for the next server.
func (l *Live) Close() { close(l.closed) }

// Placed tells all browsers what the first part of a build has changed. When the build is over they are told of the rest.
func (l *Live) Placed(c Changes) {
	l.mu.Lock()
	defer l.mu.Unlock()
	clear(l.placed) // of a build that failed after its first part
	l.note(c)
	for _, file := range slices.Concat(c.Written, c.Removed) {
		l.placed[file] = true
	}
	l.tell()
}

// built tells all browsers what a good build has changed.
func (l *Live) built(c Changes) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.state.Mistakes = nil
	l.note(c)
	clear(l.placed)
	l.tell()
}

func (l *Live) note(c Changes) {
	l.state.Build++
	for removed, files := range map[bool][]string{false: c.Written, true: c.Removed} {
		for _, file := range files {
			if !l.placed[file] {
				l.history[file] = change{l.state.Build, removed}
			}
		}
	}
}

// failed tells all browsers what is wrong.
func (l *Live) failed(err error, source func(file string) ([]byte, error)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.state.Failure++
	l.state.Mistakes = mistakes(err, source)
	l.tell()
}

func (l *Live) tell() {
	close(l.changed)
	l.changed = make(chan struct{})
}

// since is the state for a browser that has the pages of a build.
func (l *Live) since(build int) (liveState, <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	state := l.state
	for _, file := range slices.Sorted(maps.Keys(l.history)) {
		switch c := l.history[file]; {
		case c.build <= build:
		case c.removed:
			state.Removed = append(state.Removed, file)
		default:
			state.Written = append(state.Written, file)
		}
	}
	return state, l.changed
}

func (l *Live) now() liveState {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.state
}

const (
	livePath   = "/.recourse/live"
	liveScript = "/.recourse/live.js"
)

//go:embed live.js
var liveJS []byte

// LiveHandler serves what pages serves, with a script in each HTML page that follows l. It is for watching only: nothing
// of it is in the files.
func LiveHandler(l *Live, pages http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", injecting{l, pages})
	mux.HandleFunc("GET "+livePath, l.serveEvents)
	mux.HandleFunc("GET "+liveScript, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		_, _ = w.Write(liveJS)
	})
	return mux
}

// serveEvents sends the state at once and after each build, as server-sent events. The browser says which build it has.
func (l *Live) serveEvents(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	control := http.NewResponseController(w)
	build, _ := strconv.Atoi(r.URL.Query().Get("build"))
	for {
		state, changed := l.since(build)
		data, err := json.Marshal(state)
		if err != nil {
			return
		}
		if _, err := fmt.Fprintf(w, "data: %s\n\n", data); err != nil || control.Flush() != nil {
			return
		}
		build = state.Build
		select {
		case <-changed:
		case <-l.closed:
			return
		case <-r.Context().Done():
			return
		}
	}
}

// injecting puts the script into HTML on its way out.
type injecting struct {
	live  *Live
	pages http.Handler
}

func (h injecting) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !isPage(r.URL.Path) {
		h.pages.ServeHTTP(revalidated{w}, r)
		return
	}
	state := h.live.now() // before the page is read: a page that is older than its number would not be renewed
	for _, name := range []string{"If-None-Match", "If-Modified-Since", "Range", "Accept-Encoding"} {
		r.Header.Del(name) // nothing can be put into a part of a page or into a compressed one
	}
	held := &heldPage{ResponseWriter: w}
	h.pages.ServeHTTP(held, r)
	held.finish(state)
}

// isPage tells pages, and what leads to them, from what they load.
func isPage(urlPath string) bool {
	ending := path.Ext(urlPath)
	return ending == "" || ending == ".html"
}

// revalidated makes a browser ask each time whether a file is still the same.
type revalidated struct{ http.ResponseWriter }

func (w revalidated) WriteHeader(status int) {
	w.Header().Set("Cache-Control", "no-cache")
	w.ResponseWriter.WriteHeader(status)
}

func (w revalidated) Write(data []byte) (int, error) {
	w.Header().Set("Cache-Control", "no-cache")
	return w.ResponseWriter.Write(data)
}

// Unwrap lets http.ResponseController reach the connection.
func (w revalidated) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// heldPage holds an HTML answer back until it is complete; other answers pass.
type heldPage struct {
	http.ResponseWriter
	status  int
	decided bool // whether it is HTML is known from the first bytes at the latest
	html    bool
	body    bytes.Buffer
}

func (p *heldPage) WriteHeader(status int) {
	if p.status == 0 {
		p.status = status
	}
}

func (p *heldPage) Write(data []byte) (int, error) {
	if !p.decided {
		p.decide(data)
	}
	if p.html {
		return p.body.Write(data)
	}
	return p.ResponseWriter.Write(data)
}

func (p *heldPage) decide(data []byte) {
	h := p.Header()
	if h.Get("Content-Type") == "" {
		h.Set("Content-Type", http.DetectContentType(data))
	}
	p.decided = true
	p.html = p.status == http.StatusNotFound || strings.HasPrefix(h.Get("Content-Type"), "text/html") && h.Get("Content-Encoding") == ""
	if !p.html {
		p.sendHeader()
	}
}

func (p *heldPage) sendHeader() {
	p.Header().Set("Cache-Control", "no-store")
	p.ResponseWriter.WriteHeader(cmp.Or(p.status, http.StatusOK))
}

// Unwrap lets http.ResponseController reach the connection.
func (p *heldPage) Unwrap() http.ResponseWriter { return p.ResponseWriter }

// missingPage stands for a page that is not there. It has the script too: the page may come with the next build, or say why not.
const missingPage = `<!doctype html><html lang="en"><meta charset="utf-8"><title>No such page</title><body><p>There is no page at this address. If a build makes it, it appears here.</p></body></html>`

func (p *heldPage) finish(state liveState) {
	if !p.decided {
		p.sendHeader() // no body: a redirect, an answer to HEAD
	}
	if !p.html {
		return
	}
	page := p.body.Bytes()
	if !strings.HasPrefix(p.Header().Get("Content-Type"), "text/html") {
		page = []byte(missingPage)
		p.Header().Set("Content-Type", "text/html; charset=utf-8")
	}
	p.send(page, fmt.Appendf(nil, `<script src="%s" data-events="%s" data-session="%s" data-build="%d" data-text="%s"></script>`,
		liveScript, livePath, state.Session, state.Build, textSum(page)))
}

func (p *heldPage) send(page, script []byte) {
	end := bytes.LastIndex(page, []byte("</body>"))
	if end < 0 {
		end = len(page)
	}
	p.Header().Del("Etag")
	p.Header().Del("Last-Modified")
	p.Header().Set("Content-Length", strconv.Itoa(len(page)+len(script)))
	p.sendHeader()
	for _, part := range [][]byte{page[:end], script, page[end:]} {
		if _, err := p.ResponseWriter.Write(part); err != nil {
			return
		}
	}
}

var stylesheetLink = regexp.MustCompile(`(?i)<link [^>]*rel="?stylesheet[^>]*>`)

// textSum changes with everything in a page but the addresses of its stylesheets, which browsers can change without
// loading the page anew.
func textSum(page []byte) string {
	h := fnv.New64a()
	_, _ = h.Write(stylesheetLink.ReplaceAll(page, []byte("<link>")))
	return strconv.FormatUint(h.Sum64(), 36)
}
