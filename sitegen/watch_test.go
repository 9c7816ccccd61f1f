package sitegen

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fsnotify/fsnotify"
	"github.com/google/go-cmp/cmp"
)

// watched is a Watch over a real folder whose build publishes all its .md files and reads what it is told has changed,
// nothing else: what Watch forgets to say stays wrong.
type watched struct {
	in, out string
	live    *Live
	log     buffer

	mu    sync.Mutex
	texts map[string][]byte
	told  []string // every path of every build
	count int
}

// buffer is a log that may be read meanwhile.
type buffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.String()
}

func startWatch(t *testing.T, set ...func(*WatchOptions)) *watched {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "shop")
	w := &watched{in: filepath.Join(dir, "texts"), out: filepath.Join(dir, "texts", "dist"), live: NewLive(), texts: map[string][]byte{}}
	put(t, w.in, "de/a.md", "one")
	o := WatchOptions{Folders: []string{w.in}, Build: w.build, Out: w.out, Live: w.live, Log: slog.New(slog.NewTextHandler(&w.log, nil))}
	for _, f := range set {
		f(&o)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- Watch(ctx, o) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	w.until(t, "the first build", func() bool { return w.builds() > 0 })
	return w
}

func (w *watched) build(_ context.Context, changed []string) (Changes, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.count++
	w.told = append(w.told, changed...)
	if changed == nil {
		w.texts = texts(w.in)
	}
	for _, path := range changed {
		w.read(path)
	}
	for name, text := range w.texts {
		if string(text) == "broken" {
			return Changes{}, &Fault{File: name, Line: 1, Column: 1, Problem: "broken"}
		}
	}
	return Write(w.out, maps.Clone(w.texts))
}

func (w *watched) read(path string) {
	name := relative(w.in, path)
	maps.DeleteFunc(w.texts, func(text string, _ []byte) bool { return text == name || strings.HasPrefix(text, name+"/") })
	if text, err := os.ReadFile(path); err == nil && filepath.Ext(path) == ".md" {
		w.texts[name] = text
	}
}

// texts reads all texts of a folder, as a fresh build does.
func texts(dir string) map[string][]byte {
	found := map[string][]byte{}
	var walk func(dir string)
	walk = func(folder string) {
		entries, _ := os.ReadDir(folder)
		for _, e := range entries {
			path := filepath.Join(folder, e.Name())
			if info, err := os.Stat(path); err == nil && info.IsDir() && e.Name() != "dist" && !strings.HasPrefix(e.Name(), ".") {
				walk(path)
			} else if data, err := os.ReadFile(path); err == nil && filepath.Ext(path) == ".md" {
				found[relative(dir, path)] = data
			}
		}
	}
	walk(dir)
	return found
}

func relative(dir, path string) string {
	name, err := filepath.Rel(dir, path)
	if err != nil {
		panic(err)
	}
	return filepath.ToSlash(name)
}

func (w *watched) builds() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.count
}

// forget what builds have been told so far.
func (w *watched) forget() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.told = nil
}

