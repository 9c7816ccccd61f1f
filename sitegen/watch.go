package sitegen

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

// WatchOptions says what to watch and what to do about it.
type WatchOptions struct {
	Folders []string // watched with all folders below them, also those made later
	Files   []string // watched alone: what else happens in their folders is nobody's business here

	// Build builds and writes. Changed are the files that changed since the last build that went well, sorted, each as it
	// is called below Folders or in Files, made absolute; some may be gone, some an editor's own. Where a folder came or
	// went it is among them too: what is below it and not named is not there. Nil: anything may have changed.
	Build func(ctx context.Context, changed []string) (Changes, error)

	Out    string                            // where Build writes; may lie in a watched folder
	Source func(file string) ([]byte, error) // reads a file that an error names, for the line; may be nil
	Poll   time.Duration                     // look this often, without events; 0: where events do not arrive; less: never
	Quiet  time.Duration                     // how long nothing must happen before a build; 0: 10 ms
	Live   *Live                             // told of every build; may be nil
	Log    *slog.Logger                      // nil: slog.Default
}

const (
	// mostQuiet is the longest wait in units of Quiet: a stream of writes must not put a build off for ever.
	mostQuiet = 10
	// hollowQuiet is the wait where a file is gone or empty, in units of Quiet: many editors are about to write it anew.
	hollowQuiet = 5
	// grace is how long a failure is kept back, in units of Quiet: what is half written is not worth a word.
	grace = 15
)

// Watch builds, and builds again after each change, until ctx is done. A build that fails must leave Out as it is: the
// last good pages stay.
func Watch(ctx context.Context, o WatchOptions) error {
	w, err := newWatcher(o)
	if err != nil {
		return err
	}
	defer w.close()
	w.failure.told = true // the first build has nothing to wait for
	w.build(ctx)
	return w.run(ctx)
}

type watcher struct {
	WatchOptions
	out    string // absolute
	view   *view
	ears   *ears   // nil when polling
	poller *poller // nil when listening

	pending differences // since the last good build; false where an earlier one was told too
	any     bool        // anything may have changed
	hollow  differences // those that are gone or empty
	first   time.Time   // when the first change came that waits for a build; zero when none does
	quiet   *time.Timer
	failure failure
}

