package inbox

import (
	"slices"
	"strconv"

	"recourse/intake/docket"
	"recourse/intake/mail"
)

// propose stores an offer that the consumer can accept with one press, with the letter that carries it.
func (in *inbox) propose(j *job) (string, []problem, error) {
	var wrong []problem
	if !slices.Contains(docket.Remedies, j.Remedy) {
		wrong = append(wrong, problem{"remedy", j.Text("inbox.proposal.remedy.required")})
	}
	if wrong = append(wrong, written(j.Voice, "proposal", "inbox.proposal.text", "inbox.proposal.text.required", j.Proposal)...); wrong != nil {
		return "", wrong, nil
	}
	p := docket.Proposal{Remedy: j.Remedy, Text: j.Proposal, Author: in.me(j.Request).Login, Nonce: j.Nonce, Made: in.now()}
	all, err := in.Store.Proposals(j.Context(), j.c.ID)
	if err != nil {
		return "", nil, err
	}
	if i := slices.IndexFunc(all, func(old docket.Proposal) bool { return old.Nonce == p.Nonce }); i < 0 {
		err = in.offer(j, p)
	} else if all[i].Remedy != p.Remedy || all[i].Text != p.Text {
		err = errChanged
	}
	if err != nil {
		return "", nil, err
	}
	j.Remedy, j.Proposal = "", ""
	return "proposal", nil, nil
}

func (in *inbox) offer(j *job, p docket.Proposal) error {
	if err := j.current(); err != nil {
		return err
	}
	l := mail.Envelope(in.shopOf(j.c), j.c, docket.Reply, p.Nonce+".proposal", j.c.Email(), p.Made)
	l.Event = docket.EventProposed
	_, err := in.Store.Propose(j.Context(), j.c, p, []docket.Letter{l})
	return err
}

// withdraw takes an open offer back and tells the consumer. Where the consumer was faster, that decision stands.
func (in *inbox) withdraw(j *job) (string, []problem, error) {
	id, _ := strconv.ParseInt(j.PathValue("proposal"), 10, 64)
	all, err := in.Store.Proposals(j.Context(), j.c.ID)
	if err != nil {
		return "", nil, err
	}
	i := slices.IndexFunc(all, func(p docket.Proposal) bool { return p.ID == id })
	if i < 0 {
		return "", nil, errChanged
	}
	if all[i].Decision == docket.Withdrawn {
		return "withdrawn", nil, nil
	}
	at := in.now()
	l := mail.Envelope(in.shopOf(j.c), j.c, docket.Reply, "proposal-"+strconv.FormatInt(id, 10)+".withdrawn", j.c.Email(), at)
	l.Event = docket.EventDecided
	decided, err := in.Store.Decide(j.Context(), j.c, id, docket.Withdrawn, in.me(j.Request).Login, at, []docket.Letter{l})
	if err == nil && !decided {
		err = errChanged
	}
	return "withdrawn", nil, err
}
