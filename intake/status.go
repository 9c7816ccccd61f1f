package intake

import (
	"net/http"

	"recourse/intake/docket"
	"recourse/intake/page"
	"recourse/intake/wording"
	"recourse/law"
	"recourse/shop"
)

var statusPage = page.Parse(pages, "pages/status.html")

type statusData struct {
	page.Frame
	Case        docket.Case
	Received    string
	State       string
	Outcome     string
	Next        []string
	Overdue     bool
	Messages    []message
	Declaration string
	Rows        []wording.Row
	Escalation  escalation
}

type message struct{ Intro, Text string }

// escalation is whom a consumer can turn to who is not satisfied.
type escalation struct {
	Stance string
	Bodies []shop.Body
	Centre law.Body // European Consumer Centre, where trader and consumer are in different countries
	Page   string   // the page on disputes
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
	written, err := s.config.Store.Messages(r.Context(), c.ID)
	if err != nil {
		return statusData{}, err
	}
	data := statusData{
		Frame:    page.Frame{Voice: v, Heading: v.Text("status.title", named("reference", c.Reference)), Depth: depth(r)},
		Case:     c,
		Received: v.Moment(c.Received), State: v.Text("status.state." + string(c.State)),
		Declaration: v.Declaration(c.Form), Rows: v.Statement(c),
	}
	if c.Outcome != "" {
		data.Outcome = v.Text("status.outcome." + string(c.Outcome))
	}
	if open := c.State == docket.New || c.State == docket.InProgress; open {
		data.Next = v.Next(c)
		data.Overdue = c.Due.Task != "" && docket.DayOf(s.config.Now(), v.Shop.Location()) > c.Due.Day
	}
	for _, m := range written {
		data.Messages = append(data.Messages, message{v.Text("status.message.from", named("moment", v.Moment(m.Written))), m.Text})
	}
	data.Escalation = s.escalation(v)
	return data, nil
}

func (s *Server) escalation(v wording.Voice) escalation {
	country, today := v.Locale.Country, docket.DayOf(s.config.Now(), v.Shop.Location())
	facts, err := s.config.Law.At(country, today)
	if err != nil { // a country nobody keeps the law of; what the shop says of itself stands
		facts = law.Facts{Country: country}
	}
	e := escalation{Page: v.Page("disputes") + "/", Bodies: bodies(v.Shop.Disputes.Bodies, facts)}
	// Where every trader must name a body, some bodies decide whether or not the trader likes to take part.
	if p := v.Shop.Disputes.Participation; p != shop.ParticipationNo || !facts.Dispute.Always {
		e.Stance = v.Text("status.escalate." + string(p))
	}
	trader, err := s.config.Law.At(v.Shop.Trader.Country, today)
	if err == nil && facts.EEA && trader.EEA && facts.Country != trader.Country {
		e.Centre = facts.Dispute.ECC
	}
	return e
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
