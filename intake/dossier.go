package intake

import (
	"net/http"
	"strings"

	"recourse/intake/docket"
	"recourse/intake/page"
	"recourse/intake/wording"
)

var casePage = page.Parse(pages, "pages/case.html")

// dossier is the whole case, to be handed over to whoever is to settle it. It is about both sides, so that it calls neither
// "you"; it holds no link that opens the case.
type dossier struct {
	page.Frame
	Case        docket.Case
	AsOf        string
	Parties     []party
	Facts       []wording.Row
	Declaration string
	Rows        []wording.Row
	Proposals   []paper // with what became of them
	Agreements  []paper // those the consumer accepted
	Messages    []paper
	Files       []filePrint
	Letters     []string
	History     []scene
	Download    string
	Token       string
	Fingerprint string
}

type party struct {
	Heading string
	Rows    []wording.Row
}

// paper is something somebody wrote.
type paper struct {
	Heading, Text, Became string
	Files                 []string
}

// getCase shows the whole case for print.
func (s *Server) getCase(w http.ResponseWriter, r *http.Request) {
	c, v, ok := s.open(w, r, docket.Status)
	if !ok {
		return
	}
	d, err := s.dossier(r, v, c)
	if err != nil {
		s.refusePage(w, r, v, err)
		return
	}
	s.write(w, r, http.StatusOK, casePage, d)
}

// getCaseText is the same as a signed file.
func (s *Server) getCaseText(w http.ResponseWriter, r *http.Request) {
	c, v, ok := s.open(w, r, docket.Status)
	if !ok {
		return
	}
	d, err := s.dossier(r, v, c)
	if err == nil {
		var text string
		if text, err = s.sealed(caseText(), d); err == nil {
			textFile(w, c.Reference+"-case.txt", text)
			return
		}
	}
	s.refusePage(w, r, v, err)
}

func (s *Server) dossier(r *http.Request, v wording.Voice, c docket.Case) (dossier, error) {
	known, err := s.record(r.Context(), c)
	if err != nil {
		return dossier{}, err
	}
	d := dossier{
		Frame: page.Frame{Voice: v, Heading: v.Text("follow.file.title."+string(c.Form), named("reference", c.Reference)), Depth: depth(r)},
		Case:  c, AsOf: v.Text("follow.file.as-of", named("moment", v.Moment(s.config.Now()))), Download: "case.txt", Token: r.PathValue("token"), Fingerprint: s.Fingerprint(),
		Parties: parties(v, c), Facts: caseFacts(v, c), Declaration: v.Declaration(c.Form), Rows: provided(v, v.Rows(c)),
		Letters: letters(v, known.letters),
	}
	d.propose(known.proposals)
	d.correspond(c, known.messages)
	for _, e := range known.story() {
		d.History = append(d.History, scene{Moment: v.Moment(e.at), Title: e.title(v, "follow.case.")})
	}
	return d, nil
}

// row of facts; none where there is nothing to say.
func (p *party) add(v wording.Voice, key, text string) {
	if text != "" {
		p.Rows = append(p.Rows, wording.Row{Label: v.Text(key), Text: text})
	}
}

// parties names both sides. The trader's people are not among them.
func parties(v wording.Voice, c docket.Case) []party {
	consumer, trader, t := party{Heading: v.Text("follow.file.consumer")}, party{Heading: v.Text("follow.file.trader")}, v.Shop.Trader
	consumer.add(v, "follow.label.name", c.Values["name"])
	consumer.add(v, "follow.label.email", c.Email())
	trader.add(v, "follow.label.name", t.LegalName)
	trader.add(v, "follow.label.address", strings.Join(append(append([]string(nil), t.Address...), v.Locale.Language.Country(t.Country)), "\n"))
	trader.add(v, "follow.label.email", t.Email)
	trader.add(v, "follow.label.phone", t.Phone)
	trader.add(v, "follow.label.register", t.Register)
	trader.add(v, "follow.label.vat", t.VATID)
	return []party{consumer, trader}
}

func caseFacts(v wording.Voice, c docket.Case) []wording.Row {
	var p party
	p.add(v, "receipt.reference", c.Reference)
	p.add(v, "receipt.received", v.Moment(c.Received))
	p.add(v, "follow.label.country", v.Locale.Language.Country(v.Locale.Country))
	if c.Due.Task != "" {
		p.add(v, "follow.label.due."+string(c.Due.Task), v.Date(c.Due.Day))
		p.add(v, "follow.label.basis", c.Due.Statute)
	}
	if !c.Answered.IsZero() {
		p.add(v, "follow.label.answered", v.Moment(c.Answered))
	}
	p.add(v, "status.state", v.Text("status.state."+string(c.State)))
	if c.Outcome != "" {
		p.add(v, "status.outcome", v.Text("status.outcome."+string(c.Outcome)))
	}
	if seen := v.Seen(c); seen != nil {
		p.add(v, "version.seen", seen.Version+"\n"+v.Text("version.hash")+": "+seen.SHA256)
	}
	return p.Rows
}

func (d *dossier) propose(all []docket.Proposal) {
	for _, p := range all {
		made := named("moment", d.Moment(p.Made))
		one := paper{Heading: d.Text("follow.case.proposed", named("remedy", remedy(d.Voice, p.Remedy))), Text: p.Text}
		one.Became = d.Text("follow.file.proposal."+string(p.Decision), made, named("decided", d.Moment(p.Decided)))
		d.Proposals = append(d.Proposals, one)
		if p.Decision == docket.Accepted {
			d.Agreements = append(d.Agreements, one)
		}
	}
}

func (d *dossier) correspond(c docket.Case, all []docket.Message) {
	at := func(key, moment string) string { return d.Text(key, named("moment", moment)) }
	d.Files = filePrints(d.Voice, c.Files, at("follow.file.from.statement", d.Moment(c.Received)))
	for _, m := range all {
		key := map[docket.Side]string{docket.Trader: "trader", docket.Consumer: "consumer"}[m.Side]
		files := filePrints(d.Voice, m.Files, at("follow.file.from."+key, d.Moment(m.Written)))
		one := paper{Heading: at("follow.file.wrote."+key, d.Moment(m.Written)), Text: m.Text}
		for _, f := range files {
			one.Files = append(one.Files, f.Label)
		}
		d.Messages, d.Files = append(d.Messages, one), append(d.Files, files...)
	}
}

// letters are those to the consumer, and that the trader was told. What programs and people of the trader get is their own.
func letters(v wording.Voice, all []docket.Letter) (lines []string) {
	for _, l := range all {
		kind := string(l.Kind)
		switch l.Kind {
		case docket.Acknowledgement, docket.Copy:
		case docket.Reply: // an answer, or what its event says
			if told := kind + "." + l.Event; v.Locale.Has("follow.letter." + told) {
				kind = told
			}
		case docket.Notice:
			kind = string(docket.Copy)
		default:
			continue
		}
		what := v.Text("follow.letter."+kind, named("email", l.To))
		lines = append(lines, v.Text("follow.letter."+string(l.Delivery), named("letter", what), named("moment", v.Moment(l.Done))))
	}
	return lines
}
