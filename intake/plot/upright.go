package plot

import (
	"fmt"
	"html/template"
	"strconv"
)

// Bar stands upright and is cut into as many pieces as there are series.
type Bar struct {
	Name   string // in full
	Tick   string // below the bar; empty: nothing
	Counts []int
}

// Stack is bars beside each other, over time.
type Stack struct {
	Alt    string
	Series []string // names, from the lowest piece; at most Series
	Bars   []Bar
	RTL    bool
}

// Histogram is bars of one piece, with a mark where the middle is.
type Histogram struct {
	Alt  string
	Bars []Bar
	Mark float64 // place of the mark, in bars from the beginning of the first
	Name string  // of the mark; empty: none
	RTL  bool
}

// upright is a drawing of upright bars.
type upright struct {
	Alt              string
	Key              []key
	Top, Middle, Low string // words of the axis
	Boxes            []box
	Ticks            []tick
	Mark             *tick
}

type key struct {
	Fill int
	Name string
}

// HTML draws the bars with their key.
func (s Stack) HTML() template.HTML {
	u := bars(page{s.RTL}, s.Bars, s.Series)
	u.Alt = s.Alt
	for i, name := range s.Series {
		u.Key = append(u.Key, key{i, name})
	}
	return draw("upright", u)
}

// HTML draws the bars and the mark.
func (h Histogram) HTML() template.HTML {
	u := bars(page{h.RTL}, h.Bars, []string{""})
	u.Alt = h.Alt
	if h.Name != "" && len(h.Bars) > 0 {
		x := percent(h.Mark, float64(len(h.Bars)))
		u.Mark = &tick{length(page{h.RTL}.across(x, 0)), anchor(x), h.Name}
	}
	return draw("upright", u)
}

// anchor keeps a word at a place inside the drawing.
func anchor(x float64) string {
	if x < 50 {
		return "start"
	}
	return "end"
}

// gap between bars, as a part of the room of one.
const gap = .2

func bars(p page, all []Bar, series []string) upright {
	top := ceiling(highest(all))
	u := upright{Top: strconv.Itoa(top), Middle: strconv.Itoa(top / 2), Low: "0"}
	room := 100 / float64(max(len(all), 1))
	for i, b := range all {
		x, below := p.across((float64(i)+gap/2)*room, (1-gap)*room), 0
		for fill, n := range b.Counts {
			if n <= 0 {
				continue
			}
			below += n
			height := percent(float64(n), float64(top))
			u.Boxes = append(u.Boxes, box{length(x), length(100 - percent(float64(below), float64(top))), length((1 - gap) * room), length(height), fill, title(b.Name, series, fill, n)})
		}
		if b.Tick != "" {
			u.Ticks = append(u.Ticks, under(p, i, len(all), b.Tick))
		}
	}
	return u
}

func title(bar string, series []string, i, n int) string {
	if i < len(series) && series[i] != "" {
		return fmt.Sprintf("%s: %s, %d", bar, series[i], n)
	}
	return fmt.Sprintf("%s: %d", bar, n)
}

// under places a word below a bar: that of the first begins with it and that of the last ends with it.
func under(p page, i, of int, text string) tick {
	room := 100 / float64(of)
	switch {
	case of > 1 && i == 0:
		return tick{length(p.across(0, 0)), "start", text}
	case of > 1 && i == of-1:
		return tick{length(p.across(100, 0)), "end", text}
	}
	return tick{length(p.across((float64(i)+.5)*room, 0)), "middle", text}
}

func highest(all []Bar) (most int) {
	for _, b := range all {
		n := 0
		for _, c := range b.Counts {
			n += max(c, 0)
		}
		most = max(most, n)
	}
	return most
}
