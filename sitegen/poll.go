package sitegen

import (
	"errors"
	"fmt"
	"maps"
	"syscall"
	"time"
)

// pollInterval is how often to look where nobody said.
const pollInterval = 500 * time.Millisecond

// restraint: looking takes at most a tenth of one processor, however many files there are.
const restraint = 9

// poller looks from time to time, where events do not arrive.
type poller struct {
	interval time.Duration
	timer    *time.Timer
	again    differences // what builds were told once, to be told once more when nothing happens
	last     differences // what the last build was told
}

func newPoller(interval time.Duration) *poller {
	return &poller{interval: interval, timer: time.NewTimer(interval), again: differences{}}
}

// rest waits for the next look, after one that took so long.
func (p *poller) rest(took time.Duration) { p.timer.Reset(max(p.interval, restraint*took)) }

// remember keeps what a build was told for the first time.
func (p *poller) remember(told differences) {
	p.last = maps.Clone(told)
	for path, first := range told {
		if first {
			p.again[path] = false
		}
	}
}

// doubt is for a build while which something has changed: all it was told is told again.
func (p *poller) doubt() {
	for path := range p.last {
		p.again[path] = false
	}
}

// advice says what to do about a system that gives no more events.
func advice(err error) string {
	switch {
	case errors.Is(err, syscall.ENOSPC):
		return "the system's limit of watched folders is reached; raise it with: sudo sysctl fs.inotify.max_user_watches=524288"
	case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
		return "the system's limit of watching programs is reached; raise it with: sudo sysctl fs.inotify.max_user_instances=512"
	}
	return fmt.Sprintf("the system gives no events: %v", err)
}

// silent says why no events can be relied on where the roots are, "" where they can.
func silent(v *view) string {
	for _, r := range v.roots {
		for _, place := range around(r.path, follow(r.path).place) {
			if kind := fileSystem(place); kind != "" {
				return fmt.Sprintf("%s is on a file system of the kind %s, where events of other machines and containers do not arrive", r.path, kind)
			}
		}
	}
	return ""
}
