package inbox

import (
	"crypto/subtle"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"

	"recourse/intake/docket"
	"recourse/intake/page"
	"recourse/intake/people"
	"recourse/intake/wording"
)

var (
	peoplePage  = page.Parse(pages, "pages/people.html", "pages/part.html")
	personPage  = page.Parse(pages, "pages/person.html", "pages/part.html")
	removePage  = page.Parse(pages, "pages/remove.html", "pages/part.html")
	accountPage = page.Parse(pages, "pages/account.html", "pages/part.html")
)

type peopleData struct {
	page.Frame
	Problems []problem
	Notice   string
	Token    string
	People   []person

	// What was typed into the form for a new user, and the password somebody got a moment ago.
	Login, Name   string
	Shops, Roles  []option
	NewPassword   string
	PasswordIntro string
}

// person is a user in the list.
type person struct {
	Login, Name, Href string
	Places            []place
	None              string // says that there are no roles
	Disabled, Me      bool
}

// place is a role of a user, in words.
type place struct{ Shop, Role string }

type personData struct {
	peopleData
	Person person
	Over   bool // everything about the user may be changed
}

// office changes users on behalf of who has logged in.
func (in *inbox) office(r *http.Request) people.Office {
	me := in.me(r)
	return people.Office{Store: in.Store, Owns: func(shop string) bool { return can(me, shop, docket.Owner) }}
}

// owners lets only those in who own at least one shop of this server.
func (in *inbox) owners(next http.HandlerFunc) http.Handler {
	return in.guarded(func(w http.ResponseWriter, r *http.Request) {
		if len(in.where(in.me(r), docket.Owner)) == 0 {
			in.tooLow(w, r, docket.Owner)
			return
		}
		next(w, r)
	})
}

// genuine is for forms that say who may do what: besides where the request comes from, the form must hold the session's token.
func (in *inbox) genuine(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, 16<<10)
		want := in.token(r)
		if want == "" || subtle.ConstantTimeCompare([]byte(want), []byte(r.PostFormValue("token"))) != 1 {
			in.forged(w, r)
			return
		}
		next(w, r)
	}
}

// token of the session, for forms.
func (in *inbox) token(r *http.Request) string { return in.sessions.GetString(r.Context(), "token") }

func (in *inbox) listPeople(w http.ResponseWriter, r *http.Request) {
	v := in.own(r)
	done := r.URL.Query().Get("done")
	in.drawPeople(w, r, http.StatusOK, peopleData{Notice: peopleNotice(v, done), Shops: in.places(r, v, v.Shop.ID), Roles: roleOptions(v, docket.Agent, false)})
}

// peopleNotice tells what was done a moment ago.
func peopleNotice(v wording.Voice, done string) string {
	if slices.Contains([]string{"removed", "role", "disabled", "enabled", "name", "password", "ended"}, done) {
		return v.Text("people.done." + done)
	}
	return ""
}

func (in *inbox) drawPeople(w http.ResponseWriter, r *http.Request, status int, data peopleData) {
	v := in.own(r)
	all, err := in.Store.Users(r.Context())
	if err != nil {
		in.fail(w, r, err)
		return
	}
	office := in.office(r)
	for _, u := range all {
		if office.Sees(u) {
			data.People = append(data.People, in.person(r, v, u))
		}
	}
	in.peopleFrame(r, v, v.Text("people.title"), &data)
	in.write(w, status, peoplePage, data)
}

func (in *inbox) peopleFrame(r *http.Request, v wording.Voice, heading string, data *peopleData) {
	data.Frame, data.Token = in.frame(r, v, heading), in.token(r)
	data.Failed = len(data.Problems) > 0
}

// person tells about a user what the owner who looks may know: nothing about shops of others.
func (in *inbox) person(r *http.Request, v wording.Voice, u docket.User) person {
	p := person{Login: u.Login, Name: u.Name, Disabled: u.Disabled, Me: u.ID == in.me(r).ID, None: v.Text("people.role.none"),
		Href: page.Frame{Depth: depth(r)}.Root() + "inbox/people/" + url.PathEscape(u.Login)}
	for _, id := range slices.Sorted(maps.Keys(u.Roles)) {
		if p.Me || id == docket.EveryShop || can(in.me(r), id, docket.Owner) {
			p.Places = append(p.Places, place{in.placeName(v, id), v.Text("people.role." + string(u.Roles[id]))})
		}
	}
	return p
}

