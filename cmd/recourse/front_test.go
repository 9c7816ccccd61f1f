package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// issue writes a certificate of its own for the hosts.
func issue(t *testing.T, cert, key string, serial int64, hosts ...string) *x509.CertPool {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: hosts[0]}, DNSNames: hosts,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	write(t, cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	write(t, key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}))
	roots := x509.NewCertPool()
	one, _ := x509.ParseCertificate(der)
	roots.AddCert(one)
	return roots
}

func write(t *testing.T, file string, data []byte) {
	t.Helper()
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestCertificateFilesAreReadAgain(t *testing.T) {
	dir := t.TempDir()
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	roots := issue(t, cert, key, 1, "shop.example")
	addr := free(t)
	started(t, front{Addr: addr, Cert: cert, Key: key}, dir)
	if got := eventually(t, visitor(addr, roots), "https://shop.example/"); got.text != "HTTP/2.0 page" {
		t.Fatalf("answered is %q", got.text)
	}
	write(t, key, []byte("half written"))
	time.Sleep(often + 50*time.Millisecond)
	eventually(t, visitor(addr, roots), "https://shop.example/") // the one before stays
	roots = issue(t, cert, key, 2, "shop.example", "www.shop.example")
	time.Sleep(often + 50*time.Millisecond)
	got := eventually(t, visitor(addr, roots), "https://www.shop.example/")
	if serial := got.TLS.PeerCertificates[0].SerialNumber.Int64(); serial != 2 {
		t.Errorf("the certificate is number %d", serial)
	}
}

func TestSEC25_UnknownHost(t *testing.T) {
	dir := t.TempDir()
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	issue(t, cert, key, 1, "shop.example")
	addr, plain := free(t), free(t)
	started(t, front{Addr: addr, HTTP: plain, Cert: cert, Key: key}, dir)
	browser := visitor(addr, nil)
	browser.Transport.(*http.Transport).TLSClientConfig = &tls.Config{InsecureSkipVerify: true}
	for host, want := range map[string]int{
		"shop.example": 200, "SHOP.example": 200, "shop.example.": 200, "shop.example:443": 200, "evil.example": 421,
		"shop.example.evil.example": 421, "127.0.0.1": 421, "evil.example:443": 421,
	} {
		if got := eventually(t, browser, "https://"+host+"/").StatusCode; got != want {
			t.Errorf("%s is answered %d by HTTPS; want %d", host, got, want)
		}
		if want == 200 {
			want = http.StatusMovedPermanently
		}
		got := eventually(t, visitor(plain, nil), "http://"+strings.TrimSuffix(host, ":443")+"/a?b=c")
		if got.StatusCode != want || want != 421 && !strings.EqualFold(got.Header.Get("Location"), "https://shop.example/a?b=c") {
			t.Errorf("%s is answered %d by HTTP, with %v", host, got.StatusCode, got.Header)
		}
		if got.Header.Get("Strict-Transport-Security") != "" {
			t.Error("HSTS is told in the clear")
		}
	}
	sent, err := visitor(plain, nil).Post("http://shop.example/submissions", "text/plain", strings.NewReader("a declaration"))
	if err != nil || sent.StatusCode != http.StatusBadRequest {
		t.Errorf("what was sent in the clear is answered %v %v", sent, err)
	}
}

// Behind a proxy TLS is the proxy's, and so are HSTS and the names of hosts.
func TestPlainFront(t *testing.T) {
	addr, private := free(t), free(t)
	meter := started(t, front{Addr: addr, Metrics: private}, t.TempDir())
	meter.StorageError()
	got := eventually(t, visitor(addr, nil), "http://whatever.example/")
	if got.StatusCode != 200 || got.Header.Get("Strict-Transport-Security") != "" {
		t.Errorf("answered is %d %v", got.StatusCode, got.Header)
	}
	if got := eventually(t, visitor(private, nil), "http://localhost/metrics"); !strings.Contains(got.text, "recourse_storage_errors_total 1") {
		t.Errorf("the private address has no figures: %s", got.text)
	}
	if got := eventually(t, visitor(private, nil), "http://localhost/"); got.StatusCode != http.StatusNotFound {
		t.Errorf("the private address has more than figures: %d", got.StatusCode)
	}
	if got := eventually(t, visitor(addr, nil), "http://localhost/metrics"); strings.Contains(got.text, "recourse_") {
		t.Error("the figures are public")
	}
}

func TestFrontFlags(t *testing.T) {
	for problem, f := range map[string]front{
		"name one of the two":    {TLS: []string{"shop.example"}, Cert: "c", Key: "k"},
		"name both":              {Cert: "c"},
		"is not the name":        {TLS: []string{"https://shop.example/"}},
		`--tls "192.0.2.7"`:      {TLS: []string{"192.0.2.7"}},
		`--tls "*.shop.example"`: {TLS: []string{"*.shop.example"}},
		"beside HTTPS":           {HTTP: ":80"},
		"are at least 1":         {ClientConnections: 1},
	} {
		if f.Connections == 0 && problem != "are at least 1" {
			f.Connections, f.ClientConnections = 1, 1
		}
		if err := f.check(); err == nil || !strings.Contains(err.Error(), problem) {
			t.Errorf("%+v: %v; want %q", f, err, problem)
		}
	}
}

// When one address is taken, none is served: half a server would look like a whole one.
func TestOneAddressTaken(t *testing.T) {
	taken, addr := free(t), free(t)
	started(t, front{Addr: taken}, t.TempDir())
	eventually(t, visitor(taken, nil), "http://localhost/")
	err := listen(t.Context(), gate{Server: &http.Server{Addr: addr}, flag: "--addr"}, gate{Server: &http.Server{Addr: taken}, flag: "--metrics"})
	if err == nil || !strings.Contains(err.Error(), "name another address with --metrics") {
		t.Errorf("listening at a taken address: %v", err)
	}
	if _, err := visitor(addr, nil).Get("http://localhost/"); err == nil {
		t.Error("the other address is served")
	}
}
