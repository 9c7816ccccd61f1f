package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
)

// running is the program, serving a shop in a process of its own.
type running struct {
	*exec.Cmd
	addr, private string
	log           *bytes.Buffer
}

func serving(t *testing.T, dir string) *running {
	t.Helper()
	shop := filepath.Join(dir, "shop.toml")
	text := strings.Replace(shopText(0, "", "Amber"), `content = ""`, "", 1)
	write(t, shop, []byte(text))
	r := &running{addr: free(t), private: free(t), log: new(bytes.Buffer)}
	r.Cmd = exec.Command(program(t), "serve", "--shop", shop, "--no-widget", "--out", filepath.Join(dir, "dist"), "--data", filepath.Join(dir, "data"),
		"--addr", r.addr, "--metrics", r.private, "--log", "json", "--per-minute", "100000")
	r.Stderr = r.log
	if err := r.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Process.Kill() })
	client := visitor(r.private, nil)
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		if got, err := client.Get("http://localhost/readyz"); err == nil && got.StatusCode == http.StatusOK {
			return r
		}
		if time.Now().After(deadline) {
			t.Fatalf("the program does not start: %s", r.log)
		}
	}
}

// end tells the program to stop and waits until it has.
func (r *running) end(t *testing.T) time.Duration {
	t.Helper()
	start := time.Now()
	if err := r.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := r.Wait(); err != nil {
		t.Errorf("the program ends with %v: %s", err, r.log)
	}
	return time.Since(start)
}

func declaration(id string) string {
	return fmt.Sprintf(`{"id":%q,"shop":"shop0","form":"withdrawal","locale":"en-DE","fields":{"name":"A","contract":"1","email":"%s@example.org"}}`, id, id[:8])
}

func (r *running) post(body string) int {
	answer, err := http.Post("http://"+r.addr+"/api/v1/submissions", "application/json", strings.NewReader(body))
	if err != nil {
		return 0
	}
	io.Copy(io.Discard, answer.Body)
	answer.Body.Close()
	return answer.StatusCode
}

// TestOPS11_StopUnderLoad stops the program while clients send. What was answered is there after the next start, what was under
// way is answered, and its letters go out at once: none is left claimed.
func TestOPS11_StopUnderLoad(t *testing.T) {
	dir := t.TempDir()
	server := serving(t, dir)
	var (
		mu       sync.Mutex
		answered []string
		enough   = make(chan struct{})
		stopped  atomic.Bool
		clients  sync.WaitGroup
	)
	for range 8 {
		clients.Go(func() {
			for !stopped.Load() {
				id := uuid.NewString()
				switch status := server.post(declaration(id)); status {
				case http.StatusCreated:
					mu.Lock()
					if answered = append(answered, id); len(answered) == 100 {
						close(enough)
					}
					mu.Unlock()
				case 0: // no connection any more
				default:
					t.Errorf("a submission is answered %d", status)
					return
				}
			}
		})
	}
	select {
	case <-enough:
	case <-time.After(time.Minute):
		t.Fatal("no hundred submissions are answered within a minute")
	}
	under := uuid.NewString()
	half := begin(t, server.addr, declaration(under))
	time.Sleep(300 * time.Millisecond) // until it has been taken from the kernel's queue
	took := make(chan time.Duration, 1)
	go func() { took <- server.end(t) }()
	time.Sleep(300 * time.Millisecond)
	if got := half(); got != http.StatusCreated {
		t.Errorf("the submission under way is answered %d", got)
	}
	if d := <-took; d > 15*time.Second {
		t.Errorf("stopping took %v", d)
	}
	stopped.Store(true)
	clients.Wait()

	server = serving(t, dir)
	for _, id := range append(answered, under) {
		if status := server.post(declaration(id)); status != http.StatusOK {
			t.Errorf("submission %s was answered and is now answered %d", id, status)
		}
	}
	letters := filepath.Join(dir, "data", "mail", "*.eml")
	for deadline := time.Now().Add(60 * time.Second); ; time.Sleep(100 * time.Millisecond) {
		if out, _ := filepath.Glob(letters); len(out) >= 2*(len(answered)+1) {
			break
		} else if time.Now().After(deadline) {
			t.Fatalf("%d letters of %d cases are out", len(out), len(answered)+1)
		}
	}
	server.end(t)
	sound(t, server.log.String())
}

// begin sends the first half of a submission; what it returns sends the rest and gives the status of the answer.
func begin(t *testing.T, addr, body string) func() int {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(c, "POST /api/v1/submissions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(body), body[:20])
	return func() int {
		defer c.Close()
		io.WriteString(c, body[20:])
		var status int
		fmt.Fscanf(c, "HTTP/1.1 %d", &status)
		return status
	}
}

// sound looks at a log in JSON: after the greeting every line is an object.
func sound(t *testing.T, log string) {
	t.Helper()
	requests := 0
	for line := range strings.Lines(log) {
		var one struct{ Msg, Route string }
		if !strings.HasPrefix(line, "{") {
			continue
		}
		if err := json.Unmarshal([]byte(line), &one); err != nil {
			t.Errorf("a line of the log is no JSON: %s", line)
		}
		if one.Msg == "request" && one.Route == "POST /api/v1/submissions" {
			requests++
		}
	}
	if requests == 0 {
		t.Errorf("the log has no requests:\n%s", log)
	}
}

func TestHealthCommand(t *testing.T) {
	server := serving(t, t.TempDir())
	ask := func(url string) (string, error) {
		out, err := exec.Command(program(t), "health", url).CombinedOutput()
		return string(out), err
	}
	if out, err := ask("http://" + server.private + "/readyz"); err != nil || !strings.Contains(out, `"name":"disk"`) {
		t.Errorf("health says %s %v", out, err)
	}
	server.end(t)
	if out, err := ask("http://" + server.private + "/readyz"); err == nil || !strings.Contains(out, "refused") {
		t.Errorf("of a stopped program health says %s %v", out, err)
	}
}
