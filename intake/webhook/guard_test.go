package webhook

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"recourse/shop"
)

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" // of the standard's examples

func delivery(t testing.TB, address string) Delivery {
	t.Helper()
	secrets, err := ParseSecrets(secret)
	if err != nil {
		t.Fatal(err)
	}
	return Delivery{NewID(), address, secrets, Trial(&shop.Shop{ID: "bernstein"}, time.Now())}
}

// loopback is what tests allow.
var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}

func local(o Options) *Sender {
	o.Allow = loopback
	return NewSender(o)
}

// listener counts connections to an address of this machine and answers none.
func listener(t *testing.T, address string) (net.Listener, *atomic.Int32) {
	t.Helper()
	l, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	var connections atomic.Int32
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			connections.Add(1)
			t.Cleanup(func() { c.Close() })
		}
	}()
	return l, &connections
}

// names answers every question with the next list of addresses; the last one stays.
func names(t *testing.T, answers ...[]string) *net.Resolver {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	go func() {
		buffer := make([]byte, 1500)
		for n := 0; ; {
			size, from, err := conn.ReadFrom(buffer)
			if err != nil {
				return
			}
			var question dnsmessage.Message
			if question.Unpack(buffer[:size]) != nil || len(question.Questions) != 1 {
				continue
			}
			now := answers[min(n, len(answers)-1)]
			if question.Questions[0].Type == dnsmessage.TypeA {
				n++
			}
			if reply, err := resolve(question, now); err == nil {
				conn.WriteTo(reply, from)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
}

func resolve(m dnsmessage.Message, addresses []string) ([]byte, error) {
	m.Header.Response, m.Additionals = true, nil
	q := m.Questions[0]
	header := dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, TTL: 0}
	for _, s := range addresses {
		switch a := netip.MustParseAddr(s); {
		case a.Is4() && q.Type == dnsmessage.TypeA:
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: header, Body: &dnsmessage.AResource{A: a.As4()}})
		case a.Is6() && q.Type == dnsmessage.TypeAAAA:
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: header, Body: &dnsmessage.AAAAResource{AAAA: a.As16()}})
		}
	}
	return m.Pack()
}

// Addresses of this machine and of private networks, in every form that somebody has got past a filter with.
var literals = []string{
	"127.0.0.1", "127.1", "127.0.1", "0x7f.1", "0x7f000001", "0177.0.0.1", "017700000001", "2130706433", "127.0.0.1.", "0", "0.0.0.0",
	"localhost", "localhost.", "LOCALHOST", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[0:0:0:0:0:ffff:10.0.0.1]",
	"[64:ff9b::7f00:1]", "[64:ff9b::127.0.0.1]", "[64:ff9b:1::a00:1]", "[2002:7f00:1::]", "[2001:0:7f00:1::]", "[fe80::1]", "[fe80::1%25eth0]", "[fc00::1]",
	"[fd00:ec2::254]", "[ff02::1]", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "192.0.2.1", "255.255.255.255",
	"１２７.０.０.１", "①②⑦.⓪.⓪.①", "127。0。0。1", "127%2e0%2e0%2e1", "intranet", "93.184.215.14",
}

func TestSEC36LiteralForms(t *testing.T) {
	l, connections := listener(t, "127.0.0.1:0")
	_, port, _ := net.SplitHostPort(l.Addr().String())
	s := NewSender(Options{timeout: 2 * time.Second})
	for _, host := range literals {
		for _, address := range []string{"https://" + host + "/", "https://" + host + ":" + port + "/", "https://shop.example@" + host + "/", "http://" + host + "/"} {
			if err := s.Send(t.Context(), delivery(t, address)); !errors.Is(err, ErrRefused) {
				t.Errorf("%s: %v", address, err)
			}
		}
	}
	if n := connections.Load(); n > 0 {
		t.Errorf("%d connections were made", n)
	}
}

