package inbox

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/go-chi/httprate"

	"recourse/intake/docket"
	"recourse/intake/page"
	"recourse/intake/people"
)

// Guessing is slowed down by client and by login. No number of wrong passwords keeps the right one from working: a client
// that guessed waits a minute, and an account somebody guesses at answers each attempt some seconds later.
const (
	maxFailures   = 5
	failureWindow = time.Minute
	freeFailures  = 3 // of a login, before its answers are delayed
	accountWindow = 15 * time.Minute
	longestPause  = 4 * time.Second
)

// door checks passwords.
type door struct {
	clients  *httprate.RateLimiter
	accounts *httprate.RateLimiter
	checking sync.Mutex // one password at a time: checking one takes 19 MB
	compare  func(password, hash string) (bool, error)
	nobody   func() string // a hash that no password has
}

func newDoor() door {
	// Answers do not say how many guesses are left; login says Retry-After itself.
	quiet := httprate.WithResponseHeaders(httprate.ResponseHeaders{})
	return door{
		clients:  httprate.NewRateLimiter(maxFailures, failureWindow, quiet),
		accounts: httprate.NewRateLimiter(1<<20, accountWindow, quiet),
		compare:  people.Fits,
		nobody: sync.OnceValue(func() string {
			hash, err := people.Hash(people.Draw())
			if err != nil {
				panic("inbox: a password cannot be hashed: " + err.Error())
			}
			return hash
		}),
	}
}

var loginPage = page.Parse(pages, "pages/login.html")

type loginData struct {
	page.Frame
	Login   string
	Problem string
	Notice  string
	Wanted  string // reference of the case somebody asked for
	First   bool   // there is only the user the server began with
}

func (in *inbox) showLogin(w http.ResponseWriter, r *http.Request) {
	notice := ""
	if r.URL.Query().Has("ended") {
		notice = in.own(r).Text("inbox.login.ended")
	}
	in.drawLogin(w, r, http.StatusOK, loginData{Notice: notice})
}

func (in *inbox) drawLogin(w http.ResponseWriter, r *http.Request, status int, data loginData) {
	v := in.own(r)
	all, err := in.Store.Users(r.Context())
	if err != nil {
		in.fail(w, r, err)
		return
	}
	data.Wanted = r.FormValue("case")
	data.First = len(all) == 1 && all[0].Login == people.FirstLogin
	if data.First && data.Login == "" {
		data.Login = people.FirstLogin
	}
	data.Frame = page.Frame{Voice: v, Heading: v.Text("inbox.login.title"), Failed: data.Problem != "", Depth: depth(r)}
	in.write(w, status, loginPage, data)
}

// login begins a session. An unknown login, a wrong password and a disabled user get the same answer after the same work.
func (in *inbox) login(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 4<<10)
	typed := people.Tidy(r.PostFormValue("login"))
	u, verdict, err := in.try(w, r, typed, r.PostFormValue("password"))
	switch {
	case err != nil:
		in.fail(w, r, err)
	case verdict == tooOften:
		w.Header().Set("Retry-After", "60")
		in.drawLogin(w, r, http.StatusTooManyRequests, loginData{Login: typed, Problem: in.own(r).Plural("inbox.login.wait", 1)})
	case verdict == wrongPassword:
		in.Log.Warn("login failed")
		in.drawLogin(w, r, http.StatusUnauthorized, loginData{Login: typed, Problem: in.own(r).Text("inbox.login.wrong")})
	default:
		in.enter(w, r, u)
	}
}

// enter gives the browser a session with a new token, so that one planted there before is worth nothing.
func (in *inbox) enter(w http.ResponseWriter, r *http.Request, u docket.User) {
	if err := in.begin(r.Context(), u); err != nil {
		in.fail(w, r, err)
		return
	}
	in.Log.Info("login", "user", u.ID)
	if reference := r.PostFormValue("case"); reference != "" {
		page.See(w, "cases/"+url.PathEscape(reference)) // below the inbox, whatever it says
		return
	}
	page.See(w, "./")
}

func (in *inbox) begin(ctx context.Context, u docket.User) error {
	if err := in.sessions.RenewToken(ctx); err != nil {
		return err
	}
	in.sessions.Put(ctx, "user", u.ID)
	in.sessions.Put(ctx, "state", state(u))
	in.sessions.Put(ctx, "token", rand.Text())
	return nil
}

type verdict int

const (
	rightPassword verdict = iota
	wrongPassword
	tooOften
)

// try looks at one password at a time. Failures are counted before the next one has its turn: guesses sent all at once
// are no more than guesses sent one by one.
func (in *inbox) try(w http.ResponseWriter, r *http.Request, login, password string) (docket.User, verdict, error) {
	in.pause(r.Context(), login)
	u, err := in.Store.User(r.Context(), login)
	if err != nil && !errors.Is(err, docket.ErrNotFound) {
		return u, wrongPassword, err
	}
	in.checking.Lock()
	defer in.checking.Unlock()
	client := in.Client(r)
	if _, rate, err := in.clients.Status(client); err != nil || rate >= maxFailures {
		return u, tooOften, nil
	}
	if in.right(u, password) {
		return u, rightPassword, nil
	}
	in.clients.OnLimit(w, r, client)
	in.accounts.OnLimit(w, r, login)
	return u, wrongPassword, nil
}

// pause keeps an attempt waiting when there were many wrong ones for the login.
func (in *inbox) pause(ctx context.Context, login string) {
	_, failures, err := in.accounts.Status(login)
	if err != nil || failures < freeFailures {
		return
	}
	doubled := min(int(failures)-freeFailures, 10)
	select {
	case <-time.After(min(100*time.Millisecond<<doubled, longestPause)):
	case <-ctx.Done():
	}
}

// right compares in any case, with the hash of nobody where there is no user.
func (in *inbox) right(u docket.User, password string) bool {
	hash := in.nobody()
	if u.Hash != "" {
		hash = u.Hash
	}
	match, err := in.compare(password, hash)
	if err != nil {
		in.Log.Error("a password cannot be checked; give the user a new one with recourse user password", "user", u.ID, "error", err)
	}
	return err == nil && match && u.ID != 0 && u.Hash != "" && !u.Disabled
}

func (in *inbox) logout(w http.ResponseWriter, r *http.Request) {
	if err := in.sessions.Destroy(r.Context()); err != nil {
		in.fail(w, r, err)
		return
	}
	page.See(w, "login?ended")
}
