package audit

import (
	"encoding/xml"
	"fmt"
	"strings"
)

// A paragraphReader reads the paragraphs of a Word part or a slide.
type paragraphReader struct {
	document *document
	part     string            // "footer, "
	targets  map[string]string // of links, by relationship id
	number   int
	text     strings.Builder
	links    []string
	inText   bool
}

// fieldText: WordprocessingML keeps words in t, fields such as HYPERLINK "https://…" in instrText;
// DrawingML has t as well, charts have v.
var fieldText = wordSet(`t instrText v`)

func (p *paragraphReader) start(e xml.StartElement) error {
	switch name := e.Name.Local; {
	case name == "p":
		if err := p.flush(); err != nil { // a text box stands inside a paragraph
			return err
		}
		p.number++
	case fieldText[name]:
		p.inText = true
	case name == "tab" || name == "br" || name == "cr":
		p.text.WriteByte(' ')
	case name == "noBreakHyphen":
		p.text.WriteByte('-')
	case name == "fldSimple":
		p.text.WriteString(" " + attribute(e, "instr") + " ")
	}
	p.follow(e)
	return nil
}

// follow notes where a link leads: any attribute of the relationships namespace may name one.
func (p *paragraphReader) follow(e xml.StartElement) {
	for _, a := range e.Attr {
		if target := p.targets[a.Value]; target != "" && strings.HasSuffix(a.Name.Space, "/relationships") {
			p.links = append(p.links, target)
		}
	}
}

func (p *paragraphReader) end(name string) error {
	switch {
	case fieldText[name]:
		p.inText = false
		if name != "t" {
			p.text.WriteByte(' ')
		}
	case name == "p":
		return p.flush()
	}
	return nil
}

func (p *paragraphReader) characters(text []byte) error {
	if p.inText {
		p.text.Write(text)
	}
	return nil
}

// flush adds the paragraph: its text, then its links, each a line of its own.
func (p *paragraphReader) flush() error {
	place := fmt.Sprintf("%sparagraph %d", p.part, max(p.number, 1))
	lines := append([]string{p.text.String()}, p.links...)
	p.text.Reset()
	p.links = nil
	for _, line := range lines {
		if err := p.document.add(place, line); err != nil {
			return err
		}
	}
	return nil
}
