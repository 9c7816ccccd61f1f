package intake

import (
	"context"
	"time"

	"recourse/day"
	"recourse/intake/docket"
	"recourse/intake/mail"
)

const (
	remindEvery  = 5 * time.Minute
	soon         = 3   // days before the date
	mostReminded = 500 // cases in one look; the rest waits for the next
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
func (s *Server) remindAll(ctx context.Context) error {
	now := s.config.Now().UTC().Truncate(time.Microsecond)
	// Nowhere is it more than a day earlier or later than here.
	early, late := docket.DayOf(now, time.UTC)-1, docket.DayOf(now, time.UTC)+1
	for _, r := range []struct {
		event       string
		from, until day.Day
	}{{mail.Overdue, 0, late - 1}, {mail.Today, early, late}, {mail.Soon, early + 1, late + soon}} {
		cases, err := s.config.Store.Near(ctx, r.from, r.until, r.event, mostReminded)
		if err != nil {
			return err
		}
		for _, c := range cases {
			if err := s.remindOf(ctx, c, r.event, now); err != nil {
				return err
			}
		}
	}
	return nil
}

// stage is the reminder for a case so many days before its date.
func stage(left int) string {
	switch {
	case left < 0:
		return mail.Overdue
	case left == 0:
		return mail.Today
	case left <= soon:
		return mail.Soon
	}
	return ""
}

// remindOf posts a reminder if it is the one for the day it is where the shop is. Webhooks go first: a case that was reminded of is not
// found again.
func (s *Server) remindOf(ctx context.Context, c docket.Case, event string, now time.Time) error {
	one := s.known(c.Shop)
	if one == nil || stage(int(c.Due.Day-docket.DayOf(now, one.Location()))) != event {
		return nil
	}
	l := mail.Envelope(one, c, docket.Reminder, event, one.Trader.Email, now)
	l.Event = event
	for _, l := range append(s.announce(c, docket.Event{What: docket.EventDue, Detail: event, At: now}), l) {
		if err := s.config.Store.Post(ctx, c, l); err != nil {
			return err
		}
	}
	s.worker.Wake()
	return nil
}
