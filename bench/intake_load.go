package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http/httputil"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
)

// service is what takes the load: whom to send which request, and what it says when the record is on its disk.
type service struct {
	addr   string
	path   string
	done   int                                             // status of an answer that says "stored"
	record func(to []byte, id string, number int64) []byte // body of a request
}

// caller is a client with one connection. Go's own client takes more of a processor for a request than the servers measured
// here do, so this one writes and reads HTTP/1.1 itself: one request, one answer.
type caller struct {
	service
	source     string // address it calls from
	connection net.Conn
	in         *bufio.Reader
	body, out  []byte
	saw        []sample
	refused    []string // the first answers that were none of "stored"
	bad        int
}

// sample is one request that was answered "stored".
type sample struct {
	end  time.Time
	took time.Duration
}

// numbers makes every record of a run of ours another one.
var numbers atomic.Int64

func (c *caller) connect() error {
	dialer := net.Dialer{Timeout: 10 * time.Second, LocalAddr: &net.TCPAddr{IP: net.ParseIP(c.source)}}
	connection, err := dialer.Dial("tcp", c.addr)
	if err != nil {
		return err
	}
	c.connection, c.in = connection, bufio.NewReaderSize(connection, 8<<10)
	return nil
}

// send sends a record and notes the answer; took counts from since.
func (c *caller) send(since time.Time) error {
	if c.connection == nil {
		if err := c.connect(); err != nil {
			return err
		}
	}
	status, answer, err := c.exchange()
	end := time.Now()
	switch {
	case err != nil:
		c.connection.Close()
		c.connection = nil
		return err
	case status != c.done:
		c.bad++
		if len(c.refused) < 3 {
			c.refused = append(c.refused, fmt.Sprintf("%d %s", status, answer))
		}
	default:
		c.saw = append(c.saw, sample{end, end.Sub(since)})
	}
	return nil
}

func (c *caller) exchange() (status int, answer []byte, err error) {
	c.body = c.record(c.body[:0], newID(), numbers.Add(1))
	c.out = append(append(append(c.out[:0], "POST "...), c.path...), " HTTP/1.1\r\nHost: shop.example\r\nContent-Type: application/json\r\nContent-Length: "...)
	c.out = append(strconv.AppendInt(c.out, int64(len(c.body)), 10), "\r\n\r\n"...)
	c.out = append(c.out, c.body...)
	c.connection.SetDeadline(time.Now().Add(time.Minute))
	if _, err := c.connection.Write(c.out); err != nil {
		return 0, nil, err
	}
	return c.answer()
}

// newID is a random UUID: it need not be one that nobody can guess.
func newID() string {
	var id uuid.UUID
	for i := 0; i < len(id); i += 8 {
		word := rand.Uint64()
		for j := range 8 {
			id[i+j] = byte(word >> (8 * j))
		}
	}
	id[6], id[8] = id[6]&0x0f|0x40, id[8]&0x3f|0x80
	return id.String()
}

// answer reads one answer: the status, and the body for the case that it says why not.
func (c *caller) answer() (status int, body []byte, err error) {
	line, err := c.in.ReadSlice('\n')
	if err != nil {
		return 0, nil, err
	}
	if len(line) < 12 {
		return 0, nil, fmt.Errorf("an answer begins %q", line)
	}
	if status, err = strconv.Atoi(string(line[9:12])); err != nil {
		return 0, nil, err
	}
	length, err := c.length()
	if err != nil {
		return 0, nil, err
	}
	if length < 0 {
		body, err = io.ReadAll(httputil.NewChunkedReader(c.in))
		if err == nil {
			_, err = c.in.Discard(2) // the line after the last chunk
		}
		return status, body, err
	}
	if status == c.done {
		_, err = c.in.Discard(length)
		return status, nil, err
	}
	body = make([]byte, length)
	_, err = io.ReadFull(c.in, body)
	return status, body, err
}

// length reads the header of an answer; it is -1 where the body comes in chunks.
func (c *caller) length() (int, error) {
	length := -1
	for {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		if line = bytes.TrimRight(line, "\r\n"); len(line) == 0 {
			return length, nil
		}
		if name, value, _ := bytes.Cut(line, []byte(": ")); bytes.EqualFold(name, []byte("Content-Length")) {
			if length, err = strconv.Atoi(string(value)); err != nil {
				return 0, err
			}
		}
	}
}

// outcome is what the callers of a run saw.
type outcome struct {
	samples []sample
	bad     int
	refused []string
	err     error // of a connection
}

func newCallers(s service, n, network int) []*caller {
	callers := make([]*caller, n)
	for i := range callers {
		callers[i] = &caller{service: s, source: fmt.Sprintf("127.0.%d.%d", network+i/250, 1+i%250)}
	}
	return callers
}

func together(callers []*caller, each func(*caller) error) outcome {
	var (
		wait sync.WaitGroup
		mu   sync.Mutex
		o    outcome
	)
	for _, c := range callers {
		wait.Go(func() {
			err := each(c)
			mu.Lock()
			defer mu.Unlock()
			o.err = errors.Join(o.err, err)
			o.samples = append(o.samples, c.saw...)
			o.bad += c.bad
			o.refused = append(o.refused, c.refused...)
			if c.connection != nil {
				c.connection.Close()
			}
		})
	}
	wait.Wait()
	return o
}

// closed has callers send as fast as they are answered until the end.
func closed(s service, n int, until time.Time) outcome {
	return together(newCallers(s, n, 1), func(c *caller) error {
		for {
			now := time.Now()
			if now.After(until) {
				return nil
			}
			if err := c.send(now); err != nil {
				return err
			}
		}
	})
}

// open sends at a fixed rate whether or not answers come. What an answer took counts from the moment at which its request was
// to be sent, so that a server that stands still pays for everybody who would have come meanwhile.
func open(s service, n, rate int, from, until time.Time) outcome {
	var next atomic.Int64
	return together(newCallers(s, n, 3), func(c *caller) error {
		for {
			due := from.Add(time.Duration(next.Add(1)-1) * time.Second / time.Duration(rate))
			if due.After(until) {
				return nil
			}
			time.Sleep(time.Until(due))
			if err := c.send(due); err != nil {
				return err
			}
		}
	})
}

// begun are the times of requests that were sent, or were to be sent, in a stretch of time, shortest first. When they were
// answered does not matter: otherwise the slowest would be left out.
func (o outcome) begun(from, until time.Time) []time.Duration {
	var took []time.Duration
	for _, s := range o.samples {
		if start := s.end.Add(-s.took); !start.Before(from) && start.Before(until) {
			took = append(took, s.took)
		}
	}
	slices.Sort(took)
	return took
}

// ended counts the requests that were answered in a stretch of time.
func (o outcome) ended(from, until time.Time) (n int) {
	for _, s := range o.samples {
		if !s.end.Before(from) && s.end.Before(until) {
			n++
		}
	}
	return n
}

func (o outcome) check() error {
	if o.err != nil {
		return o.err
	}
	if o.bad > 0 {
		return fmt.Errorf("%d records were refused: %s", o.bad, o.refused[0])
	}
	return nil
}

func quantile(sorted []time.Duration, q float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(len(sorted)-1, int(q*float64(len(sorted))))]
}