// names is what builds have been told since, each once.
func (w *watched) names() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var names []string
	for _, path := range w.told {
		names = append(names, relative(w.in, path))
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func (w *watched) until(t *testing.T, what string, ask func() bool) {
	t.Helper()
	const patience = time.Minute // on a machine with other things to do; where all is well it takes milliseconds
	for start := time.Now(); time.Since(start) < patience; time.Sleep(2 * time.Millisecond) {
		if ask() {
			return
		}
	}
	t.Fatalf("waited %s in vain for %s; log:\n%s", patience, what, w.log.String())
}

// published waits until a file in the output has the content; "" is no file.
func (w *watched) published(t *testing.T, name, want string) {
	t.Helper()
	w.until(t, fmt.Sprintf("%s to be %q", name, want), func() bool {
		got, err := os.ReadFile(filepath.Join(w.out, name))
		return string(got) == want && (err == nil) == (want != "")
	})
}

// settles waits until the output is what a fresh build makes.
func (w *watched) settles(t *testing.T) {
	t.Helper()
	differs := ""
	defer func() {
		if t.Failed() {
			t.Log(differs)
		}
	}()
	w.until(t, "the output of a fresh build", func() bool {
		differs = cmp.Diff(texts(w.in), texts(w.out))
		return differs == ""
	})
}

func TestWatch(t *testing.T) {
	w := startWatch(t)
	w.published(t, "de/a.md", "one")
	if names := w.names(); names != nil {
		t.Errorf("the first build is told of %q", names)
	}
	for _, text := range []string{"t", "tw", "two"} { // one save can be many events
		put(t, w.in, "de/a.md", text)
	}
	w.published(t, "de/a.md", "two")
	if names := w.names(); !slices.Equal(names, []string{"de/a.md"}) {
		t.Errorf("a build is told of %q", names)
	}
	put(t, w.in, "pl/new/b.md", "in new folders")
	w.published(t, "pl/new/b.md", "in new folders")
	put(t, w.in, "pl/new/b.md", "changed there")
	w.published(t, "pl/new/b.md", "changed there")

	before := w.builds()
	put(t, w.in, "de/.a.md.swp", "an editor's own")
	put(t, w.out, "foreign", "output is not input")
	time.Sleep(60 * time.Millisecond)
	if w.builds() != before {
		t.Errorf("built for an editor's own file or for the output: %q", w.names())
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestWatchFile: a file watched alone builds when it changes, also when an editor replaces it; its neighbours do not.
func TestWatchFile(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "shop.toml")
	w := startWatch(t, func(o *WatchOptions) { o.Files = []string{file} })
	told := func() bool { return slices.Contains(w.names(), relative(w.in, file)) }

	put(t, dir, "recourse.log", "a neighbour")
	put(t, dir, "shop.toml", "one")
	w.until(t, "a build for the new file", told)
	w.forget()
	put(t, dir, "recourse.log", "a neighbour again")
	put(t, dir, "shop.toml.new", "two")
	must(t, os.Rename(file+".new", file))
	w.until(t, "a build for the replaced file", told)
	if names := w.names(); len(names) != 1 {
		t.Errorf("built for %q", names)
	}
	w.forget()
	before := w.builds()
	must(t, os.RemoveAll(dir))
	// The folder goes too, and with it, perhaps, the system's word for it: then a build is told that anything may have changed.
	w.until(t, "a build without the file", func() bool { return told() || w.builds() > before })
	w.forget()
	put(t, dir, "shop.toml", "back")
	w.until(t, "a build for the file that is back", told)
}

// TestWatchEditors saves a text as editors do: a build is told of that text, not of what the editor keeps for itself, and no error flashes.
func TestWatchEditors(t *testing.T) {
	in := func(w *watched, name string) string { return filepath.Join(w.in, "de", name) }
	for name, save := range map[string]func(t *testing.T, w *watched, text string){
		"in place": func(t *testing.T, w *watched, text string) { put(t, w.in, "de/a.md", text) },
		"vim": func(t *testing.T, w *watched, text string) {
			put(t, w.in, "de/4913", "")
			must(t, os.Remove(in(w, "4913")))
			must(t, os.Rename(in(w, "a.md"), in(w, "a.md~")))
			put(t, w.in, "de/a.md", text)
			must(t, os.Chmod(in(w, "a.md"), 0o600))
			must(t, os.Remove(in(w, "a.md~")))
		},
		"emacs": func(t *testing.T, w *watched, text string) {
			must(t, os.Symlink("ada@host.1", in(w, ".#a.md")))
			put(t, w.in, "de/#a.md#", "saved now and then")
			must(t, os.Rename(in(w, "a.md"), in(w, "a.md~")))
			put(t, w.in, "de/a.md", text)
			must(t, errors.Join(os.Remove(in(w, ".#a.md")), os.Remove(in(w, "#a.md#"))))
		},
		"atomic": func(t *testing.T, w *watched, text string) {
			put(t, w.in, "de/a.md.tmp-1234", text)
			must(t, os.Rename(in(w, "a.md.tmp-1234"), in(w, "a.md")))
		},
		"sed -i": func(t *testing.T, w *watched, text string) {
			put(t, w.in, "de/sedAb12Cd", text)
			must(t, os.Rename(in(w, "sedAb12Cd"), in(w, "a.md")))
		},
		"truncated first": func(t *testing.T, w *watched, text string) {
			must(t, os.Truncate(in(w, "a.md"), 0))
			time.Sleep(20 * time.Millisecond) // longer than Quiet
			put(t, w.in, "de/a.md", text)
		},
		"broken for a moment": func(t *testing.T, w *watched, text string) {
			put(t, w.in, "de/a.md", "broken")
			w.until(t, "a failing build", func() bool { return w.builds() > 1 })
			put(t, w.in, "de/a.md", text)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := startWatch(t)
			save(t, w, "saved")
			w.published(t, "de/a.md", "saved")
			if names := w.names(); !slices.Contains(names, "de/a.md") || slices.ContainsFunc(names, func(name string) bool { return strings.ContainsAny(name, "#~") }) {
				t.Errorf("told of %q", names)
			}
			if strings.Contains(w.log.String(), "failed") || w.live.now().Failure > 0 {
				t.Errorf("an error flashed:\n%s", w.log.String())
			}
			put(t, w.in, "de/a.md", "saved again")
			w.published(t, "de/a.md", "saved again")
		})
	}
}

// TestWatchFolders: wherever folders and links go, the output follows, and so do later changes.
func TestWatchFolders(t *testing.T) {
	for name, steps := range map[string][]func(t *testing.T, w *watched) (file string){
		"renamed": {
			func(t *testing.T, w *watched) string { put(t, w.in, "fr/deep/b.md", "b"); return "fr/deep/b.md" },
			func(t *testing.T, w *watched) string { move(t, w.in, "fr", "pl"); return "pl/deep/b.md" },
			func(t *testing.T, w *watched) string { move(t, w.in, "pl/deep", "de/deep"); return "de/deep/b.md" },
		},
		"deleted and made again": {
			func(t *testing.T, w *watched) string { must(t, os.RemoveAll(filepath.Join(w.in, "de"))); return "" },
			func(t *testing.T, w *watched) string { put(t, w.in, "de/a.md", "new"); return "de/a.md" },
		},
		"exchanged": {
			func(t *testing.T, w *watched) string { put(t, w.in, "fr/deep/b.md", "b"); return "fr/deep/b.md" },
			func(t *testing.T, w *watched) string {
				move(t, w.in, "fr", "x")
				move(t, w.in, "de", "fr")
				move(t, w.in, "x", "de")
				return "de/deep/b.md"
			},
		},
		"the watched one gone and back": {
			func(t *testing.T, w *watched) string { must(t, os.RemoveAll(w.in)); return "" },
			func(t *testing.T, w *watched) string { put(t, w.in, "de/a.md", "back"); return "de/a.md" },
		},
		"its parent moved away and another there": {
			func(t *testing.T, w *watched) string {
				other := filepath.Dir(w.in) + "2"
				put(t, other, "texts/it/c.md", "c")
				must(t, os.Rename(filepath.Dir(w.in), filepath.Dir(w.in)+"1"))
				must(t, os.Rename(other, filepath.Dir(w.in)))
				return "it/c.md"
			},
		},
		"moved in from elsewhere": {
			func(t *testing.T, w *watched) string {
				put(t, filepath.Dir(w.in), "drafts/it/c.md", "c")
				move(t, filepath.Dir(w.in), "drafts/it", "texts/it")
				return "it/c.md"
			},
			func(t *testing.T, w *watched) string { move(t, filepath.Dir(w.in), "texts/it", "drafts/it"); return "" },
		},
		"linked": {
			func(t *testing.T, w *watched) string {
				put(t, filepath.Dir(w.in), "elsewhere/c.md", "c")
				must(t, os.Symlink("../elsewhere", filepath.Join(w.in, "it")))
				return "it/c.md"
			},
			func(t *testing.T, w *watched) string { // the same folder under two names
				must(t, os.Symlink("it", filepath.Join(w.in, "fr")))
				return "fr/c.md"
			},
			func(t *testing.T, w *watched) string { // led elsewhere
				put(t, filepath.Dir(w.in), "other/d.md", "d")
				must(t, os.Symlink("../other", filepath.Join(w.in, "new")))
				move(t, w.in, "new", "it")
				return "it/d.md"
			},
			func(t *testing.T, w *watched) string { // round in a circle
				must(t, os.Symlink("..", filepath.Join(w.in, "de/up")))
				put(t, w.in, "de/z.md", "z")
				return ""
			},
		},
		"a linked file": {
			func(t *testing.T, w *watched) string {
				put(t, filepath.Dir(w.in), "elsewhere/c.md", "c")
				must(t, os.Symlink("../../elsewhere/c.md", filepath.Join(w.in, "de/c.md")))
				return "de/c.md"
			},
		},
		"a volume of Kubernetes": { // files are links through a link that is replaced
			func(t *testing.T, w *watched) string {
				put(t, w.in, "de/..1/c.md", "c")
				must(t, os.Symlink("..1", filepath.Join(w.in, "de/..data")))
				must(t, os.Symlink("..data/c.md", filepath.Join(w.in, "de/c.md")))
				return ""
			},
			func(t *testing.T, w *watched) string {
				put(t, w.in, "de/..2/c.md", "d")
				must(t, os.Symlink("..2", filepath.Join(w.in, "de/..tmp")))
				move(t, w.in, "de/..tmp", "de/..data")
				return ""
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := startWatch(t)
			for i, step := range steps {
				file := step(t, w)
				if strings.Contains(name, "circle") || i == 3 {
					w.published(t, "de/z.md", "z")
					continue
				}
				w.settles(t)
				if file != "" {
					text := fmt.Sprint("changed after step ", i)
					put(t, w.in, file, text)
					w.published(t, file, text)
					w.settles(t)
				}
			}
		})
	}
}

func move(t *testing.T, dir, from, to string) {
	t.Helper()
	must(t, os.Rename(filepath.Join(dir, from), filepath.Join(dir, to)))
}

// TestWatchRandomEdits ends, whatever was done how fast, in what a fresh build makes.
func TestWatchRandomEdits(t *testing.T) {
	for name, set := range map[string]func(*WatchOptions){
		"events":  func(o *WatchOptions) { o.Poll = -1 },
		"polling": func(o *WatchOptions) { o.Poll = 3 * time.Millisecond },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := startWatch(t, set)
			random := rand.New(rand.NewPCG(1, uint64(time.Now().UnixNano())))
			edits := map[string]int{"events": 10_000, "polling": 10_000}[name]
			for i := range edits {
				edit(w.in, random, i)
				if name == "events" && random.IntN(50) == 0 {
					time.Sleep(time.Duration(random.IntN(3000)) * time.Microsecond)
				}
				if i%500 == 0 {
					w.settles(t)
				}
			}
			w.settles(t)
		})
	}
}

