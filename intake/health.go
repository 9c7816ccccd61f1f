package intake

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"sync"
	"time"

	"recourse/intake/metrics"
)

// health is how the server is, as /readyz tells it. It is public, so it holds words for known causes, and neither errors
// nor numbers; those are in the log and at /metrics.
type health struct {
	Status condition `json:"status"`
	Checks []finding `json:"checks"`
}

type finding struct {
	Name   string    `json:"name"`
	Status condition `json:"status"`
	Detail string    `json:"detail,omitempty"`
}

type condition string

const (
	good     condition = "ok"
	degraded condition = "degraded" // submissions are stored, but somebody should look
	down     condition = "down"     // send visitors elsewhere if you can
)

// healthz says that the process answers.
func (s *Server) healthz(w http.ResponseWriter, _ *http.Request) {
	tell(w, http.StatusOK, map[string]condition{"status": good})
}

// readyz says whether submissions can be stored, now and in a while.
func (s *Server) readyz(w http.ResponseWriter, r *http.Request) {
	h := s.ready.now(s.config.Now(), func() health { return s.examine(r.Context()) })
	status := http.StatusOK
	if h.Status == down {
		status = http.StatusServiceUnavailable
	}
	tell(w, status, h)
}

func tell(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(v)
}

// readiness remembers the answer for a second: anybody may ask, and finding out takes a write.
type readiness struct {
	sync.Mutex
	asked time.Time
	last  health

	figures *metrics.Remembering // nil: the store has none
}

func (y *readiness) now(now time.Time, examine func() health) health {
	y.Lock()
	defer y.Unlock()
	if now.Sub(y.asked).Abs() >= time.Second {
		y.asked, y.last = now, examine()
	}
	return y.last
}

// probing is how long a check may take; a database that takes longer is none.
const probing = 5 * time.Second

func (s *Server) examine(ctx context.Context) health {
	// Whoever asks may go away; the answer is for everybody.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), probing)
	defer cancel()
	h := health{Status: good, Checks: []finding{s.checkDatabase(ctx)}}
	if s.config.Folder != "" {
		h.Checks = append(h.Checks, s.checkDisk())
	}
	if s.ready.figures != nil {
		h.Checks = append(h.Checks, s.checkOutbox(ctx))
	}
	if s.fleet.Load().Broken {
		h.Checks = append(h.Checks, finding{"shops", degraded, "the file of a shop has mistakes; the log names it"})
	}
	for _, f := range h.Checks {
		if f.Status == down || f.Status == degraded && h.Status == good {
			h.Status = f.Status
		}
	}
	return h
}

func (s *Server) checkDatabase(ctx context.Context) finding {
	if err := s.config.Store.Ready(ctx); err != nil {
		s.config.Metrics.StorageError()
		s.config.Log.Error("not ready", "error", err)
		return finding{"database", down, "the database cannot be written to"}
	}
	return finding{"database", good, ""}
}

func (s *Server) checkDisk() finding {
	d, err := s.room()
	switch {
	case errors.Is(err, errors.ErrUnsupported):
		return finding{"disk", good, "how much is free is not known on this system"}
	case err != nil:
		s.config.Log.Error("not ready", "error", err)
		return finding{"disk", down, "the folder of the data cannot be reached"}
	}
	return judgeDisk(d)
}

func (s *Server) room() (metrics.Disk, error) { return metrics.Room(s.config.Folder) }

// A database that meets the end of its disk may not even be able to shrink, so red comes before that.
const (
	leastFree  = 200 << 20
	leastShare = 20 // a twentieth, 5 %
	earlyShare = 10 // a tenth
)

func judgeDisk(d metrics.Disk) finding {
	switch {
	case d.Free < leastFree:
		return finding{"disk", down, "less than 200 MB of the disk are free"}
	case d.Free < d.Size/leastShare:
		return finding{"disk", down, "less than 5 % of the disk is free"}
	case d.Free < d.Size/earlyShare:
		return finding{"disk", degraded, "less than 10 % of the disk is free"}
	}
	return finding{"disk", good, ""}
}

// overdue is how long a letter may wait beyond its time before somebody should look.
const overdue = time.Hour

func (s *Server) checkOutbox(ctx context.Context) finding {
	f, err := s.ready.figures.Figures(ctx)
	switch {
	case err != nil:
		s.config.Log.Error("not ready", "error", err)
		return finding{"outbox", degraded, "the letters cannot be counted"}
	case f.Outbox.Age(s.config.Now()) > overdue:
		return finding{"outbox", degraded, "a letter has been waiting for more than an hour"}
	}
	return finding{"outbox", good, ""}
}
