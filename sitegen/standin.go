package sitegen

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html/template"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"recourse/shop"
)

// Shops differ in words (names, addresses) and in facts (markets, periods, stances). Pages are made for a stand-in: a
// shop with the same facts whose words are marks. Filling in the words of a shop then costs microseconds, however
// many shops there are.

// mark stands for the word with that number. It passes for a name in the middle of an address as well.
func mark(i int) string { return markStart + strconv.Itoa(i) + markEnd }

// No text can know the marks of a run.
var markStart = "zqs" + strings.ToLower(rand.Text()) + "n"

const (
	markEnd = "sqz"
	// What stands around a mark so that it passes for an address of the web or of mail.
	webBefore, webAfter = "https://", ".invalid/"
	mailAfter           = "@e.invalid"
)

// words are the words of a shop, by the numbers of their marks.
type words struct {
	list  []string
	marks map[string]string // word -> what stands for it; equal words have one mark
}

func (w *words) standIn(word string) string {
	if word == "" {
		return ""
	}
	if m, known := w.marks[word]; known {
		return m
	}
	m := mark(len(w.list))
	switch {
	case strings.HasPrefix(word, "https://"), strings.HasPrefix(word, "http://"):
		m = webBefore + m + webAfter
	case strings.Contains(word, "@") && !strings.ContainsAny(word, " \t"):
		m += mailAfter
	}
	w.list, w.marks[word] = append(w.list, word), m
	return m
}

func (w *words) all(list []string) []string {
	marks := make([]string, len(list))
	for i, word := range list {
		marks[i] = w.standIn(word)
	}
	return marks
}

// places are addresses by country or locale, in the order of these: shops alike have like marks.
func (w *words) places(all shop.Domains) shop.Domains {
	if len(all) == 0 {
		return nil
	}
	marks := shop.Domains{}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		marks[name] = w.standIn(all[name])
	}
	return marks
}

// standInFor gives the stand-in of a shop and the shop's words.
func standInFor(s *shop.Shop) (*shop.Shop, *words) {
	w, in := &words{marks: map[string]string{}}, *s
	for _, word := range []*string{
		&in.ID, &in.Name, &in.Trader.LegalName, &in.Trader.Email, &in.Trader.Phone, &in.Trader.Register, &in.Trader.VATID,
		&in.Website, &in.Publish, &in.Intake, &in.Privacy.Contact, &in.Privacy.Officer,
	} {
		*word = w.standIn(*word)
	}
	in.Content, in.Webhooks = "", nil // where texts come from changes nothing in them, and who hears of cases is in none
	in.Trader.Address, in.Returns.Address = w.all(in.Trader.Address), w.all(in.Returns.Address)
	in.Domains, in.Websites = w.places(in.Domains), w.places(in.Websites)
	in.Disputes.Bodies = nil
	for _, b := range s.Disputes.Bodies {
		in.Disputes.Bodies = append(in.Disputes.Bodies, shop.Body{
			Name: w.standIn(b.Name), Address: w.all(b.Address), URL: w.standIn(b.URL), Form: w.standIn(b.Form), Country: b.Country,
		})
	}
	return &in, w
}

// kindOf is equal for shops that have the same stand-in.
func kindOf(standIn *shop.Shop) string {
	key, _ := json.Marshal(standIn) // plain data
	return string(key)
}

// mold is a file, or a part of one, cut where something is to be filled in.
type mold struct {
	text [][]byte // one more than gaps
	gaps []gap
}

// gap is where a word of the shop belongs, or a part of the page.
type gap struct {
	word  int    // number of its mark; none: no word
	slot  string // name of the part, in a frame
	part  *mold  // in the slot; nil while it is open
	write writing
	from  string // of an address: what stands before the word in the same attribute
}

const none = -1

// writing is the form in which a word stands in a file.
type writing int

const (
	asIs writing = iota
	inHTML
	inScript
	address
	escapedXML
	refused // code, in which we write nobody's words
)

// newMold cuts a file at its marks. The name tells what language it is in.
func newMold(name string, file []byte) *mold {
	m, in := &mold{}, surroundings{file: file, tag: -1, closed: -1}
	at := 0
	for from := 0; ; {
		i := bytes.Index(file[from:], []byte(markStart))
		if i < 0 {
			break
		}
		g, start, stop := findMark(file, from+i)
		if from = stop; stop == 0 {
			from = from + i + len(markStart)
			continue
		}
		g.write, g.from = in.formAt(name, start)
		m.text, m.gaps = append(m.text, file[at:start]), append(m.gaps, g)
		at = stop
	}
	m.text = append(m.text, file[at:])
	return m
}

