package intake

import (
	"context"
	"errors"
	"fmt"
	"slices"

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
	if l.Kind == docket.Hook {
		return s.hook(ctx, l)
	}
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
	one := s.known(c.Shop)
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
		return s.acknowledgement(consumer, c)
	case docket.Copy:
		return mail.NewCopy(trader, s.house, c)
	case docket.Reply:
		return s.reply(ctx, l, c, consumer)
	case docket.Notice:
		m, p, err := s.about(ctx, l)
		if err != nil {
			return mail.Message{}, err
		}
		return mail.NewNotice(trader, c, l.Event, m, p)
	case docket.Reminder:
		return mail.NewReminder(trader, c, l)
	}
	return mail.Message{}, fmt.Errorf("write a letter: %w: there is no kind %q", mail.ErrRefused, l.Kind)
}

// reply writes to the consumer what the trader did: Event says what. Without one it is an answer.
func (s *Server) reply(ctx context.Context, l docket.Letter, c docket.Case, v wording.Voice) (mail.Message, error) {
	if l.Event == string(docket.Closed) {
		return s.closing(ctx, l, c, v)
	}
	m, p, err := s.about(ctx, l)
	if err != nil {
		return mail.Message{}, err
	}
	switch l.Event {
	case docket.EventProposed:
		return mail.NewProposal(v, c, p, s.links(v, c))
	case docket.EventDecided:
		return mail.NewWithdrawn(v, c, p, s.links(v, c))
	}
	return mail.NewAnswer(v, c, m, s.links(v, c))
}

// closing finds the outcome of a closing and what was written with it: both have the time of the letter. The case itself may be open
// again when the letter goes out.
func (s *Server) closing(ctx context.Context, l docket.Letter, c docket.Case, v wording.Voice) (mail.Message, error) {
	events, err := s.config.Store.Events(ctx, c.ID)
	if err != nil {
		return mail.Message{}, err
	}
	messages, err := s.config.Store.Messages(ctx, c.ID)
	if err != nil {
		return mail.Message{}, err
	}
	outcome := c.Outcome
	for _, e := range events {
		if e.What == string(docket.Closed) && e.At.Equal(l.Written) {
			outcome = e.Outcome
		}
	}
	var written docket.Message
	for _, m := range messages {
		if m.Side == docket.Trader && m.Written.Equal(l.Written) {
			written = m
		}
	}
	return mail.NewClosing(v, c, outcome, l, written, s.links(v, c))
}

// about is the message or the proposal that a letter is about.
func (s *Server) about(ctx context.Context, l docket.Letter) (m docket.Message, p docket.Proposal, err error) {
	switch l.Event {
	case docket.EventProposed, docket.EventDecided:
		p, err = found(s.config.Store.Proposals, ctx, l, func(p docket.Proposal) int64 { return p.ID })
	case docket.EventRated: // stands in the case
	default:
		m, err = found(s.config.Store.Messages, ctx, l, func(m docket.Message) int64 { return m.ID })
	}
	return m, p, err
}

// found is the one of a case's messages or proposals that a letter is about.
func found[T any](list func(context.Context, int64) ([]T, error), ctx context.Context, l docket.Letter, id func(T) int64) (one T, err error) {
	all, err := list(ctx, l.Case)
	if err != nil {
		return one, err
	}
	i := slices.IndexFunc(all, func(v T) bool { return id(v) == l.About })
	if i < 0 {
		return one, docket.ErrNotFound
	}
	return all[i], nil
}
