package store

import (
	"context"

	"recourse/intake/docket"
)

// Adopt gives cases of an earlier version what they lack: words to be found by, and hashes that chain their history. Engines
// call it when they have changed the tables.
func (s *Store) Adopt(ctx context.Context) error {
	return s.write(ctx, "bring the cases of an earlier version up to date", func(q Queries) error {
		ids, err := collect(ctx, q, scanID, `SELECT id FROM cases WHERE head = '' ORDER BY id`)
		for i := 0; err == nil && i < len(ids); i++ {
			err = s.adopt(ctx, q, ids[i])
		}
		return err
	})
}

func (s *Store) adopt(ctx context.Context, q Queries, id int64) error {
	c, err := one(ctx, q, `id = $1`, id)
	if err != nil {
		return err
	}
	history, err := events(ctx, q, id)
	if err != nil {
		return err
	}
	messages, err := messages(ctx, q, id)
	if err != nil {
		return err
	}
	if _, err := q.ExecContext(ctx, `DELETE FROM events WHERE case_id = $1`, id); err != nil {
		return err
	}
	_, err = q.ExecContext(ctx, `UPDATE cases SET words = $1, reason = $2, priority = $3, events = 0 WHERE id = $4`,
		searchable(c), c.Reason(), int(docket.PriorityOf(c.Form, c.Reason())), id)
	if err != nil {
		return err
	}
	return s.retell(ctx, q, c, history, messages)
}

// retell writes a history again, with what it is about. An answer was the only message there was.
func (s *Store) retell(ctx context.Context, q Queries, c docket.Case, history []docket.Event, messages []docket.Message) error {
	state, outcome := docket.New, docket.Outcome("")
	for _, e := range history {
		switch {
		case e.What == docket.EventReceived:
			e.Digest = c.Digest
		case e.What == string(docket.Answered) && len(messages) > 0 && messages[0].Written.Equal(e.At):
			e.What, e.About, e.Digest = docket.EventAnswer, messages[0].ID, messages[0].Digest()
			messages = messages[1:]
		}
		state, outcome = After(state, outcome, e)
		if _, err := s.happen(ctx, q, c.ID, e); err != nil {
			return err
		}
	}
	if state == c.State && outcome == c.Outcome {
		return nil
	}
	_, err := s.happen(ctx, q, c.ID, docket.Event{What: string(c.State), Outcome: c.Outcome, At: c.Received})
	return err
}
