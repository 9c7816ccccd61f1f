package main

import (
	"crypto/rand"
	"database/sql"
	"fmt"
	"os"
	"strconv"

	_ "modernc.org/sqlite" // registers the driver

	"recourse/soak/cluster"
)

// books is a database, read past the program: what that says of itself is not what is tried here.
type books struct {
	query func(string) ([][]string, error)
	check func() error // of the database's own structures
}

// kept is what is in a database.
type kept struct {
	cases   []storedCase
	letters []storedLetter
	damage  error
}

type storedCase struct{ id, reference string }

type storedLetter struct{ submission, kind, message, to, delivery string }

const (
	queued = "queued"
	sent   = "sent"
	failed = "failed"
)

func (b books) read() (k kept, err error) {
	k.damage = b.check()
	cases, err := b.query(`SELECT submission, reference FROM cases`)
	if err != nil {
		return k, err
	}
	for _, c := range cases {
		k.cases = append(k.cases, storedCase{c[0], c[1]})
	}
	letters, err := b.query(`SELECT cases.submission, outbox.kind, outbox.message_id, outbox.recipient, outbox.delivery
		FROM outbox JOIN cases ON cases.id = outbox.case_id`)
	for _, l := range letters {
		k.letters = append(k.letters, storedLetter{l[0], l[1], l[2], l[3], l[4]})
	}
	return k, err
}

// waiting counts the letters that have not gone out yet.
func (b books) waiting() (int, error) {
	rows, err := b.query(`SELECT count(*) FROM outbox WHERE delivery = '` + queued + `'`)
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(rows[0][0])
}

// hasten makes every waiting letter due, whoever holds it: its node is gone.
func (b books) hasten() error {
	_, err := b.query(`UPDATE outbox SET next = written, lease = written WHERE delivery = '` + queued + `'`)
	return err
}

func sqliteBooks(file string) books {
	query := func(q string) ([][]string, error) { return askSQLite(file, q) }
	return books{query, func() error {
		rows, err := query(`PRAGMA integrity_check`)
		if err == nil && (len(rows) != 1 || rows[0][0] != "ok") {
			err = fmt.Errorf("PRAGMA integrity_check: %v", rows)
		}
		return err
	}}
}

func askSQLite(file, query string) (all [][]string, err error) {
	db, err := sql.Open("sqlite", "file:"+file+"?_pragma=busy_timeout(10000)")
	if err != nil {
		return nil, err
	}
	defer db.Close()
	rows, err := db.Query(query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		row, into := make([]string, len(columns)), make([]any, len(columns))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		all = append(all, row)
	}
	return all, rows.Err()
}

func postgresBooks(c *cluster.Cluster, database string) books {
	return books{
		query: func(q string) ([][]string, error) { return c.Query(database, q) },
		check: func() error { return c.Check(database) },
	}
}

// writeKey makes the key that several nodes share.
func writeKey(file string) error {
	key := make([]byte, 32)
	rand.Read(key)
	return os.WriteFile(file, key, 0o600)
}