// edit does one thing a person or program may do to texts; what cannot be done just then fails.
func edit(dir string, random *rand.Rand, i int) {
	place := func() string {
		parts := []string{dir}
		for range 1 + random.IntN(3) {
			parts = append(parts, string(rune('a'+random.IntN(3))))
		}
		return filepath.Join(parts...)
	}
	file := func() string { return filepath.Join(place(), string(rune('x'+random.IntN(3)))+".md") }
	switch random.IntN(12) {
	case 0, 1, 2, 3:
		_ = os.WriteFile(file(), fmt.Append(nil, i%10), 0o644) // same size, most likely the same tick
	case 4:
		name := file()
		_ = os.WriteFile(name+".tmp", fmt.Append(nil, i), 0o644)
		_ = os.Rename(name+".tmp", name)
	case 5, 6:
		_ = os.MkdirAll(place(), 0o755)
	case 7:
		_ = os.Remove(file())
	case 8:
		_ = os.Rename(file(), file())
	case 9, 10:
		_ = os.Rename(place(), place())
	case 11:
		_ = os.RemoveAll(place())
	}
}

// silence is a system without events but those a test makes up.
type silence struct {
	ears
	refuse map[string]error
}

func (s *silence) Add(folder string) error { return s.refuse[filepath.Base(folder)] }
func (s *silence) Remove(string) error     { return nil }
func (s *silence) WatchList() []string     { return nil }
func (s *silence) Close() error            { return nil }

