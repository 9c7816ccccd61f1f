package intake

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"golang.org/x/text/unicode/norm"

	"recourse/form"
	"recourse/form/markup"
	"recourse/intake/docket"
	"recourse/intake/mail"
	"recourse/intake/page"
	"recourse/intake/wording"
)

var replyPage = page.Parse(pages, "pages/reply.html", "pages/follow.html")

// maxMessage is the length of a message in code points; maxWords is how many bytes of text we read to be able to give them back
// when they are too many.
const (
	maxMessage = 10000
	maxWords   = 1 << 20
)

// draft is the form with which a consumer writes to the trader.
type draft struct {
	Text, Nonce string
	Wrong       string // what is wrong with the text
	Upload      markup.Field
	Accept      string
	FilesWrong  string
}

// replyData is the page on which somebody gets their words back: what they wrote, why it was not sent, and the button again.
type replyData struct {
	follow
	Advice   string
	Problems []fault
	Rates    bool // the words belong to a rating
	Lost     bool // there were files, and they must be chosen again
}

type fault struct{ Target, Text string }

// visit is the request of a consumer to add something to a case. Err is why it cannot be granted; the case is then not always known.
type visit struct {
	docket.Case
	voice wording.Voice
	err   error
}

func (s *Server) visit(w http.ResponseWriter, r *http.Request) visit {
	if !s.limit.allow(w, r) {
		return visit{voice: s.stranger(r), err: wrong(tooMany, errTooMany)}
	}
	c, v, err := s.find(r, docket.Status)
	if err == nil && !(s.limit.allowShop(w, r, c.Shop) && s.limit.allowCase(w, r, c.Reference)) {
		err = wrong(tooMany, errTooMany)
	}
	return visit{c, v, err}
}

// postMessage takes what the consumer writes to the trader. Whatever goes wrong, they get their words back.
func (s *Server) postMessage(w http.ResponseWriter, r *http.Request) {
	to := s.visit(w, r)
	patient(w, r)
	in, err := s.decodeReply(w, r, to.err == nil)
	data := s.replyData(r, to, in)
	data.Message.Text = clean(in, "message")
	if err = errors.Join(to.err, err); err != nil {
		s.discard(in)
		s.giveBack(w, r, data, err)
		return
	}
	if data.check(in); len(data.Problems) > 0 {
		s.discard(in)
		s.write(w, r, http.StatusUnprocessableEntity, replyPage, data)
		return
	}
	switch known, err := s.keepMessage(r, to.Case, in, data.Message); {
	case err != nil:
		s.giveBack(w, r, data, err)
	case !known:
		s.writeAgain(w, r, data)
	default:
		page.See(w, "../"+r.PathValue("token")+"?done=message")
	}
}

// replyData is the page for giving back what was sent.
func (s *Server) replyData(r *http.Request, to visit, in *submission) replyData {
	data := replyData{follow: s.follow(r, to.voice, to.Case, to.voice.Text("follow.write")), Lost: in != nil && in.FileCount > 0}
	data.Message.Nonce, data.Rating.Nonce = nonce(in), nonce(in)
	return data
}

// clean is a text as it is kept.
func clean(in *submission, name string) string {
	if in == nil {
		return ""
	}
	return form.Clean(form.Text, norm.NFC.String(in.Inputs[name]))
}

// nonce of the page a text was written on: the same page sent twice is one message.
func nonce(in *submission) string {
	if in != nil {
		if id, err := uuid.Parse(in.Inputs["nonce"]); err == nil {
			return id.String()
		}
	}
	return uuid.NewString()
}

func (d *replyData) check(in *submission) {
	d.Message.Wrong = lengthProblem(d.Voice, d.Message.Text)
	if d.Message.Text == "" {
		d.Message.Wrong = d.Text("follow.write.required")
	}
	d.Message.FilesWrong = filesProblem(d.Voice, in)
	d.blame("message", d.Message.Wrong)
	d.blame("files", d.Message.FilesWrong)
}

func (d *replyData) blame(target, text string) {
	if text != "" {
		d.Problems, d.Failed = append(d.Problems, fault{target, text}), true
	}
}

func lengthProblem(v wording.Voice, text string) string {
	over := utf8.RuneCountInString(text) - maxMessage
	if over <= 0 {
		return ""
	}
	return v.Plural("follow.write.too-long", over, named("max", strconv.Itoa(maxMessage)))
}

func filesProblem(v wording.Voice, in *submission) string {
	words := v.Definition(form.Complaint)
	switch {
	case in.FileCount > maxFiles:
		return words.Message(form.Problem{Field: "files", Rule: form.TooMany, Over: in.FileCount - maxFiles})
	case in.FileRule != form.OK:
		return words.Message(form.Problem{Field: "files", Rule: in.FileRule})
	}
	return ""
}

// giveBack says why something was not taken, and shows it again.
func (s *Server) giveBack(w http.ResponseWriter, r *http.Request, data replyData, err error) {
	f := s.note(r, err)
	data.Failed, data.Heading = true, data.Text("follow.failed")
	key := "follow.failed." + f.name
	if !data.Locale.Has(key) {
		key = "follow.failed.malformed"
	}
	data.Advice = data.Text(key)
	s.write(w, r, f.status, replyPage, data)
}

// writeAgain shows the words under a new nonce: somebody went back after sending, changed the text, and sent again. That may
// well be a message of its own, so it is neither dropped nor sent without asking.
func (s *Server) writeAgain(w http.ResponseWriter, r *http.Request, data replyData) {
	s.note(r, wrong(conflict, errors.New("the same page was sent with another message")))
	data.Message.Nonce, data.Advice = uuid.NewString(), data.Text("follow.write.again")
	s.write(w, r, http.StatusConflict, replyPage, data)
}