// Behind the check of the address's form stands that of the connection, which alone is enough.
func TestSEC36LiteralFormsAtTheConnection(t *testing.T) {
	l, connections := listener(t, "127.0.0.1:0")
	_, port, _ := net.SplitHostPort(l.Addr().String())
	client := http.Client{Transport: newGuard(nil).transport(Options{timeout: time.Second}), Timeout: time.Second}
	for _, host := range literals {
		if host == "93.184.215.14" { // public: only its form is refused
			continue
		}
		for _, scheme := range []string{"http://", "https://"} {
			resp, err := client.Post(scheme+host+":"+port+"/", "application/json", strings.NewReader("{}"))
			if err == nil {
				resp.Body.Close()
				t.Errorf("%s%s was reached", scheme, host)
			}
		}
	}
	if n := connections.Load(); n > 0 {
		t.Errorf("%d connections were made", n)
	}
}

func TestSEC36Addresses(t *testing.T) {
	g := newGuard(nil)
	for address, public := range map[string]bool{
		"93.184.215.14": true, "1.1.1.1": true, "172.15.255.255": true, "172.32.0.0": true, "100.63.255.255": true, "100.128.0.0": true,
		"2606:4700:4700::1111": true, "2a00:1450:4001:800::200e": true,

		"0.0.0.0": false, "0.1.2.3": false, "10.255.255.255": false, "100.64.0.0": false, "100.127.255.255": false, "127.0.0.1": false,
		"127.255.255.254": false, "169.254.169.254": false, "172.16.0.0": false, "172.31.255.255": false, "192.0.0.1": false, "192.0.2.1": false,
		"192.88.99.1": false, "192.168.0.1": false, "198.18.0.1": false, "198.51.100.1": false, "203.0.113.1": false, "224.0.0.1": false,
		"239.255.255.255": false, "240.0.0.1": false, "255.255.255.255": false,
		"::": false, "::1": false, "::127.0.0.1": false, "::ffff:127.0.0.1": false, "::ffff:93.184.215.14": false, "64:ff9b::7f00:1": false,
		"64:ff9b::5db8:d70e": false, "64:ff9b:1::1": false, "100::1": false, "2001::1": false, "2001:db8::1": false, "2002:7f00:1::": false,
		"3fff::1": false, "5f00::1": false, "fc00::1": false, "fd00:ec2::254": false, "fe80::1": false, "fe80::1%eth0": false, "fec0::1": false, "ff02::1": false,
	} {
		for _, port := range []string{"443", "8443"} {
			if err := g.reach("tcp4", net.JoinHostPort(address, port), nil); (err == nil) != public {
				t.Errorf("%s port %s: %v", address, port, err)
			}
			if err := g.reachPlain("tcp4", net.JoinHostPort(address, port), nil); err == nil {
				t.Errorf("%s port %s is reached without TLS", address, port)
			}
		}
	}
}

func TestSEC36Ports(t *testing.T) {
	g := newGuard(nil)
	for _, port := range []int{0, 1, 22, 25, 80, 442, 444, 3306, 5432, 6379, 8080, 8444, 9200, 65535} {
		if g.reach("tcp4", fmt.Sprintf("93.184.215.14:%d", port), nil) == nil {
			t.Errorf("port %d is reached", port)
		}
		if problem, _ := shop.WebhookURL(fmt.Sprintf("https://shop.example:%d/", port)); problem == "" {
			t.Errorf("port %d may be written", port)
		}
	}
	for _, address := range []string{"https://shop.example/", "https://shop.example:443/", "https://shop.example:8443/a?b=c"} {
		if problem, _ := shop.WebhookURL(address); problem != "" {
			t.Errorf("%s: %s", address, problem)
		}
	}
	if g.reach("udp4", "93.184.215.14:443", nil) == nil {
		t.Error("another protocol than TCP is let through")
	}
}

// Who may be reached in a test is reached at no other address.
func TestSEC36AllowedIsNotMore(t *testing.T) {
	g := newGuard(loopback)
	for _, address := range []string{"127.0.0.2:80", "[::1]:80", "[::ffff:127.0.0.1]:80", "10.0.0.1:80", "169.254.169.254:80", "93.184.215.14:80"} {
		if g.reach("tcp4", address, nil) == nil || g.reachPlain("tcp4", address, nil) == nil {
			t.Errorf("%s is reached", address)
		}
	}
	if err := g.reach("tcp4", "127.0.0.1:3000", nil); err != nil {
		t.Error(err)
	}
}

