package intake

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
)

func prefixes(all ...string) (p []netip.Prefix) {
	for _, s := range all {
		p = append(p, netip.MustParsePrefix(s))
	}
	return p
}

// victim is the folder of a server that TestCrash runs in a process of its own, to be killed.
const victim = "RECOURSE_TEST_VICTIM"

// TestVictim is that process.
func TestVictim(t *testing.T) {
	dir := os.Getenv(victim)
	if dir == "" {
		t.Skip("only as part of TestCrash")
	}
	d := open(t, dir, silent)
	d.Server.config.Now = time.Now
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	fmt.Printf("listening %s\n", listener.Addr())
	go d.Run(t.Context())
	must(t, HTTP("", d, d.config.Log).Serve(listener))
}

// TestCrash kills the server while clients send, starts it again, and lets the clients repeat what was not answered, as
// browsers do. Nothing that was answered 201 may be missing, nothing may be there twice.
func TestCrash(t *testing.T) {
	if testing.Short() {
		t.Skip("starts processes")
	}
	const total, clients, kills = 200, 8, 4
	dir := t.TempDir()
	server := &process{t: t, dir: dir}
	server.start()
	defer func() { server.kill() }()

	ids := make(chan string, total)
	for range total {
		ids <- uuid.NewString()
	}
	close(ids)
	var (
		mu       sync.Mutex
		answered = make(map[string]string) // id -> reference
		wait     sync.WaitGroup
	)
	for range clients {
		wait.Go(func() {
			for id := range ids {
				reference := server.send(withdrawal(t, id))
				mu.Lock()
				answered[id] = reference
				mu.Unlock()
			}
		})
	}
	for i := range kills {
		for {
			mu.Lock()
			n := len(answered)
			mu.Unlock()
			if n >= (i+1)*total/(kills+2) {
				break
			}
			time.Sleep(time.Millisecond)
		}
		server.kill()
		server.start()
	}
	wait.Wait()
	server.kill()

	d := open(t, dir, silent)
	stored := make(map[string]string)
	for _, c := range d.cases(t) {
		if stored[c.Submission] != "" {
			t.Errorf("submission %s is there twice", c.Submission)
		}
		stored[c.Submission] = c.Reference
		letters, err := d.store.Letters(t.Context(), c.ID)
		must(t, err)
		if len(letters) != 2 {
			t.Errorf("case %s has %d letters; want 2", c.Reference, len(letters))
		}
	}
	if len(answered) != total || len(stored) != total {
		t.Errorf("%d submissions were answered and %d are stored; want %d", len(answered), len(stored), total)
	}
	for id, reference := range answered {
		if stored[id] != reference {
			t.Errorf("submission %s was answered %s and is stored as %q", id, reference, stored[id])
		}
	}
	if server.retries == 0 {
		t.Error("no request was cut off: the test has not tested anything")
	}
}

// process is the server in its own process; it may be gone at any moment.
type process struct {
	t   *testing.T
	dir string

	mu      sync.Mutex
	command *exec.Cmd
	address string
	retries int
}

func (p *process) start() {
	command := exec.Command(os.Args[0], "-test.run=^TestVictim$")
	command.Env = append(os.Environ(), victim+"="+p.dir)
	command.Stderr = os.Stderr
	out, err := command.StdoutPipe()
	must(p.t, err)
	must(p.t, command.Start())
	line, err := bufio.NewReader(out).ReadString('\n')
	address, ok := strings.CutPrefix(strings.TrimSpace(line), "listening ")
	if !ok {
		p.t.Fatalf("the server did not start: %q %v", line, err)
	}
	p.mu.Lock()
	p.command, p.address = command, address
	p.mu.Unlock()
}

func (p *process) kill() {
	p.mu.Lock()
	command := p.command
	p.mu.Unlock()
	command.Process.Kill() // SIGKILL: no handler, no flush
	command.Wait()
}

// send repeats a submission until it is answered and gives the reference.
func (p *process) send(text string) string {
	deadline := time.Now().Add(time.Minute)
	for time.Now().Before(deadline) {
		p.mu.Lock()
		address := p.address
		p.mu.Unlock()
		response, err := http.Post("http://"+address+"/api/v1/submissions", "application/json", bytes.NewBufferString(text))
		if err == nil {
			var answer receipt
			err = json.NewDecoder(response.Body).Decode(&answer)
			response.Body.Close()
			if err == nil && (response.StatusCode == http.StatusCreated || response.StatusCode == http.StatusOK) {
				return answer.Reference
			}
		}
		p.mu.Lock()
		p.retries++
		p.mu.Unlock()
		time.Sleep(5 * time.Millisecond)
	}
	p.t.Error("a submission was not answered within a minute")
	return ""
}
