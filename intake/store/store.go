// Package store keeps cases in a database, SQLite or PostgreSQL: the same statements for both, since what differs is small (see
// Engine). An answer to a visitor says "stored", so every change has reached the disk when its method returns.
//
// Times are text in UTC with microseconds, "2026-11-20T13:03:12.000000Z", which sorts; days are the same without the clock.
// Every change of a case adds an event to its history in the same transaction, chained by hashes: see docket.Chain.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"recourse/intake/docket"
)

// Store keeps cases and what belongs to them.
type Store struct {
	engine Engine
	key    []byte // of the hashes of events
	tell   func(docket.Case, docket.Event) []docket.Letter
}

// New makes a store. The key is the server's; histories made with another do not fit.
func New(e Engine, key []byte) *Store {
	return &Store{engine: e, key: key, tell: func(docket.Case, docket.Event) []docket.Letter { return nil }}
}

// Tell has f write letters about every event of a case, which are stored with it. Call it before the store is used.
func (s *Store) Tell(f func(docket.Case, docket.Event) []docket.Letter) { s.tell = f }

// Engine is a database with its tables up to date.
type Engine interface {
	// Write runs do in a transaction. When Write returns nil, it has reached the disk; otherwise nothing has happened. Do may be
	// run more than once, and then only the last time counts.
	Write(ctx context.Context, do func(Queries) error) error
	// Read answers questions outside of transactions.
	Read() Queries
	// Snapshot runs do in a transaction that sees one state of the database and changes nothing.
	Snapshot(ctx context.Context, do func(Queries) error) error

	// Lock makes other transactions that lock the same name wait until this one ends.
	Lock(ctx context.Context, q Queries, name string) error
	// ForUpdate and Claiming end a SELECT whose rows the transaction will change: waiting for others who do, or passing over
	// rows they have.
	ForUpdate() string
	Claiming() string

	// Loaded makes ids go on after those of rows that were put in with their own.
	Loaded(ctx context.Context, q Queries) error
	// Purge gives up the room of erased rows, so that nothing of them stays in the files of the database.
	Purge(ctx context.Context) error
	// Ready reports whether the database can be written to, Busy whether many wait for it.
	Ready(ctx context.Context) error
	Busy() bool
	Close() error
}

// Queries is what a database and a transaction have in common.
type Queries interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Close waits for running queries and closes the database.
func (s *Store) Close() error { return s.engine.Close() }

// Ready reports whether the database can be written to.
func (s *Store) Ready(ctx context.Context) error {
	return wrap("see whether the database can be written to", s.engine.Ready(ctx))
}

// Busy reports whether many wait for the database.
func (s *Store) Busy() bool { return s.engine.Busy() }

// write runs do in a transaction.
func (s *Store) write(ctx context.Context, attempt string, do func(Queries) error) error {
	return wrap(attempt, s.engine.Write(ctx, do))
}

func wrap(attempt string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", attempt, err)
}

type row interface{ Scan(...any) error }

// collect reads all rows of a query.
func collect[T any](ctx context.Context, q Queries, scan func(row) (T, error), query string, args ...any) ([]T, error) {
	var all []T
	err := each(ctx, q, scan, func(v T) error {
		all = append(all, v)
		return nil
	}, query, args...)
	return all, err
}

// each hands the rows of a query to do, one by one.
func each[T any](ctx context.Context, q Queries, scan func(row) (T, error), do func(T) error, query string, args ...any) error {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		v, err := scan(rows)
		if err == nil {
			err = do(v)
		}
		if err != nil {
			return err
		}
	}
	return rows.Err()
}

// scanText reads rows of one text.
func scanText(r row) (text string, err error) {
	err = r.Scan(&text)
	return text, err
}

// found turns "no rows" into what callers ask for.
func found(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return docket.ErrNotFound
	}
	return err
}

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

// flag is a truth value as both databases keep it.
func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}
