package audit

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// zipped packs parts, given as name and content by turns.
func zipped(parts ...string) []byte {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for i := 0; i < len(parts); i += 2 {
		f, _ := w.Create(parts[i])
		f.Write([]byte(parts[i+1]))
	}
	w.Close()
	return out.Bytes()
}

const (
	relationshipSpace = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	linkRelationship  = `<Relationships><Relationship Id="rId1" Type="x/hyperlink" Target="` + deadLink + `" TargetMode="External"/>` +
		`<Relationship Id="rId2" Type="x/comments" Target="../comments1.xml"/><Relationship Id="rId3" Target="../drawings/drawing1.xml"/></Relationships>`
)

func wordFile(body string) []byte {
	return zipped(
		"word/document.xml", `<w:document xmlns:w="w" xmlns:r="`+relationshipSpace+`"><w:body>`+body+`</w:body></w:document>`,
		"word/_rels/document.xml.rels", linkRelationship,
		"word/footer1.xml", `<w:ftr xmlns:w="w"><w:p><w:r><w:t>`+deadLink+`</w:t></w:r></w:p></w:ftr>`,
		"word/media/note.xml", `<w:p xmlns:w="w"><w:t>`+deadLink+`</w:t></w:p>`)
}

func slidesFile() []byte {
	slide := func(body string) string {
		return `<p:sld xmlns:p="p" xmlns:a="a" xmlns:r="` + relationshipSpace + `">` + body + `</p:sld>`
	}
	return zipped("ppt/presentation.xml", "<p/>",
		"ppt/slides/slide10.xml", slide(`<a:p><a:r><a:t>ODR platform</a:t></a:r></a:p>`),
		"ppt/slides/slide2.xml", slide(`<a:p><a:t>Title</a:t></a:p><a:p><a:rPr><a:hlinkClick r:id="rId1"/></a:rPr><a:t>here</a:t></a:p>`),
		"ppt/slides/_rels/slide2.xml.rels", linkRelationship,
		"ppt/notesSlides/notesSlide2.xml", slide(`<a:p><a:t>OS-Plattform</a:t></a:p>`))
}

func sheetFile() []byte {
	return zipped(
		"xl/workbook.xml", `<workbook xmlns:r="`+relationshipSpace+`"><sheets><sheet name="Preise &amp; mehr" r:id="rId7"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="rId7" Target="worksheets/sheet3.xml"/></Relationships>`,
		"xl/sharedStrings.xml", `<sst><si><t>nothing</t></si><si><r><t>OS-</t></r><r><t>Plattform</t></r><rPh><t>x</t></rPh></si></sst>`,
		"xl/worksheets/sheet3.xml", `<worksheet xmlns:r="`+relationshipSpace+`"><sheetData><row r="7"><c r="A7" t="s"><v>0</v></c><c r="B7" t="s"><v>1</v></c>`+
			`<c r="C7"><f>HYPERLINK("http://ec.europa.eu/odr")</f><v>x</v></c><c r="D7" t="inlineStr"><is><t>ODR platform</t></is></c></row></sheetData>`+
			`<hyperlinks><hyperlink ref="E9" r:id="rId1"/></hyperlinks><headerFooter><oddFooter>ODR-VO</oddFooter></headerFooter></worksheet>`,
		"xl/worksheets/_rels/sheet3.xml.rels", linkRelationship,
		"xl/comments1.xml", `<comments><commentList><comment ref="A2"><text><r><t>ODR platform</t></r></text></comment></commentList></comments>`,
		"xl/drawings/drawing1.xml", `<d xmlns:a="a"><a:p><a:t>ODR platform</a:t></a:p></d>`)
}

func openFile(body string) []byte {
	return zipped("mimetype", "application/vnd.oasis.opendocument.text", "content.xml",
		`<office:body xmlns:office="o" xmlns:text="t" xmlns:table="b" xmlns:draw="d" xmlns:xlink="http://www.w3.org/1999/xlink">`+body+`</office:body>`,
		"styles.xml", `<s xmlns:text="t"><text:p>ODR platform</text:p></s>`)
}

// placed lists what was found, and where.
func placed(found []Finding) string {
	var lines []string
	for _, f := range found {
		lines = append(lines, f.Place+" | "+f.Match)
	}
	return strings.Join(lines, "\n")
}

