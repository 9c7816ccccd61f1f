package intake

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strings"
	"time"

	"recourse/intake/connlimit"
	"recourse/intake/docket"
	"recourse/intake/metrics"
	"recourse/intake/page"
)

// Handler answers below the path of each shop's intake address and at the root.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/v1/submissions", s.postAPI)
	mux.HandleFunc("OPTIONS /api/v1/submissions", preflight)
	mux.HandleFunc("/api/v1/submissions", s.badMethodAPI)
	mux.HandleFunc("POST /api/v1/checks", s.postCheck)
	mux.HandleFunc("OPTIONS /api/v1/checks", preflight)
	mux.HandleFunc("/api/v1/checks", s.badMethodAPI)
	mux.HandleFunc("POST /submissions", s.postPlain)
	mux.HandleFunc("/submissions", s.badMethod)
	mux.HandleFunc("GET /receipts/{token}", s.getReceipt)
	mux.HandleFunc("GET /receipts/{token}/receipt.txt", s.getReceiptText)
	mux.HandleFunc("GET /status/{token}", s.getStatus)
	mux.HandleFunc("GET /status/{token}/files/{file}", s.getStatusFile)
	mux.HandleFunc("GET /status/{token}/case", s.getCase)
	mux.HandleFunc("GET /status/{token}/case.txt", s.getCaseText)
	mux.HandleFunc("POST /status/{token}/messages", s.postMessage)
	mux.HandleFunc("POST /status/{token}/proposals", s.postDecision)
	mux.HandleFunc("POST /status/{token}/rating", s.postRating)
	for _, posted := range []string{"messages", "proposals", "rating"} { // after an answer that was not to be loaded again
		mux.HandleFunc("GET /status/{token}/"+posted, func(w http.ResponseWriter, r *http.Request) { page.See(w, "../"+r.PathValue("token")) })
	}
	mux.Handle("/inbox/", http.StripPrefix("/inbox", http.HandlerFunc(s.serveInbox)))
	mux.HandleFunc("GET /inbox", func(w http.ResponseWriter, _ *http.Request) { page.See(w, "inbox/") })
	mux.HandleFunc("GET /"+page.StyleName, page.ServeStyle)
	mux.HandleFunc("GET /healthz", s.healthz)
	mux.HandleFunc("GET /readyz", s.readyz)
	mux.HandleFunc("/", s.nothing)
	s.watch()
	return s.below(s.observe(s.oneByOne(mux)))
}

// watch lets /readyz and /metrics know what the store can count, if it can.
func (s *Server) watch() {
	source, ok := s.config.Store.(metrics.Source)
	if !ok || s.ready.figures != nil {
		return
	}
	s.ready.figures = &metrics.Remembering{Source: source, Now: s.config.Now}
	s.config.Metrics.Watch(s.ready.figures, s.config.Now)
}

// atOnce is how many requests of one client are worked on at a time. Connections are counted where they are accepted, but
// those of a proxy are of many clients, and one of HTTP/2 holds many requests.
const atOnce = 256

// oneByOne turns away the requests of a client that has too many under way.
func (s *Server) oneByOne(next http.Handler) http.Handler {
	under := connlimit.NewCounter(atOnce)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		addr, err := netip.ParseAddr(s.limit.client(r))
		if err != nil || addr.IsLoopback() { // a server on this machine that says for nobody
			next.ServeHTTP(w, r)
			return
		}
		client := connlimit.Client(addr)
		if !under.Enter(client) {
			w.Header().Set("Retry-After", "1")
			http.Error(w, "You have too many requests under way.", http.StatusTooManyRequests)
			return
		}
		defer under.Leave(client)
		next.ServeHTTP(w, r)
	})
}

// observe sets the headers of every answer, counts and logs it, and turns a panic into one. Logged is the route and never
// the path: paths hold tokens.
func (s *Server) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		seen := &metrics.Recorder{ResponseWriter: w, Status: http.StatusOK}
		defer func() {
			if cause := recover(); cause != nil {
				s.recovered(seen, r, cause)
			}
			s.answered(r, seen.Status, time.Since(start))
		}()
		page.Headers(seen.Header())
		next.ServeHTTP(seen, r)
	})
}

