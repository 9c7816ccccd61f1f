package archive

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"recourse/intake/docket"
	"recourse/intake/seal"
	"recourse/intake/store"
	"recourse/intake/store/folder"
	"recourse/intake/store/pgtest"
	"recourse/intake/store/postgres"
	"recourse/intake/store/sqlite"
	"recourse/intake/store/storetest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

var noon = time.Date(2026, 11, 20, 12, 3, 0, 123456000, time.UTC)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

type attachments interface {
	Files
	Room
	Save(r io.Reader) (id string, size int64, sum string, err error)
}

// place is a database with room for attachments.
type place struct {
	*store.Store
	files attachments
}

var engines = map[string]func(t *testing.T) place{
	"SQLite": func(t *testing.T) place {
		dir := t.TempDir()
		s, err := sqlite.Open(t.Context(), filepath.Join(dir, "x.db"), storetest.Key)
		must(t, err)
		t.Cleanup(func() { s.Close() })
		f, err := folder.Open(filepath.Join(dir, "files"))
		must(t, err)
		t.Cleanup(func() { f.Close() })
		return place{s, f}
	},
	"PostgreSQL": func(t *testing.T) place {
		s, f, err := postgres.Open(t.Context(), pgtest.Database(t), storetest.Key)
		must(t, err)
		t.Cleanup(func() { s.Close() })
		return place{s, f}
	},
}

// fill stores a few cases with everything that can belong to one.
func (p place) fill(t *testing.T) (first docket.Case, photo string) {
	t.Helper()
	for i := range 3 {
		c := storetest.Example()
		id, size, sum, err := p.files.Save(strings.NewReader(strings.Repeat("photo ", 100*i+1)))
		must(t, err)
		c.Files = []docket.File{{ID: id, Name: "ü.jpg", Type: "image/jpeg", Size: size, Sum: sum}}
		c = storetest.Submit(t, p.Store, c)
		_, err = p.Write(t.Context(), c, docket.Message{Side: docket.Consumer, Text: "<b>ü\"\n\u2028", Nonce: "1", Written: noon}, nil)
		must(t, err)
		_, err = p.Propose(t.Context(), c, docket.Proposal{Remedy: "refund", Text: "30", Author: "eva", Nonce: "1", Made: noon}, nil)
		must(t, err)
		must(t, p.Viewed(t.Context(), docket.View{At: noon, Login: "eva", Shop: c.Shop, Case: c.ID, What: "case"}))
		if i == 0 {
			first, photo = c, id
		}
	}
	must(t, p.SaveUser(t.Context(), docket.User{Login: "eva", Roles: map[string]docket.Role{"amber": docket.Owner}, Created: noon}))
	_, err := p.Erase(t.Context(), nil, docket.Erasure{At: noon, Shop: "amber", Rule: "3 years"})
	must(t, err)
	return first, photo
}

func backup(t *testing.T, p place, o Options) []byte {
	t.Helper()
	var b bytes.Buffer
	o.Key, o.Now, o.Program = storetest.Key, noon, "test"
	_, err := Write(t.Context(), &b, p.Store, p.files, o)
	must(t, err)
	return b.Bytes()
}

func reopen(data []byte) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }
}

func everything(t *testing.T, p place) (all []string) {
	t.Helper()
	must(t, p.Dump(t.Context(), func(tab store.Table, values []any) error {
		all = append(all, fmt.Sprint(tab.Name, values))
		return nil
	}))
	return all
}

// A backup of each engine goes into each, and what comes out is the same to the letter.
func TestOPS8_ABackupOfEachEngineRestoresIntoEach(t *testing.T) {
	for from, open := range engines {
		for to, another := range engines {
			t.Run(from+" to "+to, func(t *testing.T) {
				old := open(t)
				c, photo := old.fill(t)
				_, err := old.Claim(t.Context(), noon, noon.Add(time.Hour), 1)
				must(t, err)
				data := backup(t, old, Options{})
				contents, err := Check(bytes.NewReader(data))
				must(t, err)
				if contents.Rows["cases"] != 3 || contents.Queued != 6 || !bytes.Equal(contents.Secret, storetest.Key) || len(contents.Missing) != 0 {
					t.Errorf("contents %+v", contents)
				}
				p := another(t)
				must(t, Restore(t.Context(), reopen(data), contents, p.Store, p.files))
				leased := noon.Add(time.Hour).Format("2006-01-02T15:04:05.000000Z")
				want := everything(t, old)
				for i := range want {
					want[i] = strings.ReplaceAll(want[i], " "+leased+" ", "  ") // the lease
				}
				if diff := cmp.Diff(want, everything(t, p)); diff != "" {
					t.Error(diff)
				}
				cases, events, err := p.Verify(t.Context(), func(f store.Fault) { t.Error(f) })
				if must(t, err); cases != 3 || events != 9 {
					t.Errorf("verified %d cases, %d events", cases, events)
				}
				f, err := p.files.Open(photo)
				must(t, err)
				defer f.Close()
				if got, err := io.ReadAll(f); err != nil || string(got) != "photo " {
					t.Errorf("the photo is %q, %v", got, err)
				}
				storetest.Submit(t, p.Store, storetest.Example()) // ids go on
				if letters, err := p.Claim(t.Context(), noon, noon.Add(time.Hour), 20); err != nil || len(letters) != 7 || letters[0].MessageID != c.Reference+".a@x" {
					t.Errorf("letters %v, %v", letters, err)
				}
			})
		}
	}
}

