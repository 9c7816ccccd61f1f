package intake

import (
	"context"
	"errors"
	"time"

	"recourse/day"
	"recourse/intake/docket"
	"recourse/intake/mail"
	"recourse/shop"
)

const (
	remindEvery  = 5 * time.Minute
	soon         = 3   // days before the date
	mostReminded = 500 // cases of a shop in one look; the rest waits for the next
)

// remind tells traders of dates that are near or have passed, until ctx ends.
func (s *Server) remind(ctx context.Context) {
	ticker := time.NewTicker(remindEvery)
	defer ticker.Stop()
	for {
		if err := s.remindAll(ctx); err != nil && ctx.Err() == nil {
			s.config.Log.Error("reminders cannot be posted", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// remindAll posts the reminders that are due now. A case gets each of them once, whichever server comes first, and after a pause of all
// servers only the one that still is true.
func (s *Server) remindAll(ctx context.Context) (err error) {
	now := s.config.Now().UTC().Truncate(time.Microsecond)
	for _, one := range s.fleet.Load().letters {
		if ctx.Err() == nil { // what goes wrong in one shop holds up no other
			err = errors.Join(err, s.remindShop(ctx, one, now))
		}
	}
	return err
}

// remindShop asks for each shop by itself: the day is another where it is, and many cases of one do not crowd out those of others.
func (s *Server) remindShop(ctx context.Context, one *shop.Shop, now time.Time) error {
	today := docket.DayOf(now, one.Location())
	for _, r := range []struct {
		event       string
		from, until day.Day
	}{{mail.Overdue, 0, today - 1}, {mail.Today, today, today}, {mail.Soon, today + 1, today + soon}} {
		cases, err := s.config.Store.Near(ctx, one.ID, r.from, r.until, r.event, mostReminded)
		if err != nil {
			return err
		}
		for _, c := range cases {
			l := mail.Envelope(one, c, docket.Reminder, r.event, one.Trader.Email, now)
			l.Event = r.event
			if err := s.config.Store.Post(ctx, c, l); err != nil {
				return err
			}
			s.worker.Wake()
		}
	}
	return nil
}
