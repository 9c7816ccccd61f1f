package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"recourse/intake"
	"recourse/intake/archive"
	"recourse/intake/seal"
	"recourse/intake/store"
)

type restoreCommand struct {
	vaultFlags
	File   string `arg:"" help:"The backup; - for standard input." type:"path"`
	DryRun bool   `help:"Read and check everything, restore nothing."`
}

func (c *restoreCommand) Help() string {
	return `Examples: recourse restore backup.tar.gz --data /var/lib/recourse
          recourse restore backup.tar.gz --data /var/lib/recourse --database postgres://recourse@db.example/recourse
          age -d recourse.age | recourse restore - --data /var/lib/recourse

Puts a backup into a database without cases: all of it or, where anything is wrong, nothing. Everything in it is checked before the
first byte is written, and the histories of all cases are verified afterwards. Stop the server that has the database first.

Letters that were sent stay sent. Those that waited when the backup was made go out when the server starts; if the old server has
sent them since, people get them twice, with the same Message-ID. Everybody logs in again.`
}

func (c *restoreCommand) Run(ctx context.Context, out streams) (err error) {
	file, err := c.file()
	if err != nil {
		return err
	}
	defer os.Remove(file.spool)
	contents, err := file.check()
	if err != nil {
		return err
	}
	fmt.Fprintf(out.Err, "backup of %s by %s, signed by %s: %s, %s, %s\n", contents.Made.Format(time.RFC3339), contents.Program, contents.Key,
		some(contents.Rows["cases"], "case"), some(contents.Rows["events"], "event"), some(contents.Queued, "letter")+" that waited")
	if c.DryRun {
		return c.rehearsed(contents, out.Err)
	}
	v, undo, err := c.room(ctx, contents)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, v.close()) }()
	if err := archive.Restore(ctx, file.open, contents, v.Store, v.files.(archive.Room)); err != nil {
		return errors.Join(err, undo())
	}
	return c.restored(ctx, v, out)
}

func (c *restoreCommand) rehearsed(contents archive.Contents, w io.Writer) error {
	if _, _, err := c.key(contents); err != nil {
		return err
	}
	_, err := fmt.Fprintln(w, "it is whole and can be restored; nothing was written")
	return err
}

func (c *restoreCommand) restored(ctx context.Context, v *vault, out streams) error {
	fmt.Fprintln(out.Err, "restored; now every history and attachment is verified")
	report, err := verifyLog(ctx, v)
	if err != nil {
		return err
	}
	return report.print(out.Out, false)
}

// backupFile is a backup that can be read more than once.
type backupFile struct {
	name  string
	spool string // a copy of standard input, to be removed; else empty
}

func (c *restoreCommand) file() (backupFile, error) {
	if c.File != "-" {
		return backupFile{name: c.File}, nil
	}
	f, err := os.CreateTemp("", ".recourse-*") // 0600
	if err != nil {
		return backupFile{}, fmt.Errorf("keep what comes on standard input: %w", err)
	}
	_, err = io.Copy(f, bufio.NewReader(os.Stdin))
	if err = errors.Join(err, f.Close()); err != nil {
		return backupFile{}, errors.Join(fmt.Errorf("keep what comes on standard input: %w", err), os.Remove(f.Name()))
	}
	return backupFile{f.Name(), f.Name()}, nil
}

func (b backupFile) open() (io.ReadCloser, error) { return os.Open(b.name) }

// check reads the whole backup, and compares it with the signature beside it where there is one.
func (b backupFile) check() (archive.Contents, error) {
	f, err := os.Open(b.name)
	if err != nil {
		return archive.Contents{}, fmt.Errorf("open the backup: %w", err)
	}
	defer f.Close()
	contents, err := archive.Check(f)
	if err != nil {
		return contents, err
	}
	if _, err = f.Seek(0, io.SeekStart); err != nil {
		return contents, err
	}
	signed, err := openBeside(b.name, f)
	if errors.Is(err, fs.ErrNotExist) {
		return contents, nil // the list of contents is signed anyway
	}
	if err == nil {
		err = signed.By(contents.Key)
	}
	if err != nil {
		err = fmt.Errorf("check the signature %q: %w", filepath.Base(b.name)+".sig", err)
	}
	return contents, err
}

// key is the one the backup's histories and links were made with: in the backup, or already in its place. File is where it belongs
// if it has to be written.
func (c *restoreCommand) key(contents archive.Contents) (key []byte, file string, err error) {
	file = cmp.Or(os.Getenv("RECOURSE_KEY_FILE"), filepath.Join(c.Data, "key"))
	there, err := os.ReadFile(file)
	switch {
	case errors.Is(err, fs.ErrNotExist) && contents.Secret == nil:
		return nil, "", fmt.Errorf("restore a backup: the server's key is not in it and not at %q; put the key with the fingerprint %s there first", near(file), contents.Key)
	case errors.Is(err, fs.ErrNotExist):
		return contents.Secret, file, nil
	case err != nil:
		return nil, "", fmt.Errorf("read the server's key: %w", err)
	case len(there) < 32 || seal.New(there).Fingerprint() != contents.Key:
		return nil, "", fmt.Errorf("restore a backup: the key %q is not that of the backup, which has the fingerprint %s; restore into another --data folder, or move that key away if nothing was ever made with it", near(file), contents.Key)
	}
	return there, "", nil
}

// room opens an empty database, and makes one where there is none. Undo takes the key away again.
func (c *restoreCommand) room(ctx context.Context, contents archive.Contents) (v *vault, undo func() error, err error) {
	key, file, err := c.key(contents)
	if err != nil {
		return nil, nil, err
	}
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return nil, nil, fmt.Errorf("make the data folder: %w", err)
	}
	undo = func() error { return nil }
	if v, err = c.with(ctx, key); err != nil {
		return nil, nil, err
	}
	if err := v.Empty(ctx); err != nil {
		return nil, nil, errors.Join(fmt.Errorf("restore a backup: %w", err), v.close())
	}
	if file != "" {
		undo = func() error { return os.Remove(file) }
		err = writeKey(file, key)
	}
	if err != nil {
		return nil, nil, errors.Join(err, v.close())
	}
	return v, undo, nil
}

// writeKey puts the key in its place, whole or not at all.
func writeKey(file string, key []byte) error {
	f, err := os.CreateTemp(filepath.Dir(file), ".key-*") // 0600
	if err != nil {
		return fmt.Errorf("write the server's key: %w", err)
	}
	defer os.Remove(f.Name())
	_, err = f.Write(key)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), file)
	}
	if err != nil {
		return fmt.Errorf("write the server's key %q: %w", file, err)
	}
	written, err := intake.Key(file)
	if err == nil && !bytes.Equal(written, key) {
		err = fmt.Errorf("write the server's key %q: another program writes there too", file)
	}
	return err
}

var _ archive.Target = (*store.Store)(nil)
