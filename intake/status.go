package intake

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"recourse/form"
	"recourse/form/markup"
	"recourse/intake/docket"
	"recourse/intake/page"
	"recourse/intake/wording"
	"recourse/law"
	"recourse/shop"
)

var statusPage = page.Parse(pages, "pages/status.html", "pages/follow.html")

// follow is what the forms need with which a consumer follows a case up.
type follow struct {
	page.Frame
	Case    docket.Case
	Token   string
	Base    string // address of what lies below the status page
	Message draft
	Rating  rating
}

type statusData struct {
	follow
	Notice      string // what was done a moment ago
	Received    string
	State       string
	Outcome     string
	Open        []offer // proposals that wait for a decision
	Clock       clock
	Story       []scene
	Declaration string
	Rows        []wording.Row
	Files       []attachment
	Escalation  escalation
}

// attachment without an address is one that was erased.
type attachment struct{ Label, Href string }

// offer is a proposal in words.
type offer struct {
	ID                 int64
	Remedy, Made, Text string
}

// getStatus shows the consumer what has become of the case.
func (s *Server) getStatus(w http.ResponseWriter, r *http.Request) {
	c, v, ok := s.open(w, r, docket.Status)
	if !ok {
		return
	}
	data, err := s.statusData(r, v, c)
	if err != nil {
		s.refusePage(w, r, v, err)
		return
	}
	s.write(w, r, http.StatusOK, statusPage, data)
}

func (s *Server) statusData(r *http.Request, v wording.Voice, c docket.Case) (statusData, error) {
	known, err := s.record(r.Context(), c)
	if err != nil {
		return statusData{}, err
	}
	data := statusData{
		follow: s.follow(r, v, c, v.Text("status.title", named("reference", c.Reference))),
		Notice: notice(v, r.URL.Query().Get("done")), Received: v.Moment(c.Received), State: v.Text("status.state." + string(c.State)),
		Clock: s.clock(v, c, known.lastAnswer(c)), Declaration: v.Declaration(c.Form), Rows: provided(v, v.Rows(c)), Escalation: s.escalation(v),
	}
	data.Message.Nonce, data.Rating.Nonce = uuid.NewString(), uuid.NewString()
	data.Rating.Stars, data.Rating.Opinion = c.Rating, c.Opinion
	if c.Outcome != "" {
		data.Outcome = v.Text("status.outcome." + string(c.Outcome))
	}
	data.Open = offers(v, known.proposals)
	data.Files = attachments(v, data.Base, c.Files)
	for _, e := range known.story() {
		data.Story = append(data.Story, e.scene(v, data.Base))
	}
	return data, nil
}

// follow is about no case where the case is not known.
func (s *Server) follow(r *http.Request, v wording.Voice, c docket.Case, heading string) follow {
	f := follow{Frame: page.Frame{Voice: v, Heading: heading, Depth: depth(r)}, Case: c, Token: r.PathValue("token")}
	f.Base = f.Root() + "status/" + f.Token + "/"
	f.Message.Upload, f.Message.Accept = uploads(v), strings.Join(form.FileTypes, ",")
	return f
}

// uploads are the words of the form's field for files.
func uploads(v wording.Voice) (files markup.Field) {
	for _, p := range v.Definition(form.Complaint).Pages {
		for _, f := range p.Fields {
			if f.Type == "files" {
				files = f
			}
		}
	}
	return files
}

// notices are what ?done= may say. It says it to whoever follows the link, so that it must do no harm where nothing was done.
var notices = []string{"message", "accepted", "refused", "before", "rated"}

func notice(v wording.Voice, done string) string {
	if !slices.Contains(notices, done) {
		return ""
	}
	return v.Text("follow.done." + done)
}

func offers(v wording.Voice, all []docket.Proposal) (open []offer) {
	for _, p := range all {
		if p.Decision == docket.Open {
			open = append(open, offer{p.ID, remedy(v, p.Remedy), v.Moment(p.Made), p.Text})
		}
	}
	return open
}

func remedy(v wording.Voice, r docket.Remedy) string {
	if !slices.Contains(docket.Remedies, r) {
		r = "other"
	}
	return v.Text("follow.remedy." + string(r))
}

func attachments(v wording.Voice, base string, files []docket.File) (all []attachment) {
	for _, f := range files {
		a := attachment{Label: fileLabel(v, f)}
		if f.Size > 0 {
			a.Href = base + "files/" + f.ID
		}
		all = append(all, a)
	}
	return all
}

func fileLabel(v wording.Voice, f docket.File) string {
	if f.Size == 0 { // erased before the case is
		return v.Text("inbox.case.file.erased", named("name", f.Name))
	}
	return v.Text("receipt.file", named("name", f.Name), named("size", v.Size(f.Size)))
}

