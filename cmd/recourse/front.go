package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"

	"recourse/intake"
	"recourse/intake/connlimit"
	"recourse/intake/metrics"
)

// front is how the world reaches the server. Its fields are flags.
type front struct {
	Addr              string         `help:"Address to serve at." default:"localhost:8080" placeholder:"HOST:PORT"`
	TLS               []string       `name:"tls" help:"Serve HTTPS for these hosts, with certificates from Let's Encrypt, whose terms you accept by this; kept in DATA/certificates." placeholder:"HOST"`
	Cert              string         `help:"Serve HTTPS with the certificate in this file, read again when it changes." type:"path" placeholder:"FILE"`
	Key               string         `help:"The key of --cert." type:"path" placeholder:"FILE"`
	HTTP              string         `name:"http" help:"Address for plain HTTP beside HTTPS: sends browsers on, and proves to Let's Encrypt that the hosts are ours." placeholder:":80"`
	ACME              string         `name:"acme" help:"Directory of another certificate authority than Let's Encrypt." placeholder:"URL"`
	ACMEEmail         string         `name:"acme-email" help:"Where the certificate authority may write to." placeholder:"ADDRESS"`
	Metrics           string         `help:"Private address for /metrics (Prometheus), /healthz and /readyz." placeholder:"localhost:9090"`
	Proxies           []netip.Prefix `help:"Addresses of reverse proxies whose X-Forwarded-For is believed." placeholder:"10.0.0.0/8"`
	Connections       int            `help:"How many connections may be open at a time." default:"4096" placeholder:"N"`
	ClientConnections int            `help:"How many of them one client may have; proxies and this machine are not counted." default:"256" placeholder:"N"`

	reach *http.Client // to the certificate authority; nil: the usual one
}

// check finds flags that do not go together.
func (f *front) check() error {
	switch {
	case len(f.TLS) > 0 && f.Cert != "":
		return errors.New("set up HTTPS: --tls gets certificates and --cert has one; name one of the two")
	case (f.Cert == "") != (f.Key == ""):
		return errors.New("set up HTTPS: --cert and --key go together; name both")
	case f.HTTP != "" && len(f.TLS) == 0 && f.Cert == "":
		return errors.New("set up HTTPS: --http is for plain HTTP beside HTTPS; name --tls or --cert too, or only --addr")
	case f.Connections < 1 || f.ClientConnections < 1:
		return errors.New("limit connections: --connections and --client-connections are at least 1")
	}
	for _, host := range f.TLS {
		if _, err := netip.ParseAddr(host); err == nil || !strings.Contains(host, ".") || strings.ContainsAny(host, "/:*") {
			return fmt.Errorf("set up HTTPS: --tls %q is not the name of a host; write for example --tls shop.example,www.shop.example", host)
		}
	}
	return nil
}

// gates are the servers for a handler: the public one, plain HTTP beside it, and the private one.
func (f *front) gates(ctx context.Context, h http.Handler, private http.Handler, data string, m *metrics.Meter, log *slog.Logger) ([]gate, error) {
	public := gate{Server: intake.HTTP(f.Addr, h, log), flag: "--addr", limit: f.limit(m)}
	plain, opened, err := f.secure(ctx, public.Server, data, log)
	if err != nil {
		return nil, err
	}
	public.opened = opened
	gates := []gate{public}
	if f.HTTP != "" {
		gates = append(gates, gate{Server: intake.HTTP(f.HTTP, plain, log), flag: "--http", limit: f.limit(m)})
	}
	if f.Metrics != "" {
		gates = append(gates, gate{Server: intake.HTTP(f.Metrics, private, log), flag: "--metrics"})
	}
	return gates, nil
}

// secure sets up TLS where it is asked for, and gives the handler for plain HTTP beside it and what to do once it is served.
func (f *front) secure(ctx context.Context, server *http.Server, data string, log *slog.Logger) (plain http.Handler, opened func(), err error) {
	switch {
	case f.Cert != "":
		p, err := newPair(f.Cert, f.Key, log)
		if err != nil {
			return nil, nil, err
		}
		server.TLSConfig, server.Handler = tlsWith(p), overTLS(p.covers, server.Handler)
		return onlyFor(p.covers, http.HandlerFunc(toHTTPS)), nil, nil
	case len(f.TLS) > 0:
		m := automatic(f.TLS, filepath.Join(data, "certificates"), f.ACME, f.ACMEEmail, f.reach)
		known := func(host string) bool {
			return slices.ContainsFunc(f.TLS, func(h string) bool { return strings.EqualFold(h, host) })
		}
		server.TLSConfig, server.Handler = m.TLSConfig(), overTLS(known, server.Handler)
		plain := onlyFor(known, http.HandlerFunc(toHTTPS))
		if f.HTTP != "" { // asked for a handler, the manager proves itself by HTTP, too
			plain = withoutPort(m.HTTPHandler(plain))
		}
		return plain, func() { fetch(ctx, m, f.TLS, log) }, nil
	}
	return nil, nil, nil
}

// overTLS adds what holds only where the connection is encrypted by us: browsers shall not try it in the clear again.
func overTLS(known func(string) bool, next http.Handler) http.Handler {
	return onlyFor(known, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Strict-Transport-Security", "max-age=31536000")
		next.ServeHTTP(w, r)
	}))
}

// onlyFor turns requests for hosts away that are not ours: their names were pointed here by somebody else.
func onlyFor(known func(host string) bool, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !known(hostname(r.Host)) {
			http.Error(w, "This server is not responsible for the host that was asked for.", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func hostname(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.TrimSuffix(host, ".")
}

// withoutPort names hosts as the manager of certificates knows them: it takes port 80 for granted.
func withoutPort(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Host = hostname(r.Host)
		next.ServeHTTP(w, r)
	})
}

// toHTTPS sends readers on. What was sent in the clear is not taken: it was read on its way, and must not seem safe.
func toHTTPS(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		http.Error(w, "Use HTTPS.", http.StatusBadRequest)
		return
	}
	w.Header().Set("Connection", "close")
	http.Redirect(w, r, "https://"+hostname(r.Host)+r.URL.RequestURI(), http.StatusMovedPermanently)
}

// limit is the cap on connections. Many clients share the addresses of proxies, and this machine's is such an address
// wherever a server on it stands in front of us.
func (f *front) limit(m *metrics.Meter) func(net.Listener) net.Listener {
	shared := func(a netip.Addr) bool {
		return a.IsLoopback() || slices.ContainsFunc(f.Proxies, func(p netip.Prefix) bool { return p.Contains(a) })
	}
	return func(l net.Listener) net.Listener {
		return connlimit.Listen(l, connlimit.Config{
			Total: f.Connections, PerClient: f.ClientConnections, Exempt: shared, Opened: m.Connections, Closed: m.TurnedAway,
		})
	}
}

// private is what is answered at --metrics.
func private(h http.Handler, m *metrics.Meter) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", m.Handler())
	mux.Handle("GET /healthz", h)
	mux.Handle("GET /readyz", h)
	return mux
}
