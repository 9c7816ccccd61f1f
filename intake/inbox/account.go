package inbox

import (
	"cmp"
	"context"
	"net/http"
	"strconv"
	"strings"

	"recourse/intake/docket"
	"recourse/intake/page"
	"recourse/intake/people"
)

// Everybody has an account: the name others see, the password, the sessions.

func (in *inbox) account(w http.ResponseWriter, r *http.Request) {
	in.drawAccount(w, r, http.StatusOK, peopleData{Name: in.me(r).Name, Notice: peopleNotice(in.own(r), r.URL.Query().Get("done"))})
}

type accountData struct {
	peopleData
	Person  person
	Secrets []secret
}

// secret is a field for a password.
type secret struct{ Name, Label, Hint, Wrong, Autocomplete string }

// DescribedBy are the ids of what explains the field.
func (s secret) DescribedBy() string {
	var ids []string
	if s.Hint != "" {
		ids = append(ids, s.Name+"-hint")
	}
	if s.Wrong != "" {
		ids = append(ids, s.Name+"-error")
	}
	return strings.Join(ids, " ")
}

func (in *inbox) drawAccount(w http.ResponseWriter, r *http.Request, status int, data peopleData) {
	v := in.own(r)
	in.peopleFrame(r, v, v.Text("people.account"), &data)
	hint := v.Text("people.password.rule", named("min", strconv.Itoa(people.MinPassword)))
	in.write(w, status, accountPage, accountData{data, in.person(r, v, in.me(r)), []secret{
		{"old", v.Text("people.password.old"), "", data.Wrong("old"), "current-password"},
		{"new", v.Text("people.password.fresh"), hint, data.Wrong("new"), "new-password"},
		{"again", v.Text("people.password.again"), "", data.Wrong("again"), "new-password"},
	}})
}

// self changes only the user who has logged in.
func (in *inbox) self() people.Office { return people.Office{Store: in.Store} }

// changedMe goes on after a change of one's own.
func (in *inbox) changedMe(w http.ResponseWriter, r *http.Request, done string, err error) {
	if err == nil {
		page.See(w, "../account?done="+done)
		return
	}
	if !in.refusedChange(w, r, err) {
		in.drawAccount(w, r, http.StatusUnprocessableEntity, peopleData{Name: cmp.Or(r.PostFormValue("name"), in.me(r).Name), Problems: []problem{peopleProblem(in.own(r), err)}})
	}
}

func (in *inbox) renameMe(w http.ResponseWriter, r *http.Request) {
	in.changedMe(w, r, "name", in.self().Rename(r.Context(), in.me(r).Login, r.PostFormValue("name")))
}

// endSessions logs out everywhere, here too.
func (in *inbox) endSessions(w http.ResponseWriter, r *http.Request) {
	err := in.self().EndSessions(r.Context(), in.me(r).Login)
	if err == nil {
		err = in.sessions.Destroy(r.Context())
	}
	if err != nil {
		in.fail(w, r, err)
		return
	}
	page.See(w, "../login?ended")
}

// changePassword asks for the old one: a browser left open is not a new password. Wrong ones count as wrong logins do.
func (in *inbox) changePassword(w http.ResponseWriter, r *http.Request) {
	me := in.me(r)
	_, verdict, err := in.try(w, r, me.Login, r.PostFormValue("old"))
	if err == nil && verdict == tooOften {
		w.Header().Set("Retry-After", "60")
		in.drawAccount(w, r, http.StatusTooManyRequests, peopleData{Name: me.Name, Problems: []problem{{"old", in.own(r).Plural("inbox.login.wait", 1)}}})
		return
	}
	if err == nil {
		err = in.replacePassword(r, me, verdict)
	}
	if err == nil {
		err = in.stay(r.Context(), me.ID)
	}
	in.changedMe(w, r, "password", err)
}

func (in *inbox) replacePassword(r *http.Request, me docket.User, v verdict) error {
	fresh := r.PostFormValue("new")
	switch {
	case v != rightPassword:
		return errOld
	case fresh != r.PostFormValue("again"):
		return errTwice
	}
	return in.self().SetPassword(r.Context(), me.Login, fresh)
}

// stay gives who has just ended all of their sessions a new one.
func (in *inbox) stay(ctx context.Context, id int64) error {
	u, err := in.Store.UserByID(ctx, id)
	if err != nil {
		return err
	}
	return in.begin(ctx, u)
}
