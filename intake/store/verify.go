package store

import (
	"fmt"

	"recourse/intake/docket"
)

// verifier follows the history of one case.
type verifier struct {
	key     []byte
	c       docket.Case
	head    string // hash of the last event, as the case knows it
	count   int    // number of events, as the case knows it
	digests map[string]string
	report  func(Fault)
}

func (v *verifier) fault(event int, format string, args ...any) {
	v.report(Fault{v.c.Reference, event, fmt.Sprintf(format, args...)})
}

func (v *verifier) run(history []docket.Event) {
	previous, at := "", 0
	for _, e := range history {
		if at++; e.Seq != at {
			v.fault(at, "it is missing; the next one has the number %d", e.Seq)
			return
		}
		if docket.Chain(v.key, v.c.Reference, previous, e) != e.Hash {
			v.fault(e.Seq, "its hash does not fit: it was changed, or one before it was changed or removed")
			return
		}
		previous = e.Hash
		v.text(e)
	}
	if at != v.count || previous != v.head {
		v.fault(0, "its history ends with event %d; the case has had %d", at, v.count)
	}
	v.content(history)
	v.state(history)
}

// text compares a message or proposal with the digest taken when it was written.
func (v *verifier) text(e docket.Event) {
	key := subject(e.What, e.About)
	switch now, there := v.digests[key]; {
	case e.Digest == "" || e.What == docket.EventReceived:
	case !there:
		v.fault(e.Seq, "the text it is about is gone")
	case now != e.Digest:
		v.fault(e.Seq, "the text it is about was changed")
	}
	delete(v.digests, key)
}

// content compares what the consumer sent with the digest taken on receipt.
func (v *verifier) content(history []docket.Event) {
	if len(history) == 0 {
		return
	}
	first := history[0]
	if docket.Digest(v.c) != first.Digest || v.c.Digest != first.Digest {
		v.fault(0, "the statement was changed after it was received")
	}
	if !first.At.Equal(v.c.Received) {
		v.fault(0, "the time of receipt was changed")
	}
	for key := range v.digests {
		v.fault(0, "there is a text that no event tells of: %s", key)
	}
}

// state follows from the events.
func (v *verifier) state(history []docket.Event) {
	state, outcome := docket.New, docket.Outcome("")
	for _, e := range history {
		state, outcome = After(state, outcome, e)
	}
	if state != v.c.State || outcome != v.c.Outcome {
		v.fault(0, "its state is %q with outcome %q; by its history it is %q with %q", v.c.State, v.c.Outcome, state, outcome)
	}
}

// After is the state and outcome of a case after an event.
func After(state docket.State, outcome docket.Outcome, e docket.Event) (docket.State, docket.Outcome) {
	switch e.What {
	case docket.EventAnswer, docket.EventProposed:
		if state != docket.Closed {
			return docket.Answered, outcome
		}
	case docket.EventMessage, docket.EventDecided:
		if state != docket.New {
			return docket.InProgress, ""
		}
	case string(docket.New), string(docket.InProgress), string(docket.Answered), string(docket.Closed):
		return docket.State(e.What), e.Outcome
	}
	return state, outcome
}
