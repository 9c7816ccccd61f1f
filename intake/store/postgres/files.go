package postgres

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"
)

// Files keeps the bytes of attachments in the database, in pieces.
type Files struct{ db *sql.DB }

// piece is how much of a file one row holds.
const piece = 256 << 10

// Save copies r into a new file. When it returns, the bytes are stored. Size and sum (SHA-256, hexadecimal) are those of what was
// written.
func (f *Files) Save(r io.Reader) (id string, size int64, sum string, err error) {
	id = rand.Text()
	h := sha256.New()
	if size, err = f.write(id, io.TeeReader(r, h)); err != nil {
		f.Remove(id)
		return "", 0, "", fmt.Errorf("save an attachment: %w", err)
	}
	return id, size, hex.EncodeToString(h.Sum(nil)), nil
}

// Put stores a file under an id it had before, as a restore does. One that is there already is replaced.
func (f *Files) Put(id string, r io.Reader) error {
	_, err := f.db.Exec(`DELETE FROM pieces WHERE file = $1`, id)
	if err == nil {
		_, err = f.write(id, r)
	}
	if err != nil {
		f.Remove(id)
		return fmt.Errorf("put back the attachment %q: %w", id, err)
	}
	return nil
}

// write stores piece by piece: a slow visitor must not hold a transaction open.
func (f *Files) write(id string, r io.Reader) (size int64, err error) {
	buffer := make([]byte, piece)
	for n := 0; ; n++ {
		got, err := io.ReadFull(r, buffer)
		end := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !end {
			return 0, err
		}
		if got > 0 || n == 0 { // an empty file is one, too
			if _, err := f.db.Exec(`INSERT INTO pieces (file, n, data) VALUES ($1, $2, $3)`, id, n, buffer[:got]); err != nil {
				return 0, err
			}
		}
		size += int64(got)
		if end {
			return size, nil
		}
	}
}

// Open gives the bytes of a file.
func (f *Files) Open(id string) (io.ReadSeekCloser, error) {
	r := &reader{db: f.db, id: id}
	err := f.db.QueryRow(`SELECT coalesce(sum(length(data)), -1) FROM pieces WHERE file = $1`, id).Scan(&r.size)
	if err == nil && r.size < 0 {
		err = fs.ErrNotExist
	}
	if err != nil {
		return nil, fmt.Errorf("open the attachment %q: %w", id, err)
	}
	return r, nil
}

// Remove deletes files; those already gone are no error.
func (f *Files) Remove(ids ...string) {
	for _, id := range ids {
		f.db.Exec(`DELETE FROM pieces WHERE file = $1`, id) // what stays is found by the sweep
	}
}

// Sweep removes files older than a time that known says nobody wants.
func (f *Files) Sweep(ctx context.Context, before time.Time, known func(context.Context, string) (bool, error)) (removed int, err error) {
	rows, err := f.db.QueryContext(ctx, `SELECT file FROM pieces WHERE n = 0 AND saved < $1`, before)
	if err != nil {
		return 0, fmt.Errorf("look through the attachments: %w", err)
	}
	ids, err := names(rows)
	for i := 0; err == nil && i < len(ids); i++ {
		var wanted bool
		if wanted, err = known(ctx, ids[i]); err == nil && !wanted {
			f.Remove(ids[i])
			removed++
		}
	}
	if err != nil {
		return removed, fmt.Errorf("look through the attachments: %w", err)
	}
	return removed, nil
}

func names(rows *sql.Rows) (all []string, err error) {
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		all = append(all, name)
	}
	return all, rows.Err()
}

// reader reads a file piece by piece.
type reader struct {
	db       *sql.DB
	id       string
	size, at int64
	n        int64 // number of the piece in data, from 1; 0: none
	data     []byte
}

func (r *reader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if r.at >= r.size {
		return 0, io.EOF
	}
	if n := r.at/piece + 1; n != r.n {
		if err := r.db.QueryRow(`SELECT data FROM pieces WHERE file = $1 AND n = $2`, r.id, n-1).Scan(&r.data); err != nil {
			return 0, fmt.Errorf("read an attachment: %w", err)
		}
		r.n = n
	}
	n := copy(p, r.data[min(r.at%piece, int64(len(r.data))):])
	if n == 0 {
		return 0, io.ErrUnexpectedEOF
	}
	r.at += int64(n)
	return n, nil
}

func (r *reader) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += r.at
	case io.SeekEnd:
		offset += r.size
	}
	if offset < 0 {
		return 0, errors.New("seek before the beginning of an attachment")
	}
	r.at = offset
	return offset, nil
}

func (r *reader) Close() error { return nil }
