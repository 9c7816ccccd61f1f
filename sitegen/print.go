package sitegen

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"strings"
)

// Print is what the files of a site are made of. Two of them tell which files differ, without making any.
type Print struct {
	site  Site
	molds *molds
	words *words
}

// Print prepares a build: everything that costs time, and everything that can be wrong with a text, but for the shop's own
// words.
func (s Site) Print() (*Print, error) {
	if s.Cache == nil {
		s.Cache = &Cache{}
	}
	if known := s.Known(); known != nil {
		return known, nil
	}
	m, w, err := s.cast()
	if err != nil {
		return nil, s.inOwnWords(err)
	}
	return &Print{s, s.keep(m, w), w}, nil
}

// inOwnWords is what is wrong as the shop can read it: a stand-in has marks where the shop has words.
func (s Site) inOwnWords(err error) error {
	if !strings.Contains(err.Error(), markStart) {
		return err
	}
	return cmp.Or(s.explain(), err)
}

// SameNotices reports whether the texts of the dispute notice are those of an earlier print.
func (p *Print) SameNotices(earlier *Print) bool {
	return slices.Equal(p.words.list, earlier.words.list) &&
		(p.molds == earlier.molds || maps.EqualFunc(p.molds.notices, earlier.molds.notices, (*mold).equal))
}

// Since gives the files that differ from those of an earlier print, and the names of those that are gone. A site with a
// ledger is always given whole, so ok is false.
func (p *Print) Since(earlier *Print) (changed map[string][]byte, gone []string, ok bool, err error) {
	if p.site.Ledger != nil || earlier.site.Ledger != nil || p.site.Fragments != earlier.site.Fragments || !slices.Equal(p.words.list, earlier.words.list) {
		return nil, nil, false, nil
	}
	f, changed := newFiller(p.words), map[string][]byte{}
	var errs []error
	for _, name := range p.molds.differing(earlier.molds) {
		if p.molds.files[name] == nil {
			gone = append(gone, name)
			continue
		}
		data, err := f.fill(p.molds.files[name])
		errs = append(errs, err)
		changed[name] = data
	}
	if p.site.Fragments && len(changed)+len(gone) > 0 {
		list, err := p.listFragments(f, changed)
		errs = append(errs, err)
		changed[fragmentsFile] = list
	}
	return changed, gone, true, errors.Join(distinct(errs)...)
}

// differing lists the files that two sets of molds do not have in common. Many shops ask for the same two.
func (m *molds) differing(earlier *molds) []string {
	if m == earlier {
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.comparedWith == earlier {
		return m.different
	}
	m.comparedWith, m.different = earlier, nil
	for name, file := range m.files {
		if other := earlier.files[name]; other == nil || !file.equal(other) {
			m.different = append(m.different, name)
		}
	}
	for name := range earlier.files {
		if m.files[name] == nil {
			m.different = append(m.different, name)
		}
	}
	slices.Sort(m.different)
	return m.different
}
