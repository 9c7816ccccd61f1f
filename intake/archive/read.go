package archive

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"strings"

	"recourse/intake/seal"
	"recourse/intake/store"
)

// Check reads an archive to its end and finds out whether it is whole, as it was signed, and can be restored by this program.
func Check(r io.Reader) (Contents, error) {
	c := &checker{rows: map[string]int{}}
	err := walk(r, c.member)
	if err == nil {
		err = c.complete()
	}
	if err != nil {
		return Contents{}, fmt.Errorf("read a backup: %w", err)
	}
	return c.Contents, nil
}

// walk hands the members of an archive to visit.
func walk(r io.Reader, visit func(name string, r io.Reader) error) error {
	unzipped, err := gzip.NewReader(bufio.NewReaderSize(r, 1<<16))
	if err != nil {
		return fmt.Errorf("%w: %w", ErrFormat, err)
	}
	members := tar.NewReader(unzipped)
	for {
		h, err := members.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return damaged(err)
		}
		if err := visit(h.Name, members); err != nil {
			return err
		}
	}
	_, err = io.Copy(io.Discard, unzipped) // its checksum is at the end
	return damaged(err)
}

func damaged(err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%w: it ends too early; was it cut off when it was copied?", ErrDamaged)
	}
	return fmt.Errorf("%w: %w", ErrDamaged, err)
}

// checker follows an archive from its first member to its last.
type checker struct {
	Contents
	seen      []Member
	rows      map[string]int
	manifest  []byte
	signature []byte
}

func (c *checker) member(name string, r io.Reader) error {
	switch {
	case c.signature != nil, c.manifest != nil && name != signatureName, len(c.seen) == 0 && name != headerName:
		return fmt.Errorf("%w: %q is not where it belongs", ErrFormat, name)
	case name == manifestName:
		return whole(r, &c.manifest)
	case name == signatureName:
		return whole(r, &c.signature)
	}
	h, size := sha256.New(), counter(0)
	if err := c.content(name, io.TeeReader(r, io.MultiWriter(h, &size))); err != nil {
		return err
	}
	c.seen = append(c.seen, Member{name, int64(size), hex.EncodeToString(h.Sum(nil))})
	return nil
}

type counter int64

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

func whole(r io.Reader, into *[]byte) (err error) {
	*into, err = io.ReadAll(r)
	return damaged(err)
}

// content reads a member and understands it.
func (c *checker) content(name string, r io.Reader) error {
	switch {
	case name == headerName:
		return c.header(r)
	case name == keyName:
		return whole(r, &c.Secret)
	case strings.HasPrefix(name, tablesFolder):
		return c.eachRow(name, r, func(t store.Table, _ []any) error {
			c.rows[t.Name]++
			return nil
		})
	case strings.HasPrefix(name, filesFolder):
		_, err := io.Copy(io.Discard, r)
		return damaged(err)
	}
	return fmt.Errorf("%w: there is %q in it", ErrNewer, name)
}

func (c *checker) header(r io.Reader) error {
	var data []byte
	if err := whole(r, &data); err != nil {
		return err
	}
	if err := json.Unmarshal(data, &c.Header); err != nil {
		return damaged(err)
	}
	if c.Format != format {
		return fmt.Errorf("%w: its format is %q, and this program knows %q; restore it with the program that made it (%s)", ErrNewer, c.Format, format, c.Program)
	}
	for _, t := range c.Tables {
		if !t.Known() {
			return fmt.Errorf("%w: its table %q has more than this program knows; restore it with the program that made it (%s) or a newer one", ErrNewer, t.Name, c.Program)
		}
	}
	return nil
}

// eachRow hands the rows of a member to do.
func (h Header) eachRow(name string, r io.Reader, do func(t store.Table, values []any) error) error {
	i := slices.IndexFunc(h.Tables, func(t store.Table) bool { return t.Name == path.Base(path.Dir(name)) })
	if i < 0 {
		return fmt.Errorf("%w: %q is of no table", ErrDamaged, name)
	}
	lines := bufio.NewReaderSize(r, 1<<16)
	for {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) && len(line) == 0 {
			return nil
		}
		if err != nil {
			return damaged(err)
		}
		row, err := decodeRow(line)
		if err == nil && len(row) != len(h.Tables[i].Columns) {
			err = fmt.Errorf("a row has %d values instead of %d", len(row), len(h.Tables[i].Columns))
		}
		if err != nil {
			return fmt.Errorf("%w: %s: %w", ErrDamaged, name, err)
		}
		if err := do(h.Tables[i], row); err != nil {
			return err
		}
	}
}

// complete compares what was there with what should be.
func (c *checker) complete() error {
	if c.manifest == nil || c.signature == nil {
		return fmt.Errorf("%w: its end is missing", ErrDamaged)
	}
	var err error
	if c.Signed, err = seal.OpenDetached(bytes.NewReader(c.manifest), c.signature); err != nil {
		return fmt.Errorf("%w: its list of contents: %w", ErrDamaged, err)
	}
	if err := json.Unmarshal(c.manifest, &c.Manifest); err != nil {
		return damaged(err)
	}
	for i, want := range c.Members {
		if i >= len(c.seen) || c.seen[i] != want {
			return fmt.Errorf("%w: %s is not as it was written", ErrDamaged, want.Name)
		}
	}
	if len(c.seen) > len(c.Members) || !maps.Equal(c.rows, c.Rows) {
		return fmt.Errorf("%w: it holds more or less than it says", ErrDamaged)
	}
	return c.keys()
}

// keys: the one that signed is the server's.
func (c *checker) keys() error {
	if err := c.Signed.By(c.Key); err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if c.Secret != nil && (len(c.Secret) < 32 || seal.New(c.Secret).Fingerprint() != c.Key) {
		return fmt.Errorf("%w: the key in it is not the one that signed it", ErrDamaged)
	}
	return nil
}
