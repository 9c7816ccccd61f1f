package intake

import (
	"context"
	"io"
	"net/http"
	"slices"
	"time"

	"recourse/intake/docket"
	"recourse/intake/page"
	"recourse/intake/wording"
)

var receiptPage = page.Parse(pages, "pages/receipt.html")

type receiptData struct {
	page.Frame
	Case        docket.Case
	Received    string
	Declaration string
	Rows        []wording.Row
	Next        []string
	Mail        string // what became of the acknowledgement
	Download    string
	Status      string // address of the status page
	Fingerprint string // of the key that signs the text file
}

// getReceipt shows what was received: the visitor's copy, which works when mail does not.
func (s *Server) getReceipt(w http.ResponseWriter, r *http.Request) {
	c, v, ok := s.open(w, r, docket.Receipt)
	if !ok {
		return
	}
	sentence, err := s.mailState(r.Context(), v, c)
	if err != nil {
		s.refusePage(w, r, v, err)
		return
	}
	token := r.PathValue("token")
	s.write(w, r, http.StatusOK, receiptPage, receiptData{
		Frame: page.Frame{Voice: v, Heading: v.Text("receipt.title." + string(c.Form)), Depth: depth(r)},
		Case:  c, Received: v.Moment(c.Received), Declaration: v.Declaration(c.Form), Rows: v.Statement(c), Next: v.Next(c), Mail: sentence,
		Download: token + "/receipt.txt", Status: "../status/" + s.statusToken(c), Fingerprint: s.Fingerprint(),
	})
}

// getReceiptText is the receipt as a file.
func (s *Server) getReceiptText(w http.ResponseWriter, r *http.Request) {
	c, v, ok := s.open(w, r, docket.Receipt)
	if !ok {
		return
	}
	text, err := s.sealedReceipt(v, c)
	if err != nil {
		s.refusePage(w, r, v, err)
		return
	}
	anyOrigin(w.Header()) // the widget saves it
	textFile(w, c.Reference+".txt", text)
}

// textFile hands out a text to be saved.
func textFile(w http.ResponseWriter, name, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	io.WriteString(w, text)
}

// open finds the case a token opens and the voice for its consumer. When it says false, the answer is written.
func (s *Server) open(w http.ResponseWriter, r *http.Request, p docket.Purpose) (docket.Case, wording.Voice, bool) {
	c, v, err := s.find(r, p)
	if err != nil {
		s.refusePage(w, r, v, err)
	}
	return c, v, err == nil
}

// find is open for who has more to say about an error.
func (s *Server) find(r *http.Request, p docket.Purpose) (docket.Case, wording.Voice, error) {
	c, err := s.byToken(r.Context(), p, r.PathValue("token"))
	one := s.shop(c.Shop)
	if err == nil && one == nil {
		err = docket.ErrNotFound // a shop that is no longer served
	}
	if err != nil {
		return docket.Case{}, s.stranger(r), err
	}
	return c, s.voice(r, one, c.Locale), nil
}

// mailState says honestly what became of the acknowledgement.
func (s *Server) mailState(ctx context.Context, v wording.Voice, c docket.Case) (string, error) {
	letters, err := s.config.Store.Letters(ctx, c.ID)
	if err != nil {
		return "", err
	}
	i := slices.IndexFunc(letters, func(l docket.Letter) bool { return l.Kind == docket.Acknowledgement })
	if i < 0 {
		return "", nil
	}
	l := letters[i]
	state := string(l.Delivery)
	switch {
	case l.Delivery == docket.Bounced:
		state = string(docket.Failed)
	case l.Delivery != docket.Queued:
	case !s.config.Mail.Sends():
		state = string(docket.Written)
	case l.Attempts > 0:
		state = "delayed"
	case l.Next.After(s.config.Now().Add(time.Minute)):
		return v.Text("receipt.mail.later", named("email", c.Email()), named("moment", v.Moment(l.Next))), nil
	}
	return v.Text("receipt.mail."+state, named("email", c.Email()), named("moment", v.Moment(l.Done))), nil
}
