package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"sync"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"
)

// automatic gets certificates from an authority that speaks ACME, and keeps them in a folder. Whoever names hosts with
// --tls accepts the authority's terms.
func automatic(hosts []string, folder, directory, email string, reach *http.Client) *autocert.Manager {
	return &autocert.Manager{
		Prompt: autocert.AcceptTOS, Cache: autocert.DirCache(folder), HostPolicy: autocert.HostWhitelist(hosts...),
		Email: email, Client: &acme.Client{DirectoryURL: directory, HTTPClient: reach},
	}
}

// fetch gets the certificates at once, so that the owner learns what is wrong before the first visitor does.
func fetch(ctx context.Context, m *autocert.Manager, hosts []string, log *slog.Logger) {
	for _, host := range hosts {
		if ctx.Err() != nil {
			return
		}
		// What a browser of today says; for one that says less another certificate is fetched when it comes.
		_, err := m.GetCertificate(&tls.ClientHelloInfo{ServerName: host, CipherSuites: []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256},
			SignatureSchemes: []tls.SignatureScheme{tls.ECDSAWithP256AndSHA256}, SupportedCurves: []tls.CurveID{tls.CurveP256}})
		if err != nil {
			log.Error("there is no certificate yet; the name must lead here, and ports 443 or 80 be open to the world", "host", host, "error", err)
		} else {
			log.Info("certificate is there", "host", host)
		}
	}
}

// pair is a certificate in files that something else renews. They are read again when they change.
type pair struct {
	cert, key string
	log       *slog.Logger

	mu     sync.Mutex
	looked time.Time
	state  [2]fileState
	loaded *tls.Certificate
}

// fileState is what tells two states of a file apart.
type fileState struct {
	size int64
	time time.Time
}

func newPair(cert, key string, log *slog.Logger) (*pair, error) {
	p := &pair{cert: cert, key: key, log: log}
	return p, p.load()
}

// often is how often files are looked at, at most.
const often = time.Second

// certificate is tls.Config.GetCertificate. A pair that does not fit, as while one file is written and the other is not
// yet, leaves the one before in place.
func (p *pair) certificate(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if time.Since(p.looked) >= often {
		if err := p.load(); err != nil {
			p.log.Error("the certificate's files cannot be used; the one before stays", "error", err)
		}
	}
	return p.loaded, nil
}

func (p *pair) load() error {
	p.looked = time.Now()
	now, err := states(p.cert, p.key)
	if err != nil || now == p.state {
		return err
	}
	loaded, err := tls.LoadX509KeyPair(p.cert, p.key)
	if err != nil {
		return fmt.Errorf("read the certificate %q with the key %q: %w", p.cert, p.key, err)
	}
	p.loaded, p.state = &loaded, now
	return nil
}

func states(cert, key string) (s [2]fileState, err error) {
	for i, file := range []string{cert, key} {
		info, errStat := os.Stat(file)
		if errStat != nil {
			err = errors.Join(err, fmt.Errorf("read the certificate: %w", errStat))
			continue
		}
		s[i] = fileState{info.Size(), info.ModTime()}
	}
	return s, err
}

// covers reports whether the certificate names a host.
func (p *pair) covers(host string) bool {
	c, err := p.certificate(nil)
	return err == nil && c.Leaf.VerifyHostname(host) == nil
}

func tlsWith(p *pair) *tls.Config {
	return &tls.Config{GetCertificate: p.certificate, NextProtos: []string{"h2", "http/1.1"}, MinVersion: tls.VersionTLS12}
}
