// Package review says who has read a text. Every content file may begin with these keys, in the front matter of a page and at the head
// of a table of strings; they are for those who edit the text and for "recourse check", and never printed.
//
//	reviewed = "editor"              # none, editor or lawyer
//	reviewed_on = "2026-11-22"       # when
//	reviewed_by = "A. Muster"        # who; optional
//	facts = "2026-11-20"             # day of the law data that the text was read against
package review

import (
	"path"
	"regexp"
	"slices"
	"sync"

	"github.com/pelletier/go-toml/v2"

	"recourse/day"
	"recourse/strict"
)

// Level is how far the reading of a text went.
type Level string

const (
	None   Level = "none"   // nobody but its writer has read it
	Editor Level = "editor" // somebody who did not write it has read it again, against the facts
	Lawyer Level = "lawyer" // somebody with a licence to practise in a country of the language has
)

// Status is what a file says. Its zero value is that of a file that says nothing, which is None.
type Status struct {
	Reviewed   Level   `toml:"reviewed"`
	ReviewedOn day.Day `toml:"reviewed_on"`
	ReviewedBy string  `toml:"reviewed_by"`
	Facts      day.Day `toml:"facts"`
}

// Keys are those of a status.
var Keys = []string{"reviewed", "reviewed_on", "reviewed_by", "facts"}

// IsKey reports whether a key of a table is one of a status.
func IsKey(key string) bool { return slices.Contains(Keys, key) }

// Set fills in the value of a key; it is false for what no status holds.
func (s *Status) Set(key, value string) (ok bool) {
	ok = true
	switch key {
	case "reviewed":
		s.Reviewed = Level(value)
		return s.known()
	case "reviewed_by":
		s.ReviewedBy = value
	case "reviewed_on":
		s.ReviewedOn, ok = day.Parse(value)
	case "facts":
		s.Facts, ok = day.Parse(value)
	default:
		return false
	}
	return ok
}

// Sound reports whether nothing is wrong with a status: its level is known, and a reading has its day.
func (s Status) Sound() bool {
	return s.known() && (s.ReviewedOn != 0 || s.Reviewed == "" || s.Reviewed == None)
}

func (s Status) known() bool {
	return slices.Contains([]Level{"", None, Editor, Lawyer}, s.Reviewed)
}

// Check records what is wrong with a status in a document.
func (s Status) Check(doc *strict.Document) {
	switch {
	case !s.known():
		doc.Wrong("reviewed", "there is no such reading", `write "none", "editor" or "lawyer", and who it was as reviewed_by = "..."`)
	case !s.Sound():
		doc.Wrong("reviewed", "it is not said when the text was read", `add reviewed_on = "2026-11-22"`)
	}
}

var frontMatter = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?s)^(?:\x{feff})?\+\+\+\r?\n(.*?\n)\+\+\+\r?\n`)
})

// Of is what a content file says: in its front matter, or at the head of its table. What cannot be read has not been.
func Of(name string, data []byte) Status {
	if path.Ext(name) == ".md" {
		m := frontMatter().FindSubmatch(data)
		if m == nil {
			return Status{Reviewed: None}
		}
		data = m[1]
	}
	var s Status
	if err := toml.Unmarshal(data, &s); err != nil || s.Reviewed == "" {
		s.Reviewed = None
	}
	return s
}