func TestDocuments(t *testing.T) {
	tests := []struct {
		name string
		data []byte
		want string
	}{
		{"Word", wordFile(`<w:p><w:r><w:t>One</w:t></w:r></w:p>` +
			`<w:p><w:r><w:t>Online-Streit</w:t></w:r><w:r><w:t>beilegung</w:t></w:r><w:hyperlink r:id="rId1"><w:t> here</w:t></w:hyperlink><w:hyperlink r:id="rId1"/></w:p>` +
			`<w:p><w:r><w:instrText> HYPERLINK "http://ec.europa.eu/odr" </w:instrText></w:r></w:p>` +
			`<w:p><w:del><w:r><w:delText>ODR platform</w:delText></w:r></w:del></w:p>` +
			`<w:p><w:fldSimple w:instr="HYPERLINK http://www.ec.europa.eu/odr"><w:t>x</w:t></w:fldSimple></w:p>`),
			"paragraph 2 | Online-Streitbeilegung\nparagraph 2 | " + deadLink + "\nparagraph 3 | http://ec.europa.eu/odr\n" +
				"paragraph 5 | http://www.ec.europa.eu/odr\nfooter, paragraph 1 | " + deadLink},
		{"PowerPoint", slidesFile(), "slide 2, paragraph 2 | " + deadLink + "\nslide 10, paragraph 1 | ODR platform\nnotes 2, paragraph 1 | OS-Plattform"},
		{"Excel", sheetFile(), `sheet "Preise & mehr", cell B7 | OS-Plattform
sheet "Preise & mehr", cell C7 | http://ec.europa.eu/odr
sheet "Preise & mehr", cell D7 | ODR platform
sheet "Preise & mehr", cell E9 | ` + deadLink + `
sheet "Preise & mehr", header or footer | ODR-VO
sheet "Preise & mehr", comment on cell A2 | ODR platform
sheet "Preise & mehr", drawing, paragraph 1 | ODR platform`},
		{"OpenDocument text", openFile(`<text:h>Title</text:h><text:p>OS-<text:span>Plattform</text:span> <text:a xlink:href="` + deadLink + `">here</text:a></text:p>`),
			"paragraph 2 | OS-Plattform\nparagraph 2 | " + deadLink + "\nheader or footer, paragraph 1 | ODR platform"},
		{"OpenDocument table", openFile(`<table:table table:name="T"><table:table-row table:number-rows-repeated="4"><table:table-cell/></table:table-row>` +
			`<table:table-row><table:table-cell table:number-columns-repeated="27"/><table:table-cell><text:p>OS-Plattform</text:p></table:table-cell></table:table-row></table:table>`),
			"table \"T\", cell AB5 | OS-Plattform\nheader or footer, paragraph 1 | ODR platform"},
		{"OpenDocument slides", openFile(`<draw:page><text:p>x</text:p></draw:page><draw:page><text:p>OS-Plattform</text:p></draw:page>`),
			"slide 2, paragraph 1 | OS-Plattform\nheader or footer, paragraph 1 | ODR platform"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := searchDocument(t.Context(), "a", test.data, readerOf(test.data))
			if got := placed(r.Findings); got != test.want || r.Read != 1 {
				t.Errorf("got\n%s\nwant\n%s\n%+v", got, test.want, r.Skipped)
			}
		})
	}
}

// Any document, cut off or changed at any place, ends in an answer.
func TestDamagedDocuments(t *testing.T) {
	for name, data := range map[string][]byte{"docx": wordFile("<w:p><w:t>x</w:t></w:p>"), "xlsx": sheetFile(), "pdf": smallPDF()} {
		for i := 1; i < len(data); i += 1 + len(data)/200 {
			changed := bytes.Clone(data)
			changed[i] ^= 0x55
			for _, damaged := range [][]byte{data[:i], changed} {
				if read := readerOf(damaged); read != nil {
					r := searchDocument(t.Context(), name, damaged, read)
					if r.Read+len(r.Skipped) != 1 {
						t.Fatalf("%s damaged at %d: %+v", name, i, r)
					}
				}
			}
		}
		r := searchDocument(t.Context(), name, data[:50], readPDF)
		if r.ExitCode() != 2 || !strings.Contains(r.Skipped[0].Reason, "could not be read") {
			t.Errorf("the beginning of a %s: %+v", name, r)
		}
	}
}

func deflated(data []byte) string {
	var out bytes.Buffer
	w := zlib.NewWriter(&out)
	w.Write(data)
	w.Close()
	return out.String()
}