// A name means a public address while somebody looks, and this machine when the connection is made.
func TestSEC36Rebinding(t *testing.T) {
	var connections *atomic.Int32
	if free, err := net.Listen("tcp", "127.0.0.1:8443"); err == nil { // else the error alone has to tell
		free.Close()
		_, connections = listener(t, "127.0.0.1:8443")
	}
	resolver := names(t, []string{"93.184.215.14"}, []string{"127.0.0.1", "::1"})
	first, err := resolver.LookupNetIP(t.Context(), "ip4", "hooks.rebind.example")
	if err != nil || len(first) != 1 || newGuard(nil).reach("tcp4", netip.AddrPortFrom(first[0].Unmap(), 443).String(), nil) != nil {
		t.Fatalf("the first look shall find a public address: %v, %v", first, err)
	}
	s := NewSender(Options{resolver: resolver, timeout: 2 * time.Second})
	err = s.Send(t.Context(), delivery(t, "https://hooks.rebind.example:8443/"))
	if !errors.Is(err, errNotPublic) {
		t.Errorf("got %v", err)
	}
	if errors.Is(err, ErrRefused) {
		t.Error("a name can mean something else tomorrow: this is no reason to give up for good")
	}
	if strings.Contains(err.Error(), "127.0.0.1") {
		t.Errorf("the error tells what the name means here: %v", err)
	}
	if connections != nil && connections.Load() > 0 {
		t.Error("a connection was made")
	}
}

// One private address beside others is not reached either.
func TestSEC36MixedAnswer(t *testing.T) {
	for _, answer := range [][]string{{"10.0.0.1", "127.0.0.1"}, {"::1", "127.0.0.1"}, {"64:ff9b::7f00:1"}, {"169.254.169.254"}, {"fd00:ec2::254"}} {
		s := NewSender(Options{resolver: names(t, answer), timeout: 2 * time.Second})
		if err := s.Send(t.Context(), delivery(t, "https://hooks.example/")); !errors.Is(err, errNotPublic) {
			t.Errorf("%v: %v", answer, err)
		}
	}
}

// Neither to a private address nor anywhere else.
func TestSEC36RedirectNotFollowed(t *testing.T) {
	l, connections := listener(t, "127.0.0.2:0")
	for _, code := range []int{301, 302, 303, 307, 308} {
		for _, to := range []string{"http://" + l.Addr().String() + "/", "/elsewhere", "file:///etc/passwd", "gopher://127.0.0.1/"} {
			var requests atomic.Int32
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				requests.Add(1)
				w.Header().Set("Location", to)
				w.WriteHeader(code)
			}))
			err := local(Options{}).Send(t.Context(), delivery(t, server.URL))
			server.Close()
			if err == nil || errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), fmt.Sprint(code)) || strings.Contains(err.Error(), to) {
				t.Errorf("%d to %s: %v", code, to, err)
			}
			if n := requests.Load(); n != 1 {
				t.Errorf("%d to %s: %d requests", code, to, n)
			}
		}
	}
	if connections.Load() > 0 {
		t.Error("a redirect was followed to a private address")
	}
}

func TestSEC36Userinfo(t *testing.T) {
	for _, address := range []string{"https://user@shop.example/", "https://user:password@shop.example/", "https://@shop.example/", "https://shop.example:443@127.0.0.1/", `https://shop.example\@127.0.0.1/`} {
		for _, s := range []*Sender{NewSender(Options{}), local(Options{})} {
			err := s.Send(t.Context(), delivery(t, address))
			if !errors.Is(err, ErrRefused) {
				t.Errorf("%s: %v", address, err)
			}
			if err != nil && strings.Contains(err.Error(), "password@") {
				t.Errorf("the error tells the password: %v", err)
			}
		}
	}
}

// Somebody who takes the connection and says nothing, in the handshake, before the answer, or in the middle of it.
func TestSEC36SlowReceiver(t *testing.T) {
	const timeout = 300 * time.Millisecond
	silent, _ := listener(t, "127.0.0.1:0")
	dripping := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(500)
		for r.Context().Err() == nil {
			io.WriteString(w, "x")
			http.NewResponseController(w).Flush()
			time.Sleep(20 * time.Millisecond)
		}
	}))
	defer dripping.Close()
	for address, want := range map[string]string{
		"https://" + silent.Addr().String(): "no answer", "http://" + silent.Addr().String(): "no answer", dripping.URL: "answered 500",
	} {
		start := time.Now()
		err := local(Options{timeout: timeout}).Send(t.Context(), delivery(t, address))
		if err == nil || errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", address, err)
		}
		if took := time.Since(start); took > 10*timeout {
			t.Errorf("%s took %v", address, took)
		}
	}
	if s := NewSender(Options{}); s.options.timeout != 10*time.Second {
		t.Errorf("without a word about it a delivery may take %v", s.options.timeout)
	}
}

