package sitegen

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"

	"github.com/fsnotify/fsnotify"
)

// notifier is what we need of an *fsnotify.Watcher beside its events.
type notifier interface {
	Add(folder string) error
	Remove(folder string) error
	WatchList() []string
	Close() error
}

// ears ask the system for the events of folders, and make sure that they come.
type ears struct {
	notifier
	events <-chan fsnotify.Event
	lost   <-chan struct{}  // events may have been lost
	deaf   map[string]error // folders whose events the system refuses
}

// newNotifier is what gives events; tests give others.
var newNotifier = func() (*ears, error) {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, err
	}
	return &ears{notifier: w, events: w.Events, lost: lost(w.Errors)}, nil
}

// lost takes errors away at once: until then fsnotify does nothing it is asked for. Whether the queue was too long or a
// folder was gone before it could be let go, the answer is to look everywhere again.
func lost(errs <-chan error) <-chan struct{} {
	lost := make(chan struct{}, 1)
	go func() {
		for range errs {
			select {
			case lost <- struct{}{}:
			default: // nobody has looked since the one before
			}
		}
	}()
	return lost
}

func (e *ears) enter(place string) {
	if err := e.Add(place); err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR) {
		if e.deaf == nil {
			e.deaf = map[string]error{}
		}
		e.deaf[place] = err
	}
}

func (e *ears) leave(place string) {
	_ = e.Remove(place) // the system has dropped a folder that is gone already
	delete(e.deaf, place)
}

// full reports why no more folders can be listened to, nil as long as they can.
func (e *ears) full() error {
	for place, err := range e.deaf {
		if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE) {
			return fmt.Errorf("watch %q: %w", place, err)
		}
	}
	return nil
}

// attempts is how often everything is listened to anew until it holds still.
const attempts = 5

// listen makes sure that events come from every folder of the view. The system knows folders by what they are and fsnotify
// by their name at first: of one that has moved while it was being added no events would come under the new name. It
// reports whether anything may have changed unheard.
func (e *ears) listen(v *view) (unheard bool) {
	for range attempts {
		missing := e.missing(v)
		if len(missing) == 0 {
			break
		}
		for place := range missing {
			e.enter(place)
		}
		if len(e.missing(v)) > 0 {
			e.silence()
		}
		v.all()
		unheard = true
	}
	return unheard
}

// missing are the folders whose events nobody asked for.
func (e *ears) missing(v *view) map[string]bool {
	places := v.places()
	for _, place := range e.WatchList() {
		delete(places, place)
	}
	for place := range e.deaf {
		delete(places, place)
	}
	return places
}

func (e *ears) silence() {
	for _, place := range e.WatchList() {
		_ = e.Remove(place)
	}
	clear(e.deaf)
}
