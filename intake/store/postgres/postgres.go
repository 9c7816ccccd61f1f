// Package postgres keeps cases in a PostgreSQL database, 15 or newer, that several servers share. A commit has reached the disk when
// it is answered, whatever the database's own default is.
package postgres

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"

	"recourse/intake/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

type engine struct{ *sql.DB }

// connections of one server. More would wait for the same disk.
const connections = 24

// Open connects to the database at a URL, postgres://user:password@host/name, and brings its tables up to date. A database of a
// newer program is refused. Key is the server's, see store.New; the same on every server.
func Open(ctx context.Context, url string, key []byte) (*store.Store, *Files, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil { // its text holds the password
		return nil, nil, errors.New("read the address of the database: it is not a URL; write postgres://user:password@host:5432/name, special characters in the password percent-encoded")
	}
	e := engine{stdlib.OpenDB(settings(config))}
	e.SetMaxOpenConns(connections)
	e.SetMaxIdleConns(connections)
	e.SetConnMaxIdleTime(5 * time.Minute)
	if err := e.migrate(ctx); err != nil {
		e.Close()
		return nil, nil, fmt.Errorf("bring the database %q at %s up to date: %w", config.Database, config.Host, err)
	}
	return store.New(e, key), &Files{e.DB}, nil
}

func settings(c *pgx.ConnConfig) pgx.ConnConfig {
	if c.ConnectTimeout == 0 {
		c.ConnectTimeout = 5 * time.Second
	}
	c.RuntimeParams["application_name"] = "recourse"
	c.RuntimeParams["synchronous_commit"] = "on"
	c.RuntimeParams["timezone"] = "UTC"
	c.RuntimeParams["lock_timeout"] = "10s"
	c.RuntimeParams["idle_in_transaction_session_timeout"] = "60s"
	return *c
}

func (e engine) Read() store.Queries { return e.DB }

// Write tries again where transactions of several servers got in each other's way.
func (e engine) Write(ctx context.Context, do func(store.Queries) error) (err error) {
	for try := range 5 {
		if err = e.once(ctx, do); !collided(err) {
			return err
		}
		time.Sleep(rand.N(10 * time.Millisecond << try))
	}
	return err
}

func (e engine) once(ctx context.Context, do func(store.Queries) error) error {
	tx, err := e.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := do(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// collided: a deadlock or a serialization failure, of which PostgreSQL ends one side.
func collided(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == "40P01" || pg.Code == "40001")
}

func (e engine) Snapshot(ctx context.Context, do func(store.Queries) error) error {
	tx, err := e.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return err
	}
	defer tx.Rollback()
	return do(tx)
}

func (e engine) Lock(ctx context.Context, q store.Queries, name string) error {
	_, err := q.ExecContext(ctx, `SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, name)
	return err
}

// ForUpdate does not lock out who only refers to the row: two transactions that have each put in a message of the same case would wait for
// each other.
func (e engine) ForUpdate() string { return ` FOR NO KEY UPDATE` }
func (e engine) Claiming() string  { return ` FOR UPDATE SKIP LOCKED` }

// Loaded makes the sequences go on after the ids that were put in.
func (e engine) Loaded(ctx context.Context, q store.Queries) error {
	for _, t := range store.Tables {
		if t.Columns[0] != "id" || t.Name == "files" {
			continue
		}
		if _, err := q.ExecContext(ctx, fmt.Sprintf(`SELECT setval(pg_get_serial_sequence('%s', 'id'), (SELECT coalesce(max(id), 0) + 1 FROM %[1]s), false)`, t.Name)); err != nil {
			return err
		}
	}
	return nil
}

// Purge writes the tables anew, since rows stay in PostgreSQL's files until then. Others wait while it does. Statistics for the planner
// hold nothing of what people wrote, see migration 2.
func (e engine) Purge(ctx context.Context) error {
	for _, table := range []string{"cases", "messages", "proposals", "files", "pieces", "outbox", "events", "views"} {
		if _, err := e.ExecContext(ctx, `VACUUM FULL `+table); err != nil {
			return err
		}
	}
	return nil
}

// Ready writes, since a full disk shows in nothing less.
func (e engine) Ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	return e.once(ctx, func(q store.Queries) error {
		_, err := q.ExecContext(ctx, `INSERT INTO sessions (token, data, expiry) VALUES ('ready', convert_to(repeat('x', 65536), 'UTF8'), '') ON CONFLICT (token) DO UPDATE SET data = excluded.data`)
		return err
	})
}

// Busy: most connections are taken.
func (e engine) Busy() bool { return e.Stats().InUse > connections*3/4 }

// migrate runs the files that the database has not seen. Servers that start together wait for the first.
func (e engine) migrate(ctx context.Context) error {
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	return e.once(ctx, func(q store.Queries) error {
		if err := e.Lock(ctx, q, "recourse migrations"); err != nil {
			return err
		}
		if _, err := q.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS version (n BIGINT PRIMARY KEY)`); err != nil {
			return err
		}
		var done int
		if err := q.QueryRowContext(ctx, `SELECT coalesce(max(n), 0) FROM version`).Scan(&done); err != nil {
			return err
		}
		if done > len(files) {
			return fmt.Errorf("it has version %d and this program knows %d; use the newer program", done, len(files))
		}
		for i := done; i < len(files); i++ {
			if err := run(ctx, q, files[i], i+1); err != nil {
				return fmt.Errorf("run %s: %w", files[i], err)
			}
		}
		return nil
	})
}

func run(ctx context.Context, q store.Queries, file string, version int) error {
	statements, err := migrations.ReadFile(file)
	if err != nil {
		return err
	}
	if _, err := q.ExecContext(ctx, string(statements)); err != nil {
		return err
	}
	_, err = q.ExecContext(ctx, `INSERT INTO version (n) VALUES ($1)`, version)
	return err
}
