package store

import (
	"context"
	"time"

	"recourse/day"
	"recourse/intake/metrics"
)

// Figures counts what monitoring asks for. It makes a store a metrics.Source.
func (s *Store) Figures(ctx context.Context) (f metrics.Figures, err error) {
	now := time.Now().UTC()
	if f.Outbox, err = s.outboxFigures(ctx, now); err != nil {
		return f, err
	}
	f.Shops = make(map[string]metrics.Cases)
	today := day.Of(now.Year(), int(now.Month()), now.Day())
	type counted struct {
		shop string
		metrics.Cases
	}
	err = each(ctx, s.engine.Read(), func(r row) (c counted, err error) {
		err = r.Scan(&c.shop, &c.Open, &c.Overdue)
		return c, err
	}, func(c counted) error {
		f.Shops[c.shop] = c.Cases
		return nil
	}, `SELECT shop, count(CASE WHEN state IN ('new', 'in-progress') THEN 1 END), count(CASE WHEN `+waiting+` AND due <> '' AND due < $1 THEN 1 END)
		FROM cases WHERE suspect = 0 GROUP BY shop`, today.String())
	return f, wrap("count the cases", err)
}

func (s *Store) outboxFigures(ctx context.Context, now time.Time) (o metrics.Outbox, err error) {
	var oldest string
	err = s.engine.Read().QueryRowContext(ctx, `SELECT count(CASE WHEN delivery = 'queued' THEN 1 END), count(CASE WHEN delivery IN ('failed', 'bounced') THEN 1 END),
		coalesce(min(CASE WHEN delivery = 'queued' AND next < $1 THEN next END), '') FROM outbox`, stamp(now)).Scan(&o.Waiting, &o.Failed, &oldest)
	if err == nil {
		err = moment{&o.OldestDue}.Scan(oldest)
	}
	return o, wrap("count the letters", err)
}