// Into a database with cases nothing is restored, and its attachments stay, though they have the same names.
func TestOPS8_RestoreIntoADatabaseWithCasesTouchesNothing(t *testing.T) {
	for name, open := range engines {
		t.Run(name, func(t *testing.T) {
			p := open(t)
			_, photo := p.fill(t)
			data := backup(t, p, Options{})
			contents, err := Check(bytes.NewReader(data))
			must(t, err)
			before := everything(t, p)
			if err := Restore(t.Context(), reopen(data), contents, p.Store, p.files); !errors.Is(err, store.ErrNotEmpty) {
				t.Errorf("error %v", err)
			}
			if diff := cmp.Diff(before, everything(t, p)); diff != "" {
				t.Error(diff)
			}
			f, err := p.files.Open(photo)
			must(t, err)
			must(t, f.Close())
		})
	}
}

// A backup that cannot be read to its end restores nothing, attachments neither.
func TestOPS8_RestoreIsAllOrNothing(t *testing.T) {
	for name, open := range engines {
		t.Run(name, func(t *testing.T) {
			old := open(t)
			_, photo := old.fill(t)
			data := backup(t, old, Options{})
			contents, err := Check(bytes.NewReader(data))
			must(t, err)
			p := open(t)
			readers := 0
			broken := func() (io.ReadCloser, error) {
				if readers++; readers == 1 {
					return io.NopCloser(bytes.NewReader(data)), nil
				}
				return io.NopCloser(bytes.NewReader(data[:len(data)*2/3])), nil
			}
			if err := Restore(t.Context(), broken, contents, p.Store, p.files); err == nil {
				t.Fatal("half a backup is restored")
			}
			if all := everything(t, p); len(all) != 0 {
				t.Errorf("%d rows are there: %v", len(all), all)
			}
			if _, err := p.files.Open(photo); err == nil {
				t.Error("an attachment is there")
			}
			must(t, Restore(t.Context(), reopen(data), contents, p.Store, p.files)) // after that it goes well
		})
	}
}

func TestWithoutKey(t *testing.T) {
	p := engines["SQLite"](t)
	p.fill(t)
	contents, err := Check(bytes.NewReader(backup(t, p, Options{WithoutKey: true})))
	must(t, err)
	if contents.Secret != nil || contents.Key != seal.New(storetest.Key).Fingerprint() {
		t.Errorf("key %q, fingerprint %s", contents.Secret, contents.Key)
	}
}

// An attachment that cannot be found is told of; one whose case was erased meanwhile, or whose bytes a rule has erased, is not missed.
func TestMissingAttachments(t *testing.T) {
	p := engines["SQLite"](t)
	c, photo := p.fill(t)
	p.files.Remove(photo)
	contents, err := Check(bytes.NewReader(backup(t, p, Options{})))
	must(t, err)
	if !slices.Equal(contents.Missing, []string{photo}) {
		t.Errorf("missing %v; want %s", contents.Missing, photo)
	}
	must(t, p.Change(t.Context(), c, docket.Closed, "accepted", "eva", noon, nil))
	_, err = p.Strip(t.Context(), []string{photo}, docket.Erasure{At: noon}, p.files.Remove)
	must(t, err)
	contents, err = Check(bytes.NewReader(backup(t, p, Options{})))
	must(t, err)
	if len(contents.Missing) != 0 {
		t.Errorf("missing %v", contents.Missing)
	}
}

// One flipped bit anywhere is found, or was in a byte of the compression that means nothing.
func TestFlippedBytesAreFound(t *testing.T) {
	p := engines["SQLite"](t)
	p.fill(t)
	data := backup(t, p, Options{})
	good, err := Check(bytes.NewReader(data))
	must(t, err)
	found := 0
	for i := range data {
		data[i] ^= 4
		if got, err := Check(bytes.NewReader(data)); err != nil {
			found++
		} else if diff := cmp.Diff(good, got); diff != "" {
			t.Errorf("byte %d: %s", i, diff)
		}
		data[i] ^= 4
	}
	if found < len(data)-32 {
		t.Errorf("%d of %d flipped bytes are found", found, len(data))
	}
}

