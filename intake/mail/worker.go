package mail

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"time"

	"recourse/intake/docket"
)

// Outbox is where letters wait.
type Outbox interface {
	Claim(ctx context.Context, now, lease time.Time, limit int) ([]docket.Letter, error)
	Settle(ctx context.Context, l docket.Letter) error
}

// Worker gets the letters of an outbox out.
type Worker struct {
	Outbox Outbox
	Sender Sender
	Now    func() time.Time
	Log    *slog.Logger

	wake chan struct{}
}

// NewWorker makes a worker; Run starts it.
func NewWorker(o Outbox, s Sender, now func() time.Time, log *slog.Logger) *Worker {
	return &Worker{o, s, now, log, make(chan struct{}, 1)}
}

// Wake tells the worker that there is a new letter. It never waits.
func (w *Worker) Wake() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

const (
	batch = 10
	pause = 15 * time.Second // between looks at the outbox when nobody wakes the worker

	// lease is longer than a batch can take, so that no letter is claimed again while it is on its way.
	lease = batch*Timeout + time.Minute
)

// Run works until ctx ends. The letter on its way is finished first.
func (w *Worker) Run(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-w.wake:
		case <-timer.C:
		}
		for w.Round(ctx) == batch && ctx.Err() == nil {
		}
		timer.Reset(pause)
	}
}

// Round tries the letters that are due and tells how many there were.
func (w *Worker) Round(ctx context.Context) int {
	now := w.Now()
	letters, err := w.Outbox.Claim(ctx, now, now.Add(lease), batch)
	if err != nil {
		if ctx.Err() == nil {
			w.Log.Error("the outbox cannot be read", "error", err)
		}
		return 0
	}
	// A stop must neither cut a letter off in the middle nor leave it claimed for the length of the lease.
	finish := context.WithoutCancel(ctx)
	for _, l := range letters {
		if ctx.Err() == nil {
			l = w.attempt(finish, l)
		}
		if err := w.Outbox.Settle(finish, l); err != nil {
			w.Log.Error("a letter's delivery cannot be stored", "letter", l.ID, "error", err)
		}
	}
	return len(letters)
}

// attempt tries one letter and notes in it what came of that.
func (w *Worker) attempt(ctx context.Context, l docket.Letter) docket.Letter {
	ctx, cancel := context.WithTimeout(ctx, Timeout)
	defer cancel()
	delivery, err := w.Sender.Send(ctx, l)
	now := w.Now()
	l.Attempts++
	switch {
	case err == nil:
		l.Delivery, l.Done = delivery, now
		w.Log.Info("letter "+string(delivery), "letter", l.ID, "kind", l.Kind, "attempt", l.Attempts)
	case errors.Is(err, ErrRefused) || l.Attempts >= attempts:
		l.Delivery, l.Done = docket.Failed, now
		w.Log.Error("letter given up", "letter", l.ID, "kind", l.Kind, "attempt", l.Attempts, "error", err)
	default:
		l.Next = now.Add(backoff(l.Attempts))
		w.Log.Warn("letter not sent yet", "letter", l.ID, "kind", l.Kind, "attempt", l.Attempts, "next", l.Next, "error", err)
	}
	return l
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
