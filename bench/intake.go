package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"

	"recourse/soak/cluster"
	"recourse/soak/node"
)

// What is hoped for of one process with SQLite.
const (
	clients          = 64
	rateGoal         = 3000 // submissions a second
	timesGoal        = 2    // as many as PocketBase
	steadyRate       = 1000 // a second, for the next two
	steadyGoal       = 50 * time.Millisecond
	besideGoal       = 500 * time.Millisecond // with slowClients holding on
	serverMemoryGoal = 100 << 20
	slowClients      = 1000
	steadyOpen       = 256 // connections that share the steady rate
	warming          = 2 * time.Second
	nobodyListens    = "smtp://127.0.0.1:1?tls=none"
)

// contest is everything that is measured about taking submissions.
type contest struct {
	program, pocketbase string // pocketbase is empty where there is none
	dir                 string
	only                string // servers to measure, by the beginning of their names
	length              time.Duration
	cluster             *cluster.Cluster // nil where there is none
	runs                int
	table               *tabwriter.Writer
	remarks             []string           // lines below the table
	best                map[string]float64 // records a second, by contender
}

// contender is a program with a fresh database.
type contender struct {
	service
	name    string
	pid     func() int
	also    func() time.Duration // processor time of what it needs beside itself
	stop    func() error
	stored  func() (int, error) // records in the database, after stop
	durable string              // what a stored record has gone through
	probed  int                 // records stored to find that out
	page    string              // for slow readers
}

// takings compares how fast submissions are taken.
func takings(program, only string, length time.Duration) (err error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	c := &contest{only: only, length: length, best: map[string]float64{}}
	if c.program, err = filepath.Abs(program); err != nil {
		return err
	}
	if c.dir, err = os.MkdirTemp("", "recourse-bench-"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(c.dir)) }()
	c.introduce()
	if err := c.startPostgreSQL(ctx); err != nil {
		return err
	}
	if c.cluster != nil {
		defer func() { err = errors.Join(err, c.cluster.Stop()) }()
	}
	return c.rows(ctx)
}

func (c *contest) introduce() {
	load, _ := os.ReadFile("/proc/loadavg")
	fmt.Printf("%d processors, load averages %s", runtime.NumCPU(), load)
	fmt.Printf("Everything is on this machine: callers, servers, databases in %s, where a write of 4 KiB that has reached the disk takes %v (median).\n",
		c.dir, c.syncTime().Round(time.Microsecond))
	if c.pocketbase = findPocketBase(); c.pocketbase == "" {
		fmt.Println("SKIPPED: there is no pocketbase on PATH, and POCKETBASE names none: go install github.com/pocketbase/pocketbase/examples/base@v0.38.0")
	}
}

// syncTime is what a commit takes at least.
func (c *contest) syncTime() time.Duration {
	f, err := os.Create(filepath.Join(c.dir, "probe"))
	if err != nil {
		return 0
	}
	defer os.Remove(f.Name())
	defer f.Close()
	var took []time.Duration
	for range 100 {
		start := time.Now()
		f.Write(make([]byte, 4<<10))
		f.Sync()
		took = append(took, time.Since(start))
	}
	return middle(took, func(d time.Duration) time.Duration { return d })
}

func (c *contest) startPostgreSQL(ctx context.Context) (err error) {
	if !node.TakesDatabase(c.program) {
		fmt.Println("SKIPPED: this recourse serve has no --database: nothing is measured on PostgreSQL.")
		return nil
	}
	c.cluster, err = cluster.Start(ctx, c.dir)
	if errors.Is(err, cluster.ErrAbsent) {
		fmt.Println("SKIPPED:", err)
		return nil
	}
	return err
}

func (c *contest) rows(ctx context.Context) error {
	c.table = tabwriter.NewWriter(os.Stdout, 0, 8, 2, ' ', 0)
	fmt.Fprintln(c.table, "\nserver\tload\tstored/s\tp50\tp99\tslowest\tCPU a record: server\tdatabase\tcallers\tpeak memory\tacknowledged = stored\ta commit\tgoal")
	defer c.finish()
	for _, m := range c.trials(ctx) {
		if err := ctx.Err(); err != nil {
			return err
		}
		if !strings.HasPrefix(m.server, c.only) {
			continue
		}
		fmt.Fprint(os.Stderr, ".")
		who, err := m.start()
		if err == nil {
			err = c.row(who, m.load)
		}
		if err != nil {
			return err
		}
	}
	c.compare()
	return nil
}

func (c *contest) finish() {
	c.table.Flush()
	for _, line := range c.remarks {
		fmt.Println(line)
	}
}

// trial is one row: who is started, and what it has to bear.
type trial struct {
	server string // what its name begins with
	start  func() (*contender, error)
	load   func(*contender) (reading, error)
}

func (c *contest) trials(ctx context.Context) []trial {
	list := c.ours("SQLite")
	if c.cluster != nil {
		list = append(list, c.ours(postgres)...)
	}
	if c.pocketbase == "" {
		return list
	}
	for _, synchronous := range []string{"NORMAL", "FULL"} {
		list = append(list, trial{pocketName(synchronous), func() (*contender, error) { return c.pocketBase(ctx, synchronous) }, c.flood})
	}
	return list
}

// ours measures first with a mail server that is down, so that letters wait, then with letters written as files meanwhile.
func (c *contest) ours(database string) []trial {
	alone := func() (*contender, error) { return c.recourse(database+noMails, nobodyListens) }
	whole := func() (*contender, error) { return c.recourse(database, "") }
	return []trial{{database, alone, c.flood}, {database, whole, c.flood}, {database, whole, c.steady(0)}, {database, whole, c.steady(slowClients)}}
}

const noMails = ", mail server down"

// scratch is a new folder for a run.
func (c *contest) scratch() string {
	c.runs++
	return filepath.Join(c.dir, fmt.Sprint("run", c.runs))
}
