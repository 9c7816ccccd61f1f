package main

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"recourse/sitegen"
)

// rebuilder builds shops again and again, and each time no more than what changed asks for.
type rebuilder struct {
	source
	output
	files []string // of the shops

	*workshop
	last  map[string]*built // by file of the shop
	shown lookedAt
	live  *sitegen.Live // told of what is looked at before all is written; may be nil
}

// built is what is known of a shop's last build.
type built struct {
	project *project
	print   *sitegen.Print
	dir     string
}

func newRebuilder(s source, o output, files []string) *rebuilder {
	return &rebuilder{source: s, output: o, files: files, last: map[string]*built{}}
}

// buildOrTell builds, or tells all that is wrong with the shops that were to be built.
func (r *rebuilder) buildOrTell(ctx context.Context, changed []string) (sitegen.Changes, error) {
	changes, err := r.build(ctx, changed)
	if err == nil || ctx.Err() != nil {
		return changes, err
	}
	suspects := slices.DeleteFunc(slices.Clone(r.files), func(file string) bool { return changed != nil && !r.concerns(file, changed) })
	return changes, r.allMistakes(suspects, len(r.files) > 1, err)
}

// build makes and writes what the changed paths ask for; nil means that anything may have changed. With a mistake in one shop
// none is written. The shop that somebody looks at is written first.
func (r *rebuilder) build(_ context.Context, changed []string) (sitegen.Changes, error) {
	files, err := r.affected(changed)
	if err != nil {
		return sitegen.Changes{}, err
	}
	m := &many{workshop: r.workshop, output: r.output, files: files, ids: map[string]string{}}
	if err := r.survey(m); err != nil {
		return sitegen.Changes{}, err
	}
	opened := make([]*built, len(files))
	m.atOnce(len(files), func(i int) {
		var err error
		if opened[i], err = r.open(files[i], r.last[files[i]]); err != nil {
			m.took(files[i], nil, 0, err)
		}
	})
	if len(m.errs) > 0 {
		return sitegen.Changes{}, errors.Join(sorted(m.errs)...)
	}
	return r.write(m, files, opened)
}

func (r *rebuilder) write(m *many, files []string, opened []*built) (sitegen.Changes, error) {
	turns := r.turns(files, opened)
	for n, turn := range turns {
		m.atOnce(len(turn), func(i int) { r.remake(m, files[turn[i]], opened[turn[i]]) })
		if len(m.errs) > 0 {
			return m.changes, errors.Join(append(sorted(m.errs), m.drop())...)
		}
		if _, err := m.place(); err != nil {
			clear(r.last) // nobody knows what is there
			return m.changes, err
		}
		if m.staged, m.errs = nil, nil; n < len(turns)-1 && r.live != nil {
			r.live.Placed(m.changes)
		}
		for _, i := range turn {
			r.last[files[i]] = opened[i]
		}
	}
	return m.changes, nil
}

// turns puts the shop that is looked at before the others, if the texts of all are known to be right.
func (r *rebuilder) turns(files []string, opened []*built) [][]int {
	var first, then []int
	for i, b := range opened {
		if b.print != nil && b.project.shop.ID == r.shown.id() {
			first = append(first, i)
		} else {
			then = append(then, i)
		}
	}
	if slices.ContainsFunc(opened, func(b *built) bool { return b.print == nil }) || len(first) == 0 {
		return [][]int{append(first, then...)}
	}
	return [][]int{first, then}
}

// survey looks at the shops whose files are new or changed: no two may have one id.
func (r *rebuilder) survey(m *many) error {
	for file, b := range r.last {
		m.ids[b.project.shop.ID] = file
	}
	for i, file := range m.files {
		if r.last[file] == nil {
			m.survey(i)
		}
	}
	return errors.Join(sorted(m.errs)...)
}

// affected lists the shops to look at, and forgets what may have changed. Strings of a language are read with all
// languages; texts and looks are compared by what is in them.
func (r *rebuilder) affected(changed []string) ([]string, error) {
	isStrings := func(path string) bool { return filepath.Ext(path) == ".toml" && !slices.Contains(r.files, path) }
	if changed == nil || r.workshop == nil || len(r.last) < len(r.files) || slices.ContainsFunc(changed, isStrings) {
		clear(r.last)
		w, err := r.source.workshop()
		if w != nil {
			w.several = len(r.files) > 1
		}
		if w != nil && r.workshop != nil {
			w.cache = r.workshop.cache
			w.cache.Forget()
		}
		r.workshop = w
		return r.files, err
	}
	r.workshop.cache.Forget()
	r.workshop.lookAgain()
	var files []string
	for _, file := range r.files {
		if slices.Contains(changed, file) {
			delete(r.last, file)
		}
		if r.concerns(file, changed) {
			files = append(files, file)
		}
	}
	return files, nil
}

