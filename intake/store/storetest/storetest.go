// Package storetest is what every store must do, whichever database it keeps cases in.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"recourse/day"
	"recourse/form"
	"recourse/intake/docket"
	"recourse/intake/store"
	"recourse/law"
)

var noon = time.Date(2026, 11, 20, 12, 3, 0, 123456000, time.UTC)

// Key of stores in tests.
var Key = []byte("0123456789abcdef0123456789abcdef")

// Database is an empty one, for one test. Exec changes it behind the store's back.
type Database struct {
	Open func(t *testing.T) *store.Store // may be called again: another server on the same database
	Exec func(t *testing.T, statement string)
}

// Run runs all tests, each on a database of its own.
func Run(t *testing.T, fresh func(t *testing.T) Database) {
	for name, test := range map[string]func(*testing.T, *store.Store){
		"ACaseComesBackAsItWasStored":                comesBack,
		"TheSecondSubmissionOfAnIDStoresNothing":     secondStoresNothing,
		"OneIDSentManyTimesAtOnceIsOneCase":          oneCase,
		"ACaseIsStoredWholeOrNotAtAll":               wholeOrNot,
		"CasesComeMostUrgentFirst":                   urgentFirst,
		"QueriesChoose":                              queries,
		"SearchFindsWordsNotPatterns":                search,
		"LettersAreClaimedOnceAndAgainAfterTheLease": claims,
		"AFailedLetterMarksTheCase":                  failedLetter,
		"ALetterThatCameBackMarksTheCase":            bounced,
		"AcknowledgementsToOneAddressAreSpread":      spread,
		"AnAnswerIsStoredOnce":                       answerOnce,
		"AProposalIsDecidedOnce":                     decideOnce,
		"MessagesGoBackAndForth":                     correspondence,
		"KeptFilesGoWithTheCase":                     keptFiles,
		"Sessions":                                   sessions,
		"Users":                                      users,
		"ErasingLeavesNothingButHeldCases":           erase,
		"WhatWasErasedIsNeverAnother":                notAgain,
		"ATallyCountsWhatWaits":                      tally,
		"SinceThenSomethingHappened":                 since,
		"WhatIsDumpedCanBeLoaded":                    dump,
		"ASettingIsSetOnce":                          setting,
		"LettersThatAreStuckAreTriedAgain":           retry,
		"AWholeCaseIsEverythingAboutIt":              wholeCase,
		"Ready":                                      func(t *testing.T, s *store.Store) { must(t, s.Ready(t.Context())) },
	} {
		t.Run(name, func(t *testing.T) { test(t, fresh(t).Open(t)) })
	}
	t.Run("ChangedHistoriesAreFound", func(t *testing.T) { tampering(t, fresh) })
	t.Run("TwoServersShareTheOutbox", func(t *testing.T) { twoServers(t, fresh(t)) })
	t.Run("WhateverIsDoneTheHistoriesFit", func(t *testing.T) { randomHistories(t, fresh(t)) })
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Example is a complaint nobody has stored yet.
func Example() docket.Case {
	c := docket.Case{
		Shop: "amber", Submission: uuid.NewString(), Reference: docket.NewReference(), Form: form.Complaint, Locale: "pl-PL",
		Page: "https://shop.example/x", Seen: "withdrawal/2026-03-01/ab",
		Values:   map[string]string{"name": "O'Connor \"; DROP TABLE cases; --", "email": "Ewa@example.org", "reason": "defective", "description": "100% Łódź_x"},
		Received: noon, State: docket.New, Priority: docket.High, Score: 4, Signs: []string{"links", "trap"},
		Due:   docket.Due{Day: day.Of(2026, 12, 4), Task: docket.Answer, Statute: "art. 7a", Silence: law.SilenceAccepts},
		Files: []docket.File{{ID: uuid.NewString(), Name: "a.pdf", Type: "application/pdf", Size: 3, Sum: "s"}},
	}
	c.Digest = docket.Digest(c)
	return c
}

// Letters are those of a new case.
func Letters(c docket.Case) []docket.Letter {
	return []docket.Letter{
		{Kind: docket.Acknowledgement, MessageID: c.Reference + ".a@x", To: c.Email(), Written: c.Received},
		{Kind: docket.Copy, MessageID: c.Reference + ".c@x", To: "s@x.test", Written: c.Received},
	}
}

// Submit stores a new case.
func Submit(t *testing.T, s *store.Store, c docket.Case) docket.Case {
	t.Helper()
	c.Digest = docket.Digest(c)
	stored, existed, err := s.Submit(t.Context(), c, Letters(c))
	must(t, err)
	if existed {
		t.Fatal("a new case is said to be there already")
	}
	return stored
}

func comesBack(t *testing.T, s *store.Store) {
	c := Submit(t, s, Example())
	for about, find := range map[string]func() (docket.Case, error){
		"submission": func() (docket.Case, error) { return s.BySubmission(t.Context(), c.Shop, c.Submission) },
		"reference":  func() (docket.Case, error) { return s.ByReference(t.Context(), c.Reference) },
		"id":         func() (docket.Case, error) { return s.ByID(t.Context(), c.ID) },
	} {
		got, err := find()
		if diff := cmp.Diff(c, got); err != nil || diff != "" {
			t.Errorf("by %s: %v\n%s", about, err, diff)
		}
	}
	if _, err := s.BySubmission(t.Context(), "other", c.Submission); !errors.Is(err, docket.ErrNotFound) {
		t.Errorf("another shop finds the case: %v", err)
	}
	other := Example()
	other.Submission, other.Shop = c.Submission, "other"
	Submit(t, s, other)
	if all, err := s.WithSubmission(t.Context(), c.Submission); err != nil || len(all) != 2 {
		t.Errorf("%d cases have the id, %v; want both", len(all), err)
	}
	if _, err := s.ByOldLink(t.Context(), docket.Status, ""); !errors.Is(err, docket.ErrNotFound) {
		t.Errorf("an empty hash opens a case: %v", err)
	}
}

func secondStoresNothing(t *testing.T, s *store.Store) {
	c := Submit(t, s, Example())
	again := Example()
	again.Submission = c.Submission
	got, existed, err := s.Submit(t.Context(), again, Letters(again))
	if err != nil || !existed || got.Reference != c.Reference {
		t.Errorf("got %s, %v, %v; want the first case", got.Reference, existed, err)
	}
	if letters, err := s.Letters(t.Context(), c.ID); err != nil || len(letters) != 2 {
		t.Errorf("%d letters, %v; want those of the first", len(letters), err)
	}
	other := Example()
	other.Submission, other.Shop = c.Submission, "other"
	Submit(t, s, other) // ids are made by visitors; two shops may see the same one
}

func oneCase(t *testing.T, s *store.Store) {
	c := Example()
	var all sync.WaitGroup
	first := make([]bool, 20)
	for i := range first {
		all.Go(func() {
			same := c
			same.Reference = docket.NewReference()
			_, existed, err := s.Submit(t.Context(), same, Letters(same))
			if err != nil {
				t.Error(err)
			}
			first[i] = !existed
		})
	}
	all.Wait()
	if n := len(slices.DeleteFunc(first, func(b bool) bool { return !b })); n != 1 {
		t.Errorf("%d of 20 were stored", n)
	}
	if n, err := s.Count(t.Context(), docket.Query{All: true}); n != 1 || err != nil {
		t.Errorf("there are %d cases, %v", n, err)
	}
}

func wholeOrNot(t *testing.T, s *store.Store) {
	first := Submit(t, s, Example())
	c := Example()
	c.Reference = first.Reference // not unique: the row is refused
	if _, _, err := s.Submit(t.Context(), c, Letters(c)); err == nil {
		t.Fatal("the case was stored")
	}
	if _, err := s.BySubmission(t.Context(), c.Shop, c.Submission); !errors.Is(err, docket.ErrNotFound) {
		t.Errorf("half of the case is there: %v", err)
	}
	if known, err := s.Known(t.Context(), c.Files[0].ID); known || err != nil {
		t.Errorf("its file is there: %v, %v", known, err)
	}
}

func urgentFirst(t *testing.T, s *store.Store) {
	add := func(name string, due day.Day, priority docket.Priority, state docket.State) {
		c := Example()
		c.Values["name"], c.Due.Day, c.Priority = name, due, priority
		c = Submit(t, s, c)
		if state != docket.New {
			must(t, s.Change(t.Context(), c, state, "", "eva", noon, nil))
		}
	}
	add("closed", day.Of(2026, 1, 1), docket.High, docket.Closed)
	add("no date", day.Unknown, docket.High, docket.New)
	add("later", day.Of(2026, 12, 9), docket.High, docket.InProgress)
	add("soon", day.Of(2026, 12, 1), docket.Low, docket.New)
	add("soon and pressing", day.Of(2026, 12, 1), docket.High, docket.New)
	add("answered", day.Of(2026, 11, 1), docket.High, docket.Answered)
	for _, c := range []struct {
		query docket.Query
		want  string
	}{
		{docket.Query{}, "soon and pressing, soon, later, no date, answered, closed"},
		{docket.Query{Limit: 2, Offset: 2}, "later, no date"},
		{docket.Query{States: []docket.State{docket.New}}, "soon and pressing, soon, no date"},
		{docket.Query{States: []docket.State{docket.InProgress, docket.Closed}}, "later, closed"},
		{docket.Query{States: []docket.State{"' OR 1 --"}}, ""},
		{docket.Query{DueBy: int(day.Of(2026, 12, 1))}, "soon and pressing, soon"},
	} {
		if got := names(t, s, c.query); got != c.want {
			t.Errorf("%+v: %s; want %s", c.query, got, c.want)
		}
	}
}

func names(t *testing.T, s *store.Store, q docket.Query) string {
	t.Helper()
	cases, err := s.Cases(t.Context(), q)
	must(t, err)
	var all []string
	for _, c := range cases {
		all = append(all, c.Values["name"])
	}
	return strings.Join(all, ", ")
}

func queries(t *testing.T, s *store.Store) {
	add := func(name, shop string, kind form.Kind, suspect bool, received time.Time) {
		c := Example()
		c.Values["name"], c.Shop, c.Form, c.Suspect, c.Received = name, shop, kind, suspect, received
		Submit(t, s, c)
	}
	add("a", "amber", form.Complaint, false, noon)
	add("b", "amber", form.Withdrawal, false, noon.Add(time.Hour))
	add("c", "beryl", form.Complaint, true, noon.Add(2*time.Hour))
	add("d", "coral", form.Complaint, false, noon.Add(3*time.Hour))
	for _, c := range []struct {
		query docket.Query
		want  string
	}{
		{docket.Query{}, "a, b, d"},
		{docket.Query{Suspect: true}, "c"},
		{docket.Query{All: true}, "a, b, c, d"},
		{docket.Query{Shops: []string{"amber"}}, "a, b"},
		{docket.Query{Shops: []string{"amber", "coral"}}, "a, b, d"},
		{docket.Query{Shops: []string{}}, ""},
		{docket.Query{Form: "withdrawal"}, "b"},
		{docket.Query{From: noon.Add(time.Hour), Until: noon.Add(3 * time.Hour), All: true}, "b, c"},
	} {
		if got := names(t, s, c.query); got != c.want {
			t.Errorf("%+v: %q; want %q", c.query, got, c.want)
		}
		n, err := s.Count(t.Context(), c.query)
		if want := len(strings.Fields(c.want)); n != want || err != nil {
			t.Errorf("%+v: counted %d, %v; want %d", c.query, n, err, want)
		}
	}
}

func search(t *testing.T, s *store.Store) {
	c := Submit(t, s, Example())
	for typed, found := range map[string]bool{
		"": true, "o'connor": true, "EWA@example.org": true, "lodz": true, "Łódź": true, "łódź 100%": true, "100%": true, "ódź_x": true,
		c.Reference: true, strings.ToLower(strings.ReplaceAll(c.Reference, "-", "")): true, "drop table": true,
		"ewa berlin": false, "1_0": false, "%%%%": false, "o%r": false, "' OR 1=1 --": false, `\`: false, "!": false,
	} {
		if n, err := s.Count(t.Context(), docket.Query{Search: typed}); err != nil || (n == 1) != found {
			t.Errorf("%q finds %d, %v; want found %v", typed, n, err, found)
		}
	}
}

func claims(t *testing.T, s *store.Store) {
	c := Submit(t, s, Example())
	claim := func(at time.Time) []docket.Letter {
		got, err := s.Claim(t.Context(), at, at.Add(time.Minute), 10)
		must(t, err)
		return got
	}
	if n := len(claim(noon.Add(-time.Second))); n != 0 {
		t.Errorf("%d letters are claimed before they were written", n)
	}
	first := claim(noon)
	if len(first) != 2 || first[0].To != "Ewa@example.org" || first[0].Case != c.ID || first[0].Shop != c.Shop {
		t.Fatalf("claimed %+v", first)
	}
	if n := len(claim(noon.Add(time.Second))); n != 0 {
		t.Errorf("%d letters are claimed twice", n)
	}
	if n := len(claim(noon.Add(2 * time.Minute))); n != 2 {
		t.Errorf("%d letters come back after the lease; want 2", n)
	}
	first[0].Delivery, first[0].Done, first[0].Attempts = docket.Sent, noon, 1
	first[1].Next, first[1].Attempts, first[1].Error = noon.Add(time.Hour), 1, "greylisted"
	must(t, s.Settle(t.Context(), first...))
	if n := len(claim(noon.Add(30 * time.Minute))); n != 0 {
		t.Errorf("%d letters are claimed before their time", n)
	}
	if f, err := s.Figures(t.Context()); err != nil || f.Outbox.Waiting != 1 || f.Shops["amber"].Open != 1 {
		t.Errorf("Figures = %+v, %v; want one letter that waits, and one open case", f, err)
	}
	if got := claim(noon.Add(time.Hour)); len(got) != 1 || got[0].Kind != docket.Copy || got[0].Attempts != 1 || got[0].Error != "greylisted" {
		t.Errorf("claimed %+v; want the copy, which failed once", got)
	}
}

func failedLetter(t *testing.T, s *store.Store) {
	c := Submit(t, s, Example())
	hook := docket.Letter{Kind: docket.Hook, MessageID: "hook", To: "https://x.test", Written: noon}
	must(t, s.Post(t.Context(), c, hook))
	hooks := mailbag(t, s, c)
	hook = hooks[len(hooks)-1]
	hook.Delivery, hook.Done, hook.Error = docket.Failed, noon, "410"
	must(t, s.Settle(t.Context(), hook))
	if got, err := s.ByReference(t.Context(), c.Reference); err != nil || got.Undelivered {
		t.Errorf("a webhook that failed is told of as an e-mail: %v", err)
	}
	all, err := s.Letters(t.Context(), c.ID)
	must(t, err)
	all[0].Delivery, all[0].Done, all[0].Error = docket.Failed, noon.Add(789*time.Nanosecond), "550"
	must(t, s.Settle(t.Context(), all[0]))
	if got, err := s.ByReference(t.Context(), c.Reference); err != nil || !got.Undelivered {
		t.Errorf("the case is not marked: %v, %v", got.Undelivered, err)
	}
	if whole(t, s, c) != "received unmailed unmailed" {
		t.Error("the history does not tell of it")
	}
}

func bounced(t *testing.T, s *store.Store) {
	c := Submit(t, s, Example())
	for range 2 { // mail servers tell more than once
		if l, err := s.Bounce(t.Context(), c.Reference+".a@x", "5.1.1", noon); err != nil || l.Case != c.ID {
			t.Fatalf("Bounce = %+v, %v", l, err)
		}
	}
	if got, err := s.ByReference(t.Context(), c.Reference); err != nil || !got.Undelivered {
		t.Errorf("the case is not marked: %v, %v", got.Undelivered, err)
	}
	if got := whole(t, s, c); got != "received bounced" {
		t.Errorf("the history is %s", got)
	}
	if _, err := s.Bounce(t.Context(), "unknown@x", "5.1.1", noon); !errors.Is(err, docket.ErrNotFound) {
		t.Errorf("a letter nobody has sent: %v", err)
	}
}

// whole is the history of a case in words; it must verify.
func whole(t *testing.T, s *store.Store, c docket.Case) string {
	t.Helper()
	if faults := verify(t, s); faults != "" {
		t.Errorf("the history does not verify: %s", faults)
	}
	events, err := s.Events(t.Context(), c.ID)
	must(t, err)
	var all []string
	for _, e := range events {
		all = append(all, e.What)
	}
	return strings.Join(all, " ")
}

func verify(t *testing.T, s *store.Store) string {
	t.Helper()
	var all []string
	_, _, err := s.Verify(t.Context(), func(f store.Fault) { all = append(all, f.Error()) })
	must(t, err)
	return strings.Join(all, "\n")
}

func spread(t *testing.T, s *store.Store) {
	var last docket.Case
	for range 5 {
		c := Example()
		c.Values["email"] = "victim@example.org"
		last = Submit(t, s, c)
	}
	all, err := s.Letters(t.Context(), last.ID)
	must(t, err)
	if wait := all[0].Next.Sub(noon); wait != time.Hour {
		t.Errorf("the fifth acknowledgement in a minute waits %v; want an hour", wait)
	}
	if !all[1].Next.Equal(noon) {
		t.Errorf("the trader's copy waits until %v", all[1].Next)
	}
	if !last.Repeat {
		t.Error("the fifth case of an address is not marked as repeated")
	}
}

func answerOnce(t *testing.T, s *store.Store) {
	c := Submit(t, s, Example())
	m := docket.Message{Side: docket.Trader, Author: "eva", Text: "Hello\n<b>", Nonce: "1", Written: noon}
	for i := range 2 {
		written, err := s.Write(t.Context(), c, m, []docket.Letter{{Kind: docket.Reply, MessageID: fmt.Sprint(i, "@x"), To: c.Email(), Written: noon}})
		if must(t, err); written != (i == 0) {
			t.Errorf("time %d: written %v", i+1, written)
		}
	}
	messages, err := s.Messages(t.Context(), c.ID)
	must(t, err)
	letters, err := s.Letters(t.Context(), c.ID)
	must(t, err)
	got, err := s.ByReference(t.Context(), c.Reference)
	must(t, err)
	if len(messages) != 1 || messages[0].Text != m.Text || len(letters) != 3 || letters[2].About != messages[0].ID || got.State != docket.Answered || !got.Answered.Equal(noon) {
		t.Errorf("messages %v, letters %v, state %q since %v", messages, letters, got.State, got.Answered)
	}
	must(t, s.Change(t.Context(), c, docket.Closed, "accepted", "eva", noon.Add(time.Hour), nil))
	m.Nonce = "2"
	_, err = s.Write(t.Context(), c, m, nil)
	must(t, err)
	if got, err = s.ByReference(t.Context(), c.Reference); err != nil || got.State != docket.Closed || got.Outcome != "accepted" || !got.Closed.Equal(noon.Add(time.Hour)) {
		t.Errorf("an answer reopened a closed case: %q, %q, %v", got.State, got.Outcome, err)
	}
	if got := whole(t, s, c); got != "received answer closed answer" {
		t.Errorf("the history is %s", got)
	}
}

func correspondence(t *testing.T, s *store.Store) {
	c := Submit(t, s, Example())
	photo := docket.File{ID: "photo", Name: "p.jpg", Type: "image/jpeg", Size: 5, Sum: "ff"}
	for i, m := range []docket.Message{
		{Side: docket.Note, Author: "eva", Text: "Ask the warehouse", Nonce: "n"},
		{Side: docket.Trader, Author: "eva", Text: "A photo, please", Nonce: "t"},
		{Side: docket.Consumer, Text: "Here", Nonce: "c", Files: []docket.File{photo}},
	} {
		m.Written = noon.Add(time.Duration(i) * time.Minute)
		_, err := s.Write(t.Context(), c, m, nil)
		must(t, err)
		got, err := s.ByReference(t.Context(), c.Reference)
		if want := []docket.State{docket.New, docket.Answered, docket.InProgress}[i]; err != nil || got.State != want {
			t.Errorf("after %q the case is %q, %v; want %q", m.Text, got.State, err, want)
		}
	}
	all, err := s.Messages(t.Context(), c.ID)
	if must(t, err); len(all) != 3 || !cmp.Equal(all[2].Files, []docket.File{photo}) {
		t.Errorf("messages %+v", all)
	}
	got, err := s.ByReference(t.Context(), c.Reference)
	if must(t, err); len(got.Files) != 1 {
		t.Errorf("the message's file is among those of the submission: %v", got.Files)
	}
	must(t, s.Rate(t.Context(), c, 4, "Well", noon, []docket.Letter{{Kind: docket.Notice, Event: docket.EventRated, MessageID: c.Reference + ".rated@x", To: "s@x.test", Written: noon}}))
	if told := mailbag(t, s, c); told[len(told)-1].Event != docket.EventRated {
		t.Errorf("nobody is told of the rating: %+v", told)
	}
	must(t, s.Mark(t.Context(), c, true, "eva", noon))
	must(t, s.Hold(t.Context(), c, "Court", "eva", noon))
	got, err = s.ByReference(t.Context(), c.Reference)
	if must(t, err); got.Rating != 4 || got.Opinion != "Well" || !got.Suspect || got.Hold != "Court" {
		t.Errorf("rating %d %q, suspect %v, hold %q", got.Rating, got.Opinion, got.Suspect, got.Hold)
	}
	if got := whole(t, s, c); got != "received note answer message rated marked hold" {
		t.Errorf("the history is %s", got)
	}
}

func decideOnce(t *testing.T, s *store.Store) {
	c := Submit(t, s, Example())
	p := docket.Proposal{Remedy: "refund", Text: "30 EUR", Author: "eva", Nonce: "1", Made: noon}
	for i := range 2 {
		made, err := s.Propose(t.Context(), c, p, nil)
		if must(t, err); made != (i == 0) {
			t.Errorf("time %d: made %v", i+1, made)
		}
	}
	all, err := s.Proposals(t.Context(), c.ID)
	if must(t, err); len(all) != 1 || all[0].Decision != docket.Open || !all[0].Decided.IsZero() {
		t.Fatalf("proposals %+v", all)
	}
	other := Submit(t, s, Example())
	if decided, err := s.Decide(t.Context(), other, all[0].ID, docket.Accepted, "", noon, nil); err != nil || decided {
		t.Errorf("another case decides the proposal: %v, %v", decided, err)
	}
	for i, d := range []docket.Decision{docket.Accepted, docket.Refused} {
		decided, err := s.Decide(t.Context(), c, all[0].ID, d, "", noon, nil)
		if must(t, err); decided != (i == 0) {
			t.Errorf("%s: decided %v", d, decided)
		}
	}
	all, err = s.Proposals(t.Context(), c.ID)
	if must(t, err); all[0].Decision != docket.Accepted || !all[0].Decided.Equal(noon) {
		t.Errorf("proposals %+v", all)
	}
	if got := whole(t, s, c); got != "received proposed decided" {
		t.Errorf("the history is %s", got)
	}
}

func keptFiles(t *testing.T, s *store.Store) {
	c := Example()
	first, second := docket.File{ID: "1", Name: "a.pdf", Size: 7}, docket.File{ID: "2", Name: "b.pdf", Size: 9}
	must(t, s.Keep(t.Context(), c.Shop, c.Submission, []docket.File{first}, noon))
	must(t, s.Keep(t.Context(), c.Shop, c.Submission, []docket.File{second}, noon))
	if known, err := s.Known(t.Context(), "1"); known || err != nil {
		t.Errorf("the first file is still wanted: %v, %v", known, err)
	}
	if waiting, err := s.Waiting(t.Context()); waiting != 9 || err != nil {
		t.Errorf("%d bytes wait, %v; want 9", waiting, err)
	}
	kept, err := s.Kept(t.Context(), c.Shop, c.Submission)
	if err != nil || len(kept) != 1 || kept[0].ID != "2" {
		t.Fatalf("kept %v, %v", kept, err)
	}
	c.Files = kept
	Submit(t, s, c)
	must(t, s.Forget(t.Context(), noon.Add(time.Hour)))
	if known, err := s.Known(t.Context(), "2"); !known || err != nil {
		t.Errorf("a file of a case was forgotten: %v, %v", known, err)
	}
	thief := Example()
	thief.Files = kept
	Submit(t, s, thief)
	if got, err := s.ByReference(t.Context(), c.Reference); err != nil || len(got.Files) != 1 {
		t.Errorf("another case took the file away: %v, %v", got.Files, err)
	}
}

func sessions(t *testing.T, s *store.Store) {
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

func users(t *testing.T, s *store.Store) {
	u := docket.User{Login: "Eva", Name: "Eva Ö.", Hash: "h", Created: noon, Roles: map[string]docket.Role{"amber": docket.Agent}}
	must(t, s.SaveUser(t.Context(), u))
	got, err := s.User(t.Context(), "EVA")
	if must(t, err); got.Login != "eva" || got.Roles["amber"] != docket.Agent || !got.Created.Equal(noon) {
		t.Errorf("User = %+v", got)
	}
	u.Epoch, u.Disabled = 1, true
	must(t, s.SaveUser(t.Context(), u))
	if again, err := s.UserByID(t.Context(), got.ID); err != nil || again.Epoch != 1 || !again.Disabled {
		t.Errorf("UserByID = %+v, %v", again, err)
	}
	if all, err := s.Users(t.Context()); err != nil || len(all) != 1 {
		t.Errorf("Users = %v, %v", all, err)
	}
	refused := errors.New("refused")
	if err := s.ChangeUser(t.Context(), "Eva", func(u *docket.User, all []docket.User) error {
		u.Epoch = 7
		return refused
	}); !errors.Is(err, refused) {
		t.Errorf("a refused change gives %v", err)
	}
	must(t, s.ChangeUser(t.Context(), "Eva", func(u *docket.User, all []docket.User) error {
		if u.Epoch != 1 || len(all) != 1 {
			t.Errorf("changed is %+v of %v", u, all)
		}
		u.Name = "Eva"
		return nil
	}))
	must(t, s.ChangeUser(t.Context(), "jan", func(u *docket.User, _ []docket.User) error {
		u.Hash, u.Roles = "h", map[string]docket.Role{docket.EveryShop: docket.Owner}
		return nil
	}))
	if all, err := s.Users(t.Context()); err != nil || len(all) != 2 || all[0].Name != "Eva" || all[1].Roles[docket.EveryShop] != docket.Owner {
		t.Errorf("Users = %+v, %v", all, err)
	}
	must(t, s.ChangeUser(t.Context(), "eva", func(u *docket.User, _ []docket.User) error {
		u.Login = ""
		return nil
	}))
	if _, err := s.User(t.Context(), "eva"); !errors.Is(err, docket.ErrNotFound) {
		t.Errorf("a removed user is found: %v", err)
	}
	v := docket.View{At: noon, Login: "eva", Shop: "amber", Case: 7, What: "case"}
	must(t, s.Viewed(t.Context(), v))
	if all, err := s.Views(t.Context(), 7, 10); err != nil || !cmp.Equal(all, []docket.View{v}) {
		t.Errorf("Views = %+v, %v", all, err)
	}
	later := docket.View{At: noon.Add(time.Hour), Login: "jan", Shop: "amber", What: "list", Detail: "2 open"}
	must(t, s.Viewed(t.Context(), later, later))
	var seen []docket.View
	must(t, s.ViewsSince(t.Context(), later.At, func(v docket.View) error { seen = append(seen, v); return nil }))
	if !cmp.Equal(seen, []docket.View{later, later}) {
		t.Errorf("ViewsSince = %+v", seen)
	}
}

func erase(t *testing.T, s *store.Store) {
	var ids []int64
	var held docket.Case
	for i := range 3 {
		c := Submit(t, s, Example())
		must(t, s.Change(t.Context(), c, docket.Closed, "accepted", "eva", noon, nil))
		if i == 2 {
			must(t, s.Hold(t.Context(), c, "Court", "eva", noon))
			held = c
		}
		ids = append(ids, c.ID)
	}
	open := Submit(t, s, Example()) // no rule is about it
	expired, err := s.Expired(t.Context(), "amber", string(form.Complaint), noon.Add(time.Hour))
	if must(t, err); !slices.Equal(expired, ids[:2]) {
		t.Errorf("expired %v; want %v", expired, ids[:2])
	}
	if stale, err := s.Stale(t.Context(), "amber", string(form.Complaint), noon.Add(time.Second), noon.Add(time.Hour)); err != nil || len(stale) != 0 {
		t.Errorf("stale files of cases closed earlier: %v, %v", stale, err)
	}
	if stale, err := s.Stale(t.Context(), "amber", string(form.Complaint), noon, noon.Add(time.Hour)); err != nil || len(stale) != 2 {
		t.Errorf("stale files %v, %v; want two", stale, err)
	}
	files, err := s.Erase(t.Context(), append(ids, open.ID), docket.Erasure{At: noon, Shop: "amber", Form: "complaint", Rule: "3 years"})
	if must(t, err); len(files) != 2 {
		t.Errorf("files to remove: %v; want two", files)
	}
	if n, err := s.Count(t.Context(), docket.Query{All: true}); n != 2 || err != nil {
		t.Errorf("%d cases are left, %v; want the open and the held one", n, err)
	}
	if _, err := s.ByReference(t.Context(), held.Reference); err != nil {
		t.Errorf("the held case: %v", err)
	}
	all, err := s.Erasures(t.Context())
	if must(t, err); len(all) != 1 || all[0].Cases != 2 || all[0].Files != 2 {
		t.Errorf("erasures %+v", all)
	}
	must(t, s.Purge(t.Context()))
	if faults := verify(t, s); faults != "" {
		t.Error(faults)
	}
}

func mailbag(t *testing.T, s *store.Store, c docket.Case) []docket.Letter {
	t.Helper()
	letters, err := s.Letters(t.Context(), c.ID)
	must(t, err)
	return letters
}

// notAgain: who still has a case or a letter in hand that was erased never meets another one in its place.
func notAgain(t *testing.T, s *store.Store) {
	gone := Submit(t, s, Example())
	letters, err := s.Claim(t.Context(), noon, noon.Add(time.Minute), 10)
	must(t, err)
	must(t, s.Change(t.Context(), gone, docket.Closed, "accepted", "eva", noon, nil))
	_, err = s.Erase(t.Context(), []int64{gone.ID}, docket.Erasure{At: noon, Shop: "amber"})
	must(t, err)
	c := Submit(t, s, Example())
	if _, err := s.ByID(t.Context(), gone.ID); !errors.Is(err, docket.ErrNotFound) {
		t.Errorf("the id of an erased case is that of another: %v", err)
	}
	if written, err := s.Write(t.Context(), gone, docket.Message{Side: docket.Consumer, Text: "Hello", Nonce: "1", Written: noon}, nil); written || err == nil {
		t.Errorf("a message for an erased case was stored: %v", err)
	}
	for _, l := range letters {
		l.Delivery, l.Done = docket.Failed, noon
		if err := s.Settle(t.Context(), l); err != nil {
			t.Errorf("a letter of an erased case: %v", err)
		}
	}
	for _, l := range mailbag(t, s, c) {
		if l.Delivery != docket.Queued {
			t.Errorf("the letter %s of another case is %s", l.MessageID, l.Delivery)
		}
	}
}

// since finds cases by any of the moments that statistics are about.
func since(t *testing.T, s *store.Store) {
	old, answered, closed := Submit(t, s, Example()), Submit(t, s, Example()), Submit(t, s, Example())
	later := noon.Add(48 * time.Hour)
	must(t, s.Change(t.Context(), answered, docket.Answered, "", "eva", later, nil))
	must(t, s.Change(t.Context(), closed, docket.Closed, "accepted", "eva", later.Add(time.Hour), nil))
	for moment, want := range map[time.Time][]string{
		{}:                             {old.Reference, answered.Reference, closed.Reference},
		old.Received:                   {old.Reference, answered.Reference, closed.Reference},
		later:                          {answered.Reference, closed.Reference},
		later.Add(time.Second):         {closed.Reference},
		later.Add(time.Hour + 1000000): nil,
	} {
		var got []string
		must(t, s.Summaries(t.Context(), docket.Query{All: true, Since: moment}, func(m docket.Summary) error {
			got = append(got, m.Reference)
			return nil
		}))
		if slices.Sort(got); !slices.Equal(got, slices.Sorted(slices.Values(want))) {
			t.Errorf("since %v: %v; want %v", moment, got, want)
		}
	}
}

func tally(t *testing.T, s *store.Store) {
	add := func(due day.Day, task docket.Task, suspect bool, answered bool) docket.Case {
		c := Example()
		c.Due.Day, c.Due.Task, c.Suspect = due, task, suspect
		c = Submit(t, s, c)
		if answered {
			must(t, s.Change(t.Context(), c, docket.Answered, "", "eva", noon, nil))
		}
		return c
	}
	today := day.Of(2026, 12, 1)
	late := add(today-1, docket.Answer, false, false)
	add(today, docket.Answer, false, false)
	add(today-1, docket.Answer, false, true)
	add(today-1, docket.Refund, false, true)
	add(day.Unknown, "", false, false)
	add(today-1, docket.Answer, true, false)
	_, err := s.Bounce(t.Context(), late.Reference+".a@x", "5.1.1", noon)
	must(t, err)
	got, err := s.Tally(t.Context(), []string{"amber"}, today)
	if want := (docket.Tally{New: 3, Open: 5, Overdue: 2, Suspect: 1, Undelivered: 1}); err != nil || got != want {
		t.Errorf("Tally = %+v, %v; want %+v", got, err, want)
	}
	if got, err := s.Tally(t.Context(), []string{"other"}, today); err != nil || got != (docket.Tally{}) {
		t.Errorf("another shop has %+v, %v", got, err)
	}
	n := 0
	must(t, s.Summaries(t.Context(), docket.Query{All: true}, func(m docket.Summary) error {
		if n++; m.Shop != "amber" || m.Reason != "defective" {
			t.Errorf("summary %+v", m)
		}
		return nil
	}))
	if n != 6 {
		t.Errorf("%d summaries; want 6", n)
	}
	if mail, err := s.Count(t.Context(), docket.Query{All: true, Mail: true}); mail != 1 || err != nil {
		t.Errorf("%d cases with a letter that came back, %v; want 1", mail, err)
	}
	if near, err := s.Near(t.Context(), "amber", today, today+3, "due-3", 10); err != nil || len(near) != 1 {
		t.Errorf("near from today on: %v, %v; want 1", near, err)
	}
	if near, err := s.Near(t.Context(), "other", 0, today, "due-3", 10); err != nil || len(near) != 0 {
		t.Errorf("near in another shop: %v, %v", near, err)
	}
	near, err := s.Near(t.Context(), "amber", 0, today, "due-3", 10)
	if must(t, err); len(near) != 3 || near[0].Reference != late.Reference {
		t.Errorf("near %v", near)
	}
	must(t, s.Post(t.Context(), late, docket.Letter{Kind: docket.Reminder, Event: "due-3", MessageID: "r@x", To: "s@x.test", Written: noon}))
	if near, err = s.Near(t.Context(), "amber", 0, today, "due-3", 10); err != nil || len(near) != 2 {
		t.Errorf("a case is reminded of twice: %v, %v", near, err)
	}
}

func dump(t *testing.T, s *store.Store) {
	c := Submit(t, s, Example())
	_, err := s.Write(t.Context(), c, docket.Message{Side: docket.Consumer, Text: "ü\"\n", Nonce: "1", Written: noon}, nil)
	must(t, err)
	must(t, s.SaveUser(t.Context(), docket.User{Login: "eva", Roles: map[string]docket.Role{}}))
	type record struct {
		table  store.Table
		values []any
	}
	var all []record
	must(t, s.Dump(t.Context(), func(tab store.Table, values []any) error {
		all = append(all, record{tab, slices.Clone(values)})
		return nil
	}))
	load := func() error {
		return s.Load(t.Context(), func(put func(store.Table, []any) error) error {
			for _, r := range all {
				if err := put(r.table, r.values); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := load(); !errors.Is(err, store.ErrNotEmpty) {
		t.Errorf("a database with cases is filled: %v", err)
	}
	must(t, s.Change(t.Context(), c, docket.Closed, "accepted", "eva", noon, nil))
	_, err = s.Erase(t.Context(), []int64{c.ID}, docket.Erasure{At: noon})
	must(t, err)
	must(t, s.Commit("from before", []byte("x"), time.Now().Add(time.Hour)))
	half := all
	all = append(slices.Clone(all), record{store.Table{Name: "sessions", Columns: []string{"token"}}, []any{"x"}})
	if err := load(); err == nil {
		t.Error("rows of a table that no backup has are loaded")
	}
	if n, err := s.Count(t.Context(), docket.Query{All: true}); n != 0 || err != nil {
		t.Errorf("%d cases of a load that failed are there, %v", n, err)
	}
	all = half
	must(t, load())
	if _, there, err := s.Find("from before"); there || err != nil {
		t.Errorf("a session goes on in another database: %v", err)
	}
	got, err := s.ByReference(t.Context(), c.Reference)
	must(t, err)
	c.State = got.State // the message came after the submission
	if diff := cmp.Diff(c, got); diff != "" {
		t.Error(diff)
	}
	if got := whole(t, s, c); got != "received message" {
		t.Errorf("the history is %s", got)
	}
	Submit(t, s, Example()) // ids go on
}

func setting(t *testing.T, s *store.Store) {
	for _, v := range []string{"first", "second"} {
		if got, err := s.SetOnce(t.Context(), "key", v); err != nil || got != "first" {
			t.Errorf("SetOnce(%q) = %q, %v", v, got, err)
		}
	}
	if got, err := s.Setting(t.Context(), "none"); err != nil || got != "" {
		t.Errorf("Setting = %q, %v", got, err)
	}
	for _, c := range []struct {
		old, value string
		want       bool
	}{{"", "a", true}, {"", "b", false}, {"b", "c", false}, {"a", "c", true}, {"a", "d", false}} {
		if got, err := s.Swap(t.Context(), "night", c.old, c.value); err != nil || got != c.want {
			t.Errorf("Swap(%q, %q) = %v, %v", c.old, c.value, got, err)
		}
	}
}

func retry(t *testing.T, s *store.Store) {
	c := Submit(t, s, Example())
	other := Submit(t, s, Example())
	all, err := s.Letters(t.Context(), c.ID)
	must(t, err)
	all[0].Delivery, all[0].Attempts, all[0].Done, all[0].Error = docket.Failed, 37, noon, "550"
	all[1].Delivery, all[1].Done = docket.Sent, noon
	must(t, s.Settle(t.Context(), all...))
	_, err = s.Bounce(t.Context(), other.Reference+".a@x", "5.1.1", noon)
	must(t, err)
	later := noon.Add(time.Hour)
	if stuck, err := s.Stuck(t.Context()); err != nil || len(stuck) != 3 {
		t.Errorf("stuck %v, %v; want one that failed, one that came back and one that waits", stuck, err)
	}
	if n, err := s.Retry(t.Context(), all[1].ID, later); n != 0 || err != nil {
		t.Errorf("a letter that was sent is tried again: %d, %v", n, err)
	}
	if n, err := s.Retry(t.Context(), 0, later); n != 2 || err != nil {
		t.Errorf("%d letters are tried again, %v; want 2", n, err)
	}
	claimed, err := s.Claim(t.Context(), later, later.Add(time.Minute), 10)
	if must(t, err); len(claimed) != 2 || claimed[0].ID != all[0].ID || claimed[0].Attempts != 0 || claimed[0].MessageID != all[0].MessageID {
		t.Errorf("claimed %+v", claimed)
	}
	if n, err := s.Retry(t.Context(), all[0].ID, later); n != 0 || err != nil {
		t.Errorf("a letter on its way is tried again: %d, %v", n, err)
	}
	stuck, err := s.Stuck(t.Context())
	must(t, err)
	back := stuck[slices.IndexFunc(stuck, func(l docket.Letter) bool { return l.Delivery == docket.Bounced })]
	if n, err := s.Retry(t.Context(), back.ID, later); n != 1 || err != nil {
		t.Errorf("the letter that came back is not tried again: %d, %v", n, err)
	}
}

func wholeCase(t *testing.T, s *store.Store) {
	c := Submit(t, s, Example())
	photo := docket.File{ID: "photo", Name: "p.jpg", Type: "image/jpeg", Size: 5, Sum: "ff"}
	_, err := s.Write(t.Context(), c, docket.Message{Side: docket.Consumer, Text: "Here", Nonce: "1", Written: noon, Files: []docket.File{photo}}, nil)
	must(t, err)
	_, err = s.Propose(t.Context(), c, docket.Proposal{Remedy: "refund", Text: "30", Author: "eva", Nonce: "1", Made: noon}, nil)
	must(t, err)
	var got []store.Whole
	must(t, s.EachWhole(t.Context(), docket.Query{All: true}, func(w store.Whole) error { got = append(got, w); return nil }))
	if len(got) != 1 || got[0].Reference != c.Reference || len(got[0].Files) != 1 || len(got[0].Messages) != 1 || len(got[0].Messages[0].Files) != 1 ||
		len(got[0].Proposals) != 1 || len(got[0].Events) != 3 || len(got[0].Letters) != 2 {
		t.Errorf("got %+v", got)
	}
	var names []string
	must(t, s.Attachments(t.Context(), func(a store.Attachment) error { names = append(names, a.Reference+" "+a.Name); return nil }))
	slices.Sort(names)
	if want := []string{c.Reference + " a.pdf", c.Reference + " p.jpg"}; !slices.Equal(names, want) {
		t.Errorf("attachments %v; want %v", names, want)
	}
	if cases, files, err := s.Holdings(t.Context(), c.Shop); cases != 1 || files != 2 || err != nil {
		t.Errorf("the shop has %d cases and %d files, %v", cases, files, err)
	}
	var removed []string
	strip := func() int {
		t.Helper()
		n, err := s.Strip(t.Context(), []string{"photo"}, docket.Erasure{At: noon}, func(ids ...string) { removed = append(removed, ids...) })
		must(t, err)
		return n
	}
	if n := strip(); n != 0 || removed != nil {
		t.Errorf("an open case has lost %d attachments: %v", n, removed)
	}
	must(t, s.Change(t.Context(), c, docket.Closed, "accepted", "eva", noon, nil))
	must(t, s.Hold(t.Context(), c, "Court", "eva", noon))
	if n := strip(); n != 0 || removed != nil {
		t.Errorf("a held case has lost %d attachments: %v", n, removed)
	}
	must(t, s.Hold(t.Context(), c, "", "eva", noon))
	if n := strip(); n != 1 || !slices.Equal(removed, []string{"photo"}) {
		t.Errorf("%d attachments were erased: %v", n, removed)
	}
	if cases, files, err := s.Holdings(t.Context(), c.Shop); cases != 1 || files != 1 || err != nil {
		t.Errorf("without the photo the shop has %d cases and %d files, %v", cases, files, err)
	}
}

// tampering changes the database behind the store's back, in every way that matters.
func tampering(t *testing.T, fresh func(t *testing.T) Database) {
	for about, statement := range map[string]string{
		"an event changed":            `UPDATE events SET at = '2026-11-19T12:03:00.123456Z' WHERE seq = 2`,
		"who did it changed":          `UPDATE events SET actor = 'bob' WHERE seq = 2`,
		"an event removed":            `DELETE FROM events WHERE seq = 2`,
		"the last event removed":      `DELETE FROM events WHERE seq = 3`,
		"all events removed":          `DELETE FROM events`,
		"two events swapped":          `UPDATE events SET what = (SELECT what FROM events e WHERE e.case_id = events.case_id AND e.seq = 5 - events.seq) WHERE seq IN (2, 3)`,
		"the statement changed":       `UPDATE cases SET fields = replace(fields, 'Łódź', 'Berlin')`,
		"the digest changed":          `UPDATE cases SET digest = 'x'`,
		"the time of receipt changed": `UPDATE cases SET received = '2026-11-19T12:03:00.123456Z'`,
		"the state changed":           `UPDATE cases SET state = 'new', closed = ''`,
		"the outcome changed":         `UPDATE cases SET outcome = 'accepted'`,
		"a message changed":           `UPDATE messages SET text = 'No.'`,
		"a message removed":           `DELETE FROM messages`,
		"a message put in":            `INSERT INTO messages (case_id, side, author, text, nonce, written) SELECT id, 'trader', 'eva', 'x', 'n2', received FROM cases`,
		"an attachment's sum changed": `UPDATE files SET sum = 'x'`,
		"an attachment removed":       `DELETE FROM files`,
	} {
		t.Run(about, func(t *testing.T) {
			db := fresh(t)
			s := db.Open(t)
			c := Submit(t, s, Example())
			_, err := s.Write(t.Context(), c, docket.Message{Side: docket.Trader, Author: "eva", Text: "Yes.", Nonce: "1", Written: noon}, nil)
			must(t, err)
			must(t, s.Change(t.Context(), c, docket.Closed, docket.Declined, "eva", noon, nil))
			if faults := verify(t, s); faults != "" {
				t.Fatalf("before: %s", faults)
			}
			db.Exec(t, statement)
			if verify(t, s) == "" {
				t.Error("nothing is found")
			}
		})
	}
}

// twoServers take letters at the same time; no letter is given to both.
func twoServers(t *testing.T, db Database) {
	a, b := db.Open(t), db.Open(t)
	for range 50 {
		c := Example()
		c.Values["email"] = c.Reference + "@example.org"
		Submit(t, a, c)
	}
	var mu sync.Mutex
	seen := make(map[int64]int)
	var both sync.WaitGroup
	for _, s := range []*store.Store{a, b, a, b} {
		both.Go(func() {
			for {
				got, err := s.Claim(context.Background(), noon, noon.Add(time.Minute), 7)
				if err != nil {
					t.Error(err)
				}
				if len(got) == 0 {
					return
				}
				mu.Lock()
				for _, l := range got {
					seen[l.ID]++
				}
				mu.Unlock()
			}
		})
	}
	both.Wait()
	for id, n := range seen {
		if n != 1 {
			t.Errorf("letter %d was given out %d times", id, n)
		}
	}
	if len(seen) != 100 { // a round that finds all rows taken ends early; the next one gets them
		rest, err := a.Claim(t.Context(), noon, noon.Add(time.Minute), 100)
		if must(t, err); len(seen)+len(rest) != 100 {
			t.Errorf("%d letters were given out; want 100", len(seen)+len(rest))
		}
	}
}
