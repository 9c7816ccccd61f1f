package sitegen

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
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
	Build   func() (map[string][]byte, error)
	Out     string        // folder for Write; may lie in a watched folder
	Quiet   time.Duration // how long nothing must happen before a build; 0: 30 ms
	Live    *Live         // told of every build; may be nil
	Log     *slog.Logger  // nil: slog.Default
}

// Watch builds, and builds again after each change, until ctx is done. A build that fails leaves Out as it is: the last
// good pages stay. Editors replace files and one save can be many events, so whole folders are watched and a
// build waits for quiet.
func Watch(ctx context.Context, o WatchOptions) error {
	w, err := newWatcher(o)
	if err != nil {
		return err
	}
	defer w.events.Close()
	w.build()
	return w.run(ctx)
}

type watcher struct {
	WatchOptions
	events *fsnotify.Watcher
	out    string   // absolute
	trees  []string // Folders, absolute
	single []string // Files, absolute
}

func newWatcher(o WatchOptions) (*watcher, error) {
	if o.Quiet == 0 {
		o.Quiet = 30 * time.Millisecond
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	events, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, fmt.Errorf("watch: %w", err)
	}
	w := &watcher{WatchOptions: o, events: events}
	if err := w.start(); err != nil {
		return nil, errors.Join(err, events.Close())
	}
	return w, nil
}

func (w *watcher) start() (err error) {
	w.out, err = filepath.Abs(w.Out)
	for _, folder := range w.Folders {
		full, errAbs := filepath.Abs(folder)
		w.trees = append(w.trees, full)
		err = errors.Join(err, errAbs, w.add(full))
	}
	for _, file := range w.Files {
		full, errAbs := filepath.Abs(file)
		w.single = append(w.single, full)
		err = errors.Join(err, errAbs, w.listen(filepath.Dir(full)))
	}
	return err
}

// add watches a folder and those below it.
func (w *watcher) add(folder string) error {
	return filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) && path != folder {
			return nil // gone while we looked
		}
		if err != nil {
			return fmt.Errorf("watch %q: %w", folder, err)
		}
		if !entry.IsDir() {
			return nil
		}
		if path != folder && w.ignored(path) {
			return filepath.SkipDir
		}
		return w.listen(path)
	})
}

// listen asks for the events of one folder.
func (w *watcher) listen(folder string) error {
	if err := w.events.Add(folder); err != nil {
		return fmt.Errorf("watch %q: %w", folder, err)
	}
	return nil
}

// ignored are our own output, and what editors and version control keep for themselves.
func (w *watcher) ignored(path string) bool {
	name := filepath.Base(path)
	if strings.HasPrefix(name, ".") || strings.HasSuffix(name, "~") || name == "node_modules" || name == "4913" {
		return true
	}
	return within(w.out, path)
}

// within reports whether a path is the folder or below it; both are absolute.
func within(folder, path string) bool {
	return path == folder || strings.HasPrefix(path, folder+string(filepath.Separator))
}

// asked reports whether a path is one we were asked to watch, and not a neighbour in the folder of a single file.
func (w *watcher) asked(path string) bool {
	return slices.Contains(w.single, path) ||
		slices.ContainsFunc(w.trees, func(tree string) bool { return within(tree, path) })
}

func (w *watcher) run(ctx context.Context) error {
	quiet := time.NewTimer(0)
	quiet.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case event := <-w.events.Events:
			if w.matters(event) {
				quiet.Reset(w.Quiet)
			}
		case err := <-w.events.Errors:
			if errors.Is(err, fsnotify.ErrEventOverflow) {
				quiet.Reset(w.Quiet) // so much changed that some events are lost; a build reads everything anyway
				continue
			}
			return fmt.Errorf("watch: %w", err)
		case <-quiet.C:
			w.build()
		}
	}
}

// matters reports whether an event calls for a build. A new folder is watched from here on, and what
// was put into it meanwhile is read by that build.
func (w *watcher) matters(event fsnotify.Event) bool {
	if event.Op == fsnotify.Chmod || !w.asked(event.Name) || w.ignored(event.Name) {
		return false
	}
	if event.Has(fsnotify.Create) && !slices.Contains(w.single, event.Name) {
		if err := w.add(event.Name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			w.Log.Warn("changes in a new folder are not seen", "folder", event.Name, "error", err)
		}
	}
	return true
}

func (w *watcher) build() {
	start := time.Now()
	files, err := w.Build()
	var changes Changes
	if err == nil {
		changes, err = Write(w.Out, files)
	}
	if w.Live != nil {
		w.Live.built(err)
	}
	if err != nil {
		w.Log.Error("the build failed; the last good pages stay\n" + err.Error())
		return
	}
	w.Log.Info("built", "changes", changes.String(), "took", time.Since(start).Round(time.Millisecond))
}
