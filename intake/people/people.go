// Package people changes the users of the inbox: the rules that its pages and the command "recourse user" share. Every change
// that says who may do what ends the user's sessions.
package people

import (
	"context"
	"crypto/rand"
	"errors"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
	"golang.org/x/text/unicode/norm"

	"recourse/form"
	"recourse/intake/docket"
)

// Store keeps users.
type Store interface {
	User(ctx context.Context, login string) (docket.User, error)
	Users(ctx context.Context) ([]docket.User, error)
	ChangeUser(ctx context.Context, login string, change func(u *docket.User, all []docket.User) error) error
}

// What can be wrong with a change.
var (
	ErrLogin     = errors.New("a user name has 1 to 64 of the characters a-z 0-9 . _ - + @ and begins with a letter or digit")
	ErrTaken     = errors.New("there is a user with this name")
	ErrName      = errors.New("a name has at most 100 characters")
	ErrRole      = errors.New("there is no such role")
	ErrShort     = errors.New("a password has at least 12 characters")
	ErrLong      = errors.New("a password has at most 256 characters")
	ErrObvious   = errors.New("a password is not the user name")
	ErrLastOwner = errors.New("this is the last owner of all shops; somebody must be left who can say who the users are")
)

// Lengths in characters.
const (
	MaxLogin    = 64
	MaxName     = 100
	MinPassword = 12
	MaxPassword = 256
)

// Office changes users on behalf of an owner.
type Office struct {
	Store Store
	Owns  func(shop string) bool // whether that is an owner of the shop, or of docket.EveryShop; nil: the server's operator, who is
}

func (o Office) owns(shop string) bool { return o.Owns == nil || o.Owns(shop) }

// Over tells whether everything about a user may be changed: all the user may do is about shops of the owner's.
func (o Office) Over(u docket.User) bool {
	if o.owns(docket.EveryShop) {
		return true
	}
	for id := range u.Roles {
		if !o.owns(id) {
			return false
		}
	}
	return len(u.Roles) > 0
}

// Sees tells whether a user has a part in one of the owner's shops.
func (o Office) Sees(u docket.User) bool {
	if o.owns(docket.EveryShop) || u.Roles[docket.EveryShop] != "" {
		return true
	}
	return slices.ContainsFunc(slices.Collect(maps.Keys(u.Roles)), o.owns)
}

// Places tells whether the owner may say what a user does for a shop.
func (o Office) Places(u docket.User, shop string) bool {
	return o.owns(shop) && o.Sees(u) && (o.owns(docket.EveryShop) || u.Roles[docket.EveryShop] == "")
}

// Tidy is a login as it is stored.
func Tidy(login string) string { return strings.ToLower(strings.TrimSpace(login)) }

