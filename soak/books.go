package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"

	"recourse/intake"
	"recourse/intake/store"
	"recourse/intake/store/postgres"
	"recourse/intake/store/sqlite"
	"recourse/soak/cluster"
	"recourse/soak/rows"
)

// books is a database, read past the program: what that says of itself is not what is tried here.
type books struct {
	query func(string) ([][]string, error)
	check func() error // of the database's own structures
	open  func(context.Context) (*store.Store, error)
}

// kept is what is in a database.
type kept struct {
	cases   []storedCase
	letters []storedLetter
	damage  error
	chained int      // cases whose history was followed
	events  int      // in these
	faults  []string // in histories
}

type storedCase struct{ id, reference string }

type storedLetter struct{ submission, kind, message, to, delivery string }

const (
	queued = "queued"
	sent   = "sent"
	failed = "failed"
)

func (b books) read(ctx context.Context) (k kept, err error) {
	k.damage = b.check()
	if k.chained, k.events, k.faults, err = b.histories(ctx); err != nil {
		return k, err
	}
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
	found, err := b.query(`SELECT count(*) FROM outbox WHERE delivery = '` + queued + `'`)
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(found[0][0])
}

// hasten makes every waiting letter due, whoever holds it: its node is gone.
func (b books) hasten() error {
	_, err := b.query(`UPDATE outbox SET next = written, lease = written WHERE delivery = '` + queued + `'`)
	return err
}

func sqliteBooks(data string) books {
	file := filepath.Join(data, "recourse.db")
	query := func(q string) ([][]string, error) {
		return rows.Of("sqlite", "file:"+file+"?_pragma=busy_timeout(10000)", q)
	}
	check := func() error {
		found, err := query(`PRAGMA integrity_check`)
		if err == nil && (len(found) != 1 || found[0][0] != "ok") {
			err = fmt.Errorf("PRAGMA integrity_check: %v", found)
		}
		return err
	}
	return books{query, check, func(ctx context.Context) (*store.Store, error) {
		key, err := intake.Key(filepath.Join(data, "key"))
		if err != nil {
			return nil, err
		}
		return sqlite.Open(ctx, file, key)
	}}
}

func postgresBooks(url string, key []byte) books {
	return books{
		func(q string) ([][]string, error) { return cluster.Query(url, q) },
		func() error { return cluster.Check(url) },
		func(ctx context.Context) (*store.Store, error) {
			s, _, err := postgres.Open(ctx, url, key)
			return s, err
		},
	}
}

// histories follows the chain of events of each case.
func (b books) histories(ctx context.Context) (cases, events int, faults []string, err error) {
	s, err := b.open(ctx)
	if err != nil {
		return 0, 0, nil, err
	}
	defer s.Close()
	cases, events, err = s.Verify(ctx, func(f store.Fault) { faults = append(faults, f.Error()) })
	return cases, events, faults, err
}
