package inbox

import (
	"mime"
	"net/http"
	"slices"
	"strconv"
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
	Base              string // address of the page, for those below it
	State, Outcome    string
	Received          string
	Priority          string
	Country, Language string
	Due               string
	Overdue           bool
	Basis, Silence    string // what the date rests on, and what it means to let it pass
	Declaration       string
	Rows              []wording.Row
	Files             []attachment
	Timeline          []step
	Letters           []letter
	Marks             []string
	Signs             []string // why it is in quarantine
	Looks             []looked // for owners

	Work, Own bool // the user may answer; and may hold
	Notice    string
	Changed   bool // somebody was faster
	Problems  []problem
	Draft     draft
	Templates []option
	Refusal   []string // what is added to a refusal
	Remedies  []option
	States    []option
	Outcomes  []option
}

type (
	attachment struct{ Label, Href string }
	letter     struct {
		To, Kind, State string
		Bad             bool
	}
	problem struct{ Target, Text string }
)

// Wrong is what is wrong with a field.
func (d caseData) Wrong(field string) string {
	i := slices.IndexFunc(d.Problems, func(p problem) bool { return p.Target == field })
	if i < 0 {
		return ""
	}
	return d.Problems[i].Text
}

// caseRoutes are the addresses of cases.
func (in *inbox) caseRoutes(mux routes) {
	mux.Handle("GET /{$}", in.guarded(in.list))
	mux.Handle("GET /cases/{reference}", in.guarded(in.showCase))
	mux.Handle("GET /cases/{reference}/files/{file}", in.guarded(in.download))
	mux.Handle("POST /cases/{reference}/template", in.guarded(in.showTemplate))
	for path, b := range map[string]struct {
		least docket.Role
		do    deed
	}{
		"answer":                        {docket.Agent, in.answer},
		"state":                         {docket.Agent, in.change},
		"proposals":                     {docket.Agent, in.propose},
		"proposals/{proposal}/withdraw": {docket.Agent, in.withdraw},
		"notes":                         {docket.Agent, in.note},
		"mark":                          {docket.Agent, in.mark},
		"hold":                          {docket.Owner, in.hold},
	} {
		mux.Handle("POST /cases/{reference}/"+path, in.guarded(in.act(b.least, b.do)))
	}
}

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

// showTemplate is the page again, with a template in the answer.
func (in *inbox) showTemplate(w http.ResponseWriter, r *http.Request) {
	c, v, ok := in.find(w, r, docket.Agent)
	if !ok {
		return
	}
	d, ok := in.read(w, r)
	if !ok {
		return
	}
	j := &job{Request: r, Voice: v, draft: d, c: c}
	if wrong := in.insert(j); wrong != nil {
		in.drawCase(w, r, v, c, http.StatusUnprocessableEntity, caseData{Draft: j.draft, Problems: []problem{*wrong}})
		return
	}
	in.drawCase(w, r, v, c, http.StatusOK, caseData{Draft: j.draft, Notice: v.Text("inbox.template.done")})
}

// notice tells what was done a moment ago.
func (in *inbox) notice(v wording.Voice, done string) string {
	if !slices.Contains([]string{"answer", "closed", "state", "proposal", "withdrawn", "note", "sound", "suspect", "hold", "unhold"}, done) {
		return ""
	}
	text := v.Text("inbox.done." + done)
	if mails := []string{"answer", "closed", "proposal", "withdrawn"}; slices.Contains(mails, done) {
		key := "inbox.done.mail"
		if !in.Sends {
			key = "inbox.done.written"
		}
		text += " " + v.Text(key)
	}
	return text
}

// drawCase fills in what the page shows besides what the caller has put into data.
func (in *inbox) drawCase(w http.ResponseWriter, r *http.Request, v wording.Voice, c docket.Case, status int, data caseData) {
	kind := v.Text("inbox.kind." + string(c.Form))
	data.Frame = in.frame(r, v, v.Text("inbox.case.title", named("kind", kind), named("reference", c.Reference)))
	data.Failed = len(data.Problems) > 0 || data.Changed
	data.Base = data.Root() + "inbox/cases/" + c.Reference
	past, err := in.past(r, v, c, data.Base)
	if err != nil {
		in.fail(w, r, err)
		return
	}
	in.head(&data, v, c)
	data.Declaration, data.Rows = v.Declaration(c.Form), spellOut(v.Rows(c))
	data.Files = attachments(v, data.Base, c.Files)
	data.Timeline = past.timeline()
	for _, l := range past.letters {
		bad := l.Delivery == docket.Failed || l.Delivery == docket.Bounced
		data.Letters = append(data.Letters, letter{l.To, called(v, l), delivery(v, l), bad})
	}
	if data.Work = can(in.me(r), c.Shop, docket.Agent); data.Work {
		in.choices(&data, v, c, len(past.events))
	}
	if data.Own = can(in.me(r), c.Shop, docket.Owner); data.Own {
		if data.Looks, err = in.looks(r, v, c); err != nil {
			in.fail(w, r, err)
			return
		}
	}
	if in.viewed(w, r, c, "case", "") {
		in.write(w, status, casePage, data)
	}
}

