package intake

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"recourse/form"
	"recourse/intake/metrics"
)

// marker is in everything a visitor sends; nothing of it may be in a log.
const marker = "zebra"

// TestSEC46_NothingOfVisitorsIsLogged sends marked values by every way there is, sound and broken, and looks for them in the whole log at its most
// talkative, and in the figures.
func TestSEC46_NothingOfVisitorsIsLogged(t *testing.T) {
	meter := metrics.New()
	log := new(locked)
	logger := slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	d := open(t, t.TempDir(), func(c *Config) { c.Metrics, c.Log, c.Now = meter, logger, time.Now })
	server := HTTP("", d, logger)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	go server.Serve(listener)
	defer server.Close()
	go d.Run(t.Context())

	host := listener.Addr().String()
	for _, kind := range []string{"withdrawal", "complaint"} {
		stored := send(t, host, "POST", "/api/v1/submissions", "application/json", body(t, uuid.NewString(), kind, marked(t, kind)))
		if !strings.Contains(stored, "receipt_url") {
			t.Fatalf("the marked %s is not stored: %s", kind, stored)
		}
		for _, step := range []string{"review", "edit", "send"} {
			send(t, host, "POST", "/submissions", "application/x-www-form-urlencoded", plain(t, kind, step).Encode())
		}
	}
	for _, kind := range []string{"application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=" + marker, "text/" + marker, marker + "/;="} {
		for _, text := range []string{
			marker, `{"` + marker + `":"` + marker + `"}`, `{"shop":"` + marker + `","form":"` + marker + `"}`,
			`{"shop":"amber","form":"` + marker + `"}`, `{"id":"` + marker + `","shop":"amber","form":"withdrawal","locale":"` + marker + `","fields":{"` + marker + `":""}}`,
			"shop=" + marker, "shop=amber&form=" + marker, "%z" + marker, marker + "=1&" + marker + "=2", "--" + marker + "\r\n" + marker,
			"--" + marker + "\r\nContent-Disposition: form-data; name=" + marker + "; filename=" + marker + "\r\n\r\n" + marker + "\r\n--" + marker + "--\r\n",
			"--" + marker + "\r\nContent-Disposition: form-data; name=files; filename=" + marker + ".exe\r\n\r\n" + marker + "\r\n--" + marker + "--\r\n",
		} {
			for _, path := range []string{"/api/v1/submissions", "/api/v1/checks", "/submissions", "/inbox/login", "/" + marker} {
				send(t, host, "POST", path, kind, text)
			}
		}
	}
	for _, path := range []string{"/receipts/", "/status/", "/inbox/cases/", "/", "/legal/receipts/", "/%zz" + "/"} {
		send(t, host, "GET", path+marker, "", "")
		send(t, host, strings.ToUpper(marker), path+marker, "", "")
	}
	for _, raw := range []string{"GET /" + marker + "\r\n\r\n", marker + "\r\n\r\n", "GET / HTTP/1.1\r\n" + marker + "\r\n\r\n",
		"POST /submissions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Encoding: " + marker + "\r\nContent-Length: 1\r\n\r\n1",
		"POST /submissions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n" + marker} {
		sendRaw(t, host, raw)
	}

	deadline := time.Now().Add(10 * time.Second)
	for !strings.Contains(log.String(), "letter written") && time.Now().Before(deadline) {
		time.Sleep(10 * time.Millisecond)
	}
	text := log.String()
	for _, wanted := range []string{"submission stored", "request refused", "letter written", `route="POST /api/v1/submissions"`} {
		if !strings.Contains(text, wanted) {
			t.Errorf("the log says nothing of %q: the test has not tested it", wanted)
		}
	}
	w := httptest.NewRecorder()
	meter.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	if !strings.Contains(w.Body.String(), `recourse_submissions_total{form="complaint",result="stored"}`) {
		t.Errorf("nothing was counted:\n%s", w.Body)
	}
	for line := range strings.Lines(text + w.Body.String()) {
		if low := strings.ToLower(line); strings.Contains(low, marker) || strings.Contains(low, "127.0.0.1") {
			t.Errorf("of a visitor's there is: %s", line)
		}
	}
}

