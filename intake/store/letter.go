package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"recourse/form"
	"recourse/intake/docket"
)

const letterColumns = `id, case_id, shop, kind, about, event, message_id, recipient, written, delivery, attempts, next, done, error`

func scanLetter(r row) (l docket.Letter, err error) {
	err = r.Scan(&l.ID, &l.Case, &l.Shop, &l.Kind, &l.About, &l.Event, &l.MessageID, &l.To, moment{&l.Written}, &l.Delivery, &l.Attempts,
		moment{&l.Next}, moment{&l.Done}, &l.Error)
	return l, err
}

// post puts letters about a case that is there already into the outbox. A letter with a Message-ID the case has already is the same letter.
func (s *Store) post(ctx context.Context, q Queries, c docket.Case, letters []docket.Letter) error {
	planned := make([]docket.Letter, len(letters))
	for i, l := range letters {
		planned[i] = queued(l)
	}
	return insertLetters(ctx, q, c, planned)
}

// insertLetters stores them with one statement.
func insertLetters(ctx context.Context, q Queries, c docket.Case, letters []docket.Letter) error {
	if len(letters) == 0 {
		return nil
	}
	var args []any
	for _, l := range letters {
		args = append(args, c.ID, c.Shop, string(l.Kind), l.About, l.Event, l.MessageID, l.To, stamp(l.Written), string(l.Delivery), stamp(l.Next), stamp(l.Next), stamp(l.Done))
	}
	_, err := q.ExecContext(ctx, letterInsert(len(letters)), args...)
	return err
}

// letterInsert is the statement for a number of letters, of which there are few.
func letterInsert(letters int) string {
	rows := make([]string, letters)
	for i := range rows {
		marks := make([]any, 12)
		for j := range marks {
			marks[j] = i*len(marks) + j + 1
		}
		rows[i] = fmt.Sprintf(`($%d, $%d, $%d, $%d, $%d, $%d, $%d, $%d, $%d, 0, $%d, $%d, '', $%d, '')`, marks...)
	}
	return `INSERT INTO outbox (case_id, shop, kind, about, event, message_id, recipient, written, delivery, attempts, next, slot, lease, done, error) VALUES ` +
		strings.Join(rows, ", ") + ` ON CONFLICT (case_id, message_id) DO NOTHING`
}

func queued(l docket.Letter) docket.Letter {
	l.Delivery, l.Next = docket.Queued, l.Written
	return l
}

// spaced gives an acknowledgement the time at which it may go out, see docket.NextSlot.
func spaced(l docket.Letter, earlier []acknowledgement) docket.Letter {
	slots := make([]time.Time, len(earlier))
	for i, e := range earlier {
		slots[i] = e.slot
	}
	l = queued(l)
	var soon bool
	if l.Next, soon = docket.NextSlot(slots, l.Written); !soon {
		l.Delivery, l.Next, l.Done = docket.Failed, l.Written, l.Written
	}
	return l
}

// acknowledgement is one that went or will go to an address.
type acknowledgement struct {
	slot time.Time
	shop string
	form form.Kind
}

// acknowledged are the newest acknowledgements to the address of a letter within a day, ascending.
func (s *Store) acknowledged(ctx context.Context, q Queries, l docket.Letter) ([]acknowledgement, error) {
	mailbox := strings.ToLower(l.To)
	if err := s.engine.Lock(ctx, q, mailbox); err != nil {
		return nil, err
	}
	newest, err := collect(ctx, q, func(r row) (a acknowledgement, err error) {
		err = r.Scan(moment{&a.slot}, &a.shop, &a.form)
		return a, err
	}, `SELECT slot, cases.shop, cases.form FROM outbox JOIN cases ON cases.id = case_id
		WHERE lower(recipient) = $1 AND kind = 'acknowledgement' AND slot > $2 AND delivery <> 'failed' ORDER BY slot DESC LIMIT $3`,
		mailbox, stamp(l.Written.Add(-24*time.Hour)), docket.Throttled)
	slices.Reverse(newest)
	return newest, err
}

// Post puts a letter about a case into the outbox, once for each Message-ID.
func (s *Store) Post(ctx context.Context, c docket.Case, l docket.Letter) error {
	letters := []docket.Letter{l}
	if l.Kind == docket.Reminder {
		letters = append(letters, s.tell(c, docket.Event{What: docket.EventDue, Detail: l.Event, At: l.Written})...)
	}
	return s.write(ctx, "post a letter", func(q Queries) error { return s.post(ctx, q, c, letters) })
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
	slices.SortFunc(letters, func(a, b docket.Letter) int { return cmp.Compare(a.ID, b.ID) })
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
	var there bool
	err := changed(&there)(q.ExecContext(ctx, `UPDATE outbox SET delivery = $1, attempts = $2, next = $3, slot = $4, done = $5, error = $6, lease = '' WHERE id = $7`,
		string(l.Delivery), l.Attempts, stamp(l.Next), stamp(slot), stamp(l.Done), l.Error, l.ID))
	if err != nil || !there || l.Delivery != docket.Failed { // of a case that was erased meanwhile nothing is left to be noted
		return err
	}
	_, err = s.happen(ctx, q, l.Case, docket.Event{What: docket.EventUnmailed, Detail: string(l.Kind), At: l.Done})
	return err
}

// Bounce marks a letter that a mail server took and sent back. It says which case it belongs to.
func (s *Store) Bounce(ctx context.Context, messageID, reason string, now time.Time) (l docket.Letter, err error) {
	err = s.write(ctx, "note that a letter came back", func(q Queries) error {
		reference, _, _ := strings.Cut(messageID, ".")
		l, err = scanLetter(q.QueryRowContext(ctx, `SELECT `+letterColumns+` FROM outbox WHERE case_id = (SELECT id FROM cases WHERE reference = $1) AND message_id = $2`+s.engine.ForUpdate(),
			reference, messageID))
		if err = found(err); err != nil || l.Delivery == docket.Bounced {
			return err
		}
		l.Delivery, l.Error, l.Done = docket.Bounced, reason, now
		if err := s.settle(ctx, q, l); err != nil {
			return err
		}
		_, err = s.happen(ctx, q, l.Case, docket.Event{What: docket.EventBounced, Detail: string(l.Kind), At: now})
		return err
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
