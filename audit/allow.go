package audit

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"path"
	"strings"
)

// An Allow names texts that may mention the platform, such as an article about its end. The pattern
// is a glob: "*" stays within one path part, "**" crosses them. A pattern with a slash is compared
// with the whole path of the file or page ("blog/**") or the whole address
// ("https://shop.example/news/*"); one without, with the last part ("odr-closed.html").
type Allow struct {
	Pattern string `json:"pattern"`
	Reason  string `json:"reason,omitempty"`
	Source  string `json:"source,omitempty"` // "allow.txt:3"
}

// ReadAllow reads a list: one pattern a line, empty lines and lines that begin with "#" aside. What
// follows a blank and "#" is the reason.
//
//	blog/2025/**   # our report on the end of the platform
func ReadAllow(name string, in io.Reader) ([]Allow, error) {
	var list []Allow
	lines := bufio.NewScanner(in)
	for number := 1; lines.Scan(); number++ {
		pattern, reason, _ := strings.Cut(" "+lines.Text(), " #")
		a := Allow{strings.TrimSpace(pattern), strings.TrimSpace(reason), fmt.Sprintf("%s:%d", name, number)}
		if a.Pattern == "" {
			continue
		}
		if err := a.check(); err != nil {
			return nil, err
		}
		list = append(list, a)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read the list %q: %w", name, err)
	}
	return list, nil
}

func (a Allow) check() error {
	if _, err := path.Match(a.Pattern, ""); err != nil {
		return fmt.Errorf("%s: allow %q: %w; a bracket that stands for itself is written \\[", cmp.Or(a.Source, "audit"), a.Pattern, err)
	}
	return nil
}

func (a Allow) unused() string {
	from := ""
	if a.Source != "" {
		from = " (" + printable(a.Source) + ")"
	}
	return fmt.Sprintf("nothing was allowed by %q%s: the text is gone or has another name; take the pattern out", a.Pattern, from)
}

// unused lists what allowed nothing in all that was searched.
func (o Options) unused(used map[string]bool) (list []Allow) {
	for _, a := range o.Allow {
		if !used[a.Pattern] {
			list = append(list, a)
		}
	}
	return list
}

// allowed gives the entry that allows any of the names of a text.
func (o Options) allowed(names ...string) (Allow, bool) {
	for _, a := range o.Allow {
		for _, name := range names {
			if globMatch(a.Pattern, strings.TrimPrefix(name, "/")) {
				return a, true
			}
		}
	}
	return Allow{}, false
}

func globMatch(pattern, name string) bool {
	if !strings.Contains(pattern, "/") {
		return partsMatch([]string{pattern}, []string{path.Base(name)})
	}
	return partsMatch(strings.Split(strings.TrimPrefix(pattern, "/"), "/"), strings.Split(name, "/"))
}

func partsMatch(pattern, name []string) bool {
	if len(pattern) == 0 {
		return len(name) == 0
	}
	if pattern[0] == "**" {
		return partsMatch(pattern[1:], name) || len(name) > 0 && partsMatch(pattern, name[1:])
	}
	if len(name) == 0 {
		return false
	}
	ok, _ := path.Match(pattern[0], name[0]) // a malformed pattern allows nothing
	return ok && partsMatch(pattern[1:], name[1:])
}
