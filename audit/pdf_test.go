package audit

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// makePDF writes a file of one page: object 3 is the page, the others follow it.
func makePDF(objects ...string) []byte {
	objects = append([]string{"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"}, objects...)
	out := "%PDF-1.7\n"
	table := fmt.Sprintf("xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for i, o := range objects {
		table += fmt.Sprintf("%010d 00000 n \n", len(out))
		out += fmt.Sprintf("%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	return []byte(fmt.Sprintf("%s%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", out, table, len(objects)+1, len(out)))
}

func streamOf(content string) string {
	return fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(content), content)
}

func smallPDF() []byte {
	return makePDF("<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> /Annots [6 0 R] >>",
		streamOf("BT /F1 12 Tf 50 700 Td (ODR platform) Tj ET"), "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
		"<< /Type /Annot /Subtype /Link /Rect [0 0 1 1] /A << /S /URI /URI ("+deadLink+") >> >>")
}

// pdfCases show a content stream with a font, which may have a map to Unicode, and read its text.
var pdfCases = []struct{ name, font, unicode, content, want string }{
	{"escapes", "", "", `BT /F1 12 Tf (a\(b\)\\ \101\r\
c (nested) ) Tj ET`, `a(b)\ A c (nested)`},
	{"Windows characters", "", "", "BT /F1 12 Tf (f\xfcr \x80) Tj ET", "für €"},
	{"hexadecimal", "", "", "BT /F1 12 Tf <66 6F6f2> Tj ET", "foo"},
	{"kerning is no blank, a wide gap is one", "", "", "BT /F1 12 Tf [(A) 80 (V) -300 (x)] TJ ET", "AV x"},
	{"lines", "", "", "BT /F1 12 Tf 14 TL (one) Tj T* (two) Tj 0 -14 Td (three) Tj (four) ' 1 0 0 1 0 600 Tm (five) Tj ET", "one\ntwo\nthree\nfour\nfive"},
	{"words set one by one", "", "", "BT /F1 10 Tf 0 0 Td (ab) Tj 10 0 Td (cd) Tj 15 0 Td (e) Tj ET", "abcd e"},
	{"text objects on one line", "", "", "q 1 0 0 1 0 700 cm BT /F1 10 Tf (ab) Tj ET Q q 1 0 0 1 14 700 cm BT /F1 10 Tf (c) Tj ET Q", "ab c"},
	{"upside down page", "", "", "1 0 0 -1 0 800 cm BT /F1 10 Tf 1 0 0 -1 0 80 Tm (a) Tj 1 0 0 -1 5 80 Tm (b) Tj 1 0 0 -1 0 100 Tm (c) Tj ET", "ab\nc"},
	{"differences", "/Encoding << /Differences [1 /O /D 3 /R /uni0020 /adieresis /fi /germandbls /one.old] >>", "", "BT /F1 9 Tf (\\001\\002\\003\\004\\005\\006\\007\\010) Tj ET", "ODR äfiß1"},
	{"map to Unicode", "", "begincmap 1 beginbfchar <41> <00660066> endbfchar 1 beginbfrange <42> <43> <0078> <44> <45> [<0031> <0032>] endbfrange", "BT /F1 9 Tf (ABCDEF) Tj ET", "ffxy12F"},
	{"inline image", "", "", "BI /W 1 /H 1 ID (BT( EI BT /F1 9 Tf (a) Tj ET", "a"},
	{"drawn inside", "", "", "BT /F1 9 Tf (a) Tj ET /Fm Do", "a\ninside"},
	{"nonsense", "", "", ">> ] } ( BT", ""},
}

func TestPDFText(t *testing.T) {
	for _, test := range pdfCases {
		t.Run(test.name, func(t *testing.T) {
			font := test.font
			if test.unicode != "" {
				font += " /ToUnicode 6 0 R"
			}
			data := makePDF("<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> /XObject << /Fm 7 0 R >> >> >>",
				streamOf(test.content), "<< /Type /Font /Subtype /Type1 "+font+" >>", streamOf(test.unicode),
				strings.Replace(streamOf("BT /F1 9 Tf 0 -50 Td (inside) Tj ET /Fm Do"), "<<", "<< /Subtype /Form /Matrix [1 0 0 1 0 0]", 1))
			d, err := readPDF(t.Context(), data)
			got := ""
			if err == nil {
				got = strings.TrimSpace(d.text.String())
			}
			if err != nil && err != errScan || got != test.want {
				t.Errorf("got %q, %v, want %q", got, err, test.want)
			}
		})
	}
}

func TestCompositeFont(t *testing.T) {
	data := makePDF("<< /Type /Page /Parent 2 0 R /Contents [4 0 R] /Resources << /Font << /F1 5 0 R >> >> >>",
		streamOf("BT /F1 10 Tf <00410042> Tj 9 0 Td <0043> Tj 10 0 Td <0043> Tj ET"),
		"<< /Type /Font /Subtype /Type0 /Encoding /Identity-H /DescendantFonts [6 0 R] /ToUnicode 7 0 R >>",
		"<< /Type /Font /Subtype /CIDFontType2 /DW 1000 /W [65 [400 500] 67 70 700] >>",
		streamOf("1 beginbfrange <0041> <0043> <017E> endbfrange"))
	d, err := readPDF(t.Context(), data)
	if err != nil || d.text.String() != "žſƀ ƀ\n" {
		t.Errorf("got %q, %v", d.text.String(), err)
	}
}

func TestPictureOnly(t *testing.T) {
	data := makePDF("<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>", streamOf("0 0 9 9 re f"))
	r := searchDocument(t.Context(), "scan.pdf", data, readerOf(data))
	if r.skipped(Document) != 1 || r.ExitCode() != 0 {
		t.Errorf("a page without text: %+v", r)
	}
}

// What only malice writes ends as an answer, soon, and without bringing the program down.
func TestHostilePDF(t *testing.T) {
	const page = "<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>"
	swap := func(old, new string) []byte {
		return []byte(strings.Replace(string(makePDF(page, streamOf("BT ET"))), old, new, 1))
	}
	zeros := deflated(make([]byte, mostUnpacked/4))
	objectStream := fmt.Sprintf("<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream", len(zeros), zeros)
	many := make([]string, 200)
	for i := range many {
		many[i] = objectStream
	}
	noTable := func(data []byte) []byte { return data[:strings.LastIndex(string(data), "xref\n0 ")] }
	tests := map[string][]byte{
		"packed objects without a table": noTable(makePDF(append([]string{page, streamOf("")}, many...)...)),
		"pages that contain themselves":  swap("/Kids [3 0 R]", "/Kids [2 0 R]"),
		"a billion pages":                swap("/Count 1", "/Count 1000000000"),
		"pages that are not there":       swap("/Count 1", "/Count 4999"),
		"tables in a circle":             swap("/Root 1 0 R", "/Root 1 0 R /Prev 9"),
		"a table before itself":          []byte(strings.ReplaceAll(string(swap("/Root 1 0 R", "/Root 1 0 R /Prev 00234")), "00234", fmt.Sprint(strings.Index(string(swap("", "")), "xref\n")))),
		"a huge table":                   swap("xref\n0 5", "xref\n0 5000000000"),
		"arrays in arrays":               makePDF(page, strings.Repeat("[", 1_000_000)),
		"dictionaries in dictionaries":   makePDF(page, strings.Repeat("<</A", 1_000_000)),
		"arrays in arrays, drawn":        makePDF(page, streamOf(strings.Repeat("[", 1_000_000))),
		"a reference to itself":          makePDF(page, "4 0 R"),
		"a length of itself":             makePDF(page, "<< /Length 4 0 R >>\nstream\nBT ET\nendstream"),
		"a huge length":                  makePDF(page, "<< /Length 99999999999 >>\nstream\nBT ET\nendstream"),
		"many packed objects":            makePDF(append([]string{page, streamOf("")}, many...)...),
		"a huge list of tables":          makePDF(page, "<< /Type /XRef /Size 2000000000 /W [1 8 8] /Index [0 2000000000] /Length 3 >>\nstream\nabc\nendstream"),
		"unfiltered many times":          makePDF(page, "<< /Filter ["+strings.Repeat("/FlateDecode ", 1000)+"] /Length 3 >>\nstream\nabc\nendstream"),
	}
	for name, data := range tests {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			r := searchDocument(t.Context(), "a.pdf", data, readPDF)
			if r.Read+len(r.Skipped) != 1 || time.Since(start) > documentTime/2 {
				t.Errorf("after %s: %+v", time.Since(start), r)
			}
			t.Logf("%s %v", time.Since(start), r.Skipped)
		})
	}
}
