package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"

	_ "modernc.org/sqlite" // registers the driver

	"recourse/soak/node"
)

const postgres = "PostgreSQL"

// recourse starts our own program with a fresh database.
func (c *contest) recourse(name, smtp string) (*contender, error) {
	o := node.Options{Program: c.program, Dir: c.scratch(), SMTP: smtp}
	database := fmt.Sprint("run", c.runs)
	who := &contender{name: name, page: "/legal/en-DE/withdrawal/"}
	who.stored = func() (int, error) { return countSQLite(filepath.Join(o.Dir, "data", "recourse.db"), "cases") }
	if strings.HasPrefix(name, postgres) {
		var err error
		if o.Database, err = c.cluster.Create(database); err != nil {
			return nil, err
		}
		if who.durable, err = c.durablePostgreSQL(database); err != nil {
			return nil, err
		}
		who.also = c.cluster.CPU
		who.stored = func() (int, error) { return c.countPostgreSQL(database) }
	}
	n, err := node.New(o)
	if err != nil {
		return nil, err
	}
	who.service = service{addr: n.Addr, path: node.Path, done: http.StatusCreated, record: node.Submission}
	who.pid, who.stop = n.PID, n.Stop
	if err := c.install(n); err != nil {
		return nil, err
	}
	if o.Database == "" {
		err = who.countSyncs("recourse.db")
	}
	return who, err
}

// install starts a node for the first time, which draws a password and builds the pages, ends it, and starts it as it is
// started from then on.
func (c *contest) install(n *node.Node) error {
	ctx := context.Background()
	if err := n.Start(ctx); err != nil {
		return err
	}
	if c.runs == 1 {
		c.remark("The very first start of an installation takes %s at its peak; what the table has is a later one", mebibytes(n.Peak()))
	}
	return errors.Join(n.Stop(), n.Start(ctx))
}

func countSQLite(file, table string) (n int, err error) {
	db, err := sql.Open("sqlite", "file:"+file+"?_pragma=query_only(1)")
	if err != nil {
		return 0, err
	}
	defer db.Close()
	return n, db.QueryRow("SELECT count(*) FROM " + table).Scan(&n)
}

func (c *contest) countPostgreSQL(database string) (int, error) {
	rows, err := c.cluster.Query(database, "SELECT count(*) FROM cases")
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(rows[0][0])
}

func (c *contest) durablePostgreSQL(database string) (string, error) {
	rows, err := c.cluster.Query(database, "SELECT current_setting('fsync'), current_setting('synchronous_commit')")
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("fsync=%s, synchronous_commit=%s", rows[0][0], rows[0][1]), nil
}
