package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"time"

	"recourse/intake"
	"recourse/soak/cluster"
	"recourse/soak/node"
)

// stage is nodes at work: those who send to them, the mail server they send to, and what was done to them.
type stage struct {
	name  string
	nodes []*node.Node
	sink  *sink
	load  *load
	books books

	mu          sync.Mutex
	disruptions []disruption
	wrong       []string
	late        int // letters that were waiting for another attempt when the load had ended
}

// disruption is why a node may not have noted that a letter went out.
type disruption struct {
	cause    string
	node     int // everyNode: all of them
	from, to time.Time
}

const (
	killed    = "a kill"
	restarted = "a restart of the database"
	diskFull  = "a full disk"

	everyNode = -1
)

func onSQLite(ctx context.Context, program, dir string, p plan) (*report, error) {
	dir = filepath.Join(dir, "sqlite")
	s, err := newStage(ctx, p.sqlite.name+", one node", 1, sociable, func(int) node.Options { return node.Options{Program: program, Dir: dir} })
	if err != nil {
		return nil, err
	}
	s.books = sqliteBooks(filepath.Join(dir, "data"))
	return s.endure(ctx, p.sqlite, p.patience, nil)
}

func onPostgreSQL(ctx context.Context, program, dir string, p plan) (*report, error) {
	t := p.postgres
	if !node.TakesDatabase(program) {
		return skipped(t.name, "this recourse serve has no --database"), nil
	}
	c, err := cluster.Start(ctx, dir)
	if errors.Is(err, cluster.ErrAbsent) {
		return skipped(t.name, err.Error()), nil
	}
	if err != nil {
		return nil, err
	}
	defer c.Stop()
	url, err := c.Create(ctx)
	if err != nil {
		return nil, err
	}
	keyFile := filepath.Join(dir, "shared.key")
	key, err := intake.Key(keyFile) // makes it
	if err != nil {
		return nil, err
	}
	s, err := newStage(ctx, fmt.Sprintf("%s, %d nodes", t.name, t.nodes), t.nodes, sociable, func(i int) node.Options {
		return node.Options{Program: program, Dir: filepath.Join(dir, fmt.Sprint("node", i+1)), Database: url, Env: []string{"RECOURSE_KEY_FILE=" + keyFile}}
	})
	if err != nil {
		return nil, err
	}
	s.books = postgresBooks(url, key)
	return s.endure(ctx, t, p.patience, func() error { return c.Restart(context.WithoutCancel(ctx)) })
}

// sociable is the pause of a client between two submissions: all together send a hundred a second.
const sociable = 80 * time.Millisecond

func newStage(ctx context.Context, name string, nodes int, pause time.Duration, options func(int) node.Options) (*stage, error) {
	s := &stage{name: name}
	var err error
	if s.sink, err = newSink(nodes); err != nil {
		return nil, err
	}
	for i := range nodes {
		o := options(i)
		o.SMTP = s.sink.url(i)
		n, err := node.New(o)
		if err != nil {
			return nil, errors.Join(err, s.stop())
		}
		s.nodes = append(s.nodes, n)
		if err := n.Start(ctx); err != nil {
			return nil, errors.Join(err, s.stop())
		}
	}
	s.load = newLoad(s.nodes, pause)
	return s, nil
}

// stop ends what still runs.
func (s *stage) stop() error {
	var all error
	for _, n := range s.nodes {
		if n.Running() {
			all = errors.Join(all, n.Stop())
		}
	}
	s.sink.close()
	return all
}

// endure has the nodes work for a while, under blows, and looks at what is left.
func (s *stage) endure(ctx context.Context, t trial, patience time.Duration, restart func() error) (*report, error) {
	defer s.stop()
	working, finish := context.WithTimeout(ctx, t.length)
	defer finish()
	var all sync.WaitGroup
	all.Go(func() { s.load.run(working) })
	all.Go(func() { s.play(working, t.script, min(round, t.length/2)) })
	all.Go(func() { s.strike(working, t, restart) })
	all.Wait()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return s.settle(ctx, t.length, patience)
}