func newWatcher(o WatchOptions) (*watcher, error) {
	if o.Quiet == 0 {
		o.Quiet = 10 * time.Millisecond
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	w := &watcher{WatchOptions: o, any: true, pending: differences{}, hollow: differences{}}
	w.quiet, w.failure.grace = stopped(), stopped()
	roots, err := w.roots()
	if err != nil {
		return nil, err
	}
	w.view = newView(roots, w.ignored)
	return w, w.start()
}

// stopped is a timer to be reset.
func stopped() *time.Timer {
	t := time.NewTimer(time.Hour)
	t.Stop()
	return t
}

func (w *watcher) roots() (roots []root, err error) {
	w.out, err = filepath.Abs(w.Out)
	for _, folder := range w.Folders {
		full, errAbs := filepath.Abs(folder)
		_, errStat := os.ReadDir(full)
		err = errors.Join(err, errAbs, errStat)
		roots = append(roots, root{full, false})
	}
	for _, file := range w.Files {
		full, errAbs := filepath.Abs(file)
		err = errors.Join(err, errAbs)
		roots = append(roots, root{full, true})
	}
	if err != nil {
		return nil, fmt.Errorf("watch: %w", err)
	}
	return roots, nil
}

// start listens, or polls where events do not arrive.
func (w *watcher) start() error {
	if w.Poll > 0 {
		w.poll("asked for")
		return nil
	}
	if why := silent(w.view); why != "" && w.Poll == 0 {
		w.poll(why)
		return nil
	}
	err := w.listen()
	if err != nil && w.Poll < 0 {
		w.close()
		return fmt.Errorf("%w: %s", err, advice(err))
	}
	if err != nil {
		w.poll(advice(err))
	}
	return nil
}

func (w *watcher) listen() error {
	e, err := newNotifier()
	if err != nil {
		return fmt.Errorf("watch: %w", err)
	}
	w.ears, w.view.enter, w.view.leave, w.view.listening = e, e.enter, e.leave, true
	w.view.all()
	e.listen(w.view)
	return e.full()
}

// poll looks from time to time from here on.
func (w *watcher) poll(why string) {
	w.close()
	interval := w.Poll
	if interval <= 0 {
		interval = pollInterval
	}
	w.view.enter, w.view.leave, w.view.listening = func(string) {}, func(string) {}, false
	w.note(w.view.all())
	w.poller = newPoller(interval)
	w.Log.Info("polling instead of waiting for events", "every", interval, "because", why)
}

func (w *watcher) close() {
	if w.ears != nil {
		_ = w.ears.Close()
	}
	w.ears = nil
}

// ignored are our own output, and what editors and version control keep for themselves.
func (w *watcher) ignored(path string) bool {
	name := filepath.Base(path)
	return strings.HasPrefix(name, ".") || strings.HasSuffix(name, "~") || strings.HasPrefix(name, "#") ||
		name == "node_modules" || within(w.out, path)
}

func (w *watcher) run(ctx context.Context) error {
	for {
		events, lost, ticks := w.sources()
		select {
		case <-ctx.Done():
			return nil
		case event, open := <-events:
			if !open {
				return errors.New("watch: the system ended the events")
			}
			w.hear(event)
		case <-lost:
			w.lookAgain()
		case <-ticks:
			w.tick()
		case <-w.quiet.C:
			w.build(ctx)
		case <-w.failure.grace.C:
			w.graceOver()
		}
	}
}

// sources are those of events and of ticks; one of them is nil, which never says anything.
func (w *watcher) sources() (<-chan fsnotify.Event, <-chan struct{}, <-chan time.Time) {
	if w.poller != nil {
		return nil, nil, w.poller.timer.C
	}
	return w.ears.events, w.ears.lost, nil
}

func (w *watcher) tick() {
	start := time.Now()
	found := w.view.all()
	w.poller.rest(time.Since(start))
	w.note(found)
	if len(found) > 0 {
		w.poller.doubt()
	}
	w.poller.last = nil
	if len(found) == 0 && w.first.IsZero() {
		w.note(w.poller.again)
		clear(w.poller.again)
	}
}

// lookAgain is for when events may have been lost.
func (w *watcher) lookAgain() {
	w.ears.silence()
	w.note(w.view.all())
	w.hearAll()
	w.any = true
	w.stir()
}

// hear looks where an event points. What an event says has been written counts as changed, whatever it looks like;
// attributes count when they differ.
func (w *watcher) hear(event fsnotify.Event) {
	moves := w.view.moves
	paths := w.view.named(event.Name)
	for _, path := range paths {
		w.note(w.lookAt(path, event.Op != fsnotify.Chmod))
	}
	if len(paths) == 0 {
		w.note(w.view.recheck())
	}
	if w.view.moves != moves {
		w.note(w.view.recheck()) // links may lead over what has moved
		w.hearAll()
	}
}

// lookAt looks at what an event has named. A build may have read what came and went meanwhile, so what an event says is
// told, whatever it looks like by now; of a folder that came or went all files are.
func (w *watcher) lookAt(path string, written bool) differences {
	found := w.view.look(path)
	if written {
		found[path] = true
	}
	return found
}

// hearAll makes sure that events come from all folders, or polls.
func (w *watcher) hearAll() {
	if w.ears.listen(w.view) {
		w.any = true
		w.stir()
	}
	err := w.ears.full()
	if err != nil && w.Poll == 0 {
		w.poll(advice(err))
	} else if err != nil {
		w.Log.Warn("changes in a folder are not seen: "+advice(err), "error", err)
	}
}

// note remembers what has changed, for the build after it.
func (w *watcher) note(found differences) {
	for path, first := range found {
		w.pending[path] = w.pending[path] || first
		delete(w.hollow, path)
		if info, is := w.view.files[path]; w.view.folders[path] == "" && (!is || info.Size() == 0) {
			w.hollow[path] = true
		}
	}
	if len(found) > 0 {
		w.stir()
	}
}

// stir puts the build off until nothing happens, but not for ever.
func (w *watcher) stir() {
	if w.first.IsZero() {
		w.first = time.Now()
	}
	wait := w.Quiet
	if len(w.hollow) > 0 {
		wait *= hollowQuiet
	}
	w.quiet.Reset(max(0, min(wait, mostQuiet*w.Quiet-time.Since(w.first))))
}

// changed are the paths for a build.
func (w *watcher) changed() []string {
	if w.any {
		return nil
	}
	return slices.Sorted(maps.Keys(w.pending))
}

func (w *watcher) build(ctx context.Context) {
	w.quiet.Stop()
	w.first = time.Time{}
	clear(w.hollow)
	changed := w.changed()
	if !w.any && len(changed) == 0 {
		return
	}
	start := time.Now()
	result, err := w.Build(ctx, changed)
	if ctx.Err() != nil {
		return
	}
	if err != nil {
		w.failed(err)
		return
	}
	w.done()
	w.failure.mended()
	if w.Live != nil {
		w.Live.built(result)
	}
	w.Log.Info("built", "changes", result.String(), "took", time.Since(start).Round(time.Millisecond))
}

// done forgets what a good build was told. Nobody says what happened between two looks, while the build read: where there
// are no events everything is told twice.
func (w *watcher) done() {
	if w.poller != nil {
		w.poller.remember(w.pending)
	}
	w.any = false
	clear(w.pending)
}

// failure is the end of the last build, when it went wrong.
type failure struct {
	err   error
	told  bool // people know that something is wrong: they are told of what follows at once
	grace *time.Timer
}

func (f *failure) mended() {
	f.grace.Stop()
	f.err, f.told = nil, false
}

// failed keeps a failure back for a moment: a file that is being written mends itself.
func (w *watcher) failed(err error) {
	waiting := w.failure.err != nil
	w.failure.err = err
	switch {
	case w.failure.told:
		w.tell()
	case !waiting:
		w.failure.grace.Reset(grace * w.Quiet)
	}
}

// graceOver tells of a failure, unless something has changed since: then the next build has the word.
func (w *watcher) graceOver() {
	if w.poller != nil {
		w.tick()
	}
	w.failure.told = true
	if w.first.IsZero() {
		w.tell()
	}
}

func (w *watcher) tell() {
	w.failure.told = true
	if w.Live != nil {
		w.Live.failed(w.failure.err, w.Source)
	}
	w.Log.Error("the build failed; the last good pages stay\n" + w.failure.err.Error())
}