// clock says who is to act now, and by when.
type clock struct {
	Lines   []string
	Overdue string // since when the date has passed
	Waiting bool   // the trader has not answered yet
	Advice  string // above the addresses of those who help
}

func (s *Server) clock(v wording.Voice, c docket.Case, answered time.Time) clock {
	if c.State == docket.Closed {
		return clock{Lines: []string{v.Text("follow.clock.closed", named("moment", v.Moment(c.Closed)))}}
	}
	t := clock{Waiting: c.Answered.IsZero()}
	if !t.Waiting {
		t.Lines = answers(v, c, answered)
	}
	// An answer, late or not, ends the clock for answers; only closing ends that for a refund. Where nobody computes when a
	// second answer would be due, the first date must not be held against the trader again.
	if t.Waiting || c.Due.Task == docket.Refund {
		t.Lines = append(t.Lines, v.Next(c)...)
		t.count(v, c, s.config.Now())
	}
	return t
}

func (t *clock) count(v wording.Voice, c docket.Case, now time.Time) {
	if c.Due.Task == "" {
		return
	}
	t.Advice = v.Text("follow.escalate.wait", named("date", v.Date(c.Due.Day)))
	if over := int(docket.DayOf(now, v.Shop.Location()) - c.Due.Day); over > 0 {
		t.Overdue = v.Plural("follow.overdue", over, named("date", v.Date(c.Due.Day)))
		t.Advice = v.Text("follow.escalate.now")
	}
}

// answers says when the trader answered last, and whether the first answer came too late.
func answers(v wording.Voice, c docket.Case, last time.Time) []string {
	key := "follow.clock.again"
	if c.State == docket.Answered {
		key = "follow.clock.answered"
	}
	lines := []string{v.Text(key, named("moment", v.Moment(last)))}
	if task := c.Due.Task; (task == docket.Answer || task == docket.Promise) && docket.DayOf(c.Answered, v.Shop.Location()) > c.Due.Day {
		lines = append(lines, v.Text("follow.clock.late", named("date", v.Date(c.Due.Day)), named("moment", v.Moment(c.Answered))))
	}
	return lines
}

// escalation is whom a consumer can turn to who is not satisfied.
type escalation struct {
	Stance   string
	Bodies   []shop.Body
	Register law.Body // of the country's bodies, where none is named
	Centre   law.Body // where trader and consumer are in different countries
	Abroad   string   // what the centre does
	Page     string   // the page on disputes
}

// Nobody is true where we can name nobody.
func (e escalation) Nobody() bool {
	return len(e.Bodies) == 0 && e.Register.Name == "" && e.Centre.Name == ""
}

func (s *Server) escalation(v wording.Voice) escalation {
	country, today := v.Locale.Country, docket.DayOf(s.config.Now(), v.Shop.Location())
	facts, err := s.config.Law.At(country, today)
	if err != nil { // a country nobody keeps the law of; what the shop says of itself stands
		facts = law.Facts{Country: country}
	}
	e := escalation{Page: v.Page("disputes") + "/", Bodies: bodies(v.Shop.Disputes.Bodies, facts)}
	if p := v.Shop.Disputes.Participation; p != shop.ParticipationNo || !facts.Dispute.MayOblige() {
		e.Stance = v.Text("status.escalate." + string(p))
	}
	if len(e.Bodies) == 0 && facts.Dispute.List.URL != "" {
		e.Register = facts.Dispute.List
	}
	s.centre(&e, v, facts)
	return e
}

// centre names who helps consumers across borders: the European Consumer Centres those of the EEA with traders of the EEA,
// that of another country its own consumers.
func (s *Server) centre(e *escalation, v wording.Voice, facts law.Facts) {
	if facts.Country == v.Shop.Trader.Country {
		return
	}
	trader, err := s.config.Law.At(v.Shop.Trader.Country, facts.Day)
	switch {
	case err == nil && facts.EEA && trader.EEA:
		e.Centre, e.Abroad = v.Centre(facts), v.Text("status.escalate.ecc")
	case !facts.EEA:
		e.Centre, e.Abroad = v.Centre(facts), v.Text("follow.escalate.centre", named("country", v.Locale.Language.Country(facts.Country)))
	}
}

// bodies are those the trader names for the country, else those its law names for every trader.
func bodies(named []shop.Body, facts law.Facts) (all []shop.Body) {
	for _, b := range named {
		if b.Country == "" || b.Country == facts.Country {
			all = append(all, b)
		}
	}
	if len(all) == 0 && facts.Dispute.Always {
		for _, b := range facts.Dispute.Residual {
			all = append(all, shop.Body{Name: b.Name, Address: b.Address, URL: b.URL})
		}
	}
	return all
}
