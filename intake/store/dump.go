package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// Table is one of the tables a backup holds.
type Table struct {
	Name    string
	Columns []string
}

// Tables of a backup, in an order in which they can be filled. Sessions are not among them: everybody logs in again.
var Tables = []Table{
	{"settings", []string{"name", "value"}},
	{"users", []string{"id", "login", "name", "hash", "epoch", "disabled", "created", "roles"}},
	{"cases", []string{"id", "shop", "submission", "digest", "reference", "receipt_hash", "status_hash", "form", "locale", "page", "seen", "fields", "words",
		"email", "reason", "received", "due", "due_task", "due_statute", "due_silence", "state", "outcome", "priority", "score", "signs", "suspect", "repeated",
		"answered", "closed", "hold", "rating", "opinion", "head", "events"}},
	{"messages", []string{"id", "case_id", "side", "author", "text", "nonce", "written"}},
	{"proposals", []string{"id", "case_id", "remedy", "text", "author", "nonce", "made", "decision", "decided"}},
	{"files", []string{"id", "case_id", "message_id", "shop", "submission", "position", "name", "type", "size", "sum", "kept"}},
	{"outbox", []string{"id", "case_id", "shop", "kind", "about", "event", "message_id", "recipient", "written", "delivery", "attempts", "next", "slot", "lease", "done", "error"}},
	{"events", []string{"id", "case_id", "seq", "what", "outcome", "actor", "detail", "about", "digest", "at", "hash"}},
	{"views", []string{"id", "at", "login", "shop", "case_id", "what", "detail"}},
	{"erasures", []string{"id", "at", "shop", "form", "rule", "login", "cases", "files"}},
}

// Dump hands out every row of every table as they are at one moment, while others go on writing. Values are int64, string or
// nil, in the order of the table's columns; the slice is used again for the next row.
func (s *Store) Dump(ctx context.Context, do func(t Table, values []any) error) error {
	return wrap("read the whole database", s.engine.Snapshot(ctx, func(q Queries) error {
		for _, t := range Tables {
			if err := dumpTable(ctx, q, t, do); err != nil {
				return fmt.Errorf("table %s: %w", t.Name, err)
			}
		}
		return nil
	}))
}

func dumpTable(ctx context.Context, q Queries, t Table, do func(Table, []any) error) error {
	values, targets := make([]any, len(t.Columns)), make([]any, len(t.Columns))
	for i := range values {
		targets[i] = &values[i]
	}
	scan := func(r row) ([]any, error) { return values, r.Scan(targets...) }
	order := t.Columns[0]
	return each(ctx, q, scan, func(values []any) error { return do(t, values) },
		`SELECT `+strings.Join(t.Columns, ", ")+` FROM `+t.Name+` ORDER BY `+order)
}

// ErrNotEmpty is returned where a database that has cases should be filled.
var ErrNotEmpty = errors.New("the database has cases already; restore into an empty one")

// Load fills an empty database with the rows that next gives, in the order in which Dump gave them, until its table is nil. All or
// nothing is stored.
func (s *Store) Load(ctx context.Context, next func() (t *Table, values []any, err error)) error {
	return s.write(ctx, "fill the database", func(q Queries) error {
		var cases int
		if err := q.QueryRowContext(ctx, `SELECT count(*) FROM cases`).Scan(&cases); err != nil || cases > 0 {
			return errors.Join(err, ErrNotEmpty)
		}
		for _, t := range []string{"users", "settings"} { // what a server writes when it starts
			if _, err := q.ExecContext(ctx, `DELETE FROM `+t); err != nil {
				return err
			}
		}
		for {
			t, values, err := next()
			if err != nil {
				return err
			}
			if t == nil {
				return s.engine.Loaded(ctx, q)
			}
			if err := insertRow(ctx, q, *t, values); err != nil {
				return fmt.Errorf("table %s: %w", t.Name, err)
			}
		}
	})
}

func insertRow(ctx context.Context, q Queries, t Table, values []any) error {
	marks := make([]string, len(values))
	for i := range marks {
		marks[i] = placeholder(i + 1)
	}
	_, err := q.ExecContext(ctx, `INSERT INTO `+t.Name+` (`+strings.Join(t.Columns, ", ")+`) VALUES (`+strings.Join(marks, ", ")+`)`, values...)
	return err
}