// play goes through the script of the mail server again and again.
func (s *stage) play(ctx context.Context, script []act, round time.Duration) {
	for i := 0; ; i++ {
		act := script[i%len(script)]
		s.turn(act.mood)
		if !rest(ctx, time.Duration(act.share*float64(round))) {
			break
		}
	}
	s.turn(well)
}

// turn changes the mood of the mail server. When it goes down, it takes its last answers with it.
func (s *stage) turn(to mood) {
	start := time.Now()
	if err := s.sink.turn(to); err != nil {
		s.blame("the mail server of this test cannot go on: %v", err)
	}
	if to == down {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.disruptions = append(s.disruptions, disruption{string(down), everyNode, start, time.Now()})
	}
}

// strike kills nodes at random moments, and restarts the database between kills.
func (s *stage) strike(ctx context.Context, t trial, restart func() error) {
	every := t.length / time.Duration(t.kills+1)
	start := time.Now()
	for i := 1; i <= t.kills; i++ {
		at := start.Add(time.Duration(i)*every - every/2 + rand.N(every))
		if !rest(ctx, time.Until(at)) {
			return
		}
		victim := rand.IntN(len(s.nodes))
		if rand.IntN(3) == 0 {
			s.aim(ctx, victim)
		}
		s.kill(ctx, victim)
		if restart != nil && i*t.restarts/t.kills > (i-1)*t.restarts/t.kills {
			s.disrupt(restarted, everyNode, func() error {
				rest(ctx, every/3) // the node that was killed before is at work again
				return restart()
			})
		}
	}
}

// aim waits until the mail server has a letter of the victim whole and the victim does not know: no moment is worse.
func (s *stage) aim(ctx context.Context, victim int) {
	select {
	case <-s.sink.taken[victim]:
	case <-ctx.Done():
	case <-time.After(time.Second):
	}
}

func (s *stage) kill(ctx context.Context, victim int) {
	s.disrupt(killed, victim, func() error {
		s.nodes[victim].Kill()
		return s.nodes[victim].Start(context.WithoutCancel(ctx))
	})
}

// disrupt does something bad and notes when.
func (s *stage) disrupt(cause string, victim int, do func() error) {
	d := disruption{cause, victim, time.Now(), time.Time{}}
	err := do()
	d.to = time.Now()
	s.mu.Lock()
	s.disruptions = append(s.disruptions, d)
	s.mu.Unlock()
	if err != nil {
		s.blame("after %s: %v", cause, err)
	}
}

func (s *stage) blame(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wrong = append(s.wrong, fmt.Sprintf(format, args...))
}

// settle has the letters that are left go out, stops the nodes, and compares everybody's books.
func (s *stage) settle(ctx context.Context, length, patience time.Duration) (*report, error) {
	var peak int64
	for _, n := range s.nodes {
		peak = max(peak, n.Peak())
	}
	began := time.Now()
	if err := s.hasten(ctx, patience); err != nil {
		return nil, fmt.Errorf("%s: have the last letters go out: %w", s.name, err)
	}
	took := time.Since(began)
	if err := s.stop(); err != nil {
		return nil, err
	}
	kept, err := s.books.read(ctx)
	if err != nil {
		return nil, fmt.Errorf("%s: read what is stored: %w", s.name, err)
	}
	for _, n := range s.nodes {
		s.wrong = append(s.wrong, n.Deaths()...)
	}
	return s.report(kept, length, took, peak), nil
}

// hasten makes the hours pass that letters wait for another attempt, or for the end of a dead sender's lease, and gives a single
// node time to send them all.
func (s *stage) hasten(ctx context.Context, patience time.Duration) error {
	for _, n := range s.nodes {
		if err := n.Stop(); err != nil {
			return err
		}
	}
	late, err := s.books.waiting()
	if err != nil || late == 0 {
		return err
	}
	s.late = late
	if err := errors.Join(s.books.hasten(), s.nodes[0].Start(ctx)); err != nil {
		return err
	}
	for until := time.Now().Add(patience); late > 0 && time.Now().Before(until) && rest(ctx, time.Second/4); {
		if late, err = s.books.waiting(); err != nil {
			return err
		}
	}
	return ctx.Err()
}
