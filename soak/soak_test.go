package main

import (
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"recourse/soak/node"
)

// TestSoak is the whole, short: what it tries here is the harness and the worst of the server.
func TestSoak(t *testing.T) {
	if testing.Short() {
		t.Skip("starts and kills processes for a quarter of a minute")
	}
	program := filepath.Join(t.TempDir(), "recourse")
	if said, err := exec.Command("go", "build", "-o", program, "recourse/cmd/recourse").CombinedOutput(); err != nil {
		t.Fatalf("build the command: %v\n%s", err, said)
	}
	wrong, err := soak(t.Context(), program, plan{
		sqlite:   trial{"SQLite", 1, 4 * time.Second, 3, 0, script},
		postgres: trial{"PostgreSQL", 3, 5 * time.Second, 3, 1, script},
		disk:     2 * time.Second,
		patience: 30 * time.Second,
	})
	if err != nil {
		t.Fatal(err)
	}
	if wrong > 0 {
		t.Errorf("%d things are wrong", wrong)
	}
}

// TestWrongsAreSeen has books that differ from what clients and mail server know, each in one way.
func TestWrongsAreSeen(t *testing.T) {
	noon := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	arrival := func(s *stage, after time.Duration, dropped bool) {
		s.sink.deliveries = append(s.sink.deliveries, delivery{"m1", "anna@example.org", 0, noon.Add(after), dropped})
	}
	kill := func(s *stage, victim int, after time.Duration) {
		s.disruptions = append(s.disruptions, disruption{killed, victim, noon.Add(after), noon.Add(after + time.Second)})
	}
	for name, c := range map[string]struct {
		change func(*stage, *kept)
		want   string
	}{
		"nothing":           {func(*stage, *kept) {}, ""},
		"missing":           {func(s *stage, _ *kept) { s.load.acknowledged["2"] = "R2" }, "1 acknowledged and missing: 2"},
		"another reference": {func(_ *stage, k *kept) { k.cases[0].reference = "R9" }, "another reference"},
		"twice":             {func(_ *stage, k *kept) { k.cases = append(k.cases, k.cases[0]) }, "stored twice"},
		"never sent":        {func(_ *stage, k *kept) { k.cases = append(k.cases, storedCase{"3", "R3"}) }, "never sent"},
		"two acknowledgements": {func(_ *stage, k *kept) {
			k.letters = append(k.letters, storedLetter{"1", "acknowledgement", "m2", "", queued})
		}, "exactly one acknowledgement"},
		"one Message-ID":        {func(_ *stage, k *kept) { k.letters = append(k.letters, storedLetter{"1", "copy", "m1", "", queued}) }, "used for two letters"},
		"not arrived":           {func(s *stage, _ *kept) { s.sink.deliveries = nil }, "never arrived"},
		"only dropped":          {func(s *stage, _ *kept) { s.sink.deliveries[0].dropped = true }, "never arrived"},
		"given up":              {func(_ *stage, k *kept) { k.letters[0].delivery = failed }, "nobody refused"},
		"of no case":            {func(_ *stage, k *kept) { k.letters[0].message = "m7"; k.letters[0].delivery = queued }, "in no outbox"},
		"waiting":               {func(_ *stage, k *kept) { k.letters[0].delivery = queued }, "still waiting"},
		"again":                 {func(s *stage, _ *kept) { arrival(s, time.Minute, false) }, "again without a reason: m1"},
		"again, dropped later":  {func(s *stage, _ *kept) { arrival(s, time.Minute, true) }, "again without a reason: m1"},
		"again after a drop":    {func(s *stage, _ *kept) { arrival(s, -time.Minute, true) }, ""},
		"again after a kill":    {func(s *stage, _ *kept) { arrival(s, time.Minute, false); kill(s, 0, time.Second) }, ""},
		"kill of another":       {func(s *stage, _ *kept) { arrival(s, time.Minute, false); kill(s, 1, time.Second) }, "again without a reason"},
		"kill too late":         {func(s *stage, _ *kept) { arrival(s, time.Minute, false); kill(s, 0, 10*time.Second) }, "again without a reason"},
		"kill before":           {func(s *stage, _ *kept) { arrival(s, time.Minute, false); kill(s, 0, -10*time.Second) }, "again without a reason"},
		"history":               {func(_ *stage, k *kept) { k.faults = []string{"case R1, event 2"} }, "case R1, event 2"},
		"an answer out of line": {func(s *stage, _ *kept) { s.load.fail(odd{exec.ErrNotFound}) }, exec.ErrNotFound.Error()},
	} {
		s, k := agreeing(noon)
		c.change(s, k)
		wrong := strings.Join(s.report(*k, time.Minute, 0, 0).wrong, "; ")
		if c.want == "" && wrong != "" || !strings.Contains(wrong, c.want) {
			t.Errorf("%s: wrong is %q; want %q", name, wrong, c.want)
		}
	}
}

// agreeing is one submission about which everybody says the same.
func agreeing(noon time.Time) (*stage, *kept) {
	s := &stage{sink: &sink{refused: map[string]bool{}, moods: map[mood]int{}}, load: newLoad([]*node.Node{nil}, 0)}
	s.load.acknowledged["1"] = "R1"
	s.sink.deliveries = []delivery{{"m1", "anna@example.org", 0, noon, false}}
	return s, &kept{
		cases:   []storedCase{{"1", "R1"}},
		letters: []storedLetter{{"1", "acknowledgement", "m1", "anna@example.org", sent}},
	}
}

func TestTenMinutesHaveTwoHundredKills(t *testing.T) {
	p := planFor(10 * time.Minute)
	if n := p.sqlite.kills + p.postgres.kills; n != 200 {
		t.Errorf("%d kills", n)
	}
	var shares float64
	for _, act := range script {
		shares += act.share
	}
	if shares < 0.99 || shares > 1.01 {
		t.Errorf("the acts of the mail server take %v of a round", shares)
	}
	if !slices.ContainsFunc(script, func(a act) bool { return a.mood == down }) {
		t.Error("the mail server is never down")
	}
}
