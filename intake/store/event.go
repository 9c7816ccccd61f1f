package store

import (
	"context"
	"fmt"
	"time"

	"recourse/intake/docket"
)

func insertEvent(ctx context.Context, q Queries, caseID int64, e docket.Event) error {
	_, err := q.ExecContext(ctx, `INSERT INTO events (case_id, seq, what, outcome, actor, detail, about, digest, at, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		caseID, e.Seq, e.What, string(e.Outcome), e.Actor, e.Detail, e.About, e.Digest, stamp(e.At), e.Hash)
	return err
}

// happen adds an event to the history of a case. The row of the case is held until the transaction ends, so that two events never
// follow the same one.
func (s *Store) happen(ctx context.Context, q Queries, caseID int64, e docket.Event) (docket.Event, error) {
	var reference, head string
	err := q.QueryRowContext(ctx, `SELECT reference, head, events FROM cases WHERE id = $1`+s.engine.ForUpdate(), caseID).Scan(&reference, &head, &e.Seq)
	if err != nil {
		return e, found(err)
	}
	e.Seq++
	e.At = e.At.UTC().Truncate(time.Microsecond) // as it is stored, and as it is read when the hash is compared
	e.Hash = docket.Chain(s.key, reference, head, e)
	if err := insertEvent(ctx, q, caseID, e); err != nil {
		return e, err
	}
	_, err = q.ExecContext(ctx, `UPDATE cases SET head = $1, events = $2 WHERE id = $3`, e.Hash, e.Seq, caseID)
	return e, err
}

const eventColumns = `seq, what, outcome, actor, detail, about, digest, at, hash`

func scanEvent(r row) (e docket.Event, err error) {
	err = r.Scan(&e.Seq, &e.What, &e.Outcome, &e.Actor, &e.Detail, &e.About, &e.Digest, moment{&e.At}, &e.Hash)
	return e, err
}

// Events lists the history of a case, oldest first.
func (s *Store) Events(ctx context.Context, caseID int64) ([]docket.Event, error) {
	events, err := events(ctx, s.engine.Read(), caseID)
	return events, wrap("list the history of a case", err)
}

func events(ctx context.Context, q Queries, caseID int64) ([]docket.Event, error) {
	return collect(ctx, q, scanEvent, `SELECT `+eventColumns+` FROM events WHERE case_id = $1 ORDER BY seq`, caseID)
}

// Fault is something in the history of a case that does not fit.
type Fault struct {
	Reference string
	Event     int    // number of the event; 0: the case itself
	What      string // what is wrong, in a sentence
}

func (f Fault) Error() string {
	if f.Event == 0 {
		return fmt.Sprintf("case %s: %s", f.Reference, f.What)
	}
	return fmt.Sprintf("case %s, event %d: %s", f.Reference, f.Event, f.What)
}

// Verify goes through the histories of all cases and reports what was changed, removed or put in by anybody but this program.
func (s *Store) Verify(ctx context.Context, report func(Fault)) (cases, events int, err error) {
	err = s.engine.Snapshot(ctx, func(q Queries) error {
		ids, err := collect(ctx, q, scanID, `SELECT id FROM cases ORDER BY id`)
		for i := 0; err == nil && i < len(ids); i++ {
			var n int
			n, err = s.verifyCase(ctx, q, ids[i], report)
			cases, events = cases+1, events+n
		}
		return err
	})
	return cases, events, wrap("verify the histories", err)
}

func scanID(r row) (id int64, err error) {
	err = r.Scan(&id)
	return id, err
}

func (s *Store) verifyCase(ctx context.Context, q Queries, id int64, report func(Fault)) (int, error) {
	c, err := one(ctx, q, `id = $1`, id)
	if err != nil {
		return 0, err
	}
	var head string
	var count int
	if err := q.QueryRowContext(ctx, `SELECT head, events FROM cases WHERE id = $1`, id).Scan(&head, &count); err != nil {
		return 0, err
	}
	history, err := events(ctx, q, id)
	if err != nil {
		return 0, err
	}
	digests, err := digests(ctx, q, id)
	if err != nil {
		return 0, err
	}
	v := verifier{key: s.key, c: c, head: head, count: count, digests: digests, report: report}
	v.run(history)
	return len(history), nil
}

// digests of the messages and proposals of a case, by what the events about them are called.
func digests(ctx context.Context, q Queries, caseID int64) (map[string]string, error) {
	all := make(map[string]string)
	messages, err := messages(ctx, q, caseID)
	if err != nil {
		return nil, err
	}
	for _, m := range messages {
		all[subject(eventOf(m.Side), m.ID)] = m.Digest()
	}
	proposals, err := collect(ctx, q, scanProposal, `SELECT `+proposalColumns+` FROM proposals WHERE case_id = $1 ORDER BY id`, caseID)
	for _, p := range proposals {
		all[subject(docket.EventProposed, p.ID)] = p.Digest()
	}
	return all, err
}

func subject(what string, id int64) string { return fmt.Sprintf("%s %d", what, id) }