// fakeEvents takes the place of the system's.
func fakeEvents(t *testing.T, refuse map[string]error, err error) chan fsnotify.Event {
	events := make(chan fsnotify.Event)
	real := newNotifier
	newNotifier = func() (*ears, error) {
		return &ears{notifier: &silence{refuse: refuse}, events: events}, err
	}
	t.Cleanup(func() { newNotifier = real })
	return events
}

// TestWatchPolls: where the system gives no events, it says so, says what to do, and looks by itself.
func TestWatchPolls(t *testing.T) {
	for name, c := range map[string]struct {
		refuse map[string]error
		err    error
		log    string
	}{
		"folders": {refuse: map[string]error{"texts": syscall.ENOSPC}, log: "max_user_watches"},
		"one day": {refuse: map[string]error{"more": syscall.ENOSPC}, log: "max_user_watches"},
		"at all":  {err: syscall.EMFILE, log: "max_user_instances"},
	} {
		t.Run(name, func(t *testing.T) {
			events := fakeEvents(t, c.refuse, c.err)
			w := startWatch(t, func(o *WatchOptions) { o.Quiet = time.Millisecond })
			put(t, w.in, "more/b.md", "two")
			select {
			case events <- fsnotify.Event{Name: filepath.Join(w.in, "more"), Op: fsnotify.Create}:
			case <-time.After(10 * time.Millisecond):
			}
			w.published(t, "more/b.md", "two")
			put(t, w.in, "more/b.md", "three")
			w.published(t, "more/b.md", "three")
			if !strings.Contains(w.log.String(), c.log) {
				t.Errorf("the log does not speak of %s:\n%s", c.log, w.log.String())
			}
		})
	}
	fakeEvents(t, map[string]error{"de": syscall.ENOSPC}, nil)
	dir := t.TempDir()
	put(t, dir, "de/a.md", "")
	if err := Watch(t.Context(), WatchOptions{Folders: []string{dir}, Poll: -1}); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("told never to poll: %v", err)
	}
}

