// Package connlimit keeps one client, or many together, from taking all connections of a server. Deadlines end slow
// requests; until then each holds a connection, and whoever opens a thousand of them would hold them all.
package connlimit

import (
	"net"
	"net/netip"
	"sync"

	"golang.org/x/net/netutil"
)

// Config says how many connections there may be.
type Config struct {
	Total     int                   // of all clients; more wait in the kernel's queue
	PerClient int                   // of one address, or one /64 network of IPv6; more are closed at once
	Exempt    func(netip.Addr) bool // addresses that many clients share: proxies of ours

	Opened func(change int) // told of each connection, +1 and -1; may be nil
	Closed func()           // told of each that was closed at once; may be nil
}

// Listen limits the connections of a listener.
func Listen(l net.Listener, c Config) net.Listener {
	return &listener{Listener: netutil.LimitListener(modest{l}, c.Total), config: c, counter: NewCounter(c.PerClient)}
}

// modest keeps the system from holding megabytes for each client that reads slowly.
type modest struct{ net.Listener }

// sendBuffer lets a client at the other end of the world have some forty megabits a second.
const sendBuffer = 256 << 10

// Accept waits for a connection.
func (m modest) Accept() (net.Conn, error) {
	c, err := m.Listener.Accept()
	if tcp, ok := c.(*net.TCPConn); ok {
		tcp.SetWriteBuffer(sendBuffer) // where that fails, the system's own limit holds
	}
	return c, err
}

type listener struct {
	net.Listener
	config  Config
	counter *Counter
}

// Accept waits for a connection that may stay.
func (l *listener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if leave, ok := l.admit(c.RemoteAddr()); ok {
			return &conn{Conn: c, leave: sync.OnceFunc(leave)}, nil
		}
		c.Close()
		if l.config.Closed != nil {
			l.config.Closed()
		}
	}
}

// admit counts a connection from an address. What it returns takes the connection from the count again.
func (l *listener) admit(from net.Addr) (leave func(), ok bool) {
	opened := l.config.Opened
	if opened == nil {
		opened = func(int) {}
	}
	leave = func() { opened(-1) }
	if addr, known := address(from); known && !l.config.Exempt(addr) {
		client := Client(addr)
		if !l.counter.Enter(client) {
			return nil, false
		}
		leave = func() { l.counter.Leave(client); opened(-1) }
	}
	opened(+1)
	return leave, true
}

func address(from net.Addr) (netip.Addr, bool) {
	tcp, ok := from.(*net.TCPAddr)
	if !ok { // a Unix socket: whoever may open it is trusted
		return netip.Addr{}, false
	}
	return tcp.AddrPort().Addr().Unmap(), true
}

// Client is the network of one customer: an address of IPv4, a /64 of IPv6.
func Client(a netip.Addr) netip.Prefix {
	bits := 64
	if a.Is4() {
		bits = 32
	}
	network, _ := a.WithZone("").Prefix(bits) // fails for a zone or too many bits only
	return network
}

type conn struct {
	net.Conn
	leave func()
}

func (c *conn) Close() error {
	err := c.Conn.Close()
	c.leave()
	return err
}

// Counter counts what each client has at a time.
type Counter struct {
	most int

	mu  sync.Mutex
	has map[netip.Prefix]int
}

// NewCounter makes a counter that lets each client have so many.
func NewCounter(most int) *Counter { return &Counter{most: most, has: make(map[netip.Prefix]int)} }

// Enter counts one more, unless the client has as many as it may.
func (c *Counter) Enter(client netip.Prefix) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.has[client] >= c.most {
		return false
	}
	c.has[client]++
	return true
}

// Leave counts one less. Clients that have none are forgotten.
func (c *Counter) Leave(client netip.Prefix) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.has[client]--; c.has[client] == 0 {
		delete(c.has, client)
	}
}