func (in *inbox) placeName(v wording.Voice, id string) string {
	switch s := in.shops[id]; {
	case id == docket.EveryShop:
		return v.Text("people.every-shop")
	case s == nil:
		return id // of another server on the same database
	default:
		return s.Name
	}
}

// places offers the shops the owner may give roles for.
func (in *inbox) places(r *http.Request, v wording.Voice, chosen string) []option {
	var all []option
	if can(in.me(r), docket.EveryShop, docket.Owner) {
		all = append(all, option{docket.EveryShop, in.placeName(v, docket.EveryShop), chosen == docket.EveryShop})
	}
	for _, id := range in.where(in.me(r), docket.Owner) {
		all = append(all, option{id, in.placeName(v, id), chosen == id})
	}
	return all
}

// roleOptions offers the roles, with what they may do.
func roleOptions(v wording.Voice, chosen docket.Role, none bool) []option {
	var all []option
	for _, role := range docket.Roles {
		all = append(all, option{string(role), v.Text("people.role.long." + string(role)), role == chosen})
	}
	if none {
		all = append(all, option{"", v.Text("people.role.none"), false})
	}
	return all
}

// addPerson makes a user and shows the password this once.
func (in *inbox) addPerson(w http.ResponseWriter, r *http.Request) {
	v := in.own(r)
	shop, role := r.PostFormValue("shop"), docket.Role(r.PostFormValue("role"))
	data := peopleData{Login: people.Tidy(r.PostFormValue("login")), Name: r.PostFormValue("name"), Shops: in.places(r, v, shop), Roles: roleOptions(v, role, false)}
	password, err := in.office(r).Add(r.Context(), data.Login, data.Name, map[string]docket.Role{shop: role}, in.Now())
	if in.refusedChange(w, r, err) {
		return
	}
	if err != nil {
		data.Problems = []problem{peopleProblem(v, err)}
		in.drawPeople(w, r, http.StatusUnprocessableEntity, data)
		return
	}
	in.Log.Info("user added", "by", in.me(r).ID)
	in.drawPeople(w, r, http.StatusOK, peopleData{Shops: in.places(r, v, v.Shop.ID), Roles: roleOptions(v, docket.Agent, false), NewPassword: password,
		PasswordIntro: v.Text("people.password.new", named("login", data.Login))})
}

// refusedChange answers a change of a user that does not exist for the owner, and one that went wrong; others are problems to
// be shown in the form.
func (in *inbox) refusedChange(w http.ResponseWriter, r *http.Request, err error) bool {
	switch {
	case err == nil || problemKey(err) != "":
		return false
	case errors.Is(err, docket.ErrNotFound):
		in.refuse(w, r, http.StatusNotFound, "people.unknown")
	default:
		in.fail(w, r, err)
	}
	return true
}

// faults are what may be wrong with what somebody typed or chose.
var faults = []struct {
	err         error
	field, text string
}{
	{people.ErrLogin, "login", "people.wrong.login"},
	{people.ErrTaken, "login", "people.wrong.taken"},
	{people.ErrName, "name", "people.wrong.name"},
	{people.ErrRole, "role", "people.wrong.role"},
	{people.ErrLastOwner, "role", "people.wrong.last-owner"},
	{people.ErrShort, "new", "people.wrong.short"},
	{people.ErrLong, "new", "people.wrong.long"},
	{people.ErrObvious, "new", "people.wrong.obvious"},
	{errOld, "old", "people.wrong.old"},
	{errTwice, "again", "people.wrong.again"},
}

var (
	errOld   = errors.New("the password is not the one there is")
	errTwice = errors.New("the password was typed in two ways")
)

func problemKey(err error) string {
	for _, f := range faults {
		if errors.Is(err, f.err) {
			return f.text
		}
	}
	return ""
}

func peopleProblem(v wording.Voice, err error) problem {
	for _, f := range faults {
		if errors.Is(err, f.err) {
			return problem{f.field, v.Text(f.text)}
		}
	}
	return problem{}
}

// Wrong is the problem of a field.
func (d peopleData) Wrong(field string) string {
	for _, p := range d.Problems {
		if p.Target == field {
			return p.Text
		}
	}
	return ""
}

// somebody is the user in the path, if the owner may see that there is one. When it says false, the answer is written.
func (in *inbox) somebody(w http.ResponseWriter, r *http.Request) (docket.User, bool) {
	u, err := in.Store.User(r.Context(), r.PathValue("login"))
	if err == nil && !in.office(r).Sees(u) {
		err = docket.ErrNotFound
	}
	return u, !in.refusedChange(w, r, err)
}

