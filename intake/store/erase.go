package store

import (
	"context"
	"time"

	"recourse/day"
	"recourse/intake/docket"
)

// erasable is a condition of cases that may be erased.
const erasable = `state = 'closed' AND hold = ''`

// Expired lists the cases of a shop and form that were closed before a time and are not held: what a retention rule would erase.
func (s *Store) Expired(ctx context.Context, shop, form string, closedBefore time.Time) ([]int64, error) {
	ids, err := collect(ctx, s.engine.Read(), scanID,
		`SELECT id FROM cases WHERE shop = $1 AND form = $2 AND `+erasable+` AND closed <> '' AND closed < $3 ORDER BY id`, shop, form, stamp(closedBefore))
	return ids, wrap("find cases to erase", err)
}

// Stale lists the attachments of cases of a shop and form that were closed in a span of time and are not held.
func (s *Store) Stale(ctx context.Context, shop, form string, closedSince, closedBefore time.Time) ([]docket.File, error) {
	all, err := collect(ctx, s.engine.Read(), scanFile, `SELECT files.id, name, type, size, sum FROM files JOIN cases ON cases.id = files.case_id
		WHERE cases.shop = $1 AND form = $2 AND `+erasable+` AND closed <> '' AND closed >= $3 AND closed < $4 AND size > 0 ORDER BY files.id`,
		shop, form, stamp(closedSince), stamp(closedBefore))
	return all, wrap("find attachments to erase", err)
}

// Holdings is how many cases a shop has, and how many attachments of them have bytes.
func (s *Store) Holdings(ctx context.Context, shop string) (cases, files int, err error) {
	err = s.engine.Read().QueryRowContext(ctx, `SELECT (SELECT count(*) FROM cases WHERE shop = $1),
		(SELECT count(*) FROM files WHERE shop = $1 AND case_id IS NOT NULL AND size > 0)`, shop).Scan(&cases, &files)
	return cases, files, wrap("count what a shop has", err)
}

// Erase removes those of some cases that are closed and not held, with everything about them, and records how many. The bytes of the files
// it names must be removed after it; a file that is left behind by a crash is found by the sweep.
func (s *Store) Erase(ctx context.Context, ids []int64, record docket.Erasure) (files []string, err error) {
	err = s.write(ctx, "erase cases", func(q Queries) error {
		files = nil
		erased := record
		for _, id := range ids {
			of, gone, err := s.erase(ctx, q, id)
			if err != nil {
				return err
			}
			files, erased.Cases, erased.Files = append(files, of...), erased.Cases+int(gone), erased.Files+len(of)
		}
		return insertErasure(ctx, q, erased)
	})
	return files, err
}

// erase first takes hold of the row: a case that is held or opened again at the same moment keeps everything, or has gone before.
func (s *Store) erase(ctx context.Context, q Queries, id int64) (files []string, gone int64, err error) {
	found, err := collect(ctx, q, scanID, `SELECT id FROM cases WHERE id = $1 AND `+erasable+s.engine.ForUpdate(), id)
	if err != nil || len(found) == 0 {
		return nil, 0, err
	}
	if files, err = collect(ctx, q, scanText, `SELECT id FROM files WHERE case_id = $1`, id); err != nil {
		return nil, 0, err
	}
	if _, err := q.ExecContext(ctx, `DELETE FROM views WHERE case_id = $1`, id); err != nil {
		return nil, 0, err
	}
	_, err = q.ExecContext(ctx, `DELETE FROM cases WHERE id = $1`, id)
	return files, 1, err
}

func insertErasure(ctx context.Context, q Queries, e docket.Erasure) error {
	_, err := q.ExecContext(ctx, `INSERT INTO erasures (at, shop, form, rule, login, cases, files) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		stamp(e.At), e.Shop, e.Form, e.Rule, e.Login, e.Cases, e.Files)
	return err
}

// Strip has remove erase the bytes of attachments, of those whose cases are still closed and not held, and notes that they are gone: name,
// type and sum stay, since the history is about them. Nobody holds or opens such a case while it does.
func (s *Store) Strip(ctx context.Context, ids []string, record docket.Erasure, remove func(ids ...string)) (n int, err error) {
	err = s.write(ctx, "erase attachments", func(q Queries) error {
		n = 0
		for _, id := range ids {
			found, err := collect(ctx, q, scanID, `SELECT id FROM cases WHERE id = (SELECT case_id FROM files WHERE id = $1) AND `+erasable+s.engine.ForUpdate(), id)
			if err != nil {
				return err
			}
			if len(found) == 0 {
				continue
			}
			remove(id)
			if _, err := q.ExecContext(ctx, `UPDATE files SET size = 0 WHERE id = $1`, id); err != nil {
				return err
			}
			n++
		}
		erased := record
		erased.Files = n
		return insertErasure(ctx, q, erased)
	})
	return n, err
}

// Erasures lists what was erased, the newest first.
func (s *Store) Erasures(ctx context.Context) ([]docket.Erasure, error) {
	all, err := collect(ctx, s.engine.Read(), func(r row) (e docket.Erasure, err error) {
		err = r.Scan(moment{&e.At}, &e.Shop, &e.Form, &e.Rule, &e.Login, &e.Cases, &e.Files)
		return e, err
	}, `SELECT at, shop, form, rule, login, cases, files FROM erasures ORDER BY id DESC`)
	return all, wrap("list erasures", err)
}

// Purge gives up the room of what was erased: nothing of it stays in the database's files.
func (s *Store) Purge(ctx context.Context) error {
	return wrap("give up the room of what was erased", s.engine.Purge(ctx))
}

// Near lists open cases of a shop whose date is between two days, both included, and that no reminder with the name of an event was
// posted for.
func (s *Store) Near(ctx context.Context, shop string, from, until day.Day, event string, limit int) ([]docket.Case, error) {
	all, err := collect(ctx, s.engine.Read(), scanCase, `SELECT `+columns+` FROM cases WHERE shop = $1 AND `+waiting+` AND due <> '' AND due >= $2 AND due <= $3 AND suspect = 0
		AND NOT EXISTS (SELECT 1 FROM outbox WHERE case_id = cases.id AND kind = 'reminder' AND event = $4) ORDER BY due, id LIMIT $5`,
		shop, from.String(), until.String(), event, limit)
	return all, wrap("find cases that are due", err)
}