// TestWatchPollsAgain: what came and went while a build read it is told once more.
func TestWatchPollsAgain(t *testing.T) {
	w := startWatch(t, func(o *WatchOptions) {
		build, dir := o.Build, o.Folders[0]
		put(t, dir, "fr/b.md", "b")
		back := sync.OnceFunc(func() { put(t, dir, "fr/b.md", "back for a moment") })
		o.Poll = time.Millisecond
		o.Build = func(ctx context.Context, changed []string) (Changes, error) {
			if _, err := os.Stat(filepath.Join(dir, "fr")); err != nil && slices.Contains(changed, filepath.Join(dir, "fr/b.md")) {
				back()
				defer os.RemoveAll(filepath.Join(dir, "fr"))
			}
			return build(ctx, changed)
		}
	})
	w.published(t, "fr/b.md", "b")
	must(t, os.RemoveAll(filepath.Join(w.in, "fr")))
	w.until(t, "the file to be read", func() bool { return strings.Contains(w.log.String(), "1 written, 0 removed, 1 unchanged") })
	w.settles(t)
}

// TestWatchPollsIdle: where nothing changes nothing is built.
func TestWatchPollsIdle(t *testing.T) {
	w := startWatch(t, func(o *WatchOptions) { o.Poll = time.Millisecond })
	w.until(t, "peace", func() bool {
		before := w.builds()
		time.Sleep(300 * time.Millisecond)
		return w.builds() == before
	})
}

