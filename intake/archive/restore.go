package archive

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"recourse/intake/store"
)

// Target is an empty database.
type Target interface {
	Empty(ctx context.Context) error
	Load(ctx context.Context, fill func(put func(t store.Table, values []any) error) error) error
}

// Room takes attachments back.
type Room interface {
	Put(id string, r io.Reader) error
	Remove(ids ...string)
}

// Restore puts what Check has found good into an empty database, all or nothing. Open gives the archive from its beginning; it is read
// twice more. Attachments come first: those of a restore that breaks off belong to no case, and the server sweeps them away.
func Restore(ctx context.Context, open func() (io.ReadCloser, error), c Contents, t Target, files Room) error {
	if err := t.Empty(ctx); err != nil { // before anything is written: attachments of a server's cases must not be touched
		return fmt.Errorf("restore a backup: %w", err)
	}
	err := again(open, func(name string, r io.Reader) error {
		if id, ok := strings.CutPrefix(name, filesFolder); ok {
			return files.Put(id, r)
		}
		return nil
	})
	if err == nil {
		err = t.Load(ctx, func(put func(store.Table, []any) error) error { return c.load(open, put) })
	}
	if err != nil {
		files.Remove(c.attachments()...)
		return fmt.Errorf("restore a backup: nothing was restored: %w", err)
	}
	return nil
}

func again(open func() (io.ReadCloser, error), visit func(string, io.Reader) error) error {
	r, err := open()
	if err != nil {
		return err
	}
	defer r.Close()
	return walk(r, visit)
}

func (c Contents) load(open func() (io.ReadCloser, error), put func(store.Table, []any) error) error {
	return again(open, func(name string, r io.Reader) error {
		if !strings.HasPrefix(name, tablesFolder) {
			return nil
		}
		return c.eachRow(name, r, func(t store.Table, values []any) error {
			unclaim(t, values)
			return put(t, values)
		})
	})
}

// unclaim frees letters that a server had taken to send: it may be gone.
func unclaim(t store.Table, values []any) {
	if i := slices.Index(t.Columns, "lease"); t.Name == "outbox" && i >= 0 {
		values[i] = ""
	}
}

func (c Contents) attachments() (ids []string) {
	for _, m := range c.Members {
		if id, ok := strings.CutPrefix(m.Name, filesFolder); ok {
			ids = append(ids, id)
		}
	}
	return ids
}
