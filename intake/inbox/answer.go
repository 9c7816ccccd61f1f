package inbox

import (
	"slices"
	"strings"
	"time"

	"recourse/intake/answers"
	"recourse/intake/docket"
	"recourse/intake/mail"
	"recourse/intake/wording"
)

// now is the time of what a job does, as exact as the store keeps it.
func (in *inbox) now() time.Time { return in.Now().UTC().Truncate(time.Microsecond) }

// answer stores what the trader writes to the consumer, with the letter that carries it.
func (in *inbox) answer(j *job) (string, []problem, error) {
	wrong := written(j.Voice, "answer", "inbox.answer.label", "inbox.answer.required", j.Answer)
	if wrong = append(wrong, blanks(j.Voice, j.Answer)...); wrong != nil {
		return "", wrong, nil
	}
	text := j.Answer
	if j.Refuse {
		text = in.withRefusal(j, text)
	}
	m := docket.Message{Side: docket.Trader, Author: in.me(j.Request).Login, Text: text, Nonce: j.Nonce, Written: in.now()}
	l := mail.Envelope(in.shopOf(j.c), j.c, docket.Reply, m.Nonce, j.c.Email(), m.Written)
	if err := in.send(j, m, l); err != nil {
		return "", nil, err
	}
	j.Answer, j.Template, j.Refuse = "", "", false
	return "answer", nil, nil
}

// send stores a message once, unless the case has changed.
func (in *inbox) send(j *job, m docket.Message, letters ...docket.Letter) error {
	if before, err := in.sent(j, m); err != nil || before != nil {
		return err
	}
	if err := j.current(); err != nil {
		return err
	}
	_, err := in.Store.Write(j.Context(), j.c, m, letters)
	return err
}

// sent finds the message if the page was sent before. Another text from the same page is another message: somebody went back and
// changed it.
func (in *inbox) sent(j *job, m docket.Message) (*docket.Message, error) {
	all, err := in.Store.Messages(j.Context(), j.c.ID)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(all, func(old docket.Message) bool { return old.Nonce == m.Nonce })
	switch {
	case i < 0:
		return nil, nil
	case all[i].Text != m.Text:
		return nil, errChanged
	}
	return &all[i], nil
}

// blanks finds what a template leaves to the trader and nobody has filled in.
func blanks(v wording.Voice, text string) []problem {
	if strings.Contains(text, answers.Blank) {
		return []problem{{"answer", v.Text("inbox.answer.blank", named("blank", answers.Blank))}}
	}
	return nil
}

// withRefusal adds what the law has the trader say to a consumer who was refused.
func (in *inbox) withRefusal(j *job, text string) string {
	parts := in.House.Refusal(in.consumer(j.c), in.Now())
	if text != "" {
		parts = slices.Insert(parts, 0, text)
	}
	return strings.Join(parts, "\n\n")
}

// consumer is the voice for the consumer of a case.
func (in *inbox) consumer(c docket.Case) wording.Voice {
	v, err := in.House.Consumer(in.shopOf(c), c.Locale, in.Now())
	if err != nil {
		panic("inbox: the default locale was there at the start: " + err.Error())
	}
	return v
}

// templates are the answers to begin with for a case, in the language of the consumer.
func (in *inbox) templates(c docket.Case) []answers.Answer {
	l := in.consumer(c).Locale
	return in.Answers.For(l.Language.Tag, l.Country, c.Form)
}

// insert adds the chosen template to what is typed, and stores nothing.
func (in *inbox) insert(j *job) *problem {
	all := in.templates(j.c)
	i := slices.IndexFunc(all, func(a answers.Answer) bool { return a.ID == j.Template })
	if i < 0 {
		return &problem{"template", j.Text("inbox.template.required")}
	}
	text := all[i].Fill(j.c.Values["name"], j.c.Reference, in.shopOf(j.c).Trader.LegalName)
	if j.Answer != "" && !strings.Contains(j.Answer, text) {
		text = j.Answer + "\n\n" + text
	} else if j.Answer != "" {
		text = j.Answer
	}
	j.Answer, j.Refuse = text, j.Refuse || all[i].Refusal
	return nil
}

// change sets the state of a case. Closing one tells the consumer how it ended, with what stands in the answer.
func (in *inbox) change(j *job) (string, []problem, error) {
	state, outcome := j.State, j.Outcome
	if !slices.Contains(docket.States, state) {
		state = j.c.State
	}
	if state != docket.Closed {
		outcome = ""
	} else if !slices.Contains(docket.Outcomes, outcome) {
		return "", []problem{{"outcome", j.Text("inbox.change.required")}}, nil
	}
	if state == j.c.State && outcome == j.c.Outcome {
		return "state", nil, nil
	}
	if state == docket.Closed {
		return in.closeCase(j, outcome)
	}
	if err := j.current(); err != nil {
		return "", nil, err
	}
	j.State, j.Outcome = "", ""
	return "state", nil, in.Store.Change(j.Context(), j.c, state, outcome, in.me(j.Request).Login, in.now(), nil)
}

// closing is the letter that tells the consumer. What is closed in quarantine is closed in silence, unless something was written: its
// address is that of somebody who has nothing to do with it.
func (in *inbox) closing(j *job, at time.Time) []docket.Letter {
	if j.c.Suspect && j.Answer == "" {
		return nil
	}
	l := mail.Envelope(in.shopOf(j.c), j.c, docket.Reply, j.nonce("closing")+".closed", j.c.Email(), at)
	l.Event = string(docket.Closed)
	return []docket.Letter{l}
}

// closeCase ends a case. What the consumer is told is written first: should the server die in between, pressing again closes the case and
// writes nothing twice.
func (in *inbox) closeCase(j *job, outcome docket.Outcome) (string, []problem, error) {
	wrong := tooLong(j.Voice, "answer", "inbox.answer.label", j.Answer, maxAnswer)
	if wrong = append(wrong, blanks(j.Voice, j.Answer)...); wrong != nil {
		return "", wrong, nil
	}
	text := j.Answer
	if wording.Unsettled(outcome) || j.Refuse {
		text = in.withRefusal(j, text)
	}
	me, at := in.me(j.Request).Login, in.now()
	if text != "" {
		m := docket.Message{Side: docket.Trader, Author: me, Text: text, Nonce: j.nonce("closing"), Written: at}
		before, err := in.sent(j, m)
		if err == nil && before != nil {
			at = before.Written // the letter finds its words by their time
		} else if err == nil {
			err = in.send(j, m)
		}
		if err != nil {
			return "", nil, err
		}
	} else if err := j.current(); err != nil {
		return "", nil, err
	}
	if err := in.Store.Change(j.Context(), j.c, docket.Closed, outcome, me, at, in.closing(j, at)); err != nil {
		return "", nil, err
	}
	j.Answer, j.Template, j.Refuse, j.State, j.Outcome = "", "", false, "", ""
	return "closed", nil, nil
}
