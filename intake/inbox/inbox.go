// Package inbox is the trader's side: cases with their dates, what the consumer sent, answers, states.
//
// Its users have a role for each shop or for all, see access.go. Every page but the login needs a session; every change is a
// POST that must come from the inbox itself (http.CrossOriginProtection, and a cookie other sites cannot send along). The
// language is that of the trader's default locale.
package inbox

import (
	"context"
	"embed"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/alexedwards/scs/v2/memstore"

	"recourse/intake/answers"
	"recourse/intake/docket"
	"recourse/intake/page"
	"recourse/intake/people"
	"recourse/intake/wording"
	"recourse/locale"
	"recourse/shop"
)

// Store is what the inbox reads and changes.
type Store interface {
	scs.Store
	scs.CtxStore

	Cases(ctx context.Context, q docket.Query) ([]docket.Case, error)
	ByReference(ctx context.Context, reference string) (docket.Case, error)
	Messages(ctx context.Context, caseID int64) ([]docket.Message, error)
	Letters(ctx context.Context, caseID int64) ([]docket.Letter, error)
	Events(ctx context.Context, caseID int64) ([]docket.Event, error)
	Write(ctx context.Context, c docket.Case, m docket.Message, letters []docket.Letter) (bool, error)
	Change(ctx context.Context, c docket.Case, state docket.State, outcome docket.Outcome, actor string, now time.Time, letters []docket.Letter) error
	Casework
	Counting
	people.Store
	UserByID(ctx context.Context, id int64) (docket.User, error)

	Viewed(ctx context.Context, views ...docket.View) error
	Views(ctx context.Context, caseID int64, limit int) ([]docket.View, error)
}

// Files gives the bytes of attachments.
type Files interface {
	Open(id string) (io.ReadSeekCloser, error)
}

// Config is what the inbox needs; all of it.
type Config struct {
	Shops   []*shop.Shop
	House   wording.House
	Store   Store
	Files   Files
	Answers *answers.Book              // to begin with; nil: none
	Sends   bool                       // letters leave the machine
	Client  func(*http.Request) string // whom failed logins are counted for
	Wake    func()                     // there is a letter to send
	Now     func() time.Time
	Log     *slog.Logger

	// Host is the shop at whose address somebody is who has not logged in.
	Host func(*http.Request) *shop.Shop
}

type inbox struct {
	Config
	shops    map[string]*shop.Shop
	sessions *scs.SessionManager
	door
}

// New makes the handler of the inbox. Paths are those below ".../inbox".
func New(c Config) (http.Handler, error) {
	in := &inbox{Config: c, shops: make(map[string]*shop.Shop), door: newDoor()}
	origins, secure := map[string]bool{}, false
	for _, one := range c.Shops {
		in.shops[one.ID] = one
		u, err := url.Parse(one.Intake)
		if err != nil {
			return nil, fmt.Errorf("read the intake address of shop %q: %w", one.ID, err)
		}
		secure = secure || u.Scheme == "https"
		origins[u.Scheme+"://"+u.Host] = true
	}
	protection, err := trusting(origins)
	if err != nil {
		return nil, err
	}
	protection.SetDenyHandler(http.HandlerFunc(in.forged))
	in.sessions = newSessions(c.Store, secure)
	in.sessions.ErrorFunc = func(w http.ResponseWriter, r *http.Request, err error) { in.fail(w, r, err) }
	mux := http.NewServeMux()
	in.register(mux)
	return protection.Handler(in.sessions.LoadAndSave(mux)), nil
}

// trusting refuses what other sites make browsers send. Where a proxy gives us another host name than browsers have, they are
// known by the intake's address; with addresses at several hosts that would let one shop's site act in the inbox of another.
func trusting(origins map[string]bool) (*http.CrossOriginProtection, error) {
	p := http.NewCrossOriginProtection()
	for origin := range origins {
		if len(origins) > 1 {
			break
		}
		if err := p.AddTrustedOrigin(origin); err != nil {
			return nil, fmt.Errorf("trust the intake address %q: %w", origin, err)
		}
	}
	return p, nil
}

// A session lasts so long without a request, and in all.
const (
	idle    = 12 * time.Hour
	longest = 7 * 24 * time.Hour
)

func newSessions(store Store, secure bool) *scs.SessionManager {
	s := scs.New()
	if unused, ok := s.Store.(*memstore.MemStore); ok {
		unused.StopCleanup() // it would go on for as long as the program
	}
	s.Store = store
	s.HashTokenInStore = true
	s.IdleTimeout = idle
	s.Lifetime = longest
	s.Cookie.Name = "recourse"
	if secure {
		s.Cookie.Name = "__Host-recourse"
	}
	s.Cookie.Secure = secure
	s.Cookie.SameSite = http.SameSiteLaxMode
	return s
}

// routes takes what is served, and where.
type routes interface {
	Handle(pattern string, h http.Handler)
	HandleFunc(pattern string, h func(http.ResponseWriter, *http.Request))
}

// Patterns are all routes of the inbox: whoever says something about each finds out here that one is new.
func Patterns() []string {
	var all patterns
	new(inbox).register(&all)
	return all
}

