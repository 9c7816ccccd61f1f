package audit

import (
	"encoding/xml"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
)

// A workbook keeps most texts once, in a table that cells point into.

func (f *officeFile) workbook() error {
	var shared sharedStrings
	if err := f.read("xl/sharedStrings.xml", &shared); err != nil {
		return err
	}
	names := relationships{external: map[string]string{}, internal: map[string]string{}}
	if err := f.read("xl/_rels/workbook.xml.rels", &names); err != nil {
		return err
	}
	var list sheetList
	if err := f.read("xl/workbook.xml", &list); err != nil {
		return err
	}
	for _, s := range list {
		if err := f.sheet(s.name, partPath("xl", names.internal[s.id]), shared.texts); err != nil {
			return err
		}
	}
	return nil
}

// partPath resolves the target of a relationship: "worksheets/sheet1.xml" or "/xl/worksheets/sheet1.xml".
func partPath(folder, target string) string {
	if strings.HasPrefix(target, "/") {
		return target[1:]
	}
	return path.Join(folder, target)
}

func (f *officeFile) sheet(name, file string, shared []string) error {
	r := relationships{external: map[string]string{}, internal: map[string]string{}}
	if err := f.read(relationshipsOf(file), &r); err != nil {
		return err
	}
	sheet := "sheet " + strconv.Quote(name)
	cells := &sheetReader{document: f.document, sheet: sheet, shared: shared, targets: r.external}
	if err := f.read(file, cells); err != nil {
		return err
	}
	return f.beside(sheet, path.Dir(file), r.internal)
}

// beside reads what hangs on a sheet: comments and drawings.
func (f *officeFile) beside(sheet, folder string, internal map[string]string) error {
	var files []string
	for _, target := range internal {
		files = append(files, partPath(folder, target))
	}
	slices.Sort(files)
	for _, file := range files {
		var err error
		switch {
		case strings.Contains(path.Base(file), "omment"): // comments1.xml, threadedComment1.xml
			err = f.read(file, &sheetReader{document: f.document, sheet: sheet + ", comment on"})
		case strings.HasPrefix(file, "xl/drawings/") && path.Ext(file) == ".xml":
			err = f.paragraphs(file, sheet+", drawing, ")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

type sheetName struct{ name, id string }

// A sheetList reads the sheets of workbook.xml, in their order.
type sheetList []sheetName

func (l *sheetList) start(e xml.StartElement) error {
	if e.Name.Local == "sheet" {
		*l = append(*l, sheetName{attribute(e, "name"), attribute(e, "id")})
	}
	return nil
}

func (*sheetList) end(string) error        { return nil }
func (*sheetList) characters([]byte) error { return nil }

// sharedStrings reads the table of texts.
type sharedStrings struct {
	texts   []string
	text    strings.Builder
	inText  bool
	reading int // depth of phonetic help, which is not part of the text
	size    int
}

func (s *sharedStrings) start(e xml.StartElement) error {
	switch e.Name.Local {
	case "t":
		s.inText = s.reading == 0
	case "rPh":
		s.reading++
	}
	return nil
}

func (s *sharedStrings) end(name string) error {
	switch name {
	case "t":
		s.inText = false
	case "rPh":
		s.reading--
	case "si":
		s.texts = append(s.texts, s.text.String())
		s.text.Reset()
	}
	return nil
}

func (s *sharedStrings) characters(text []byte) error {
	if s.inText {
		s.text.Write(text)
		s.size += len(text)
	}
	if s.size > mostText {
		return errTooMuchText
	}
	return nil
}

// A sheetReader reads cells, links and comments of a sheet.
type sheetReader struct {
	document *document
	sheet    string
	shared   []string
	targets  map[string]string
	place    string
	isShared bool
	inText   bool
	text     strings.Builder
}

var (
	cellText  = wordSet(`v t f text oddHeader evenHeader firstHeader oddFooter evenFooter firstFooter`)
	pageEdges = wordSet(`oddHeader evenHeader firstHeader oddFooter evenFooter firstFooter`)
)

func (s *sheetReader) start(e xml.StartElement) error {
	switch name := e.Name.Local; {
	case name == "c":
		s.place, s.isShared = s.at(attribute(e, "r")), attribute(e, "t") == "s"
	case name == "comment" || name == "threadedComment":
		s.place = s.at(attribute(e, "ref"))
	case pageEdges[name]:
		s.place, s.isShared = s.sheet+", header or footer", false
	case name == "hyperlink":
		return s.link(e)
	}
	s.inText = s.inText || cellText[e.Name.Local]
	return nil
}

func (s *sheetReader) at(cell string) string {
	if strings.HasSuffix(s.sheet, "comment on") {
		return s.sheet + " cell " + cell
	}
	return s.sheet + ", cell " + cell
}

func (s *sheetReader) link(e xml.StartElement) error {
	place := s.at(attribute(e, "ref"))
	for _, text := range []string{s.targets[attribute(e, "id")], attribute(e, "location"), attribute(e, "tooltip")} {
		if err := s.document.add(place, text); err != nil {
			return err
		}
	}
	return nil
}

func (s *sheetReader) end(name string) error {
	switch {
	case name == "f" || name == "v" && !s.isShared || pageEdges[name]:
		s.text.WriteByte(' ')
		s.inText = false
	case name == "v":
		s.inText = false
		return s.sharedText()
	case name == "t":
		s.inText = false
	}
	if name == "c" || name == "comment" || name == "threadedComment" || pageEdges[name] {
		return s.flush()
	}
	return nil
}

// sharedText puts the text a cell points to in the place of its number.
func (s *sheetReader) sharedText() error {
	i, err := strconv.Atoi(strings.TrimSpace(s.text.String()))
	if err != nil || i < 0 || i >= len(s.shared) {
		return fmt.Errorf("%s: there is no text %q", s.place, quoted(s.text.String()))
	}
	s.text.Reset()
	s.text.WriteString(s.shared[i])
	return nil
}

func (s *sheetReader) flush() error {
	text := s.text.String()
	s.text.Reset()
	return s.document.add(s.place, text)
}

func (s *sheetReader) characters(text []byte) error {
	if s.inText {
		s.text.Write(text)
	}
	return nil
}
