package audit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// A document is the text of a PDF or Office file, one line for each place that readers can find: a
// line of a page, a paragraph, a cell.
type document struct {
	text   bytes.Buffer
	places []string // of each line: "page 3"
	room   int      // bytes that may still be added
}

// Documents are bounded in every direction. Ten million characters are a library, not a contract.
const (
	mostText     = 10 << 20
	mostUnpacked = 64 << 20
	documentTime = 30 * time.Second
)

var (
	errTooMuchText = fmt.Errorf("more than %d MiB of text", mostText>>20)
	errUnpacked    = fmt.Errorf("unpacks to more than %d MiB", mostUnpacked>>20)
	errSlow        = fmt.Errorf("took longer than %s", documentTime)
	errDamaged     = errors.New("damaged")
	errScan        = errors.New("holds pictures of text, or nothing; look through it for the link yourself")
)

func newDocument() *document { return &document{room: mostText} }

// add appends one line.
func (d *document) add(place, line string) error {
	line = strings.Join(strings.Fields(line), " ")
	if line == "" {
		return nil
	}
	if d.room -= len(line) + 1; d.room < 0 {
		return errTooMuchText
	}
	d.text.WriteString(line + "\n")
	d.places = append(d.places, place)
	return nil
}

// scan searches a document. The same link is said once for each place: a link that is broken over
// two lines is drawn twice, and text boxes are stored twice.
func (d *document) scan(name string) []Finding {
	type said struct{ place, rule, match string }
	seen := map[said]bool{}
	var found []Finding
	for _, f := range Scan(name+".txt", d.text.Bytes()) {
		f.Name, f.Place = name, d.places[f.Line-1]
		f.Line, f.Column = 0, 0
		if what := (said{f.Place, f.Rule, f.Match}); !seen[what] {
			seen[what] = true
			found = append(found, f)
		}
	}
	return found
}

// A documentReader takes the text out of a file of one format.
type documentReader func(ctx context.Context, data []byte) (*document, error)

// readerOf knows a format by the first bytes of the file, whatever its name says.
func readerOf(data []byte) documentReader {
	switch {
	case bytes.Contains(data[:min(len(data), 1024)], []byte("%PDF-")): // the standard allows rubbish before it
		return readPDF
	case bytes.HasPrefix(data, []byte("PK\x03\x04")) && isOffice(data):
		return readOffice
	}
	return nil
}

// readBounded lets a reader neither panic nor go on for ever. Readers watch the context; one that is
// stuck all the same is left behind.
func readBounded(ctx context.Context, read documentReader, data []byte) (*document, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, documentTime, errSlow)
	defer cancel()
	type result struct {
		document *document
		err      error
	}
	done := make(chan result, 1)
	go func() {
		d, err := recovered(ctx, read, data)
		done <- result{d, err}
	}()
	select {
	case r := <-done:
		return r.document, r.err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

func recovered(ctx context.Context, read documentReader, data []byte) (d *document, err error) {
	defer func() {
		if recover() != nil { // a library stumbled over what nobody meant to write
			d, err = nil, errDamaged
		}
	}()
	return read(ctx, data)
}

// searchDocument searches a PDF or Office file.
func searchDocument(ctx context.Context, name string, data []byte, read documentReader) *Report {
	var r Report
	d, err := readBounded(ctx, read, data)
	switch {
	case errors.Is(err, errScan):
		r.skip(name, Document, err.Error())
	case err != nil:
		r.skip(name, Failed, "could not be read: "+oneLine(err.Error()))
	default:
		r.Read++
		r.Findings = d.scan(name)
	}
	return &r
}