// TestLook: a look finds what differs from the last one, and nothing else.
func TestLook(t *testing.T) {
	for name, c := range map[string]struct {
		change func(t *testing.T, dir, file string)
		found  []string
	}{
		"nothing":   {func(*testing.T, string, string) {}, nil},
		"written":   {func(t *testing.T, dir, _ string) { put(t, dir, "de/a.md", "three") }, []string{"de/a.md"}},
		"same size": {func(t *testing.T, dir, _ string) { put(t, dir, "de/a.md", "two") }, []string{"de/a.md"}},
		"same tick": {func(t *testing.T, dir, file string) {
			info, err := os.Stat(file)
			must(t, err)
			put(t, dir, "de/a.md", "two")
			must(t, os.Chtimes(file, info.ModTime(), info.ModTime()))
		}, []string{"de/a.md"}},
		"chmod":    {func(t *testing.T, _, file string) { must(t, os.Chmod(file, 0o600)) }, []string{"de/a.md"}},
		"replaced": {func(t *testing.T, dir, _ string) { put(t, dir, "new", "one"); move(t, dir, "new", "de/a.md") }, []string{".", "de", "de/a.md", "fr/b.md"}},
		"removed":  {func(t *testing.T, _, file string) { must(t, os.Remove(file)) }, []string{"de", "de/a.md"}},
		"added":    {func(t *testing.T, dir, _ string) { put(t, dir, "de/c.md", "c") }, []string{"de", "de/a.md", "de/c.md"}},
		"came and went": {func(t *testing.T, dir, _ string) {
			put(t, dir, "de/c.md", "c")
			must(t, os.Remove(filepath.Join(dir, "de/c.md")))
		}, []string{"de", "de/a.md"}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			put(t, dir, "de/a.md", "one")
			put(t, dir, "fr/b.md", "b")
			long := time.Now().Add(-time.Hour) // not the tick of the change to come
			must(t, errors.Join(os.Chtimes(dir, long, long), os.Chtimes(filepath.Join(dir, "de"), long, long)))
			v := newView([]root{{dir, false}}, func(string) bool { return false })
			v.all()
			c.change(t, dir, filepath.Join(dir, "de/a.md"))
			var found []string
			for path := range v.all() {
				found = append(found, relative(dir, path))
			}
			slices.Sort(found)
			if !slices.Equal(found, c.found) {
				t.Errorf("found %q, want %q", found, c.found)
			}
			if again := v.all(); len(again) > 0 {
				t.Errorf("another look finds %v", again)
			}
		})
	}
}

// clocked is a watcher whose time stands still while nothing happens.
type clocked struct {
	file   string
	events chan fsnotify.Event
	begin  time.Time
	builds []time.Duration // when, since begin
	broken bool
	live   *Live
}

func inStillTime(t *testing.T, test func(t *testing.T, c *clocked)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		put(t, dir, "a.md", "one")
		c := &clocked{file: filepath.Join(dir, "a.md"), events: fakeEvents(t, nil, nil), live: NewLive()}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() {
			done <- Watch(ctx, WatchOptions{Folders: []string{dir}, Build: c.build, Live: c.live, Out: filepath.Join(dir, "dist"), Log: slog.New(slog.DiscardHandler)})
		}()
		synctest.Wait()
		c.begin, c.builds = time.Now(), nil
		test(t, c)
		cancel()
		must(t, <-done)
	})
}

func (c *clocked) build(context.Context, []string) (Changes, error) {
	c.builds = append(c.builds, time.Since(c.begin))
	if c.broken {
		return Changes{}, errors.New("broken")
	}
	return Changes{}, nil
}

func (c *clocked) write(t *testing.T, text string) {
	must(t, os.WriteFile(c.file, []byte(text), 0o644))
	c.events <- fsnotify.Event{Name: c.file, Op: fsnotify.Write}
	synctest.Wait()
}

func (c *clocked) wantBuilds(t *testing.T, want ...time.Duration) {
	t.Helper()
	synctest.Wait()
	if !slices.Equal(c.builds, want) {
		t.Errorf("built after %v, want %v", c.builds, want)
	}
}

const ms = time.Millisecond

