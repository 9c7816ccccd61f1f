package store

import (
	"context"
	"slices"
	"strings"
	"time"

	"recourse/intake/docket"
)

const letterColumns = `id, case_id, shop, kind, about, event, message_id, recipient, written, delivery, attempts, next, done, error`

func scanLetter(r row) (l docket.Letter, err error) {
	err = r.Scan(&l.ID, &l.Case, &l.Shop, &l.Kind, &l.About, &l.Event, &l.MessageID, &l.To, moment{&l.Written}, &l.Delivery, &l.Attempts,
		moment{&l.Next}, moment{&l.Done}, &l.Error)
	return l, err
}

// post puts letters into the outbox. Acknowledgements to one address are spread over time, see docket.NextSlot. A letter with a
// Message-ID that is there already is the same letter.
func (s *Store) post(ctx context.Context, q Queries, c docket.Case, letters []docket.Letter) error {
	for _, l := range letters {
		l, err := s.schedule(ctx, q, l)
		if err != nil {
			return err
		}
		_, err = q.ExecContext(ctx, `INSERT INTO outbox (case_id, shop, kind, about, event, message_id, recipient, written, delivery, attempts, next, slot, lease, done, error)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10, $10, '', $11, '') ON CONFLICT (message_id) DO NOTHING`,
			c.ID, c.Shop, string(l.Kind), l.About, l.Event, l.MessageID, l.To, stamp(l.Written), string(l.Delivery), stamp(l.Next), stamp(l.Done))
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) schedule(ctx context.Context, q Queries, l docket.Letter) (docket.Letter, error) {
	l.Delivery, l.Next = docket.Queued, l.Written
	if l.Kind != docket.Acknowledgement {
		return l, nil
	}
	earlier, err := s.slots(ctx, q, l)
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
func (s *Store) slots(ctx context.Context, q Queries, l docket.Letter) ([]time.Time, error) {
	mailbox := strings.ToLower(l.To)
	if err := s.engine.Lock(ctx, q, mailbox); err != nil {
		return nil, err
	}
	newest, err := collect(ctx, q, func(r row) (t time.Time, err error) {
		err = r.Scan(moment{&t})
		return t, err
	}, `SELECT slot FROM outbox WHERE lower(recipient) = $1 AND kind = 'acknowledgement' AND slot > $2 AND delivery <> 'failed' ORDER BY slot DESC LIMIT $3`,
		mailbox, stamp(l.Written.Add(-24*time.Hour)), docket.Throttled)
	slices.Reverse(newest)
	return newest, err
}

// Post puts a letter about a case into the outbox, once for each Message-ID.
func (s *Store) Post(ctx context.Context, c docket.Case, l docket.Letter) error {
	return s.write(ctx, "post a letter", func(q Queries) error { return s.post(ctx, q, c, []docket.Letter{l}) })
}

// Claim takes letters that are due for sending, oldest first, and holds them until the lease ends; nobody else is given them
// before, on this server or another. A sender that dies loses its lease, and the letter goes out again with the same Message-ID.
func (s *Store) Claim(ctx context.Context, now, lease time.Time, limit int) (letters []docket.Letter, err error) {
	var idle bool
	err = s.engine.Read().QueryRowContext(ctx, `SELECT NOT EXISTS (SELECT 1 FROM outbox WHERE delivery = 'queued' AND next <= $1 AND lease <= $1)`, stamp(now)).Scan(&idle)
	if err != nil || idle { // looking costs nothing; a transaction does
		return nil, wrap("look into the outbox", err)
	}
	err = s.write(ctx, "claim letters", func(q Queries) (err error) {
		letters, err = collect(ctx, q, scanLetter, `UPDATE outbox SET lease = $1 WHERE id IN (
			SELECT id FROM outbox WHERE delivery = 'queued' AND next <= $2 AND lease <= $2 ORDER BY next, id LIMIT $3`+s.engine.Claiming()+`) RETURNING `+letterColumns,
			stamp(lease), stamp(now), limit)
		return err
	})
	slices.SortFunc(letters, func(a, b docket.Letter) int { return int(a.ID - b.ID) })
	return letters, err
}

// Settle records what became of claimed letters and gives up the claims. A letter that is given up stands in the history of its case.
func (s *Store) Settle(ctx context.Context, letters ...docket.Letter) error {
	return s.write(ctx, "settle letters", func(q Queries) error {
		for _, l := range letters {
			if err := s.settle(ctx, q, l); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Store) settle(ctx context.Context, q Queries, l docket.Letter) error {
	slot := l.Next
	if l.Done.After(slot) {
		slot = l.Done
	}
	_, err := q.ExecContext(ctx, `UPDATE outbox SET delivery = $1, attempts = $2, next = $3, slot = $4, done = $5, error = $6, lease = '' WHERE id = $7`,
		string(l.Delivery), l.Attempts, stamp(l.Next), stamp(slot), stamp(l.Done), l.Error, l.ID)
	if err != nil || l.Delivery != docket.Failed {
		return err
	}
	return s.happen(ctx, q, l.Case, docket.Event{What: docket.EventUnmailed, Detail: string(l.Kind), At: l.Done})
}

// Bounce marks a letter that a mail server took and sent back. It says which case it belongs to.
func (s *Store) Bounce(ctx context.Context, messageID, reason string, now time.Time) (l docket.Letter, err error) {
	err = s.write(ctx, "note that a letter came back", func(q Queries) error {
		l, err = scanLetter(q.QueryRowContext(ctx, `SELECT `+letterColumns+` FROM outbox WHERE message_id = $1`+s.engine.ForUpdate(), messageID))
		if err = found(err); err != nil || l.Delivery == docket.Bounced {
			return err
		}
		l.Delivery, l.Error, l.Done = docket.Bounced, reason, now
		if err := s.settle(ctx, q, l); err != nil {
			return err
		}
		return s.happen(ctx, q, l.Case, docket.Event{What: docket.EventBounced, Detail: string(l.Kind), At: now})
	})
	return l, err
}

// Letters lists the letters of a case, oldest first.
func (s *Store) Letters(ctx context.Context, caseID int64) ([]docket.Letter, error) {
	letters, err := collect(ctx, s.engine.Read(), scanLetter, `SELECT `+letterColumns+` FROM outbox WHERE case_id = $1 ORDER BY id`, caseID)
	return letters, wrap("list letters", err)
}

// Stuck lists letters that are not out: those that wait, by when they are tried next, and those that failed or came back.
func (s *Store) Stuck(ctx context.Context) ([]docket.Letter, error) {
	letters, err := collect(ctx, s.engine.Read(), scanLetter, `SELECT `+letterColumns+` FROM outbox WHERE delivery IN ('queued', 'failed', 'bounced') ORDER BY next, id`)
	return letters, wrap("list letters that are not out", err)
}

// Retry has letters tried at once, as if for the first time: the one with an id, whatever became of it unless it was sent, or with 0 all
// that wait or failed. Those that came back would do so again.
func (s *Store) Retry(ctx context.Context, id int64, now time.Time) (n int64, err error) {
	which, args := `delivery IN ('queued', 'failed')`, []any{stamp(now)}
	if id != 0 {
		which, args = `delivery IN ('queued', 'failed', 'bounced') AND id = $2`, append(args, id)
	}
	err = s.write(ctx, "try letters again", func(q Queries) error {
		result, err := q.ExecContext(ctx, `UPDATE outbox SET delivery = 'queued', attempts = 0, next = $1, done = '', error = '' WHERE lease <= $1 AND `+which, args...)
		if err == nil {
			n, err = result.RowsAffected()
		}
		return err
	})
	return n, err
}