// with puts molds into the slots of a frame, and into those of its parts. Nothing is copied until words are filled in.
func (m *mold) with(slots map[string]*mold) *mold {
	out := &mold{text: m.text, gaps: slices.Clone(m.gaps)}
	for i := range out.gaps {
		switch g := &out.gaps[i]; {
		case g.part != nil && g.part.open():
			g.part = g.part.with(slots)
		case g.part == nil && g.slot != "":
			g.part = slots[g.slot]
		}
	}
	return out
}

// open reports whether a slot has no part.
func (m *mold) open() bool {
	return slices.ContainsFunc(m.gaps, func(g gap) bool { return g.slot != "" && (g.part == nil || g.part.open()) })
}

// each gives what the file consists of, in its order.
func (m *mold) each(text func([]byte), word func(gap)) {
	for i, part := range m.text {
		text(part)
		if i == len(m.gaps) {
			return
		}
		if g := m.gaps[i]; g.part != nil {
			g.part.each(text, word)
		} else if g.word != none {
			word(g)
		}
	}
}

// equal reports whether two molds, made alike, make the same file of the same words.
func (m *mold) equal(other *mold) bool {
	if m == nil || other == nil || m == other {
		return m == other
	}
	return slices.EqualFunc(m.gaps, other.gaps, gap.equal) && slices.EqualFunc(m.text, other.text, bytes.Equal)
}

func (g gap) equal(other gap) bool {
	return g.word == other.word && g.slot == other.slot && g.write == other.write && g.from == other.from && g.part.equal(other.part)
}

// findMark reads the mark at i, with what stands around it. stop is 0 where there is none.
func findMark(file []byte, i int) (g gap, start, stop int) {
	digits := i + len(markStart)
	n := digits
	for n < len(file) && n-digits < 6 && file[n] >= '0' && file[n] <= '9' {
		n++
	}
	word, err := strconv.Atoi(string(file[digits:n]))
	if err != nil || !bytes.HasPrefix(file[n:], []byte(markEnd)) {
		return g, 0, 0
	}
	start, stop = i, n+len(markEnd)
	if bytes.HasPrefix(file[stop:], []byte(webAfter)) && bytes.HasSuffix(file[:start], []byte(webBefore)) {
		start, stop = start-len(webBefore), stop+len(webAfter)
	} else if bytes.HasPrefix(file[stop:], []byte(mailAfter)) {
		stop += len(mailAfter)
	}
	return gap{word: word}, start, stop
}

var codeAttribute = regexp.MustCompile(`\s(?:on\w+|style|srcdoc)="[^"]*$`)

var addressAttribute = regexp.MustCompile(`\s(?:href|src|action|formaction|cite)="([^"<>]*)$`)

// surroundings are what stands around the places of a file, looked at one after the other.
type surroundings struct {
	file        []byte
	seen        int
	script      bool
	tag, closed int // where the last tag begins, and the last one ends
}

func (s *surroundings) look(to int) {
	for {
		i := bytes.IndexAny(s.file[s.seen:to], "<>")
		if i < 0 {
			s.seen = to
			return
		}
		i += s.seen
		s.seen = i + 1
		switch rest := s.file[i:]; {
		case rest[0] == '>':
			s.closed = i
			continue
		case bytes.HasPrefix(rest, []byte("<script")):
			s.script = true
		case bytes.HasPrefix(rest, []byte("</script")):
			s.script = false
		}
		s.tag = i
	}
}

// formAt says how a word is written at a place.
func (s *surroundings) formAt(name string, place int) (writing, string) {
	switch path.Ext(name) {
	case ".html":
	case ".xml":
		return escapedXML, ""
	default:
		return asIs, ""
	}
	if s.look(place); s.script {
		return inScript, ""
	}
	if s.tag <= s.closed {
		return inHTML, ""
	}
	tag := s.file[s.tag:place]
	if m := addressAttribute.FindSubmatch(tag); m != nil {
		return address, string(m[1])
	}
	if codeAttribute.Match(tag) {
		return refused, ""
	}
	return inHTML, ""
}

// size is roughly how long the file becomes.
func (m *mold) size() int {
	const usual = 24 // octets of a word
	n := len(m.gaps) * usual
	for _, text := range m.text {
		n += len(text)
	}
	for _, g := range m.gaps {
		if g.part != nil {
			n += g.part.size()
		}
	}
	return n
}