// keepMessage stores a message with the letter that tells the trader. Known is false when the page it was written on was sent
// before with another message; then nothing is stored.
func (s *Server) keepMessage(r *http.Request, c docket.Case, in *submission, d draft) (known bool, err error) {
	// It has arrived whole: whoever closes the page now has sent it all the same.
	ctx := context.WithoutCancel(r.Context())
	m := docket.Message{Side: docket.Consumer, Text: d.Text, Nonce: d.Nonce, Written: s.now(), Files: in.Files}
	letters := []docket.Letter{s.tellTrader(c, docket.EventMessage, d.Nonce, m.Written)}
	written, err := s.config.Store.Write(ctx, c, m, letters)
	if err != nil || !written {
		s.dropUnknown(ctx, in.Files)
	}
	if err != nil {
		return false, wrong(unavailable, err)
	}
	if written {
		s.config.Log.Info("message of a consumer stored", "shop", c.Shop, "reference", c.Reference, "files", len(m.Files))
		s.worker.Wake()
		return true, nil
	}
	return s.sameMessage(ctx, c, m)
}

// sameMessage tells whether a message is the one stored under its nonce.
func (s *Server) sameMessage(ctx context.Context, c docket.Case, m docket.Message) (bool, error) {
	all, err := s.correspondence(ctx, c)
	return slices.ContainsFunc(all, func(o docket.Message) bool { return o.Nonce == m.Nonce && o.Digest() == m.Digest() }), err
}

// dropUnknown removes files that no case and no review has. When the database cannot say, they are left to the sweep: what was to be stored
// with them may be stored although the answer of the database was lost.
func (s *Server) dropUnknown(ctx context.Context, files []docket.File) {
	for _, f := range files {
		if known, err := s.config.Store.Known(ctx, f.ID); err == nil && !known {
			s.config.Files.Remove(f.ID)
		}
	}
}

// tellTrader is the letter to the shop about what its customer did.
func (s *Server) tellTrader(c docket.Case, event, id string, at time.Time) docket.Letter {
	one := s.known(c.Shop)
	l := mail.Envelope(one, c, docket.Notice, event+"."+id, one.Trader.Email, at)
	l.Event = event
	return l
}

// now is the time as the store keeps it.
func (s *Server) now() time.Time { return s.config.Now().UTC().Truncate(time.Microsecond) }

// decodeReply reads what a form of the status page sends, as far as it comes. Files are only kept where the request is granted.
func (s *Server) decodeReply(w http.ResponseWriter, r *http.Request, granted bool) (*submission, error) {
	if e := r.Header.Get("Content-Encoding"); e != "" && e != "identity" {
		return nil, wrong(mediaType, fmt.Errorf("read a message: content encoding %q", e))
	}
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return nil, wrong(mediaType, fmt.Errorf("read a message: %w", err))
	}
	switch {
	case kind == "multipart/form-data" && params["boundary"] != "":
		return s.replyParts(w, r, params["boundary"], granted)
	case kind != "application/x-www-form-urlencoded":
		return nil, wrong(mediaType, fmt.Errorf("read a message: content type %q", kind))
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 3*maxWords))
	if err != nil {
		return nil, cut(err)
	}
	in := new(submission)
	if err := decodeURL(bytes.TrimSpace(body), in); err != nil {
		return in, wrong(malformed, fmt.Errorf("read a message: %w", err))
	}
	return in, nil
}

// replyParts reads a multipart body. The text stands before the files, so that it is known whatever happens to these.
func (s *Server) replyParts(w http.ResponseWriter, r *http.Request, boundary string, granted bool) (*submission, error) {
	in := &submission{Inputs: make(map[string]string)}
	var refused error
	if client, size := s.limit.client(r), uploadSize(r); granted && upload(r) {
		if s.limit.room.take(client, size, s.config.Now()) {
			defer s.limit.room.give(client, size)
		} else {
			w.Header().Set("Retry-After", "60")
			granted, refused = false, wrong(tooMany, errNoRoom)
		}
	}
	parts, room := multipart.NewReader(http.MaxBytesReader(w, r.Body, maxBody), boundary), int64(maxWords)
	for range maxParts {
		part, err := parts.NextPart()
		if err == io.EOF {
			return in, refused
		}
		if err != nil {
			err = cut(err)
		} else {
			err = s.replyPart(in, part, granted, &room)
		}
		if err != nil {
			drain(r.Body, err)
			return in, err
		}
	}
	return in, wrong(malformed, fmt.Errorf("read a message: it has more than %d parts", maxParts))
}

func (s *Server) replyPart(in *submission, part *multipart.Part, granted bool, room *int64) error {
	name := part.FormName()
	_, twice := in.Inputs[name]
	switch {
	case name == "files" && granted:
		return s.saveFile(in, part)
	case name == "files":
		if part.FileName() != "" {
			in.FileCount++
		}
		return skip(part)
	case twice:
		return wrong(malformed, fmt.Errorf("read a message: part %q is there twice", clip(name)))
	case slices.Contains([]string{"message", "nonce", "opinion", "stars"}, name):
		return textPart(in, name, part, room)
	}
	return skip(part)
}

// drain reads on where somebody sends too much, within reason: browsers show an answer only when they have sent all.
func drain(body io.Reader, err error) {
	if failed(err).status == http.StatusRequestEntityTooLarge {
		io.CopyN(io.Discard, body, 3*maxBody)
	}
}
