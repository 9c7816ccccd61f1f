package form_test

import (
	"os"
	"strings"
	"testing"

	"recourse/form"
	"recourse/form/formtest"
)

func suggestions(t testing.TB) []formtest.Suggestion {
	t.Helper()
	all, err := formtest.Suggestions(os.DirFS("testdata"))
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 100 {
		t.Fatalf("read %d suggestions, expected at least 100: is the table in place?", len(all))
	}
	return all
}

func TestSuggestEmail(t *testing.T) {
	hits := 0
	all := suggestions(t)
	for _, s := range all {
		if got := form.SuggestEmail(s.Address); got != s.Want {
			t.Errorf("%s: for %q suggests %q, want %q", s.Place, s.Address, got, s.Want)
		}
		if s.Want != "" {
			hits++
		}
	}
	if hits < 40 || len(all)-hits < hits {
		t.Errorf("%d hits and %d near-misses, want at least as many of these", hits, len(all)-hits)
	}
}

// What is suggested is taken as it is: it is an address, and nothing else is suggested for it.
func FuzzSuggestEmail(f *testing.F) {
	for _, s := range suggestions(f) {
		f.Add(s.Address)
	}
	w, _ := form.Lookup("withdrawal")
	email, _ := w.Field("email")
	f.Fuzz(func(t *testing.T, address string) {
		got := form.SuggestEmail(address)
		if got == "" {
			return
		}
		if again := form.SuggestEmail(got); again != "" {
			t.Errorf("for %q suggests %q, and for that %q", address, got, again)
		}
		if rule, _ := email.Check(got, 0, nil); rule != form.OK && rule != form.TooLong {
			t.Errorf("for %q suggests %q, which is %s", address, got, rule)
		}
		if local, _, _ := strings.Cut(got, "@"); !strings.Contains(address, local) && form.Clean(form.Email, address) == address {
			t.Errorf("for %q suggests %q: another mailbox", address, got)
		}
	})
}
