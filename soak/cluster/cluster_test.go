package cluster

import (
	"errors"
	"os"
	"testing"
)

func TestClusterComesBackAfterACrash(t *testing.T) {
	dir, err := os.MkdirTemp("", "recourse-cluster-") // the folders of t.TempDir let no other user through
	must(t, err)
	defer os.RemoveAll(dir)
	c, err := Start(dir)
	if errors.Is(err, ErrAbsent) {
		t.Skip(err)
	}
	must(t, err)
	defer func() { must(t, c.Stop()) }()
	_, err = c.Create("x")
	must(t, err)
	_, err = c.Query("x", `CREATE TABLE t AS SELECT 'a,b' AS v`)
	must(t, err)
	must(t, c.Restart())
	rows, err := c.Query("x", `SELECT v, current_setting('fsync') || current_setting('synchronous_commit') FROM t`)
	must(t, err)
	if len(rows) != 1 || rows[0][0] != "a,b" || rows[0][1] != "onon" {
		t.Errorf("the table has %q", rows)
	}
	must(t, c.Check("x"))
	if c.CPU() == 0 {
		t.Error("PostgreSQL has used no time")
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
