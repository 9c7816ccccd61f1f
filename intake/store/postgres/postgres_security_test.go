package postgres

import (
	"testing"

	"recourse/intake/store/pgtest"
	"recourse/intake/store/storetest"
)

func TestSEC32_TextsAreNoStatements(t *testing.T) {
	s, _ := connect(t, pgtest.Database(t))
	storetest.Hostile(t, s)
	storetest.HostileLogins(t, s)
}
