package mail

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"sync"
	"time"

	"recourse/intake/docket"
)

// Outbox is where letters wait.
type Outbox interface {
	Claim(ctx context.Context, now, lease time.Time, limit int) ([]docket.Letter, error)
	Settle(ctx context.Context, letters ...docket.Letter) error
	// Busy tells that many wait for the database: visitors with their submissions come first.
	Busy() bool
}

// Carrier writes a letter and gets it out. It returns how far the letter came; an error wrapping ErrRefused is final, and one that
// is a Later says itself when to try again.
type Carrier func(ctx context.Context, l docket.Letter) (docket.Delivery, error)

// Later is an error of a receiver that has said when it can be asked again.
type Later interface {
	error
	RetryAfter() time.Duration
}

// Worker gets the letters of an outbox out.
type Worker struct {
	outbox Outbox
	carry  Carrier
	now    func() time.Time
	log    *slog.Logger
	wake   chan struct{}
	hands  int
}

// NewWorker makes a worker that has so many letters on their way at a time; Run starts it.
func NewWorker(o Outbox, carry Carrier, hands int, now func() time.Time, log *slog.Logger) *Worker {
	return &Worker{o, carry, now, log, make(chan struct{}, hands), hands}
}

// Hands is how many letters a sender should have on their way: several where one slow mail server would hold up all others, one where they
// are written to the disk that visitors' submissions wait for.
func Hands(s Sender) int {
	if s.Sends() {
		return 4
	}
	return 1
}

// Wake tells the worker that there is a new letter. It never waits.
func (w *Worker) Wake() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

const (
	batch = 8                // letters claimed at a time
	pause = 15 * time.Second // between looks at the outbox when nobody wakes the worker

	// slack is how long after its claim a letter may be begun. A lease is longer than that and a letter together, so that none is
	// claimed again while it is on its way. A server that dies gives its letters back after it.
	slack = 15 * time.Second
	lease = slack + Timeout + 15*time.Second
)

// Run works until ctx ends. Letters on their way are finished first.
func (w *Worker) Run(ctx context.Context) {
	var all sync.WaitGroup
	for range w.hands {
		all.Go(func() { w.work(ctx) })
	}
	all.Wait()
}

func (w *Worker) work(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-w.wake:
		case <-timer.C:
		}
		for w.yield(ctx); w.Round(ctx); w.yield(ctx) {
		}
		timer.Reset(pause + rand.N(pause/4))
	}
}

// yield waits while visitors wait, but never long: a letter that is late is better than one that never goes.
func (w *Worker) yield(ctx context.Context) {
	for range 80 {
		if !w.outbox.Busy() || ctx.Err() != nil {
			return
		}
		time.Sleep(25 * time.Millisecond)
	}
}

// Round tries letters that are due and tells whether there were any.
func (w *Worker) Round(ctx context.Context) bool {
	if ctx.Err() != nil {
		return false
	}
	now := w.now()
	letters, err := w.outbox.Claim(ctx, now, now.Add(lease), batch)
	if err != nil {
		if ctx.Err() == nil {
			w.log.Error("the outbox cannot be read", "error", err)
		}
		return false
	}
	// A stop must neither cut a letter off in the middle nor leave it claimed for the length of the lease.
	finish := context.WithoutCancel(ctx)
	began := time.Now()
	for _, l := range letters {
		if ctx.Err() == nil && time.Since(began) < slack {
			l = w.attempt(finish, l)
		}
		if err := w.outbox.Settle(finish, l); err != nil {
			w.log.Error("a letter's delivery cannot be stored", "letter", l.ID, "error", err)
		}
	}
	return len(letters) > 0
}

// attempt tries one letter and notes in it what came of that.
func (w *Worker) attempt(ctx context.Context, l docket.Letter) docket.Letter {
	ctx, cancel := context.WithTimeout(ctx, Timeout)
	defer cancel()
	delivery, err := w.safely(ctx, l)
	now := w.now()
	l.Attempts++
	switch {
	case err == nil:
		l.Delivery, l.Done, l.Error = delivery, now, ""
		w.log.Debug("letter "+string(delivery), "letter", l.ID, "kind", l.Kind, "attempt", l.Attempts)
	case errors.Is(err, ErrRefused) || l.Attempts >= attempts:
		l.Delivery, l.Done, l.Error = docket.Failed, now, err.Error()
		w.log.Error("letter given up", "letter", l.ID, "kind", l.Kind, "attempt", l.Attempts, "error", err)
	default:
		l.Next, l.Error = now.Add(wait(l.Attempts, err)), err.Error()
		w.log.Warn("letter not sent yet", "letter", l.ID, "kind", l.Kind, "attempt", l.Attempts, "next", l.Next, "error", err)
	}
	return l
}

// safely keeps a letter that cannot be written from taking the whole server with it. What a panic says may be a visitor's words.
func (w *Worker) safely(ctx context.Context, l docket.Letter) (delivery docket.Delivery, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			w.log.Error("panic", "letter", l.ID, "kind", l.Kind, "stack", string(debug.Stack()))
			err = errors.New("write the letter: the program failed; its log says where")
		}
	}()
	return w.carry(ctx, l)
}

// wait is the pause of backoff, or a longer one that the receiver asked for.
func wait(attempt int, err error) time.Duration {
	pause := backoff(attempt)
	var later Later
	if errors.As(err, &later) {
		pause = min(max(pause, later.RetryAfter()), 24*time.Hour)
	}
	return pause
}

// attempts and backoff together last five days: 1, 2, 4 … 128 minutes, then every four hours.
const attempts = 8 + 29

func backoff(attempt int) time.Duration {
	wait := 4 * time.Hour
	if attempt <= 8 {
		wait = time.Minute << (attempt - 1)
	}
	// Jitter of a tenth keeps letters that failed together from coming back together.
	return wait - wait/20 + rand.N(wait/10)
}
