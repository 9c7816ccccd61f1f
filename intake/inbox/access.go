package inbox

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"recourse/intake/docket"
	"recourse/intake/page"
	"recourse/intake/wording"
	"recourse/shop"
)

// Who may see and do what. Handlers ask find for a case and visible for the shops of a list; nothing else decides.

type userKey struct{}

// guarded lets only people in who have logged in, and whose session is as good as on the day it began.
func (in *inbox) guarded(next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		u, err := in.loggedIn(r.Context())
		switch {
		case errors.Is(err, docket.ErrNotFound) && r.Method == http.MethodPost:
			in.giveBack(w, r)
		case errors.Is(err, docket.ErrNotFound):
			page.See(w, up(r)+"login"+wanted(r))
		case err != nil:
			in.fail(w, r, err)
		default:
			next(w, r.WithContext(context.WithValue(r.Context(), userKey{}, u)))
		}
	})
}

// wanted keeps the case somebody asked for: letters lead to cases, and whoever must log in first gets there afterwards.
func wanted(r *http.Request) string {
	if reference := r.PathValue("reference"); reference != "" {
		return "?case=" + url.QueryEscape(reference)
	}
	return ""
}

// loggedIn is the user of the session. A session ends at once when its user's password or roles change or the user is disabled
// or removed; an id alone does not do, since a database may give that of a removed user to a new one.
func (in *inbox) loggedIn(ctx context.Context) (docket.User, error) {
	id := in.sessions.GetInt64(ctx, "user")
	if id == 0 {
		return docket.User{}, docket.ErrNotFound
	}
	u, err := in.Store.UserByID(ctx, id)
	if err == nil && (u.Disabled || in.sessions.GetString(ctx, "state") != state(u)) {
		err = docket.ErrNotFound
	}
	return u, err
}

// state of a user, which a session began in.
func state(u docket.User) string {
	return u.Login + " " + strconv.FormatInt(u.Created.UnixMicro(), 10) + " " + strconv.Itoa(u.Epoch)
}

// me is the user who has logged in; the zero User in answers to anybody else.
func (in *inbox) me(r *http.Request) docket.User {
	u, _ := r.Context().Value(userKey{}).(docket.User)
	return u
}

// can tells whether a user has a role for a shop, or one that may do more.
func can(u docket.User, shop string, least docket.Role) bool {
	rank := func(r docket.Role) int { return slices.Index(docket.Roles, r) }
	return max(rank(u.Roles[shop]), rank(u.Roles[docket.EveryShop])) >= rank(least)
}

// visible are the ids of the shops a user may see: never nil, and none that this server does not serve.
func (in *inbox) visible(u docket.User) []string { return in.where(u, docket.Reader) }

// where are the ids of this server's shops a user has a role for.
func (in *inbox) where(u docket.User, least docket.Role) []string {
	ids := make([]string, 0, len(in.Shops))
	for _, s := range in.Shops {
		if can(u, s.ID, least) {
			ids = append(ids, s.ID)
		}
	}
	return ids
}

// home is the shop whose name and words stand on pages that are about no case: one the user may see.
func (in *inbox) home(r *http.Request) *shop.Shop {
	u := in.me(r)
	for _, s := range in.Shops {
		if can(u, s.ID, docket.Reader) {
			return s
		}
	}
	return in.Host(r)
}

// find gives the case a request is about and the voice to speak of it, if the user has the role for its shop. When it says
// false, the answer is written: a case of another shop is one that does not exist.
func (in *inbox) find(w http.ResponseWriter, r *http.Request, least docket.Role) (docket.Case, wording.Voice, bool) {
	c, err := in.caseOf(r)
	switch {
	case errors.Is(err, docket.ErrNotFound):
		in.nothing(w, r)
	case err != nil:
		in.fail(w, r, err)
	case !can(in.me(r), c.Shop, least):
		in.tooLow(w, r, least)
	default:
		return c, in.about(in.shops[c.Shop], c.Locale), true
	}
	return docket.Case{}, wording.Voice{}, false
}

// caseOf is the case in the path, if the user may see it.
func (in *inbox) caseOf(r *http.Request) (docket.Case, error) {
	reference, ok := docket.ParseReference(r.PathValue("reference"))
	if !ok {
		return docket.Case{}, docket.ErrNotFound
	}
	c, err := in.Store.ByReference(r.Context(), reference)
	if err == nil && (in.shops[c.Shop] == nil || !can(in.me(r), c.Shop, docket.Reader)) {
		err = docket.ErrNotFound
	}
	return c, err
}

// tooLow refuses what needs another role.
func (in *inbox) tooLow(w http.ResponseWriter, r *http.Request, least docket.Role) {
	in.Log.Warn("inbox refused what the user has no role for", "route", r.Pattern, "user", in.me(r).ID)
	in.refuse(w, r, http.StatusForbidden, "people.refused."+string(least))
}

// viewed records that the user is shown a case or a part of it. When it says false, that failed and the answer is written:
// nobody sees personal data without a record of it. What is one of those of docket.View.
func (in *inbox) viewed(w http.ResponseWriter, r *http.Request, c docket.Case, what, detail string) bool {
	return in.record(w, r, docket.View{Shop: c.Shop, Case: c.ID, What: what, Detail: detail})
}

// viewedList records that the user is shown cases in a list or an export, one line for each shop they are of. Filter is the
// name of one, never what was searched for.
func (in *inbox) viewedList(w http.ResponseWriter, r *http.Request, cases []docket.Case, what, filter string) bool {
	counts := make(map[string]int)
	for _, c := range cases {
		counts[c.Shop]++
	}
	return in.viewedMany(w, r, counts, what, filter)
}

// viewedMany is viewedList for who has only counted the cases of each shop.
func (in *inbox) viewedMany(w http.ResponseWriter, r *http.Request, counts map[string]int, what, filter string) bool {
	var views []docket.View
	for id, n := range counts {
		views = append(views, docket.View{Shop: id, What: what, Detail: strconv.Itoa(n) + " " + filter})
	}
	return len(views) == 0 || in.record(w, r, views...)
}

func (in *inbox) record(w http.ResponseWriter, r *http.Request, views ...docket.View) bool {
	for i := range views {
		views[i].At, views[i].Login = in.Now(), in.me(r).Login
	}
	if err := in.Store.Viewed(r.Context(), views...); err != nil {
		in.fail(w, r, err)
		return false
	}
	return true
}
