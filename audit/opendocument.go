package audit

import (
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
)

// openDocument reads texts, spreadsheets and presentations of OpenDocument: the body, then the
// styles, which hold headers and footers.
func (f *officeFile) openDocument() error {
	if err := f.read("content.xml", &openReader{document: f.document}); err != nil {
		return err
	}
	return f.read("styles.xml", &openReader{document: f.document, part: "header or footer, "})
}

// An openReader reads the paragraphs of one part.
type openReader struct {
	document  *document
	part      string
	paragraph int
	slide     int
	table     string
	row, col  int
	rows      int // above the next one
	repeat    int // columns the cell stands for
	depth     int // paragraphs inside each other: notes stand inside the text
	text      strings.Builder
	links     []string
}

func (o *openReader) start(e xml.StartElement) error {
	switch e.Name.Local {
	case "p", "h":
		o.paragraph++
		o.depth++
	case "s", "tab", "line-break":
		o.text.WriteByte(' ')
	case "table":
		o.table, o.rows = attribute(e, "name"), 0
	case "table-row":
		o.row, o.col = o.rows+1, 0
		o.rows += repeated(e, "number-rows-repeated")
	case "table-cell", "covered-table-cell":
		o.repeat = repeated(e, "number-columns-repeated")
		o.col++
		o.links = append(o.links, attribute(e, "formula"))
	case "page":
		o.slide, o.paragraph = o.slide+1, 0
	}
	o.links = append(o.links, attribute(e, "href"))
	return nil
}

func repeated(e xml.StartElement, name string) int {
	n, err := strconv.Atoi(attribute(e, name))
	if err != nil || n < 1 {
		return 1
	}
	return n
}

func (o *openReader) end(name string) error {
	switch name {
	case "p", "h":
		o.depth--
		return o.flush()
	case "table-cell", "covered-table-cell":
		err := o.flush()
		o.col += o.repeat - 1
		return err
	case "table":
		o.table = ""
	}
	return nil
}

func (o *openReader) characters(text []byte) error {
	if o.depth > 0 {
		o.text.Write(text)
	}
	return nil
}

func (o *openReader) flush() error {
	lines := append([]string{o.text.String()}, o.links...)
	o.text.Reset()
	o.links = o.links[:0]
	for _, line := range lines {
		if err := o.document.add(o.place(), line); err != nil {
			return err
		}
	}
	return nil
}

func (o *openReader) place() string {
	switch {
	case o.slide > 0:
		return fmt.Sprintf("%sslide %d, paragraph %d", o.part, o.slide, o.paragraph)
	case o.table != "":
		return fmt.Sprintf("%stable %s, cell %s%d", o.part, strconv.Quote(o.table), column(o.col), o.row)
	}
	return fmt.Sprintf("%sparagraph %d", o.part, max(o.paragraph, 1))
}

// column names a column as spreadsheets do: A to Z, AA and so on.
func column(n int) (name string) {
	for ; n > 0; n = (n - 1) / 26 {
		name = string(rune('A'+(n-1)%26)) + name
	}
	return name
}
