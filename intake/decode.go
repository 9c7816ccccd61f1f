package intake

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"recourse/form"
	"recourse/form/markup"
	"recourse/intake/docket"
	"recourse/intake/spam"
)

// submission is a request as it was sent, before anything is made of it.
type submission struct {
	ID, Shop, Form, Locale, Page string
	Version                      string            // of the text the visitor saw, see ledger.Seen
	Step                         string            // of the plain form: review, send, edit
	Stamp                        string            // when its review was drawn, see stamp
	Held                         string            // how many files it said to have kept
	Inputs                       map[string]string // by the name of the input: "received_on-day"
	Files                        []docket.File     // saved, not yet part of a case
	FileCount                    int               // of all files that came, wanted or not
	FileRule                     form.Rule         // what is wrong with the first bad file
	Lost                         bool              // files were kept for the form, and waited too long
	Verdict                      spam.Verdict      // set when it is sent
}

// maxText is the size of everything in a submission that is not a file. A plain form may be three times as long on its
// way: it writes each byte beyond ASCII as "%d0".
const (
	maxText    = 64 << 10
	maxURLText = 3 * maxText
)

// strictness tells how to take inputs we do not know. Our own script sends none, so one is a mistake somebody
// should see; into a page, browsers' extensions put what they like.
type strictness bool

const (
	strict  strictness = true
	lenient strictness = false
)

// decode reads the body of a request. The result is not nil when files were saved, even with an error.
func (s *Server) decode(w http.ResponseWriter, r *http.Request, mode strictness) (*submission, error) {
	if e := r.Header.Get("Content-Encoding"); e != "" && e != "identity" {
		return nil, wrong(mediaType, fmt.Errorf("read a submission: content encoding %q", e))
	}
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return nil, wrong(mediaType, fmt.Errorf("read a submission: %w", err))
	}
	if kind == "multipart/form-data" {
		return s.decodeMultipart(w, r, params["boundary"], mode)
	}
	if kind == "application/json" != bool(mode) || mode == lenient && kind != "application/x-www-form-urlencoded" {
		return nil, wrong(mediaType, fmt.Errorf("read a submission: content type %q", kind))
	}
	read, most := decodeJSON, int64(maxText)
	if mode == lenient {
		read, most = decodeURL, maxURLText
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, most))
	if err != nil {
		return nil, cut(err)
	}
	in := new(submission)
	if err := read(body, in); err != nil {
		return nil, wrong(malformed, fmt.Errorf("read a submission: %w", err))
	}
	return in, nil
}

// cut explains why a body could not be read to its end.
func cut(err error) error {
	err = fmt.Errorf("read a submission: %w", err)
	if tooBig := new(http.MaxBytesError); errors.As(err, &tooBig) {
		return wrong(tooLarge, err)
	}
	return wrong(malformed, err)
}

// decodeJSON reads {"id","shop","form","locale","page","version","fields":{…}}. encoding/json would take the last of two
// equal keys, "EMAIL" for "email", text after the end, and bytes that are no text. All of these mean that the
// sender and we read different things, so they are refused.
func decodeJSON(body []byte, in *submission) error {
	if !utf8.Valid(body) {
		return errors.New("it is not UTF-8")
	}
	if err := pairedSurrogates(body); err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(body))
	err := object(d, func(key string) error {
		if key == "fields" {
			return fields(d, in)
		}
		return text(d, in.envelope(key))
	})
	if err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return errors.New("something follows the object")
	}
	return nil
}

// fields reads the object of values. An input the form does not have is refused.
func fields(d *json.Decoder, in *submission) error {
	in.Inputs = make(map[string]string)
	return object(d, func(key string) error {
		var value string
		err := text(d, &value)
		in.Inputs[key] = value
		return err
	})
}

// object reads an object and calls member for each of its keys. Keys must differ.
func object(d *json.Decoder, member func(key string) error) error {
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return errors.New("there is no object where one was expected")
	}
	seen := make(map[string]bool)
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return err
		}
		key := t.(string) // a decoder gives nothing else where a key stands
		if seen[key] {
			return fmt.Errorf("key %q is there twice", clip(key))
		}
		seen[key] = true
		if err := member(key); err != nil {
			return err
		}
	}
	_, err := d.Token()
	return err
}

