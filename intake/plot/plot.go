// Package plot draws numbers as SVG that stands in a page: no script, no style of its own, everything in the colour of the text
// around it.
//
// Lengths across are percentages and heights are pixels: a plot is as wide as its place, and its letters are as large on a telephone as on
// a screen. What would be told by colour is told by patterns, with a key; see Fills, which a page with plots must hold once. A
// plot is one image with one description (Alt): its page gives the same numbers as a table beside it. For pages that are
// read from right to left (RTL) time and bars run that way.
package plot

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"strconv"
	"sync"
)

//go:embed plot.html
var files embed.FS

var templates = sync.OnceValue(func() *template.Template { return template.Must(template.ParseFS(files, "plot.html")) })

func draw(name string, data any) template.HTML {
	var b bytes.Buffer
	if err := templates().ExecuteTemplate(&b, name, data); err != nil {
		panic(fmt.Sprintf("plot: the drawing %q does not fit its data: %v", name, err))
	}
	return template.HTML(b.String())
}

// Fills are the patterns; every page with plots holds them once, before the first.
func Fills() template.HTML { return draw("fills", nil) }

// Series is how many series a Stack can tell apart.
const Series = 6

// percent of the whole; of nothing, nothing.
func percent(n, of float64) float64 {
	if of <= 0 {
		return 0
	}
	return min(max(100*n/of, 0), 100)
}

// length writes a percentage for an attribute.
func length(x float64) string { return strconv.FormatFloat(x, 'f', 2, 64) + "%" }

// box is a rectangle.
type box struct {
	X, Y, Width, Height string
	Fill                int
	Title               string // shown where a mouse rests on it
}

// tick is a word below or above a drawing.
type tick struct {
	X, Anchor, Text string
}

// page has the direction of reading.
type page struct{ rtl bool }

// across places something of a width, both in percent, in the direction of reading.
func (p page) across(x, width float64) float64 {
	if p.rtl {
		return 100 - x - width
	}
	return x
}

// ceiling is the number at the top of an axis: at least most, and its half is a whole number.
func ceiling(most int) int {
	if most <= 10 {
		return max(2, most+most%2)
	}
	for power := 10; ; power *= 10 {
		for _, n := range []int{2, 3, 4, 5, 6, 8, 10} {
			if n*power >= most {
				return n * power
			}
		}
	}
}
