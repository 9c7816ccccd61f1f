package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"recourse/intake/archive"
)

type backupCommand struct {
	vaultFlags
	File       string `arg:"" help:"The file to write; in a folder one named after the time; - for standard output." type:"path"`
	WithoutKey bool   `help:"Leave out the server's key. Without it no link in a mail opens and no history can be verified: keep it elsewhere."`
}

func (c *backupCommand) Help() string {
	return `Examples: recourse backup /var/backups/recourse/ --data /var/lib/recourse
          recourse backup - --data /var/lib/recourse | age -r age1… > recourse.age

Writes everything the server keeps, as it is at one moment, into one file; the server goes on meanwhile. The file is read again
and compared before it gets its name, and FILE.sig is its signature. It holds personal data and, unless you say --without-key, the
server's key: only its owner can read it, and you should encrypt it before it leaves the machine. Shop files, texts and passwords
in the environment are not in it.

Put it back with "recourse restore", into SQLite or PostgreSQL, whichever it came from. docs/backup.md says how often, where to, and how
to try it out.

Status 1 means that there is no backup, or that the bytes of an attachment were missing already.`
}

func (c *backupCommand) Run(ctx context.Context, out streams) (err error) {
	v, err := c.existing(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, v.close()) }()
	now := time.Now()
	options := archive.Options{Key: v.key, WithoutKey: c.WithoutKey, Program: programVersion(), Now: now}
	var m archive.Manifest
	write := func(w io.Writer) (err error) {
		m, err = archive.Write(ctx, w, v.Store, v.files, options)
		return err
	}
	name := "standard output"
	if c.File == "-" {
		err = buffered(out.Out, write)
	} else {
		name = namedAfter(c.File, now)
		err = writeSealed(name, v.key, now, write, readAgain)
	}
	if err != nil {
		return err
	}
	return backedUp(m, name, out.Err)
}

// namedAfter names a file after the time where only a folder is named.
func namedAfter(file string, now time.Time) string {
	if info, err := os.Stat(file); err == nil && info.IsDir() {
		return filepath.Join(file, "recourse-"+now.UTC().Format("20060102T150405Z")+".tar.gz")
	}
	return file
}

func buffered(w io.Writer, write func(io.Writer) error) error {
	b := bufio.NewWriterSize(w, 1<<16)
	return errors.Join(write(b), b.Flush())
}

// readAgain finds what a disk has not kept as it was written.
func readAgain(f *os.File) error {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	_, err := archive.Check(f)
	return err
}

func backedUp(m archive.Manifest, name string, w io.Writer) error {
	files := 0
	for _, member := range m.Members {
		if filepath.Dir(filepath.FromSlash(member.Name)) == "files" {
			files++
		}
	}
	fmt.Fprintf(w, "%s: %s, %s, %s\n", near(name), some(m.Rows["cases"], "case"), some(files, "attachment"), some(m.Rows["events"], "event"))
	if len(m.Missing) == 0 {
		return nil
	}
	for _, id := range m.Missing {
		fmt.Fprintf(w, "attachment %s: its bytes were not there; \"recourse verify\" names its case\n", id)
	}
	return errFindings
}

// some counts things in words.
func some(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}
