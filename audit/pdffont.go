package audit

import (
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// A pdfFont says which text the codes of a font stand for, and how wide they are.
type pdfFont struct {
	codeBytes int // 1, or 2 in composite fonts
	unicode   map[uint32]string
	encoding  [256]string
	widths    map[uint32]float64
	usual     float64 // width of all others, in units of the letters' size
	utf16     bool
}

// glyph reads the first code of a string.
func (p *pdfFont) glyph(codes []byte) (text string, width float64, n int) {
	n = min(p.codeBytes, len(codes))
	var code uint32
	for _, b := range codes[:n] {
		code = code<<8 | uint32(b)
	}
	width, ok := p.widths[code]
	if !ok {
		width = p.usual
	}
	text, ok = p.unicode[code]
	switch {
	case ok:
	case p.utf16:
		text = string(rune(code))
	case n == 1 && p.codeBytes == 1:
		text = p.encoding[code]
	}
	return text, width, n
}

const mostFonts = 2000

func (f *pdfFile) font(fonts types.Dict, args []operand) *pdfFont {
	if len(args) == 0 {
		return nil
	}
	o := fonts[string(args[0].text)]
	number := objectNumber(o)
	if known := f.fonts[number]; known != nil && number != 0 {
		return known
	}
	if len(f.fonts) == mostFonts {
		return nil
	}
	p := f.readFont(f.dict(o))
	f.fonts[number] = p
	return p
}

func (f *pdfFile) readFont(d types.Dict) *pdfFont {
	p := &pdfFont{codeBytes: 1, usual: 0.5, unicode: map[uint32]string{}, widths: map[uint32]float64{}}
	if f.name(d["Subtype"]) == "Type0" {
		p.codeBytes = 2
		p.utf16 = strings.Contains(f.name(d["Encoding"]), "UCS2") || strings.Contains(f.name(d["Encoding"]), "UTF16")
		f.compositeWidths(p, d)
	} else {
		f.simpleEncoding(p, d["Encoding"])
		f.simpleWidths(p, d)
	}
	if cmap, err := f.stream(d["ToUnicode"]); err == nil {
		p.readCharacterMap(cmap)
	}
	return p
}

func (f *pdfFile) simpleWidths(p *pdfFont, d types.Dict) {
	first, _ := f.number(d["FirstChar"])
	for i, o := range f.list(d["Widths"]) {
		if w, ok := f.number(o); ok && first >= 0 && i < 256 {
			p.widths[uint32(first)+uint32(i)] = w / 1000
		}
	}
}

// compositeWidths reads W: "12 [500 600] 20 30 250".
func (f *pdfFile) compositeWidths(p *pdfFont, d types.Dict) {
	p.usual = 1
	for _, o := range f.list(d["DescendantFonts"]) {
		font := f.dict(o)
		if w, ok := f.number(font["DW"]); ok {
			p.usual = w / 1000
		}
		f.widthRuns(p, f.list(font["W"]))
	}
}

func (f *pdfFile) widthRuns(p *pdfFont, w types.Array) {
	for i := 0; i+1 < len(w); {
		first, _ := f.number(w[i])
		if list := f.list(w[i+1]); list != nil {
			for k, o := range list {
				width, _ := f.number(o)
				p.widths[uint32(first)+uint32(k)] = width / 1000
			}
			i += 2
			continue
		}
		if i+2 >= len(w) {
			return
		}
		last, _ := f.number(w[i+1])
		width, _ := f.number(w[i+2])
		p.sameWidth(first, last, width/1000)
		i += 3
	}
}

func (p *pdfFont) sameWidth(first, last, width float64) {
	if first < 0 || last > 0xffff {
		return
	}
	for code := uint32(first); code <= uint32(last) && len(p.widths) <= 0xffff; code++ {
		p.widths[code] = width
	}
}

// simpleEncoding is a base encoding and its differences: "39 /quotesingle 96 /grave".
func (f *pdfFile) simpleEncoding(p *pdfFont, o types.Object) {
	base, d := f.name(o), f.dict(o)
	if d != nil {
		base = f.name(d["BaseEncoding"])
	}
	table := charmap.Windows1252
	if base == "MacRomanEncoding" {
		table = charmap.Macintosh
	}
	for code := range p.encoding {
		p.encoding[code] = string(table.DecodeByte(byte(code)))
	}
	code := 0
	for _, o := range f.list(d["Differences"]) {
		if n, ok := f.number(o); ok {
			code = int(n)
		} else if code >= 0 && code < 256 {
			p.encoding[code] = glyphText(f.name(o))
			code++
		}
	}
}

// readCharacterMap reads ToUnicode. Codes are as long as the font's codes whatever the map says.
func (p *pdfFont) readCharacterMap(data []byte) {
	operations(data, func(op string, args []operand) bool {
		switch op {
		case "endbfchar":
			for i := 0; i+1 < len(args); i += 2 {
				p.unicode[number(args[i].text)] = utf16Text(args[i+1].text)
			}
		case "endbfrange":
			for i := 0; i+2 < len(args); i += 3 {
				p.mapRange(number(args[i].text), number(args[i+1].text), args[i+2])
			}
		}
		return len(p.unicode) <= 0xffff
	})
}

func (p *pdfFont) mapRange(from, to uint32, target operand) {
	if to < from || to-from > 0xffff {
		return
	}
	if target.kind == isList {
		for i, o := range target.list {
			p.unicode[from+uint32(i)] = utf16Text(o.text)
		}
		return
	}
	first := []rune(utf16Text(target.text))
	if len(first) == 0 {
		return
	}
	start, last := string(first[:len(first)-1]), first[len(first)-1]
	for code := from; code <= to; code++ {
		p.unicode[code] = start + string(last+rune(code-from))
	}
}

func number(b []byte) (n uint32) {
	for _, c := range b {
		n = n<<8 | uint32(c)
	}
	return n
}

func utf16Text(b []byte) string {
	if len(b) == 1 {
		return string(rune(b[0]))
	}
	var units []uint16
	for i := 0; i+1 < len(b); i += 2 {
		units = append(units, uint16(b[i])<<8|uint16(b[i+1]))
	}
	return string(utf16.Decode(units))
}

// glyphNames are the names of the Adobe Glyph List that are not the character itself, nor made of a
// letter and an accent.
var glyphNames = pairs(`space   exclam ! quotedbl " numbersign # dollar $ percent % ampersand & quotesingle '
	quoteright ’ quoteleft ‘ parenleft ( parenright ) asterisk * plus + comma , hyphen - minus − period . slash /
	zero 0 one 1 two 2 three 3 four 4 five 5 six 6 seven 7 eight 8 nine 9 colon : semicolon ; less < equal = greater >
	question ? at @ bracketleft [ backslash \ bracketright ] asciicircum ^ underscore _ braceleft { bar | braceright }
	asciitilde ~ quotedblleft “ quotedblright ” quotedblbase „ quotesinglbase ‚ guillemotleft « guillemotright »
	endash – emdash — bullet • ellipsis … section § degree ° Euro € germandbls ß ae æ AE Æ oe œ OE Œ oslash ø Oslash Ø
	lslash ł Lslash Ł dcroat đ Dcroat Đ eth ð Eth Ð thorn þ Thorn Þ dotlessi ı fi fi fl fl ff ff ffi ffi ffl ffl`)

// pairs reads names and texts by turns; the text of the first name is a blank.
func pairs(s string) map[string]string {
	fields := strings.Fields(s)
	names := map[string]string{fields[0]: " ", "nbspace": " ", "sfthyphen": "\u00ad", "softhyphen": "\u00ad"}
	for i := 1; i+1 < len(fields); i += 2 {
		names[fields[i]] = fields[i+1]
	}
	return names
}

var accents = map[string]string{
	"grave": "\u0300", "acute": "\u0301", "circumflex": "\u0302", "tilde": "\u0303", "macron": "\u0304",
	"breve": "\u0306", "dotaccent": "\u0307", "dieresis": "\u0308", "ring": "\u030a", "hungarumlaut": "\u030b",
	"caron": "\u030c", "commaaccent": "\u0326", "cedilla": "\u0327", "ogonek": "\u0328",
}

// glyphText says what a glyph's name stands for; nothing if that is not known.
func glyphText(name string) string {
	name, _, _ = strings.Cut(name, ".") // "a.alt" is an a
	if len(name) == 1 {
		return name
	}
	if text, ok := glyphNames[name]; ok {
		return text
	}
	if len(name) > 1 {
		if accent, ok := accents[name[1:]]; ok {
			return norm.NFC.String(name[:1] + accent)
		}
	}
	return hexGlyph(name)
}

// hexGlyph reads "uni00E4" and "u1F600".
func hexGlyph(name string) string {
	digits := strings.TrimPrefix(strings.TrimPrefix(name, "uni"), "u")
	if len(digits) == len(name) || len(digits) < 4 || len(digits) > 6 {
		return ""
	}
	n, err := strconv.ParseUint(digits, 16, 32)
	if err != nil {
		return ""
	}
	return string(rune(n))
}
