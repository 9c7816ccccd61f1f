package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"recourse/day"
	"recourse/form"
	"recourse/intake/docket"
	"recourse/law"
)

var noon = time.Date(2026, 11, 20, 12, 3, 0, 123456000, time.UTC)

func open(t *testing.T) *Store {
	t.Helper()
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "with space#?.db"))
	must(t, err)
	t.Cleanup(func() { s.Close() })
	return s
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func example() docket.Case {
	return docket.Case{
		Shop: "amber", Submission: uuid.NewString(), Digest: "d", Reference: docket.NewReference(), Form: form.Complaint, Locale: "pl-PL",
		Page: "https://shop.example/x", Seen: "withdrawal/2026-03-01/ab", Values: map[string]string{"name": "O'Connor \"; DROP TABLE cases; --", "email": "Ewa@example.org"},
		Received: noon, State: docket.New, Suspect: true,
		Due:   docket.Due{Day: day.Of(2026, 12, 4), Task: docket.Answer, Statute: "art. 7a", Silence: law.SilenceAccepts},
		Files: []docket.File{{ID: uuid.NewString(), Name: "a.pdf", Type: "application/pdf", Size: 3, Sum: "s"}},
	}
}

func letters(c docket.Case) ([]docket.Letter, error) {
	return []docket.Letter{
		{Kind: docket.Acknowledgement, MessageID: c.Reference + ".a@x", To: c.Email(), ReplyTo: "s@x.test", Subject: "s", Text: "t", HTML: "h", Written: c.Received},
		{Kind: docket.Copy, MessageID: c.Reference + ".c@x", To: "s@x.test", ReplyTo: c.Email(), Subject: "s", Text: "t", HTML: "h", Written: c.Received},
	}, nil
}

func submit(t *testing.T, s *Store, c docket.Case) docket.Case {
	t.Helper()
	stored, existed, err := s.Submit(t.Context(), c, "receipt"+c.Reference, "status"+c.Reference, letters)
	must(t, err)
	if existed {
		t.Fatal("a new case is said to be there already")
	}
	return stored
}

func TestACaseComesBackAsItWasStored(t *testing.T) {
	s := open(t)
	c := submit(t, s, example())
	for about, find := range map[string]func() (docket.Case, error){
		"submission": func() (docket.Case, error) { return s.BySubmission(t.Context(), c.Shop, c.Submission) },
		"receipt":    func() (docket.Case, error) { return s.ByReceipt(t.Context(), "receipt"+c.Reference) },
		"status":     func() (docket.Case, error) { return s.ByStatus(t.Context(), "status"+c.Reference) },
		"reference":  func() (docket.Case, error) { return s.ByReference(t.Context(), c.Reference) },
	} {
		got, err := find()
		if diff := cmp.Diff(c, got); err != nil || diff != "" {
			t.Errorf("by %s: %v\n%s", about, err, diff)
		}
	}
	if _, err := s.BySubmission(t.Context(), "other", c.Submission); !errors.Is(err, docket.ErrNotFound) {
		t.Errorf("another shop finds the case: %v", err)
	}
	if _, err := s.ByReceipt(t.Context(), "status"+c.Reference); !errors.Is(err, docket.ErrNotFound) {
		t.Errorf("the token of the status page opens the receipt: %v", err)
	}
}

func TestTheSecondSubmissionOfAnIDStoresNothing(t *testing.T) {
	s := open(t)
	c := submit(t, s, example())
	again := example()
	again.Submission = c.Submission
	got, existed, err := s.Submit(t.Context(), again, "r2", "s2", func(docket.Case) ([]docket.Letter, error) {
		t.Error("letters are written for a case that is there already")
		return nil, nil
	})
	if err != nil || !existed || got.Reference != c.Reference {
		t.Errorf("got %s, %v, %v; want the first case", got.Reference, existed, err)
	}
	other := example()
	other.Submission, other.Shop = c.Submission, "other"
	submit(t, s, other) // ids are made by visitors; two shops may see the same one
}

func TestACaseWithoutItsLettersIsNotStored(t *testing.T) {
	s := open(t)
	c := example()
	_, _, err := s.Submit(t.Context(), c, "r", "s", func(docket.Case) ([]docket.Letter, error) { return nil, errors.New("no words") })
	if err == nil {
		t.Fatal("the case was stored")
	}
	if _, err := s.BySubmission(t.Context(), c.Shop, c.Submission); !errors.Is(err, docket.ErrNotFound) {
		t.Errorf("half of the case is there: %v", err)
	}
	if known, err := s.Known(t.Context(), c.Files[0].ID); known || err != nil {
		t.Errorf("its file is there: %v, %v", known, err)
	}
}

