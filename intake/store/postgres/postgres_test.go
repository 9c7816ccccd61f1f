package postgres

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"io"
	"io/fs"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"recourse/intake/docket"
	"recourse/intake/store"
	"recourse/intake/store/pgtest"
	"recourse/intake/store/storetest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func connect(t *testing.T, url string) (*store.Store, *Files) {
	t.Helper()
	s, f, err := Open(t.Context(), url, storetest.Key)
	must(t, err)
	t.Cleanup(func() { s.Close() })
	return s, f
}

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Database {
		url := pgtest.Database(t)
		return storetest.Database{
			Open: func(t *testing.T) *store.Store { s, _ := connect(t, url); return s },
			Exec: func(t *testing.T, statement string) {
				db, err := sql.Open("pgx", url)
				must(t, err)
				defer db.Close()
				_, err = db.Exec(statement)
				must(t, err)
			},
		}
	})
}

func TestServersThatStartTogetherMakeTheTablesOnce(t *testing.T) {
	url := pgtest.Database(t)
	var all sync.WaitGroup
	for range 5 {
		all.Go(func() {
			s, _, err := Open(context.Background(), url, storetest.Key)
			if err != nil {
				t.Error(err)
				return
			}
			s.Close()
		})
	}
	all.Wait()
}

func TestDurableWhateverTheDatabaseSays(t *testing.T) {
	url := pgtest.Database(t)
	s, f := connect(t, url)
	must(t, s.Ready(t.Context()))
	_, err := f.db.Exec(`ALTER DATABASE ` + url[strings.LastIndex(url, "/")+1:] + ` SET synchronous_commit = off`)
	must(t, err)
	_, again := connect(t, url)
	var got string
	must(t, again.db.QueryRow(`SHOW synchronous_commit`).Scan(&got))
	if got != "on" {
		t.Errorf("synchronous_commit is %s", got)
	}
}

func TestNewerDatabaseIsRefused(t *testing.T) {
	url := pgtest.Database(t)
	_, f := connect(t, url)
	_, err := f.db.Exec(`INSERT INTO version (n) VALUES (99)`)
	must(t, err)
	if _, _, err := Open(t.Context(), url, storetest.Key); err == nil || !strings.Contains(err.Error(), "use the newer program") {
		t.Errorf("error %v", err)
	}
}

// The password of the database is nobody's business.
func TestErrorsHoldNoPassword(t *testing.T) {
	for _, url := range []string{"postgres://u:hunter2@127.0.0.1:1/x", "postgres://u:hunter2@[::1/x", "postgres://u:hunt%er2@h/x"} {
		_, _, err := Open(t.Context(), url, storetest.Key)
		if err == nil || strings.Contains(err.Error(), "hunt") {
			t.Errorf("%s: %v", url, err)
		}
	}
}

// After a restart of the database the same store goes on.
func TestDatabaseRestart(t *testing.T) {
	url := pgtest.Database(t)
	s, _ := connect(t, url)
	before := storetest.Submit(t, s, storetest.Example())
	must(t, pgtest.Shared().Down(t.Context(), "immediate"))
	c := storetest.Example()
	began := time.Now()
	if _, _, err := s.Submit(t.Context(), c, storetest.Letters(c)); err == nil {
		t.Error("a case is stored while there is no database")
	}
	if err := s.Ready(t.Context()); err == nil {
		t.Error("the store says it is ready")
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("it took %v to say so", took)
	}
	must(t, pgtest.Shared().Up(t.Context()))
	storetest.Submit(t, s, c)
	if _, err := s.ByReference(t.Context(), before.Reference); err != nil {
		t.Error(err)
	}
}

func TestFiles(t *testing.T) {
	s, f := connect(t, pgtest.Database(t))
	long := bytes.Repeat([]byte("0123456789abcdef"), piece/16*2+100)
	for _, data := range [][]byte{nil, []byte("abc"), long, long[:piece], long[:piece+1]} {
		id, size, sum, err := f.Save(bytes.NewReader(data))
		if must(t, err); size != int64(len(data)) || len(sum) != 64 {
			t.Errorf("size %d, sum %q", size, sum)
		}
		r, err := f.Open(id)
		must(t, err)
		if err := iotest.TestReader(r, data); err != nil && len(data) < 1000 { // byte by byte, too slow for long ones
			t.Error(err)
		}
		_, err = r.Seek(int64(len(data)/2), io.SeekStart)
		must(t, err)
		if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, data[len(data)/2:]) {
			t.Errorf("%d bytes from the middle: %d, %v", len(data), len(got), err)
		}
		must(t, f.Put(id, strings.NewReader("again")))
		again, err := f.Open(id)
		must(t, err)
		if got, err := io.ReadAll(again); err != nil || string(got) != "again" {
			t.Errorf("put back: %q, %v", got, err)
		}
		f.Remove(id, id)
		if _, err := f.Open(id); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("a removed file opens: %v", err)
		}
	}
	broken := errors.New("broken")
	if _, _, _, err := f.Save(io.MultiReader(bytes.NewReader(long), iotest.ErrReader(broken))); !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
	var left int
	must(t, f.db.QueryRow(`SELECT count(*) FROM pieces`).Scan(&left))
	if left != 0 {
		t.Errorf("%d pieces are left of a broken transfer", left)
	}
	lost, _, _, err := f.Save(strings.NewReader("x"))
	must(t, err)
	known, _, _, err := f.Save(strings.NewReader("y"))
	must(t, err)
	must(t, s.Keep(t.Context(), "amber", "1", []docket.File{{ID: known}}, time.Now()))
	removed, err := f.Sweep(t.Context(), time.Now().Add(time.Hour), s.Known)
	if must(t, err); removed != 1 {
		t.Errorf("%d files are swept; want 1", removed)
	}
	if _, err := f.Open(lost); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a lost file opens: %v", err)
	}
}
