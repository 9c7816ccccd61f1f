package metrics

import (
	"context"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

type ledger struct {
	Figures
	err   error
	asked int
}

func (l *ledger) figures(context.Context) (Figures, error) { l.asked++; return l.Figures, l.err }

type source func(context.Context) (Figures, error)

func (s source) Figures(ctx context.Context) (Figures, error) { return s(ctx) }

func read(m *Meter) string {
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	return w.Body.String()
}

func has(t *testing.T, m *Meter, lines ...string) {
	t.Helper()
	text := read(m)
	for _, line := range lines {
		if !strings.Contains(text, "\n"+line+"\n") {
			t.Errorf("there is no %q in\n%s", line, only(text))
		}
	}
}

func only(text string) (ours string) {
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "recourse_") {
			ours += line
		}
	}
	return ours
}

func TestCounts(t *testing.T) {
	m := New()
	m.Request("POST /api/v1/submissions", "POST", 201, 4*time.Millisecond)
	m.Request("POST /api/v1/submissions", "POST", 201, 40*time.Millisecond)
	m.Request("", "BREW", 404, time.Second)
	m.Submission("withdrawal", Stored)
	m.StorageError()
	m.TurnedAway()
	m.Connections(2)
	m.Connections(-1)
	m.WatchDisk(t.TempDir())
	has(t, m,
		`recourse_http_requests_total{method="POST",route="POST /api/v1/submissions",status="201"} 2`,
		`recourse_http_requests_total{method="other",route="none",status="404"} 1`,
		`recourse_http_request_duration_seconds_bucket{route="POST /api/v1/submissions",le="0.005"} 1`,
		`recourse_http_request_duration_seconds_count{route="POST /api/v1/submissions"} 2`,
		`recourse_submissions_total{form="withdrawal",result="stored"} 1`,
		`recourse_storage_errors_total 1`,
		`recourse_connections_turned_away_total 1`,
		`recourse_connections 1`,
	)
	if text := read(m); strings.Contains(text, "recourse_disk_free_bytes 0\n") || !strings.Contains(text, "recourse_disk_size_bytes ") {
		t.Errorf("the room on the disk is not told:\n%s", only(text))
	}
}

func TestFigures(t *testing.T) {
	l := &ledger{Figures: Figures{
		Outbox: Outbox{Waiting: 7, Failed: 2, OldestDue: noon.Add(-90 * time.Minute)},
		Shops:  map[string]Cases{"amber": {Open: 5, Overdue: 1}, "pearl": {}},
	}}
	now := noon
	clock := func() time.Time { return now }
	m := New()
	m.Watch(&Remembering{Source: source(l.figures), Now: clock}, clock)
	lines := []string{
		`recourse_outbox_letters{state="waiting"} 7`, `recourse_outbox_letters{state="failed"} 2`, `recourse_outbox_oldest_due_seconds 5400`,
		`recourse_cases{shop="amber",state="open"} 5`, `recourse_cases{shop="amber",state="overdue"} 1`, `recourse_cases{shop="pearl",state="open"} 0`,
	}
	has(t, m, lines...)
	has(t, m, lines...)
	if l.asked != 1 {
		t.Errorf("the store was asked %d times within ten seconds", l.asked)
	}
	now, l.err = now.Add(10*time.Second), errors.New("gone")
	if text := read(m); strings.Contains(text, "recourse_cases{") {
		t.Errorf("a store that does not answer has figures:\n%s", only(text))
	}
	read(m)
	if l.asked != 2 {
		t.Errorf("the store was asked %d times", l.asked)
	}
	now, l.err = now.Add(10*time.Second), nil
	has(t, m, `recourse_storage_errors_total 2`) // for each of the two readings without the store; a reading may miss its own
	if l.asked != 3 {
		t.Errorf("the store was asked %d times", l.asked)
	}
}

// A server without a meter counts nothing and needs no questions asked.
func TestNoMeter(t *testing.T) {
	var m *Meter
	m.Request("GET /", "GET", 200, time.Second)
	m.Submission("withdrawal", Stored)
	m.Letter("copy", "sent")
	m.StorageError()
	m.Connections(1)
	m.TurnedAway()
	m.WatchDisk("/")
	m.Watch(nil, time.Now)
}