func (r *rebuilder) concerns(file string, changed []string) bool {
	b := r.last[file]
	return b == nil || slices.ContainsFunc(changed, func(path string) bool {
		return below(r.Content, path) || below(ownContent(file, b.project.shop), path) || below(b.project.ledgerDir, path)
	})
}

// read gives a file that an error names: a shop's file, or a text of the first shop that has it.
func (r *rebuilder) read(file string) ([]byte, error) {
	if slices.Contains(r.files, file) {
		return os.ReadFile(file)
	}
	if r.workshop == nil {
		return nil, fs.ErrNotExist
	}
	for _, folder := range r.ownFolders() {
		if data, err := os.ReadFile(filepath.Join(folder, filepath.FromSlash(file))); err == nil {
			return data, nil
		}
	}
	return fs.ReadFile(r.workshop.base, file)
}

// folders are those of texts that there are when watching begins; the built-in ones do not change.
func (r *rebuilder) folders() []string {
	folders := r.ownFolders()
	if r.Content != "" {
		folders = append(folders, r.Content)
	}
	return slices.DeleteFunc(folders, func(folder string) bool {
		info, err := os.Stat(folder)
		return err != nil || !info.IsDir()
	})
}

// ownFolders are those of the shops' own texts, each once. Of a shop's file that cannot be read the build tells.
func (r *rebuilder) ownFolders() (folders []string) {
	for _, file := range r.files {
		sh, err := readShop(file)
		if err != nil {
			continue
		}
		if own := ownContent(file, sh); own != "" && !slices.Contains(folders, own) {
			folders = append(folders, own)
		}
	}
	return folders
}

func below(folder, path string) bool {
	return folder != "" && (path == folder || strings.HasPrefix(path, folder+string(filepath.Separator)))
}

// remake makes the files of a shop ready, only those that differ from the last build where that is known.
func (r *rebuilder) remake(m *many, file string, b *built) {
	staged, n, err := r.stage(b, r.last[file])
	m.took(file, staged, n, err)
}

func (r *rebuilder) stage(b, last *built) (*sitegen.Staged, int, error) {
	if last != nil && last.print != nil {
		staged, ok, err := r.difference(b, last)
		if ok || err != nil {
			return staged, 0, err
		}
	}
	o := r.output
	o.Out = b.dir
	files, err := o.files(b.project)
	if err != nil {
		return nil, 0, err
	}
	if b.print = b.project.made; last == nil && b.project.own != nil {
		b.print, b.project.made = nil, nil // of many shops with texts of their own, few are edited; what takes room is made again
	}
	staged, err := sitegen.Stage(b.dir, files)
	count := len(files)
	b.project.release()
	return staged, count, err
}

// open reads a shop, or takes it as it was.
func (r *rebuilder) open(file string, last *built) (*built, error) {
	if last != nil {
		last.project.own = nil // from now on its texts are kept
		print, err := last.project.print()
		return &built{last.project, print, last.dir}, err
	}
	p, err := r.workshop.open(file)
	if err != nil {
		return nil, err
	}
	b := &built{project: p, dir: r.Out}
	if p.pagesOnly, p.fragments, p.noOverview = !r.Widget, r.Fragment, !r.Overview; len(r.files) > 1 {
		b.dir = filepath.Join(r.Out, p.shop.ID)
	}
	return b, nil
}

// difference makes ready the pages that differ. The widget depends on texts by the dispute notice only.
func (r *rebuilder) difference(b, last *built) (*sitegen.Staged, bool, error) {
	if r.Compress || r.Widget && !b.print.SameNotices(last.print) {
		return nil, false, nil
	}
	changed, gone, ok, err := b.print.Since(last.print)
	if err != nil || !ok {
		return nil, ok, err
	}
	staged, err := sitegen.StageChanges(b.dir, maps.Clone(changed), gone)
	return staged, true, err
}
