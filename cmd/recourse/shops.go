package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/mattn/go-isatty"
	"github.com/schollz/progressbar/v3"

	"recourse/day"
	"recourse/shop"
	"recourse/sitegen"
)

// many builds several shops, each into a folder of its own below the output folder. All are ready before the first
// file is put in place: a mistake in one leaves all as they were.
type many struct {
	*workshop
	output
	files    []string // of the shops
	flat     bool     // the pages of the only shop lie in the output folder itself
	progress *progressbar.ProgressBar

	mu      sync.Mutex
	ids     map[string]string // id -> file of the shop
	staged  []*sitegen.Staged // that have something to place
	changes sitegen.Changes
	pages   int

	stamps *stamps         // nil: every shop is made
	stale  map[string]bool // files of the shops to make
	kinds  map[string]bool // of these
	links  *linkCheck      // nil: none
	made   sync.Map        // file of a shop -> made

	ownPages int64 // at most: of shops with texts of their own
	errs     []error
	failed   map[string]error // the same by file of the shop; nil: nobody asks
}

// Memory that a build of any number of shops need not go beyond; collecting garbage less often makes it faster.
const (
	softMemoryLimit = 38 << 20
	memoryPerPage   = 768 // of a shop with texts of its own
	gcPercent       = 400
)

const usualPages = 6 // of a locale

func (c *buildCommand) many(ctx context.Context, io streams) error {
	start := time.Now()
	w, texts := c.buildWorkshop()
	w.several = true
	defer w.cache.Saved()
	m := &many{
		workshop: w, output: c.output, files: c.Shops, ids: map[string]string{}, progress: bar(io, len(c.Shops)),
		stamps: newStamps(c.source, c.output, texts), stale: map[string]bool{}, kinds: map[string]bool{}, links: c.linkCheck(),
	}
	if m.all(); len(m.errs) > 0 {
		return errors.Join(append(sorted(m.errs), m.drop())...)
	}
	if err := m.links.run(ctx, io.Err); err != nil {
		return errors.Join(err, m.drop())
	}
	changes, err := m.place()
	if err != nil {
		return err
	}
	m.atOnce(len(m.files), m.remember)
	fmt.Fprintf(io.Err, "%d shops: %d files below %s, %v in %d ms\n", len(c.Shops), m.pages, c.Out, changes, time.Since(start).Milliseconds())
	return nil
}

// all makes the files of all shops ready that have changed. With a mistake in a shop's file none are, unless failures are noted for
// each shop.
func (m *many) all() {
	m.atOnce(len(m.files), m.survey)
	m.files = slices.DeleteFunc(slices.Clone(m.files), func(file string) bool { return !m.stale[file] })
	m.cache.Kinds = len(m.kinds)
	if (len(m.errs) == 0 || m.failed != nil) && len(m.files) > 0 {
		debug.SetMemoryLimit(softMemoryLimit + m.ownPages*memoryPerPage)
		m.atOnce(len(m.files), m.stage)
	}
}

// fail notes an error of a shop.
func (m *many) fail(file string, err error) {
	m.errs = append(m.errs, err)
	if m.failed != nil {
		m.failed[file] = err
	}
}

// out is the folder of a shop.
func (m *many) out(id string) string {
	if m.flat {
		return m.Out
	}
	return filepath.Join(m.Out, id)
}

// bar shows on a terminal how far a build has come.
func bar(io streams, shops int) *progressbar.ProgressBar {
	file, ok := io.Err.(*os.File)
	if !ok || !isatty.IsTerminal(file.Fd()) {
		return progressbar.DefaultSilent(int64(shops))
	}
	return progressbar.NewOptions(shops, progressbar.OptionSetWriter(file), progressbar.OptionSetDescription("shops"),
		progressbar.OptionShowCount(), progressbar.OptionClearOnFinish(), progressbar.OptionThrottle(50*time.Millisecond))
}

