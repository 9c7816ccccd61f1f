package intake

import (
	"encoding/json"
	"errors"
	"net/http"

	"golang.org/x/text/language"

	"recourse/form"
	"recourse/intake/docket"
	"recourse/intake/page"
	"recourse/intake/wording"
	"recourse/locale"
	"recourse/shop"
)

// failure is why a request cannot be granted: for the visitor a status and the texts status.error.<name>, for the
// log its cause.
type failure struct {
	status int
	name   string
	cause  error
}

func (f *failure) Error() string { return f.cause.Error() }
func (f *failure) Unwrap() error { return f.cause }

var (
	malformed   = failure{status: http.StatusBadRequest, name: "malformed"}
	unknownShop = failure{status: http.StatusNotFound, name: "unknown-shop"}
	notFound    = failure{status: http.StatusNotFound, name: "not-found"}
	badMethod   = failure{status: http.StatusMethodNotAllowed, name: "method"}
	conflict    = failure{status: http.StatusConflict, name: "conflict"}
	tooLarge    = failure{status: http.StatusRequestEntityTooLarge, name: "too-large"}
	mediaType   = failure{status: http.StatusUnsupportedMediaType, name: "media-type"}
	tooMany     = failure{status: http.StatusTooManyRequests, name: "too-many"}
	unavailable = failure{status: http.StatusServiceUnavailable, name: "unavailable"}
)

func wrong(f failure, cause error) error {
	f.cause = cause
	return &f
}

// failed turns any error into a failure. Errors nobody has named are ours: nothing was stored.
func failed(err error) *failure {
	if f := new(failure); errors.As(err, &f) {
		return f
	}
	if errors.Is(err, docket.ErrNotFound) {
		return &failure{notFound.status, notFound.name, err}
	}
	return &failure{unavailable.status, unavailable.name, err}
}

// retryMinutes is what visitors are told to wait; the limiter's window.
const retryMinutes = 1

func (f *failure) title(v wording.Voice) string { return v.Text("status.error." + f.name + ".title") }

func (f *failure) text(v wording.Voice) string {
	email := locale.Arg{Name: "email", Value: v.Shop.Trader.Email}
	if f.name == tooMany.name {
		return v.Plural("status.error.too-many.text", retryMinutes, email)
	}
	return v.Text("status.error."+f.name+".text", email)
}

// details is a problem as RFC 9457 describes it.
type details struct {
	Title    string    `json:"title"`
	Status   int       `json:"status"`
	Detail   string    `json:"detail"`
	Problems []problem `json:"problems,omitempty"`
}

type problem struct {
	Field   string `json:"field"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

func writeDetails(w http.ResponseWriter, v wording.Voice, d details) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Content-Language", v.Locale.Language.Tag)
	w.WriteHeader(d.Status)
	json.NewEncoder(w).Encode(d)
}

// refuseJSON answers a script.
func (s *Server) refuseJSON(w http.ResponseWriter, r *http.Request, v wording.Voice, err error) {
	f := s.note(r, err)
	writeDetails(w, v, details{Title: f.title(v), Status: f.status, Detail: f.text(v)})
}

var errorPage = page.Parse(pages, "pages/error.html")

type errorData struct {
	page.Frame
	Advice string
}

// refusePage answers a person.
func (s *Server) refusePage(w http.ResponseWriter, r *http.Request, v wording.Voice, err error) {
	f := s.note(r, err)
	s.write(w, r, f.status, errorPage, errorData{page.Frame{Voice: v, Heading: f.title(v), Failed: true, Depth: depth(r)}, f.text(v)})
}

// note logs what is the server's fault loudly and the rest in passing, by name: what is wrong with a request often quotes it.
func (s *Server) note(r *http.Request, err error) *failure {
	f := failed(err)
	if f.status >= 500 {
		s.config.Metrics.StorageError()
		s.config.Log.Error("request failed", "route", r.Pattern, "error", f.cause)
	} else {
		s.config.Log.Debug("request refused", "route", r.Pattern, "status", f.status, "why", f.name)
	}
	return f
}

func problems(v wording.Voice, kind form.Kind, found []form.Problem) []problem {
	d := v.Definition(kind)
	list := make([]problem, len(found))
	for i, p := range found {
		list[i] = problem{p.Field, p.Code(), d.Message(p)}
	}
	return list
}

// voice speaks to the visitor of a shop in the locale of the form, or where that is not known in a language their browser
// asks for.
func (s *Server) voice(r *http.Request, one *shop.Shop, tag string) wording.Voice {
	if _, err := s.house.Of(one).Locale(tag); err != nil {
		tag = s.preferred(r, one)
	}
	v, err := s.house.Consumer(one, tag, s.config.Now())
	if err != nil {
		panic("intake: New has checked that the default locale is there: " + err.Error())
	}
	return v
}

// stranger is the voice for a request of which nothing is known.
func (s *Server) stranger(r *http.Request) wording.Voice { return s.voice(r, s.host(r), "") }

// preferred is the locale of the shop's country in the language of ours that suits the browser best.
func (s *Server) preferred(r *http.Request, one *shop.Shop) string {
	fallback := one.DefaultLocale()
	wanted, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil || len(wanted) == 0 {
		return fallback
	}
	var ours []language.Tag
	names := s.house.Of(one).Languages()
	for _, name := range names {
		ours = append(ours, language.Make(name))
	}
	if _, i, confidence := language.NewMatcher(ours).Match(wanted...); confidence >= language.High {
		return names[i] + "-" + one.Trader.Country
	}
	return fallback
}
