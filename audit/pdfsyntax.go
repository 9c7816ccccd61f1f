package audit

import (
	"bytes"
	"strconv"
)

type operandKind int

const (
	isNumber operandKind = iota
	isName
	isString
	isList
	isOther
)

// An operand is what stands before an operator in a content stream or a character map.
type operand struct {
	kind   operandKind
	number float64
	text   []byte // of a name or string
	list   []operand
}

const (
	mostOperands = 100_000 // before one operator, nested or not
	deepestList  = 20
)

// operations calls do with each operator and its operands until do returns false. It reads content
// streams (ISO 32000-1, 7.8.2) and character maps, which share their syntax. It never fails: what it
// does not understand is passed over.
func operations(data []byte, do func(op string, args []operand) bool) {
	s := syntax{data: data}
	for s.skipBlanks(); s.at < len(data); s.skipBlanks() {
		o, op := s.next(0)
		switch {
		case op == "":
			s.args = append(s.args, o)
		case op == "BI":
			s.skipImage()
			s.args = nil
		default:
			if !do(op, s.args) {
				return
			}
			s.args, s.count = nil, 0
		}
	}
}

type syntax struct {
	data  []byte
	at    int
	args  []operand
	count int
}

// next reads one operand, or an operator: then op is its name.
func (s *syntax) next(depth int) (o operand, op string) {
	if s.count++; s.count > mostOperands {
		s.args, s.count = nil, 0
	}
	switch c := s.data[s.at]; {
	case c == '(':
		return operand{kind: isString, text: s.literal()}, ""
	case c == '<' && !s.follows("<<"):
		return operand{kind: isString, text: s.hex()}, ""
	case c == '/':
		return operand{kind: isName, text: s.nameToken()}, ""
	case c == '[':
		return s.listOf(depth), ""
	case isDelimiter(c):
		s.at++ // of a dictionary, or stray
		return operand{kind: isOther}, ""
	}
	return s.word()
}

func (s *syntax) follows(what string) bool { return bytes.HasPrefix(s.data[s.at:], []byte(what)) }

func (s *syntax) word() (operand, string) {
	start := s.at
	for s.at < len(s.data) && !isBlank(s.data[s.at]) && !isDelimiter(s.data[s.at]) {
		s.at++
	}
	word := string(s.data[start:s.at])
	if c := word[0]; c == '+' || c == '-' || c == '.' || '0' <= c && c <= '9' {
		n, _ := strconv.ParseFloat(word, 64)
		return operand{kind: isNumber, number: n}, ""
	}
	return operand{}, word
}

func (s *syntax) listOf(depth int) operand {
	o := operand{kind: isList}
	s.at++
	for s.skipBlanks(); s.at < len(s.data) && s.data[s.at] != ']'; s.skipBlanks() {
		if depth == deepestList {
			s.at++
			continue
		}
		item, op := s.next(depth + 1)
		if op == "" && len(o.list) < mostOperands {
			o.list = append(o.list, item)
		}
	}
	s.at = min(s.at+1, len(s.data))
	return o
}

func (s *syntax) skipBlanks() {
	for s.at < len(s.data) {
		switch c := s.data[s.at]; {
		case isBlank(c):
			s.at++
		case c == '%':
			s.skipLine()
		default:
			return
		}
	}
}

func (s *syntax) skipLine() {
	if n := bytes.IndexAny(s.data[s.at:], "\r\n"); n >= 0 {
		s.at += n
		return
	}
	s.at = len(s.data)
}

// skipImage passes over the bytes of an inline image.
func (s *syntax) skipImage() {
	for {
		n := bytes.Index(s.data[s.at:], []byte("EI"))
		if n < 0 {
			s.at = len(s.data)
			return
		}
		s.at += n + 2
		if isBlank(s.data[s.at-3]) && (s.at == len(s.data) || isBlank(s.data[s.at])) {
			return
		}
	}
}

func (s *syntax) nameToken() []byte {
	s.at++
	start := s.at
	for s.at < len(s.data) && !isBlank(s.data[s.at]) && !isDelimiter(s.data[s.at]) {
		s.at++
	}
	return s.data[start:s.at]
}

func (s *syntax) hex() []byte {
	s.at++
	var digits []byte
	for ; s.at < len(s.data) && s.data[s.at] != '>'; s.at++ {
		if !isBlank(s.data[s.at]) {
			digits = append(digits, s.data[s.at])
		}
	}
	s.at = min(s.at+1, len(s.data))
	if len(digits)%2 == 1 {
		digits = append(digits, '0')
	}
	out := make([]byte, len(digits)/2)
	for i := range out {
		b, _ := strconv.ParseUint(string(digits[2*i:2*i+2]), 16, 8)
		out[i] = byte(b)
	}
	return out
}

// literal reads "(...)", with brackets inside and escapes.
func (s *syntax) literal() []byte {
	var out []byte
	depth := 0
	for s.at < len(s.data) {
		c := s.data[s.at]
		s.at++
		switch c {
		case '\\':
			out = s.escaped(out)
			continue
		case '(':
			if depth++; depth == 1 {
				continue
			}
		case ')':
			if depth--; depth == 0 {
				return out
			}
		}
		out = append(out, c)
	}
	return out
}

var pdfEscapes = map[byte]byte{'n': '\n', 'r': '\r', 't': '\t', 'b': '\b', 'f': '\f'}

func (s *syntax) escaped(out []byte) []byte {
	if s.at == len(s.data) {
		return out
	}
	c := s.data[s.at]
	s.at++
	switch {
	case c == '\r' || c == '\n': // a line that goes on
		if c == '\r' && s.at < len(s.data) && s.data[s.at] == '\n' {
			s.at++
		}
		return out
	case '0' <= c && c <= '7':
		return append(out, s.octal(c-'0'))
	case pdfEscapes[c] != 0:
		c = pdfEscapes[c]
	}
	return append(out, c)
}

func (s *syntax) octal(n byte) byte {
	for range 2 {
		if s.at == len(s.data) || s.data[s.at] < '0' || s.data[s.at] > '7' {
			break
		}
		n = n<<3 | (s.data[s.at] - '0')
		s.at++
	}
	return n
}

func isBlank(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

func isDelimiter(c byte) bool { return bytes.IndexByte([]byte("()<>[]{}/%"), c) >= 0 }
