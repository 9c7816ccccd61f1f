package main

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"recourse/day"
	"recourse/shop"
)

// stamps remember what a build of many shops read and wrote, by size and time of each file as make does: a shop of which
// nothing has changed need not be made to find that out. They lie in the user's cache, since folders that are published hold
// nothing that differs between machines. Without such a cache every shop is made.
type stamps struct {
	folder  string // "" for none
	options string // all that a build depends on and is not in the files below
	base    string // folder of texts for all shops, "" for none
	started time.Time
	texts   *listings
}

// stamp is one shop's.
type stamp struct {
	Read    string `json:"read"`    // hash of names, sizes and times
	Written string `json:"written"` // the same of the output folder
	Files   int    `json:"files"`   // how many of them are ours
}

// listing is what is in a folder.
type listing struct {
	sum    string // hash of names, sizes and times
	newest time.Time
	err    error
}

// lastTick is how old a file must be for its time to tell it from a later one of the same size.
const lastTick = 20 * time.Millisecond

func newStamps(s source, o output, texts *listings) *stamps {
	st := &stamps{base: s.Content, started: time.Now(), texts: texts}
	cache, err := os.UserCacheDir()
	program, errProgram := thisProgram()
	if err != nil || errProgram != nil || o.differsFromPlain() || s.Ledger != "" {
		return st
	}
	st.options = fmt.Sprint(program, s.Base, o.Widget, o.Fragment, o.Overview)
	st.folder = filepath.Join(cache, "recourse", "builds", fmt.Sprintf("%x", sha256.Sum256([]byte(o.Out)))[:16])
	return st
}

// thisProgram is another word after every change of the program. Some installers give all files one time, so its commit counts.
func thisProgram() (string, error) {
	file, err := os.Executable()
	if err != nil {
		return "", err
	}
	info, err := os.Stat(file)
	if err != nil {
		return "", err
	}
	build, _ := debug.ReadBuildInfo()
	return fmt.Sprint(info.Size(), " ", info.ModTime().UnixNano(), " ", build.Main.Version, settings(build)), nil
}

func settings(build *debug.BuildInfo) (list []string) {
	for _, s := range build.Settings {
		if strings.HasPrefix(s.Key, "vcs.") {
			list = append(list, s.Value)
		}
	}
	return list
}

// fresh gives the number of files of a shop whose folder is as the last build left it, made of what is there now.
func (s *stamps) fresh(sh *shop.Shop, file, out string, today day.Day) (files int, ok bool) {
	var last stamp
	data, err := os.ReadFile(s.file(sh))
	if s.folder == "" || err != nil || json.Unmarshal(data, &last) != nil {
		return 0, false
	}
	read := s.read(sh, file, today)
	if read.err != nil || read.sum != last.Read {
		return 0, false
	}
	written := list(out)
	return last.Files, written.err == nil && written.sum == last.Written
}

// keep notes that a shop was made. It does not where a file is so young that a later change might look the same.
func (s *stamps) keep(sh *shop.Shop, file, out string, today day.Day, files int) {
	if s.folder == "" {
		return
	}
	read := s.read(sh, file, today)
	if read.err != nil || read.newest.After(s.started.Add(-lastTick)) {
		return
	}
	written := list(out)
	if written.err != nil || os.MkdirAll(s.folder, 0o700) != nil {
		return
	}
	data, _ := json.Marshal(stamp{read.sum, written.sum, files}) // plain data
	_ = os.WriteFile(s.file(sh), data, 0o600)                    // a shop without a stamp is made again
}

func (s *stamps) file(sh *shop.Shop) string { return filepath.Join(s.folder, sh.ID+".json") }

// read lists all that a shop is made from.
func (s *stamps) read(sh *shop.Shop, file string, today day.Day) listing {
	info, err := os.Stat(file)
	if err != nil {
		return listing{err: err}
	}
	all, sum := listing{newest: info.ModTime()}, sha256.New()
	fmt.Fprintln(sum, s.options, today, file, info.Size(), info.ModTime().UnixNano())
	for _, folder := range []string{s.base, ownContent(file, sh)} {
		if folder == "" {
			continue
		}
		texts := s.texts.of(folder)
		if texts.newest.After(all.newest) {
			all.newest = texts.newest
		}
		if all.err == nil {
			all.err = texts.err
		}
		fmt.Fprintln(sum, folder, texts.sum)
	}
	all.sum = fmt.Sprintf("%x", sum.Sum(nil))
	return all
}

// listings are those of folders of texts, which several shops may read.
type listings struct {
	mu    sync.Mutex
	trees map[string]listing
}

func newListings() *listings { return &listings{trees: map[string]listing{}} }

// of lists a folder, once.
func (l *listings) of(folder string) listing {
	l.mu.Lock()
	known, ok := l.trees[folder]
	l.mu.Unlock()
	if ok {
		return known
	}
	found := list(folder)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.trees[folder] = found
	return found
}

// list walks a folder. Links in it are followed nowhere: what they lead to has no stamp, so such a folder has none.
func list(folder string) (l listing) {
	sum := sha256.New()
	l.err = filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		if !info.Mode().IsRegular() {
			return fmt.Errorf("%q is no plain file", path)
		}
		if info.ModTime().After(l.newest) {
			l.newest = info.ModTime()
		}
		fmt.Fprintln(sum, path, info.Size(), info.ModTime().UnixNano())
		return nil
	})
	l.sum = fmt.Sprintf("%x", sum.Sum(nil))
	return l
}
