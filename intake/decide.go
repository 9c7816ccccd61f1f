package intake

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"

	"recourse/intake/docket"
	"recourse/intake/page"
	"recourse/intake/wording"
)

// postDecision accepts or refuses a proposal. The first decision counts.
func (s *Server) postDecision(w http.ResponseWriter, r *http.Request) {
	of := s.visit(w, r)
	if of.err != nil {
		s.refusePage(w, r, of.voice, of.err)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, 4<<10)
	id, err := strconv.ParseInt(r.PostFormValue("proposal"), 10, 64)
	decision := docket.Decision(r.PostFormValue("decision"))
	if err != nil || decision != docket.Accepted && decision != docket.Refused {
		s.refusePage(w, r, of.voice, wrong(malformed, errors.New("decide a proposal: the request names no proposal or no decision")))
		return
	}
	became, err := s.decide(context.WithoutCancel(r.Context()), of.Case, id, decision)
	if err != nil {
		s.refusePage(w, r, of.voice, err)
		return
	}
	done := "before"
	if became == decision {
		done = string(decision)
	}
	page.See(w, "../"+r.PathValue("token")+"?done="+done)
}

// decide stores the decision about a proposal of the case, and says what the proposal has become.
func (s *Server) decide(ctx context.Context, c docket.Case, id int64, d docket.Decision) (docket.Decision, error) {
	if _, err := s.proposal(ctx, c, id); err != nil {
		return "", err
	}
	now := s.now()
	letters := []docket.Letter{s.tellTrader(c, docket.EventDecided, strconv.FormatInt(id, 10), now)}
	decided, err := s.config.Store.Decide(ctx, c, id, d, "", now, letters)
	if err != nil {
		return "", wrong(unavailable, err)
	}
	if decided {
		s.config.Log.Info("proposal decided", "shop", c.Shop, "reference", c.Reference, "decision", d)
		s.worker.Wake()
		return d, nil
	}
	p, err := s.proposal(ctx, c, id)
	return p.Decision, err
}

// proposal finds an offer of the case; those of others are not found.
func (s *Server) proposal(ctx context.Context, c docket.Case, id int64) (docket.Proposal, error) {
	all, err := s.config.Store.Proposals(ctx, c.ID)
	if err != nil {
		return docket.Proposal{}, err
	}
	i := slices.IndexFunc(all, func(p docket.Proposal) bool { return p.ID == id })
	if i < 0 {
		return docket.Proposal{}, docket.ErrNotFound
	}
	return all[i], nil
}

// rating is the form with which a consumer says how it went.
type rating struct {
	Stars        int
	Opinion      string
	Nonce        string
	Wrong        string // what is wrong with the choice
	OpinionWrong string
}

// Choices are the answers of the question, from the worst to the best.
func (r rating) Choices(v wording.Voice) (all []choice) {
	for stars := 1; stars <= 5; stars++ {
		all = append(all, choice{stars, v.Text("follow.rating." + strconv.Itoa(stars)), stars == r.Stars})
	}
	return all
}

type choice struct {
	Value  int
	Label  string
	Chosen bool
}

// postRating takes the rating of a closed case; a later one takes the place of an earlier.
func (s *Server) postRating(w http.ResponseWriter, r *http.Request) {
	of := s.visit(w, r)
	in, err := s.decodeReply(w, r, false)
	data := s.replyData(r, of, in)
	data.Rates, data.Heading, data.Lost = true, of.voice.Text("follow.rating"), false
	data.Rating.Opinion = clean(in, "opinion")
	if err = errors.Join(of.err, err); err != nil {
		s.giveBack(w, r, data, err)
		return
	}
	data.rate(in.Inputs["stars"])
	if len(data.Problems) > 0 {
		s.write(w, r, http.StatusUnprocessableEntity, replyPage, data)
		return
	}
	if err := s.keepRating(context.WithoutCancel(r.Context()), of.Case, data.Rating); err != nil {
		s.giveBack(w, r, data, err)
		return
	}
	page.See(w, "../"+r.PathValue("token")+"?done=rated")
}

// rate checks a rating.
func (d *replyData) rate(stars string) {
	n, err := strconv.Atoi(stars)
	if err == nil && n >= 1 && n <= 5 {
		d.Rating.Stars = n
	} else {
		d.Rating.Wrong = d.Text("follow.rating.required")
	}
	if d.Case.State != docket.Closed {
		d.Rating.Wrong = d.Text("follow.rating.open")
	}
	d.Rating.OpinionWrong = lengthProblem(d.Voice, d.Rating.Opinion)
	d.blame("stars-"+strconv.Itoa(max(d.Rating.Stars, 1)), d.Rating.Wrong)
	d.blame("opinion", d.Rating.OpinionWrong)
}

// keepRating stores a rating and tells the trader, unless it is the one that is there.
func (s *Server) keepRating(ctx context.Context, c docket.Case, g rating) error {
	if g.Stars == c.Rating && g.Opinion == c.Opinion {
		return nil
	}
	now := s.now()
	letters := []docket.Letter{s.tellTrader(c, docket.EventRated, g.Nonce, now)}
	if err := s.config.Store.Rate(ctx, c, g.Stars, g.Opinion, now, letters); err != nil {
		return wrong(unavailable, err)
	}
	s.config.Log.Info("case rated", "shop", c.Shop, "reference", c.Reference)
	s.worker.Wake()
	return nil
}
