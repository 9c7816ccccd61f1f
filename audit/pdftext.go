package audit

import (
	"math"
	"strings"
)

// A matrix is a, b, c, d, e, f of ISO 32000-1, 8.3.3.
type matrix [6]float64

var identity = matrix{1, 0, 0, 1, 0, 0}

// times applies m first, then n.
func (m matrix) times(n matrix) matrix {
	return matrix{
		m[0]*n[0] + m[1]*n[2], m[0]*n[1] + m[1]*n[3],
		m[2]*n[0] + m[3]*n[2], m[2]*n[1] + m[3]*n[3],
		m[4]*n[0] + m[5]*n[2] + n[4], m[4]*n[1] + m[5]*n[3] + n[5],
	}
}

func shift(x, y float64) matrix { return matrix{1, 0, 0, 1, x, y} }

// A textState is what q saves and Q brings back.
type textState struct {
	ctm                    matrix
	font                   *pdfFont
	fontSize               float64
	charSpace, wordSpace   float64
	horizontal, lineHeight float64
}

// pdfText puts the text of a page together. A PDF only says where glyphs go: the blanks and line
// breaks between them are read off their distances.
type pdfText struct {
	textState
	started    bool
	saved      []textState
	line, text matrix // Tlm and Tm
	end        matrix // where the glyph before ended, on the page
	endSize    float64
	out        strings.Builder
	size       int
}

func (t *pdfText) lines() []string { return strings.Split(t.out.String(), "\n") }

const mostSaved = 1000 // "q" without "Q"

func (t *pdfText) begin() {
	if !t.started {
		t.started, t.ctm, t.horizontal = true, identity, 1
		t.line, t.text = identity, identity
	}
}

func (t *pdfText) save() {
	t.begin()
	if len(t.saved) < mostSaved {
		t.saved = append(t.saved, t.textState)
	}
}

func (t *pdfText) restore() {
	if n := len(t.saved); n > 0 {
		t.textState, t.saved = t.saved[n-1], t.saved[:n-1]
	}
}

func (t *pdfText) transform(m matrix) { t.ctm = m.times(t.ctm) }

func (t *pdfText) setFont(font *pdfFont, args []operand) {
	t.begin()
	t.font = font
	if len(args) == 2 {
		t.fontSize = args[1].number
	}
}

// operate carries out one operator; those that draw no text are not its business.
func (t *pdfText) operate(op string, args []operand) {
	t.begin()
	n := numbers(args)
	switch {
	case op == "q":
		t.save()
	case op == "Q":
		t.restore()
	case op == "cm" && len(n) == 6:
		t.transform(matrix(n))
	case op == "BT":
		t.line, t.text = identity, identity
	case op == "Tm" && len(n) == 6:
		t.line, t.text = matrix(n), matrix(n)
	case op == "Td" && len(n) == 2:
		t.move(n[0], n[1])
	case op == "TD" && len(n) == 2:
		t.lineHeight = -n[1]
		t.move(n[0], n[1])
	case op == "T*":
		t.move(0, -t.lineHeight)
	default:
		t.set(op, n)
		t.show(op, args)
	}
}

func (t *pdfText) set(op string, n []float64) {
	if len(n) != 1 {
		return
	}
	switch op {
	case "TL":
		t.lineHeight = n[0]
	case "Tc":
		t.charSpace = n[0]
	case "Tw":
		t.wordSpace = n[0]
	case "Tz":
		t.horizontal = n[0] / 100
	}
}

func (t *pdfText) show(op string, args []operand) {
	if len(args) == 0 {
		return
	}
	last := args[len(args)-1]
	switch op {
	case "'", `"`:
		t.move(0, -t.lineHeight)
		t.glyphs(last.text)
	case "Tj":
		t.glyphs(last.text)
	case "TJ":
		for _, item := range last.list {
			t.glyphs(item.text)
			t.advance(-item.number / 1000 * t.fontSize)
		}
	}
}

func (t *pdfText) move(x, y float64) {
	t.line = shift(x, y).times(t.line)
	t.text = t.line
}

func (t *pdfText) advance(x float64) {
	t.text = shift(x*t.horizontal, 0).times(t.text)
}

// glyphs shows a string.
func (t *pdfText) glyphs(codes []byte) {
	if len(codes) == 0 || t.font == nil {
		return
	}
	t.gap()
	for len(codes) > 0 {
		text, width, n := t.font.glyph(codes)
		t.write(text)
		width = width*t.fontSize + t.charSpace
		if n == 1 && codes[0] == ' ' {
			width += t.wordSpace
		}
		t.advance(width)
		codes = codes[n:]
	}
	t.end = t.text.times(t.ctm)
	t.endSize = math.Hypot(t.end[0], t.end[1]) * math.Abs(t.fontSize)
}

// gap writes the blank or line break between the glyph before and the next. Words are about a
// quarter of the letters' size apart; letters that are spaced out hardly ever more than a seventh.
func (t *pdfText) gap() {
	next := t.text.times(t.ctm)
	scale := math.Hypot(next[0], next[1])
	if t.size == 0 || scale == 0 {
		return
	}
	x, y := next[4]-t.end[4], next[5]-t.end[5]
	along := (x*next[0] + y*next[1]) / scale
	across := (x*next[1] - y*next[0]) / scale
	size := max(t.endSize, scale*math.Abs(t.fontSize))
	switch {
	case math.Abs(across) > size/2:
		t.write("\n")
	case along > 0.15*size || along < -size:
		t.write(" ")
	}
}

func (t *pdfText) write(s string) {
	t.size += len(s)
	t.out.WriteString(s)
}

// numbers gives the operands if all are numbers.
func numbers(args []operand) []float64 {
	var n []float64
	for _, a := range args {
		if a.kind != isNumber {
			return nil
		}
		n = append(n, a.number)
	}
	return n
}