func (s *Server) answered(r *http.Request, status int, took time.Duration) {
	s.config.Metrics.Request(r.Pattern, r.Method, status, took)
	if log := s.config.Log; log.Enabled(r.Context(), slog.LevelInfo) { // where it is not, a request costs no line
		log.LogAttrs(r.Context(), slog.LevelInfo, "request", slog.String("method", metrics.Method(r.Method)),
			slog.String("route", r.Pattern), slog.Int("status", status), slog.Int64("ms", took.Milliseconds()))
	}
}

// recovered logs where a panic happened but not its text, which may hold what a visitor wrote.
func (s *Server) recovered(w *metrics.Recorder, r *http.Request, cause any) {
	if cause == http.ErrAbortHandler {
		panic(cause)
	}
	s.config.Log.Error("panic", "route", r.Pattern, "stack", string(debug.Stack()))
	if !w.Written {
		s.refusePage(w, r, s.stranger(r), wrong(unavailable, errors.New("a panic was caught")))
	}
}

var errTooMany = errors.New("take a submission: the client sent too many")

func (s *Server) badMethod(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Allow", "POST")
	s.refusePage(w, r, s.stranger(r), wrong(badMethod, errors.New("take a submission: method "+r.Method)))
}

func (s *Server) badMethodAPI(w http.ResponseWriter, r *http.Request) {
	anyOrigin(w.Header())
	w.Header().Set("Allow", "POST, OPTIONS")
	s.refuseJSON(w, r, s.stranger(r), wrong(badMethod, errors.New("take a submission: method "+r.Method)))
}

func (s *Server) nothing(w http.ResponseWriter, r *http.Request) {
	s.refusePage(w, r, s.stranger(r), wrong(notFound, errors.New("there is no such page")))
}

// result is what became of a submission, for the figures.
func result(sent, stored docket.Case, existed bool, err error) string {
	switch {
	case err != nil:
		return metrics.Unavailable
	case !existed:
		return metrics.Stored
	case stored.Digest != sent.Digest:
		return metrics.Conflict
	}
	return metrics.Repeated
}

func (s *Server) write(w http.ResponseWriter, r *http.Request, status int, t page.Template, data any) {
	if err := page.Write(w, status, t, data); err != nil {
		s.config.Log.Error("a page could not be sent", "route", r.Pattern, "error", err)
	}
}

// patient gives uploads from slow connections the time they need, beyond the ReadTimeout all other requests have, as long
// as they come on.
func patient(w http.ResponseWriter, r *http.Request) {
	if !upload(r) {
		return
	}
	control := http.NewResponseController(w)
	control.SetWriteDeadline(time.Now().Add(longest + time.Minute))
	r.Body = &paced{ReadCloser: r.Body, control: control, start: time.Now()}
}

const (
	longest = 10 * time.Minute // for an upload
	start   = 30 * time.Second // before its pace counts
	pace    = 2 << 10          // bytes a second that it must have at least, on average
)

// paced is the body of a request that has the more time the more of it has come.
type paced struct {
	io.ReadCloser
	control *http.ResponseController
	start   time.Time
	read    int64
}

func (p *paced) Read(b []byte) (int, error) {
	most := min(start+time.Duration(p.read/pace)*time.Second, longest)
	p.control.SetReadDeadline(p.start.Add(most))
	n, err := p.ReadCloser.Read(b)
	p.read += int64(n)
	return n, err
}

// HTTP is an http.Server with limits that slow or greedy clients cannot get around; net/http has none by default.
func HTTP(addr string, h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Addr:              addr,
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(discreet{log.Handler()}, slog.LevelWarn),
	}
}

// discreet is a log for net/http, whose lines name clients, and what a panic said.
type discreet struct{ slog.Handler }

func (d discreet) Handle(ctx context.Context, r slog.Record) error {
	text, stack, _ := strings.Cut(r.Message, "\n")
	level := r.Level
	switch {
	case strings.HasPrefix(text, "http: panic serving "):
		level, text = slog.LevelError, "http: panic\n"+stack
	case strings.HasPrefix(text, "http: TLS handshake error "): // every port scanner makes some
		level, text = slog.LevelDebug, withoutAddresses(text)
	default:
		text = withoutAddresses(text)
	}
	if !d.Enabled(ctx, level) {
		return nil
	}
	return d.Handler.Handle(ctx, slog.NewRecord(r.Time, level, text, r.PC))
}

func withoutAddresses(text string) string {
	words := strings.Fields(text)
	for i, word := range words {
		if _, err := netip.ParseAddrPort(strings.TrimRight(word, ":,;")); err == nil {
			words[i] = "a client:"
		}
	}
	return strings.Join(words, " ")
}
