package inbox

import (
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"recourse/intake/docket"
	"recourse/intake/page"
	"recourse/intake/wording"
	"recourse/shop"
)

var casePage = page.Parse(pages, "pages/case.html")

type caseData struct {
	page.Frame
	Case              docket.Case
	State             string
	Received          string
	Country, Language string
	Due               string
	Overdue           bool
	Basis, Silence    string // what the date rests on, and what it means to let it pass
	Declaration       string
	Rows              []wording.Row
	Files             []attachment
	StatusPage        string
	Messages          []message
	Letters           []letter
	History           []string
	Marks             []string

	Notice   string
	Problems []problem
	Nonce    string // makes an answer sent twice one answer
	Answer   string
	Choice   docket.State // empty: the state the case has
	States   []option
	Outcomes []option
}

type (
	attachment struct{ Label, Href string }
	message    struct{ Intro, Text string }
	letter     struct{ To, Kind, State string }
	problem    struct{ Target, Text string }
)

func (in *inbox) zone(c docket.Case) *time.Location {
	return in.shopOf(c).Location()
}

// shopOf is the shop of a case; of one that is no longer served, the first stands in for zone and words.
func (in *inbox) shopOf(c docket.Case) *shop.Shop {
	if s := in.shops[c.Shop]; s != nil {
		return s
	}
	return in.Shops[0]
}

func (in *inbox) showCase(w http.ResponseWriter, r *http.Request) {
	c, v, ok := in.find(w, r, docket.Reader)
	if !ok {
		return
	}
	in.drawCase(w, r, v, c, http.StatusOK, caseData{Notice: in.notice(v, r.URL.Query().Get("done"))})
}

// notice tells what was done a moment ago.
func (in *inbox) notice(v wording.Voice, done string) string {
	switch {
	case done == "answer" && !in.Sends:
		return v.Text("inbox.answer.done.written")
	case done == "answer":
		return v.Text("inbox.answer.done")
	case done == "state":
		return v.Text("inbox.change.done")
	}
	return ""
}

// drawCase fills in what the page shows besides what the caller has put into data.
func (in *inbox) drawCase(w http.ResponseWriter, r *http.Request, v wording.Voice, c docket.Case, status int, data caseData) {
	kind := v.Text("inbox.kind." + string(c.Form))
	data.Frame = in.frame(r, v, v.Text("inbox.case.title", named("kind", kind), named("reference", c.Reference)))
	data.Failed = len(data.Problems) > 0
	data.Case, data.Received, data.State = c, v.Moment(c.Received), v.Text("inbox.state."+string(c.State))
	data.Country, data.Language = v.Market(in.House, c.Locale)
	data.Due, data.Overdue = in.due(v, c)
	data.Basis, data.Silence = basis(v, c.Due)
	data.Declaration, data.Rows = v.Declaration(c.Form), spellOut(v.Rows(c))
	data.StatusPage = data.Root() + "status/" + in.Status(c)
	data.Marks = marks(v, c)
	data.choose(v, c)
	if data.Nonce == "" {
		data.Nonce = uuid.NewString()
	}
	for _, f := range c.Files {
		label := v.Text("inbox.case.file", named("name", f.Name), named("size", v.Size(f.Size)))
		data.Files = append(data.Files, attachment{label, data.Root() + "inbox/cases/" + c.Reference + "/files/" + f.ID})
	}
	if err := in.correspondence(r, v, c, &data); err != nil {
		in.fail(w, r, err)
		return
	}
	if !in.viewed(w, r, c, "case", "") {
		return
	}
	in.write(w, status, casePage, data)
}

// basis says what a due date rests on and what follows when it passes.
func basis(v wording.Voice, due docket.Due) (basis, silence string) {
	if due.Task == docket.Promise {
		return v.Text("inbox.case.basis.promise"), ""
	}
	return due.Statute, strings.Join(v.Silence("inbox.case.silence.", due), " ")
}

func marks(v wording.Voice, c docket.Case) []string {
	var all []string
	if c.Suspect {
		all = append(append(all, v.Text("inbox.case.suspect")), v.Signs(c)...)
	}
	if c.Repeat {
		all = append(all, v.Text("inbox.case.repeat"))
	}
	return all
}

// choose offers states and outcomes; what was just entered stays chosen.
func (d *caseData) choose(v wording.Voice, c docket.Case) {
	if d.Choice == "" {
		d.Choice = c.State
	}
	for _, s := range docket.States {
		d.States = append(d.States, option{string(s), v.Text("inbox.state." + string(s)), s == d.Choice})
	}
	d.Outcomes = []option{{"", v.Text("inbox.change.outcome.none"), c.Outcome == ""}}
	for _, o := range docket.Outcomes {
		d.Outcomes = append(d.Outcomes, option{string(o), v.Text("status.outcome." + string(o)), o == c.Outcome})
	}
}

func (in *inbox) correspondence(r *http.Request, v wording.Voice, c docket.Case, data *caseData) error {
	messages, err := in.Store.Messages(r.Context(), c.ID)
	if err != nil {
		return err
	}
	for _, m := range messages {
		data.Messages = append(data.Messages, message{v.Text("inbox.case.message", named("moment", v.Moment(m.Written))), m.Text})
	}
	letters, err := in.Store.Letters(r.Context(), c.ID)
	if err != nil {
		return err
	}
	for _, l := range letters {
		data.Letters = append(data.Letters, letter{l.To, v.Text("inbox.letter." + string(l.Kind)), in.delivery(v, l)})
	}
	events, err := in.Store.Events(r.Context(), c.ID)
	for _, e := range events {
		data.History = append(data.History, event(v, e))
	}
	return err
}

func (in *inbox) delivery(v wording.Voice, l docket.Letter) string {
	switch {
	case l.Delivery == docket.Queued && l.Attempts > 0:
		return v.Text("inbox.case.mail.delayed", named("moment", v.Moment(l.Next)))
	default:
		return v.Text("inbox.case.mail."+string(l.Delivery), named("moment", v.Moment(l.Done)))
	}
}

func event(v wording.Voice, e docket.Event) string {
	at := named("moment", v.Moment(e.At))
	switch e.What {
	case "received":
		return v.Text("inbox.case.opened", at)
	case docket.EventAnswer:
		return v.Text("inbox.case.answered", at)
	}
	state := v.Text("inbox.state." + e.What)
	if e.Outcome != "" {
		state += " (" + v.Text("status.outcome."+string(e.Outcome)) + ")"
	}
	return v.Text("inbox.case.changed", named("state", state), at)
}

// download hands out an attachment. It is never shown in our origin: what it holds is the visitor's.
func (in *inbox) download(w http.ResponseWriter, r *http.Request) {
	c, _, ok := in.find(w, r, docket.Reader)
	if !ok {
		return
	}
	i := slices.IndexFunc(c.Files, func(f docket.File) bool { return f.ID == r.PathValue("file") })
	if i < 0 {
		in.nothing(w, r)
		return
	}
	f := c.Files[i]
	content, err := in.Files.Open(f.ID)
	if err != nil {
		in.fail(w, r, err)
		return
	}
	defer content.Close()
	if !in.viewed(w, r, c, "file", "") {
		return
	}
	w.Header().Set("Content-Security-Policy", "sandbox; default-src 'none'")
	w.Header().Set("Content-Type", f.Type)
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": f.Name}))
	http.ServeContent(w, r, "", time.Time{}, content)
}
