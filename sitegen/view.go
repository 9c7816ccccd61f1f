package sitegen

import (
	"hash/fnv"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// view is what the watched files looked like at the last look. Events only say where to look: what a rename, a new
// folder or a replaced file comes to is found by comparing. A path is the name under which we were asked to watch
// something; its place is where symbolic links lead, and it is places that events name.
type view struct {
	roots   []root
	ignored func(path string) bool
	enter   func(place string) // asks for the events of a folder before it is read
	leave   func(place string)

	listening bool // enter and leave do something

	files   map[string]stamp
	folders map[string]string    // path -> place
	paths   map[string][]string  // place of a folder, a root or what a link means -> paths
	loose   map[string]anchor    // roots and links: they may lead elsewhere without an event that names them
	times   map[string]time.Time // of folders, when they were read last: what comes and goes between two looks leaves this trace
	moves   int                  // how often a folder, root or link has been found or lost
}

// root is what we were asked to watch: a folder with everything in it, or a single file.
type root struct {
	path   string // absolute
	single bool
}

// anchor is where a path led to.
type anchor struct {
	place string      // "" when it led nowhere
	info  fs.FileInfo // of the place; nil when there was nothing
}

func newView(roots []root, ignored func(string) bool) *view {
	return &view{
		roots: roots, ignored: ignored, enter: func(string) {}, leave: func(string) {},
		files: map[string]stamp{}, folders: map[string]string{}, paths: map[string][]string{}, loose: map[string]anchor{},
		times: map[string]time.Time{},
	}
}

// named gives the paths of what an event names by its place.
func (v *view) named(place string) (paths []string) {
	for _, folder := range v.paths[filepath.Dir(place)] {
		if path := filepath.Join(folder, filepath.Base(place)); v.folders[folder] != "" && !v.ignored(path) {
			paths = append(paths, path)
		}
	}
	paths = append(paths, v.paths[place]...)
	slices.Sort(paths)
	return slices.Compact(paths)
}

// inPlace is where a path would be if it were no link itself; it need not exist.
func inPlace(path string) string {
	folder, err := filepath.EvalSymlinks(filepath.Dir(path))
	if err != nil {
		return path
	}
	return filepath.Join(folder, filepath.Base(path))
}

func follow(path string) anchor {
	place, err := filepath.EvalSymlinks(path)
	if err != nil {
		return anchor{}
	}
	info, err := os.Stat(place)
	if err != nil {
		return anchor{}
	}
	return anchor{place, info}
}

// same: what happens in a folder has events of its own.
func (a anchor) same(b anchor) bool {
	return a.place == b.place && (a.info == nil || os.SameFile(a.info, b.info) && (a.info.IsDir() || a.info.ModTime().Equal(b.info.ModTime())))
}

// differences are files that differ from the last look.
type differences map[string]bool

// all looks at everything.
func (v *view) all() differences {
	found := differences{}
	for _, r := range v.roots {
		maps.Copy(found, v.look(r.path))
	}
	return found
}

// recheck looks at what may have changed without an event that names it.
func (v *view) recheck() differences {
	found := differences{}
	for path, before := range v.loose {
		if now := follow(path); now.place == "" || !now.same(before) { // for what is not there the folders around it are watched, as far as they exist
			maps.Copy(found, v.look(path))
		}
	}
	return found
}

// look compares what is at and below a path with the last look.
func (v *view) look(path string) differences {
	folder, times := v.folders[path] != "", v.timesBelow(path)
	g := glance{view: v, before: v.forget(path)}
	g.walk(path)
	found := differences{}
	unheard := v.listening && (folder || v.folders[path] != "") // events may have been lost while a folder was left and entered
	if unheard {
		found[path] = true
	}
	for path, was := range g.before {
		if now, is := v.files[path]; unheard || !is || !now.same(was) {
			found[path] = true
		}
	}
	for path, was := range times {
		if now, is := v.times[path]; !v.listening && (!is || !now.Equal(was)) {
			v.tell(path, found)
		}
	}
	for _, path := range g.seen {
		if _, was := g.before[path]; !was {
			found[path] = true
		}
	}
	return found
}

// tell counts a folder and all files in it as changed.
func (v *view) tell(folder string, found differences) {
	found[folder] = true
	for file := range v.files {
		if within(folder, file) {
			found[file] = true
		}
	}
}

func (v *view) timesBelow(path string) map[string]time.Time {
	times := map[string]time.Time{}
	for folder, read := range v.times {
		if within(path, folder) {
			times[folder] = read
		}
	}
	return times
}

// forget takes a path and what is below it out of the view, and returns the files.
func (v *view) forget(path string) map[string]stamp {
	files := map[string]stamp{}
	if file, ok := v.files[path]; ok {
		files[path] = file
	}
	if v.folders[path] != "" {
		for below, file := range v.files {
			if within(path, below) {
				files[below] = file
			}
		}
		v.forgetFolders(path)
	}
	for file := range files {
		delete(v.files, file)
		v.loosen(file)
	}
	v.loosen(path)
	return files
}

func (v *view) forgetFolders(path string) {
	for folder, place := range v.folders {
		if within(path, folder) {
			delete(v.folders, folder)
			delete(v.times, folder)
			v.moves++
			v.unname(place, folder)
			v.loosen(folder)
		}
	}
}

// loosen drops what is known of a link.
func (v *view) loosen(path string) {
	if a, ok := v.loose[path]; ok {
		delete(v.loose, path)
		v.unname(a.place, path)
	}
}

func (v *view) unname(place, path string) {
	paths := slices.DeleteFunc(v.paths[place], func(p string) bool { return p == path })
	if len(paths) > 0 {
		v.paths[place] = paths
		return
	}
	if _, known := v.paths[place]; known {
		delete(v.paths, place)
		v.leave(place)
	}
}

func (v *view) name(place, path string) {
	if !slices.Contains(v.paths[place], path) {
		v.paths[place] = append(v.paths[place], path)
	}
}

// glance is one look.
type glance struct {
	*view
	before map[string]stamp
	seen   []string
}

func (g *glance) walk(path string) {
	info, err := os.Lstat(path)
	place := g.place(path)
	if link := err == nil && info.Mode()&fs.ModeSymlink != 0; link || g.isRoot(path) {
		a := follow(path)
		g.loose[path] = a
		g.attend(path, a.place)
		if info, place = a.info, a.place; info == nil {
			return
		}
	}
	switch {
	case info == nil: // gone
	case info.IsDir():
		g.walkFolder(path, place, info.ModTime())
	default:
		g.files[path] = newStamp(path, info, g.before[path])
		g.seen = append(g.seen, path)
	}
}

func (g *glance) walkFolder(path, place string, read time.Time) {
	if g.goesRound(path, place) || g.single(path) {
		return
	}
	g.times[path] = read
	g.folders[path] = place
	g.moves++
	g.name(place, path)
	g.enter(place)
	entries, _ := os.ReadDir(path) // what cannot be read is the build's to report
	for _, e := range entries {
		if below := filepath.Join(path, e.Name()); !g.ignored(below) {
			g.walk(below)
		}
	}
}

// attend asks for the events that say that a root or link leads elsewhere by now.
func (g *glance) attend(path, place string) {
	g.moves++
	g.name(inPlace(path), path)
	if place != "" {
		g.name(place, path)
	}
	for _, folder := range around(path, place) {
		g.enter(folder)
	}
}

// around are the folders whose events tell that a path leads elsewhere: that of its place and the nearest above it.
func around(path, place string) (folders []string) {
	if place != "" {
		folders = append(folders, filepath.Dir(place))
	}
	for folder := filepath.Dir(path); ; folder = filepath.Dir(folder) {
		above := follow(folder)
		if above.place != "" {
			return append(folders, above.place)
		}
		if folder == filepath.Dir(folder) {
			return folders
		}
	}
}

// places are all folders whose events matter.
func (v *view) places() map[string]bool {
	places := map[string]bool{}
	for _, place := range v.folders {
		places[place] = true
	}
	for path, a := range v.loose {
		for _, place := range around(path, a.place) {
			places[place] = true
		}
	}
	return places
}

// place is where a path is whose folder has been walked.
func (v *view) place(path string) string {
	return filepath.Join(v.folders[filepath.Dir(path)], filepath.Base(path))
}

// goesRound reports whether a folder is one of those around it, by a link upwards.
func (v *view) goesRound(path, place string) bool {
	for up := filepath.Dir(path); v.folders[up] != ""; up = filepath.Dir(up) {
		if v.folders[up] == place {
			return true
		}
	}
	return false
}

func (v *view) isRoot(path string) bool {
	return slices.ContainsFunc(v.roots, func(r root) bool { return r.path == path })
}

func (v *view) single(path string) bool { return slices.Contains(v.roots, root{path, true}) }

// within reports whether a path is the folder or below it; both are absolute.
func within(folder, path string) bool {
	return path == folder || strings.HasPrefix(path, strings.TrimSuffix(folder, string(filepath.Separator))+string(filepath.Separator))
}

// stamp is by what a changed file is known. A file that was written moments ago may be written again within the same
// tick of the file system's clock, so of a young file the content counts too.
type stamp struct {
	fs.FileInfo
	young bool
	sum   uint64
}

// settled is older than the coarsest clock: FAT counts in steps of two seconds.
const settled = 3 * time.Second

func newStamp(path string, info fs.FileInfo, before stamp) stamp {
	s := stamp{FileInfo: info, young: time.Since(info.ModTime()) < settled}
	if s.young || before.young {
		s.sum = sum(path)
	}
	return s
}

// same hands on the FileInfos themselves: to SameFile whatever package os has not made is never the same.
func (s stamp) same(before stamp) bool {
	return os.SameFile(s.FileInfo, before.FileInfo) && s.Size() == before.Size() && s.ModTime().Equal(before.ModTime()) &&
		s.Mode() == before.Mode() && (!before.young || s.sum == before.sum)
}

func sum(path string) uint64 {
	h := fnv.New64a()
	if f, err := os.Open(path); err == nil {
		defer f.Close()
		_, _ = io.Copy(h, f) // what cannot be read is the build's to report
	}
	return h.Sum64()
}
