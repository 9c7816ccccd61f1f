package intake

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"recourse/intake/connlimit"
	"recourse/intake/page"
)

// TestSEC28_AThousandSlowClients lets a thousand connections send headers and bodies byte by byte and read no answers, and measures
// what others wait meanwhile.
func TestSEC28_AThousandSlowClients(t *testing.T) {
	if testing.Short() {
		t.Skip("opens a thousand connections")
	}
	d := open(t, t.TempDir(), silent)
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	listener := connlimit.Listen(inner, connlimit.Config{Total: 4096, PerClient: 256, Exempt: func(netip.Addr) bool { return false }})
	server := HTTP("", d, d.config.Log)
	go server.Serve(listener)
	defer server.Close()
	host := inner.Addr().String()
	stop := make(chan struct{})
	var crowd sync.WaitGroup
	for i := range 1000 {
		c := from(t, host, fmt.Sprintf("127.0.0.%d", 2+i%5))
		crowd.Go(func() { defer c.Close(); dawdle(c, i%3, stop) })
	}
	defer crowd.Wait()
	defer close(stop)

	time.Sleep(time.Second) // until all of them are slow
	var took []time.Duration
	client := &http.Client{Timeout: 10 * time.Second}
	for i := range 200 {
		start := time.Now()
		var response *http.Response
		if i%2 == 0 {
			response, err = client.Post("http://"+host+"/api/v1/submissions", "application/json", strings.NewReader(withdrawal(t, uuid.NewString())))
		} else {
			response, err = client.Get("http://" + host + "/inbox/login")
		}
		must(t, err)
		io.Copy(io.Discard, response.Body)
		response.Body.Close()
		if response.StatusCode >= 300 {
			t.Fatalf("request %d is answered %d", i, response.StatusCode)
		}
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	t.Logf("beside 1000 slow connections: p50 %v, p99 %v", took[len(took)/2], took[len(took)*99/100])
	if p99 := took[len(took)*99/100]; p99 > 500*time.Millisecond {
		t.Errorf("one in a hundred waits %v", p99)
	}
}

func from(t *testing.T, host, addr string) net.Conn {
	t.Helper()
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(addr)}, Timeout: 5 * time.Second}
	c, err := dialer.Dial("tcp", host)
	if err != nil {
		t.Skip("no thousand connections here: ", err)
	}
	return c
}

// dawdle behaves badly in one of three ways until it is told to stop.
func dawdle(c net.Conn, how int, stop <-chan struct{}) {
	switch how {
	case 0: // a header without an end
		io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
	case 1: // a body without an end
		io.WriteString(c, "POST /api/v1/submissions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n")
	case 2: // more answers than buffers hold, and none is read
		c.(*net.TCPConn).SetReadBuffer(4 << 10)
		io.WriteString(c, strings.Repeat("GET /"+page.StyleName+" HTTP/1.1\r\nHost: x\r\n\r\n", 40))
		<-stop
		return
	}
	ticker := time.NewTicker(100 * time.Millisecond)
	defer ticker.Stop()
	for {
		select {
		case <-stop:
			return
		case <-ticker.C:
			c.SetWriteDeadline(time.Now().Add(10 * time.Millisecond))
			io.WriteString(c, "x")
		}
	}
}

// A body that comes too slowly ends; one that comes on has the time it needs.
func TestSEC28_PacedBody(t *testing.T) {
	for _, c := range []struct {
		read int64
		want time.Duration
	}{{0, 30 * time.Second}, {pace - 1, 30 * time.Second}, {60 * pace, 90 * time.Second}, {1 << 40, 10 * time.Minute}} {
		w := &deadlines{}
		p := &paced{ReadCloser: io.NopCloser(bytes.NewReader([]byte("abc"))), control: http.NewResponseController(w), start: noon, read: c.read}
		n, err := p.Read(make([]byte, 2))
		if got := w.read.Sub(noon); n != 2 || err != nil || got != c.want || p.read != c.read+2 {
			t.Errorf("after %d bytes a body has %v; want %v", c.read, got, c.want)
		}
	}
}

type deadlines struct {
	http.ResponseWriter
	read time.Time
}

func (d *deadlines) SetReadDeadline(t time.Time) error { d.read = t; return nil }

// Connections of a proxy are of many clients; what each of these has under way is counted for itself.
func TestSEC28_OneClientBehindAProxy(t *testing.T) {
	d := open(t, t.TempDir(), silent, func(c *Config) { c.Proxies = prefixes("10.0.0.0/8") })
	inside, leave := make(chan int), make(chan int)
	handler := d.oneByOne(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { inside <- 1; <-leave }))
	ask := func(client string) *httptest.ResponseRecorder {
		r, w := httptest.NewRequest("GET", "/", nil), httptest.NewRecorder()
		r.RemoteAddr = "10.0.0.1:4711"
		r.Header.Set("X-Forwarded-For", client)
		handler.ServeHTTP(w, r)
		return w
	}
	var wait sync.WaitGroup
	for range atOnce {
		wait.Go(func() { ask("192.0.2.7") })
		<-inside
	}
	wait.Go(func() { ask("192.0.2.8") })
	<-inside // another client of the same proxy
	if w := ask("192.0.2.7"); w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") == "" {
		t.Errorf("request %d of one client is answered %d", atOnce+1, w.Code)
	}
	close(leave)
	wait.Wait()
}