// TestQuiet: a build comes 10 ms after the last write, and 100 ms after the first however many follow.
func TestQuiet(t *testing.T) {
	inStillTime(t, func(t *testing.T, c *clocked) {
		c.write(t, "two")
		time.Sleep(6 * ms)
		c.write(t, "three")
		time.Sleep(50 * ms)
		c.wantBuilds(t, 16*ms)
	})
	inStillTime(t, func(t *testing.T, c *clocked) {
		for range 30 {
			c.write(t, "on and on")
			time.Sleep(5 * ms)
		}
		time.Sleep(50 * ms)
		c.wantBuilds(t, 100*ms, 155*ms)
	})
}

// TestHollow: an empty or missing file is about to be written; if not, it is meant so.
func TestHollow(t *testing.T) {
	inStillTime(t, func(t *testing.T, c *clocked) {
		c.write(t, "")
		time.Sleep(30 * ms)
		c.write(t, "written")
		time.Sleep(100 * ms)
		c.wantBuilds(t, 40*ms)
	})
	inStillTime(t, func(t *testing.T, c *clocked) {
		must(t, os.Remove(c.file))
		c.events <- fsnotify.Event{Name: c.file, Op: fsnotify.Remove}
		time.Sleep(100 * ms)
		c.wantBuilds(t, 50*ms)
	})
}

// TestGrace: a failure is told when it has lasted, once; what follows is told at once.
func TestGrace(t *testing.T) {
	inStillTime(t, func(t *testing.T, c *clocked) {
		c.broken = true
		c.write(t, "two")
		time.Sleep(159 * ms)
		c.wantTold(t, 0)
		time.Sleep(2 * ms)
		c.wantTold(t, 1)
		c.write(t, "three")
		time.Sleep(11 * ms)
		c.wantTold(t, 2)
		c.broken = false
		c.write(t, "four")
		time.Sleep(300 * ms)
		c.wantTold(t, 0)
		c.broken = true
		c.write(t, "five")
		time.Sleep(50 * ms)
		c.broken = false
		c.write(t, "six")
		time.Sleep(300 * ms)
		c.wantTold(t, 0)
	})
	inStillTime(t, func(t *testing.T, c *clocked) { // somebody types on, without a good build in between
		c.broken = true
		for range 20 {
			c.write(t, "still not good")
			time.Sleep(20 * ms)
		}
		if c.live.now().Mistakes == nil {
			t.Error("a failure that goes on is never told")
		}
	})
}

// wantTold counts failing builds that browsers have been told of and that still stand.
func (c *clocked) wantTold(t *testing.T, want int) {
	t.Helper()
	synctest.Wait()
	if state := c.live.now(); (state.Mistakes != nil) != (want > 0) || want > 0 && state.Failure != want {
		t.Errorf("told of %d failures, now %v; want %d", state.Failure, state.Mistakes, want)
	}
}

// TestWatchNothing: what is to be watched must be there.
func TestWatchNothing(t *testing.T) {
	err := Watch(t.Context(), WatchOptions{Folders: []string{filepath.Join(t.TempDir(), "none")}})
	if !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

// BenchmarkPoll is one look at 5,000 files.
func BenchmarkPoll(b *testing.B) {
	dir := b.TempDir()
	for i := range 5000 {
		folder := filepath.Join(dir, fmt.Sprint(i%50))
		if err := errors.Join(os.MkdirAll(folder, 0o755), os.WriteFile(filepath.Join(folder, fmt.Sprint(i)), []byte("text"), 0o644)); err != nil {
			b.Fatal(err)
		}
		long := time.Now().Add(-time.Hour)
		if err := os.Chtimes(filepath.Join(folder, fmt.Sprint(i)), long, long); err != nil {
			b.Fatal(err)
		}
	}
	v := newView([]root{{dir, false}}, func(string) bool { return false })
	if found := v.all(); len(found) != 5000 {
		b.Fatal(len(found))
	}
	for b.Loop() {
		if found := v.all(); len(found) != 0 {
			b.Fatal(found)
		}
	}
}
