package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"recourse/day"
	"recourse/intake/docket"
)

// Submit stores a case, its first event and the letters that go with it in one transaction. When the shop already has a case with
// that submission id, nothing is stored and that case is returned with existed true; whether the two are the same is for
// the caller to see by their digests. Hashes are those of the tokens for receipt and status page.
func (s *Store) Submit(ctx context.Context, c docket.Case, receiptHash, statusHash string, letters []docket.Letter) (stored docket.Case, existed bool, err error) {
	fields, err := json.Marshal(c.Values)
	if err != nil {
		return c, false, wrap("store a case", err)
	}
	words := searchable(c)
	err = s.write(ctx, "store a case", func(q Queries) error {
		stored, existed = c, false
		received := docket.Event{Seq: 1, What: docket.EventReceived, Digest: c.Digest, At: c.Received}
		received.Hash = docket.Chain(s.key, c.Reference, "", received)
		inserted, err := insertCase(ctx, q, &stored, receiptHash, statusHash, string(fields), words, received.Hash)
		if err != nil {
			return err
		}
		if !inserted {
			stored, err = one(ctx, q, `shop = $1 AND submission = $2`, c.Shop, c.Submission)
			existed = err == nil
			return err
		}
		if err := attach(ctx, q, stored); err != nil {
			return err
		}
		if err := insertEvent(ctx, q, stored.ID, received); err != nil {
			return err
		}
		return s.post(ctx, q, stored, letters)
	})
	return stored, existed, err
}

// insertCase says false where the shop has a case with that submission id.
func insertCase(ctx context.Context, q Queries, c *docket.Case, receiptHash, statusHash, fields, words, head string) (bool, error) {
	err := q.QueryRowContext(ctx, `INSERT INTO cases (shop, submission, digest, reference, receipt_hash, status_hash, form, locale, page, seen,
		fields, words, email, reason, received, due, due_task, due_statute, due_silence, state, outcome, priority, score, signs, suspect,
		answered, closed, hold, rating, opinion, head, events, repeated)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, '', '', '', 0, '', $26, 1,
			CASE WHEN EXISTS (SELECT 1 FROM cases WHERE email = $13 AND shop = $1 AND form = $7 AND received > $27) THEN 1 ELSE 0 END)
		ON CONFLICT (shop, submission) DO NOTHING RETURNING id, repeated`,
		c.Shop, c.Submission, c.Digest, c.Reference, receiptHash, statusHash, string(c.Form), c.Locale, c.Page, c.Seen,
		fields, words, strings.ToLower(c.Email()), c.Reason(), stamp(c.Received), c.Due.Day.String(), string(c.Due.Task), c.Due.Statute, string(c.Due.Silence),
		string(c.State), string(c.Outcome), int(c.Priority), c.Score, strings.Join(c.Signs, " "), flag(c.Suspect), head,
		stamp(c.Received.Add(-24*time.Hour))).Scan(&c.ID, &c.Repeat)
	if errors.Is(found(err), docket.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// columns of a case; undelivered is worked out from the outbox.
const columns = `id, shop, submission, digest, reference, form, locale, page, seen, fields, received, due, due_task, due_statute, due_silence,
	state, outcome, priority, score, signs, suspect, repeated, answered, closed, hold, rating, opinion,
	(SELECT count(*) FROM outbox WHERE case_id = cases.id AND delivery IN ('failed', 'bounced'))`

func scanCase(r row) (c docket.Case, err error) {
	var fields, due, signs string
	var undelivered int
	err = r.Scan(&c.ID, &c.Shop, &c.Submission, &c.Digest, &c.Reference, &c.Form, &c.Locale, &c.Page, &c.Seen, &fields,
		moment{&c.Received}, &due, &c.Due.Task, &c.Due.Statute, &c.Due.Silence, &c.State, &c.Outcome, &c.Priority, &c.Score, &signs, &c.Suspect, &c.Repeat,
		moment{&c.Answered}, moment{&c.Closed}, &c.Hold, &c.Rating, &c.Opinion, &undelivered)
	if err != nil {
		return c, found(err)
	}
	c.Undelivered = undelivered > 0
	if signs != "" {
		c.Signs = strings.Fields(signs)
	}
	if c.Due.Day, err = scanDay(due); err != nil {
		return c, fmt.Errorf("read the due date of case %d: %w", c.ID, err)
	}
	return c, json.Unmarshal([]byte(fields), &c.Values)
}

func scanDay(text string) (day.Day, error) {
	d := day.Unknown
	if text == "" {
		return d, nil
	}
	err := d.UnmarshalText([]byte(text))
	return d, err
}

// one finds a case with its files. Where is SQL of this package, never of a caller.
func one(ctx context.Context, q Queries, where string, args ...any) (docket.Case, error) {
	c, err := scanCase(q.QueryRowContext(ctx, `SELECT `+columns+` FROM cases WHERE `+where, args...))
	if err != nil {
		return c, err
	}
	c.Files, err = collect(ctx, q, scanFile, `SELECT id, name, type, size, sum FROM files WHERE case_id = $1 AND message_id IS NULL ORDER BY position`, c.ID)
	return c, err
}

// BySubmission finds the case a visitor's page has sent under its id.
func (s *Store) BySubmission(ctx context.Context, shop, id string) (docket.Case, error) {
	c, err := one(ctx, s.engine.Read(), `shop = $1 AND submission = $2`, shop, id)
	return c, wrap("find a case by its submission", err)
}

// ByReceipt finds a case by the hash of its receipt's token.
func (s *Store) ByReceipt(ctx context.Context, hash string) (docket.Case, error) {
	c, err := one(ctx, s.engine.Read(), `receipt_hash = $1`, hash)
	return c, wrap("find a case by its receipt", err)
}

// ByStatus finds a case by the hash of its status page's token.
func (s *Store) ByStatus(ctx context.Context, hash string) (docket.Case, error) {
	c, err := one(ctx, s.engine.Read(), `status_hash = $1`, hash)
	return c, wrap("find a case by its status page", err)
}

// ByReference finds a case.
func (s *Store) ByReference(ctx context.Context, reference string) (docket.Case, error) {
	c, err := one(ctx, s.engine.Read(), `reference = $1`, reference)
	return c, wrap("find a case by its reference", err)
}

// ByID finds the case of a letter.
func (s *Store) ByID(ctx context.Context, id int64) (docket.Case, error) {
	c, err := one(ctx, s.engine.Read(), `id = $1`, id)
	return c, wrap("find a case", err)
}
