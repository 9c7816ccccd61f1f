package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"text/tabwriter"
	"time"
)

const (
	editGoal  = 60 * time.Millisecond
	editLimit = 60 * time.Second // after this a change is given up
	readyTime = 10 * time.Minute
	askEvery  = 2 * time.Millisecond
	editsOurs = 9
	editsHugo = 3
)

// watching is a server that builds anew when a file changes.
type watching struct {
	cmd  *exec.Cmd
	url  string // of the page that is looked at
	file string // its Markdown

	said  bytes.Buffer // read only after ended
	ended chan struct{}
}

// watches prints how long a change takes from the file to the page.
func (r *rig) watches(sizes []size) error {
	w := tabwriter.NewWriter(os.Stdout, 0, 8, 2, ' ', 0)
	fmt.Fprintln(w, "\npages\ttexts\twatch\tready\tedit to changed page\tslowest\tgoal")
	for _, s := range sizes {
		if err := r.watchSize(w, s); err != nil {
			return errors.Join(err, w.Flush())
		}
	}
	return w.Flush()
}

func (r *rig) watchSize(w io.Writer, s size) error {
	if r.hugo != "" {
		if err := r.watchOne(w, s, modeHugo, editsHugo); err != nil {
			return err
		}
	}
	for _, mode := range []string{modeOwn, modeShared} {
		if err := r.watchOne(w, s, mode, editsOurs); err != nil {
			return err
		}
	}
	return nil
}

func (r *rig) watchOne(w io.Writer, s size, mode string, edits int) error {
	start := time.Now()
	serve, err := r.serve(s, mode)
	if err != nil {
		return err
	}
	defer serve.stop()
	at, ok := serve.shows("</main>", readyTime)
	if !ok {
		serve.stop()
		return fmt.Errorf("%s serves no page at %s\n%s", serve.cmd.Path, serve.url, serve.said.Bytes())
	}
	ready := at.Sub(start)
	times, err := serve.edits(edits)
	if err != nil {
		return err
	}
	name, goal := "hugo server", ""
	changed := middle(times, func(d time.Duration) time.Duration { return d })
	if mode != modeHugo {
		name, goal = "recourse", fmt.Sprintf("under %s: %s", seconds(editGoal), verdict(changed < editGoal))
	} else {
		mode = "the same"
	}
	fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%s\t%s\n", pagesOf(s.shops), mode, name, seconds(ready), atMost(changed), atMost(times[len(times)-1]), goal)
	return nil
}

func atMost(d time.Duration) string {
	if d >= editLimit {
		return "> " + editLimit.String()
	}
	return seconds(d)
}

// serve starts a server. The page looked at is the last shop's.
func (r *rig) serve(s size, mode string) (*watching, error) {
	addr, port, err := freePort()
	if err != nil {
		return nil, err
	}
	shop, lang, name := s.shops-1, "sv", "returns"
	w := &watching{url: "http://" + addr + "/" + pagePath(s, mode, shop, lang, name)}
	switch mode {
	case modeHugo:
		// Hugo keeps its pages in memory and makes only those anew that somebody looked at; both are its defaults.
		w.cmd = exec.Command(r.hugo, "server", "--source", r.fixture(s, mode), "--minify", "--bind", "127.0.0.1", "--port", port, "--noBuildLock")
		w.file = filepath.Join(r.fixture(s, mode), "content", shopID(shop), lang+"-"+country, name+".md")
	case modeOwn:
		w.file = filepath.Join(r.fixture(s, mode), shopID(shop), lang, name+".md")
	case modeShared:
		w.file = filepath.Join(r.fixture(s, mode), "texts", lang, name+".md")
	}
	if w.cmd == nil {
		w.cmd = exec.Command(r.program, append([]string{"watch", "--out", r.output(), "--addr", addr}, r.shops(s, mode)...)...)
	}
	return w, w.start()
}

func (w *watching) start() error {
	w.cmd.Stderr = &w.said
	w.ended = make(chan struct{})
	if err := w.cmd.Start(); err != nil {
		return err
	}
	go func() {
		w.cmd.Wait()
		close(w.ended)
	}()
	return nil
}

func freePort() (addr, port string, err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", "", err
	}
	defer l.Close()
	addr = l.Addr().String()
	_, port, err = net.SplitHostPort(addr)
	return addr, port, err
}

func (w *watching) stop() {
	w.cmd.Process.Kill()
	<-w.ended
}

// edits changes the page n times, or until one change takes too long, and sorts the times.
func (w *watching) edits(n int) (times []time.Duration, err error) {
	for i := range n {
		time.Sleep(time.Second) // so that it has come to rest
		mark := fmt.Sprintf("changed%dtimes", i+1)
		start := time.Now()
		if err := replace(w.file, mark); err != nil {
			return nil, err
		}
		at, ok := w.shows(mark, editLimit)
		if !ok {
			return []time.Duration{editLimit}, nil
		}
		times = append(times, at.Sub(start))
	}
	slices.Sort(times)
	return times, nil
}

// replace adds a paragraph as editors do: a new file takes the place of the old one.
func replace(file, paragraph string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	fresh := file + "~"
	if err := os.WriteFile(fresh, append(data, "\n\n"+paragraph+"\n"...), 0o644); err != nil {
		return err
	}
	return os.Rename(fresh, file)
}

// shows asks for the page until it holds a text, and says when that was.
func (w *watching) shows(text string, limit time.Duration) (at time.Time, ok bool) {
	for deadline := time.Now().Add(limit); time.Now().Before(deadline); {
		page, err := w.get(limit)
		if err == nil && bytes.Contains(page, []byte(text)) {
			return time.Now(), true
		}
		select {
		case <-w.ended:
			return at, false
		case <-time.After(askEvery):
		}
	}
	return at, false
}

func (w *watching) get(limit time.Duration) ([]byte, error) {
	client := http.Client{Timeout: limit} // a server may answer only when it has built
	answer, err := client.Get(w.url)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	return io.ReadAll(answer.Body)
}
