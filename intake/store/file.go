package store

import (
	"context"
	"time"

	"recourse/intake/docket"
)

func scanFile(r row) (f docket.File, err error) {
	err = r.Scan(&f.ID, &f.Name, &f.Type, &f.Size, &f.Sum)
	return f, err
}

// attach gives the case its files: those that came with it, and those kept since its review.
func attach(ctx context.Context, q Queries, c docket.Case) error {
	for i, f := range c.Files {
		_, err := q.ExecContext(ctx, `INSERT INTO files (id, case_id, shop, submission, position, name, type, size, sum, kept)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id) DO UPDATE SET case_id = excluded.case_id, position = excluded.position
			WHERE files.case_id IS NULL`,
			f.ID, c.ID, c.Shop, c.Submission, i, f.Name, f.Type, f.Size, f.Sum, stamp(c.Received))
		if err != nil {
			return err
		}
	}
	return nil
}

// attachTo gives a message its files.
func attachTo(ctx context.Context, q Queries, c docket.Case, m docket.Message) error {
	for i, f := range m.Files {
		_, err := q.ExecContext(ctx, `INSERT INTO files (id, case_id, message_id, shop, submission, position, name, type, size, sum, kept)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
			f.ID, c.ID, m.ID, c.Shop, c.Submission, i, f.Name, f.Type, f.Size, f.Sum, stamp(m.Written))
		if err != nil {
			return err
		}
	}
	return nil
}

// Keep remembers files of a form that is not sent yet, in place of those remembered before.
func (s *Store) Keep(ctx context.Context, shop, submission string, files []docket.File, now time.Time) error {
	return s.write(ctx, "keep files for a review", func(q Queries) error {
		if _, err := q.ExecContext(ctx, `DELETE FROM files WHERE shop = $1 AND submission = $2 AND case_id IS NULL`, shop, submission); err != nil {
			return err
		}
		for i, f := range files {
			_, err := q.ExecContext(ctx, `INSERT INTO files (id, shop, submission, position, name, type, size, sum, kept) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
				ON CONFLICT (id) DO UPDATE SET submission = excluded.submission WHERE files.case_id IS NULL`,
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
	files, err := collect(ctx, s.engine.Read(), scanFile,
		`SELECT id, name, type, size, sum FROM files WHERE shop = $1 AND submission = $2 AND case_id IS NULL ORDER BY position`, shop, submission)
	return files, wrap("find files kept for a review", err)
}

// Waiting is how many bytes are kept for forms that are not sent yet.
func (s *Store) Waiting(ctx context.Context) (bytes int64, err error) {
	err = s.engine.Read().QueryRowContext(ctx, `SELECT CAST(coalesce(sum(size), 0) AS BIGINT) FROM files WHERE case_id IS NULL`).Scan(&bytes)
	return bytes, wrap("sum up files kept for a review", err)
}

// Forget drops what was remembered for forms that were never sent, from before a time.
func (s *Store) Forget(ctx context.Context, before time.Time) error {
	return s.write(ctx, "forget files of forms never sent", func(q Queries) error {
		_, err := q.ExecContext(ctx, `DELETE FROM files WHERE case_id IS NULL AND kept < $1`, stamp(before))
		return err
	})
}

// Known tells whether a file belongs to a case or to a form that is being reviewed.
func (s *Store) Known(ctx context.Context, id string) (known bool, err error) {
	err = s.engine.Read().QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM files WHERE id = $1)`, id).Scan(&known)
	return known, wrap("look up a file", err)
}

// Attachment is a file with the case it belongs to.
type Attachment struct {
	docket.File
	Reference string
}

// Attachments hands the attachments of all cases to do.
func (s *Store) Attachments(ctx context.Context, do func(Attachment) error) error {
	scan := func(r row) (a Attachment, err error) {
		err = r.Scan(&a.ID, &a.Name, &a.Type, &a.Size, &a.Sum, &a.Reference)
		return a, err
	}
	return wrap("go through the attachments", s.engine.Snapshot(ctx, func(q Queries) error {
		return each(ctx, q, scan, do, `SELECT files.id, name, type, size, sum, reference FROM files JOIN cases ON cases.id = files.case_id ORDER BY files.id`)
	}))
}