// A connection whose handshake never ends is closed, not kept until the other side pleases.
func TestSEC36NoConnectionStays(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	closed := make(chan error, 1)
	go func() {
		c, err := l.Accept()
		if err != nil {
			closed <- err
			return
		}
		c.SetReadDeadline(time.Now().Add(10 * time.Second))
		_, err = io.Copy(io.Discard, c)
		closed <- err
	}()
	local(Options{timeout: 200 * time.Millisecond}).Send(t.Context(), delivery(t, "https://"+l.Addr().String()))
	if err := <-closed; err != nil {
		t.Errorf("the connection stayed open: %v", err)
	}
}

// flood writes until nobody reads, and tells how much that was.
func flood(t *testing.T, header http.Header, block []byte) (address string, written *atomic.Int64, ended chan struct{}) {
	written, ended = &atomic.Int64{}, make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer close(ended)
		for name := range header {
			w.Header().Set(name, header.Get(name))
		}
		for r.Context().Err() == nil {
			n, err := w.Write(block)
			if written.Add(int64(n)); err != nil {
				return
			}
		}
	}))
	t.Cleanup(server.Close)
	return server.URL, written, ended
}

func TestSEC36EndlessAnswer(t *testing.T) {
	address, written, ended := flood(t, nil, bytes.Repeat([]byte("x"), 4096))
	start := time.Now()
	if err := local(Options{}).Send(t.Context(), delivery(t, address)); err != nil {
		t.Errorf("the answer was 200: %v", err)
	}
	if took := time.Since(start); took > Timeout/2 {
		t.Errorf("it took %v", took)
	}
	<-ended
	if n := written.Load(); n > 32<<20 { // buffers of the kernel take some
		t.Errorf("%d bytes of the answer were taken", n)
	}
}

// reads counts what is taken of a body.
type reads struct {
	io.Reader
	n int
}

func (r *reads) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	r.n += n
	return n, err
}

func (r *reads) Close() error { return nil }

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestSEC36AnswerIsReadUpTo64kB(t *testing.T) {
	body := &reads{Reader: bufio.NewReader(endless{})}
	s := local(Options{})
	s.client.Transport = roundTripper(func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Header: http.Header{}, Body: body}, nil
	})
	if err := s.Send(t.Context(), delivery(t, "http://127.0.0.1/")); err != nil || body.n != 64<<10 {
		t.Errorf("read %d bytes: %v", body.n, err)
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

// What is packed stays packed.
func TestSEC36GzipBomb(t *testing.T) {
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	z.Write(make([]byte, 64<<20))
	z.Close()
	var asked string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = r.Header.Get("Accept-Encoding")
		w.Header().Set("Content-Encoding", "gzip")
		w.Write(bomb.Bytes())
	}))
	defer server.Close()
	s := local(Options{})
	resp, err := s.client.Post(server.URL, "application/json", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if got, err := io.ReadAll(resp.Body); err != nil || !bytes.Equal(got, bomb.Bytes()) || resp.Uncompressed {
		t.Errorf("%d bytes came of %d that were sent: %v", len(got), bomb.Len(), err)
	}
	if asked != "" {
		t.Errorf("the receiver was asked for %q", asked)
	}
	if err := s.Send(t.Context(), delivery(t, server.URL)); err != nil {
		t.Error(err)
	}
}

func TestSEC36EndlessHeaders(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	var sent atomic.Int64
	go func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		io.WriteString(c, "HTTP/1.1 200 OK\r\n")
		for err == nil {
			var n int
			n, err = fmt.Fprintf(c, "X-%d: %s\r\n", sent.Load(), strings.Repeat("x", 1000))
			sent.Add(int64(n))
		}
	}()
	start := time.Now()
	if err := local(Options{}).Send(t.Context(), delivery(t, "http://"+l.Addr().String())); err == nil || time.Since(start) > Timeout/2 {
		t.Errorf("after %v and %d bytes: %v", time.Since(start), sent.Load(), err)
	}
}

