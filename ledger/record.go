package ledger

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"recourse/day"
)

// Writer changes the folder of a ledger.
type Writer interface {
	Write(name string, data []byte) error // the whole file, on disk when it returns; makes its folders
	Rename(from, to string) error         // at once, in place of what was there
	Remove(name string) error
}

// Text is what a page says in a locale.
type Text struct {
	Locale, Page string
	HTML         []byte // in normal form
}

// NewText brings a page into normal form. Title and body are HTML.
func NewText(locale, page string, title, body []byte) Text {
	return Text{locale, page, Normal(title, body)}
}

func (t Text) name() name { return name{t.Locale, t.Page} }

// SHA256 is the hash a version with this text has.
func (t Text) SHA256() string { return hash(t.HTML) }

// Unrecorded gives the texts that differ from the last version of their page.
func (l *Ledger) Unrecorded(texts []Text) (changed []Text) {
	for _, t := range texts {
		if last, ok := l.last(t.name()); !ok || last.SHA256 != t.SHA256() {
			changed = append(changed, t)
		}
	}
	return changed
}

// Record adds the texts that differ from the last version of their page, as versions that apply from a day; today is
// the day it is done on. Either all are recorded or none. The ledger itself stays what was read.
//
// The line in the index makes a version: its text is there before, under another name, and gets its own after. So
// the ledger is whole at every moment, and what a crash left behind is cleared away by the next call.
func (l *Ledger) Record(w Writer, texts []Text, from, today day.Day) ([]Version, error) {
	changed := l.Unrecorded(texts)
	var errs []error
	for _, t := range changed {
		errs = append(errs, l.allowed(t, from, today))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	if err := l.settle(w); err != nil {
		return nil, fmt.Errorf("clear up the ledger: %w", err)
	}
	if len(changed) == 0 {
		return nil, nil
	}
	versions, err := l.write(w, changed, from, today)
	if err != nil {
		return nil, fmt.Errorf("write to the ledger: %w", err)
	}
	return versions, nil
}

// allowed: what was in force stays as it was, and versions follow each other.
func (l *Ledger) allowed(t Text, from, today day.Day) error {
	last, ok := l.last(t.name())
	switch {
	case !ok || from > last.From || from == last.From && from > today:
		return nil
	case from == last.From:
		return fmt.Errorf("%s/%s: a version from %s is recorded and in force, so it stays as it is; let the new one apply from a later day",
			t.Locale, t.Page, last.From)
	}
	return fmt.Errorf("%s/%s: a version from %s cannot come after the one from %s that is recorded; let it apply from a later day",
		t.Locale, t.Page, from, last.From)
}

func (l *Ledger) write(w Writer, texts []Text, from, today day.Day) (versions []Version, err error) {
	index, previous := l.index()
	for _, t := range texts {
		e := entry{Locale: t.Locale, Page: t.Page, From: from, Recorded: today, Title: title(t.HTML), SHA256: t.SHA256(), Previous: previous}.sealed()
		previous = e.Entry
		index = append(append(index, e.line()...), '\n')
		versions = append(versions, e.version())
		if err := w.Write(e.version().Path()+staged, t.HTML); err != nil {
			return nil, err
		}
	}
	if err := w.Write(indexFile+staged, index); err != nil {
		return nil, err
	}
	if err := w.Rename(indexFile+staged, indexFile); err != nil {
		return nil, err
	}
	for _, v := range versions {
		if err := w.Rename(v.Path()+staged, v.Path()); err != nil {
			return nil, err
		}
	}
	return versions, nil
}

// index is the index as it is, and the hash of its last line.
func (l *Ledger) index() (index []byte, last string) {
	var out bytes.Buffer
	for _, e := range l.entries {
		out.Write(append(e.line(), '\n'))
		last = e.Entry
	}
	return out.Bytes(), last
}

// settle ends what a crash has cut short: staged texts the index names get their names, others go.
func (l *Ledger) settle(w Writer) error {
	due := map[string]Version{}
	for _, v := range l.All() {
		due[v.Path()] = v
	}
	var left []string
	err := fs.WalkDir(l.fsys, ".", func(file string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.HasSuffix(file, staged) {
			left = append(left, file)
		}
		return ignoreMissing(err)
	})
	for _, file := range left {
		v, named := due[strings.TrimSuffix(file, staged)]
		data, errRead := fs.ReadFile(l.fsys, file)
		if named && errRead == nil && hash(data) == v.SHA256 {
			err = errors.Join(err, w.Rename(file, v.Path()))
		} else {
			err = errors.Join(err, w.Remove(file))
		}
	}
	return err
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
