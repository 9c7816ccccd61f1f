package sitegen

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"recourse/strict"
)

// TestWatchBrokenFile: browsers are told, the last good page stays, and mending the file heals all.
func TestWatchBrokenFile(t *testing.T) {
	w := startWatch(t)
	w.published(t, "de/a.md", "one")
	next := follow1(t, w.live, "?build=1")
	for next().Build == 0 { // the first build may still be on its way
	}
	put(t, w.in, "de/a.md", "broken")
	if got := next(); got.Build != 1 || len(got.Mistakes) != 1 || got.Mistakes[0] != (mistake{File: "de/a.md", Line: 1, Column: 1, Problem: "broken"}) {
		t.Errorf("broken: %+v", got)
	}
	w.published(t, "de/a.md", "one")
	put(t, w.in, "de/a.md", "mended")
	if got := next(); got.Build != 2 || got.Mistakes != nil || !slices.Equal(got.Written, []string{"de/a.md"}) {
		t.Errorf("mended: %+v", got)
	}
}

// follow1 follows a server as one browser, and gives what it is told next.
func follow1(t *testing.T, live *Live, query string) func() liveState {
	t.Helper()
	server := httptest.NewServer(LiveHandler(live, http.NotFoundHandler()))
	response, err := http.Get(server.URL + livePath + query)
	must(t, err)
	t.Cleanup(func() { response.Body.Close(); server.Close() })
	events := bufio.NewScanner(response.Body)
	return func() (state liveState) {
		t.Helper()
		for events.Scan() {
			if data, ok := strings.CutPrefix(events.Text(), "data: "); ok {
				must(t, json.Unmarshal([]byte(data), &state))
				return state
			}
		}
		t.Fatal("the stream ended")
		return state
	}
}

// TestLiveTellsWhatChanged: each browser is told what has changed since the build it has, several at once.
func TestLiveTellsWhatChanged(t *testing.T) {
	live := NewLive()
	live.built(Changes{Written: []string{"a", "b", "c"}})
	live.built(Changes{Written: []string{"b"}, Removed: []string{"c"}})
	late, early := follow1(t, live, "?build=2"), follow1(t, live, "?build=1")
	if got := late(); got.Build != 2 || got.Written != nil || got.Removed != nil {
		t.Errorf("nothing has changed for it: %+v", got)
	}
	if got := early(); !slices.Equal(got.Written, []string{"b"}) || !slices.Equal(got.Removed, []string{"c"}) {
		t.Errorf("two builds later: %+v", got)
	}
	live.built(Changes{Written: []string{"c"}})
	for _, next := range []func() liveState{late, early} {
		if got := next(); got.Build != 3 || !slices.Equal(got.Written, []string{"c"}) || got.Removed != nil {
			t.Errorf("the next build: %+v", got)
		}
	}
	live.Close()
}

// TestLiveClose: a server that stops does not wait for those who follow it.
func TestLiveClose(t *testing.T) {
	live := NewLive()
	server := httptest.NewUnstartedServer(LiveHandler(live, http.NotFoundHandler()))
	server.Config.RegisterOnShutdown(live.Close)
	server.Start()
	response, err := http.Get(server.URL + livePath)
	must(t, err)
	defer response.Body.Close()
	must(t, server.Config.Shutdown(t.Context()))
}

func TestLiveHandler(t *testing.T) {
	live := NewLive()
	live.built(Changes{})
	pages := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Etag", `"1"`)
		switch r.URL.Path {
		case "/x.css":
			w.Header().Set("Content-Type", "text/css")
			w.Header().Set("Content-Encoding", r.Header.Get("Accept-Encoding"))
			_, _ = io.WriteString(w, "body{} </body>")
		case "/":
			w.Header().Set("Content-Length", "33")
			_, _ = io.WriteString(w, "<!doctype html><body>x"+r.Header.Get("Accept-Encoding")+"</body>")
		default:
			http.NotFound(w, r)
		}
	})
	server := httptest.NewServer(LiveHandler(live, pages))
	defer server.Close()
	script := func(page string) string {
		return fmt.Sprintf(`<script src="/.recourse/live.js" data-events="/.recourse/live" data-session="%s" data-build="1" data-text="%s"></script>`, live.state.Session, textSum([]byte(page)))
	}
	for path, want := range map[string]struct {
		status                      int
		body, cache, etag, encoding string
	}{
		"/":      {200, "<!doctype html><body>x" + script("<!doctype html><body>x</body>") + "</body>", "no-store", "", ""},
		"/gone/": {404, strings.Replace(missingPage, "</body>", script(missingPage)+"</body>", 1), "no-store", "", ""},
		"/x.css": {200, "body{} </body>", "no-cache", `"1"`, "br"},
	} {
		request, err := http.NewRequest("GET", server.URL+path, nil)
		must(t, err)
		request.Header.Set("Accept-Encoding", "br")
		response, err := http.DefaultClient.Do(request)
		must(t, err)
		body, err := io.ReadAll(response.Body)
		response.Body.Close()
		h := response.Header
		if err != nil || string(body) != want.body || response.StatusCode != want.status {
			t.Errorf("%s: %d %q, %v, want %+v", path, response.StatusCode, body, err, want)
		}
		if h.Get("Cache-Control") != want.cache || h.Get("Etag") != want.etag || h.Get("Content-Encoding") != want.encoding {
			t.Errorf("%s: headers %v, want %+v", path, h, want)
		}
	}
}

