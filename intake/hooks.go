package intake

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"

	"recourse/intake/docket"
	"recourse/intake/mail"
	"recourse/intake/webhook"
	"recourse/shop"
)

// types are the events of a case that webhooks hear of.
var types = map[string]webhook.Type{
	docket.EventReceived: webhook.Received,
	docket.EventAnswer:   webhook.Answered, docket.EventProposed: webhook.Answered,
	docket.EventMessage: webhook.Message, docket.EventDecided: webhook.Message,
	string(docket.Closed): webhook.Closed,
	docket.EventDue:       webhook.Due,
}

// hooks sends webhooks.
type hooks struct {
	sender *webhook.Sender
	gone   sync.Map // addresses that have answered 410: nothing more is sent there until the program starts anew
}

// announce writes a letter to each webhook of a shop that wants to hear of an event. They lie in the outbox like all letters.
func (s *Server) announce(c docket.Case, e docket.Event) (letters []docket.Letter) {
	one, kind := s.known(c.Shop), types[e.What]
	if one == nil || kind == "" {
		return nil
	}
	for _, w := range one.Webhooks {
		if _, gone := s.hooks.gone.Load(w.URL); gone || !w.Wants(string(kind)) {
			continue
		}
		letters = append(letters, docket.Letter{Case: c.ID, Shop: c.Shop, Kind: docket.Hook, Event: string(kind), MessageID: hookID(c, e, w.URL), To: w.URL, Written: e.At})
	}
	return letters
}

// hookID is the same for the same event: receivers know a repeat by it, and so does the outbox.
func hookID(c docket.Case, e docket.Event, address string) string {
	sum := sha256.Sum256([]byte(c.Reference + "\n" + strconv.Itoa(e.Seq) + "\n" + e.What + "\n" + e.Detail + "\n" + address))
	return "msg_" + hex.EncodeToString(sum[:16])
}

// hook delivers a webhook.
func (s *Server) hook(ctx context.Context, l docket.Letter) (docket.Delivery, error) {
	c, err := s.config.Store.ByID(ctx, l.Case)
	if err != nil {
		return "", err
	}
	one := s.known(l.Shop)
	if one == nil { // another server of the database may serve it, or this one again
		return "", fmt.Errorf("send a webhook: there is no shop %q any more; serve it until its letters are out", l.Shop)
	}
	i := slices.IndexFunc(one.Webhooks, func(w shop.Webhook) bool { return w.URL == l.To })
	if i < 0 {
		return "", fmt.Errorf("%w: the shop has no such webhook any more", mail.ErrRefused)
	}
	secrets, err := webhook.ReadSecrets(one.Webhooks[i].Secrets, s.fleet.Load().Folders[l.Shop])
	if err != nil {
		return "", err
	}
	err = s.hooks.sender.Send(ctx, webhook.Delivery{ID: l.MessageID, URL: l.To, Secrets: secrets, Event: webhook.About(webhook.Type(l.Event), one, c, l.Written)})
	if errors.Is(err, webhook.ErrGone) {
		s.hooks.gone.Store(l.To, true)
	}
	if errors.Is(err, webhook.ErrRefused) {
		err = fmt.Errorf("%w: %w", mail.ErrRefused, err)
	}
	return docket.Sent, err
}
