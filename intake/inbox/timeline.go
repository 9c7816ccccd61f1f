package inbox

import (
	"net/http"
	"slices"
	"strconv"

	"recourse/intake/docket"
	"recourse/intake/wording"
)

// step is a line of the timeline of a case.
type step struct {
	ID       string
	Class    string // how it looks; the title says the same in words
	Title    string
	When     string // and by whom
	Text     string
	Files    []attachment
	Decision string // what became of a proposal
	Withdraw string // where to take a proposal back; empty: it cannot be
}

// past is what has happened to a case.
type past struct {
	wording.Voice
	c         docket.Case
	base      string // address of the case's page
	events    []docket.Event
	messages  []docket.Message
	proposals []docket.Proposal
	letters   []docket.Letter
}

func (in *inbox) past(r *http.Request, v wording.Voice, c docket.Case, base string) (p past, err error) {
	p = past{Voice: v, c: c, base: base}
	if p.events, err = in.Store.Events(r.Context(), c.ID); err != nil {
		return p, err
	}
	if p.messages, err = in.Store.Messages(r.Context(), c.ID); err != nil {
		return p, err
	}
	if p.proposals, err = in.Store.Proposals(r.Context(), c.ID); err != nil {
		return p, err
	}
	p.letters, err = in.Store.Letters(r.Context(), c.ID)
	return p, err
}

func (p past) timeline() (all []step) {
	for _, e := range p.events {
		one := p.step(e)
		one.ID, one.When = "event-"+strconv.Itoa(e.Seq), p.Moment(e.At)
		if e.Actor != "" {
			one.When = p.Voice.Text("inbox.event.by", named("moment", one.When), named("login", e.Actor))
		}
		all = append(all, one)
	}
	return all
}

func (p past) step(e docket.Event) step {
	text := p.Voice.Text
	switch e.What {
	case docket.EventAnswer, docket.EventMessage, docket.EventNote:
		return p.message(e)
	case docket.EventProposed, docket.EventDecided:
		return p.proposal(e)
	case docket.EventRated:
		return step{Class: "consumer", Title: text("inbox.event.rated", named("stars", strconv.Itoa(p.c.Rating))), Text: p.c.Opinion}
	case docket.EventMarked, docket.EventHold:
		return step{Title: text("inbox.event." + e.What + "." + e.Detail)}
	case docket.EventUnmailed, docket.EventBounced:
		return p.undelivered(e)
	case string(docket.Closed):
		return step{Title: text("inbox.event.closed", named("outcome", text("status.outcome."+string(e.Outcome))))}
	case docket.EventReceived:
		return step{Class: "consumer", Title: text("inbox.event.received")}
	}
	return step{Title: text("inbox.event.state", named("state", text("inbox.state."+e.What)))}
}

func (p past) message(e docket.Event) step {
	class := map[string]string{docket.EventAnswer: "trader", docket.EventMessage: "consumer", docket.EventNote: "note"}[e.What]
	one := step{Class: class, Title: p.Voice.Text("inbox.event." + e.What)}
	i := slices.IndexFunc(p.messages, func(m docket.Message) bool { return m.ID == e.About })
	if i < 0 {
		return one
	}
	one.Text, one.Files = p.messages[i].Text, attachments(p.Voice, p.base, p.messages[i].Files)
	return one
}

func (p past) proposal(e docket.Event) step {
	i := slices.IndexFunc(p.proposals, func(o docket.Proposal) bool { return o.ID == e.About })
	if i < 0 {
		return step{Title: p.Voice.Text("inbox.proposal.title")}
	}
	o := p.proposals[i]
	remedy := named("remedy", p.Voice.Text("follow.remedy."+string(o.Remedy)))
	if e.What == docket.EventDecided {
		class := "consumer"
		if docket.Decision(e.Detail) == docket.Withdrawn {
			class = ""
		}
		return step{Class: class, Title: p.Voice.Text("inbox.event.decided."+e.Detail, remedy)}
	}
	one := step{Class: "trader", Title: p.Voice.Text("inbox.event.proposed", remedy), Text: o.Text,
		Decision: p.Voice.Text("inbox.decision."+string(o.Decision), named("moment", p.Moment(o.Decided)))}
	if o.Decision == docket.Open {
		one.Withdraw = p.base + "/proposals/" + strconv.FormatInt(o.ID, 10) + "/withdraw"
	}
	return one
}

// undelivered finds the letter that an event tells of: the one that was given up or came back at that moment.
func (p past) undelivered(e docket.Event) step {
	letter := docket.Letter{Kind: docket.LetterKind(e.Detail)}
	i := slices.IndexFunc(p.letters, func(l docket.Letter) bool { return l.Kind == letter.Kind && l.Done.Equal(e.At) })
	one := step{Class: "warn"}
	if i >= 0 {
		letter = p.letters[i]
		one.Text = why(p.Voice, letter)
		if toConsumer(letter) {
			one.Text += " " + p.Voice.Text("inbox.why.other-way")
		}
	}
	one.Title = p.Voice.Text("inbox.event."+e.What, named("letter", called(p.Voice, letter)))
	return one
}

func attachments(v wording.Voice, base string, files []docket.File) (all []attachment) {
	for _, f := range files {
		if f.Size == 0 { // erased before the case is
			all = append(all, attachment{v.Text("inbox.case.file.erased", named("name", f.Name)), ""})
			continue
		}
		all = append(all, attachment{v.Text("inbox.case.file", named("name", f.Name), named("size", v.Size(f.Size))), base + "/files/" + f.ID})
	}
	return all
}
