package audit

import (
	"cmp"
	"time"
)

// Options bound a search. The zero value is ready to use.
type Options struct {
	Allow []Allow

	Bytes         int64 // largest text, 10 MiB
	DocumentBytes int64 // largest PDF or Office file, 50 MiB

	Crawl        bool          // from a page, follow its links to pages of the same site
	IgnoreRobots bool          // for sites that lock out all robots, such as your own before it opens
	Pages        int           // most pages of one site, 1000
	Parallel     int           // requests at a time, 4
	Pause        time.Duration // of each of them between two requests, 100 ms
	Time         time.Duration // for one site, 15 minutes
}

func (o Options) filled() Options {
	o.Bytes = cmp.Or(o.Bytes, 10<<20)
	o.DocumentBytes = cmp.Or(o.DocumentBytes, 50<<20)
	o.Pages = cmp.Or(o.Pages, 1000)
	o.Parallel = cmp.Or(o.Parallel, 4)
	o.Pause = cmp.Or(o.Pause, 100*time.Millisecond)
	o.Time = cmp.Or(o.Time, 15*time.Minute)
	return o
}
