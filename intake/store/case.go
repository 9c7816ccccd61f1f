package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"recourse/day"
	"recourse/intake/docket"
)

// Submit stores a case, its first event and the letters that go with it in one transaction. When the shop already has a case with
// that submission id, nothing is stored and that case is returned with existed true; whether the two are the same is for
// the caller to see by their digests.
func (s *Store) Submit(ctx context.Context, c docket.Case, letters []docket.Letter) (stored docket.Case, existed bool, err error) {
	fields, err := json.Marshal(c.Values)
	if err != nil {
		return c, false, wrap("store a case", err)
	}
	received := docket.Event{Seq: 1, What: docket.EventReceived, Digest: c.Digest, At: c.Received}
	received.Hash = docket.Chain(s.key, c.Reference, "", received)
	row := caseRow{fields: string(fields), words: searchable(c), head: received.Hash}
	err = s.write(ctx, "store a case", func(q Queries) error {
		stored, existed = c, false
		scheduled, err := s.plan(ctx, q, &stored, slices.Concat(letters, s.tell(c, received)))
		if err != nil {
			return err
		}
		inserted, err := row.insert(ctx, q, &stored)
		if err != nil {
			return err
		}
		if !inserted {
			stored, err = one(ctx, q, `submission = $1 AND shop = $2`, c.Submission, c.Shop)
			existed = err == nil
			return err
		}
		if err := attach(ctx, q, stored); err != nil {
			return err
		}
		if err := insertEvent(ctx, q, stored.ID, received); err != nil {
			return err
		}
		return insertLetters(ctx, q, stored, scheduled)
	})
	return stored, existed, err
}

// plan finds out when the letters of a new case may go out, and whether its address has sent the same form to the shop on that day.
func (s *Store) plan(ctx context.Context, q Queries, c *docket.Case, letters []docket.Letter) ([]docket.Letter, error) {
	planned := slices.Clone(letters)
	for i, l := range planned {
		if l.Kind != docket.Acknowledgement {
			planned[i] = queued(l)
			continue
		}
		earlier, err := s.acknowledged(ctx, q, l)
		if err != nil {
			return nil, err
		}
		for _, e := range earlier {
			c.Repeat = c.Repeat || e.shop == c.Shop && e.form == c.Form
		}
		planned[i] = spaced(l, earlier)
	}
	return planned, nil
}

// caseRow is what the row of a case has besides the case.
type caseRow struct{ fields, words, head string }

// insert says false where the shop has a case with that submission id.
func (r caseRow) insert(ctx context.Context, q Queries, c *docket.Case) (bool, error) {
	err := q.QueryRowContext(ctx, `INSERT INTO cases (shop, submission, digest, reference, receipt_hash, status_hash, form, locale, page, seen,
		fields, words, reason, received, due, due_task, due_statute, due_silence, state, outcome, priority, score, signs, suspect, repeated,
		answered, closed, hold, rating, opinion, head, events)
		VALUES ($1, $2, $3, $4, '', '', $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, '', '', '', 0, '', $24, 1)
		ON CONFLICT (submission, shop) DO NOTHING RETURNING id`,
		c.Shop, c.Submission, c.Digest, c.Reference, string(c.Form), c.Locale, c.Page, c.Seen,
		r.fields, r.words, c.Reason(), stamp(c.Received), c.Due.Day.String(), string(c.Due.Task), c.Due.Statute, string(c.Due.Silence),
		string(c.State), string(c.Outcome), int(c.Priority), c.Score, strings.Join(c.Signs, " "), flag(c.Suspect), flag(c.Repeat), r.head).Scan(&c.ID)
	if errors.Is(found(err), docket.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// columns of a case; undelivered is worked out from the outbox.
const columns = `id, shop, submission, digest, reference, form, locale, page, seen, fields, received, due, due_task, due_statute, due_silence,
	state, outcome, priority, score, signs, suspect, repeated, answered, closed, hold, rating, opinion,
	` + undelivered

func scanCase(r row) (c docket.Case, err error) {
	var fields, due, signs string
	err = r.Scan(&c.ID, &c.Shop, &c.Submission, &c.Digest, &c.Reference, &c.Form, &c.Locale, &c.Page, &c.Seen, &fields,
		moment{&c.Received}, &due, &c.Due.Task, &c.Due.Statute, &c.Due.Silence, &c.State, &c.Outcome, &c.Priority, &c.Score, &signs, &c.Suspect, &c.Repeat,
		moment{&c.Answered}, moment{&c.Closed}, &c.Hold, &c.Rating, &c.Opinion, &c.Undelivered)
	if err != nil {
		return c, found(err)
	}
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
	c, err := one(ctx, s.engine.Read(), `submission = $1 AND shop = $2`, id, shop)
	return c, wrap("find a case by its submission", err)
}

// WithSubmission lists the cases with an id that visitors' pages have made: shops may see the same one.
func (s *Store) WithSubmission(ctx context.Context, id string) (all []docket.Case, err error) {
	shops, err := collect(ctx, s.engine.Read(), scanText, `SELECT shop FROM cases WHERE submission = $1`, id)
	for i := 0; err == nil && i < len(shops); i++ {
		var c docket.Case
		c, err = s.BySubmission(ctx, shops[i], id)
		all = append(all, c)
	}
	return all, wrap("find cases by their submission", err)
}

// ByOldLink finds a case by the hash of a link of the first version.
func (s *Store) ByOldLink(ctx context.Context, p docket.Purpose, hash string) (docket.Case, error) {
	where := `receipt_hash = $1 AND receipt_hash <> ''`
	if p == docket.Status {
		where = `status_hash = $1 AND status_hash <> ''`
	}
	c, err := one(ctx, s.engine.Read(), where, hash)
	return c, wrap("find a case by an old link", err)
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
