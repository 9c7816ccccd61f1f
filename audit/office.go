package audit

import (
	"archive/zip"
	"bytes"
	"cmp"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Office files are zip archives of XML: Office Open XML (ECMA-376) and OpenDocument (ISO 26300).
// Only the parts that hold text are unpacked, each read as a stream, and all of them out of one
// allowance of bytes.

const mostEntries = 20_000

// An officeFile is an Office file being read.
type officeFile struct {
	ctx      context.Context
	archive  *zip.Reader
	unpacked int64 // bytes that may still be unpacked
	document *document
}

// isOffice looks for the part that every file of a kind has; other zip archives are none of it.
func isOffice(data []byte) bool {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return officeStart.Match(data[:min(len(data), 4096)]) // damaged, and to be reported as such
	}
	return officeKind(archive) != ""
}

var officeStart = regexp.MustCompile(`\[Content_Types\]\.xml|_rels/\.rels|application/vnd\.oasis\.opendocument`)

func officeKind(archive *zip.Reader) string {
	for _, f := range archive.File {
		switch f.Name {
		case "word/document.xml", "xl/workbook.xml", "ppt/presentation.xml":
			return path.Dir(f.Name)
		case "content.xml":
			return "opendocument"
		}
	}
	return ""
}

func readOffice(ctx context.Context, data []byte) (*document, error) {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, err
	}
	if len(archive.File) > mostEntries {
		return nil, fmt.Errorf("more than %d parts", mostEntries)
	}
	f := &officeFile{ctx: ctx, archive: archive, unpacked: mostUnpacked, document: newDocument()}
	switch officeKind(archive) {
	case "word":
		err = f.parts(wordParts)
	case "ppt":
		err = f.parts(slideParts)
	case "xl":
		err = f.workbook()
	default:
		err = f.openDocument()
	}
	return f.document, err
}

// A partKind tells which files of an archive hold text, and what to call them.
type partKind struct {
	file *regexp.Regexp // a submatch is the number
	name string         // "slide %s, "
}

var wordParts = []partKind{
	{regexp.MustCompile(`^word/document\d*\.xml$`), ""},
	{regexp.MustCompile(`^word/header(\d*)\.xml$`), "header, "},
	{regexp.MustCompile(`^word/footer(\d*)\.xml$`), "footer, "},
	{regexp.MustCompile(`^word/footnotes\.xml$`), "footnotes, "},
	{regexp.MustCompile(`^word/endnotes\.xml$`), "endnotes, "},
	{regexp.MustCompile(`^word/comments\.xml$`), "comments, "},
	{regexp.MustCompile(`^word/(?:charts|diagrams)/[a-z]+(\d*)\.xml$`), "drawing %s, "},
}

// Slides are numbered like their files, which is their order unless somebody moved them about.
var slideParts = []partKind{
	{regexp.MustCompile(`^ppt/slides/slide(\d+)\.xml$`), "slide %s, "},
	{regexp.MustCompile(`^ppt/notesSlides/notesSlide(\d+)\.xml$`), "notes %s, "},
	{regexp.MustCompile(`^ppt/slideLayouts/slideLayout(\d+)\.xml$`), "layout %s, "},
	{regexp.MustCompile(`^ppt/slideMasters/slideMaster(\d+)\.xml$`), "master %s, "},
	{regexp.MustCompile(`^ppt/comments/[A-Za-z_]*(\w*)\.xml$`), "comments, "},
	{regexp.MustCompile(`^ppt/(?:charts|diagrams)/[a-z]+(\d*)\.xml$`), "drawing %s, "},
}

// parts reads all files of some kinds, kind by kind and in the order of their numbers.
func (f *officeFile) parts(kinds []partKind) error {
	for _, kind := range kinds {
		for _, part := range f.matching(kind) {
			if err := f.paragraphs(part.file, part.name); err != nil {
				return err
			}
		}
	}
	return nil
}

type namedPart struct {
	file, name string
	number     int
}

func (f *officeFile) matching(kind partKind) (found []namedPart) {
	for _, entry := range f.archive.File {
		m := kind.file.FindStringSubmatch(entry.Name)
		if m == nil {
			continue
		}
		part := namedPart{file: entry.Name, name: kind.name}
		if len(m) > 1 {
			part.number, _ = strconv.Atoi(m[1])
			part.name = strings.ReplaceAll(kind.name, "%s", m[1])
		}
		found = append(found, part)
	}
	slices.SortStableFunc(found, func(a, b namedPart) int { return cmp.Compare(a.number, b.number) })
	return found
}

func (f *officeFile) paragraphs(file, name string) error {
	targets, err := f.targets(file)
	if err != nil {
		return err
	}
	return f.read(file, &paragraphReader{document: f.document, part: name, targets: targets})
}

// targets reads the relationships of a part: which id leads to which address outside.
func (f *officeFile) targets(file string) (map[string]string, error) {
	r := relationships{external: map[string]string{}, internal: map[string]string{}}
	err := f.read(relationshipsOf(file), &r)
	return r.external, err
}

func relationshipsOf(file string) string {
	return path.Join(path.Dir(file), "_rels", path.Base(file)+".rels")
}

// A partReader takes in the XML of one part.
type partReader interface {
	start(xml.StartElement) error
	end(name string) error
	characters([]byte) error
}

// deepestXML bounds what the XML parser itself keeps of open elements.
const deepestXML = 10_000

// read streams one part through its reader. A part that is not there holds nothing.
func (f *officeFile) read(file string, r partReader) error {
	for _, entry := range f.archive.File {
		if entry.Name == file {
			if err := f.readEntry(entry, r); err != nil {
				return fmt.Errorf("%s: %w", file, err)
			}
			return nil
		}
	}
	return nil
}

func (f *officeFile) readEntry(entry *zip.File, r partReader) error {
	content, err := entry.Open()
	if err != nil {
		return err
	}
	defer content.Close()
	return f.parse(xml.NewDecoder(&meter{content, &f.unpacked}), r)
}

func (f *officeFile) parse(decoder *xml.Decoder, r partReader) error {
	for depth := 0; ; {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = context.Cause(f.ctx)
		}
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.StartElement:
			if depth++; depth > deepestXML {
				return fmt.Errorf("more than %d elements inside each other", deepestXML)
			}
			err = r.start(t)
		case xml.EndElement:
			depth--
			err = r.end(t.Name.Local)
		case xml.CharData:
			err = r.characters(t)
		}
		if err != nil {
			return err
		}
	}
}

// A meter reads until the allowance is used up.
type meter struct {
	io.Reader
	left *int64
}

func (m *meter) Read(p []byte) (int, error) {
	n, err := m.Reader.Read(p)
	if *m.left -= int64(n); *m.left < 0 {
		return 0, errUnpacked
	}
	return n, err
}

func attribute(e xml.StartElement, local string) string {
	for _, a := range e.Attr {
		if a.Name.Local == local {
			return a.Value
		}
	}
	return ""
}

// relationships reads a .rels part.
type relationships struct {
	external, internal map[string]string
}

func (r *relationships) start(e xml.StartElement) error {
	if e.Name.Local != "Relationship" {
		return nil
	}
	into := r.internal
	if attribute(e, "TargetMode") == "External" {
		into = r.external
	}
	into[attribute(e, "Id")] = attribute(e, "Target")
	return nil
}

func (*relationships) end(string) error        { return nil }
func (*relationships) characters([]byte) error { return nil }
