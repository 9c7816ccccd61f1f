package sqlite

import (
	"context"
	"database/sql"
	"time"

	"recourse/intake/docket"
)

func scanFile(r row) (f docket.File, err error) {
	err = r.Scan(&f.ID, &f.Name, &f.Type, &f.Size, &f.Sum)
	return f, err
}

// attach gives the case its files: those that came with it, and those kept since its review.
func attach(ctx context.Context, tx *sql.Tx, c docket.Case) error {
	for i, f := range c.Files {
		_, err := tx.ExecContext(ctx, `INSERT INTO files (id, case_id, shop, submission, position, name, type, size, sum, kept)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET case_id = excluded.case_id, position = excluded.position
			WHERE files.case_id IS NULL`,
			f.ID, c.ID, c.Shop, c.Submission, i, f.Name, f.Type, f.Size, f.Sum, stamp(c.Received))
		if err != nil {
			return err
		}
	}
	return nil
}

// Keep remembers files of a form that is not sent yet, in place of those remembered before.
func (s *Store) Keep(ctx context.Context, shop, submission string, files []docket.File, now time.Time) error {
	return s.tx(ctx, "keep files for a review", func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM files WHERE shop = ? AND submission = ? AND case_id IS NULL`, shop, submission); err != nil {
			return err
		}
		for i, f := range files {
			_, err := tx.ExecContext(ctx, `INSERT INTO files (id, shop, submission, position, name, type, size, sum, kept) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
				ON CONFLICT (id) DO UPDATE SET submission = excluded.submission WHERE case_id IS NULL`,
				f.ID, shop, submission, i, f.Name, f.Type, f.Size, f.Sum, stamp(now))
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// Kept lists the files remembered for a form that is not sent yet.
func (s *Store) Kept(ctx context.Context, shop, submission string) ([]docket.File, error) {
	files, err := collect(ctx, s.read, scanFile,
		`SELECT id, name, type, size, sum FROM files WHERE shop = ? AND submission = ? AND case_id IS NULL ORDER BY position`, shop, submission)
	return files, wrap("find files kept for a review", err)
}

// Forget drops what was remembered for forms that were never sent, from before a time.
func (s *Store) Forget(ctx context.Context, before time.Time) error {
	return s.tx(ctx, "forget files of forms never sent", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM files WHERE case_id IS NULL AND kept < ?`, stamp(before))
		return err
	})
}

// Known tells which of the ids belong to a file that is still wanted.
func (s *Store) Known(ctx context.Context, id string) (bool, error) {
	var known bool
	err := s.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM files WHERE id = ?)`, id).Scan(&known)
	return known, wrap("look for a file", err)
}
