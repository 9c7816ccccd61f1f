package store

import (
	"context"
	"errors"
	"slices"
	"time"

	"recourse/intake/docket"
)

// eventOf is what the history calls a message.
func eventOf(side docket.Side) string {
	switch side {
	case docket.Consumer:
		return docket.EventMessage
	case docket.Note:
		return docket.EventNote
	}
	return docket.EventAnswer
}

// Write stores a message or note with its files, and the letters that tell of it; About of the letters is filled in. What the trader
// writes answers an open case, what the consumer writes gives it back to the trader. A message with a nonce the case has already means
// that the same page was sent twice: nothing is stored again, and written is false.
func (s *Store) Write(ctx context.Context, c docket.Case, m docket.Message, letters []docket.Letter) (written bool, err error) {
	err = s.write(ctx, "store a message", func(q Queries) error {
		written = false
		err := q.QueryRowContext(ctx, `INSERT INTO messages (case_id, side, author, text, nonce, written) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (case_id, nonce) DO NOTHING RETURNING id`, c.ID, string(m.Side), m.Author, m.Text, m.Nonce, stamp(m.Written)).Scan(&m.ID)
		if errors.Is(found(err), docket.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		written = true
		if err := attachTo(ctx, q, c, m); err != nil {
			return err
		}
		e := docket.Event{What: eventOf(m.Side), Actor: m.Author, About: m.ID, Digest: m.Digest(), At: m.Written}
		return s.happened(ctx, q, c, e, m.ID, letters)
	})
	return written, err
}

// happened adds an event, brings the case into the state that follows from it, and posts letters about it.
func (s *Store) happened(ctx context.Context, q Queries, c docket.Case, e docket.Event, about int64, letters []docket.Letter) error {
	e, err := s.happen(ctx, q, c.ID, e)
	if err != nil {
		return err
	}
	if err := s.follow(ctx, q, c.ID, e); err != nil {
		return err
	}
	for i := range letters {
		letters[i].About = about
	}
	return s.post(ctx, q, c, slices.Concat(letters, s.tell(c, e)))
}

// follow brings the case into the state after an event.
func (s *Store) follow(ctx context.Context, q Queries, caseID int64, e docket.Event) error {
	var state docket.State
	var outcome docket.Outcome
	var answered, closed string
	err := q.QueryRowContext(ctx, `SELECT state, outcome, answered, closed FROM cases WHERE id = $1`, caseID).Scan(&state, &outcome, &answered, &closed)
	if err != nil {
		return found(err)
	}
	before := state
	state, outcome = After(state, outcome, e)
	if answered == "" && (e.What == docket.EventAnswer || e.What == docket.EventProposed || state == docket.Answered) {
		answered = stamp(e.At)
	}
	switch {
	case state != docket.Closed:
		closed = ""
	case before != docket.Closed:
		closed = stamp(e.At)
	}
	_, err = q.ExecContext(ctx, `UPDATE cases SET state = $1, outcome = $2, answered = $3, closed = $4 WHERE id = $5`,
		string(state), string(outcome), answered, closed, caseID)
	return err
}

// Change sets the state of a case, and the outcome where it is closed.
func (s *Store) Change(ctx context.Context, c docket.Case, state docket.State, outcome docket.Outcome, actor string, now time.Time, letters []docket.Letter) error {
	return s.write(ctx, "change the state of a case", func(q Queries) error {
		return s.happened(ctx, q, c, docket.Event{What: string(state), Outcome: outcome, Actor: actor, At: now}, 0, letters)
	})
}

// Messages lists what both sides wrote and the trader's notes, oldest first, with their files.
func (s *Store) Messages(ctx context.Context, caseID int64) ([]docket.Message, error) {
	all, err := messages(ctx, s.engine.Read(), caseID)
	return all, wrap("list messages", err)
}

func messages(ctx context.Context, q Queries, caseID int64) ([]docket.Message, error) {
	all, err := collect(ctx, q, func(r row) (m docket.Message, err error) {
		err = r.Scan(&m.ID, &m.Side, &m.Author, &m.Text, &m.Nonce, moment{&m.Written})
		return m, err
	}, `SELECT id, side, author, text, nonce, written FROM messages WHERE case_id = $1 ORDER BY id`, caseID)
	for i := 0; err == nil && i < len(all); i++ {
		all[i].Files, err = collect(ctx, q, scanFile, `SELECT id, name, type, size, sum FROM files WHERE message_id = $1 ORDER BY position`, all[i].ID)
	}
	return all, err
}

const proposalColumns = `id, remedy, text, author, nonce, made, decision, decided`

func scanProposal(r row) (p docket.Proposal, err error) {
	err = r.Scan(&p.ID, &p.Remedy, &p.Text, &p.Author, &p.Nonce, moment{&p.Made}, &p.Decision, moment{&p.Decided})
	return p, err
}

// Propose stores an offer of the trader, once for each nonce as Write does, and the letters that tell of it.
func (s *Store) Propose(ctx context.Context, c docket.Case, p docket.Proposal, letters []docket.Letter) (made bool, err error) {
	err = s.write(ctx, "store a proposal", func(q Queries) error {
		made = false
		err := q.QueryRowContext(ctx, `INSERT INTO proposals (case_id, remedy, text, author, nonce, made, decision, decided) VALUES ($1, $2, $3, $4, $5, $6, 'open', '')
			ON CONFLICT (case_id, nonce) DO NOTHING RETURNING id`, c.ID, string(p.Remedy), p.Text, p.Author, p.Nonce, stamp(p.Made)).Scan(&p.ID)
		if errors.Is(found(err), docket.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		made = true
		e := docket.Event{What: docket.EventProposed, Actor: p.Author, Detail: string(p.Remedy), About: p.ID, Digest: p.Digest(), At: p.Made}
		return s.happened(ctx, q, c, e, p.ID, letters)
	})
	return made, err
}

// Decide closes an open proposal of a case. Decided is false where it was decided before: the first decision counts.
func (s *Store) Decide(ctx context.Context, c docket.Case, proposal int64, d docket.Decision, actor string, now time.Time, letters []docket.Letter) (decided bool, err error) {
	err = s.write(ctx, "decide a proposal", func(q Queries) error {
		result, err := q.ExecContext(ctx, `UPDATE proposals SET decision = $1, decided = $2 WHERE id = $3 AND case_id = $4 AND decision = 'open'`,
			string(d), stamp(now), proposal, c.ID)
		if err != nil {
			return err
		}
		n, err := result.RowsAffected()
		if decided = n == 1; err != nil || !decided {
			return err
		}
		// A digest that covers no text: the proposal's own event has that.
		return s.happened(ctx, q, c, docket.Event{What: docket.EventDecided, Actor: actor, Detail: string(d), About: proposal, At: now}, proposal, letters)
	})
	return decided, err
}

// Proposals lists the offers of a case, oldest first.
func (s *Store) Proposals(ctx context.Context, caseID int64) ([]docket.Proposal, error) {
	all, err := collect(ctx, s.engine.Read(), scanProposal, `SELECT `+proposalColumns+` FROM proposals WHERE case_id = $1 ORDER BY id`, caseID)
	return all, wrap("list proposals", err)
}

// Rate stores how the consumer thinks it went: stars from 1 to 5, and words, with the letters that tell of it. A later rating takes the
// place of an earlier one.
func (s *Store) Rate(ctx context.Context, c docket.Case, stars int, opinion string, now time.Time, letters []docket.Letter) error {
	return s.write(ctx, "store a rating", func(q Queries) error {
		if _, err := q.ExecContext(ctx, `UPDATE cases SET rating = $1, opinion = $2 WHERE id = $3`, stars, opinion, c.ID); err != nil {
			return err
		}
		return s.happened(ctx, q, c, docket.Event{What: docket.EventRated, At: now}, 0, letters)
	})
}

// Mark puts a case into quarantine or takes it out.
func (s *Store) Mark(ctx context.Context, c docket.Case, suspect bool, actor string, now time.Time) error {
	return s.write(ctx, "mark a case", func(q Queries) error {
		if _, err := q.ExecContext(ctx, `UPDATE cases SET suspect = $1 WHERE id = $2`, flag(suspect), c.ID); err != nil {
			return err
		}
		_, err := s.happen(ctx, q, c.ID, docket.Event{What: docket.EventMarked, Detail: map[bool]string{true: "suspect", false: "sound"}[suspect], Actor: actor, At: now})
		return err
	})
}

// Hold keeps a case from being erased for a reason, or with an empty one lets it go.
func (s *Store) Hold(ctx context.Context, c docket.Case, reason, actor string, now time.Time) error {
	return s.write(ctx, "hold a case", func(q Queries) error {
		if _, err := q.ExecContext(ctx, `UPDATE cases SET hold = $1 WHERE id = $2`, reason, c.ID); err != nil {
			return err
		}
		_, err := s.happen(ctx, q, c.ID, docket.Event{What: docket.EventHold, Detail: map[bool]string{true: "on", false: "off"}[reason != ""], Actor: actor, At: now})
		return err
	})
}
