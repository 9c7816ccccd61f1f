package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"recourse/intake/docket"
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
		"reason", "received", "due", "due_task", "due_statute", "due_silence", "state", "outcome", "priority", "score", "signs", "suspect", "repeated",
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

// Empty returns ErrNotEmpty where there are cases.
func (s *Store) Empty(ctx context.Context) error { return empty(ctx, s.engine.Read()) }

func empty(ctx context.Context, q Queries) error {
	var cases int
	if err := q.QueryRowContext(ctx, `SELECT count(*) FROM cases`).Scan(&cases); err != nil {
		return err
	}
	if cases > 0 {
		return ErrNotEmpty
	}
	return nil
}

// Load fills an empty database with the rows that fill hands to put, tables in the order of Tables. All or nothing is stored. Fill may be
// called more than once, and then begins again. A row may lack columns that came later: they get what migrations gave rows that were there.
func (s *Store) Load(ctx context.Context, fill func(put func(t Table, values []any) error) error) error {
	return s.write(ctx, "fill the database", func(q Queries) error {
		if err := empty(ctx, q); err != nil {
			return err
		}
		for _, t := range []string{"users", "sessions", "settings", "files", "erasures", "views"} { // what a server without cases may have written
			if _, err := q.ExecContext(ctx, `DELETE FROM `+t); err != nil {
				return err
			}
		}
		if err := fill(func(t Table, values []any) error { return insertRow(ctx, q, t, values) }); err != nil {
			return err
		}
		return s.engine.Loaded(ctx, q)
	})
}

func insertRow(ctx context.Context, q Queries, t Table, values []any) error {
	if !t.Known() || len(values) != len(t.Columns) {
		return fmt.Errorf("table %q: it is not one of this program", t.Name)
	}
	marks := make([]string, len(values))
	for i := range marks {
		marks[i] = placeholder(i + 1)
	}
	_, err := q.ExecContext(ctx, `INSERT INTO `+t.Name+` (`+strings.Join(t.Columns, ", ")+`) VALUES (`+strings.Join(marks, ", ")+`)`, values...)
	if err != nil {
		err = fmt.Errorf("table %s: %w", t.Name, err)
	}
	return err
}

// Known reports whether this program has the table and all of its columns.
func (t Table) Known() bool {
	for _, known := range Tables {
		if known.Name == t.Name {
			return !slices.ContainsFunc(t.Columns, func(c string) bool { return !slices.Contains(known.Columns, c) })
		}
	}
	return false
}

// Whole is a case with all that belongs to it.
type Whole struct {
	docket.Case
	Messages  []docket.Message
	Proposals []docket.Proposal
	Events    []docket.Event
	Letters   []docket.Letter
}

// EachWhole hands the cases of a query to do as they are at one moment, in the order in which they were received.
func (s *Store) EachWhole(ctx context.Context, query docket.Query, do func(Whole) error) error {
	where, args := conditions(query)
	return wrap("go through the cases", s.engine.Snapshot(ctx, func(q Queries) error {
		ids, err := collect(ctx, q, scanID, `SELECT id FROM cases WHERE `+where+` ORDER BY received, id`, args...)
		for i := 0; err == nil && i < len(ids); i++ {
			var w Whole
			if w, err = whole(ctx, q, ids[i]); err == nil {
				err = do(w)
			}
		}
		return err
	}))
}

func whole(ctx context.Context, q Queries, id int64) (w Whole, err error) {
	if w.Case, err = one(ctx, q, `id = $1`, id); err != nil {
		return w, err
	}
	if w.Messages, err = messages(ctx, q, id); err != nil {
		return w, err
	}
	if w.Proposals, err = collect(ctx, q, scanProposal, `SELECT `+proposalColumns+` FROM proposals WHERE case_id = $1 ORDER BY id`, id); err != nil {
		return w, err
	}
	if w.Events, err = events(ctx, q, id); err != nil {
		return w, err
	}
	w.Letters, err = collect(ctx, q, scanLetter, `SELECT `+letterColumns+` FROM outbox WHERE case_id = $1 ORDER BY id`, id)
	return w, err
}
