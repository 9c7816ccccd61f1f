// Package cluster runs a PostgreSQL of its own in a folder, with its own defaults: fsync and synchronous_commit are on.
package cluster

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"recourse/soak/node"
)

// ErrAbsent says that there is no PostgreSQL on this machine.
var ErrAbsent = errors.New("there is no PostgreSQL here (apt-get install postgresql-15)")

const owner = "recourse"

// Cluster is a running PostgreSQL.
type Cluster struct {
	bin, dir   string
	host, port string
	credential *syscall.Credential // of the user it runs as; nil: ours
}

// Start makes a cluster below a folder and starts it.
func Start(parent string) (*Cluster, error) {
	c := &Cluster{dir: filepath.Join(parent, "postgresql")}
	if err := errors.Join(c.find(), c.folder(parent), c.address()); err != nil {
		return nil, err
	}
	if _, err := c.run("initdb", "-D", c.dir, "-U", owner, "--auth=trust", "--encoding=UTF8", "--no-locale"); err != nil {
		return nil, err
	}
	_, err := c.run("pg_ctl", "start", "-w", "-D", c.dir, "-l", filepath.Join(c.dir, "log"),
		"-o", fmt.Sprintf("-c listen_addresses=%s -p %s -k %s", c.host, c.port, c.dir))
	if err != nil {
		return nil, err
	}
	return c, nil
}

// find looks where Debian puts the newest, then on PATH.
func (c *Cluster) find() error {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if onPath, err := exec.LookPath("initdb"); len(found) == 0 && err == nil {
		found = []string{onPath}
	}
	if len(found) == 0 {
		return ErrAbsent
	}
	slices.Sort(found)
	c.bin = filepath.Dir(found[len(found)-1])
	return nil
}

// folder makes the folder of the cluster. PostgreSQL refuses to run as root: then it runs as postgres, who must be let
// through to there.
func (c *Cluster) folder(parent string) error {
	if err := os.Mkdir(c.dir, 0o700); err != nil {
		return err
	}
	if os.Geteuid() != 0 {
		return nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return fmt.Errorf("run PostgreSQL as another user than root: %w", err)
	}
	uid, errUID := strconv.Atoi(u.Uid)
	gid, errGID := strconv.Atoi(u.Gid)
	c.credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return errors.Join(errUID, errGID, os.Chown(c.dir, uid, gid), os.Chmod(parent, 0o711))
}

func (c *Cluster) address() error {
	addr, err := node.FreeAddr()
	if err != nil {
		return err
	}
	c.host, c.port, err = net.SplitHostPort(addr)
	return err
}

// run runs a command of PostgreSQL and gives what it prints. Its output goes to a file: a server that pg_ctl starts would
// keep a pipe open.
func (c *Cluster) run(name string, args ...string) ([]byte, error) {
	out, err := os.CreateTemp("", "recourse-postgresql-")
	if err != nil {
		return nil, err
	}
	defer os.Remove(out.Name())
	defer out.Close()
	var said bytes.Buffer
	cmd := exec.Command(filepath.Join(c.bin, name), args...)
	cmd.Dir, cmd.Stdout = c.dir, out
	if name != "pg_ctl" {
		cmd.Stderr = &said
	}
	cmd.Env = append(os.Environ(), "LC_ALL=C", "LANG=C")
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: c.credential, Setpgid: true}
	err = cmd.Run()
	printed, errRead := os.ReadFile(out.Name())
	if err != nil {
		return printed, fmt.Errorf("%s: %w\n%s%s", name, err, said.Bytes(), printed)
	}
	return printed, errRead
}

// Create makes a database and gives its address.
func (c *Cluster) Create(name string) (url string, err error) {
	_, err = c.Query("postgres", "CREATE DATABASE "+name)
	return c.url(name), err
}

func (c *Cluster) url(database string) string {
	return fmt.Sprintf("postgres://%s@%s/%s?sslmode=disable", owner, net.JoinHostPort(c.host, c.port), database)
}

// Restart ends PostgreSQL as a crash would and starts it again; it replays its log and is then back.
func (c *Cluster) Restart() error {
	_, err := c.run("pg_ctl", "restart", "-w", "-D", c.dir, "-l", filepath.Join(c.dir, "log"), "-m", "immediate")
	return err
}

// Stop ends PostgreSQL.
func (c *Cluster) Stop() error {
	_, err := c.run("pg_ctl", "stop", "-w", "-D", c.dir, "-m", "fast")
	return err
}

// Query asks and gives the rows as text.
func (c *Cluster) Query(database, query string) ([][]string, error) {
	printed, err := c.run("psql", "--no-psqlrc", "--csv", "--tuples-only", "--quiet", "-v", "ON_ERROR_STOP=1", "-c", query, c.url(database))
	if err != nil {
		return nil, err
	}
	return csv.NewReader(bytes.NewReader(printed)).ReadAll()
}

// Check reads all tables and indexes with PostgreSQL's own checker.
func (c *Cluster) Check(database string) error {
	_, err := c.run("pg_amcheck", "--install-missing", "--heapallindexed", "--username", owner, "--host", c.host, "--port", c.port, "--database", database)
	return err
}

// CPU is the time that all processes of PostgreSQL have used, those that ended included.
func (c *Cluster) CPU() time.Duration {
	pidFile, _ := os.ReadFile(filepath.Join(c.dir, "postmaster.pid"))
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
