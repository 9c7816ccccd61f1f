package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"recourse/intake/docket"
	"recourse/intake/store"
	"recourse/intake/store/storetest"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Database {
		file := filepath.Join(t.TempDir(), "with space#?.db")
		return storetest.Database{
			Open: func(t *testing.T) *store.Store {
				s, err := Open(t.Context(), file, storetest.Key)
				must(t, err)
				t.Cleanup(func() { s.Close() })
				return s
			},
			Exec: func(t *testing.T, statement string) {
				db, err := connect(file, "", 1)
				must(t, err)
				defer db.Close()
				_, err = db.Exec(statement)
				must(t, err)
			},
		}
	})
}

func fresh(t *testing.T) (*engine, *store.Store) {
	t.Helper()
	e, err := open(t.Context(), filepath.Join(t.TempDir(), "x.db"))
	must(t, err)
	t.Cleanup(func() { e.Close() })
	return e, store.New(e, storetest.Key)
}

func TestReopenedDatabaseHasItsCases(t *testing.T) {
	file := filepath.Join(t.TempDir(), "x.db")
	s, err := Open(t.Context(), file, storetest.Key)
	must(t, err)
	c := storetest.Submit(t, s, storetest.Example())
	must(t, s.Close())
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the database can be read by others: %v, %v", info.Mode(), err)
	}
	e, err := open(t.Context(), file)
	must(t, err)
	defer e.Close()
	if _, err := store.New(e, storetest.Key).ByReference(t.Context(), c.Reference); err != nil {
		t.Error(err)
	}
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "secure_delete": "1", "integrity_check": "ok"} {
		var got string
		if err := e.writer.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
			t.Errorf("%s is %q, %v; want %q", pragma, got, err, want)
		}
	}
}

// SQLite would go on writing into a file that has no name any more, and say that all is well.
func TestDatabaseTakenAwayIsNoticed(t *testing.T) {
	for about, take := range map[string]func(file string) error{
		"deleted":  os.Remove,
		"replaced": func(file string) error { return errors.Join(os.Remove(file), os.WriteFile(file, nil, 0o600)) },
	} {
		e, s := fresh(t)
		must(t, s.Ready(t.Context()))
		must(t, take(e.path))
		c := storetest.Example()
		if _, _, err := s.Submit(t.Context(), c, nil); err == nil || !strings.Contains(err.Error(), "restart the program") {
			t.Errorf("%s: a case is stored, error %v", about, err)
		}
		if err := s.Ready(t.Context()); err == nil {
			t.Errorf("%s: the store says it is ready", about)
		}
	}
}

// A file that may not grow stands for a full disk. Nothing is stored by half, and with room again all goes on.
func TestFullDisk(t *testing.T) {
	e, s := fresh(t)
	storetest.Submit(t, s, storetest.Example())
	var pages int
	must(t, e.ask(t, "PRAGMA page_count", &pages))
	must(t, e.ask(t, fmt.Sprintf("PRAGMA max_page_count = %d", pages), &pages))
	if err := s.Ready(t.Context()); err == nil {
		t.Error("without room for a submission the store says it is ready")
	}
	var refused []docket.Case
	var all sync.WaitGroup
	var mu sync.Mutex
	for range 20 {
		all.Go(func() {
			c := storetest.Example()
			c.Values["description"] = strings.Repeat("x", 4000)
			if _, _, err := s.Submit(context.Background(), c, storetest.Letters(c)); err != nil {
				mu.Lock()
				refused = append(refused, c)
				mu.Unlock()
			}
		})
	}
	all.Wait()
	if len(refused) == 0 {
		t.Fatal("a full disk takes everything")
	}
	must(t, e.ask(t, "PRAGMA max_page_count = 100000", &pages))
	for _, c := range refused {
		if _, err := s.BySubmission(t.Context(), c.Shop, c.Submission); !errors.Is(err, docket.ErrNotFound) {
			t.Errorf("a refused case is there: %v", err)
		}
		storetest.Submit(t, s, c)
	}
	must(t, s.Ready(t.Context()))
}

// ask asks the writing connection while nobody else does.
func (e *engine) ask(t *testing.T, statement string, into *int) error {
	return e.alone(func(conn *sql.Conn) error { return conn.QueryRowContext(t.Context(), statement).Scan(into) })
}

