package archive

import (
	"archive/tar"
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"time"
	"unicode/utf8"

	"recourse/intake/seal"
	"recourse/intake/store"
)

// Source is a database to be kept.
type Source interface {
	Dump(ctx context.Context, do func(t store.Table, values []any) error) error
	Known(ctx context.Context, file string) (bool, error)
}

// Files gives the bytes of attachments.
type Files interface {
	Open(id string) (io.ReadSeekCloser, error)
}

// Options of a backup.
type Options struct {
	Key        []byte // the server's; it signs the archive
	WithoutKey bool   // leave it out
	Program    string // version of this program
	Now        time.Time
}

// Write writes an archive.
func Write(ctx context.Context, w io.Writer, s Source, files Files, o Options) (Manifest, error) {
	zipped, err := gzip.NewWriterLevel(w, gzip.BestSpeed)
	if err != nil {
		return Manifest{}, err
	}
	b := &writer{tar: tar.NewWriter(zipped), made: o.Now.UTC().Truncate(time.Second), manifest: Manifest{Rows: map[string]int{}}}
	err = b.all(ctx, s, files, o)
	if err = errors.Join(err, b.tar.Close(), zipped.Close()); err != nil {
		return b.manifest, fmt.Errorf("write a backup: %w", err)
	}
	return b.manifest, nil
}

// writer puts members together.
type writer struct {
	tar      *tar.Writer
	made     time.Time
	manifest Manifest

	table  string // of the rows in piece
	piece  bytes.Buffer
	pieces int
	attach []attachment
}

// attachment is a row of the table of files.
type attachment struct {
	id   string
	size int64
}

func (b *writer) all(ctx context.Context, s Source, files Files, o Options) error {
	sealer := seal.New(o.Key)
	err := b.json(headerName, Header{format, o.Program, b.made, sealer.Fingerprint(), store.Tables})
	if err == nil && !o.WithoutKey {
		err = b.bytes(keyName, o.Key)
	}
	if err == nil {
		err = s.Dump(ctx, b.row)
	}
	if err == nil {
		err = b.flush()
	}
	for i := 0; err == nil && i < len(b.attach); i++ {
		err = b.attachment(ctx, s, files, b.attach[i])
	}
	if err != nil {
		return err
	}
	list, err := json.MarshalIndent(b.manifest, "", "  ")
	if err != nil {
		return err
	}
	if err := b.bytes(manifestName, list); err != nil {
		return err
	}
	return b.bytes(signatureName, sealer.SealBytes(list, o.Now))
}

// pieceSize is about how much of a table is held in memory.
const pieceSize = 1 << 20

func (b *writer) row(t store.Table, values []any) error {
	if t.Name != b.table || b.piece.Len() > pieceSize {
		if err := b.flush(); err != nil {
			return err
		}
		if t.Name != b.table {
			b.table, b.pieces = t.Name, 0
		}
	}
	b.manifest.Rows[t.Name]++
	b.notice(t, values)
	return encodeRow(&b.piece, values)
}

// notice remembers attachments, to be written after the rows, and counts letters that wait.
func (b *writer) notice(t store.Table, values []any) {
	column := func(name string) any { return values[slices.Index(t.Columns, name)] }
	switch {
	case t.Name == "files" && column("case_id") != nil:
		b.attach = append(b.attach, attachment{column("id").(string), column("size").(int64)})
	case t.Name == "outbox" && column("delivery") == "queued":
		b.manifest.Queued++
	}
}

func (b *writer) flush() error {
	if b.piece.Len() == 0 {
		return nil
	}
	b.pieces++
	err := b.bytes(fmt.Sprintf("%s%s/%06d.jsonl", tablesFolder, b.table, b.pieces), b.piece.Bytes())
	b.piece.Reset()
	return err
}

// attachment writes one file. Its bytes may be gone by a rule of retention, or because its case was erased since the rows were read.
func (b *writer) attachment(ctx context.Context, s Source, files Files, a attachment) error {
	f, err := files.Open(a.id)
	if errors.Is(err, fs.ErrNotExist) {
		known, errKnown := s.Known(ctx, a.id)
		if known && a.size > 0 {
			b.manifest.Missing = append(b.manifest.Missing, a.id)
		}
		return errKnown
	}
	if err != nil {
		return err
	}
	defer f.Close()
	size, err := f.Seek(0, io.SeekEnd)
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		return err
	}
	return b.member(filesFolder+a.id, size, f)
}

func (b *writer) json(name string, v any) error {
	data, err := json.MarshalIndent(v, "", "  ")
	return cmp.Or(err, b.bytes(name, data))
}

func (b *writer) bytes(name string, data []byte) error {
	return b.member(name, int64(len(data)), bytes.NewReader(data))
}

func (b *writer) member(name string, size int64, r io.Reader) error {
	if err := b.tar.WriteHeader(&tar.Header{Name: name, Size: size, Mode: 0o600, ModTime: b.made}); err != nil {
		return err
	}
	h := sha256.New()
	if n, err := io.Copy(io.MultiWriter(b.tar, h), io.LimitReader(r, size)); err != nil || n != size {
		return fmt.Errorf("%s: %d of %d bytes: %w", name, n, size, cmp.Or(err, io.ErrUnexpectedEOF))
	}
	b.manifest.Members = append(b.manifest.Members, Member{name, size, hex.EncodeToString(h.Sum(nil))})
	return nil
}

// encodeRow writes values of a database as a line of JSON. A text that is no UTF-8, which SQLite would keep, is an object.
func encodeRow(w *bytes.Buffer, values []any) error {
	row := slices.Clone(values)
	for i, v := range row {
		if s, ok := v.(string); ok && !utf8.ValidString(s) {
			row[i] = map[string]string{"base64": base64.StdEncoding.EncodeToString([]byte(s))}
		}
	}
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	return out.Encode(row)
}

func decodeRow(line []byte) ([]any, error) {
	in := json.NewDecoder(bytes.NewReader(line))
	in.UseNumber()
	var row []any
	if err := in.Decode(&row); err != nil {
		return nil, err
	}
	for i, v := range row {
		var err error
		if row[i], err = decodeValue(v); err != nil {
			return nil, err
		}
	}
	return row, nil
}

func decodeValue(v any) (any, error) {
	switch v := v.(type) {
	case nil, string:
		return v, nil
	case json.Number:
		return v.Int64()
	case map[string]any:
		if text, ok := v["base64"].(string); ok {
			data, err := base64.StdEncoding.DecodeString(text)
			return string(data), err
		}
	}
	return nil, fmt.Errorf("a value is %T", v)
}
