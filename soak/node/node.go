// Package node runs recourse serve as a process of its own, to be measured, killed and started again.
package node

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Shop is the id of the shop that every node serves, Host where that shop says its intake is.
const (
	Shop = "amber"
	Host = "shop.example"
)

const shopFile = `id = "amber"
name = "Amber & Sons"
website = "https://shop.example/"
publish = "https://shop.example/legal/"
intake = "https://shop.example/legal/"
[trader]
legal_name = "Amber Trading GmbH"
address = ["Hafenstraße 12", "18055 Rostock"]
country = "DE"
email = "service@shop.example"
staff = 14
[markets]
DE = ["en"]
[returns]
cost = "consumer"
[complaints]
answer_days = 14
[disputes]
participation = "no"
`

// Options say how a node is started.
type Options struct {
	Program  string // the built command
	Dir      string // for the shop's file, the pages and the log
	Data     string // default Dir/data
	Database string // postgres://…; empty: SQLite in Data
	SMTP     string // RECOURSE_SMTP_URL; empty: letters become files in Data/mail
	Env      []string
}

// Node is a server that may be down.
type Node struct {
	Addr string
	Options

	mu      sync.Mutex
	process *os.Process
	exit    chan struct{} // closed when process is gone
	wanted  bool          // that process is up
	deaths  []string      // ends that nobody asked for
}

// New prepares a node at a free port of 127.0.0.1.
func New(o Options) (*Node, error) {
	if o.Data == "" {
		o.Data = filepath.Join(o.Dir, "data")
	}
	if err := os.MkdirAll(o.Dir, 0o755); err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(o.Dir, "shop.toml"), []byte(shopFile), 0o644); err != nil {
		return nil, err
	}
	addr, err := FreeAddr()
	return &Node{Addr: addr, Options: o}, err
}

// FreeAddr is an address nobody listens at. Its port is none of those that the kernel gives to outgoing connections: one of these
// could take it while a node is down.
func FreeAddr() (addr string, err error) {
	for range 100 {
		addr = fmt.Sprintf("127.0.0.1:%d", 10_000+rand.IntN(20_000))
		var l net.Listener
		if l, err = net.Listen("tcp", addr); err == nil {
			return addr, l.Close()
		}
	}
	return "", err
}

// TakesDatabase reports whether the command knows --database.
func TakesDatabase(program string) bool {
	help, _ := exec.Command(program, "serve", "--help").Output()
	return bytes.Contains(help, []byte("--database"))
}

// anyNumber of submissions may come from one client: limits are not what is tried.
const anyNumber = "100000000"

func (n *Node) command(log *os.File) *exec.Cmd {
	args := []string{"serve", "--shop", filepath.Join(n.Dir, "shop.toml"), "--out", filepath.Join(n.Dir, "dist"), "--no-widget", "--no-overview",
		"--data", n.Data, "--addr", n.Addr, "--per-minute", anyNumber}
	if n.Database != "" {
		args = append(args, "--database", n.Database)
	}
	c := exec.Command(n.Program, args...)
	c.Env = append(os.Environ(), n.Env...)
	if n.SMTP != "" {
		c.Env = append(c.Env, "RECOURSE_SMTP_URL="+n.SMTP)
	}
	c.Stdout, c.Stderr = log, log
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // an interrupt at the terminal is for the harness, which then stops its nodes
	return c
}

// Start starts the process and returns when it says that it is ready.
func (n *Node) Start(ctx context.Context) error {
	log, err := os.OpenFile(n.LogFile(), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer log.Close()
	c := n.command(log)
	if err := c.Start(); err != nil {
		return fmt.Errorf("start %s: %w", n.Program, err)
	}
	exit := make(chan struct{})
	n.mu.Lock()
	n.process, n.exit, n.wanted = c.Process, exit, true
	n.mu.Unlock()
	go n.watch(c, exit)
	return n.untilReady(ctx, exit)
}

// watch notes an end that nobody asked for.
func (n *Node) watch(c *exec.Cmd, exit chan struct{}) {
	err := c.Wait()
	n.mu.Lock()
	if n.wanted {
		n.wanted = false
		n.deaths = append(n.deaths, fmt.Sprintf("%s ended by itself: %v\n%s", n.Addr, err, n.tail()))
	}
	n.mu.Unlock()
	close(exit)
}

// patience is how long a node may take to get ready.
const patience = 30 * time.Second

func (n *Node) untilReady(ctx context.Context, exit chan struct{}) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		if n.Ready() == nil {
			return nil
		}
		select {
		case <-exit:
			return fmt.Errorf("%s ended before it was ready\n%s", n.Program, n.tail())
		case <-ctx.Done():
			return fmt.Errorf("%s is not ready: %w\n%s", n.Program, ctx.Err(), n.tail())
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// Ready asks the node whether it can store submissions.
func (n *Node) Ready() error {
	client := http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	answer, err := client.Get("http://" + n.Addr + "/readyz")
	if err != nil {
		return err
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return errors.New(answer.Status)
	}
	return nil
}

// Kill ends the process as a power cut would: no handler runs, nothing is flushed. It reports whether there was one.
func (n *Node) Kill() bool { return n.end(syscall.SIGKILL) == nil }

// Stop asks the process to stop and waits for it.
func (n *Node) Stop() error { return n.end(syscall.SIGTERM) }

func (n *Node) end(signal syscall.Signal) error {
	n.mu.Lock()
	process, exit := n.process, n.exit
	n.wanted = false
	n.mu.Unlock()
	if process == nil {
		return os.ErrProcessDone
	}
	if err := process.Signal(signal); err != nil {
		return err
	}
	select {
	case <-exit:
		return nil
	case <-time.After(patience):
		process.Kill()
		<-exit
		return fmt.Errorf("%s did not stop within %v", n.Addr, patience)
	}
}

// Running reports whether the process should be up.
func (n *Node) Running() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.wanted
}

// Deaths are the ends of the process that nobody asked for.
func (n *Node) Deaths() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.deaths
}

// PID is that of the newest process.
func (n *Node) PID() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.process.Pid
}

// Peak is the most memory the running process has had, in bytes.
func (n *Node) Peak() int64 { return Peak(n.PID()) }

// LogFile has what all processes of the node have said.
func (n *Node) LogFile() string { return filepath.Join(n.Dir, "log") }

// tail is the end of the log.
func (n *Node) tail() string {
	log, _ := os.ReadFile(n.LogFile())
	return string(log[max(0, len(log)-2000):])
}

// Peak is VmHWM of a process, in bytes; 0 when it is gone.
func Peak(pid int) int64 {
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	_, after, _ := strings.Cut(string(status), "VmHWM:")
	fields := strings.Fields(after)
	if len(fields) == 0 {
		return 0
	}
	kilobytes, _ := strconv.ParseInt(fields[0], 10, 64)
	return kilobytes << 10
}

// CPU is the time a process and the children it has waited for have used; the kernel counts it in hundredths of a second.
func CPU(pid int) time.Duration {
	stat, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	_, after, _ := strings.Cut(string(stat), ") ") // a name may hold spaces
	fields := strings.Fields(after)
	if len(fields) < 15 {
		return 0
	}
	var ticks int64
	for _, f := range fields[11:15] { // utime stime cutime cstime
		n, _ := strconv.ParseInt(f, 10, 64)
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond
}