func (in *inbox) showPerson(w http.ResponseWriter, r *http.Request) {
	u, ok := in.somebody(w, r)
	if !ok {
		return
	}
	in.drawPerson(w, r, http.StatusOK, u, peopleData{Notice: peopleNotice(in.own(r), r.URL.Query().Get("done"))})
}

func (in *inbox) drawPerson(w http.ResponseWriter, r *http.Request, status int, u docket.User, data peopleData) {
	v, office := in.own(r), in.office(r)
	if data.Name == "" {
		data.Name = u.Name
	}
	shop, role := r.PostFormValue("shop"), docket.Role(r.PostFormValue("role"))
	// Pressing the button at once changes nothing; what the user may do in shops of others is not told.
	if all := slices.DeleteFunc(slices.Sorted(maps.Keys(u.Roles)), func(id string) bool { return !office.Places(u, id) }); role == "" && len(all) > 0 {
		shop, role = all[0], u.Roles[all[0]]
	}
	data.Shops = slices.DeleteFunc(in.places(r, v, shop), func(o option) bool { return !office.Places(u, o.Value) })
	data.Roles = roleOptions(v, role, true)
	in.peopleFrame(r, v, v.Text("people.person", named("login", u.Login)), &data)
	in.write(w, status, personPage, personData{data, in.person(r, v, u), office.Over(u)})
}

// changed answers a change of the user in the path: back to the page, or the page with the problem.
func (in *inbox) changed(w http.ResponseWriter, r *http.Request, done string, err error) {
	if in.refusedChange(w, r, err) {
		return
	}
	if err == nil {
		in.Log.Info("user changed", "what", done, "by", in.me(r).ID)
		page.See(w, "../"+url.PathEscape(r.PathValue("login"))+"?done="+done)
		return
	}
	if u, ok := in.somebody(w, r); ok {
		in.drawPerson(w, r, http.StatusUnprocessableEntity, u, peopleData{Problems: []problem{peopleProblem(in.own(r), err)}})
	}
}

func (in *inbox) setRole(w http.ResponseWriter, r *http.Request) {
	err := in.office(r).SetRole(r.Context(), r.PathValue("login"), r.PostFormValue("shop"), docket.Role(r.PostFormValue("role")))
	in.changed(w, r, "role", err)
}

func (in *inbox) rename(w http.ResponseWriter, r *http.Request) {
	in.changed(w, r, "name", in.office(r).Rename(r.Context(), r.PathValue("login"), r.PostFormValue("name")))
}

func (in *inbox) disable(w http.ResponseWriter, r *http.Request) {
	disabled := r.PostFormValue("disabled") == "yes"
	done := map[bool]string{true: "disabled", false: "enabled"}[disabled]
	in.changed(w, r, done, in.office(r).Disable(r.Context(), r.PathValue("login"), disabled))
}

// newPassword draws a password for somebody who has lost theirs and shows it this once.
func (in *inbox) newPassword(w http.ResponseWriter, r *http.Request) {
	password := people.Draw()
	err := in.office(r).SetPassword(r.Context(), r.PathValue("login"), password)
	if err != nil {
		in.changed(w, r, "", err)
		return
	}
	if u, ok := in.somebody(w, r); ok {
		in.Log.Info("user changed", "what", "password", "by", in.me(r).ID)
		in.drawPerson(w, r, http.StatusOK, u, peopleData{NewPassword: password, PasswordIntro: in.own(r).Text("people.password.new", named("login", u.Login))})
	}
}

func (in *inbox) askRemove(w http.ResponseWriter, r *http.Request) {
	u, ok := in.somebody(w, r)
	if !ok {
		return
	}
	v := in.own(r)
	data := personData{Person: in.person(r, v, u), Over: in.office(r).Over(u)}
	in.peopleFrame(r, v, v.Text("people.remove.title", named("login", u.Login)), &data.peopleData)
	in.write(w, http.StatusOK, removePage, data)
}

func (in *inbox) remove(w http.ResponseWriter, r *http.Request) {
	err := in.office(r).Remove(r.Context(), r.PathValue("login"))
	if err != nil {
		in.changed(w, r, "", err)
		return
	}
	in.Log.Info("user removed", "by", in.me(r).ID)
	page.See(w, "../../people?done=removed")
}
