package figures

import (
	"maps"
	"math"
	"slices"
)

// Days tells how long something took, in calendar days: 0 is the same day.
type Days struct {
	N      int
	Median float64 // of an even number, halfway between the two in the middle
	P90    int     // within so many days at least nine in ten were done
	Counts []Took  // by days; only those that occur
}

// Took is how many cases took so many days.
type Took struct{ Days, N int }

// spread counts cases by days.
type spread map[int]int

func (s spread) days() (d Days) {
	for _, took := range slices.Sorted(maps.Keys(s)) {
		d.Counts = append(d.Counts, Took{took, s[took]})
		d.N += s[took]
	}
	if d.N > 0 {
		d.Median = float64(d.at((d.N+1)/2)+d.at(d.N/2+1)) / 2
		d.P90 = d.at((9*d.N + 9) / 10)
	}
	return d
}

// at is how long the one took that stands in a place, from 1, when all are in a row by length.
func (d Days) at(place int) int {
	for _, c := range d.Counts {
		if place -= c.N; place <= 0 {
			return c.Days
		}
	}
	return 0
}

// Best rating; 1 is the worst.
const Best = 5

// Ratings by consumers after closing.
type Ratings struct {
	N         int
	Mean      float64
	Deviation float64   // standard deviation of these ratings, which are all there are and no sample
	Counts    [Best]int // from the worst
}

func rate(counts [Best]int) Ratings {
	r := Ratings{N: sum(counts[:]), Counts: counts}
	if r.N == 0 {
		return r
	}
	total, squares := 0, 0
	for i, n := range counts {
		total, squares = total+n*(i+1), squares+n*(i+1)*(i+1)
	}
	r.Mean = float64(total) / float64(r.N)
	r.Deviation = math.Sqrt(float64(squares*r.N-total*total)) / float64(r.N)
	return r
}

// Bin is a bar of a histogram: so many took First to Last days.
type Bin struct {
	First, Last int
	Open        bool // and longer
	N           int
}

// openBin is the bin after thirty full ones.
const openBin = 30

// Bins are wide enough that nine in ten cases are in the first thirty; the last takes all that took longer. There are none
// where there is no case.
func (d Days) Bins() (all []Bin) {
	if d.N == 0 {
		return nil
	}
	width := d.width()
	longest := d.Counts[len(d.Counts)-1].Days
	for i := range min(max(longest/width+1, 8), openBin+1) {
		all = append(all, Bin{First: i * width, Last: (i+1)*width - 1, Open: i == openBin})
	}
	for _, c := range d.Counts {
		all[min(c.Days/width, len(all)-1)].N += c.N
	}
	return all
}

// width of a bin in days: one, a few, or whole months.
func (d Days) width() int {
	switch {
	case d.P90 < openBin:
		return 1
	case d.P90 < 3*openBin:
		return 3
	}
	return 30
}

// Place of a number of days among the bins: 2.5 is the middle of the third. In the open bin everything is in the middle.
func (d Days) Place(days float64) float64 {
	place := (days + .5) / float64(d.width())
	if place > openBin {
		return openBin + .5
	}
	return place
}