// filler writes the words of one shop in all forms. Each form of a word is made once.
type filler struct {
	words     []string
	html      []string // as they stand in a text and between quotes: parts of pages are used as both
	script    []string // in a script or in JSON; empty: not made yet
	xml       []string // likewise
	addresses map[addressKey]string
}

// addressKey is a word as it stands behind something in an address.
type addressKey struct {
	from string
	word int
}

func newFiller(w *words) *filler {
	n := len(w.list)
	f := &filler{words: w.list, html: make([]string, n), script: make([]string, n), xml: make([]string, n), addresses: map[addressKey]string{}}
	for i, word := range w.list {
		f.html[i] = template.HTMLEscapeString(word)
	}
	return f
}

// fill gives the file with the words of the shop. It fails where a word cannot be the address it is used as.
func (f *filler) fill(m *mold) ([]byte, error) { return f.append(make([]byte, 0, m.size()), m) }

// append is fill, behind what out holds.
func (f *filler) append(out []byte, m *mold) (_ []byte, err error) {
	for i, text := range m.text {
		out = append(out, text...)
		if i == len(m.gaps) {
			break
		}
		if out, err = f.close(out, &m.gaps[i]); err != nil {
			return out, err
		}
	}
	return out, nil
}

// close appends what belongs into a gap. An open slot stays empty.
func (f *filler) close(out []byte, g *gap) ([]byte, error) {
	if g.part != nil {
		return f.append(out, g.part)
	}
	if g.word == none || g.word >= len(f.words) {
		return out, nil
	}
	word, err := f.write(g)
	return append(out, word...), err
}

func (f *filler) write(g *gap) (string, error) {
	word := f.words[g.word]
	switch g.write {
	case inHTML:
		return f.html[g.word], nil
	case inScript:
		return once(&f.script[g.word], word, inQuotes), nil
	case refused:
		return "", fmt.Errorf("fill in %q: a layout puts it into an attribute that is code or style; put it into the text", word)
	case address:
		return f.address(g)
	case escapedXML:
		return once(&f.xml[g.word], word, inXML), nil
	}
	return word, nil
}

func once(made *string, word string, form func(string) string) string {
	if *made == "" {
		*made = form(word)
	}
	return *made
}

func inXML(word string) string {
	var out strings.Builder
	_ = xml.EscapeText(&out, []byte(word)) // a Builder cannot fail
	return out.String()
}

// inQuotes is what stands between the quotes of a string in a script or in JSON.
func inQuotes(word string) string {
	quoted, _ := json.Marshal(word) // < and & are escaped by it
	return strings.ReplaceAll(string(quoted[1:len(quoted)-1]), "'", `\u0027`)
}

func (f *filler) address(g *gap) (string, error) {
	key := addressKey{g.from, g.word}
	if known, ok := f.addresses[key]; ok {
		return known, nil
	}
	written, err := asAddress(g.from, f.words[g.word])
	f.addresses[key] = written
	return written, err
}

// asAddress lets html/template write a word into an address.
func asAddress(from, word string) (string, error) {
	if from == "tel:" {
		return strings.TrimPrefix(string(dial(word)), from), nil
	}
	if from == "" && !scheme.MatchString(word) {
		return "", notAddress(word)
	}
	made, err := addressTemplate(from)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	if err := made.Execute(&out, word); err != nil {
		return "", fmt.Errorf("write %q into an address: %w", word, err)
	}
	written := strings.TrimSuffix(strings.TrimPrefix(out.String(), addressBefore+from), addressAfter)
	if strings.Contains(written, "ZgotmplZ") {
		return "", notAddress(word)
	}
	return written, nil
}

func notAddress(word string) error {
	return fmt.Errorf("fill in %q: it is used as the target of a link and is not a web address; correct it in the shop's file, it begins with https://", word)
}

const addressBefore, addressAfter = `<a href="`, `"></a>`

var addressTemplates sync.Map // from -> *template.Template

func addressTemplate(from string) (*template.Template, error) {
	if made, ok := addressTemplates.Load(from); ok {
		return made.(*template.Template), nil
	}
	made, err := template.New("").Parse(addressBefore + strings.ReplaceAll(from, "{{", "{{`{{`}}") + "{{.}}" + addressAfter)
	if err == nil {
		addressTemplates.Store(from, made)
	}
	return made, err
}
