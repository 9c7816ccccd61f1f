package intake

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"recourse/intake/docket"
	"recourse/intake/metrics"
	"recourse/intake/wording"
)

// receipt is the answer to a stored submission.
type receipt struct {
	Reference  string    `json:"reference"`
	ReceivedAt time.Time `json:"received_at"`
	StatusURL  string    `json:"status_url"`
	ReceiptURL string    `json:"receipt_url"`
	Emailed    bool      `json:"emailed"` // whether this server sends mail; if not, the acknowledgement is only kept
}

// preflight tells browsers that any page may send us submissions. There are no cookies here to protect.
func preflight(w http.ResponseWriter, _ *http.Request) {
	anyOrigin(w.Header())
	w.Header().Set("Access-Control-Allow-Methods", "POST")
	w.Header().Set("Access-Control-Allow-Headers", "Content-Type")
	w.Header().Set("Access-Control-Max-Age", "86400")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusNoContent)
}

func anyOrigin(h http.Header) {
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Expose-Headers", "Retry-After")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
}

// postAPI takes a submission from the widget.
func (s *Server) postAPI(w http.ResponseWriter, r *http.Request) {
	d, ok := s.receive(w, r)
	if !ok {
		return
	}
	s.judge(r, d)
	c, existed, err := s.submit(r.Context(), d)
	if err != nil || existed {
		s.dropUnknown(context.WithoutCancel(r.Context()), d.Files)
	} else {
		s.remember(r, d)
	}
	if err != nil {
		s.refuseJSON(w, r, d.voice, err)
		return
	}
	s.writeReceipt(w, d.voice, c, existed)
}

// postCheck answers what postAPI would say of a submission's values and stores nothing. Browsers that cannot run the
// rules ask here when a visitor goes on to the next page of a form.
func (s *Server) postCheck(w http.ResponseWriter, r *http.Request) {
	if d, ok := s.receive(w, r); ok {
		s.discard(d.submission)
		w.WriteHeader(http.StatusNoContent)
	}
}

// receive reads a submission without problems; of any other it says what is wrong, and drops its files.
func (s *Server) receive(w http.ResponseWriter, r *http.Request) (*declaration, bool) {
	anyOrigin(w.Header())
	if !s.limit.allow(w, r) {
		s.refuseJSON(w, r, s.stranger(r), wrong(tooMany, errTooMany))
		return nil, false
	}
	patient(w, r)
	in, err := s.decode(w, r, strict)
	if err != nil {
		s.discard(in)
		s.refuseJSON(w, r, s.stranger(r), err)
		return nil, false
	}
	d, err := s.understand(r, in)
	if err == nil {
		err = d.known()
	}
	if err == nil && !s.limit.allowShop(w, r, d.shop.ID) {
		err = wrong(tooMany, errTooMany)
	}
	switch {
	case err != nil:
		s.refuseJSON(w, r, s.stranger(r), err)
	case len(d.problems) > 0:
		s.config.Metrics.Submission(string(d.form.Kind), metrics.Invalid)
		v := d.voice
		writeDetails(w, v, details{v.Text("status.error.invalid.title"), http.StatusUnprocessableEntity, v.Text("status.error.invalid.text"),
			problems(v, d.form.Kind, d.problems)})
	default:
		return d, true
	}
	s.discard(in)
	return nil, false
}

func (s *Server) writeReceipt(w http.ResponseWriter, v wording.Voice, c docket.Case, existed bool) {
	status := http.StatusCreated
	if existed {
		status = http.StatusOK
	}
	links := s.links(v, c)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(receipt{c.Reference, c.Received, links.Status, links.Receipt, s.config.Mail.Sends()})
}
