package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"recourse/day"
	"recourse/intake/docket"
)

// Submit stores a case and the letters that go with it in one transaction. When the shop already has a
// case with that submission id, nothing is stored and that case is returned with existed true; whether the two are the
// same is for the caller to see by their digests. Hashes are those of the tokens for receipt and status page.
func (s *Store) Submit(ctx context.Context, c docket.Case, receiptHash, statusHash string, letters func(docket.Case) ([]docket.Letter, error)) (
	stored docket.Case, existed bool, err error) {
	err = s.tx(ctx, "store a case", func(tx *sql.Tx) error {
		stored, err = one(ctx, tx, `shop = ? AND submission = ?`, c.Shop, c.Submission)
		if !errors.Is(err, docket.ErrNotFound) {
			existed = err == nil
			return err
		}
		stored, err = insertCase(ctx, tx, c, receiptHash, statusHash)
		if err != nil {
			return err
		}
		if err := attach(ctx, tx, stored); err != nil {
			return err
		}
		if err := insertEvent(ctx, tx, stored.ID, "received", "", stored.Received); err != nil {
			return err
		}
		written, err := letters(stored)
		if err != nil {
			return err
		}
		return post(ctx, tx, stored, written)
	})
	return stored, existed, err
}

func insertCase(ctx context.Context, tx *sql.Tx, c docket.Case, receiptHash, statusHash string) (docket.Case, error) {
	fields, err := json.Marshal(c.Values)
	if err != nil {
		return c, err
	}
	err = tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM cases WHERE email = ? AND shop = ? AND form = ? AND received > ?)`,
		c.Email(), c.Shop, c.Form, stamp(c.Received.Add(-24*time.Hour))).Scan(&c.Repeat)
	if err != nil {
		return c, err
	}
	result, err := tx.ExecContext(ctx, `INSERT INTO cases (shop, submission, digest, reference, receipt_hash, status_hash, form, locale, page, seen,
		fields, email, received, due, due_task, due_statute, due_silence, state, outcome, suspect, repeated)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		c.Shop, c.Submission, c.Digest, c.Reference, receiptHash, statusHash, c.Form, c.Locale, c.Page, c.Seen,
		string(fields), c.Email(), stamp(c.Received), c.Due.Day.String(), c.Due.Task, c.Due.Statute, c.Due.Silence,
		c.State, c.Outcome, c.Suspect, c.Repeat)
	if err != nil {
		return c, err
	}
	c.ID, err = result.LastInsertId()
	return c, err
}

// columns of a case; undelivered is worked out from the outbox.
const columns = `id, shop, submission, digest, reference, form, locale, page, seen, fields, received, due, due_task, due_statute, due_silence,
	state, outcome, suspect, repeated,
	EXISTS (SELECT 1 FROM outbox WHERE case_id = cases.id AND delivery = 'failed')`

func scanCase(r row) (c docket.Case, err error) {
	var fields, due string
	err = r.Scan(&c.ID, &c.Shop, &c.Submission, &c.Digest, &c.Reference, &c.Form, &c.Locale, &c.Page, &c.Seen, &fields,
		moment{&c.Received}, &due, &c.Due.Task, &c.Due.Statute, &c.Due.Silence, &c.State, &c.Outcome, &c.Suspect, &c.Repeat, &c.Undelivered)
	if errors.Is(err, sql.ErrNoRows) {
		return c, docket.ErrNotFound
	}
	if err != nil {
		return c, err
	}
	c.Due.Day = day.Unknown
	if due != "" {
		if err := c.Due.Day.UnmarshalText([]byte(due)); err != nil {
			return c, fmt.Errorf("read the due date of case %d: %w", c.ID, err)
		}
	}
	return c, json.Unmarshal([]byte(fields), &c.Values)
}

// one finds a case with its files. Where is SQL of this package, never of a caller.
func one(ctx context.Context, q querier, where string, args ...any) (docket.Case, error) {
	c, err := scanCase(q.QueryRowContext(ctx, `SELECT `+columns+` FROM cases WHERE `+where, args...))
	if err != nil {
		return c, err
	}
	c.Files, err = collect(ctx, q, scanFile, `SELECT id, name, type, size, sum FROM files WHERE case_id = ? ORDER BY position`, c.ID)
	return c, err
}

// BySubmission finds the case a visitor's page has sent under its id.
func (s *Store) BySubmission(ctx context.Context, shop, id string) (docket.Case, error) {
	c, err := one(ctx, s.read, `shop = ? AND submission = ?`, shop, id)
	return c, wrap("find a case by its submission", err)
}

// ByReceipt finds a case by the hash of its receipt's token.
func (s *Store) ByReceipt(ctx context.Context, hash string) (docket.Case, error) {
	c, err := one(ctx, s.read, `receipt_hash = ?`, hash)
	return c, wrap("find a case by its receipt", err)
}

// ByStatus finds a case by the hash of its status page's token.
func (s *Store) ByStatus(ctx context.Context, hash string) (docket.Case, error) {
	c, err := one(ctx, s.read, `status_hash = ?`, hash)
	return c, wrap("find a case by its status page", err)
}

// ByReference finds a case of a shop.
func (s *Store) ByReference(ctx context.Context, reference string) (docket.Case, error) {
	c, err := one(ctx, s.read, `reference = ?`, reference)
	return c, wrap("find a case by its reference", err)
}

// Cases lists cases without their files, the most urgent first: by due date, those without one after them, and
// among equals the oldest first; closed cases last. No states means all.
func (s *Store) Cases(ctx context.Context, states []docket.State, limit, offset int) ([]docket.Case, error) {
	if len(states) == 0 {
		states = docket.States
	}
	wanted, err := json.Marshal(states)
	if err != nil {
		return nil, wrap("list cases", err)
	}
	list, err := collect(ctx, s.read, scanCase, `SELECT `+columns+` FROM cases WHERE state IN (SELECT value FROM json_each(?))
		ORDER BY state = 'closed', due = '', due, received, id LIMIT ? OFFSET ?`, string(wanted), limit, offset)
	return list, wrap("list cases", err)
}

func wrap(attempt string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", attempt, err)
}
