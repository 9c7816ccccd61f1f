package inbox

import (
	"net/http"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"golang.org/x/text/unicode/norm"

	"recourse/form"
	"recourse/intake/docket"
	"recourse/intake/mail"
	"recourse/intake/page"
	"recourse/intake/wording"
)

// maxAnswer is the length of an answer in code points.
const maxAnswer = 10000

// answer stores what the trader writes to the consumer, with the letter that carries it.
func (in *inbox) answer(w http.ResponseWriter, r *http.Request) {
	c, v, ok := in.find(w, r, docket.Agent)
	if !ok {
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, 256<<10)
	text := form.Clean(form.Text, norm.NFC.String(r.PostFormValue("answer")))
	nonce, err := uuid.Parse(r.PostFormValue("nonce"))
	if err != nil {
		nonce = uuid.New()
	}
	if wrong := answerProblem(v, text); wrong != "" {
		in.drawCase(w, r, v, c, http.StatusUnprocessableEntity, caseData{
			Problems: []problem{{"answer", wrong}}, Answer: text, Nonce: nonce.String()})
		return
	}
	if err := in.sendAnswer(r, c, text, nonce.String()); err != nil {
		in.fail(w, r, err)
		return
	}
	in.Log.Info("case answered", "reference", c.Reference)
	in.Wake()
	page.See(w, "../"+c.Reference+"?done=answer")
}

func answerProblem(v wording.Voice, text string) string {
	switch {
	case text == "":
		return v.Text("inbox.answer.required")
	case utf8.RuneCountInString(text) > maxAnswer:
		return v.Text("inbox.answer.too-long", named("max", strconv.Itoa(maxAnswer)))
	}
	return ""
}

func (in *inbox) sendAnswer(r *http.Request, c docket.Case, text, nonce string) error {
	m := docket.Message{Side: docket.Trader, Author: in.me(r).Login, Text: text, Nonce: nonce, Written: in.Now().UTC().Truncate(time.Microsecond)}
	l := mail.Envelope(in.shopOf(c), c, docket.Reply, nonce, c.Email(), m.Written)
	_, err := in.Store.Write(r.Context(), c, m, []docket.Letter{l})
	return err
}

// change sets the state of a case.
func (in *inbox) change(w http.ResponseWriter, r *http.Request) {
	c, v, ok := in.find(w, r, docket.Agent)
	if !ok {
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, 4<<10)
	state, outcome := docket.State(r.PostFormValue("state")), docket.Outcome(r.PostFormValue("outcome"))
	if !slices.Contains(docket.States, state) {
		state = c.State
	}
	if state != docket.Closed {
		outcome = ""
	} else if !slices.Contains(docket.Outcomes, outcome) {
		in.drawCase(w, r, v, c, http.StatusUnprocessableEntity, caseData{
			Problems: []problem{{"outcome", v.Text("inbox.change.required")}}, Choice: state})
		return
	}
	if err := in.Store.Change(r.Context(), c, state, outcome, in.me(r).Login, in.Now(), nil); err != nil {
		in.fail(w, r, err)
		return
	}
	in.Log.Info("case changed", "reference", c.Reference, "state", state)
	page.See(w, "../"+c.Reference+"?done=state")
}
