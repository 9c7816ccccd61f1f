package storetest

import (
	"errors"
	"testing"

	"github.com/google/uuid"

	"recourse/intake/docket"
	"recourse/intake/store"
)

// injections are texts that would change a statement they are pasted into, or a search they are taken for.
var injections = []string{`'; DROP TABLE cases;--`, `" OR ""="`, `' OR '1'='1`, `%`, `_`, `\`, `\'`, `' UNION SELECT token FROM sessions --`, `/* */`, `$1`, `?1`, `:name`, `@p`,
	`NEAR(a b)`, `"a" AND "b"`, `a*`, `name:x`, `(`, `)`, `"`, `'`, `^x`, `{a}`, `a - b`, `OR`, `NOT`, `x'00'`, `1;SELECT pg_sleep(9)`, `'||(SELECT 1)||'`, `a & !b | c:*`, `E'\047'`, `U&'\0027'`, `$$a$$`}

// Hostile stores the injections in every answer and looks for them everywhere a text is looked for. What comes back must be
// what was written; a NUL, which PostgreSQL does not take, may not break a search.
func Hostile(t *testing.T, s *store.Store) {
	for _, text := range injections {
		c := Example()
		c.Submission, c.Reference = uuid.NewString(), docket.NewReference()
		c.Page, c.Values = text, map[string]string{"name": "q" + text, "contract": text, "email": "a@example.org", "comment": text}
		Submit(t, s, c)
		back, err := s.ByReference(t.Context(), c.Reference)
		if err != nil || back.Values["contract"] != text || back.Page != text {
			t.Errorf("%q comes back as %q, %v", text, back.Values["contract"], err)
		}
	}
	for _, text := range append(injections, "\x00", "a\x00b", "\xff", "") {
		if _, err := s.Cases(t.Context(), docket.Query{Search: text, All: true}); err != nil {
			t.Errorf("a search for %q: %v", text, err)
		}
		if _, err := s.Count(t.Context(), docket.Query{Search: text, Form: "withdrawal", Shops: []string{"amber"}}); err != nil {
			t.Errorf("counting what is found for %q: %v", text, err)
		}
	}
	for _, one := range []string{"q'", `q"`, `q%`, `q_`, `q\'`, "q$1"} {
		found, err := s.Cases(t.Context(), docket.Query{Search: one, All: true})
		if err != nil || len(found) == 0 || len(found) == len(injections) {
			t.Errorf("%d cases are found for %q, %v; signs of a pattern mean themselves", len(found), one, err)
		}
	}
	if n, err := s.Count(t.Context(), docket.Query{All: true}); err != nil || n != len(injections) {
		t.Errorf("%d cases are left of %d, %v", n, len(injections), err)
	}
}

// HostileLogins asks for users nobody can be: anybody may type such a name at the log-in.
func HostileLogins(t *testing.T, s *store.Store) {
	for _, login := range append(injections, "\x00", "a\x00b", "\xff") {
		if _, err := s.User(t.Context(), login); !errors.Is(err, docket.ErrNotFound) {
			t.Errorf("user %q: %v", login, err)
		}
	}
}
