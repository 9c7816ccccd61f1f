package metrics

import (
	"context"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Figures is what the store knows at a moment.
type Figures struct {
	Outbox Outbox
	Shops  map[string]Cases // by the id of the shop
}

// Outbox is the state of the letters.
type Outbox struct {
	Waiting   int       // not sent yet, due or not
	Failed    int       // given up
	OldestDue time.Time // when the letter that is overdue longest should have been tried; zero: none is overdue
}

// Cases of a shop that are neither answered nor closed.
type Cases struct {
	Open    int
	Overdue int // of the open ones, those whose day has passed
}

// Source gives figures. A store that is one is asked by /metrics and /readyz.
type Source interface {
	Figures(ctx context.Context) (Figures, error)
}

const (
	fresh    = 10 * time.Second // for so long an answer is good: counting takes the database some work
	patience = 5 * time.Second
)

// Remembering asks a source at most every ten seconds, however many want to know.
type Remembering struct {
	Source Source
	Now    func() time.Time

	mu    sync.Mutex
	asked time.Time
	last  Figures
	err   error
}

// Figures gives what the source said last, or asks it.
func (r *Remembering) Figures(ctx context.Context) (Figures, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if now := r.Now(); r.asked.IsZero() || now.Sub(r.asked).Abs() >= fresh {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
		defer cancel()
		r.last, r.err = r.Source.Figures(ctx)
		r.asked = now
	}
	return r.last, r.err
}

// Watch adds the figures of a source to what the meter tells.
func (m *Meter) Watch(from Source, now func() time.Time) {
	if m != nil {
		m.registry.MustRegister(&gauges{from, now, m.storage})
	}
}

// gauges asks its source when it is read: a database counts better than we could while it is changed from many places.
type gauges struct {
	from   Source
	now    func() time.Time
	failed prometheus.Counter
}

var describe = sync.OnceValue(func() (d struct{ letters, oldest, cases *prometheus.Desc }) {
	d.letters = prometheus.NewDesc(namespace+"_outbox_letters", "Letters that wait, or were given up.", []string{"state"}, nil)
	d.oldest = prometheus.NewDesc(namespace+"_outbox_oldest_due_seconds", "How long the letter that is overdue longest has been waiting.", nil, nil)
	d.cases = prometheus.NewDesc(namespace+"_cases", "Cases that are neither answered nor closed.", []string{"shop", "state"}, nil)
	return d
})

// Describe is part of prometheus.Collector.
func (g *gauges) Describe(to chan<- *prometheus.Desc) {
	d := describe()
	to <- d.letters
	to <- d.oldest
	to <- d.cases
}

// Collect is part of prometheus.Collector. When the store does not answer, its figures are missing rather than old.
func (g *gauges) Collect(to chan<- prometheus.Metric) {
	f, err := g.from.Figures(context.Background())
	if err != nil {
		g.failed.Inc()
		return
	}
	send := func(d *prometheus.Desc, value float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
	}
	d := describe()
	send(d.letters, float64(f.Outbox.Waiting), "waiting")
	send(d.letters, float64(f.Outbox.Failed), "failed")
	send(d.oldest, f.Outbox.Age(g.now()).Seconds())
	for shop, c := range f.Shops {
		send(d.cases, float64(c.Open), shop, "open")
		send(d.cases, float64(c.Overdue), shop, "overdue")
	}
}

// Age is how long the letter that is overdue longest has been waiting.
func (o Outbox) Age(now time.Time) time.Duration {
	if o.OldestDue.IsZero() {
		return 0
	}
	return max(0, now.Sub(o.OldestDue))
}
