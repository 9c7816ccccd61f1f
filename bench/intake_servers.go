package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"

	_ "modernc.org/sqlite" // registers the driver; that of PostgreSQL comes with cluster

	"recourse/soak/cluster"
	"recourse/soak/node"
	"recourse/soak/rows"
)

const postgres = "PostgreSQL"

// recourse starts our own program with a fresh database.
func (c *contest) recourse(name, smtp string) (*contender, error) {
	o := node.Options{Program: c.program, Dir: c.scratch(), SMTP: smtp}
	who := &contender{name: name, page: "/legal/en-DE/withdrawal/"}
	who.stored = func() (int, error) { return count("sqlite", filepath.Join(o.Dir, "data", "recourse.db"), "cases") }
	if strings.HasPrefix(name, postgres) {
		var err error
		if o.Database, err = c.cluster.Create(context.Background()); err != nil {
			return nil, err
		}
		if who.durable, err = durablePostgreSQL(o.Database); err != nil {
			return nil, err
		}
		who.also = c.cluster.CPU
		who.stored = func() (int, error) { return count("pgx", o.Database, "cases") }
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

// count counts the records of a table, past the program.
func count(driver, source, table string) (int, error) {
	found, err := rows.Of(driver, source, "SELECT count(*) FROM "+table)
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(found[0][0])
}

func durablePostgreSQL(url string) (string, error) {
	found, err := cluster.Query(url, "SELECT current_setting('fsync'), current_setting('synchronous_commit')")
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("fsync=%s, synchronous_commit=%s", found[0][0], found[0][1]), nil
}
