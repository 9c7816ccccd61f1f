package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"recourse/publish"
)

// lands is an estate in a folder of its own.
type lands struct {
	*estate
	*testing.T
	dir string
}

func newLands(t *testing.T) *lands {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	dir := t.TempDir()
	l := &lands{&estate{
		output: output{Out: filepath.Join(dir, "dist")}, args: []string{filepath.Join(dir, "shops")}, shelf: publish.NewShelf(1 << 20),
		count: func(h http.Handler) http.Handler { return h },
		build: func(_ context.Context, o order, w io.Writer) (outcome, error) { return o.build(streams{io.Discard, w}) },
	}, t, dir}
	if err := os.Mkdir(filepath.Join(dir, "shops"), 0o755); err != nil {
		t.Fatal(err)
	}
	return l
}

// have writes the file of a shop; its addresses are those of shop number i.
func (l *lands) have(file string, i int, edits ...string) {
	l.Helper()
	text := strings.Replace(shopText(i, "", "Amber"), `content = ""`, "", 1)
	write(l.T, filepath.Join(l.dir, "shops", file), []byte(strings.NewReplacer(edits...).Replace(text)))
}

// renewed reads everything again and gives the ids that are served and the files with mistakes.
func (l *lands) renewed() (ids, broken []string) {
	l.Helper()
	r, err := l.renew(l.Context(), io.Discard)
	if err != nil {
		l.Fatal(err)
	}
	l.now = r.next
	for _, h := range r.all() {
		ids = append(ids, h.shop.ID+" "+h.shop.Name)
	}
	for file := range r.broken {
		broken = append(broken, filepath.Base(file))
	}
	slices.Sort(broken)
	return ids, broken
}

func (l *lands) want(about, ids, broken string) {
	l.Helper()
	gotIDs, gotBroken := l.renewed()
	if strings.Join(gotIDs, ", ") != ids || strings.Join(gotBroken, " ") != broken {
		l.Errorf("%s: served are %q, broken %q; want %q and %q", about, gotIDs, gotBroken, ids, broken)
	}
}

func TestEstate(t *testing.T) {
	l := newLands(t)
	l.have("a.toml", 1)
	l.have("b.toml", 2)
	l.want("at first", "shop1 Amber, shop2 Amber", "")
	kept := l.now[filepath.Join(l.dir, "shops", "a.toml")].tenant

	l.have("b.toml", 2, `"Amber"`, `"Birch"`)
	l.have("c.toml", 3)
	l.want("changed and new", "shop1 Amber, shop2 Birch, shop3 Amber", "")
	if l.now[filepath.Join(l.dir, "shops", "a.toml")].tenant != kept {
		t.Error("the pages of a shop that did not change are read again")
	}

	l.have("b.toml", 2, `"Amber"`, `7`)
	l.want("broken", "shop1 Amber, shop2 Birch, shop3 Amber", "b.toml")
	l.have("b.toml", 2, "shop2.example/legal", "shop1.example/legal")
	l.want("another's address", "shop1 Amber, shop2 Birch, shop3 Amber", "b.toml")
	l.have("b.toml", 1)
	l.want("another's id", "shop1 Amber, shop2 Birch, shop3 Amber", "b.toml")
	l.have("0.toml", 3)
	l.want("a newcomer with another's id", "shop1 Amber, shop2 Birch, shop3 Amber", "0.toml b.toml")

	l.have("b.toml", 3, `"shop3"`, `"shop2"`)
	l.have("c.toml", 2, `"shop2"`, `"shop3"`)
	os.Remove(filepath.Join(l.dir, "shops", "0.toml"))
	l.want("addresses change hands", "shop1 Amber, shop2 Amber, shop3 Amber", "")

	os.Remove(filepath.Join(l.dir, "shops", "a.toml"))
	l.want("gone", "shop2 Amber, shop3 Amber", "")
	l.now = nil
	l.have("a.toml", 2, "shop2.example/legal", "another.example/legal")
	l.want("a start with two of one id", "shop3 Amber", "a.toml b.toml")
}