func TestCasesComeMostUrgentFirst(t *testing.T) {
	s := open(t)
	add := func(name string, due day.Day, state docket.State) {
		c := example()
		c.Values["name"], c.Due.Day = name, due
		c = submit(t, s, c)
		if state != docket.New {
			must(t, s.Change(t.Context(), c.ID, state, "", noon))
		}
	}
	add("closed", day.Of(2026, 1, 1), docket.Closed)
	add("no date", day.Unknown, docket.New)
	add("later", day.Of(2026, 12, 9), docket.InProgress)
	add("soon", day.Of(2026, 12, 1), docket.New)
	names := func(states []docket.State, limit, offset int) (all []string) {
		cases, err := s.Cases(t.Context(), states, limit, offset)
		must(t, err)
		for _, c := range cases {
			all = append(all, c.Values["name"])
		}
		return all
	}
	for _, c := range []struct {
		states        []docket.State
		limit, offset int
		want          string
	}{
		{nil, 10, 0, "soon, later, no date, closed"},
		{nil, 2, 1, "later, no date"},
		{[]docket.State{docket.New}, 10, 0, "soon, no date"},
		{[]docket.State{docket.InProgress, docket.Closed}, 10, 0, "later, closed"},
		{[]docket.State{"' OR 1 --"}, 10, 0, ""},
	} {
		if got := strings.Join(names(c.states, c.limit, c.offset), ", "); got != c.want {
			t.Errorf("%v, %d from %d: %s; want %s", c.states, c.limit, c.offset, got, c.want)
		}
	}
}

func TestLettersAreClaimedOnceAndAgainAfterTheLease(t *testing.T) {
	s := open(t)
	c := submit(t, s, example())
	claim := func(at time.Time) []docket.Letter {
		got, err := s.Claim(t.Context(), at, at.Add(time.Minute), 10)
		must(t, err)
		return got
	}
	if n := len(claim(noon.Add(-time.Second))); n != 0 {
		t.Errorf("%d letters are claimed before they were written", n)
	}
	first := claim(noon)
	if len(first) != 2 || first[0].Text != "t" || first[0].To != "Ewa@example.org" || first[0].Case != c.ID {
		t.Fatalf("claimed %+v", first)
	}
	if n := len(claim(noon.Add(time.Second))); n != 0 {
		t.Errorf("%d letters are claimed twice", n)
	}
	if n := len(claim(noon.Add(2 * time.Minute))); n != 2 {
		t.Errorf("%d letters come back after the lease; want 2", n)
	}
	first[0].Delivery, first[0].Done, first[0].Attempts = docket.Sent, noon, 1
	first[1].Next, first[1].Attempts = noon.Add(time.Hour), 1
	must(t, s.Settle(t.Context(), first[0]))
	must(t, s.Settle(t.Context(), first[1]))
	if n := len(claim(noon.Add(30 * time.Minute))); n != 0 {
		t.Errorf("%d letters are claimed before their time", n)
	}
	if got := claim(noon.Add(time.Hour)); len(got) != 1 || got[0].Kind != docket.Copy || got[0].Attempts != 1 {
		t.Errorf("claimed %+v; want the copy, which failed once", got)
	}
	all, err := s.Letters(t.Context(), c.ID)
	must(t, err)
	if all[0].Text != "" || all[0].HTML != "" || all[1].Text == "" {
		t.Error("the text of a sent letter is kept, or that of a waiting one is gone")
	}
}

func TestAFailedLetterMarksTheCase(t *testing.T) {
	s := open(t)
	c := submit(t, s, example())
	all, err := s.Letters(t.Context(), c.ID)
	must(t, err)
	all[0].Delivery = docket.Failed
	must(t, s.Settle(t.Context(), all[0]))
	if got, err := s.ByReference(t.Context(), c.Reference); err != nil || !got.Undelivered {
		t.Errorf("the case is not marked: %v, %v", got.Undelivered, err)
	}
}

func TestAcknowledgementsToOneAddressAreSpread(t *testing.T) {
	s := open(t)
	var last docket.Case
	for range 5 {
		c := example()
		c.Values["email"] = "victim@example.org"
		last = submit(t, s, c)
	}
	all, err := s.Letters(t.Context(), last.ID)
	must(t, err)
	if wait := all[0].Next.Sub(noon); wait != time.Hour {
		t.Errorf("the fifth acknowledgement in a minute waits %v; want an hour", wait)
	}
	if !all[1].Next.Equal(noon) {
		t.Errorf("the trader's copy waits until %v", all[1].Next)
	}
}

func TestAnAnswerIsStoredOnce(t *testing.T) {
	s := open(t)
	c := submit(t, s, example())
	m := docket.Message{Text: "Hello\n<b>", Written: noon}
	for range 2 {
		must(t, s.Answer(t.Context(), c, m, docket.Letter{Kind: docket.Reply, MessageID: "nonce@x", Written: noon}))
	}
	messages, err := s.Messages(t.Context(), c.ID)
	must(t, err)
	events, err := s.Events(t.Context(), c.ID)
	must(t, err)
	got, err := s.ByReference(t.Context(), c.Reference)
	must(t, err)
	if len(messages) != 1 || messages[0].Text != m.Text || len(events) != 2 || got.State != docket.Answered {
		t.Errorf("messages %v, events %v, state %q", messages, events, got.State)
	}
	must(t, s.Change(t.Context(), c.ID, docket.Closed, "accepted", noon))
	must(t, s.Answer(t.Context(), c, m, docket.Letter{Kind: docket.Reply, MessageID: "nonce2@x", Written: noon}))
	if got, err = s.ByReference(t.Context(), c.Reference); err != nil || got.State != docket.Closed || got.Outcome != "accepted" {
		t.Errorf("an answer reopened a closed case: %q, %q, %v", got.State, got.Outcome, err)
	}
}

