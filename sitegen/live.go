package sitegen

import (
	"bytes"
	"cmp"
	_ "embed"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// Live reloads pages in browsers after each build and shows the errors of a failed one over the last
// good page. Make it with NewLive.
type Live struct {
	mu      sync.Mutex
	state   liveState
	changed chan struct{} // closed at the next build
}

// liveState is what browsers are told.
type liveState struct {
	Build  int    `json:"build"` // number of good builds so far
	Errors string `json:"errors,omitempty"`
}

// NewLive makes a Live to be given to Watch and put around the pages by LiveHandler.
func NewLive() *Live { return &Live{changed: make(chan struct{})} }

// built tells all browsers of the end of a build.
func (l *Live) built(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil {
		l.state.Errors = err.Error()
	} else {
		l.state = liveState{Build: l.state.Build + 1}
	}
	close(l.changed)
	l.changed = make(chan struct{})
}

func (l *Live) now() (liveState, <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.state, l.changed
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

// serveEvents sends the state at once and after each build, as server-sent events.
func (l *Live) serveEvents(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	control := http.NewResponseController(w)
	for {
		state, changed := l.now()
		data, err := json.Marshal(state)
		if err != nil {
			return
		}
		if _, err := fmt.Fprintf(w, "data: %s\n\n", data); err != nil || control.Flush() != nil {
			return
		}
		select {
		case <-changed:
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
	state, _ := h.live.now() // before the page is read: a page that is older than its number would not reload
	r.Header.Del("If-None-Match")
	r.Header.Del("If-Modified-Since")
	r.Header.Del("Range")
	r.Header.Del("Accept-Encoding") // nothing can be put into a compressed page
	held := &heldPage{ResponseWriter: w}
	h.pages.ServeHTTP(held, r)
	held.finish(fmt.Appendf(nil, `<script src="%s" data-events="%s" data-build="%d"></script>`, liveScript, livePath, state.Build))
}

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
	p.html = strings.HasPrefix(h.Get("Content-Type"), "text/html") && h.Get("Content-Encoding") == ""
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

func (p *heldPage) finish(script []byte) {
	if !p.decided {
		p.sendHeader() // no body: a redirect, an answer to HEAD
	}
	if !p.html {
		return
	}
	page := p.body.Bytes()
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
