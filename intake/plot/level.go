package plot

import "html/template"

// Row is a number with its name and what is said of it.
type Row struct {
	Name, Value string
	N           int
	Fill        int // pattern
}

// Level is bars that lie below each other, each between its name and its value.
type Level struct {
	Alt  string
	Rows []Row
	RTL  bool
}

// Dots is rows of dots, each standing for Each.
type Dots struct {
	Alt  string
	Rows []Row
	Each int
	RTL  bool
}

// level is a drawing of rows.
type level struct {
	Alt  string
	Rows []levelRow
}

type levelRow struct {
	Row
	X, Width string   // of the bar
	Dots     []string // where they are
}

// HTML draws the bars; the longest takes all the room.
func (l Level) HTML() template.HTML {
	most := 0
	for _, r := range l.Rows {
		most = max(most, r.N)
	}
	d := level{Alt: l.Alt}
	for _, r := range l.Rows {
		width := percent(float64(r.N), float64(most))
		if r.N > 0 { // seen even beside a very long one
			width = max(width, .5)
		}
		d.Rows = append(d.Rows, levelRow{Row: r, X: length(page{l.RTL}.across(0, width)), Width: length(width)})
	}
	return draw("level", d)
}

// most dots that fit in a row of a narrow screen.
const most = 25

// Each is how many one dot must stand for so that the longest row fits.
func Each(longest int) int { return max(1, (longest+most-1)/most) }

// HTML draws the dots. What does not fill a dot has one all the same.
func (d Dots) HTML() template.HTML {
	drawing := level{Alt: d.Alt}
	for _, r := range d.Rows {
		row := levelRow{Row: r}
		for i := range min((max(r.N, 0)+max(d.Each, 1)-1)/max(d.Each, 1), most) {
			row.Dots = append(row.Dots, length(page{d.RTL}.across((float64(i)+.5)*100/most, 0)))
		}
		drawing.Rows = append(drawing.Rows, row)
	}
	return draw("dots", drawing)
}
