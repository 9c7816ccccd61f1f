package intake

import (
	"context"
	"embed"
	"errors"
	"html/template"
	"net/http"
	"strings"

	"github.com/google/uuid"

	"recourse/form/markup"
	"recourse/intake/docket"
	"recourse/intake/metrics"
	"recourse/intake/page"
	"recourse/locale"
)

//go:embed pages
var pages embed.FS

var formPage = page.Parse(pages, "pages/form.html")

type formData struct {
	page.Frame
	Notice string
	Form   template.HTML // drawn by form/markup
}

// postPlain takes the steps of a form without a script: review shows what was entered, edit goes back, send stores it. Values
// travel in the pages and are checked again at every step; files cannot travel back, so they wait here under the id of
// the submission.
func (s *Server) postPlain(w http.ResponseWriter, r *http.Request) {
	if !s.limit.allow(w, r) {
		s.refusePage(w, r, s.stranger(r), wrong(tooMany, errTooMany))
		return
	}
	patient(w, r)
	in, err := s.decode(w, r, lenient)
	if err != nil {
		s.discard(in)
		s.refusePage(w, r, s.stranger(r), err)
		return
	}
	d, err := s.understand(r, in)
	if err == nil && !s.limit.allowShop(w, r, d.shop.ID) {
		err = wrong(tooMany, errTooMany)
	}
	if err != nil {
		s.discard(in)
		s.refusePage(w, r, s.stranger(r), err)
		return
	}
	if err = s.withFiles(w, r, d); err != nil {
		s.dropUnknown(context.WithoutCancel(r.Context()), d.Files)
		s.refusePage(w, r, s.stranger(r), err)
		return
	}
	s.step(w, r, d)
}

// withFiles gives the submission its id and the files that were sent with an earlier step. New files take the place of
// earlier ones, whose bytes are left to the sweep: the form may be on its way with them from another tab.
func (s *Server) withFiles(w http.ResponseWriter, r *http.Request, d *declaration) (err error) {
	if d.ID == "" { // the first step from a page that is the same for everybody
		d.ID = uuid.NewString()
	}
	if d.ID, err = submissionID(d.ID); err != nil {
		return err
	}
	if len(d.Files) == 0 {
		d.Files, err = s.earlierFiles(r, d)
		d.Lost = err == nil && len(d.Files) == 0 && d.Held != "" && d.Held != "0"
		return err
	}
	if !s.limit.room.keep(d.shop.ID+" "+d.ID, s.limit.client(r), d.Files, s.config.Now()) {
		w.Header().Set("Retry-After", "60")
		return wrong(tooMany, errNoRoom)
	}
	return s.config.Store.Keep(r.Context(), d.shop.ID, d.ID, d.Files, s.config.Now())
}

// earlierFiles are those kept since the review; where the submission was sent already, those of its case, so that a
// second press on the button is recognised as the same.
func (s *Server) earlierFiles(r *http.Request, d *declaration) ([]docket.File, error) {
	kept, err := s.config.Store.Kept(r.Context(), d.shop.ID, d.ID)
	if err != nil || len(kept) > 0 {
		return kept, err
	}
	c, err := s.config.Store.BySubmission(r.Context(), d.shop.ID, d.ID)
	if errors.Is(err, docket.ErrNotFound) {
		return nil, nil
	}
	return c.Files, err
}

func (s *Server) step(w http.ResponseWriter, r *http.Request, d *declaration) {
	switch {
	case d.Step == "edit":
		d.problems = nil
		s.showForm(w, r, d, http.StatusOK)
	case len(d.problems) > 0:
		s.config.Metrics.Submission(string(d.form.Kind), metrics.Invalid)
		s.showForm(w, r, d, http.StatusUnprocessableEntity)
	case d.Step == "send" && !d.Lost:
		s.send(w, r, d)
	default:
		s.showReview(w, r, d, http.StatusOK, d.lostFiles())
	}
}

// lostFiles says that the files are gone; whoever has chosen some must not be left to think that they were sent.
func (d *declaration) lostFiles() string {
	if !d.Lost {
		return ""
	}
	return d.voice.Text("uploads.gone")
}

func (s *Server) send(w http.ResponseWriter, r *http.Request, d *declaration) {
	s.judge(r, d)
	c, existed, err := s.submit(r.Context(), d)
	switch {
	case err == nil:
		s.limit.room.free(d.shop.ID + " " + d.ID)
		if !existed {
			s.remember(r, d)
		}
		page.See(w, "receipts/"+s.receiptToken(c))
	case failed(err).status == http.StatusConflict:
		s.sendAgain(w, r, d)
	default:
		s.refusePage(w, r, d.voice, err)
	}
}

// sendAgain shows the review once more under a new id: somebody went back after sending, changed the text and sent
// again. That may well be a statement of its own, so it is neither dropped nor sent without asking.
func (s *Server) sendAgain(w http.ResponseWriter, r *http.Request, d *declaration) {
	s.note(r, wrong(conflict, errors.New("the same page was sent with other content")))
	if err := s.rename(r, d); err != nil {
		s.refusePage(w, r, d.voice, err)
		return
	}
	s.showReview(w, r, d, http.StatusConflict, d.voice.Text("status.review.again"))
}

// rename gives a submission a new id, and takes along the files that are not part of a case yet.
func (s *Server) rename(r *http.Request, d *declaration) error {
	kept, err := s.config.Store.Kept(r.Context(), d.shop.ID, d.ID)
	if err != nil {
		return err
	}
	d.ID, d.Files = uuid.NewString(), kept
	return s.config.Store.Keep(r.Context(), d.shop.ID, d.ID, kept, s.config.Now())
}

func (s *Server) showForm(w http.ResponseWriter, r *http.Request, d *declaration, status int) {
	def := d.voice.Definition(d.form.Kind)
	drawn, err := markup.Form(def, d.state())
	s.show(w, r, d, status, formData{s.frame(r, d, def.Text["title"], len(d.problems) > 0), d.lostFiles(), drawn}, err)
}

func (s *Server) showReview(w http.ResponseWriter, r *http.Request, d *declaration, status int, notice string) {
	def := d.voice.Definition(d.form.Kind)
	st := d.state()
	st.Notes, st.Stamp = s.notes(d), s.stamp(d)
	drawn, err := markup.Review(def, st)
	s.show(w, r, d, status, formData{s.frame(r, d, def.Text["review.title"], false), notice, drawn}, err)
}

func (s *Server) show(w http.ResponseWriter, r *http.Request, d *declaration, status int, data formData, err error) {
	if err != nil {
		s.refusePage(w, r, d.voice, err)
		return
	}
	s.write(w, r, status, formPage, data)
}

func (d *declaration) state() markup.State {
	st := markup.State{ID: d.ID, Values: d.values, Problems: d.problems, Page: pageAddress(d.Page), Version: seen(d.Version), Trapped: d.Inputs[markup.Trap]}
	for _, f := range d.Files {
		st.Files = append(st.Files, markup.File{Name: f.Name, Size: f.Size})
	}
	return st
}

func (s *Server) frame(r *http.Request, d *declaration, heading string, failed bool) page.Frame {
	return page.Frame{Voice: d.voice, Heading: heading, Failed: failed, Depth: depth(r)}
}

// depth of a request's path below the intake's address.
func depth(r *http.Request) int { return strings.Count(strings.TrimPrefix(r.URL.Path, "/"), "/") }

func named(name, value string) locale.Arg { return locale.Arg{Name: name, Value: value} }
