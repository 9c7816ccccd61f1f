package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// probes is how many records are stored, one after another, while the server's calls to the disk are counted.
const probes = 20

// countSyncs finds out from outside what a commit of SQLite waits for: a setting is a word, a call is a deed. With
// synchronous=FULL every commit is one sync of the write-ahead log at least, with NORMAL nearly none is.
func (who *contender) countSyncs(database string) error {
	strace, err := exec.LookPath("strace")
	if err != nil {
		who.durable = "unseen: there is no strace"
		return nil
	}
	var calls bytes.Buffer
	watch := exec.Command(strace, "-f", "-y", "-e", "trace=fsync,fdatasync", "-p", strconv.Itoa(who.pid()))
	watch.Stderr = &calls
	if err := watch.Start(); err != nil {
		return err
	}
	time.Sleep(time.Second) // until it watches all threads
	err = who.probe()
	watch.Process.Signal(os.Interrupt)
	watch.Wait()
	if err != nil {
		return err
	}
	who.durable = fmt.Sprintf("%d one by one: %d syncs", probes, syncsOf(calls.String(), database))
	return nil
}

func (who *contender) probe() error {
	c := newCallers(who.service, 1, 1)[0]
	for range probes {
		if err := c.send(time.Now()); err != nil {
			return err
		}
	}
	c.connection.Close()
	who.probed = len(c.saw)
	return outcome{bad: c.bad, refused: c.refused}.check()
}

// syncsOf counts the calls that strace has printed for a database; one that was interrupted is printed on two lines.
func syncsOf(calls, database string) (n int) {
	for line := range strings.Lines(calls) {
		if strings.Contains(line, "/"+database) && strings.Contains(line, "sync(") {
			n++
		}
	}
	return n
}
