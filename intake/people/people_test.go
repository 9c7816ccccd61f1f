package people_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"recourse/intake/docket"
	"recourse/intake/people"
	"recourse/intake/store"
	"recourse/intake/store/sqlite"
)

func open(t *testing.T) *store.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "recourse.db"), []byte(strings.Repeat("k", 32)))
	must(t, err)
	t.Cleanup(func() { s.Close() })
	return s
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func fits(t *testing.T, s *store.Store, password string) docket.User {
	t.Helper()
	u, err := s.User(t.Context(), people.FirstLogin)
	must(t, err)
	if ok, err := people.Fits(password, u.Hash); !ok || err != nil {
		t.Errorf("the password of owner is not %q: %v", password, err)
	}
	return u
}

func TestTheFirstPasswordIsDrawnOnce(t *testing.T) {
	s, dir := open(t), t.TempDir()
	fresh, err := people.FirstOwner(t.Context(), s, dir, "", time.Now())
	if err != nil || fresh != filepath.Join(dir, "inbox-password.txt") {
		t.Fatalf("FirstOwner = %q, %v", fresh, err)
	}
	info, err := os.Stat(fresh)
	if must(t, err); info.Mode().Perm() != 0o600 {
		t.Errorf("others can read the password: %v", info.Mode())
	}
	plain, err := os.ReadFile(fresh)
	must(t, err)
	if u := fits(t, s, strings.TrimSpace(string(plain))); u.Roles[docket.EveryShop] != docket.Owner {
		t.Errorf("owner has the roles %v", u.Roles)
	}
	must(t, os.Remove(fresh))
	if fresh, err := people.FirstOwner(t.Context(), s, dir, "", time.Now()); err != nil || fresh != "" {
		t.Errorf("the second start draws a password: %q, %v", fresh, err)
	}
	fits(t, s, strings.TrimSpace(string(plain)))
}

func TestAnEarlierPasswordGoesOn(t *testing.T) {
	s, dir := open(t), t.TempDir()
	hash, err := people.Hash("the one from before")
	must(t, err)
	file := filepath.Join(dir, "inbox-password.hash")
	must(t, os.WriteFile(file, []byte(hash+"\n"), 0o600))
	fresh, err := people.FirstOwner(t.Context(), s, dir, "", time.Now())
	if err != nil || fresh != "" {
		t.Fatalf("FirstOwner = %q, %v", fresh, err)
	}
	fits(t, s, "the one from before")
	if _, err := os.Stat(file); !os.IsNotExist(err) {
		t.Errorf("the hash is still in the folder: %v", err)
	}
}

func TestAGivenPasswordCounts(t *testing.T) {
	s, dir := open(t), t.TempDir()
	for i, given := range []string{"correct horse", "correct horse", "battery staple"} {
		if fresh, err := people.FirstOwner(t.Context(), s, dir, given, time.Now()); err != nil || fresh != "" {
			t.Fatalf("FirstOwner = %q, %v", fresh, err)
		}
		if u := fits(t, s, given); u.Epoch != i/2 {
			t.Errorf("start %d: the epoch is %d; sessions end when the password becomes another, and only then", i, u.Epoch)
		}
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) != 0 {
		t.Errorf("a password from the environment was written to the disk: %v, %v", files, err)
	}
}

// TestSEC45_OwnersStayInTheirShops: who owns one shop gets no further by changing others or themselves.
func TestSEC45_OwnersStayInTheirShops(t *testing.T) {
	s := open(t)
	for login, roles := range map[string]map[string]docket.Role{
		"boss": {docket.EveryShop: docket.Owner}, "amber": {"amber": docket.Owner}, "both": {"amber": docket.Reader, "birch": docket.Agent}, "idle": {},
	} {
		must(t, s.SaveUser(t.Context(), docket.User{Login: login, Hash: "h", Roles: roles}))
	}
	o := people.Office{Store: s, Owns: func(shop string) bool { return shop == "amber" }}
	_, errAdd := o.Add(t.Context(), "spy", "", map[string]docket.Role{docket.EveryShop: docket.Owner}, time.Now())
	for about, err := range map[string]error{
		"add somebody for all shops":         errAdd,
		"rise to all shops":                  o.SetRole(t.Context(), "amber", docket.EveryShop, docket.Owner),
		"rise to another shop":               o.SetRole(t.Context(), "amber", "birch", docket.Reader),
		"change who manages all shops":       o.SetRole(t.Context(), "boss", "amber", docket.Reader),
		"take the password of the boss":      o.SetPassword(t.Context(), "boss", "a long password"),
		"take that of somebody of two shops": o.SetPassword(t.Context(), "both", "a long password"),
		"lock somebody of two shops":         o.Disable(t.Context(), "both", true),
		"remove somebody without a role":     o.Remove(t.Context(), "idle"),
	} {
		if !errors.Is(err, docket.ErrNotFound) {
			t.Errorf("an owner of one shop can %s: %v", about, err)
		}
	}
	must(t, o.SetRole(t.Context(), "both", "amber", docket.Agent))
	all := people.Office{Store: s}
	for about, err := range map[string]error{
		"removed": all.Remove(t.Context(), "boss"), "locked": all.Disable(t.Context(), "boss", true), "demoted": all.SetRole(t.Context(), "boss", docket.EveryShop, docket.Agent),
	} {
		if !errors.Is(err, people.ErrLastOwner) {
			t.Errorf("the last owner can be %s: %v", about, err)
		}
	}
}
