package intake

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"
	"golang.org/x/text/unicode/norm"

	"recourse/form"
	"recourse/intake/docket"
	"recourse/intake/mail"
	"recourse/intake/wording"
	"recourse/ledger"
	"recourse/shop"
)

// declaration is a submission that makes sense: its shop and form exist, its values are normalised and checked.
type declaration struct {
	*submission
	shop     *shop.Shop
	form     *form.Form
	voice    wording.Voice
	values   map[string]string
	problems []form.Problem
}

// understand finds shop and form of a submission and checks its values. Problems with values are no error.
func (s *Server) understand(r *http.Request, in *submission) (*declaration, error) {
	one, f, err := s.place(in)
	if err != nil {
		return nil, err
	}
	tag := in.Locale
	if !one.Serves(tag) { // the language of the form stays; the law of a country the shop does not sell to does not
		tag = tag[:max(strings.LastIndexByte(tag, '-'), 0)] + "-" + one.Trader.Country
	}
	d := &declaration{submission: in, shop: one, form: f, voice: s.voice(r, one, tag)}
	if !d.takesFiles() { // and has no place to say what is wrong with one
		s.discard(in)
		in.Files, in.FileRule = nil, form.OK
	}
	d.values = d.normalise()
	d.problems = d.check(s.config.Now())
	return d, nil
}

func (s *Server) place(in *submission) (*shop.Shop, *form.Form, error) {
	one := s.shop(in.Shop)
	if one == nil {
		return nil, nil, wrong(unknownShop, fmt.Errorf("take a submission: there is no shop %q", clip(in.Shop)))
	}
	f, ok := form.Lookup(in.Form)
	if !ok {
		return nil, nil, wrong(malformed, fmt.Errorf("take a submission: there is no form %q", clip(in.Form)))
	}
	return one, f, nil
}

// normalise makes equal texts have equal bytes and removes what nobody meant to send. Values without content
// are left out.
func (d *declaration) normalise() map[string]string {
	values := d.form.Collect(func(input string) string { return norm.NFC.String(d.Inputs[input]) })
	for _, f := range d.form.Fields {
		v := values[f.Name]
		if whole, ok := d.Inputs[f.Name]; ok && f.Type == form.Date {
			v = norm.NFC.String(whole)
		}
		v = form.Clean(f.Type, v)
		if f.Type == form.Date {
			v = dateValue(v)
		}
		if v == "" || f.Type == form.Files {
			delete(values, f.Name)
		} else {
			values[f.Name] = v
		}
	}
	return values
}

// dateValue writes a date that was pasted whole into one box as if it was typed into three. Empty boxes are no value.
func dateValue(v string) string {
	if strings.Trim(v, "- ") == "" {
		return ""
	}
	if year, month, dayOfMonth := form.SplitDate(v); year != "" && month != "" {
		return form.JoinDate(year, month, dayOfMonth)
	}
	return v
}

// check runs the rules. A visitor east of the shop may already have the day after the shop's.
func (d *declaration) check(now time.Time) []form.Problem {
	tomorrow := docket.DayOf(now, d.shop.Location()) + 1
	found := d.form.Validate(d.values, tomorrow, d.voice.Months())
	if _, err := mail.Address(d.values["email"]); err != nil && !about(found, "email") {
		found = append(found, form.Problem{Field: "email", Rule: form.Invalid})
	}
	return append(found, d.fileProblem()...)
}

func about(found []form.Problem, field string) bool {
	for _, p := range found {
		if p.Field == field {
			return true
		}
	}
	return false
}

func (d *declaration) takesFiles() bool {
	_, ok := d.form.Field("files")
	return ok
}

func (d *declaration) fileProblem() []form.Problem {
	switch {
	case !d.takesFiles():
		return nil
	case d.FileCount > maxFiles:
		return []form.Problem{{Field: "files", Rule: form.TooMany, Over: d.FileCount - maxFiles}}
	case d.FileRule != form.OK:
		return []form.Problem{{Field: "files", Rule: d.FileRule}}
	}
	return nil
}

// submissionID reads the id of a submission. uuid.Parse also takes braces and other dress.
func submissionID(typed string) (string, error) {
	id, err := uuid.Parse(typed)
	if err != nil || len(typed) != 36 {
		return "", wrong(malformed, errors.New("take a submission: its id is not a UUID in the usual form"))
	}
	return id.String(), nil
}

// submit stores a declaration. It gives the case that is now in the store and whether it was there before.
func (s *Server) submit(ctx context.Context, d *declaration) (docket.Case, bool, error) {
	id, err := submissionID(d.ID)
	if err != nil {
		return docket.Case{}, false, err
	}
	// It has arrived whole: a visitor who closes the page now has sent it all the same.
	ctx = context.WithoutCancel(ctx)
	c := s.newCase(d, id)
	stored, existed, err := s.config.Store.Submit(ctx, c, envelopes(d, c))
	s.config.Metrics.Submission(string(c.Form), result(c, stored, existed, err))
	if err != nil {
		return stored, false, wrong(unavailable, err)
	}
	if existed && stored.Digest != c.Digest {
		return stored, true, wrong(conflict, errors.New("take a submission: its id was used for other content"))
	}
	if !existed {
		s.config.Log.Info("submission stored", "shop", c.Shop, "form", c.Form, "locale", c.Locale, "reference", stored.Reference, "files", len(c.Files))
		s.worker.Wake()
	}
	return stored, existed, nil
}

func (s *Server) newCase(d *declaration, id string) docket.Case {
	now := s.config.Now().UTC().Truncate(time.Microsecond)
	received := docket.DayOf(now, d.shop.Location())
	due, err := docket.DueFor(s.config.Law, d.shop, d.form.Kind, d.voice.Locale.Country, d.values["reason"], received)
	if err != nil { // a case without a date is better than no case
		s.config.Log.Error("no due date could be computed", "shop", d.shop.ID, "error", err)
	}
	c := docket.Case{
		Shop: d.shop.ID, Submission: id, Reference: docket.NewReference(), Form: d.form.Kind,
		Locale: d.voice.Locale.Tag(), Page: pageAddress(d.Page), Seen: seen(d.Version), Values: d.values, Received: now, Due: due,
		State: docket.New, Priority: docket.PriorityOf(d.form.Kind, d.values["reason"]), Score: d.Verdict.Score, Signs: d.Verdict.Signs,
		Suspect: d.Verdict.Quarantine(), Files: d.Files,
	}
	c.Digest = docket.Digest(c)
	return c
}

// pageAddress keeps the address of a page, without what people's addresses drag along.
func pageAddress(typed string) string {
	u, err := url.Parse(typed)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || len(typed) > 2000 {
		return ""
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()
}

// seen keeps the version of a text if it can be one. A declaration is never refused for it.
func seen(typed string) string {
	if _, ok := ledger.ParseSeen(typed); !ok {
		return ""
	}
	return typed
}

func (s *Server) links(v wording.Voice, c docket.Case) mail.Links {
	return mail.Links{Receipt: v.ReceiptURL(s.receiptToken(c)), Status: v.StatusURL(s.statusToken(c))}
}

// discard removes files that no case and no review has taken.
func (s *Server) discard(in *submission) {
	if in == nil {
		return
	}
	for _, f := range in.Files {
		s.config.Files.Remove(f.ID)
	}
}
