package intake

import (
	"context"
	"errors"
	"fmt"

	"recourse/intake/docket"
	"recourse/intake/mail"
	"recourse/intake/wording"
)

// envelopes are the letters of a new case: the acknowledgement for the consumer and the copy for the shop.
func envelopes(d *declaration, c docket.Case) []docket.Letter {
	return []docket.Letter{
		mail.Envelope(d.shop, c, docket.Acknowledgement, string(docket.Acknowledgement), c.Email(), c.Received),
		mail.Envelope(d.shop, c, docket.Copy, string(docket.Copy), d.shop.Trader.Email, c.Received),
	}
}

// carry writes a letter of the outbox from its case and gets it out.
func (s *Server) carry(ctx context.Context, l docket.Letter) (docket.Delivery, error) {
	delivery, err := s.deliver(ctx, l)
	s.config.Metrics.Letter(string(l.Kind), outcome(delivery, err))
	return delivery, err
}

// outcome of an attempt, for the figures.
func outcome(delivery docket.Delivery, err error) string {
	switch {
	case errors.Is(err, mail.ErrRefused):
		return "refused"
	case err != nil:
		return "delayed"
	}
	return string(delivery)
}

func (s *Server) deliver(ctx context.Context, l docket.Letter) (docket.Delivery, error) {
	m, err := s.compose(ctx, l)
	if errors.Is(err, docket.ErrNotFound) {
		err = fmt.Errorf("%w: %w", mail.ErrRefused, err) // its case was erased
	}
	if err != nil {
		return "", err
	}
	m.ID, m.To, m.Date = l.MessageID, l.To, l.Written
	return s.config.Mail.Send(ctx, m)
}

// compose puts a letter into words.
func (s *Server) compose(ctx context.Context, l docket.Letter) (mail.Message, error) {
	c, err := s.config.Store.ByID(ctx, l.Case)
	if err != nil {
		return mail.Message{}, err
	}
	one := s.shops[c.Shop]
	if one == nil {
		return mail.Message{}, fmt.Errorf("write a letter: there is no shop %q any more; serve it until its letters are out", c.Shop)
	}
	consumer, err := s.house.Consumer(one, c.Locale, c.Received)
	if err != nil {
		return mail.Message{}, err
	}
	trader, err := s.house.Trader(one, c.Locale, c.Received)
	if err != nil {
		return mail.Message{}, err
	}
	return s.words(ctx, l, c, consumer, trader)
}

func (s *Server) words(ctx context.Context, l docket.Letter, c docket.Case, consumer, trader wording.Voice) (mail.Message, error) {
	switch l.Kind {
	case docket.Acknowledgement:
		return mail.NewAcknowledgement(consumer, c, s.links(consumer, c))
	case docket.Copy:
		return mail.NewCopy(trader, s.house, c)
	case docket.Reply:
		m, err := s.message(ctx, l)
		if err != nil {
			return mail.Message{}, err
		}
		return mail.NewAnswer(consumer, c, m, s.links(consumer, c))
	}
	return mail.Message{}, fmt.Errorf("write a letter: %w: there is no kind %q", mail.ErrRefused, l.Kind)
}

// message finds what a letter is about.
func (s *Server) message(ctx context.Context, l docket.Letter) (docket.Message, error) {
	all, err := s.config.Store.Messages(ctx, l.Case)
	if err != nil {
		return docket.Message{}, err
	}
	for _, m := range all {
		if m.ID == l.About {
			return m, nil
		}
	}
	return docket.Message{}, docket.ErrNotFound
}
