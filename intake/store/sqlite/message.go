package sqlite

import (
	"context"
	"database/sql"
	"time"

	"recourse/intake/docket"
)

// Answer stores what the trader wrote to the consumer together with the letter that carries it. An open case
// becomes answered; a closed one stays closed. A letter whose Message-ID is there already means that the same page was
// sent twice: nothing is stored again.
func (s *Store) Answer(ctx context.Context, c docket.Case, m docket.Message, l docket.Letter) error {
	return s.tx(ctx, "store an answer", func(tx *sql.Tx) error {
		var again bool
		err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM outbox WHERE message_id = ?)`, l.MessageID).Scan(&again)
		if err != nil || again {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO messages (case_id, text, written) VALUES (?, ?, ?)`, c.ID, m.Text, stamp(m.Written)); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE cases SET state = 'answered' WHERE id = ? AND state <> 'closed'`, c.ID); err != nil {
			return err
		}
		if err := insertEvent(ctx, tx, c.ID, string(docket.Answered), "", m.Written); err != nil {
			return err
		}
		return post(ctx, tx, c, []docket.Letter{l})
	})
}

// Change sets the state of a case, and the outcome where it is closed.
func (s *Store) Change(ctx context.Context, caseID int64, state docket.State, outcome docket.Outcome, now time.Time) error {
	return s.tx(ctx, "change the state of a case", func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `UPDATE cases SET state = ?, outcome = ? WHERE id = ?`, state, outcome, caseID); err != nil {
			return err
		}
		return insertEvent(ctx, tx, caseID, string(state), outcome, now)
	})
}

// Messages lists what the trader wrote, oldest first.
func (s *Store) Messages(ctx context.Context, caseID int64) ([]docket.Message, error) {
	messages, err := collect(ctx, s.read, func(r row) (m docket.Message, err error) {
		err = r.Scan(&m.ID, &m.Text, moment{&m.Written})
		return m, err
	}, `SELECT id, text, written FROM messages WHERE case_id = ? ORDER BY id`, caseID)
	return messages, wrap("list messages", err)
}

// Events lists the history of a case, oldest first.
func (s *Store) Events(ctx context.Context, caseID int64) ([]docket.Event, error) {
	events, err := collect(ctx, s.read, func(r row) (e docket.Event, err error) {
		err = r.Scan(&e.What, &e.Outcome, moment{&e.At})
		return e, err
	}, `SELECT what, outcome, at FROM events WHERE case_id = ? ORDER BY id`, caseID)
	return events, wrap("list the history of a case", err)
}

func insertEvent(ctx context.Context, tx *sql.Tx, caseID int64, what string, outcome docket.Outcome, at time.Time) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO events (case_id, what, outcome, at) VALUES (?, ?, ?, ?)`, caseID, what, outcome, stamp(at))
	return err
}
