package intake

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"recourse/intake/metrics"
)

// counted is a store with figures.
type counted struct {
	Store
	figures metrics.Figures
	err     error
	broken  error
	asked   int
}

func (c *counted) Figures(context.Context) (metrics.Figures, error) { return c.figures, c.err }

func (c *counted) Ready(ctx context.Context) error {
	c.asked++
	if c.broken != nil {
		return c.broken
	}
	return c.Store.Ready(ctx)
}

func (d *desk) health(t *testing.T) (code int, h health) {
	t.Helper()
	w := d.get("/readyz")
	must(t, json.Unmarshal(w.Body.Bytes(), &h))
	return w.Code, h
}

func TestReadyz(t *testing.T) {
	store := new(counted)
	d := open(t, t.TempDir(), func(c *Config) { store.Store, c.Store, c.Folder = c.Store, store, t.TempDir() })
	check := func(code int, status condition, words string) {
		t.Helper()
		d.now = d.now.Add(10 * time.Second)
		got, h := d.health(t)
		text, _ := json.Marshal(h)
		if got != code || h.Status != status || !strings.Contains(string(text), words) {
			t.Errorf("readyz says %d %s; want %d, %s and %q", got, text, code, status, words)
		}
	}
	check(http.StatusOK, good, `"outbox","status":"ok"`)
	store.figures.Outbox.OldestDue = d.now.Add(-50 * time.Minute)
	check(http.StatusOK, good, `"outbox","status":"ok"`)
	store.figures.Outbox.OldestDue = d.now.Add(-61 * time.Minute)
	check(http.StatusOK, degraded, "a letter has been waiting for more than an hour")
	store.err = errors.New("secret cause")
	check(http.StatusOK, degraded, "the letters cannot be counted")
	store.broken = errors.New("secret cause")
	check(http.StatusServiceUnavailable, down, "the database cannot be written to")
	if body := d.get("/readyz").Body.String(); strings.Contains(body, "secret cause") {
		t.Errorf("the public is told the cause: %s", body)
	}
	asked := store.asked
	for range 100 {
		d.get("/readyz")
	}
	if store.asked != asked {
		t.Errorf("the database was asked %d times within a second", store.asked-asked)
	}
	if w := d.get("/healthz"); w.Code != http.StatusOK || w.Body.String() != "{\"status\":\"ok\"}\n" {
		t.Errorf("healthz says %d %s though the process answers", w.Code, w.Body)
	}
}

func TestReadyzWithoutFigures(t *testing.T) {
	d := open(t, t.TempDir(), func(c *Config) { c.Store = struct{ Store }{c.Store} })
	if code, h := d.health(t); code != http.StatusOK || len(h.Checks) != 1 {
		t.Errorf("readyz says %d %v", code, h)
	}
}

func TestOPS5_FolderGone(t *testing.T) {
	d := open(t, t.TempDir(), func(c *Config) { c.Folder += "/nowhere" })
	if code, h := d.health(t); code != http.StatusServiceUnavailable || h.Checks[1].Detail != "the folder of the data cannot be reached" {
		t.Errorf("readyz says %d %v", code, h)
	}
}

func TestOPS5_LittleRoom(t *testing.T) {
	const gb = 1 << 30
	for _, c := range []struct {
		free, size uint64
		want       condition
	}{
		{50 * gb, 100 * gb, good}, {11 * gb, 100 * gb, good}, {9 * gb, 100 * gb, degraded}, {4 * gb, 100 * gb, down},
		{199 << 20, gb, down}, {201 << 20, gb, good}, {0, gb, down},
	} {
		if got := judgeDisk(metrics.Disk{Free: c.free, Size: c.size}); got.Status != c.want || (got.Detail == "") != (c.want == good) {
			t.Errorf("%d of %d bytes are free: %v; want %s", c.free, c.size, got, c.want)
		}
	}
}
