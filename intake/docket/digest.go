package docket

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"maps"
	"slices"
	"strconv"
	"time"
)

// Digest tells whether two submissions with the same id are the same. The address of the page and the order of keys do
// not matter; shop and id are compared by the store.
func Digest(c Case) string {
	h := sha256.New()
	write := func(parts ...string) {
		for _, p := range parts { // lengths keep "ab","c" apart from "a","bc"
			io.WriteString(h, strconv.Itoa(len(p))+":"+p)
		}
	}
	write(string(c.Form), c.Locale)
	for _, name := range slices.Sorted(maps.Keys(c.Values)) {
		if v := c.Values[name]; v != "" {
			write(name, v)
		}
	}
	for _, f := range c.Files {
		write("file", f.Name, f.Sum)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Nobody may use our forms to fill a stranger's mailbox: at most so many acknowledgements to one address.
const (
	perHour = 3
	perDay  = 10
	// longestWait: a letter that would go out later than that is given up at once, and the trader is told to reach the
	// customer in another way.
	longestWait = 5 * 24 * time.Hour
)

// Throttled is how many of the newest acknowledgements to an address NextSlot needs to see.
const Throttled = perDay

// NextSlot is when the next acknowledgement to an address may go out, given when the newest earlier ones did or will
// (ascending), and whether that is soon enough to wait for.
func NextSlot(earlier []time.Time, now time.Time) (slot time.Time, soon bool) {
	slot = now
	wait := func(count int, span time.Duration) {
		if n := len(earlier); n >= count && earlier[n-count].Add(span).After(slot) {
			slot = earlier[n-count].Add(span)
		}
	}
	wait(perHour, time.Hour)
	wait(perDay, 24*time.Hour)
	return slot, slot.Sub(now) <= longestWait
}
