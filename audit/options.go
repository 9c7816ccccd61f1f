package audit

import (
	"cmp"
	"path"
	"strings"
	"time"
)

// Options bound a search. The zero value is ready to use.
type Options struct {
	// Allow names texts that may mention the platform, such as an article about its end, as glob
	// patterns: "*" stays within one path part, "**" crosses them. A pattern with a slash is
	// compared with the whole path of the file or page ("blog/**") or the whole address
	// ("https://shop.example/news/*"); one without, with the last part ("odr-closed.html").
	Allow []string

	Bytes    int64         // largest text, 10 MiB
	Pages    int           // most pages of one site, 1000
	Parallel int           // requests at a time, 4
	Pause    time.Duration // of each of them between two requests, 100 ms
	Time     time.Duration // for one site, 15 minutes
}

func (o Options) filled() Options {
	o.Bytes = cmp.Or(o.Bytes, 10<<20)
	o.Pages = cmp.Or(o.Pages, 1000)
	o.Parallel = cmp.Or(o.Parallel, 4)
	o.Pause = cmp.Or(o.Pause, 100*time.Millisecond)
	o.Time = cmp.Or(o.Time, 15*time.Minute)
	return o
}

// allowed gives the pattern that allows any of the names of a text.
func (o Options) allowed(names ...string) (pattern string, ok bool) {
	for _, pattern := range o.Allow {
		for _, name := range names {
			if globMatch(pattern, strings.TrimPrefix(name, "/")) {
				return pattern, true
			}
		}
	}
	return "", false
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
