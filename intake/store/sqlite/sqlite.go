// Package sqlite keeps cases in one SQLite file.
//
// An answer to a visitor says "stored", so a commit must survive the power going off: WAL with synchronous=FULL. There is
// one writing connection, because SQLite has one writer anyway and a queue in Go is fairer than busy errors. Writers that
// queue while a commit reaches the disk share the next one (see writer). Reading has connections of its own.
package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	_ "modernc.org/sqlite" // registers the driver

	"recourse/intake/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// engine is an open file.
type engine struct {
	*writer
	write, read *sql.DB
	path        string
	opened      os.FileInfo // the file that path named at the start
}

// Open opens the database file, makes it where there is none, and brings its tables up to date. A file of a newer
// program is refused. Key is the server's, see store.New.
func Open(ctx context.Context, file string, key []byte) (*store.Store, error) {
	e, err := open(ctx, file)
	if err != nil {
		return nil, err
	}
	s := store.New(e, key)
	if err := s.Adopt(ctx); err != nil {
		s.Close()
		return nil, fmt.Errorf("open the database %q: %w", file, err)
	}
	return s, nil
}

func open(ctx context.Context, file string) (*engine, error) {
	if err := reserve(file); err != nil {
		return nil, fmt.Errorf("open the database %q: %w; check that the folder exists and may be written to", file, err)
	}
	write, err := connect(file, "", 1)
	if err != nil {
		return nil, fmt.Errorf("open the database %q: %w", file, err)
	}
	read, err := connect(file, "&_pragma=query_only(1)", 4)
	if err != nil {
		write.Close()
		return nil, fmt.Errorf("open the database %q for reading: %w", file, err)
	}
	e := &engine{write: write, read: read, path: file}
	if err := e.begin(ctx); err != nil {
		write.Close()
		read.Close()
		return nil, fmt.Errorf("bring the database %q up to date: %w", file, err)
	}
	return e, nil
}

func (e *engine) begin(ctx context.Context) (err error) {
	if e.opened, err = os.Stat(e.path); err != nil {
		return err
	}
	if e.writer, err = newWriter(ctx, e.write, e.there); err != nil {
		return err
	}
	if err := e.migrate(ctx); err != nil {
		e.writer.stop()
		return err
	}
	return nil
}

// reserve makes the file readable by its owner only; SQLite would follow the umask.
func reserve(file string) error {
	f, err := os.OpenFile(file, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

func connect(file, option string, connections int) (*sql.DB, error) {
	path, err := filepath.Abs(file)
	if err != nil {
		return nil, err
	}
	// busy_timeout comes first: setting the journal mode already needs a lock.
	dsn := (&url.URL{Scheme: "file", Path: filepath.ToSlash(path)}).String() +
		"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)" +
		"&_pragma=foreign_keys(1)&_pragma=secure_delete(1)" + option
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	return db, nil
}

// Close waits for running queries and closes the file.
func (e *engine) Close() error {
	e.writer.stop()
	return errors.Join(e.read.Close(), e.write.Close())
}

func (e *engine) Read() store.Queries { return e.read }

// Snapshot: in WAL mode a transaction that reads sees one state of the file.
func (e *engine) Snapshot(ctx context.Context, do func(store.Queries) error) error {
	tx, err := e.read.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	return do(tx)
}

// There is one writer: nobody else is in the way.
func (e *engine) Lock(context.Context, store.Queries, string) error { return nil }
func (e *engine) ForUpdate() string                                 { return "" }
func (e *engine) Claiming() string                                  { return "" }

// Loaded: SQLite goes on after the highest id by itself.
func (e *engine) Loaded(context.Context, store.Queries) error { return nil }

// Purge writes the file anew and empties the log beside it.
func (e *engine) Purge(ctx context.Context) error {
	return e.alone(func(conn *sql.Conn) error {
		for _, statement := range []string{`VACUUM`, `PRAGMA wal_checkpoint(TRUNCATE)`} {
			if _, err := conn.ExecContext(ctx, statement); err != nil {
				return err
			}
		}
		return nil
	})
}

// Ready writes, since a full disk shows in nothing less.
func (e *engine) Ready(ctx context.Context) error {
	return e.Write(ctx, func(q store.Queries) error {
		_, err := q.ExecContext(ctx, `INSERT OR REPLACE INTO sessions (token, data, expiry) VALUES ('', zeroblob(?), '')`, probeBytes)
		if err == nil {
			_, err = q.ExecContext(ctx, `DELETE FROM sessions WHERE token = ''`)
		}
		return err
	})
}

// probeBytes is about what the largest submission takes.
const probeBytes = 128 << 10

// there notices that the file was deleted or another put in its place: SQLite would go on with the one it has open,
// and what is stored in that ends with the process.
func (e *engine) there() error {
	now, err := os.Stat(e.path)
	if err == nil && !os.SameFile(now, e.opened) {
		err = errors.New("another file is in its place")
	}
	if err != nil {
		return fmt.Errorf("the database %q was taken away: %w; restart the program", e.path, err)
	}
	return nil
}

// migrate runs the files that the database has not seen, each in its own transaction; user_version counts them.
func (e *engine) migrate(ctx context.Context) error {
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	for i, file := range files {
		if err := e.migrateTo(ctx, i+1, file); err != nil {
			return fmt.Errorf("run %s: %w", file, err)
		}
	}
	var version int
	if err := e.read.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&version); err != nil {
		return err
	}
	if version > len(files) {
		return fmt.Errorf("it has version %d and this program knows %d; use the newer program", version, len(files))
	}
	return nil
}

func (e *engine) migrateTo(ctx context.Context, version int, file string) error {
	return e.Write(ctx, func(q store.Queries) error {
		var done int
		if err := q.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&done); err != nil || done >= version {
			return err
		}
		statements, err := migrations.ReadFile(file)
		if err != nil {
			return err
		}
		if _, err := q.ExecContext(ctx, string(statements)); err != nil {
			return err
		}
		_, err = q.ExecContext(ctx, fmt.Sprintf(`PRAGMA user_version = %d`, version))
		return err
	})
}
