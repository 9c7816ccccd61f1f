package figures

import "testing"

// TestBins: every case is in one bin, and bins follow each other.
func TestBins(t *testing.T) {
	for _, c := range []struct {
		took              spread
		bins, width, last int // last: how many are in the last bin
	}{
		{spread{}, 0, 0, 0},
		{spread{0: 3}, 8, 1, 0},
		{spread{0: 3, 12: 1}, 13, 1, 1},
		{spread{1: 95, 29: 1, 30: 2, 400: 2}, 31, 1, 4},
		{spread{5: 1, 80: 9}, 27, 3, 9},
		{spread{200: 1, 900: 1, 5000: 1}, 31, 30, 2},
	} {
		d := c.took.days()
		bins, n := d.Bins(), 0
		for i, b := range bins {
			if b.First != i*c.width || b.Last != b.First+c.width-1 {
				t.Errorf("%v: bin %d is %+v", c.took, i, b)
			}
			n += b.N
		}
		if len(bins) != c.bins || n != d.N || c.bins > 0 && bins[len(bins)-1].N != c.last {
			t.Errorf("%v: %d bins of %d cases, %+v", c.took, len(bins), n, bins)
		}
	}
}

func TestPlaceOfTheMedian(t *testing.T) {
	for _, c := range []struct {
		took  spread
		place float64
	}{
		{spread{2: 1}, 2.5},              // the middle of the third bar
		{spread{2: 1, 3: 1}, 3},          // between the third and the fourth
		{spread{1: 1, 50: 9}, 50.5 / 3},  // in bars of three days
		{spread{1000: 1, 2000: 9}, 30.5}, // in the last, which is open
		{spread{0: 1, 1: 95, 30: 2, 500: 2}, 1.5},
	} {
		d := c.took.days()
		if got := d.Place(d.Median); got != c.place {
			t.Errorf("%v: the median %v is at %v, want %v", c.took, d.Median, got, c.place)
		}
	}
}
