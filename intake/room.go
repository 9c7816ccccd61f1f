package intake

import (
	"slices"
	"sync"
	"time"

	"recourse/intake/docket"
)

// room limits the bytes of uploads that belong to no case yet: those on their way and those that wait for the
// confirmation of a form. Without it a few patient senders could fill the disk that declarations are stored on. It is
// counted anew from each start of the program.
type room struct {
	sync.Mutex
	perNetwork, all int64 // most bytes
	taken           int64
	by              map[string]int64     // network -> bytes taken
	waiting         map[string][]waiting // form -> files that wait for its confirmation
	looked          time.Time            // through all that wait
}

type waiting struct {
	network string
	bytes   int64
	until   time.Time
}

func newRoom(c Config) *room {
	return &room{perNetwork: c.UploadsPerNetwork, all: c.Uploads, by: make(map[string]int64), waiting: make(map[string][]waiting)}
}

// take reserves bytes for a network, or says that there are none left.
func (m *room) take(network string, bytes int64, now time.Time) bool {
	m.Lock()
	defer m.Unlock()
	m.forget(now)
	return m.fits(network, bytes)
}

// give takes bytes back.
func (m *room) give(network string, bytes int64) {
	m.Lock()
	defer m.Unlock()
	m.add(network, -bytes)
}

// perFile is what a file takes at least, on disk and as a row.
const perFile = 4 << 10

// keep counts the files of a form until it is sent or the sweep takes them. Files that were replaced go on counting:
// their bytes are left to the sweep as well.
func (m *room) keep(form, network string, files []docket.File, now time.Time) bool {
	bytes := int64(0)
	for _, f := range files {
		bytes += f.Size + perFile
	}
	m.Lock()
	defer m.Unlock()
	m.forget(now)
	if !m.fits(network, bytes) {
		return false
	}
	m.waiting[form] = append(m.waiting[form], waiting{network, bytes, now.Add(reviewTime)})
	return true
}

// free says that the form was sent: its files belong to a case.
func (m *room) free(form string) {
	m.Lock()
	defer m.Unlock()
	for _, w := range m.waiting[form] {
		m.add(w.network, -w.bytes)
	}
	delete(m.waiting, form)
}

// forget drops what has waited in vain. Looking through all of it once a minute is enough.
func (m *room) forget(now time.Time) {
	if now.Sub(m.looked).Abs() < time.Minute {
		return
	}
	m.looked = now
	for form, all := range m.waiting {
		left := slices.DeleteFunc(all, func(w waiting) bool {
			over := now.After(w.until)
			if over {
				m.add(w.network, -w.bytes)
			}
			return over
		})
		if m.waiting[form] = left; len(left) == 0 {
			delete(m.waiting, form)
		}
	}
}

func (m *room) fits(network string, bytes int64) bool {
	if m.by[network]+bytes > m.perNetwork || m.taken+bytes > m.all {
		return false
	}
	m.add(network, bytes)
	return true
}

func (m *room) add(network string, bytes int64) {
	m.taken += bytes
	if m.by[network] += bytes; m.by[network] == 0 {
		delete(m.by, network)
	}
}
