package sqlite

import (
	"testing"

	"recourse/intake/store/storetest"
)

func TestSEC32_TextsAreNoStatements(t *testing.T) {
	_, s := fresh(t)
	storetest.Hostile(t, s)
	storetest.HostileLogins(t, s)
}
