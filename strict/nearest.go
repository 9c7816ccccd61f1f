package strict

// Nearest finds the known word that typed was probably meant to be: at most a third of its
// letters differ, counting a swap of neighbours as one.
func Nearest(typed string, known []string) (string, bool) {
	best, least := "", max(len(typed)/3, 1)+1
	for _, k := range known {
		if n := distance(typed, k); n < least {
			best, least = k, n
		}
	}
	return best, best != ""
}

// distance is the edit distance with transpositions (optimal string alignment).
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	before, last := make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row := make([]int, len(y)+1)
		row[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			row[j] = min(row[j-1]+1, last[j]+1, last[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last = last, row
	}
	return last[len(y)]
}