// head is what one must know of a case at a glance.
func (in *inbox) head(data *caseData, v wording.Voice, c docket.Case) {
	data.Case, data.Received, data.State = c, v.Moment(c.Received), v.Text("inbox.state."+string(c.State))
	if c.Outcome != "" {
		data.Outcome = v.Text("status.outcome." + string(c.Outcome))
	}
	data.Priority = priority(v, c)
	data.Country, data.Language = v.Market(in.House, c.Locale)
	data.Due, data.Overdue = in.due(v, c)
	data.Basis, data.Silence = basis(v, c.Due)
	if data.Overdue && data.Silence != "" { // said before somebody refuses what the law takes for accepted
		data.Marks = append(data.Marks, data.Silence)
	}
	if c.Suspect {
		data.Signs = v.Signs(c)
	}
	if c.Repeat {
		data.Marks = append(data.Marks, v.Text("inbox.case.repeat"))
	}
	if c.Undelivered {
		data.Marks = append(data.Marks, v.Text("inbox.case.undelivered"))
	}
}

// basis says what a due date rests on and what follows when it passes.
func basis(v wording.Voice, due docket.Due) (basis, silence string) {
	if due.Task == docket.Promise {
		return v.Text("inbox.case.basis.promise"), ""
	}
	return due.Statute, strings.Join(v.Silence("inbox.case.silence.", due), " ")
}

func priority(v wording.Voice, c docket.Case) string {
	return v.Text("inbox.priority." + map[docket.Priority]string{docket.High: "high", docket.Normal: "normal", docket.Low: "low"}[c.Priority])
}

// choices fills the forms; what was just entered stays chosen.
func (in *inbox) choices(data *caseData, v wording.Voice, c docket.Case, events int) {
	d := &data.Draft
	if d.Nonce == "" {
		d.Nonce = uuid.NewString()
	}
	if d.Drawn == 0 {
		d.Drawn = events
	}
	if d.State == "" {
		d.State = c.State
	}
	if d.Outcome == "" {
		d.Outcome = c.Outcome
	}
	if d.Hold == nil {
		d.Hold = &c.Hold
	}
	data.Templates = []option{{"", v.Text("inbox.template.none"), d.Template == ""}}
	for _, a := range in.templates(c) {
		data.Templates = append(data.Templates, option{a.ID, in.Answers.Title(a, v.Locale.Language.Tag), a.ID == d.Template})
	}
	data.Refusal = in.House.Refusal(in.consumer(c), in.Now())
	data.Remedies = options(v, "follow.remedy.", docket.Remedies, d.Remedy, v.Text("inbox.proposal.remedy.none"))
	data.States = options(v, "inbox.state.", docket.States, d.State, "")
	data.Outcomes = options(v, "status.outcome.", docket.Outcomes, d.Outcome, v.Text("inbox.change.outcome.none"))
}

// options offers values with their words; none is the first of them, where there is such a choice.
func options[T ~string](v wording.Voice, prefix string, values []T, chosen T, none string) (all []option) {
	if none != "" {
		all = append(all, option{"", none, chosen == ""})
	}
	for _, value := range values {
		all = append(all, option{string(value), v.Text(prefix + string(value)), value == chosen})
	}
	return all
}

// Drawn is the number of events for the hidden field.
func (d caseData) Drawn() string { return strconv.Itoa(d.Draft.Drawn) }

// download hands out an attachment. It is never shown in our origin: what it holds is the visitor's.
func (in *inbox) download(w http.ResponseWriter, r *http.Request) {
	c, _, ok := in.find(w, r, docket.Reader)
	if !ok {
		return
	}
	messages, err := in.Store.Messages(r.Context(), c.ID)
	if err != nil {
		in.fail(w, r, err)
		return
	}
	files := c.Files
	for _, m := range messages {
		files = append(files, m.Files...)
	}
	i := slices.IndexFunc(files, func(f docket.File) bool { return f.ID == r.PathValue("file") && f.Size > 0 })
	if i < 0 {
		in.nothing(w, r)
		return
	}
	f := files[i]
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