func TestKeptFilesGoWithTheCase(t *testing.T) {
	s := open(t)
	c := example()
	first, second := docket.File{ID: "1", Name: "a.pdf"}, docket.File{ID: "2", Name: "b.pdf"}
	must(t, s.Keep(t.Context(), c.Shop, c.Submission, []docket.File{first}, noon))
	must(t, s.Keep(t.Context(), c.Shop, c.Submission, []docket.File{second}, noon))
	if known, err := s.Known(t.Context(), "1"); known || err != nil {
		t.Errorf("the first file is still wanted: %v, %v", known, err)
	}
	kept, err := s.Kept(t.Context(), c.Shop, c.Submission)
	if err != nil || len(kept) != 1 || kept[0].ID != "2" {
		t.Fatalf("kept %v, %v", kept, err)
	}
	c.Files = kept
	submit(t, s, c)
	must(t, s.Forget(t.Context(), noon.Add(time.Hour)))
	if known, err := s.Known(t.Context(), "2"); !known || err != nil {
		t.Errorf("a file of a case was forgotten: %v, %v", known, err)
	}
	thief := example()
	thief.Files = kept
	submit(t, s, thief)
	if got, err := s.ByReference(t.Context(), c.Reference); err != nil || len(got.Files) != 1 {
		t.Errorf("another case took the file away: %v, %v", got.Files, err)
	}
}

func TestReopenedDatabaseHasItsCases(t *testing.T) {
	file := filepath.Join(t.TempDir(), "x.db")
	s, err := Open(t.Context(), file)
	must(t, err)
	c := submit(t, s, example())
	must(t, s.Close())
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the database can be read by others: %v, %v", info.Mode(), err)
	}
	s, err = Open(t.Context(), file)
	must(t, err)
	defer s.Close()
	if _, err := s.ByReference(t.Context(), c.Reference); err != nil {
		t.Error(err)
	}
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "integrity_check": "ok"} {
		var got string
		if err := s.write.QueryRow("PRAGMA " + pragma).Scan(&got); err != nil || got != want {
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
		file := filepath.Join(t.TempDir(), "x.db")
		s, err := Open(t.Context(), file)
		must(t, err)
		must(t, s.Ready(t.Context()))
		must(t, take(file))
		c := example()
		if _, _, err := s.Submit(t.Context(), c, "r", "s", letters); err == nil || !strings.Contains(err.Error(), "restart the program") {
			t.Errorf("%s: a case is stored, error %v", about, err)
		}
		if err := s.Ready(t.Context()); err == nil {
			t.Errorf("%s: the store says it is ready", about)
		}
		must(t, s.Close())
	}
}

// A file that may not grow stands for a full disk.
func TestReadyNoticesAFullDisk(t *testing.T) {
	s := open(t)
	var pages int
	must(t, s.write.QueryRow("PRAGMA page_count").Scan(&pages))
	must(t, s.write.QueryRow(fmt.Sprintf("PRAGMA max_page_count = %d", pages)).Scan(&pages))
	if err := s.Ready(t.Context()); err == nil {
		t.Error("without room for a submission the store says it is ready")
	}
	must(t, s.write.QueryRow("PRAGMA max_page_count = 100000").Scan(&pages))
	if err := s.Ready(t.Context()); err != nil {
		t.Errorf("with room again: %v", err)
	}
}

func TestNewerDatabaseIsRefused(t *testing.T) {
	file := filepath.Join(t.TempDir(), "x.db")
	s, err := Open(t.Context(), file)
	must(t, err)
	must(t, s.tx(context.Background(), "test", func(tx *sql.Tx) error {
		_, err := tx.Exec("PRAGMA user_version = 99")
		return err
	}))
	must(t, s.Close())
	if _, err := Open(t.Context(), file); err == nil || !strings.Contains(err.Error(), "use the newer program") {
		t.Errorf("error %v", err)
	}
	if _, err := Open(t.Context(), filepath.Join(t.TempDir(), "no", "folder.db")); err == nil || !strings.Contains(err.Error(), "folder exists") {
		t.Errorf("error %v", err)
	}
}

func TestSessions(t *testing.T) {
	s := open(t)
	must(t, s.Commit("a", []byte("1"), time.Now().Add(time.Hour)))
	must(t, s.Commit("a", []byte("2"), time.Now().Add(time.Hour)))
	must(t, s.Commit("old", []byte("3"), time.Now().Add(-time.Hour)))
	if data, found, err := s.Find("a"); !found || err != nil || string(data) != "2" {
		t.Errorf("Find = %q, %v, %v", data, found, err)
	}
	if _, found, err := s.Find("old"); found || err != nil {
		t.Errorf("a session that has ended is found: %v, %v", found, err)
	}
	must(t, s.Delete("a"))
	if _, found, err := s.Find("a"); found || err != nil {
		t.Errorf("a deleted session is found: %v, %v", found, err)
	}
}