type patterns []string

func (all *patterns) Handle(pattern string, _ http.Handler) { *all = append(*all, pattern) }

func (all *patterns) HandleFunc(pattern string, _ func(http.ResponseWriter, *http.Request)) {
	*all = append(*all, pattern)
}

func (in *inbox) register(mux routes) {
	mux.HandleFunc("GET /login", in.showLogin)
	mux.HandleFunc("POST /login", in.login)
	mux.HandleFunc("POST /logout", in.logout)
	in.caseRoutes(mux)
	mux.Handle("GET /statistics", in.guarded(in.showStatistics))
	mux.Handle("GET /statistics/{file}", in.guarded(in.exportStatistics))
	mux.Handle("GET /people", in.owners(in.listPeople))
	mux.Handle("POST /people", in.owners(in.genuine(in.addPerson)))
	mux.Handle("GET /people/{login}", in.owners(in.showPerson))
	mux.Handle("POST /people/{login}/name", in.owners(in.genuine(in.rename)))
	mux.Handle("POST /people/{login}/role", in.owners(in.genuine(in.setRole)))
	mux.Handle("POST /people/{login}/password", in.owners(in.genuine(in.newPassword)))
	mux.Handle("POST /people/{login}/disabled", in.owners(in.genuine(in.disable)))
	mux.Handle("GET /people/{login}/remove", in.owners(in.askRemove))
	mux.Handle("POST /people/{login}/remove", in.owners(in.genuine(in.remove)))
	mux.Handle("GET /account", in.guarded(in.account))
	mux.Handle("POST /account/name", in.guarded(in.genuine(in.renameMe)))
	mux.Handle("POST /account/password", in.guarded(in.genuine(in.changePassword)))
	mux.Handle("POST /account/sessions", in.guarded(in.genuine(in.endSessions)))
	mux.Handle("/", in.guarded(in.nothing))
}

// depth of the page below the intake's address; the path here begins after "inbox".
func depth(r *http.Request) int { return strings.Count(r.URL.Path, "/") }

// up leads from the page to the inbox's first.
func up(r *http.Request) string { return strings.Repeat("../", depth(r)-1) }

// own is the voice of pages that are about no case.
func (in *inbox) own(r *http.Request) wording.Voice {
	s := in.home(r)
	return in.about(s, s.DefaultLocale())
}

// about is the voice for a case of a shop.
func (in *inbox) about(s *shop.Shop, tag string) wording.Voice {
	v, err := in.House.Trader(s, tag, in.Now())
	if err != nil {
		panic("inbox: the default locale was there at the start: " + err.Error())
	}
	return v
}

func (in *inbox) frame(r *http.Request, v wording.Voice, heading string) page.Frame {
	f := page.Frame{Voice: v, Heading: heading, Depth: depth(r), Inbox: in.me(r).ID != 0}
	if f.Inbox {
		f.Menu = in.menu(r, v, f.Root()+"inbox/")
	}
	return f
}

// menu leads to the pages the user may see.
func (in *inbox) menu(r *http.Request, v wording.Voice, home string) []page.Entry {
	var all []page.Entry
	for _, e := range []struct {
		path, text string
		least      docket.Role
	}{
		{"", "people.menu.cases", docket.Reader},
		{"statistics", "statistics.title", docket.Reader},
		{"people", "people.title", docket.Owner},
	} {
		if len(in.where(in.me(r), e.least)) > 0 {
			all = append(all, page.Entry{Href: home + e.path, Text: v.Text(e.text), Current: r.URL.Path == "/"+e.path})
		}
	}
	return append(all, page.Entry{Href: home + "account", Text: v.Text("people.account"), Current: r.URL.Path == "/account"})
}

//go:embed pages
var pages embed.FS

var errorPage = page.Parse(pages, "pages/error.html")

type errorData struct {
	page.Frame
	Advice string
}

func (in *inbox) nothing(w http.ResponseWriter, r *http.Request) {
	in.refuse(w, r, http.StatusNotFound, "inbox.error.not-found")
}

func (in *inbox) fail(w http.ResponseWriter, r *http.Request, err error) {
	in.Log.Error("inbox failed", "route", r.Pattern, "error", err)
	in.refuse(w, r, http.StatusServiceUnavailable, "inbox.error.unavailable")
}

// forged runs before there is a session.
func (in *inbox) forged(w http.ResponseWriter, r *http.Request) {
	in.Log.Warn("inbox refused a request from another site")
	in.refuse(w, r, http.StatusForbidden, "inbox.error.forged")
}

func (in *inbox) refuse(w http.ResponseWriter, r *http.Request, status int, key string) {
	v := in.own(r)
	f := in.frame(r, v, v.Text("inbox.error.title"))
	f.Failed = true
	in.write(w, status, errorPage, errorData{f, v.Text(key)})
}

func (in *inbox) write(w http.ResponseWriter, status int, t page.Template, data any) {
	if err := page.Write(w, status, t, data); err != nil {
		in.Log.Error("a page of the inbox could not be sent", "error", err)
	}
}

func named(name, value string) locale.Arg { return locale.Arg{Name: name, Value: value} }
