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
	c, err := Start(t.Context(), dir)
	if errors.Is(err, ErrAbsent) {
		t.Skip(err)
	}
	must(t, err)
	defer func() { must(t, c.Stop()) }()
	url, err := c.Create(t.Context())
	must(t, err)
	_, err = Query(url, `CREATE TABLE t AS SELECT 'a,b' AS v`)
	must(t, err)
	must(t, c.Restart(t.Context()))
	rows, err := Query(url, `SELECT v, current_setting('fsync') || current_setting('synchronous_commit') FROM t`)
	must(t, err)
	if len(rows) != 1 || rows[0][0] != "a,b" || rows[0][1] != "onon" {
		t.Errorf("the table has %q", rows)
	}
	must(t, Check(url))
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