// Members that were changed together with the list of contents are found by its signature; and so are other tricks.
func TestArchivesThatWereMadeUp(t *testing.T) {
	p := engines["SQLite"](t)
	p.fill(t)
	type member struct {
		name string
		data []byte
	}
	var members []member
	must(t, walk(bytes.NewReader(backup(t, p, Options{})), func(name string, r io.Reader) error {
		data, err := io.ReadAll(r)
		members = append(members, member{name, data})
		return err
	}))
	pack := func(all []member) []byte {
		var b bytes.Buffer
		zipped := gzip.NewWriter(&b)
		w := tar.NewWriter(zipped)
		for _, m := range all {
			must(t, w.WriteHeader(&tar.Header{Name: m.name, Size: int64(len(m.data)), Mode: 0o600}))
			_, err := w.Write(m.data)
			must(t, err)
		}
		must(t, errors.Join(w.Close(), zipped.Close()))
		return b.Bytes()
	}
	if _, err := Check(bytes.NewReader(pack(members))); err != nil {
		t.Fatalf("packed again: %v", err)
	}
	find := func(name string) int {
		return slices.IndexFunc(members, func(m member) bool { return strings.HasPrefix(m.name, name) })
	}
	replaced := func(name, old, new string) func() []member {
		return func() []member {
			all := slices.Clone(members)
			i := find(name)
			all[i].data = bytes.Replace(all[i].data, []byte(old), []byte(new), 1)
			if bytes.Equal(all[i].data, members[i].data) {
				t.Fatalf("there is no %q in %s", old, name)
			}
			return all
		}
	}
	without := func(name string) func() []member {
		return func() []member { i := find(name); return slices.Delete(slices.Clone(members), i, i+1) }
	}
	for about, c := range map[string]struct {
		make func() []member
		want error
	}{
		"a row changed":             {replaced("tables/cases", "pl-PL", "pl-PX"), ErrDamaged},
		"the list changed":          {replaced(manifestName, `"queued": 6`, `"queued": 5`), ErrDamaged},
		"a piece left out":          {without("tables/messages"), ErrDamaged},
		"an attachment left out":    {without("files/"), ErrDamaged},
		"no signature":              {without(signatureName), ErrDamaged},
		"no header":                 {without(headerName), ErrFormat},
		"another key":               {replaced(keyName, "0", "1"), ErrDamaged},
		"something behind it":       {func() []member { return append(slices.Clone(members), member{"files/x", nil}) }, ErrFormat},
		"something new in it":       {func() []member { return slices.Insert(slices.Clone(members), 1, member{"new", nil}) }, ErrNewer},
		"a format to come":          {replaced(headerName, "backup 1", "backup 2"), ErrNewer},
		"a column to come":          {replaced(headerName, `"opinion"`, `"opinion","mood"`), ErrNewer},
		"a row with too few values": {replaced("tables/settings", `"`, `1,"`), ErrDamaged},
		"no JSON":                   {replaced("tables/users", "[", "{"), ErrDamaged},
	} {
		if about == "a row with too few values" {
			must(t, func() error { _, err := p.SetOnce(t.Context(), "a", "b"); return err }())
			members = nil
			must(t, walk(bytes.NewReader(backup(t, p, Options{})), func(name string, r io.Reader) error {
				data, err := io.ReadAll(r)
				members = append(members, member{name, data})
				return err
			}))
		}
		if _, err := Check(bytes.NewReader(pack(c.make()))); !errors.Is(err, c.want) {
			t.Errorf("%s: %v; want %v", about, err, c.want)
		}
	}
	for _, data := range []string{"", "no archive", "\x1f\x8b"} {
		if _, err := Check(strings.NewReader(data)); !errors.Is(err, ErrFormat) {
			t.Errorf("%q: %v", data, err)
		}
	}
}

// A row may lack columns that came later: an old backup restores into a newer database.
func TestColumnsThatCameLater(t *testing.T) {
	if !(store.Table{Name: "cases", Columns: []string{"id", "shop"}}).Known() {
		t.Error("a table of an older program is not known")
	}
	if (store.Table{Name: "sessions", Columns: []string{"token"}}).Known() {
		t.Error("sessions are restored")
	}
}

func TestValuesComeBackAsTheyWere(t *testing.T) {
	want := []any{int64(1) << 62, "\x00ü<>&\u2028", "\xff\xfe", nil, ""}
	var line bytes.Buffer
	must(t, encodeRow(&line, want))
	got, err := decodeRow(line.Bytes())
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Error(err, diff)
	}
}

// Whoever writes while a backup runs does not change what is in it, and is not held up.
func TestBackupWhileOthersWrite(t *testing.T) {
	for name, open := range engines {
		t.Run(name, func(t *testing.T) {
			p := open(t)
			p.fill(t)
			var b bytes.Buffer
			busy := writerFunc(func(data []byte) (int, error) {
				storetest.Submit(t, p.Store, storetest.Example())
				return b.Write(data)
			})
			_, err := Write(context.Background(), busy, p.Store, p.files, Options{Key: storetest.Key, Now: noon})
			must(t, err)
			data := b.Bytes()
			contents, err := Check(bytes.NewReader(data))
			must(t, err)
			now, err := p.Count(t.Context(), docket.Query{All: true})
			must(t, err)
			if n := contents.Rows["cases"]; n == 0 || n >= now || contents.Rows["events"] != 9+n-3 {
				t.Errorf("%d of %d cases and %d events; want those of one moment", n, now, contents.Rows["events"])
			}
			into := open(t)
			must(t, Restore(t.Context(), reopen(data), contents, into.Store, into.files))
			_, _, err = into.Verify(t.Context(), func(f store.Fault) { t.Error(f) })
			must(t, err)
		})
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }
