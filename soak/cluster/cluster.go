// Package cluster is a PostgreSQL of our own whose records can be read, whose structures checked and whose time measured.
package cluster

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"recourse/intake/store/pgtest"
	"recourse/soak/node"
	"recourse/soak/rows"
)

// ErrAbsent says that there is no PostgreSQL on this machine.
var ErrAbsent = pgtest.ErrMissing

// Cluster is a running PostgreSQL, with fsync and synchronous_commit on.
type Cluster struct {
	*pgtest.Server
	dir string
}

// Start makes a cluster below a folder and starts it. As root it runs as another user, who must be let through to there.
func Start(ctx context.Context, parent string) (*Cluster, error) {
	dir := filepath.Join(parent, "postgresql")
	if err := errors.Join(os.Mkdir(dir, 0o700), os.Chmod(parent, 0o711)); err != nil {
		return nil, err
	}
	s, err := pgtest.Start(ctx, dir)
	if err != nil {
		return nil, err
	}
	return &Cluster{s, dir}, nil
}

// Restart ends PostgreSQL as a crash would and starts it again; it replays its log and is then back. An outgoing connection may have
// taken its port for a moment.
func (c *Cluster) Restart(ctx context.Context) error {
	if err := c.Down(ctx, "immediate"); err != nil {
		return err
	}
	err := c.Up(ctx)
	for try := 0; err != nil && try < 5; try++ {
		time.Sleep(time.Second)
		err = c.Up(ctx)
	}
	return err
}

// Stop ends PostgreSQL.
func (c *Cluster) Stop() error { return c.Down(context.Background(), "fast") }

// Query asks a database and gives the rows as text.
func Query(url, query string) ([][]string, error) { return rows.Of("pgx", url, query) }

// Check reads all tables and indexes of a database with PostgreSQL's own checker.
func Check(url string) error {
	db, err := sql.Open("pgx", url)
	if err != nil {
		return err
	}
	defer db.Close()
	if _, err := db.Exec(`CREATE EXTENSION IF NOT EXISTS amcheck`); err != nil {
		return err
	}
	damage, err := Query(url, `SELECT c.relname, v.msg FROM pg_class c, verify_heapam(c.oid) v
		WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'`)
	if err == nil && len(damage) > 0 {
		err = fmt.Errorf("verify_heapam finds %v", damage)
	}
	if err != nil {
		return err
	}
	_, err = db.Exec(`SELECT bt_index_check(c.oid, true) FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'i'`)
	return err
}

// CPU is the time that all processes of PostgreSQL have used, those that ended included.
func (c *Cluster) CPU() time.Duration {
	pidFile, _ := os.ReadFile(filepath.Join(c.dir, "data", "postmaster.pid"))
	first, _, _ := strings.Cut(string(pidFile), "\n")
	postmaster, _ := strconv.Atoi(first)
	used := node.CPU(postmaster)
	children, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", postmaster, postmaster))
	for _, child := range strings.Fields(string(children)) {
		pid, _ := strconv.Atoi(child)
		used += node.CPU(pid)
	}
	return used
}
