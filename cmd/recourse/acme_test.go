package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	stdlog "log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/letsencrypt/challtestsrv"
	"github.com/letsencrypt/pebble/v2/ca"
	"github.com/letsencrypt/pebble/v2/db"
	"github.com/letsencrypt/pebble/v2/va"
	"github.com/letsencrypt/pebble/v2/wfe"

	"recourse/intake/metrics"
)

// authority is Let's Encrypt's own test authority, in this process. It finds every name at 127.0.0.1 and proves hosts at the
// given ports instead of 80 and 443.
func authority(t *testing.T, plain, encrypted int) (directory string, reach *http.Client, roots *x509.CertPool) {
	t.Helper()
	t.Setenv("PEBBLE_VA_NOSLEEP", "1")
	t.Setenv("PEBBLE_WFE_NONCEREJECT", "0")
	silent := stdlog.New(io.Discard, "", 0)
	names := free(t)
	resolver, err := challtestsrv.New(challtestsrv.Config{Log: silent, DNSAddrs: []string{names}})
	if err != nil {
		t.Fatal(err)
	}
	resolver.SetDefaultDNSIPv4("127.0.0.1")
	resolver.SetDefaultDNSIPv6("")
	go resolver.Run()
	t.Cleanup(resolver.Shutdown)
	store := db.NewMemoryStore()
	issuer := ca.New(silent, store, "", "ecdsa", 0, 1, map[string]ca.Profile{"default": {Description: "the usual"}})
	front := wfe.New(silent, store, va.New(silent, plain, encrypted, false, names, store), issuer, []string{"pebble.example"}, false, false, 0, 0)
	server := httptest.NewTLSServer(front.Handler())
	t.Cleanup(server.Close)
	roots = x509.NewCertPool()
	roots.AddCert(issuer.GetRootCert(0).Cert)
	return server.URL + wfe.DirectoryPath, server.Client(), roots
}

// free is an address that nobody listens at.
func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func port(t *testing.T, addr string) int {
	t.Helper()
	a, err := net.ResolveTCPAddr("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	return a.Port
}

// started serves a page behind a front until the test ends.
func started(t *testing.T, f front, data string) *metrics.Meter {
	t.Helper()
	if f.Connections == 0 {
		f.Connections, f.ClientConnections = 100, 100
	}
	if err := f.check(); err != nil {
		t.Fatal(err)
	}
	meter, log := metrics.New(), slog.New(slog.NewTextHandler(io.Discard, nil))
	page := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.Proto+" page") })
	ctx, stop := context.WithCancel(t.Context())
	gates, err := f.gates(ctx, page, private(page, meter), data, meter, log)
	if err != nil {
		t.Fatal(err)
	}
	stopped := make(chan error, 1)
	go func() { stopped <- listen(ctx, gates...) }()
	t.Cleanup(func() {
		stop()
		if err := <-stopped; err != nil {
			t.Error(err)
		}
	})
	return meter
}

// visitor looks every name up at one address and follows no redirects.
func visitor(addr string, roots *x509.CertPool) *http.Client {
	return &http.Client{
		Transport: &http.Transport{
			DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
				return new(net.Dialer).DialContext(ctx, network, addr)
			},
			TLSClientConfig: &tls.Config{RootCAs: roots}, ForceAttemptHTTP2: true, DisableKeepAlives: true,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Timeout:       5 * time.Second,
	}
}

type answer struct {
	*http.Response
	text string
}

// eventually asks until it is answered.
func eventually(t *testing.T, c *http.Client, url string) answer {
	t.Helper()
	for deadline := time.Now().Add(6 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		got, err := c.Get(url)
		if err == nil {
			text, _ := io.ReadAll(got.Body)
			got.Body.Close()
			return answer{got, string(text)}
		}
		if time.Now().After(deadline) {
			t.Fatal(err)
		}
	}
}

func TestCertificatesFromAnAuthority(t *testing.T) {
	addr, plain := free(t), free(t)
	for name, c := range map[string]struct{ encrypted, http string }{
		"TLS-ALPN": {addr, ""},
		"HTTP":     {free(t), plain}, // where the authority asks for HTTPS there is nobody
	} {
		t.Run(name, func(t *testing.T) {
			directory, reach, roots := authority(t, port(t, plain), port(t, c.encrypted))
			data := t.TempDir()
			started(t, front{Addr: addr, HTTP: c.http, TLS: []string{"shop.example", "www.shop.example"}, ACME: directory, reach: reach, ACMEEmail: "owner@shop.example"}, data)
			browser := visitor(addr, roots)
			for _, host := range []string{"shop.example", "www.shop.example"} {
				got := eventually(t, browser, "https://"+host+"/")
				if got.text != "HTTP/2.0 page" || got.Header.Get("Strict-Transport-Security") != "max-age=31536000" {
					t.Errorf("%s answers %q with %v", host, got.text, got.Header)
				}
			}
			kept, err := filepath.Glob(filepath.Join(data, "certificates", "shop.example"))
			if err != nil || len(kept) != 1 {
				t.Errorf("the certificate is not kept: %v %v", kept, err)
			}
			if info, err := os.Stat(kept[0]); err != nil || info.Mode().Perm()&0o077 != 0 {
				t.Errorf("others can read the key: %v %v", info.Mode(), err)
			}
			if _, err := browser.Get("https://other.example/"); err == nil {
				t.Error("there is a certificate for a host that was not named")
			}
		})
	}
}

// A certificate that was fetched before is there without the authority.
func TestCertificateOutlivesTheProcess(t *testing.T) {
	addr, data := free(t), t.TempDir()
	directory, reach, roots := authority(t, 1, port(t, addr))
	t.Run("first", func(t *testing.T) {
		started(t, front{Addr: addr, TLS: []string{"shop.example"}, ACME: directory, reach: reach}, data)
		eventually(t, visitor(addr, roots), "https://shop.example/")
	})
	t.Run("second", func(t *testing.T) {
		started(t, front{Addr: addr, TLS: []string{"shop.example"}, ACME: "http://127.0.0.1:1/"}, data)
		if got := eventually(t, visitor(addr, roots), "https://shop.example/"); !strings.HasSuffix(got.text, "page") {
			t.Errorf("answered is %q", got.text)
		}
	})
}
