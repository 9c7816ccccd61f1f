package ledger

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"recourse/day"
)

// Finding is something in a ledger that is not as it was recorded.
type Finding struct {
	Path    string // below the ledger's folder, "index.jsonl:3" for a line
	Problem string
}

func (f Finding) String() string { return f.Path + " " + f.Problem }

// Broken is a ledger with findings, as an error.
type Broken []Finding

func (b Broken) Error() string {
	text := "the ledger is not as it was recorded; restore it from the repository's history"
	for _, f := range b {
		text += "\n  " + f.String()
	}
	return text
}

// Verify lists what is not as it was recorded: texts and lines of the index that were changed, removed, inserted or
// moved.
func Verify(fsys fs.FS) ([]Finding, error) {
	_, findings, err := inspect(fsys)
	return findings, err
}

// inspection is a ledger while it is being read.
type inspection struct {
	*Ledger
	findings []Finding
	lines    map[string]int // of a text -> number of the line in force for it
}

func inspect(fsys fs.FS) (*Ledger, []Finding, error) {
	i := &inspection{Ledger: &Ledger{fsys: fsys, versions: map[name][]Version{}}, lines: map[string]int{}}
	index, err := fs.ReadFile(fsys, indexFile)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, nil, fmt.Errorf("read the ledger: %w", err)
	}
	i.index(index)
	i.texts()
	if err := i.strangers(); err != nil {
		return nil, nil, fmt.Errorf("read the ledger: %w", err)
	}
	return i.Ledger, i.findings, nil
}

func (i *inspection) find(path, problem string, args ...any) {
	i.findings = append(i.findings, Finding{path, fmt.Sprintf(problem, args...)})
}

// index follows the chain of entries. After a break it goes on from what the line says of itself, so that the lines after
// it are not blamed.
func (i *inspection) index(index []byte) {
	previous, whole := "", true
	for n, line := range lines(index) {
		at := fmt.Sprintf("%s:%d", indexFile, n+1)
		e, problem := parse(line)
		switch {
		case problem != "":
			i.find(at, "%s", problem)
		case whole && e.Previous != previous:
			i.find(at, "does not follow from the line above: a line before it was removed, inserted or moved")
		}
		if e.Entry == "" { // not even a damaged entry
			whole = false
			continue
		}
		previous, whole = e.Entry, true
		i.add(e, n+1, at)
	}
}

// add files an entry under its page.
func (i *inspection) add(e entry, line int, at string) {
	if !localeTag.MatchString(e.Locale) || !pageName.MatchString(e.Page) || e.From == day.Unknown {
		return // parse has said so
	}
	i.entries = append(i.entries, e)
	v := e.version()
	i.lines[v.Path()] = line
	have := i.versions[e.name()]
	last := len(have) - 1
	switch {
	case last < 0 || have[last].From < e.From:
		if last >= 0 {
			have[last].Until = e.From - 1
		}
		have = append(have, v)
	case have[last].From == e.From && e.Recorded < e.From:
		have[last] = v
	default:
		i.find(at, "says %s from %s after a version from %s: a text that was in force does not change",
			e.Locale+"/"+e.Page, e.From, have[last].From)
	}
	i.versions[e.name()] = have
}

// texts holds every text against its entry.
func (i *inspection) texts() {
	for _, v := range i.All() {
		if _, err := readVersion(i.fsys, v); err != nil {
			i.find(v.Path(), "%s (%s:%d)", err, indexFile, i.lines[v.Path()])
		}
	}
}

// staged is what a file is called until the index names it.
const staged = ".new"

// readVersion reads a text that is as recorded. A publication cut short after its entry was written has left the
// text under its staged name.
func readVersion(fsys fs.FS, v Version) ([]byte, error) {
	data, err := fs.ReadFile(fsys, v.Path())
	data = unixLines(data)
	if err == nil && hash(data) == v.SHA256 {
		return data, nil
	}
	if next, err := fs.ReadFile(fsys, v.Path()+staged); err == nil && hash(next) == v.SHA256 {
		return next, nil
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, errors.New("is missing")
	case err != nil:
		return nil, fmt.Errorf("cannot be read: %w", err)
	}
	return nil, fmt.Errorf("was changed: its sha256 is %s, recorded is %s", hash(data), v.SHA256)
}

// strangers finds texts without an entry.
func (i *inspection) strangers() error {
	return fs.WalkDir(i.fsys, ".", func(file string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist) && file == ".":
			return nil
		case err != nil:
			return err
		case d.IsDir() || path.Ext(file) != ".html" || strings.HasPrefix(d.Name(), "."):
			return nil
		}
		if _, ok := i.lines[file]; !ok {
			i.find(file, "is not in %s: it was never recorded, or its line was removed", indexFile)
		}
		return nil
	})
}
