package intake

import (
	"context"
	"slices"
	"time"

	"recourse/intake/docket"
	"recourse/intake/wording"
	"recourse/locale"
)

// record is what a consumer may know of a case besides the case itself: no notes, no names of the trader's people.
type record struct {
	messages  []docket.Message
	proposals []docket.Proposal
	events    []docket.Event
	letters   []docket.Letter
}

func (s *Server) record(ctx context.Context, c docket.Case) (k record, err error) {
	if k.messages, err = s.correspondence(ctx, c); err != nil {
		return k, err
	}
	if k.proposals, err = s.config.Store.Proposals(ctx, c.ID); err != nil {
		return k, err
	}
	if k.events, err = s.config.Store.Events(ctx, c.ID); err != nil {
		return k, err
	}
	k.letters, err = s.config.Store.Letters(ctx, c.ID)
	return k, err
}

// correspondence is what both sides wrote to each other.
func (s *Server) correspondence(ctx context.Context, c docket.Case) ([]docket.Message, error) {
	all, err := s.config.Store.Messages(ctx, c.ID)
	return slices.DeleteFunc(all, func(m docket.Message) bool { return m.Side != docket.Trader && m.Side != docket.Consumer }), err
}

// lastAnswer is when the trader wrote or proposed something last.
func (k record) lastAnswer(c docket.Case) time.Time {
	last := c.Answered
	for _, m := range k.messages {
		if m.Side == docket.Trader && m.Written.After(last) {
			last = m.Written
		}
	}
	for _, p := range k.proposals {
		if p.Made.After(last) {
			last = p.Made
		}
	}
	return last
}

// entry is something that happened, to be told with the texts follow.story.<what> to the consumer and follow.case.<what> to others.
type entry struct {
	at      time.Time
	what    string
	own     bool // by the consumer
	text    string
	files   []docket.File
	remedy  docket.Remedy
	state   docket.State
	outcome docket.Outcome
}

// story is everything that happened, in its order.
func (k record) story() []entry {
	var all []entry
	for _, e := range k.events {
		if told, ok := k.happened(e); ok {
			all = append(all, told)
		}
	}
	for _, m := range k.messages {
		what := map[docket.Side]string{docket.Trader: "answer", docket.Consumer: "message"}[m.Side]
		all = append(all, entry{at: m.Written, what: what, own: m.Side == docket.Consumer, text: m.Text, files: m.Files})
	}
	for _, p := range k.proposals {
		all = append(all, entry{at: p.Made, what: "proposed", text: p.Text, remedy: p.Remedy})
	}
	slices.SortStableFunc(all, func(a, b entry) int { return a.at.Compare(b.at) })
	return all
}

// happened puts an event into words. Those of messages and proposals stand with these; what the trader's people do among
// themselves is not for the consumer.
func (k record) happened(e docket.Event) (entry, bool) {
	told := entry{at: e.At, what: e.What}
	switch e.What {
	case docket.EventReceived, docket.EventRated:
		told.own = true
	case docket.EventDecided:
		i := slices.IndexFunc(k.proposals, func(p docket.Proposal) bool { return p.ID == e.About })
		if i < 0 || !slices.Contains([]docket.Decision{docket.Accepted, docket.Refused, docket.Withdrawn}, docket.Decision(e.Detail)) {
			return told, false
		}
		told.what, told.remedy, told.own = "decided."+e.Detail, k.proposals[i].Remedy, docket.Decision(e.Detail) != docket.Withdrawn
	case docket.EventBounced, docket.EventUnmailed:
		kind := docket.LetterKind(e.Detail)
		told.what = "undelivered"
		return told, kind == docket.Acknowledgement || kind == docket.Reply
	case string(docket.Closed):
		if told.what = "closed"; e.Outcome != "" {
			told.what, told.outcome = "closed.outcome", e.Outcome
		}
	case string(docket.New), string(docket.InProgress), string(docket.Answered):
		told.what, told.state = "state", docket.State(e.What)
	default:
		return told, false
	}
	return told, true
}

// title of an entry, in the words of a family of texts.
func (e entry) title(v wording.Voice, family string) string {
	key, args := family+e.what, []locale.Arg(nil)
	switch {
	case e.remedy != "":
		args = append(args, named("remedy", remedy(v, e.remedy)))
	case e.state != "":
		args = append(args, named("state", v.Text("status.state."+string(e.state))))
	case e.outcome != "":
		args = append(args, named("outcome", v.Text("status.outcome."+string(e.outcome))))
	}
	return v.Text(key, args...)
}

// scene is an entry on the status page.
type scene struct {
	Own                       bool
	Title, Moment, Time, Text string
	Files                     []attachment
}

func (e entry) scene(v wording.Voice, base string) scene {
	return scene{Own: e.own, Title: e.title(v, "follow.story."), Moment: v.Moment(e.at), Time: e.at.UTC().Format(time.RFC3339), Text: e.text, Files: attachments(v, base, e.files)}
}
