package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"recourse/intake/store"
)

// most is how many transactions of callers may share one commit.
const most = 256

// writer runs transactions one after the other on one connection. Those that arrive while a commit reaches the disk wait in a
// queue and share the next commit: with many clients the disk is asked once for all of them, with one nobody waits for others.
type writer struct {
	conn     *sql.Conn
	prepared map[string]*sql.Stmt
	there    func() error

	jobs    chan *job
	crowd   atomic.Int32 // how many shared the last commits, on average, times eight
	stopped chan struct{}
	stop    func()
}

// job is a transaction of a caller. When answered is closed, err says what became of it.
type job struct {
	do       func(store.Queries) error
	alone    func(*sql.Conn) error // instead of do: outside of any transaction
	err      error
	answered chan struct{}
}

func newWriter(ctx context.Context, db *sql.DB, there func() error) (*writer, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	w := &writer{conn: conn, prepared: make(map[string]*sql.Stmt), there: there, jobs: make(chan *job, most), stopped: make(chan struct{})}
	stopping := make(chan struct{})
	w.stop = sync.OnceFunc(func() { close(stopping); <-w.stopped })
	go w.run(stopping)
	return w, nil
}

var errClosed = errors.New("the database is closed")

// Write runs do in a transaction and returns when that has reached the disk.
func (w *writer) Write(ctx context.Context, do func(store.Queries) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return w.hand(&job{do: do, answered: make(chan struct{})})
}

// alone runs do on the connection while no transaction is under way.
func (w *writer) alone(do func(*sql.Conn) error) error {
	return w.hand(&job{alone: do, answered: make(chan struct{})})
}

func (w *writer) hand(j *job) error {
	select {
	case w.jobs <- j:
	case <-w.stopped:
		return errClosed
	}
	select {
	case <-j.answered:
		return j.err
	case <-w.stopped:
		select {
		case <-j.answered:
			return j.err
		default:
			return errClosed
		}
	}
}

func (w *writer) run(stopping chan struct{}) {
	defer close(w.stopped)
	defer w.conn.Close()
	for {
		select {
		case j := <-w.jobs:
			jobs := w.more(j)
			w.crowd.Add(int32(len(jobs)) - w.crowd.Load()/8)
			w.together(jobs)
		case <-stopping:
			return
		}
	}
}

// more takes what waits in the queue.
func (w *writer) more(first *job) []*job {
	jobs := []*job{first}
	for len(jobs) < most {
		select {
		case j := <-w.jobs:
			jobs = append(jobs, j)
		default:
			return jobs
		}
	}
	return jobs
}

// Busy: many shared the last commits.
func (w *writer) Busy() bool { return w.crowd.Load() >= 6*8 }

// together runs jobs in one transaction. Where one fails, what the others did is undone with it, so each is run again by itself.
func (w *writer) together(jobs []*job) {
	err := w.transaction(jobs)
	if err == nil || len(jobs) == 1 {
		answer(err, jobs...)
		return
	}
	for _, j := range jobs {
		answer(w.transaction([]*job{j}), j)
	}
}

func answer(err error, jobs ...*job) {
	for _, j := range jobs {
		j.err = err
		close(j.answered)
	}
}

func (w *writer) transaction(jobs []*job) (err error) {
	if err := w.there(); err != nil {
		return err
	}
	if len(jobs) == 1 && jobs[0].alone != nil {
		return jobs[0].alone(w.conn)
	}
	if err := w.exec(`BEGIN IMMEDIATE`); err != nil {
		return err
	}
	for _, j := range jobs {
		if err := attempt(j, w); err != nil {
			return errors.Join(err, w.rollback())
		}
	}
	if err := w.exec(`COMMIT`); err != nil {
		return errors.Join(err, w.rollback())
	}
	return nil
}

// errAlone sends a job that cannot share a transaction into one of its own.
var errAlone = errors.New("it runs outside of transactions")

// attempt keeps a panic of one caller from ending the writer of all.
func attempt(j *job, q store.Queries) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("a transaction panicked: %v", cause)
		}
	}()
	if j.alone != nil {
		return errAlone
	}
	return j.do(q)
}

func (w *writer) exec(statement string) error {
	_, err := w.ExecContext(context.Background(), statement)
	return err
}

// rollback: after some errors, a full disk among them, SQLite has rolled back by itself.
func (w *writer) rollback() error {
	if _, err := w.conn.ExecContext(context.Background(), `ROLLBACK`); err != nil {
		var active int
		if w.conn.QueryRowContext(context.Background(), `SELECT 1`).Scan(&active) != nil {
			return err
		}
	}
	return nil
}

// Statements are prepared once. The driver starts a goroutine for every statement with a context that can end, and a transaction
// others share must not end with one caller, so contexts are not passed on.

func (w *writer) ExecContext(_ context.Context, query string, args ...any) (sql.Result, error) {
	if len(args) == 0 {
		return w.conn.ExecContext(context.Background(), query)
	}
	s, err := w.prepare(query)
	if err != nil {
		return nil, err
	}
	return s.ExecContext(context.Background(), args...)
}

func (w *writer) QueryContext(_ context.Context, query string, args ...any) (*sql.Rows, error) {
	s, err := w.prepare(query)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(context.Background(), args...)
}

func (w *writer) QueryRowContext(_ context.Context, query string, args ...any) *sql.Row {
	s, err := w.prepare(query)
	if err != nil { // the same error again, in the form callers expect
		return w.conn.QueryRowContext(context.Background(), query, args...)
	}
	return s.QueryRowContext(context.Background(), args...)
}

func (w *writer) prepare(query string) (*sql.Stmt, error) {
	if s := w.prepared[query]; s != nil {
		return s, nil
	}
	s, err := w.conn.PrepareContext(context.Background(), query)
	if err == nil {
		w.prepared[query] = s
	}
	return s, err
}
