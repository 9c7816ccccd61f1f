package storetest

import (
	"context"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"recourse/intake/docket"
	"recourse/intake/store"
)

// crowd are several people on two servers who do whatever can be done to the same few cases, in no order and at once.
type crowd struct {
	t  *testing.T
	mu sync.Mutex

	cases   []docket.Case
	changes map[int64]int // that a method has said it made, by case
	failed  map[int64]error
}

// randomHistories: whatever is done to cases, Verify accuses nobody, and each change stands in the history of its case once.
func randomHistories(t *testing.T, db Database) {
	servers := []*store.Store{db.Open(t), db.Open(t)}
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	c := &crowd{t: t, changes: make(map[int64]int), failed: make(map[int64]error)}
	for range 4 {
		c.submit(servers[0])
	}
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() {
			r := rand.New(rand.NewPCG(seed, uint64(i)))
			for range 120 {
				c.act(servers[r.IntN(len(servers))], r)
			}
		})
	}
	all.Wait()
	c.check(servers[0])
}

func (c *crowd) submit(s *store.Store) {
	one := Example()
	stored, _, err := s.Submit(context.Background(), one, Letters(one))
	if err != nil {
		c.t.Error(err)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cases = append(c.cases, stored)
	c.changes[stored.ID]++
}

// done notes what a method said about a case. Only about one that was erased may it fail.
func (c *crowd) done(one docket.Case, changed bool, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil {
		c.failed[one.ID] = err
	} else if changed {
		c.changes[one.ID]++
	}
}

func (c *crowd) any(r *rand.Rand) docket.Case {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.cases[r.IntN(len(c.cases))]
}

func pick[T any](r *rand.Rand, all []T) T { return all[r.IntN(len(all))] }

// act does one thing to one case. Moments are not in order: servers have clocks of their own.
func (c *crowd) act(s *store.Store, r *rand.Rand) {
	ctx, one, now := context.Background(), c.any(r), noon.Add(time.Duration(r.IntN(1e9))*time.Microsecond)
	nonce := uuid.NewString()
	letter := []docket.Letter{{Kind: docket.Reply, MessageID: one.Reference + "." + nonce + "@x", To: "a@x.test", Written: now}}
	switch r.IntN(12) {
	case 0:
		c.submit(s)
	case 1, 2:
		m := docket.Message{Side: pick(r, []docket.Side{docket.Trader, docket.Consumer, docket.Note}), Author: "eva", Text: nonce, Nonce: nonce, Written: now}
		if r.IntN(2) == 0 {
			m.Files = []docket.File{{ID: uuid.NewString(), Name: "b.pdf", Type: "application/pdf", Size: 2, Sum: nonce}}
		}
		for range 2 { // the second time it is the same message
			written, err := s.Write(ctx, one, m, letter)
			c.done(one, written, err)
		}
	case 3:
		made, err := s.Propose(ctx, one, docket.Proposal{Remedy: pick(r, docket.Remedies), Text: nonce, Author: "eva", Nonce: nonce, Made: now}, letter)
		c.done(one, made, err)
	case 4:
		offers, err := s.Proposals(ctx, one.ID)
		if err == nil && len(offers) > 0 {
			var decided bool
			decided, err = s.Decide(ctx, one, pick(r, offers).ID, pick(r, []docket.Decision{docket.Accepted, docket.Refused, docket.Withdrawn}), "", now, letter)
			c.done(one, decided, err)
		}
	case 5:
		state, outcome := pick(r, docket.States), docket.Outcome("")
		if state == docket.Closed {
			outcome = pick(r, docket.Outcomes)
		}
		c.done(one, true, s.Change(ctx, one, state, outcome, "eva", now, letter))
	case 6:
		c.done(one, true, s.Rate(ctx, one, 1+r.IntN(5), nonce, now, letter))
	case 7:
		c.done(one, true, s.Mark(ctx, one, r.IntN(2) == 0, "eva", now))
	case 8:
		c.done(one, true, s.Hold(ctx, one, pick(r, []string{"", "Court"}), "eva", now))
	case 9:
		c.carry(s, r, now)
	case 10:
		if len(one.Files) > 0 && r.IntN(2) == 0 {
			_, err := s.Strip(ctx, []string{one.Files[0].ID}, docket.Erasure{At: now}, func(...string) {})
			c.done(one, false, err)
		}
		letter[0].Kind = docket.Reminder
		c.done(one, false, s.Post(ctx, one, letter[0]))
	case 11:
		c.done(one, true, s.Hold(ctx, one, "", "eva", now))
		c.done(one, true, s.Change(ctx, one, docket.Closed, "other", "eva", now, nil))
		if _, err := s.Erase(ctx, []int64{one.ID}, docket.Erasure{At: now, Shop: one.Shop}); err != nil {
			c.t.Error(err)
		}
	}
}

// carry gets letters out, or not.
func (c *crowd) carry(s *store.Store, r *rand.Rand, now time.Time) {
	ctx := context.Background()
	letters, err := s.Claim(ctx, now, now.Add(time.Minute), 3)
	if err != nil {
		c.t.Error(err)
	}
	for _, l := range letters {
		l.Delivery, l.Done = pick(r, []docket.Delivery{docket.Sent, docket.Failed}), now
		c.done(docket.Case{ID: l.Case}, l.Delivery == docket.Failed, s.Settle(ctx, l))
		if l.Delivery == docket.Sent && r.IntN(2) == 0 {
			_, err := s.Bounce(ctx, l.MessageID, "550", now) // it does not say whether the letter had come back before
			c.done(docket.Case{ID: l.Case}, false, err)
		}
	}
	if _, err := s.Retry(ctx, 0, now); err != nil {
		c.t.Error(err)
	}
}

func (c *crowd) check(s *store.Store) {
	if faults := verify(c.t, s); faults != "" {
		c.t.Error(faults)
	}
	left := 0
	must(c.t, s.Each(c.t.Context(), docket.Query{All: true}, func(one docket.Case) error {
		left++
		if err := c.failed[one.ID]; err != nil {
			c.t.Errorf("case %d: %v", one.ID, err)
		}
		history, err := s.Events(c.t.Context(), one.ID)
		history = slices.DeleteFunc(history, func(e docket.Event) bool { return e.What == docket.EventBounced })
		if len(history) != c.changes[one.ID] {
			c.t.Errorf("case %d had %d changes; its history has %d", one.ID, c.changes[one.ID], len(history))
		}
		return err
	}))
	if left == 0 || left == len(c.cases) {
		c.t.Errorf("%d of %d cases are left: the test sees too little", left, len(c.cases))
	}
	if slices.ContainsFunc(c.cases, func(one docket.Case) bool { return c.changes[one.ID] == 0 }) {
		c.t.Errorf("a case was never stored: %v", c.changes)
	}
}
