package metrics

import (
	"context"
	"errors"

	"recourse/intake/docket"
	"recourse/intake/mail"
)

// Letters counts the letters that go through a sender.
func (m *Meter) Letters(s mail.Sender) mail.Sender { return counting{s, m} }

type counting struct {
	mail.Sender
	meter *Meter
}

// Send lets the sender send, and counts how far the letter came.
func (c counting) Send(ctx context.Context, l docket.Letter) (docket.Delivery, error) {
	delivery, err := c.Sender.Send(ctx, l)
	switch {
	case errors.Is(err, mail.ErrRefused):
		c.meter.Letter(string(l.Kind), "refused")
	case err != nil:
		c.meter.Letter(string(l.Kind), "delayed")
	default:
		c.meter.Letter(string(l.Kind), string(delivery))
	}
	return delivery, err
}
