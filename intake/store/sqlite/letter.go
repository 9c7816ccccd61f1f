package sqlite

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"recourse/intake/docket"
)

const letterColumns = `id, case_id, kind, message_id, from_addr, sender, recipient, reply_to, subject, text, html, written, delivery, attempts, next, done`

func scanLetter(r row) (l docket.Letter, err error) {
	err = r.Scan(&l.ID, &l.Case, &l.Kind, &l.MessageID, &l.From, &l.Sender, &l.To, &l.ReplyTo, &l.Subject, &l.Text, &l.HTML,
		moment{&l.Written}, &l.Delivery, &l.Attempts, moment{&l.Next}, moment{&l.Done})
	return l, err
}

// post puts letters into the outbox. Acknowledgements to one address are spread over time, see docket.NextSlot.
func post(ctx context.Context, tx *sql.Tx, c docket.Case, letters []docket.Letter) error {
	for _, l := range letters {
		l, err := schedule(ctx, tx, l)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO outbox (case_id, kind, message_id, from_addr, sender, recipient, reply_to, subject, text, html,
			written, delivery, attempts, next, done) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?)`,
			c.ID, l.Kind, l.MessageID, l.From, l.Sender, l.To, l.ReplyTo, l.Subject, l.Text, l.HTML, stamp(l.Written), l.Delivery, stamp(l.Next), stamp(l.Done))
		if err != nil {
			return err
		}
	}
	return nil
}

func schedule(ctx context.Context, tx *sql.Tx, l docket.Letter) (docket.Letter, error) {
	l.Delivery, l.Next = docket.Queued, l.Written
	if l.Kind != docket.Acknowledgement {
		return l, nil
	}
	earlier, err := slots(ctx, tx, l)
	if err != nil {
		return l, err
	}
	var soon bool
	if l.Next, soon = docket.NextSlot(earlier, l.Written); !soon {
		l.Delivery, l.Next, l.Done = docket.Failed, l.Written, l.Written
	}
	return l, nil
}

// slots are the newest times at which acknowledgements went or will go to an address, ascending.
func slots(ctx context.Context, tx *sql.Tx, l docket.Letter) ([]time.Time, error) {
	newest, err := collect(ctx, tx, func(r row) (t time.Time, err error) {
		err = r.Scan(moment{&t})
		return t, err
	}, `SELECT max(next, done) FROM outbox WHERE recipient = ? AND kind = ? AND delivery <> 'failed' AND max(next, done) > ? ORDER BY 1 DESC LIMIT ?`,
		l.To, l.Kind, stamp(l.Written.Add(-24*time.Hour)), docket.Throttled)
	slices.Reverse(newest)
	return newest, err
}

// Claim takes letters that are due for sending, oldest first, and holds them until the lease ends; nobody else is given
// them before. A sender that dies loses its lease, and the letter goes out again with the same Message-ID.
func (s *Store) Claim(ctx context.Context, now, lease time.Time, limit int) (letters []docket.Letter, err error) {
	err = s.tx(ctx, "claim letters", func(tx *sql.Tx) error {
		letters, err = collect(ctx, tx, scanLetter, `UPDATE outbox SET lease = ?1 WHERE id IN (
			SELECT id FROM outbox WHERE delivery = 'queued' AND next <= ?2 AND lease <= ?2 ORDER BY next, id LIMIT ?3) RETURNING `+letterColumns,
			stamp(lease), stamp(now), limit)
		return err
	})
	return letters, err
}

// Settle records what became of a claimed letter and gives up the claim. The text of letters that are done is emptied.
func (s *Store) Settle(ctx context.Context, l docket.Letter) error {
	return s.tx(ctx, "settle a letter", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE outbox SET delivery = ?1, attempts = ?2, next = ?3, done = ?4, lease = '',
			text = CASE ?1 WHEN 'queued' THEN text ELSE '' END, html = CASE ?1 WHEN 'queued' THEN html ELSE '' END WHERE id = ?5`,
			l.Delivery, l.Attempts, stamp(l.Next), stamp(l.Done), l.ID)
		return err
	})
}

// Letters lists the letters of a case, oldest first.
func (s *Store) Letters(ctx context.Context, caseID int64) ([]docket.Letter, error) {
	letters, err := collect(ctx, s.read, scanLetter, `SELECT `+letterColumns+` FROM outbox WHERE case_id = ? ORDER BY id`, caseID)
	return letters, wrap("list letters", err)
}