var login = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z0-9][a-z0-9._+@-]*$`) })

// Add makes a user with a password that is returned and known to nobody else.
func (o Office) Add(ctx context.Context, name, fullName string, roles map[string]docket.Role, now time.Time) (password string, err error) {
	u := docket.User{Login: Tidy(name), Name: tidyName(fullName), Created: now, Roles: roles}
	if err := valid(u); err != nil {
		return "", err
	}
	for id := range roles {
		if !o.owns(id) {
			return "", docket.ErrNotFound
		}
	}
	password = Draw()
	if u.Hash, err = Hash(password); err != nil {
		return "", err
	}
	return password, o.Store.ChangeUser(ctx, u.Login, func(stored *docket.User, _ []docket.User) error {
		if stored.ID != 0 {
			return ErrTaken
		}
		*stored = u
		return nil
	})
}

func tidyName(s string) string { return form.Clean(form.Line, norm.NFC.String(s)) }

func valid(u docket.User) error {
	switch {
	case len(u.Login) > MaxLogin || !login().MatchString(u.Login):
		return ErrLogin
	case utf8.RuneCountInString(u.Name) > MaxName:
		return ErrName
	}
	for _, role := range u.Roles {
		if !slices.Contains(docket.Roles, role) {
			return ErrRole
		}
	}
	return nil
}

// SetRole says what a user may do for a shop or for docket.EveryShop; "" takes the role away.
func (o Office) SetRole(ctx context.Context, login, shop string, role docket.Role) error {
	return o.change(ctx, login, func(u docket.User) bool { return o.Places(u, shop) }, func(u *docket.User) error {
		if role != "" && !slices.Contains(docket.Roles, role) {
			return ErrRole
		}
		if u.Roles[shop] == role {
			return nil
		}
		u.Roles = maps.Clone(u.Roles)
		if u.Roles == nil {
			u.Roles = make(map[string]docket.Role)
		}
		if u.Roles[shop] = role; role == "" {
			delete(u.Roles, shop)
		}
		u.Epoch++
		return nil
	})
}

// Rename gives a user another name, not another login.
func (o Office) Rename(ctx context.Context, login, name string) error {
	return o.change(ctx, login, o.Over, func(u *docket.User) error {
		u.Name = tidyName(name)
		return valid(*u)
	})
}

// SetPassword gives a user a password.
func (o Office) SetPassword(ctx context.Context, login, password string) error {
	if err := Good(password, login); err != nil {
		return err
	}
	hash, err := Hash(password)
	if err != nil {
		return err
	}
	return o.change(ctx, login, o.Over, func(u *docket.User) error {
		u.Hash = hash
		u.Epoch++
		return nil
	})
}

// Disable locks a user out, or in again.
func (o Office) Disable(ctx context.Context, login string, disabled bool) error {
	return o.change(ctx, login, o.Over, func(u *docket.User) error {
		u.Disabled = disabled
		u.Epoch++
		return nil
	})
}

// EndSessions logs a user out everywhere.
func (o Office) EndSessions(ctx context.Context, login string) error {
	return o.change(ctx, login, o.Over, func(u *docket.User) error {
		u.Epoch++
		return nil
	})
}

// Remove forgets a user. What the user did stays in the histories under the login.
func (o Office) Remove(ctx context.Context, login string) error {
	return o.change(ctx, login, o.Over, func(u *docket.User) error {
		u.Login = ""
		return nil
	})
}

// change changes a user that there is and that the owner may change.
func (o Office) change(ctx context.Context, login string, may func(docket.User) bool, do func(*docket.User) error) error {
	return o.Store.ChangeUser(ctx, Tidy(login), func(u *docket.User, all []docket.User) error {
		if u.ID == 0 || !may(*u) {
			return docket.ErrNotFound
		}
		was := *u
		if err := do(u); err != nil {
			return err
		}
		if owner(was) && !owner(*u) && !slices.ContainsFunc(all, func(one docket.User) bool { return one.ID != was.ID && owner(one) }) {
			return ErrLastOwner
		}
		return nil
	})
}

// owner tells whether a user can say who the users are, of all shops.
func owner(u docket.User) bool {
	return u.Login != "" && !u.Disabled && u.Roles[docket.EveryShop] == docket.Owner
}

// Draw makes a password of 130 bits.
func Draw() string { return rand.Text() }

// Good tells what is wrong with a password somebody chose.
func Good(password, login string) error {
	switch n := utf8.RuneCountInString(password); {
	case n < MinPassword:
		return ErrShort
	case n > MaxPassword:
		return ErrLong
	case strings.EqualFold(password, login):
		return ErrObvious
	}
	return nil
}

// params are the smaller ones of OWASP's equal choices. Checking a password takes so much memory, and a server should need little.
// A hash says its own, so that those made with others go on working.
var params = argon2id.Params{Memory: 19 << 10, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// Hash is what the database keeps of a password.
func Hash(password string) (string, error) {
	hash, err := argon2id.CreateHash(norm.NFC.String(password), &params)
	return hash, wrap("hash a password", err)
}

// Fits tells whether a password is the one with the hash. Keyboards write the same letter in more than one way; it fits in all.
func Fits(password, hash string) (bool, error) {
	return argon2id.ComparePasswordAndHash(norm.NFC.String(password), hash)
}
