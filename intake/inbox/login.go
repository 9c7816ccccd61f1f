package inbox

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/alexedwards/argon2id"

	"recourse/intake/page"
)

const (
	plainFile = "inbox-password.txt"
	hashFile  = "inbox-password.hash"
)

// Password gives the hash a login is checked against. A given password (from the environment) counts; else the hash in
// the folder; else a password is drawn and written to inbox-password.txt there, readable by its owner only, and
// fresh is the path of that file. The file may be deleted once somebody has read it; deleting the hash as well makes a
// new password at the next start.
func Password(dir, given string) (hash, fresh string, err error) {
	if given != "" {
		hash, err = argon2id.CreateHash(given, argon2id.DefaultParams)
		return hash, "", wrap("hash the inbox's password", err)
	}
	stored, err := os.ReadFile(filepath.Join(dir, hashFile))
	if err == nil {
		return strings.TrimSpace(string(stored)), "", nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", "", wrap("read the inbox's password", err)
	}
	return draw(dir)
}

func draw(dir string) (hash, fresh string, err error) {
	password := rand.Text()
	if hash, err = argon2id.CreateHash(password, argon2id.DefaultParams); err != nil {
		return "", "", wrap("hash the inbox's password", err)
	}
	fresh = filepath.Join(dir, plainFile)
	// The hash comes last: without it, a start that died in between begins again.
	err = os.WriteFile(fresh, []byte(password+"\n"), 0o600)
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, hashFile), []byte(hash+"\n"), 0o600)
	}
	return hash, fresh, wrap("write the inbox's password", err)
}

func wrap(attempt string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", attempt, err)
}

const (
	maxFailures   = 5
	failureWindow = time.Minute
)

var loginPage = page.Parse(pages, "pages/login.html")

type loginData struct {
	page.Frame
	Problem string
	Notice  string
}

func (in *inbox) showLogin(w http.ResponseWriter, r *http.Request) {
	notice := ""
	if r.URL.Query().Has("ended") {
		notice = in.own().Text("inbox.login.ended")
	}
	in.drawLogin(w, r, http.StatusOK, "", notice)
}

func (in *inbox) drawLogin(w http.ResponseWriter, r *http.Request, status int, problem, notice string) {
	v := in.own()
	f := page.Frame{Voice: v, Heading: v.Text("inbox.login.title"), Failed: problem != "", Depth: depth(r)}
	in.write(w, status, loginPage, loginData{f, problem, notice})
}

// login slows down a client that guesses; it locks nobody out for good, and the owner on another network not at all.
func (in *inbox) login(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 4<<10)
	switch in.try(w, r, r.PostFormValue("password")) {
	case tooOften:
		w.Header().Set("Retry-After", "60")
		in.drawLogin(w, r, http.StatusTooManyRequests, in.own().Plural("inbox.login.wait", 1), "")
		return
	case wrongPassword:
		in.Log.Warn("login failed")
		in.drawLogin(w, r, http.StatusUnauthorized, in.own().Text("inbox.login.wrong"), "")
		return
	}
	// A new token, so that one planted in the browser before is worth nothing.
	if err := in.sessions.RenewToken(r.Context()); err != nil {
		in.fail(w, r, err)
		return
	}
	in.sessions.Put(r.Context(), "in", true)
	page.See(w, "./")
}

type verdict int

const (
	rightPassword verdict = iota
	wrongPassword
	tooOften
)

// try looks at one password at a time. Failures are counted before the next one has its turn: guesses sent all at once
// are no more than guesses sent one by one, and keep nobody else waiting.
func (in *inbox) try(w http.ResponseWriter, r *http.Request, password string) verdict {
	in.checking.Lock()
	defer in.checking.Unlock()
	client := in.Client(r)
	if _, rate, err := in.failures.Status(client); err != nil || rate >= maxFailures {
		return tooOften
	}
	if in.right(password) {
		return rightPassword
	}
	in.failures.OnLimit(w, r, client)
	return wrongPassword
}

func (in *inbox) right(password string) bool {
	match, err := argon2id.ComparePasswordAndHash(password, in.Password)
	if err != nil {
		in.Log.Error("the inbox's password cannot be checked; delete "+hashFile+" to make a new one", "error", err)
	}
	return err == nil && match
}

func (in *inbox) logout(w http.ResponseWriter, r *http.Request) {
	if err := in.sessions.Destroy(r.Context()); err != nil {
		in.fail(w, r, err)
		return
	}
	page.See(w, "login?ended")
}
