// Package pgtest runs a PostgreSQL server for tests: its own, in a folder of its own, thrown away afterwards.
package pgtest

import (
	"context"
	"database/sql"
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
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // registers the driver
)

// ErrMissing is returned where PostgreSQL is not installed.
var ErrMissing = errors.New("PostgreSQL's initdb and postgres are neither on PATH nor below /usr/lib/postgresql; install the package postgresql-15")

// Server is a running server.
type Server struct {
	bin, dir  string
	port      int
	settings  []string
	cred      *syscall.Credential
	databases atomic.Int64
}

// Start makes and starts a server in a folder. Settings, "fsync=off", are for those that need not be as careful as production.
func Start(ctx context.Context, dir string, settings ...string) (*Server, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	s := &Server{bin: bin, dir: dir, settings: settings}
	if s.port, err = freePort(); err != nil {
		return nil, err
	}
	if err := s.own(); err != nil {
		return nil, err
	}
	if err := s.run(ctx, "initdb", "-D", s.data(), "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"); err != nil {
		return nil, err
	}
	return s, s.Up(ctx)
}

// binaries is the folder of the newest installed version.
func binaries() (string, error) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) > 0 {
		slices.Sort(found)
		return filepath.Dir(found[len(found)-1]), nil
	}
	path, err := exec.LookPath("initdb")
	if err != nil {
		return "", ErrMissing
	}
	return filepath.Dir(path), nil
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// own gives the folder to a user that PostgreSQL runs as: it refuses to be root.
func (s *Server) own() error {
	if os.Getuid() != 0 {
		return nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, _ := strconv.Atoi(u.Uid)
		gid, _ := strconv.Atoi(u.Gid)
		s.cred = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		return os.Chown(s.dir, uid, gid)
	}
	return errors.New("PostgreSQL does not run as root, and there is neither a user postgres nor nobody")
}

func (s *Server) data() string { return filepath.Join(s.dir, "data") }

// Data is the folder with all files of the server.
func (s *Server) Data() string { return s.data() }

func (s *Server) run(ctx context.Context, program string, args ...string) error {
	c := exec.CommandContext(ctx, filepath.Join(s.bin, program), args...)
	c.Dir = s.dir
	c.SysProcAttr = &syscall.SysProcAttr{Credential: s.cred}
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", program, err, out)
	}
	return nil
}

// Up starts the server and waits until it answers.
func (s *Server) Up(ctx context.Context) error {
	options := fmt.Sprintf("-p %d -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=200 -c fsync=on -c synchronous_commit=on", s.port)
	for _, setting := range s.settings {
		options += " -c " + setting
	}
	return s.run(ctx, "pg_ctl", "-D", s.data(), "-l", filepath.Join(s.dir, "log"), "-w", "-t", "60", "-o", options, "start")
}

// Down stops the server: "fast" as an administrator does, "immediate" as a power cut does.
func (s *Server) Down(ctx context.Context, mode string) error {
	return s.run(ctx, "pg_ctl", "-D", s.data(), "-w", "-t", "60", "-m", mode, "stop")
}

// URL of a database.
func (s *Server) URL(database string) string {
	return fmt.Sprintf("postgres://postgres@127.0.0.1:%d/%s", s.port, database)
}

// Create makes a new database and gives its URL.
func (s *Server) Create(ctx context.Context) (string, error) {
	db, err := sql.Open("pgx", s.URL("postgres"))
	if err != nil {
		return "", err
	}
	defer db.Close()
	name := "recourse" + strconv.FormatInt(s.databases.Add(1), 10)
	_, err = db.ExecContext(ctx, `CREATE DATABASE `+name)
	return s.URL(name), err
}

var shared *Server

// Main runs the tests of a package, with a server for all of them where PostgreSQL is installed; call it from TestMain.
func Main(m *testing.M) {
	os.Exit(with(m.Run))
}

func with(run func() int) int {
	dir, err := os.MkdirTemp("", "pg")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	s, err := Start(ctx, dir, "fsync=off", "full_page_writes=off")
	switch {
	case errors.Is(err, ErrMissing):
	case err != nil:
		fmt.Fprintln(os.Stderr, "start PostgreSQL:", err)
		return 1
	default:
		shared = s
		defer s.Down(context.Background(), "immediate")
	}
	return run()
}

// Database makes an empty database on the package's server; without PostgreSQL the test is skipped, aloud.
func Database(t testing.TB) string {
	t.Helper()
	if shared == nil {
		fmt.Fprintf(os.Stderr, "SKIPPED %s: %v\n", t.Name(), ErrMissing)
		t.Skip(ErrMissing)
	}
	url, err := shared.Create(t.Context())
	if err != nil {
		t.Fatal(strings.TrimSpace(err.Error()))
	}
	return url
}

// Shared is the package's server; nil where PostgreSQL is not installed.
func Shared() *Server { return shared }