// One caller's failure or panic undoes nothing of those whose commit it would have shared.
func TestCallersOfOneCommitDoNotHarmEachOther(t *testing.T) {
	_, s := fresh(t)
	first := storetest.Submit(t, s, storetest.Example())
	var all sync.WaitGroup
	for i := range 40 {
		all.Go(func() {
			c := storetest.Example()
			if i%4 == 0 {
				c.Reference = first.Reference // not unique
			}
			_, _, err := s.Submit(context.Background(), c, storetest.Letters(c))
			if (err != nil) != (i%4 == 0) {
				t.Errorf("caller %d: %v", i, err)
			}
		})
	}
	all.Wait()
	if n, err := s.Count(t.Context(), docket.Query{All: true}); n != 31 || err != nil {
		t.Errorf("%d cases, %v; want 31", n, err)
	}
}

func TestAPanicEndsOneTransactionOnly(t *testing.T) {
	e, s := fresh(t)
	err := e.Write(t.Context(), func(store.Queries) error { panic("x") })
	if err == nil || !strings.Contains(err.Error(), "panicked") {
		t.Errorf("error %v", err)
	}
	storetest.Submit(t, s, storetest.Example())
}

func TestClosedDatabaseAnswers(t *testing.T) {
	e, err := open(t.Context(), filepath.Join(t.TempDir(), "x.db"))
	must(t, err)
	must(t, e.Close())
	if err := e.Write(t.Context(), func(store.Queries) error { return nil }); !errors.Is(err, errClosed) {
		t.Errorf("error %v", err)
	}
}

func TestNewerDatabaseIsRefused(t *testing.T) {
	e, _ := fresh(t)
	must(t, e.Write(t.Context(), func(q store.Queries) error {
		_, err := q.ExecContext(t.Context(), "PRAGMA user_version = 99")
		return err
	}))
	must(t, e.Close())
	if _, err := Open(t.Context(), e.path, storetest.Key); err == nil || !strings.Contains(err.Error(), "use the newer program") {
		t.Errorf("error %v", err)
	}
	if _, err := Open(t.Context(), filepath.Join(t.TempDir(), "no", "folder.db"), storetest.Key); err == nil || !strings.Contains(err.Error(), "folder exists") {
		t.Errorf("error %v", err)
	}
}

// A database of the version before, as its program left it.
func TestEarlierDatabaseIsBroughtUpToDate(t *testing.T) {
	file := filepath.Join(t.TempDir(), "x.db")
	db, err := connect(file, "", 1)
	must(t, err)
	for _, name := range []string{"migrations/0001_cases.sql", "migrations/0002_seen.sql"} {
		statements, err := migrations.ReadFile(name)
		must(t, err)
		_, err = db.Exec(string(statements))
		must(t, err)
	}
	before, err := os.ReadFile("testdata/version2.sql")
	must(t, err)
	_, err = db.Exec(string(before))
	must(t, err)
	must(t, db.Close())
	s, err := Open(t.Context(), file, storetest.Key)
	must(t, err)
	defer s.Close()
	_, _, err = s.Verify(t.Context(), func(f store.Fault) { t.Error(f) })
	must(t, err)
	c, err := s.ByReference(t.Context(), "4K7Q-2M3X-9TR")
	must(t, err)
	messages, err := s.Messages(t.Context(), c.ID)
	must(t, err)
	letters, err := s.Letters(t.Context(), c.ID)
	must(t, err)
	if c.State != docket.Closed || c.Outcome != "accepted" || c.Closed.IsZero() || c.Answered.IsZero() || c.Priority != docket.High || len(messages) != 1 ||
		len(letters) != 2 || letters[1].About != messages[0].ID || letters[1].Delivery != docket.Queued {
		t.Errorf("case %+v\nmessages %+v\nletters %+v", c, messages, letters)
	}
	for p, hash := range map[docket.Purpose]string{docket.Receipt: "r", docket.Status: "s"} {
		if old, err := s.ByOldLink(t.Context(), p, hash); err != nil || old.ID != c.ID {
			t.Errorf("the old link to the %s: %v", p, err)
		}
	}
	if n, err := s.Count(t.Context(), docket.Query{Search: "ewa"}); n != 1 || err != nil {
		t.Errorf("a search finds %d, %v", n, err)
	}
}
