// Package metrics counts what an intake does and lets Prometheus read it.
//
// No value in it is about a person: labels are routes as the program names them, forms, shops by id, and words from the
// lists below. So the number of series depends on the configuration and never on what is sent.
//
//	recourse_http_requests_total{route,method,status}            answers
//	recourse_http_request_duration_seconds{route}                how long they took
//	recourse_submissions_total{form,result}                      stored, repeated, invalid, conflict, unavailable
//	recourse_letters_total{kind,delivery}                        attempts: sent, written, refused, delayed
//	recourse_storage_errors_total                                requests the database or the disk failed
//	recourse_connections, recourse_connections_turned_away_total
//	recourse_outbox_letters{state}, recourse_outbox_oldest_due_seconds
//	recourse_cases{shop,state}                                   open, overdue
//	recourse_disk_free_bytes, recourse_disk_size_bytes
package metrics

import (
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Results of a submission.
const (
	Stored      = "stored"
	Repeated    = "repeated"    // sent before: answered with the case that is there
	Invalid     = "invalid"     // the visitor was asked to mend something
	Conflict    = "conflict"    // its id was used for other content
	Unavailable = "unavailable" // nothing could be stored
)

// Meter counts. All methods of a nil Meter do nothing, so that a server without one needs no questions asked.
type Meter struct {
	registry    *prometheus.Registry
	requests    *prometheus.CounterVec
	durations   *prometheus.HistogramVec
	submissions *prometheus.CounterVec
	letters     *prometheus.CounterVec
	storage     prometheus.Counter
	connections prometheus.Gauge
	turnedAway  prometheus.Counter
}

// New makes a meter with everything at zero.
func New() *Meter {
	m := &Meter{
		registry:    prometheus.NewRegistry(),
		requests:    counters("http_requests_total", "Requests answered.", "route", "method", "status"),
		submissions: counters("submissions_total", "Submissions by form and what became of them.", "form", "result"),
		letters:     counters("letters_total", "Attempts to get a letter out, by kind and how far it came.", "kind", "delivery"),
		storage:     counter("storage_errors_total", "Requests that failed because the database or the disk did."),
		turnedAway:  counter("connections_turned_away_total", "Connections closed at once because the client or all clients had too many."),
		connections: prometheus.NewGauge(prometheus.GaugeOpts{Namespace: namespace, Name: "connections", Help: "Open connections."}),
		durations: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Namespace: namespace, Name: "http_request_duration_seconds", Help: "How long answers took.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30},
		}, []string{"route"}),
	}
	m.registry.MustRegister(m.requests, m.durations, m.submissions, m.letters, m.storage, m.turnedAway, m.connections,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

const namespace = "recourse"

func counters(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: namespace, Name: name, Help: help}, labels)
}

func counter(name, help string) prometheus.Counter {
	return prometheus.NewCounter(prometheus.CounterOpts{Namespace: namespace, Name: name, Help: help})
}

// Request counts an answer. The route is the pattern that matched, never the path.
func (m *Meter) Request(route, method string, status int, took time.Duration) {
	if m == nil {
		return
	}
	if route == "" {
		route = "none"
	}
	m.requests.WithLabelValues(route, Method(method), strconv.Itoa(status)).Inc()
	m.durations.WithLabelValues(route).Observe(took.Seconds())
}

// Method is the name of a method in figures and logs; senders may invent some.
func Method(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodOptions:
		return method
	}
	return "other"
}

// Submission counts what became of a submission that makes sense; what does not is among the requests with status 400.
func (m *Meter) Submission(form, result string) {
	if m != nil {
		m.submissions.WithLabelValues(form, result).Inc()
	}
}

// Letter counts an attempt to get a letter out.
func (m *Meter) Letter(kind, delivery string) {
	if m != nil {
		m.letters.WithLabelValues(kind, delivery).Inc()
	}
}

// StorageError counts a request that the database or the disk has failed.
func (m *Meter) StorageError() {
	if m != nil {
		m.storage.Inc()
	}
}

// Connections changes the number of open connections.
func (m *Meter) Connections(change int) {
	if m != nil {
		m.connections.Add(float64(change))
	}
}

// TurnedAway counts a connection that was closed at once.
func (m *Meter) TurnedAway() {
	if m != nil {
		m.turnedAway.Inc()
	}
}

// Handler is GET /metrics. It belongs on an address of its own that the public cannot reach.
func (m *Meter) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4, Timeout: 10 * time.Second})
}

// Count counts the answers of a handler under one name.
func (m *Meter) Count(route string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start, seen := time.Now(), &Recorder{ResponseWriter: w, Status: http.StatusOK}
		next.ServeHTTP(seen, r)
		m.Request(route, r.Method, seen.Status, time.Since(start))
	})
}

// Recorder remembers the status of an answer.
type Recorder struct {
	http.ResponseWriter
	Status  int
	Written bool // a status or a byte of the body was sent
}

// WriteHeader sends the status; the first one counts.
func (r *Recorder) WriteHeader(status int) {
	if !r.Written && status >= 200 { // 1xx come before the answer
		r.Status, r.Written = status, true
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *Recorder) Write(p []byte) (int, error) {
	r.Written = true
	return r.ResponseWriter.Write(p)
}

// ReadFrom lets files go to the connection without our copying them.
func (r *Recorder) ReadFrom(from io.Reader) (int64, error) {
	r.Written = true
	return io.Copy(r.ResponseWriter, from)
}

// Unwrap lets http.ResponseController reach the connection.
func (r *Recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
