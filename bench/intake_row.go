package main

import (
	"errors"
	"fmt"
	"syscall"
	"time"

	"recourse/soak/node"
)

// row measures a contender that was just started, ends it, and counts what it has stored.
func (c *contest) row(who *contender, load func(*contender) (reading, error)) error {
	r, err := load(who)
	r.peak = node.Peak(who.pid())
	if err := errors.Join(err, who.stop()); err != nil {
		return fmt.Errorf("%s: %w", who.name, err)
	}
	stored, err := who.stored()
	if err != nil {
		return fmt.Errorf("%s: %w", who.name, err)
	}
	if r.acknowledged += who.probed; stored != r.acknowledged {
		return fmt.Errorf("%s: %d records were acknowledged and %d are stored", who.name, r.acknowledged, stored)
	}
	c.print(who, r)
	return nil
}

// reading is what a run shows.
type reading struct {
	load                      string
	rate                      float64
	p50, p99, slowest         time.Duration
	server, database, callers time.Duration // processor time for each record
	peak                      int64
	acknowledged              int
	goal                      string
}

func (c *contest) print(who *contender, r reading) {
	micro := func(d time.Duration) string { return fmt.Sprintf("%d µs", d.Microseconds()) }
	database := ""
	if who.also != nil {
		database = micro(r.database)
	}
	fmt.Fprintf(c.table, "%s\t%s\t%.0f\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%d\t%s\t%s\n", who.name, r.load, r.rate, millis(r.p50), millis(r.p99), millis(r.slowest),
		micro(r.server), database, micro(r.callers), mebibytes(r.peak), r.acknowledged, who.durable, r.goal)
}

func millis(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000) }

// meter reads processor times at the start of a stretch and at its end.
type meter struct{ server, database, callers time.Duration }

func (who *contender) meter() meter {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	m := meter{server: node.CPU(who.pid()), callers: time.Duration(u.Utime.Nano() + u.Stime.Nano())}
	if who.also != nil {
		m.database = who.also()
	}
	return m
}

// during runs a load and measures the stretch between two moments of it.
func (who *contender) during(from, until time.Time, load func() outcome) (reading, error) {
	meters := make(chan meter, 2)
	for _, at := range []time.Time{from, until} {
		time.AfterFunc(time.Until(at), func() { meters <- who.meter() })
	}
	o := load()
	before, after := <-meters, <-meters
	took, ended := o.begun(from, until), o.ended(from, until)
	if len(took) == 0 || ended == 0 {
		return reading{}, errors.Join(o.check(), errors.New("nothing was stored"))
	}
	n := time.Duration(ended)
	return reading{
		rate: float64(ended) / until.Sub(from).Seconds(), p50: quantile(took, .5), p99: quantile(took, .99), slowest: took[len(took)-1],
		server: (after.server - before.server) / n, database: (after.database - before.database) / n, callers: (after.callers - before.callers) / n,
		acknowledged: len(o.samples),
	}, o.check()
}

// flood has clients send as fast as they are answered.
func (c *contest) flood(who *contender) (reading, error) {
	from := time.Now().Add(warming)
	until := from.Add(c.length)
	r, err := who.during(from, until, func() outcome { return closed(who.service, clients, until) })
	r.load = fmt.Sprintf("%d clients", clients)
	c.best[who.name] = r.rate
	if who.name == "SQLite" || who.name == "SQLite"+noMails {
		r.goal = fmt.Sprintf("%d/s %s, %s %s", rateGoal, verdict(r.rate >= rateGoal), mebibytes(serverMemoryGoal), verdict(node.Peak(who.pid()) < serverMemoryGoal))
	}
	return r, err
}

// steady sends at a fixed rate, beside slow connections where there are some.
func (c *contest) steady(slow int) func(*contender) (reading, error) {
	return func(who *contender) (reading, error) {
		load, goal := fmt.Sprintf("%d/s", steadyRate), steadyGoal
		if slow > 0 {
			crowd := gather(who.addr, who.page, slow)
			defer crowd.disperse()
			if err := crowd.filled(slow*9/10, time.Minute); err != nil {
				return reading{}, err
			}
			defer func() {
				fmt.Printf("\n%s: %d slow connections open at the end, %d ended by the server\n", who.name, crowd.open.Load(), crowd.ended.Load())
			}()
			load, goal = fmt.Sprintf("%s beside %d slow ones", load, slow), besideGoal
		}
		start := time.Now()
		from := start.Add(warming)
		until := from.Add(c.length)
		r, err := who.during(from, until, func() outcome { return open(who.service, steadyOpen, steadyRate, start, until) })
		r.load, r.goal = load, fmt.Sprintf("p99 %v %s", goal, verdict(r.p99 < goal))
		return r, err
	}
}

// compare says how many times as fast as PocketBase we are.
func (c *contest) compare() {
	for _, peer := range []string{pocketName("NORMAL"), pocketName("FULL")} {
		for _, ours := range []string{"SQLite" + noMails, "SQLite"} {
			if rate := c.best[peer]; rate > 0 {
				times := c.best[ours] / rate
				c.remark("%s takes %.1f times as many as %s; goal %d times: %s", ours, times, peer, timesGoal, verdict(times >= timesGoal))
			}
		}
	}
}

// remark is kept for the lines below the table.
func (c *contest) remark(format string, args ...any) {
	c.remarks = append(c.remarks, fmt.Sprintf(format, args...))
}