// Lines in an address or an id do not become lines of the request.
func TestSEC36HeaderInjection(t *testing.T) {
	var heads []string
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			c.SetDeadline(time.Now().Add(5 * time.Second))
			head := make([]byte, 4096)
			n, _ := c.Read(head)
			heads = append(heads, string(head[:n]))
			io.WriteString(c, "HTTP/1.1 204 No Content\r\n\r\n")
			c.Close()
		}
	}()
	base := "http://" + l.Addr().String()
	for _, path := range []string{"/\r\nX-Evil: 1", "/\nX-Evil: 1", "/%0d%0aX-Evil:%201", "/?a=%0d%0aX-Evil: 1", "/ HTTP/1.1\r\nX-Evil: 1\r\n", "/\tX-Evil: 1", "\r\nX-Evil: 1"} {
		local(Options{}).Send(t.Context(), delivery(t, base+path))
		if err := NewSender(Options{}).Send(t.Context(), delivery(t, "https://shop.example"+path)); strings.ContainsAny(path, "\r\n\t ") && !errors.Is(err, ErrRefused) {
			t.Errorf("%q: %v", path, err)
		}
	}
	for _, id := range []string{"", "a.b", "a b", "a\r\nX-Evil: 1", "ä"} {
		d := delivery(t, base)
		d.ID = id
		if err := local(Options{}).Send(t.Context(), d); !errors.Is(err, ErrRefused) {
			t.Errorf("id %q: %v", id, err)
		}
	}
	l.Close()
	<-done
	if len(heads) == 0 {
		t.Fatal("no request came at all")
	}
	for _, head := range heads {
		if lines := strings.Split(head, "\r\n"); strings.Contains(strings.ToLower(strings.Join(lines[1:], "\n")), "x-evil") {
			t.Errorf("a line was brought in: %q", head)
		}
	}
}

// A proxy would resolve names itself, behind the guard.
func TestSEC36NoProxyFromEnvironment(t *testing.T) {
	l, connections := listener(t, "127.0.0.1:0")
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"} {
		t.Setenv(name, "http://"+l.Addr().String())
	}
	s := NewSender(Options{resolver: names(t, []string{"10.0.0.1"}), timeout: time.Second})
	if err := s.Send(t.Context(), delivery(t, "https://hooks.example/")); !errors.Is(err, errNotPublic) {
		t.Error(err)
	}
	if connections.Load() > 0 {
		t.Error("a delivery went to a proxy")
	}
	if proxy := s.client.Transport.(*http.Transport).Proxy; proxy != nil {
		t.Error("there is a proxy")
	}
}

// No error quotes the other side: somebody could make us read to them what only we can reach.
func TestSEC36ErrorsTellNothing(t *testing.T) {
	const leak = "s3cr3t-of-another"
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Leak", leak)
		w.WriteHeader(http.StatusTeapot)
		io.WriteString(w, leak)
	}))
	defer server.Close()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			io.WriteString(c, "220 "+leak+" ESMTP\r\n")
			c.Close()
		}
	}()
	for _, address := range []string{server.URL, "http://" + l.Addr().String(), "https://" + l.Addr().String()} {
		err := local(Options{}).Send(t.Context(), delivery(t, address+"/path-"+leak+"?key="+leak))
		if err == nil || errors.Is(err, ErrRefused) || strings.Contains(err.Error(), leak) {
			t.Errorf("%s: %v", address, err)
		}
	}
}

// TLS is checked: another's certificate is not taken.
func TestSEC36Certificate(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {}))
	defer server.Close()
	server.Config.ErrorLog = nil
	pool := x509.NewCertPool()
	pool.AddCert(server.Certificate())
	at, _ := url.Parse(server.URL)
	for host, want := range map[string]bool{"example.com": true, "hooks.example": false} { // the certificate is for the first
		s := local(Options{resolver: names(t, []string{"127.0.0.1"}), roots: pool})
		if err := s.Send(t.Context(), delivery(t, "https://"+host+":"+at.Port())); (err == nil) != want {
			t.Errorf("%s: %v", host, err)
		}
	}
	if err := local(Options{}).Send(t.Context(), delivery(t, server.URL)); err == nil || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("a certificate of nobody's was taken: %v", err)
	}
}