func text(d *json.Decoder, target *string) error {
	if target == nil {
		return errors.New("there is a key nobody knows")
	}
	t, err := d.Token()
	if err != nil {
		return err
	}
	value, ok := t.(string)
	if !ok {
		return errors.New("there is a value that is not a text")
	}
	*target = value
	return nil
}

// envelope finds what is said about the submission as a whole; nil where there is no such thing.
func (in *submission) envelope(name string) *string {
	switch name {
	case "id":
		return &in.ID
	case "shop":
		return &in.Shop
	case "form":
		return &in.Form
	case "locale":
		return &in.Locale
	case "page":
		return &in.Page
	case "version":
		return &in.Version
	}
	return nil
}

// pairedSurrogates refuses "\ud800" without its other half, which encoding/json would turn into U+FFFD.
func pairedSurrogates(body []byte) error {
	unit := func(i int) uint64 {
		if i+6 > len(body) || body[i] != '\\' || body[i+1] != 'u' {
			return 0
		}
		u, _ := strconv.ParseUint(string(body[i+2:i+6]), 16, 16)
		return u
	}
	for i := 0; i < len(body); i++ {
		if body[i] != '\\' {
			continue
		}
		switch u := unit(i); {
		case u >= 0xdc00 && u <= 0xdfff, u >= 0xd800 && u <= 0xdbff && unit(i+6)&^0x3ff != 0xdc00:
			return errors.New("there is half a character")
		case u >= 0xd800 && u <= 0xdbff:
			i += 11
		default:
			i++ // whatever is escaped, a backslash above all
		}
	}
	return nil
}

// decodeURL reads what a plain form without files sends.
func decodeURL(body []byte, in *submission) error {
	values, err := url.ParseQuery(string(body))
	if err != nil {
		return err
	}
	in.Inputs = make(map[string]string)
	for name, all := range values {
		if len(all) > 1 && ours(name) {
			return fmt.Errorf("input %q is there twice", clip(name))
		}
		if err := in.set(name, all[0]); err != nil {
			return err
		}
	}
	return nil
}

// set takes an input of a plain form or a part of a multipart body.
func (in *submission) set(name, value string) error {
	if !utf8.ValidString(name) || !utf8.ValidString(value) {
		return errors.New("it is not UTF-8")
	}
	if target := cmp.Or(in.passage(name), in.envelope(name)); target != nil {
		*target = value
		return nil
	}
	in.Inputs[name] = value
	return nil
}

// passage finds what a plain form says of its way from page to page; nil where there is no such thing.
func (in *submission) passage(name string) *string {
	switch name {
	case "step":
		return &in.Step
	case markup.Stamp:
		return &in.Stamp
	case markup.Held:
		return &in.Held
	}
	return nil
}

// ours reports whether an input means something to us. What two browser extensions have put into a page may be there
// twice; two names or two steps would leave open which one the visitor has seen.
func ours(name string) bool {
	in := new(submission)
	if in.passage(name) != nil || in.envelope(name) != nil || name == markup.Trap {
		return true
	}
	for _, kind := range form.Kinds() {
		if f, ok := form.Lookup(string(kind)); ok && hasInput(f, name) {
			return true
		}
	}
	return false
}

// hasInput reports whether a form has an input of that name: a field, or one of the boxes of a date.
func hasInput(f *form.Form, name string) bool {
	field, part, isPart := strings.Cut(name, "-")
	one, ok := f.Field(field)
	return ok && (!isPart || one.Type == form.Date && (part == "day" || part == "month" || part == "year"))
}

// known refuses inputs the form does not have.
func (d *declaration) known() error {
	if d.FileCount > 0 && !d.takesFiles() {
		return wrong(malformed, fmt.Errorf("read a submission: form %q takes no files", d.form.Kind))
	}
	for name := range d.Inputs {
		if !hasInput(d.form, name) && name != markup.Trap {
			return wrong(malformed, fmt.Errorf("read a submission: form %q has no input %q", d.form.Kind, clip(name)))
		}
	}
	return nil
}

// clip keeps a sender from filling the log.
func clip(s string) string { return s[:min(len(s), 40)] }