// TestTextSum: stylesheets may change their address; all else is the text.
func TestTextSum(t *testing.T) {
	const page = `<head><link rel="stylesheet" href="site.1.css"><link rel=canonical href=a></head>text`
	if textSum([]byte(page)) != textSum([]byte(strings.Replace(page, "site.1", "site.2", 1))) {
		t.Error("another stylesheet is another text")
	}
	for _, other := range []string{strings.Replace(page, "text", "words", 1), strings.Replace(page, "href=a", "href=b", 1), strings.Replace(page, "<head>", `<head><link rel="stylesheet" href="more.css">`, 1)} {
		if textSum([]byte(page)) == textSum([]byte(other)) {
			t.Errorf("%s is the same as %s", other, page)
		}
	}
}

func TestMistakes(t *testing.T) {
	long := strings.Repeat("ä", 100) + "{{foo}}" + strings.Repeat("ö", 100)
	source := func(file string) ([]byte, error) {
		files := map[string]string{"en/a.md": "+++\n\tshort\r\n" + long, "shop.toml": "id = 1\n"}
		if text, ok := files[file]; ok {
			return []byte(text), nil
		}
		return nil, os.ErrNotExist
	}
	err := fmt.Errorf("build: %w", errors.Join(
		&Fault{File: "en/a.md", Line: 2, Column: 2, Text: "short", Problem: "is wrong", Fix: "mend it"},
		fmt.Errorf("the page: %w", &Fault{File: "en/a.md", Line: 3, Column: 101, Problem: "far out"}),
		errors.Join(&strict.Error{File: "shop.toml", Line: 1, Column: 6, Key: "id", Value: "1", Problem: "must be text"}),
		&Fault{File: "none.md", Line: 9, Column: 9, Problem: "no such file"},
		errors.New("the disk is full"),
	))
	want := []mistake{
		{"en/a.md", 2, 2, "short: is wrong; mend it", "\tshort", 1},
		{"en/a.md", 3, 101, "far out", "…" + strings.Repeat("ä", 60) + "{{foo}}" + strings.Repeat("ö", 53) + "…", 61},
		{"shop.toml", 1, 6, "id = 1: must be text", "id = 1", 5},
		{File: "none.md", Line: 9, Column: 9, Problem: "no such file"},
		{Problem: "the disk is full"},
	}
	if diff := cmp.Diff(want, mistakes(err, source)); diff != "" {
		t.Error(diff)
	}
}

// TestLivePlaced: who looks at what is written first is told at once and not again; who looks at the rest when it is there.
func TestLivePlaced(t *testing.T) {
	l := NewLive()
	l.built(Changes{Written: []string{"a/index.html", "b/index.html"}})
	start, _ := l.since(0)
	l.Placed(Changes{Written: []string{"a/index.html"}})
	first, _ := l.since(start.Build)
	if !slices.Equal(first.Written, []string{"a/index.html"}) {
		t.Errorf("after the first part: %q", first.Written)
	}
	l.built(Changes{Written: []string{"a/index.html", "b/index.html"}})
	if rest, _ := l.since(first.Build); !slices.Equal(rest.Written, []string{"b/index.html"}) {
		t.Errorf("after the whole build, to who knows of the first part: %q", rest.Written)
	}
	if all, _ := l.since(start.Build); !slices.Equal(slices.Sorted(slices.Values(all.Written)), []string{"a/index.html", "b/index.html"}) {
		t.Errorf("after the whole build, to who does not: %q", all.Written)
	}
	l.Placed(Changes{Written: []string{"a/index.html"}}) // and then the build fails
	before, _ := l.since(0)
	l.Placed(Changes{Written: []string{"a/index.html"}})
	if again, _ := l.since(before.Build); !slices.Equal(again.Written, []string{"a/index.html"}) {
		t.Errorf("after a build that failed half-way: %q", again.Written)
	}
}
