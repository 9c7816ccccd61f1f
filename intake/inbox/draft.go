package inbox

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"
	"golang.org/x/text/unicode/norm"

	"recourse/form"
	"recourse/intake/docket"
	"recourse/intake/page"
	"recourse/intake/wording"
)

// draft is what stands in the fields of a case's page. All of them are one form: whichever of its buttons is pressed, what was typed
// for another comes along and is shown again, so that no word is lost.
type draft struct {
	Nonce    string // makes what is sent twice one thing
	Drawn    int    // how many events the case had when the page was drawn; 0: not told
	Template string
	Answer   string
	Refuse   bool // the answer refuses
	Remedy   docket.Remedy
	Proposal string
	Note     string
	State    docket.State // empty: the state the case has
	Outcome  docket.Outcome
	Hold     *string // nil: what the case has
}

// Lengths in code points. They are far above what people write, and far below maxForm: who pastes too much is told so and keeps it.
const (
	maxAnswer = 10000
	maxHold   = 500
	maxForm   = 4 << 20 // bytes: a megabyte of any script, percent-encoded
)

// read takes the draft from a request. When it says false, the answer is written.
func (in *inbox) read(w http.ResponseWriter, r *http.Request) (d draft, ok bool) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	err := r.ParseForm()
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		in.refuse(w, r, http.StatusRequestEntityTooLarge, "inbox.error.too-large")
		return d, false
	case err != nil:
		in.refuse(w, r, http.StatusBadRequest, "inbox.error.unavailable")
		return d, false
	}
	text := func(name string) string { return form.Clean(form.Text, norm.NFC.String(r.PostFormValue(name))) }
	d = draft{
		Template: r.PostFormValue("template"), Answer: text("answer"), Refuse: r.PostFormValue("refuse") != "",
		Remedy: docket.Remedy(r.PostFormValue("remedy")), Proposal: text("proposal"), Note: text("note"),
		State: docket.State(r.PostFormValue("state")), Outcome: docket.Outcome(r.PostFormValue("outcome")),
	}
	if _, there := r.PostForm["hold"]; there {
		hold := text("hold")
		d.Hold = &hold
	}
	d.Drawn, _ = strconv.Atoi(r.PostFormValue("seen"))
	nonce, err := uuid.Parse(r.PostFormValue("nonce"))
	if err != nil {
		nonce = uuid.New()
	}
	d.Nonce = nonce.String()
	return d, true
}

// nonce of one thing that a page can do, made from that of the page.
func (d draft) nonce(of string) string {
	page, err := uuid.Parse(d.Nonce)
	if err != nil { // read makes one where there is none
		panic("inbox: a draft has no nonce")
	}
	return uuid.NewSHA1(page, []byte(of)).String()
}

// left tells whether something is typed that was not sent.
func (d draft) left(c docket.Case) bool {
	return d.Answer != "" || d.Proposal != "" || d.Note != "" || d.Hold != nil && *d.Hold != c.Hold
}

// job is a button pressed on the page of a case.
type job struct {
	*http.Request
	wording.Voice // of the trader
	draft
	c      docket.Case
	events int // how many the case has
}

// deed does what a button is for. It takes out of the draft what it has used, and names the sentence that says so; or it says what is wrong,
// and nothing has happened.
type deed func(j *job) (done string, wrong []problem, err error)

// act lets people with a role do something to a case.
func (in *inbox) act(least docket.Role, do deed) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c, v, ok := in.find(w, r, least)
		if !ok {
			return
		}
		d, ok := in.read(w, r)
		if !ok {
			return
		}
		events, err := in.Store.Events(r.Context(), c.ID)
		if err != nil {
			in.fail(w, r, err)
			return
		}
		j := &job{r, v, d, c, len(events)}
		done, wrong, err := do(j)
		switch {
		case errors.Is(err, errChanged):
			in.warn(w, j)
		case err != nil:
			in.fail(w, r, err)
		case wrong != nil:
			in.drawCase(w, r, v, c, http.StatusUnprocessableEntity, caseData{Draft: j.draft, Problems: wrong})
		default:
			in.goOn(w, j, done)
		}
	}
}

// goOn shows the case after something was done: with what was typed besides where there is any.
func (in *inbox) goOn(w http.ResponseWriter, j *job, done string) {
	in.Log.Info("case "+done, "reference", j.c.Reference)
	in.Wake()
	if j.FormValue("from") == "list" {
		page.See(w, up(j.Request)+"?show=quarantine&done="+done)
		return
	}
	if !j.left(j.c) {
		page.See(w, strings.Repeat("../", depth(j.Request)-2)+j.c.Reference+"?done="+done)
		return
	}
	c, err := in.Store.ByReference(j.Context(), j.c.Reference)
	if err != nil {
		in.fail(w, j.Request, err)
		return
	}
	j.Nonce, j.Drawn, j.State, j.Outcome = "", 0, "", ""
	notice := in.notice(j.Voice, done) + " " + j.Text("inbox.kept")
	in.drawCase(w, j.Request, j.Voice, c, http.StatusOK, caseData{Draft: j.draft, Notice: notice})
}

// errChanged: somebody has done something to the case since its page was drawn.
var errChanged = errors.New("the case has changed")

// current says that the case is as it was when the page was drawn.
func (j *job) current() error {
	if j.Drawn != 0 && j.Drawn != j.events {
		return errChanged
	}
	return nil
}

// warn shows what was typed again, below what has happened meanwhile. Who presses again has seen it.
func (in *inbox) warn(w http.ResponseWriter, j *job) {
	j.Nonce, j.Drawn = "", 0
	in.drawCase(w, j.Request, j.Voice, j.c, http.StatusConflict, caseData{Draft: j.draft, Changed: true})
}

// tooLong says which text has too many characters, and by how many.
func tooLong(v wording.Voice, field, label, text string, most int) []problem {
	n := utf8.RuneCountInString(text)
	if n <= most {
		return nil
	}
	return []problem{{field, v.Text("inbox.text.too-long", named("field", v.Text(label)), named("length", strconv.Itoa(n)), named("max", strconv.Itoa(most)))}}
}

// written checks a text that must be there.
func written(v wording.Voice, field, label, required, text string) []problem {
	if text == "" {
		return []problem{{field, v.Text(required)}}
	}
	return tooLong(v, field, label, text, maxAnswer)
}