// A text with a mistake keeps the pages as they were, also over a restart: what customers send must still find somebody.
func TestEstateWithBrokenTexts(t *testing.T) {
	l := newLands(t)
	own := filepath.Join(l.dir, "shops", "texts", "en")
	if err := os.MkdirAll(own, 0o755); err != nil {
		t.Fatal(err)
	}
	page := filepath.Join(own, "returns.md")
	write(t, page, []byte("+++\ntitle = \"Returns\"\ndescription = \"Returns\"\n+++\n\nOur words.\n"))
	l.have("a.toml", 1, "website =", "content = \"texts\"\nwebsite =")
	l.have("b.toml", 2)
	l.want("at first", "shop1 Amber, shop2 Amber", "")
	built, err := os.ReadFile(filepath.Join(l.dir, "dist", "shop1", "en-DE", "returns", "index.html"))
	if err != nil || !strings.Contains(string(built), "Our words.") {
		t.Fatal("the shop's own text is not built: ", err)
	}
	write(t, page, []byte("+++\ntitle = \"Returns\"\n+++\n{{if}} broken"))
	l.want("a broken text", "shop1 Amber, shop2 Amber", "a.toml")
	l.now = nil
	l.want("a broken text at a start", "shop1 Amber, shop2 Amber", "a.toml")
	if now, _ := os.ReadFile(filepath.Join(l.dir, "dist", "shop1", "en-DE", "returns", "index.html")); string(now) != string(built) {
		t.Error("the pages have changed")
	}
	l.now = nil
	if err := os.RemoveAll(filepath.Join(l.dir, "dist")); err != nil {
		t.Fatal(err)
	}
	l.want("without earlier pages", "shop2 Amber", "a.toml")
}

func TestShopFiles(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a.toml", "b.toml", "b.txt", "[c].toml"} {
		write(t, filepath.Join(dir, name), nil)
	}
	in := func(name string) string { return filepath.Join(dir, name) }
	for _, c := range []struct{ args, want []string }{
		{[]string{dir}, []string{"[c].toml", "a.toml", "b.toml"}},
		{[]string{in("?.toml")}, []string{"a.toml", "b.toml"}},
		{[]string{in("[c].toml"), in("a.toml"), in("./a.toml")}, []string{"[c].toml", "a.toml"}},
		{[]string{in("missing.toml")}, []string{"missing.toml"}},
	} {
		got, err := shopFiles(c.args)
		for i := range got {
			got[i] = filepath.Base(got[i])
		}
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%q are %q %v, want %q", c.args, got, err, c.want)
		}
	}
}

// TestHangup sends SIGHUP again and again while clients ask and send: shops come, change and go, and no request of the others fails.
func TestHangup(t *testing.T) {
	l := newLands(t)
	l.have("a.toml", 0)
	addr := free(t)
	log := new(strings.Builder)
	cmd := exec.Command(program(t), "serve", filepath.Join(l.dir, "shops"), "--no-widget", "--no-overview", "--out", l.Out, "--data", filepath.Join(l.dir, "data"),
		"--addr", addr, "--per-minute", "100000", "--log-level", "warn")
	cmd.Stderr = log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Process.Kill()
	status := func(host, path string) int {
		got, err := visitor(addr, nil).Get("http://" + host + path)
		if err != nil {
			return 0
		}
		got.Body.Close()
		return got.StatusCode
	}
	until := func(host string, want int) {
		t.Helper()
		for end := time.Now().Add(30 * time.Second); status(host, "/legal/en-DE/returns/") != want; time.Sleep(20 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("%s is answered %d, want %d", host, status(host, "/legal/en-DE/returns/"), want)
			}
		}
	}
	until("shop0.example", http.StatusOK)
	var ended atomic.Bool
	var clients sync.WaitGroup
	var asked atomic.Int64
	for range 2 {
		clients.Go(func() {
			for !ended.Load() {
				got := map[string]int{"page": status("shop0.example", "/legal/en-DE/returns/")}
				answer, err := http.Post("http://"+addr+"/legal/api/v1/submissions", "application/json", strings.NewReader(declaration(uuid.NewString())))
				if err == nil {
					io.Copy(io.Discard, answer.Body)
					answer.Body.Close()
					got["submission"] = answer.StatusCode
				}
				if !maps.Equal(got, map[string]int{"page": 200, "submission": 201}) {
					t.Errorf("while shops are replaced, answers are %v %v", got, err)
					return
				}
				asked.Add(1)
			}
		})
	}
	for n := range 3 {
		l.have("b.toml", 1)
		l.have("a.toml", 0, `"Amber"`, fmt.Sprintf(`"Amber %d"`, n))
		cmd.Process.Signal(syscall.SIGHUP)
		until("shop1.example", http.StatusOK)
		os.Remove(filepath.Join(l.dir, "shops", "b.toml"))
		l.have("a.toml", 0, `"Amber"`, "7")
		cmd.Process.Signal(syscall.SIGHUP)
		until("shop1.example", http.StatusNotFound)
	}
	ended.Store(true)
	clients.Wait()
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil || asked.Load() < 10 || !strings.Contains(log.String(), "a shop stays as it was") {
		t.Errorf("after %d requests the program ends with %v: %s", asked.Load(), err, log)
	}
}
