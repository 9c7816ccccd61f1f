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
