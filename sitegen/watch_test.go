package sitegen

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// watched is a Watch over a real folder whose build publishes all its .md files.
type watched struct {
	in, out string
	live    *Live
	builds  chan error // one for each build
}

func startWatch(t *testing.T) *watched {
	t.Helper()
	dir := t.TempDir()
	w := &watched{in: dir, out: filepath.Join(dir, "dist"), live: NewLive(), builds: make(chan error, 100)}
	put(t, w.in, "de/a.md", "one")
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		done <- Watch(ctx, WatchOptions{Folders: []string{w.in}, Build: w.build, Out: w.out, Live: w.live,
			Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	w.wait(t)
	return w
}

func (w *watched) build() (map[string][]byte, error) {
	files, err := map[string][]byte{}, error(nil)
	_ = filepath.Walk(w.in, func(path string, info os.FileInfo, _ error) error {
		if filepath.Ext(path) == ".md" {
			data, _ := os.ReadFile(path)
			name, _ := filepath.Rel(w.in, path)
			files[filepath.ToSlash(name)+".html"] = data
			if string(data) == "broken" {
				err = errors.New(filepath.ToSlash(name) + ":1:1: broken")
			}
		}
		return nil
	})
	w.builds <- err
	return files, err
}

func (w *watched) wait(t *testing.T) error {
	t.Helper()
	select {
	case err := <-w.builds:
		return err
	case <-time.After(5 * time.Second):
		t.Fatal("no build within 5 s")
		return nil
	}
}

// published waits until a file in the output has the content.
func (w *watched) published(t *testing.T, name, want string) {
	t.Helper()
	var got []byte
	for range 500 {
		if got, _ = os.ReadFile(filepath.Join(w.out, name)); string(got) == want {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("%s is %q, want %q", name, got, want)
}

func TestWatch(t *testing.T) {
	w := startWatch(t)
	w.published(t, "de/a.md.html", "one")

	for _, text := range []string{"t", "tw", "two"} { // one save can be many events
		put(t, w.in, "de/a.md", text)
	}
	w.wait(t)
	w.published(t, "de/a.md.html", "two")

	put(t, w.in, "pl/new/b.md", "in new folders")
	w.published(t, "pl/new/b.md.html", "in new folders")
	put(t, w.in, "pl/new/b.md", "changed there")
	w.published(t, "pl/new/b.md.html", "changed there")

	for len(w.builds) > 0 {
		<-w.builds
	}
	put(t, w.in, "de/.a.md.swp", "an editor's own")
	put(t, w.out, "foreign", "output is not input")
	select {
	case <-w.builds:
		t.Error("built for an editor's own file or for the output")
	case <-time.After(200 * time.Millisecond):
	}
}

// TestWatchFile: a file watched alone builds when it changes, also when an editor replaces it; its neighbours do not.
func TestWatchFile(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "shop.toml", "one")
	builds := make(chan error, 100)
	build := func() (map[string][]byte, error) { builds <- nil; return nil, nil }
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		done <- Watch(ctx, WatchOptions{Files: []string{filepath.Join(dir, "shop.toml")}, Build: build,
			Out: filepath.Join(dir, "dist"), Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	}()
	defer func() { cancel(); <-done }()
	w := &watched{builds: builds}
	w.wait(t)
	put(t, dir, "recourse.log", "a neighbour")
	select {
	case <-builds:
		t.Error("built for a neighbour of the file")
	case <-time.After(200 * time.Millisecond):
	}
	put(t, dir, "shop.toml", "two")
	w.wait(t)
	put(t, dir, "shop.toml.new", "three")
	if err := os.Rename(filepath.Join(dir, "shop.toml.new"), filepath.Join(dir, "shop.toml")); err != nil {
		t.Fatal(err)
	}
	w.wait(t)
}

// TestWatchBrokenFile: browsers are told, the last good page stays, and mending the file heals all.
func TestWatchBrokenFile(t *testing.T) {
	w := startWatch(t)
	w.published(t, "de/a.md.html", "one")
	server := httptest.NewServer(LiveHandler(w.live, http.FileServer(http.Dir(w.out))))
	defer server.Close()
	response, err := http.Get(server.URL + livePath)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	events := bufio.NewScanner(response.Body)
	for nextState(t, events) != (liveState{Build: 1}) { // the first build may still be on its way
	}
	put(t, w.in, "de/a.md", "broken")
	if got := nextState(t, events); got != (liveState{1, "de/a.md:1:1: broken"}) {
		t.Errorf("broken: %+v", got)
	}
	w.published(t, "de/a.md.html", "one")
	put(t, w.in, "de/a.md", "mended")
	if got := nextState(t, events); got != (liveState{Build: 2}) {
		t.Errorf("mended: %+v", got)
	}
	w.published(t, "de/a.md.html", "mended")
}

func nextState(t *testing.T, events *bufio.Scanner) (state liveState) {
	t.Helper()
	for events.Scan() {
		if data, ok := strings.CutPrefix(events.Text(), "data: "); ok {
			if err := json.Unmarshal([]byte(data), &state); err != nil {
				t.Fatal(err)
			}
			return state
		}
	}
	t.Fatal("the stream ended")
	return state
}

func TestLiveHandler(t *testing.T) {
	live := NewLive()
	live.built(nil)
	pages := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/x.css" {
			w.Header().Set("Content-Type", "text/css")
			_, _ = io.WriteString(w, "body{} </body>")
			return
		}
		w.Header().Set("Content-Length", "33")
		w.Header().Set("Etag", `"1"`)
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, "<!doctype html><body>x</body>")
	})
	server := httptest.NewServer(LiveHandler(live, pages))
	defer server.Close()

	const script = `<script src="/.recourse/live.js" data-events="/.recourse/live" data-build="1"></script>`
	for path, want := range map[string]string{
		"/":      "<!doctype html><body>x" + script + "</body>",
		"/x.css": "body{} </body>",
	} {
		response, err := http.Get(server.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil || string(body) != want {
			t.Errorf("%s: %q, %v, want %q", path, body, err, want)
		}
		if got := response.Header.Get("Cache-Control"); got != "no-store" {
			t.Errorf("%s: Cache-Control %q", path, got)
		}
		if path == "/" && (response.StatusCode != http.StatusNotFound || response.Header.Get("Etag") != "") {
			t.Errorf("status %d, Etag %q", response.StatusCode, response.Header.Get("Etag"))
		}
	}
}
