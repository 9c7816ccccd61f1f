package main

import (
	"bytes"
	"cmp"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"time"
)

// usage is what a command took.
type usage struct {
	wall, cpu time.Duration
	peak      int64 // memory in bytes
}

// run measures a command from its start to its end. The disk is quiet before, so that nobody pays for what another wrote.
func run(name string, args ...string) (usage, error) { return runWith(nil, name, args...) }

// runWith is run with more environment.
func runWith(environment []string, name string, args ...string) (usage, error) {
	syscall.Sync()
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), environment...)
	var said bytes.Buffer
	cmd.Stderr = &said
	start := time.Now()
	err := cmd.Run()
	wall := time.Since(start)
	if err != nil {
		return usage{}, fmt.Errorf("run %s %s: %w\n%s", name, shorten(strings.Join(args, " ")), err, said.Bytes())
	}
	used := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	return usage{wall, cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), used.Maxrss << 10}, nil
}

func shorten(text string) string {
	if len(text) > 200 {
		return text[:200] + "…"
	}
	return text
}

// median takes each measure on its own.
func median(runs []usage) usage {
	return usage{
		middle(runs, func(u usage) time.Duration { return u.wall }),
		middle(runs, func(u usage) time.Duration { return u.cpu }),
		middle(runs, func(u usage) int64 { return u.peak }),
	}
}

func middle[T any, V cmp.Ordered](list []T, value func(T) V) V {
	values := make([]V, len(list))
	for i, item := range list {
		values[i] = value(item)
	}
	slices.Sort(values)
	return values[len(values)/2]
}
