package locale

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"sync"
)

// LoadUsed is Load for those who use some of the languages, as a shop does: each is read when it is asked for. A mistake in one that
// nobody uses is none, so that a shop's own strings need not be there in languages it does not serve. Ask Check for those that are used.
func LoadUsed(fsys fs.FS) (*Catalog, error) {
	english, err := read(fsys, master)
	if err != nil {
		return nil, err
	}
	english.leaveOpen()
	c := &Catalog{languages: map[string]*Language{master: english.language()}, later: map[string]func() loaded{}}
	if err := english.compare(english); err != nil {
		return nil, err
	}
	files, err := fs.Glob(fsys, "*/"+settingsFile)
	if err != nil {
		return nil, fmt.Errorf("list languages: %w", err)
	}
	c.tags = []string{master}
	for _, file := range files {
		if tag := path.Dir(file); tag != master && there(fsys, tag) {
			c.tags = append(c.tags, tag)
			c.later[tag] = sync.OnceValue(func() loaded { return readUsed(fsys, tag, english) })
		}
	}
	return c, nil
}

// there reports whether a language has strings and is no draft; one whose settings cannot be read is there, and says so when asked.
func there(fsys fs.FS, tag string) bool {
	files, _ := fs.Glob(fsys, tag+"/*.toml") // the pattern is well formed
	strings := slices.DeleteFunc(files, func(file string) bool { return path.Base(file) == settingsFile || path.Base(file) == answersFile })
	s, err := readSettings(fsys, tag)
	return len(strings) > 0 && (err != nil || !s.Draft)
}

// loaded is a language that was asked for; nil where it has a mistake.
type loaded struct {
	language *Language
	err      error
}

func readUsed(fsys fs.FS, tag string, english *texts) loaded {
	t, err := read(fsys, tag)
	if t.settings == nil || len(t.strings) == 0 {
		return loaded{err: err}
	}
	if err = errors.Join(err, t.compare(english)); err != nil {
		return loaded{err: err}
	}
	return loaded{language: t.language()}
}