// marked fills every field of a form.
func marked(t *testing.T, kind string) map[string]string {
	f, ok := form.Lookup(kind)
	if !ok {
		t.Fatalf("there is no form %q", kind)
	}
	values := make(map[string]string)
	for _, field := range f.Fields {
		switch {
		case field.Type == form.Date || field.Type == form.Files:
		case field.Name == "email":
			values[field.Name] = marker + "@" + marker + ".example"
		case len(field.Options) > 0:
			values[field.Name] = field.Options[0]
		default:
			values[field.Name] = "ZEBRA " + marker
		}
	}
	return values
}

func plain(t *testing.T, kind, step string) url.Values {
	v := url.Values{"shop": {"amber"}, "form": {kind}, "locale": {"en-DE"}, "step": {step}, "id": {uuid.NewString()},
		"page": {"https://shop.example/" + marker + "?" + marker}, "version": {marker}}
	for name, value := range marked(t, kind) {
		v.Set(name, value)
	}
	return v
}

// send sends a request with marks in its query and its headers.
func send(t *testing.T, host, method, path, kind, body string) string {
	t.Helper()
	return sendRaw(t, host, fmt.Sprintf("%s %s?%[3]s=%[3]s HTTP/1.1\r\nHost: %[3]s.example\r\nContent-Type: %[4]s\r\nCookie: %[3]s=%[3]s; session=%[3]s\r\n"+
		"Authorization: Bearer %[3]s\r\nReferer: https://%[3]s/\r\nUser-Agent: %[3]s\r\nOrigin: https://%[3]s\r\nAccept-Language: %[3]s\r\n"+
		"X-Forwarded-For: %[3]s\r\nX-Zebra: %[3]s\r\nContent-Length: %[5]d\r\nConnection: close\r\n\r\n%[6]s", method, path, marker, kind, len(body), body))
}

func sendRaw(t *testing.T, host, text string) string {
	t.Helper()
	c, err := net.Dial("tcp", host)
	must(t, err)
	defer c.Close()
	_, err = io.WriteString(c, text)
	must(t, err)
	must(t, c.(*net.TCPConn).CloseWrite())
	answer, _ := io.ReadAll(c)
	return string(answer)
}

func TestSEC46_PanicsWithoutValues(t *testing.T) {
	var log bytes.Buffer
	quiet := HTTP("", nil, slog.New(slog.NewTextHandler(&log, nil))).ErrorLog
	quiet.Printf("http: panic serving %v: %v\n%s", "192.0.2.7:4711", marker, "goroutine 1")
	quiet.Printf("http: TLS handshake error from %s: %v", "[2001:db8::7]:4711", "EOF")
	quiet.Printf("http: odd thing from %s", "192.0.2.7:4711")
	for _, bad := range []string{marker, "192.0.2.7", "2001:db8", "handshake"} {
		if strings.Contains(log.String(), bad) {
			t.Errorf("%q is in the log:\n%s", bad, &log)
		}
	}
	for _, wanted := range []string{"goroutine 1", "odd thing from a client"} {
		if !strings.Contains(log.String(), wanted) {
			t.Errorf("%q is not in the log:\n%s", wanted, &log)
		}
	}
}

// A line that is not written costs nothing, but the counting.
func TestLogLevelSavesWork(t *testing.T) {
	handler := &counting{level: slog.LevelWarn}
	d := open(t, t.TempDir(), func(c *Config) { c.Log = slog.New(handler) })
	d.get("/healthz")
	if handler.lines != 0 {
		t.Errorf("%d lines were written below the level", handler.lines)
	}
	r, log := httptest.NewRequest("GET", "/healthz", nil), d.Server
	if n := testing.AllocsPerRun(100, func() { log.answered(r, http.StatusOK, time.Second) }); n != 0 {
		t.Errorf("a request that is not logged costs %v allocations", n)
	}
}

type counting struct {
	slog.Handler
	level slog.Level
	lines int
}

func (c *counting) Enabled(_ context.Context, l slog.Level) bool { return l >= c.level }
func (c *counting) Handle(context.Context, slog.Record) error    { c.lines++; return nil }

// locked is a log that is read while it is written.
type locked struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *locked) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
