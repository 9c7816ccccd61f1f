package publish

import (
	"bytes"
	"compress/gzip"
	"io"
	"strconv"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
)

// coding is a way to send a file in fewer bytes.
type coding struct {
	name        string // in Accept-Encoding and Content-Encoding
	ending      string // of the file that lies beside the one it compresses
	best, quick int    // levels: for good, and while somebody waits
	writer      func(w io.Writer, level int) writer
	reader      func(r io.Reader) (io.Reader, error)
	idle        *sync.Pool // quick writers: each takes a megabyte
}

// writer compresses one file after the other.
type writer interface {
	io.WriteCloser
	Reset(to io.Writer)
}

// codings are those every browser knows, the better one first.
var codings = []coding{
	{
		name: "br", ending: ".br", best: brotli.BestCompression, quick: 5,
		writer: func(w io.Writer, level int) writer { return brotli.NewWriterLevel(w, level) },
		reader: func(r io.Reader) (io.Reader, error) { return brotli.NewReader(r), nil },
		idle:   new(sync.Pool),
	},
	{
		name: "gzip", ending: ".gz", best: gzip.BestCompression, quick: gzip.DefaultCompression,
		writer: func(w io.Writer, level int) writer {
			z, _ := gzip.NewWriterLevel(w, level) // fails on wrong levels only
			return z
		},
		reader: func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) },
		idle:   new(sync.Pool),
	},
}

// compress returns nil where nothing is won.
func (c coding) compress(data []byte, level int) []byte {
	var b bytes.Buffer
	w := c.writerTo(&b, level)
	w.Write(data) // a bytes.Buffer cannot fail
	w.Close()
	if level == c.quick {
		c.idle.Put(w)
	}
	if b.Len() >= len(data) {
		return nil
	}
	return b.Bytes()
}

func (c coding) writerTo(b *bytes.Buffer, level int) writer {
	if level == c.quick {
		if w, ok := c.idle.Get().(writer); ok {
			w.Reset(b)
			return w
		}
	}
	return c.writer(b, level)
}

// holds reports whether packed is data, compressed.
func (c coding) holds(packed, data []byte) bool {
	r, err := c.reader(bytes.NewReader(packed))
	if err != nil {
		return false
	}
	plain, err := io.ReadAll(io.LimitReader(r, int64(len(data))+1))
	return err == nil && bytes.Equal(plain, data)
}

// weights reads Accept-Encoding: how much each coding is wanted, from 0 for not at all to 1.
func weights(accept string) map[string]float64 {
	w := map[string]float64{}
	for part := range strings.SplitSeq(strings.ToLower(accept), ",") {
		name, parameter, _ := strings.Cut(strings.TrimSpace(part), ";")
		_, q, found := strings.Cut(parameter, "=")
		weight, err := strconv.ParseFloat(strings.TrimSpace(q), 64)
		if err != nil && !found {
			weight = 1
		}
		w[strings.TrimSpace(name)] = weight
	}
	return w
}

// wanted is the weight of a coding: its own, else that of "*". Unnamed, a file as it is may always be sent, but nobody
// asked for it.
func wanted(w map[string]float64, coding string) float64 {
	if q, named := w[coding]; named {
		return q
	}
	if q, named := w["*"]; named {
		return q
	}
	return 0
}