func TestDocumentLimits(t *testing.T) {
	blanks := bytes.Repeat([]byte(" "), mostUnpacked+1)
	bomb := deflated(blanks)
	tests := []struct {
		name   string
		data   []byte
		reason string
	}{
		{"zip bomb", wordFile("<w:p>" + string(blanks) + "</w:p>"), errUnpacked.Error()},
		{"many texts", wordFile("<w:p><w:t>" + strings.Repeat("x", mostText+1) + "</w:t></w:p>"), errTooMuchText.Error()},
		{"shared text, many cells", zipped("xl/workbook.xml", `<w xmlns:r="r"><sheet name="a" r:id="i"/></w>`, "xl/_rels/workbook.xml.rels",
			`<R><Relationship Id="i" Target="s.xml"/></R>`, "xl/sharedStrings.xml", "<s><si><t>"+strings.Repeat("x", 1<<20)+"</t></si></s>",
			"xl/s.xml", "<s>"+strings.Repeat(`<c t="s"><v>0</v></c>`, 100)+"</s>"), errTooMuchText.Error()},
		{"deep XML", wordFile(strings.Repeat("<w:p>", deepestXML+1)), "inside each other"},
		{"no such shared text", zipped("xl/workbook.xml", `<w xmlns:r="r"><sheet name="a" r:id="i"/></w>`, "xl/_rels/workbook.xml.rels",
			`<R><Relationship Id="i" Target="s.xml"/></R>`, "xl/s.xml", `<s><c t="s"><v>9</v></c></s>`), "there is no text"},
		{"PDF bomb", makePDF("<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>",
			fmt.Sprintf("<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream", len(bomb), bomb)), "page 1"},
		{"locked", []byte("%PDF-1.4\n"), "could not be read"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			start := time.Now()
			r := searchDocument(t.Context(), "a", test.data, readerOf(test.data))
			if r.ExitCode() != 2 || len(r.Skipped) != 1 || !strings.Contains(r.Skipped[0].Reason, test.reason) {
				t.Errorf("got %+v, want %q", r.Skipped, test.reason)
			}
			if took := time.Since(start); took > documentTime {
				t.Errorf("took %s", took)
			}
		})
	}
}

func TestReadBounded(t *testing.T) {
	release := make(chan struct{})
	defer close(release)
	stuck := func(context.Context, []byte) (*document, error) { <-release; return nil, nil }
	ctx, cancel := context.WithTimeoutCause(t.Context(), 20*time.Millisecond, errSlow)
	defer cancel()
	if _, err := readBounded(ctx, stuck, nil); !errors.Is(err, errSlow) {
		t.Errorf("a reader that is stuck: %v", err)
	}
	broken := func(context.Context, []byte) (*document, error) { panic("index out of range") }
	if _, err := readBounded(t.Context(), broken, nil); !errors.Is(err, errDamaged) {
		t.Errorf("a reader that panics: %v", err)
	}
}

// What a file is, its content says.
func TestDocumentsInFolder(t *testing.T) {
	folder := fstest.MapFS{
		"terms.docx": {Data: wordFile("<w:p><w:t>ODR platform</w:t></w:p>")},
		"download":   {Data: smallPDF()},
		"other.dat":  {Data: zipped("a.txt", deadLink)},
	}
	r, err := Files(t.Context(), folder, ".", "", Options{})
	if err != nil {
		t.Fatal(err)
	}
	const want = "page 1 | ODR platform\npage 1 | " + deadLink + "\nparagraph 1 | ODR platform\nfooter, paragraph 1 | " + deadLink
	if got := placed(r.Findings); got != want || r.skipped(Binary) != 1 {
		t.Errorf("got\n%s\nwant\n%s\n%+v", got, want, r.Skipped)
	}
}

func FuzzOffice(f *testing.F) {
	f.Add("word/document.xml", `<w:p xmlns:w="w"><w:t>x</w:t></w:p>`, "word/_rels/document.xml.rels", linkRelationship)
	f.Add("xl/workbook.xml", `<w xmlns:r="r"><sheet name="a" r:id="i"/></w>`, "xl/_rels/workbook.xml.rels", `<R><Relationship Id="i" Target="workbook.xml"/></R>`)
	f.Add("content.xml", `<b xmlns:t="t"><t:table-cell t:number-columns-repeated="99999999999"/><t:p>x</t:p></b>`, "styles.xml", "<a/>")
	f.Add("ppt/presentation.xml", "<p/>", "ppt/slides/slide1.xml", `<a:p xmlns:a="a"><a:t>ODR platform</a:t></a:p>`)
	f.Fuzz(func(t *testing.T, name1, part1, name2, part2 string) {
		fuzzReader(t, readOffice, zipped(name1, part1, name2, part2))
	})
}

// FuzzPDF changes the content of a page, its font's character map, and the file around both.
func FuzzPDF(f *testing.F) {
	for _, test := range pdfCases {
		f.Add([]byte(test.content), []byte(test.unicode), []byte("<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"))
	}
	f.Fuzz(func(t *testing.T, content, unicode, page []byte) {
		fuzzReader(t, readPDF, makePDF(string(page), streamOf(string(content)), "<< /Type /Font /Subtype /Type1 /ToUnicode 6 0 R >>", streamOf(string(unicode))))
	})
}

// FuzzPDFFile changes any byte of a whole file. Here the library may panic; it must not hang.
func FuzzPDFFile(f *testing.F) {
	f.Add(smallPDF())
	guarded := func(ctx context.Context, data []byte) (*document, error) { return recovered(ctx, readPDF, data) }
	f.Fuzz(func(t *testing.T, data []byte) { fuzzReader(t, guarded, data) })
}

func fuzzReader(t *testing.T, read documentReader, data []byte) {
	start := time.Now()
	d, err := read(t.Context(), data)
	if err == nil {
		d.scan("a")
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("%d bytes took %s", len(data), took)
	}
}
