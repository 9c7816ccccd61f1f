// Package sqlite keeps cases in one SQLite file.
//
// An answer to a visitor says "stored", so a commit must survive the power going off: WAL with synchronous=FULL. There is
// one writing connection, because SQLite has one writer anyway and a queue in Go is fairer than busy errors; its
// transactions begin IMMEDIATE, so that none fails halfway for having read first. Reading has connections of its own.
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
	"time"

	_ "modernc.org/sqlite" // registers the driver
)

//go:embed migrations/*.sql
var migrations embed.FS

// Store is an open database.
type Store struct {
	write, read *sql.DB
	path        string
	opened      os.FileInfo // the file that path named at the start
}

// Open opens the database file, makes it where there is none, and brings its tables up to date. A file of a newer
// program is refused.
func Open(ctx context.Context, file string) (*Store, error) {
	if err := reserve(file); err != nil {
		return nil, fmt.Errorf("open the database %q: %w; check that the folder exists and may be written to", file, err)
	}
	write, err := connect(file, "_txlock=immediate", 1)
	if err != nil {
		return nil, fmt.Errorf("open the database %q: %w", file, err)
	}
	read, err := connect(file, "_pragma=query_only(1)", 4)
	if err != nil {
		write.Close()
		return nil, fmt.Errorf("open the database %q for reading: %w", file, err)
	}
	s := &Store{write: write, read: read, path: file}
	if s.opened, err = os.Stat(file); err == nil {
		err = s.migrate(ctx)
	}
	if err != nil {
		s.Close()
		return nil, fmt.Errorf("bring the database %q up to date: %w", file, err)
	}
	return s, nil
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
		"&_pragma=foreign_keys(1)&_pragma=secure_delete(1)&" + option
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	return db, nil
}

// Close waits for running queries and closes the file.
func (s *Store) Close() error { return errors.Join(s.read.Close(), s.write.Close()) }

// Ready reports whether the database can be written to. It writes, since a full disk shows in nothing less.
func (s *Store) Ready(ctx context.Context) error {
	return s.tx(ctx, "see whether the database can be written to", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT OR REPLACE INTO sessions (token, data, expiry) VALUES ('', zeroblob(?), '')`, probeBytes)
		if err == nil {
			_, err = tx.ExecContext(ctx, `DELETE FROM sessions WHERE token = ''`)
		}
		return err
	})
}

// probeBytes is about what the largest submission takes with its letters.
const probeBytes = 256 << 10

// there notices that the file was deleted or another put in its place: SQLite would go on with the one it has open,
// and what is stored in that ends with the process.
func (s *Store) there() error {
	now, err := os.Stat(s.path)
	if err == nil && !os.SameFile(now, s.opened) {
		err = errors.New("another file is in its place")
	}
	if err != nil {
		return fmt.Errorf("the database %q was taken away: %w; restart the program", s.path, err)
	}
	return nil
}

// migrate runs the files that the database has not seen, each in its own transaction; user_version counts them.
func (s *Store) migrate(ctx context.Context) error {
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	for i, file := range files {
		if err := s.migrateTo(ctx, i+1, file); err != nil {
			return err
		}
	}
	var version int
	if err := s.write.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&version); err != nil {
		return err
	}
	if version > len(files) {
		return fmt.Errorf("it has version %d and this program knows %d; use the newer program", version, len(files))
	}
	return nil
}

func (s *Store) migrateTo(ctx context.Context, version int, file string) error {
	return s.tx(ctx, "run "+file, func(tx *sql.Tx) error {
		var done int
		if err := tx.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&done); err != nil || done >= version {
			return err
		}
		statements, err := migrations.ReadFile(file)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, string(statements)); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, fmt.Sprintf(`PRAGMA user_version = %d`, version))
		return err
	})
}

// tx runs do in a writing transaction. It is committed when do returns nil and has then reached the disk.
func (s *Store) tx(ctx context.Context, attempt string, do func(*sql.Tx) error) error {
	if err := s.there(); err != nil {
		return fmt.Errorf("%s: %w", attempt, err)
	}
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("%s: %w", attempt, err)
	}
	defer tx.Rollback()
	if err := do(tx); err != nil {
		return fmt.Errorf("%s: %w", attempt, err)
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("%s: %w", attempt, err)
	}
	return nil
}

// querier is what *sql.DB and *sql.Tx have in common.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// collect reads all rows of a query.
func collect[T any](ctx context.Context, q querier, scan func(row) (T, error), query string, args ...any) ([]T, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}

type row interface{ Scan(...any) error }

const layout = "2006-01-02T15:04:05.000000Z"

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(layout)
}

// moment reads a stamp into t.
type moment struct{ t *time.Time }

func (m moment) Scan(v any) error {
	s, ok := v.(string)
	if !ok {
		return fmt.Errorf("a time is stored as %T instead of text", v)
	}
	if s == "" {
		*m.t = time.Time{}
		return nil
	}
	t, err := time.Parse(layout, s)
	*m.t = t
	return err
}
