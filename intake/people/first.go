package people

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"recourse/intake/docket"
)

// FirstLogin is the user a new server begins with.
const FirstLogin = "owner"

const (
	plainFile = "inbox-password.txt"
	hashFile  = "inbox-password.hash" // where earlier versions kept what is now in the database
)

// FirstOwner sees to it that there is somebody who can log in. Where there are no users yet, it makes the user "owner" for every
// shop; its password is the given one (from the environment), else the one an earlier version kept in the folder, else one is
// drawn and written to inbox-password.txt there, readable by its owner only, and fresh is the path of that file. Where there
// are users, a given password becomes that of "owner".
func FirstOwner(ctx context.Context, store Store, dir, given string, now time.Time) (fresh string, err error) {
	all, err := store.Users(ctx)
	switch {
	case err != nil:
		return "", err
	case len(all) == 0:
		return firstOwner(ctx, store, dir, given, now)
	case given != "":
		return "", givenPassword(ctx, store, given)
	}
	return "", nil
}

func firstOwner(ctx context.Context, store Store, dir, given string, now time.Time) (string, error) {
	hash, fresh, err := firstHash(dir, given)
	if err != nil {
		return "", err
	}
	err = store.ChangeUser(ctx, FirstLogin, func(u *docket.User, all []docket.User) error {
		if len(all) > 0 {
			return errNotFirst
		}
		u.Hash, u.Created = hash, now
		u.Roles = map[string]docket.Role{docket.EveryShop: docket.Owner}
		return nil
	})
	if errors.Is(err, errNotFirst) { // another server began with the same database a moment ago
		return "", discard(fresh)
	}
	if err != nil {
		return "", err
	}
	return fresh, discard(filepath.Join(dir, hashFile))
}

var errNotFirst = errors.New("there are users")

func discard(file string) error {
	if err := os.Remove(file); file != "" && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func firstHash(dir, given string) (hash, fresh string, err error) {
	if given != "" {
		hash, err = Hash(given)
		return hash, "", err
	}
	stored, err := os.ReadFile(filepath.Join(dir, hashFile))
	if err == nil {
		return strings.TrimSpace(string(stored)), "", nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", "", wrap("read the inbox's password", err)
	}
	// The file comes before the user: a start that dies in between begins again.
	password := Draw()
	fresh = filepath.Join(dir, plainFile)
	if err = os.WriteFile(fresh, []byte(password+"\n"), 0o600); err != nil {
		return "", "", wrap("write the inbox's password", err)
	}
	hash, err = Hash(password)
	return hash, fresh, err
}

func givenPassword(ctx context.Context, store Store, given string) error {
	u, err := store.User(ctx, FirstLogin)
	if errors.Is(err, docket.ErrNotFound) { // removed on purpose
		return nil
	}
	if err != nil {
		return err
	}
	if same, err := Fits(given, u.Hash); err == nil && same {
		return nil
	}
	hash, err := Hash(given)
	if err != nil {
		return err
	}
	return store.ChangeUser(ctx, FirstLogin, func(u *docket.User, all []docket.User) error {
		if u.ID == 0 {
			u.Login = "" // removed a moment ago
			return nil
		}
		u.Hash = hash
		u.Epoch++
		return nil
	})
}

func wrap(attempt string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", attempt, err)
}
