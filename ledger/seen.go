package ledger

import (
	"regexp"
	"strings"

	"recourse/day"
)

// Seen says which text somebody had before them. It travels with what they send.
type Seen struct {
	Page   string
	From   day.Day
	SHA256 string
}

// Seen is the version as whoever reads it may pass it on.
func (v Version) Seen() Seen { return Seen{v.Page, v.From, v.SHA256} }

// String is "returns/2026-03-01/" and the hash.
func (s Seen) String() string { return s.Page + "/" + s.From.String() + "/" + s.SHA256 }

var hexHash = regexp.MustCompile(`^[0-9a-f]{64}$`)

// ParseSeen reads what String writes, and nothing else: it comes from outside.
func ParseSeen(text string) (s Seen, ok bool) {
	parts := strings.Split(text, "/")
	if len(parts) != 3 || !pageName.MatchString(parts[0]) || !hexHash.MatchString(parts[2]) {
		return s, false
	}
	from, ok := day.Parse(parts[1])
	return Seen{parts[0], from, parts[2]}, ok
}

// Published finds the newest version that is word for word this text, whether or not it is in force.
func (l *Ledger) Published(t Text) (Version, bool) {
	versions, sum := l.versions[t.name()], t.SHA256()
	for i := len(versions) - 1; i >= 0; i-- {
		if versions[i].SHA256 == sum {
			return versions[i], true
		}
	}
	return Version{}, false
}