// atOnce works on all processors; work is given numbers from 0 to n-1.
func (m *many) atOnce(n int, work func(i int)) {
	var group sync.WaitGroup
	next := make(chan int)
	workers := runtime.GOMAXPROCS(0)
	if m.ownPages > 0 {
		workers = 1 // all texts of a shop take room, and one shop is made on all processors
	}
	for range workers {
		group.Go(func() {
			for i := range next {
				work(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	group.Wait()
}

// survey looks at a shop's file: a shop of which nothing has changed is not made.
func (m *many) survey(i int) {
	file := m.files[i]
	sh, err := readShop(file)
	if !m.enlist(file, sh, err) || m.stamps == nil {
		return
	}
	files, fresh := m.stamps.fresh(sh, file, m.out(sh.ID), m.today(sh))
	fresh = fresh && m.links == nil && !exists(m.ledgerFolder(file, sh.ID)) // a ledger has days of its own
	m.mu.Lock()
	defer m.mu.Unlock()
	if !fresh {
		m.kinds[sitegen.Kind(sh)] = true
	}
	if m.stale[file] = !fresh; fresh {
		m.pages, m.changes.Unchanged = m.pages+files, m.changes.Unchanged+files
		_ = m.progress.Add(1) // a terminal that is gone is no reason to stop
	}
}

// enlist notes a shop, or what is wrong with its file: two shops may not share a folder, and texts that only one shop has are
// not kept.
func (m *many) enlist(file string, sh *shop.Shop, err error) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err == nil && m.ids[sh.ID] != "" {
		err = sameID(file, sh.ID, m.ids[sh.ID])
	}
	if err != nil {
		m.fail(file, err)
		return false
	}
	m.ids[sh.ID] = file
	if own := ownContent(file, sh); own != "" {
		m.readers[own]++
		if m.readers[own] == 1 {
			m.ownPages += int64(len(sh.Locales()) * usualPages)
		}
	}
	return true
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func sameID(file, id, other string) error {
	return fmt.Errorf("read %q: its id %q is that of %q too; each shop has a folder of that name, give one another id", file, id, other)
}

// stage makes the files of a shop ready.
func (m *many) stage(i int) {
	staged, files, err := m.make(m.files[i])
	m.took(m.files[i], staged, files, err)
	_ = m.progress.Add(1) // a terminal that is gone is no reason to stop
}

// took notes what came of a shop.
func (m *many) took(file string, staged *sitegen.Staged, files int, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err != nil {
		m.fail(file, fmt.Errorf("%s: %w", file, err))
		return
	}
	if m.pages += files; staged.Needed() {
		m.staged = append(m.staged, staged)
	} else {
		m.changes.Unchanged += files
		_ = staged.Drop() // there is nothing in it
	}
}

func (m *many) make(file string) (*sitegen.Staged, int, error) {
	p, err := m.open(file)
	if err != nil {
		return nil, 0, err
	}
	out := m.output
	out.Out = m.out(p.shop.ID)
	files, err := out.files(p)
	if err == nil {
		err = m.links.add(file, p)
	}
	if err != nil {
		return nil, 0, err
	}
	staged, err := sitegen.Stage(out.Out, files)
	count := len(files)
	p.release()
	m.made.Store(file, made{p.shop, p.asOf, out.Out, count})
	return staged, count, err
}

// made is what is remembered of a shop until the next build.
type made struct {
	shop  *shop.Shop
	today day.Day
	out   string
	files int
}

func (m *many) remember(i int) {
	if done, ok := m.made.Load(m.files[i]); ok {
		d := done.(made)
		m.stamps.keep(d.shop, m.files[i], d.out, d.today, d.files)
	}
}

func (m *many) place() (sitegen.Changes, error) {
	m.atOnce(len(m.staged), func(i int) {
		changes, err := m.staged[i].Place()
		m.mu.Lock()
		defer m.mu.Unlock()
		m.errs = append(m.errs, err)
		m.changes = m.changes.Add(changes.Below(m.folder(m.staged[i])))
	})
	return m.changes, errors.Join(m.errs...)
}

// folder is where a shop's files lie below the output folder.
func (m *many) folder(staged *sitegen.Staged) string {
	folder, err := filepath.Rel(m.Out, staged.Dir())
	if err != nil || folder == "." {
		return ""
	}
	return filepath.ToSlash(folder)
}

func (m *many) drop() error {
	var errs []error
	for _, staged := range m.staged {
		errs = append(errs, staged.Drop())
	}
	return errors.Join(errs...)
}

// sorted puts errors into the order of the shops' names, whichever was found first.
func sorted(errs []error) []error {
	slices.SortFunc(errs, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return errs
}
