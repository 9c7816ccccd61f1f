package intake

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"sync"
	"time"

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
	mux.Handle("/inbox/", http.StripPrefix("/inbox", s.inbox))
	mux.HandleFunc("GET /inbox", func(w http.ResponseWriter, _ *http.Request) { page.See(w, "inbox/") })
	mux.HandleFunc("GET /"+page.StyleName, page.ServeStyle)
	mux.HandleFunc("GET /healthz", s.healthz)
	mux.HandleFunc("GET /readyz", s.readyz)
	mux.HandleFunc("/", s.nothing)
	return s.below(s.observe(mux))
}

// below cuts off the path of an intake address.
func (s *Server) below(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, base := range s.base {
			if strings.HasPrefix(r.URL.Path, base) {
				http.StripPrefix(strings.TrimSuffix(base, "/"), next).ServeHTTP(w, r)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// observe sets the headers of every answer, logs it, and turns a panic into one. Logged is the route and never the path:
// paths hold tokens.
func (s *Server) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		seen := &recorder{ResponseWriter: w, status: http.StatusOK}
		defer func() {
			if cause := recover(); cause != nil {
				s.recovered(seen, r, cause)
			}
			s.config.Log.Info("request", "method", r.Method, "route", r.Pattern, "status", seen.status, "ms", time.Since(start).Milliseconds())
		}()
		page.Headers(seen.Header())
		next.ServeHTTP(seen, r)
	})
}

// recovered logs where a panic happened but not its text, which may hold what a visitor wrote.
func (s *Server) recovered(w *recorder, r *http.Request, cause any) {
	if cause == http.ErrAbortHandler {
		panic(cause)
	}
	s.config.Log.Error("panic", "route", r.Pattern, "stack", string(debug.Stack()))
	if !w.written {
		s.refusePage(w, r, s.stranger(r), wrong(unavailable, errors.New("a panic was caught")))
	}
}

type recorder struct {
	http.ResponseWriter
	status  int
	written bool
}

func (r *recorder) WriteHeader(status int) {
	if !r.written {
		r.status, r.written = status, true
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(p []byte) (int, error) {
	r.written = true
	return r.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

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

// healthz says that the process answers.
func (s *Server) healthz(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "ok\n") }

// readyz says that submissions can be stored.
func (s *Server) readyz(w http.ResponseWriter, r *http.Request) {
	if err := s.ready.now(r.Context(), s.config.Store, s.config.Now()); err != nil {
		s.config.Log.Error("not ready", "error", err)
		w.WriteHeader(http.StatusServiceUnavailable)
		io.WriteString(w, "the database cannot be written to\n")
		return
	}
	io.WriteString(w, "ok\n")
}

// readiness remembers the answer for a second: anybody may ask, and finding out takes a write.
type readiness struct {
	sync.Mutex
	asked time.Time
	err   error
}

func (y *readiness) now(ctx context.Context, store Store, now time.Time) error {
	y.Lock()
	defer y.Unlock()
	if now.Sub(y.asked).Abs() >= time.Second {
		y.asked, y.err = now, store.Ready(context.WithoutCancel(ctx))
	}
	return y.err
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

// patient gives uploads from slow connections the time they need, beyond the ReadTimeout all other requests have.
func patient(w http.ResponseWriter, r *http.Request) {
	if !upload(r) {
		return
	}
	control := http.NewResponseController(w)
	control.SetReadDeadline(time.Now().Add(10 * time.Minute))
	control.SetWriteDeadline(time.Now().Add(11 * time.Minute))
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
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}
