package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// Sessions of the inbox are kept here, so that a restart logs nobody out and every server knows them. The methods are those
// scs.Store and scs.CtxStore ask for; scs hands in hashes of the tokens.

// Find gives the data of a session that has not ended.
func (s *Store) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// FindCtx is Find with a context.
func (s *Store) FindCtx(ctx context.Context, token string) (data []byte, found bool, err error) {
	err = s.engine.Read().QueryRowContext(ctx, `SELECT data FROM sessions WHERE token = $1 AND expiry > $2`, token, stamp(time.Now())).Scan(&data)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	return data, err == nil, wrap("find a session", err)
}

// Commit stores a session and sweeps out those that have ended.
func (s *Store) Commit(token string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expiry)
}

// CommitCtx is Commit with a context.
func (s *Store) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	return s.write(ctx, "store a session", func(q Queries) error {
		if _, err := q.ExecContext(ctx, `DELETE FROM sessions WHERE expiry <= $1`, stamp(time.Now())); err != nil {
			return err
		}
		_, err := q.ExecContext(ctx, `INSERT INTO sessions (token, data, expiry) VALUES ($1, $2, $3)
			ON CONFLICT (token) DO UPDATE SET data = excluded.data, expiry = excluded.expiry`, token, data, stamp(expiry))
		return err
	})
}

// Delete ends a session.
func (s *Store) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }

// DeleteCtx is Delete with a context.
func (s *Store) DeleteCtx(ctx context.Context, token string) error {
	return s.write(ctx, "end a session", func(q Queries) error {
		_, err := q.ExecContext(ctx, `DELETE FROM sessions WHERE token = $1`, token)
		return err
	})
}
