package connlimit

import (
	"errors"
	"net"
	"net/netip"
	"sync/atomic"
	"testing"
	"time"
)

// server accepts and holds connections until the test ends.
func server(t *testing.T, c Config) (addr string, held chan net.Conn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	limited := Listen(l, c)
	t.Cleanup(func() { limited.Close() })
	held = make(chan net.Conn, 100)
	go func() {
		for {
			c, err := limited.Accept()
			if err != nil {
				return
			}
			held <- c
		}
	}()
	return l.Addr().String(), held
}

func dial(t *testing.T, addr, from string) net.Conn {
	t.Helper()
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}, Timeout: time.Second}
	c, err := d.Dial("tcp", addr)
	if err != nil {
		t.Skip("only one loopback address here: ", err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// shut tells whether the other side has closed the connection.
func shut(c net.Conn) bool {
	c.SetReadDeadline(time.Now().Add(2 * time.Second))
	_, err := c.Read(make([]byte, 1))
	var timeout net.Error
	return err != nil && !(errors.As(err, &timeout) && timeout.Timeout())
}

func next(t *testing.T, held chan net.Conn) net.Conn {
	t.Helper()
	select {
	case c := <-held:
		return c
	case <-time.After(5 * time.Second):
		t.Fatal("the connection was not accepted")
		return nil
	}
}

func TestSEC28_OneClient(t *testing.T) {
	var open, refused atomic.Int64
	addr, held := server(t, Config{Total: 100, PerClient: 3, Exempt: func(a netip.Addr) bool { return a.String() == "127.0.0.9" },
		Opened: func(n int) { open.Add(int64(n)) }, Closed: func() { refused.Add(1) }})
	for range 3 {
		dial(t, addr, "127.0.0.2")
	}
	first := next(t, held)
	next(t, held)
	next(t, held)
	if !shut(dial(t, addr, "127.0.0.2")) {
		t.Error("a fourth connection of one client was taken")
	}
	dial(t, addr, "127.0.0.3")
	next(t, held) // another client has its own
	for range 10 {
		dial(t, addr, "127.0.0.9") // a proxy is not counted
		next(t, held)
	}
	if open.Load() != 14 || refused.Load() != 1 {
		t.Errorf("told are %d open and %d refused connections; want 14 and 1", open.Load(), refused.Load())
	}
	first.Close()
	first.Close() // as net/http may do; it counts once
	dial(t, addr, "127.0.0.2")
	next(t, held)
	if !shut(dial(t, addr, "127.0.0.2")) {
		t.Error("closing a connection twice has made room for two")
	}
}

func TestSEC28_AllClients(t *testing.T) {
	addr, held := server(t, Config{Total: 2, PerClient: 2, Exempt: func(netip.Addr) bool { return false }})
	dial(t, addr, "127.0.0.2")
	dial(t, addr, "127.0.0.3")
	first := next(t, held)
	next(t, held)
	dial(t, addr, "127.0.0.4")
	select {
	case <-held:
		t.Fatal("a third connection was taken")
	case <-time.After(50 * time.Millisecond):
	}
	first.Close()
	next(t, held) // it waited for its turn
}

func TestClient(t *testing.T) {
	for addr, want := range map[string]string{
		"192.0.2.7": "192.0.2.7/32", "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64", "fe80::1%eth0": "fe80::/64",
	} {
		if got := Client(netip.MustParseAddr(addr)).String(); got != want {
			t.Errorf("the client of %s is %s; want %s", addr, got, want)
		}
	}
}

func TestCounterForgets(t *testing.T) {
	c := NewCounter(1)
	one := netip.MustParsePrefix("192.0.2.7/32")
	if !c.Enter(one) || c.Enter(one) {
		t.Error("one client has not exactly one")
	}
	if c.Leave(one); len(c.has) != 0 {
		t.Error("a client that has none is remembered")
	}
}
