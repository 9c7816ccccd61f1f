package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"recourse/soak/node"
)

const (
	diskSize = "300m"           // a node with less than 200 MB left says that it is not ready, as it should
	fillTime = 30 * time.Second // until the server must have noticed
	heal     = 10 * time.Second // until it must have noticed that there is room again
)

// onFullDisk fills the disk below a node that is at work, and frees it.
func onFullDisk(ctx context.Context, program, dir string, p plan) (*report, error) {
	const name = "SQLite on a disk of 300 MB"
	disk := filepath.Join(dir, "disk")
	if err := os.Mkdir(disk, 0o755); err != nil {
		return nil, err
	}
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size="+diskSize); err != nil {
		return skipped(name, fmt.Sprintf("no tmpfs may be mounted here: %v", err)), nil
	}
	defer syscall.Unmount(disk, syscall.MNT_DETACH)
	s, err := newStage(ctx, name, 1, 2*sociable, func(int) node.Options {
		return node.Options{Program: program, Dir: filepath.Join(dir, "ondisk"), Data: filepath.Join(disk, "data")}
	})
	if err != nil {
		return nil, err
	}
	defer s.stop()
	s.books = sqliteBooks(filepath.Join(disk, "data"))
	working, finish := context.WithCancel(ctx)
	defer finish()
	var all sync.WaitGroup
	all.Go(func() { s.load.run(working) })
	s.fillAndFree(working, filepath.Join(disk, "ballast"), p.disk)
	finish()
	all.Wait()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return s.settle(ctx, s.load.span, p.patience)
}

// fillAndFree gives a third of the time to each: room, no room, room again.
func (s *stage) fillAndFree(ctx context.Context, ballast string, length time.Duration) {
	rest(ctx, length/3)
	s.disrupt(diskFull, everyNode, func() error {
		err := fill(ballast)
		if !s.comes(ctx, fillTime, func() bool { return s.load.count(errUnavailable) > 0 }) {
			s.blame("no submission was answered 503 within %v of a full disk", fillTime)
		}
		if !s.comes(ctx, fillTime, func() bool { return s.nodes[0].Ready() != nil }) {
			s.blame("the node says that it is ready though the disk is full")
		}
		rest(ctx, length/3)
		return errors.Join(err, os.Remove(ballast))
	})
	before := s.load.acknowledgements()
	if !s.comes(ctx, heal, func() bool { return s.nodes[0].Ready() == nil && s.load.acknowledgements() > before }) {
		s.blame("nothing was acknowledged within %v of there being room again", heal)
	}
	rest(ctx, length/3)
}

// comes waits for something to become so.
func (s *stage) comes(ctx context.Context, patience time.Duration, so func() bool) bool {
	for until := time.Now().Add(patience); time.Now().Before(until); {
		if so() {
			return true
		}
		if !rest(ctx, 50*time.Millisecond) {
			return true // interrupted: no verdict
		}
	}
	return false
}

// fill writes until nothing more goes in.
func fill(name string) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	for _, size := range []int{64 << 10, 4 << 10, 1} {
		for block := make([]byte, size); err == nil; {
			_, err = f.Write(block)
		}
		if !errors.Is(err, syscall.ENOSPC) {
			return errors.Join(err, f.Close())
		}
		err = nil
	}
	return f.Close()
}
