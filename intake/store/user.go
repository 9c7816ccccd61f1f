package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"recourse/intake/docket"
)

const userColumns = `id, login, name, hash, epoch, disabled, created, roles`

func scanUser(r row) (u docket.User, err error) {
	var roles string
	if err = r.Scan(&u.ID, &u.Login, &u.Name, &u.Hash, &u.Epoch, &u.Disabled, moment{&u.Created}, &roles); err != nil {
		return u, found(err)
	}
	return u, json.Unmarshal([]byte(roles), &u.Roles)
}

// User finds one of the trader's people by login.
func (s *Store) User(ctx context.Context, login string) (docket.User, error) {
	if strings.ContainsRune(login, 0) { // nobody's; PostgreSQL would fail on the question
		return docket.User{}, wrap("find a user", docket.ErrNotFound)
	}
	u, err := scanUser(s.engine.Read().QueryRowContext(ctx, `SELECT `+userColumns+` FROM users WHERE login = $1`, strings.ToLower(login)))
	return u, wrap("find a user", err)
}

// UserByID finds the user of a session.
func (s *Store) UserByID(ctx context.Context, id int64) (docket.User, error) {
	u, err := scanUser(s.engine.Read().QueryRowContext(ctx, `SELECT `+userColumns+` FROM users WHERE id = $1`, id))
	return u, wrap("find a user", err)
}

// Users lists all users by login.
func (s *Store) Users(ctx context.Context) ([]docket.User, error) {
	all, err := collect(ctx, s.engine.Read(), scanUser, `SELECT `+userColumns+` FROM users ORDER BY login`)
	return all, wrap("list users", err)
}

// SaveUser stores a user under the login: a new one, or in place of the one that is there.
func (s *Store) SaveUser(ctx context.Context, u docket.User) error {
	return s.write(ctx, "store a user", func(q Queries) error { return saveUser(ctx, q, u) })
}

func saveUser(ctx context.Context, q Queries, u docket.User) error {
	roles, err := json.Marshal(u.Roles)
	if err != nil {
		return err
	}
	_, err = q.ExecContext(ctx, `INSERT INTO users (login, name, hash, epoch, disabled, created, roles) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (login) DO UPDATE SET name = excluded.name, hash = excluded.hash, epoch = excluded.epoch, disabled = excluded.disabled, roles = excluded.roles`,
		strings.ToLower(u.Login), u.Name, u.Hash, u.Epoch, flag(u.Disabled), stamp(u.Created), string(roles))
	return err
}

// ChangeUser hands the user with the login, or one that has only the login, to change, with all users as they are; what it
// leaves is stored, without a login removed. Nobody else changes users meanwhile, so that change can see to it that an owner is
// left. It may run more than once, and when it fails nothing has happened.
func (s *Store) ChangeUser(ctx context.Context, login string, change func(u *docket.User, all []docket.User) error) error {
	login = strings.ToLower(login)
	return s.write(ctx, "change a user", func(q Queries) error {
		if err := s.engine.Lock(ctx, q, "users"); err != nil {
			return err
		}
		all, err := collect(ctx, q, scanUser, `SELECT `+userColumns+` FROM users ORDER BY login`)
		if err != nil {
			return err
		}
		u := docket.User{Login: login}
		if i := slices.IndexFunc(all, func(one docket.User) bool { return one.Login == login }); i >= 0 {
			u = all[i]
		}
		if err := change(&u, all); err != nil {
			return err
		}
		if u.Login == "" {
			_, err = q.ExecContext(ctx, `DELETE FROM users WHERE login = $1`, login)
			return err
		}
		return saveUser(ctx, q, u)
	})
}

// Viewed records that somebody looked at personal data.
func (s *Store) Viewed(ctx context.Context, views ...docket.View) error {
	return s.write(ctx, "record who has looked", func(q Queries) error {
		for _, v := range views {
			_, err := q.ExecContext(ctx, `INSERT INTO views (at, login, shop, case_id, what, detail) VALUES ($1, $2, $3, $4, $5, $6)`,
				stamp(v.At), v.Login, v.Shop, v.Case, v.What, v.Detail)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func scanView(r row) (v docket.View, err error) {
	err = r.Scan(moment{&v.At}, &v.Login, &v.Shop, &v.Case, &v.What, &v.Detail)
	return v, err
}

// Views lists who has looked at a case, the newest first.
func (s *Store) Views(ctx context.Context, caseID int64, limit int) ([]docket.View, error) {
	all, err := collect(ctx, s.engine.Read(), scanView, `SELECT at, login, shop, case_id, what, detail FROM views WHERE case_id = $1 ORDER BY id DESC LIMIT $2`, caseID, limit)
	return all, wrap("list who has looked", err)
}

// ViewsSince hands to do who has looked at what from a moment on, the oldest first.
func (s *Store) ViewsSince(ctx context.Context, from time.Time, do func(docket.View) error) error {
	return wrap("list who has looked", each(ctx, s.engine.Read(), scanView, do,
		`SELECT at, login, shop, case_id, what, detail FROM views WHERE at >= $1 ORDER BY id`, stamp(from)))
}

// Setting is a value the servers of one database share; empty where there is none.
func (s *Store) Setting(ctx context.Context, name string) (value string, err error) {
	values, err := collect(ctx, s.engine.Read(), scanText, `SELECT value FROM settings WHERE name = $1`, name)
	if len(values) > 0 {
		value = values[0]
	}
	return value, wrap("read a setting", err)
}

// SetOnce sets a value where there is none and gives the one that counts: that of the first server.
func (s *Store) SetOnce(ctx context.Context, name, value string) (string, error) {
	err := s.write(ctx, "store a setting", func(q Queries) error {
		_, err := q.ExecContext(ctx, `INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`, name, value)
		return err
	})
	if err != nil {
		return "", err
	}
	return s.Setting(ctx, name)
}

// Swap sets a value if it is still the old one, "" where there is none: of several servers that try, one is told that it did.
func (s *Store) Swap(ctx context.Context, name, old, value string) (swapped bool, err error) {
	err = s.write(ctx, "change a setting", func(q Queries) error {
		if old == "" {
			return changed(&swapped)(q.ExecContext(ctx, `INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`, name, value))
		}
		return changed(&swapped)(q.ExecContext(ctx, `UPDATE settings SET value = $1 WHERE name = $2 AND value = $3`, value, name, old))
	})
	return swapped, err
}

// changed tells whether a statement has changed a row.
func changed(yes *bool) func(sql.Result, error) error {
	return func(result sql.Result, err error) error {
		if err != nil {
			return err
		}
		n, err := result.RowsAffected()
		*yes = n > 0
		return err
	}
}
