package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// crowd holds slow connections open: a third sends its header byte by byte, a third its body, a third asks for pages and does
// not read them. A connection that the server ends is opened anew.
type crowd struct {
	addr      string
	page      string // what slow readers ask for
	open      atomic.Int64
	ended     atomic.Int64
	stop      context.CancelFunc
	everybody sync.WaitGroup
}

// pace is how long a slow client waits between two bytes.
const pace = 2 * time.Second

// pagesAsked are more than the buffers of a narrow connection hold.
const pagesAsked = 20

func gather(addr, page string, n int) *crowd {
	ctx, stop := context.WithCancel(context.Background())
	c := &crowd{addr: addr, page: page, stop: stop}
	kinds := []func(context.Context, net.Conn) error{slowHeader, slowBody, c.slowReader}
	for i := range n {
		from := fmt.Sprintf("127.0.%d.%d", 100+i/250, 1+i%250)
		c.everybody.Go(func() {
			for ctx.Err() == nil {
				c.linger(ctx, from, kinds[i%len(kinds)])
			}
		})
	}
	return c
}

// disperse ends all of them.
func (c *crowd) disperse() {
	c.stop()
	c.everybody.Wait()
}

// filled waits until so many are connected.
func (c *crowd) filled(n int, patience time.Duration) error {
	for until := time.Now().Add(patience); c.open.Load() < int64(n); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(until) {
			return fmt.Errorf("only %d of %d slow connections are open", c.open.Load(), n)
		}
	}
	return nil
}

func (c *crowd) linger(ctx context.Context, from string, act func(context.Context, net.Conn) error) {
	dialer := net.Dialer{Timeout: 10 * time.Second, LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}, Control: narrow}
	connection, err := dialer.DialContext(ctx, "tcp", c.addr)
	if err != nil {
		wait(ctx, pace)
		return
	}
	defer connection.Close()
	defer context.AfterFunc(ctx, func() { connection.Close() })()
	c.open.Add(1)
	defer c.open.Add(-1)
	if act(ctx, connection) != nil && ctx.Err() == nil {
		c.ended.Add(1)
	}
}

// narrow makes a connection as small as one over a poor line: on loopback the buffers of both ends would take megabytes, and a
// server would never notice that nobody reads.
func narrow(_, _ string, c syscall.RawConn) error {
	var err error
	errControl := c.Control(func(fd uintptr) {
		err = errors.Join(syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF, 4<<10),
			syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_MAXSEG, 536))
	})
	return errors.Join(err, errControl)
}

// wait reports whether there was time.
func wait(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// drip sends a text for ever, a byte at a time.
func drip(ctx context.Context, c net.Conn, text string) error {
	for i := 0; wait(ctx, pace); i++ {
		if _, err := io.WriteString(c, text[i%len(text):i%len(text)+1]); err != nil {
			return err
		}
	}
	return nil
}

func slowHeader(ctx context.Context, c net.Conn) error {
	if _, err := io.WriteString(c, "POST /api/v1/submissions HTTP/1.1\r\nHost: shop.example\r\n"); err != nil {
		return err
	}
	return drip(ctx, c, "X-Patience: is a virtue\r\n")
}

func slowBody(ctx context.Context, c net.Conn) error {
	_, err := io.WriteString(c, "POST /api/v1/submissions HTTP/1.1\r\nHost: shop.example\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n")
	if err != nil {
		return err
	}
	return drip(ctx, c, `{"id": "                              `)
}

// slowReader asks for more than the buffers of both ends hold, and then takes a byte at a time.
func (c *crowd) slowReader(ctx context.Context, connection net.Conn) error {
	if _, err := io.WriteString(connection, strings.Repeat("GET "+c.page+" HTTP/1.1\r\nHost: shop.example\r\n\r\n", pagesAsked)); err != nil {
		return err
	}
	one := make([]byte, 1)
	for wait(ctx, pace) {
		if _, err := connection.Read(one); err != nil {
			return err
		}
	}
	return nil
}
