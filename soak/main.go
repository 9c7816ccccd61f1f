// Command soak tries whether recourse serve keeps its word while everything around it breaks: for ten minutes, or what SOAK says
// (SOAK=30s), clients send submissions and repeat each until it is acknowledged. Meanwhile nodes are killed, the database is
// restarted, the mail server misbehaves and the disk fills up. In the end nothing that was acknowledged may be missing, nothing may
// be there twice, and no letter may have gone out twice without a reason that no sender can rule out.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"
)

func main() {
	log.SetFlags(0)
	program := flag.String("program", "bin/recourse", "the built command")
	flag.Parse()
	length, err := time.ParseDuration(cmp.Or(os.Getenv("SOAK"), "10m"))
	if err != nil {
		log.Fatalf("read SOAK: %v; write 10m or 30s", err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	wrong, err := soak(ctx, *program, planFor(length))
	if err != nil {
		log.Fatal(err)
	}
	if wrong > 0 {
		log.Fatalf("\n%d things are WRONG", wrong)
	}
	fmt.Println("\nNothing is missing, nothing is doubled.")
}

// plan says how long which trial takes.
type plan struct {
	sqlite, postgres trial
	disk             time.Duration
	patience         time.Duration // for the letters that are left in the end
}

// trial is a number of nodes that are killed while they work.
type trial struct {
	name            string
	nodes           int
	length          time.Duration
	kills, restarts int // of nodes, of the database
	script          []act
}

// planFor shares out the time. In ten minutes there are 200 kills.
func planFor(length time.Duration) plan {
	part := length * 45 / 100
	kills := max(3, int(100*length/(10*time.Minute)))
	return plan{
		sqlite:   trial{"SQLite", 1, part, kills, 0, script},
		postgres: trial{"PostgreSQL", 3, part, kills, max(1, kills/10), script},
		disk:     max(length/10, 10*time.Second),
		patience: max(length/3, 30*time.Second),
	}
}

// soak runs the trials and tells how many things are wrong.
func soak(ctx context.Context, program string, p plan) (wrong int, err error) {
	if program, err = filepath.Abs(program); err != nil {
		return 0, err
	}
	dir, err := os.MkdirTemp("", "recourse-soak-")
	if err != nil {
		return 0, err
	}
	defer func() {
		if wrong > 0 || err != nil && ctx.Err() == nil {
			fmt.Println("Everything is kept in", dir)
			return
		}
		err = errors.Join(err, os.RemoveAll(dir))
	}()
	for _, one := range []func(context.Context, string, string, plan) (*report, error){onSQLite, onPostgreSQL, onFullDisk} {
		r, err := one(ctx, program, dir, p)
		if err != nil {
			return wrong, err
		}
		wrong += r.print(os.Stdout)
	}
	return wrong, nil
}
