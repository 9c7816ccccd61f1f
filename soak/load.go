package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"recourse/soak/node"
)

// load is what the clients do and see.
type load struct {
	nodes []*node.Node
	pause time.Duration // of a client between two submissions

	turn   atomic.Int64 // whose node is next
	number atomic.Int64

	mu           sync.Mutex
	acknowledged map[string]string // id to reference
	open         map[string]bool   // sent and never acknowledged
	took         []time.Duration   // from the first attempt to the acknowledgement
	failures     map[string]int    // attempts that were not acknowledged, by what came instead
	span         time.Duration     // from start to end
	repeats      int               // acknowledged ids that were sent again
	wrong        []string
}

func newLoad(nodes []*node.Node, pause time.Duration) *load {
	return &load{nodes: nodes, pause: pause, acknowledged: map[string]string{}, open: map[string]bool{}, failures: map[string]int{}}
}

const (
	clients = 8
	again   = 50 * time.Millisecond // before an attempt is repeated
	grace   = 30 * time.Second      // for what is not acknowledged when the load ends
)

// run has clients send until ctx ends; what they have begun they bring to its end.
func (l *load) run(ctx context.Context) {
	start := time.Now()
	defer func() { l.span = time.Since(start) }()
	var wait sync.WaitGroup
	for range clients {
		wait.Go(func() {
			client := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 4}}
			defer client.CloseIdleConnections()
			for ctx.Err() == nil {
				l.one(ctx, client)
				rest(ctx, l.pause)
			}
		})
	}
	wait.Wait()
}

// rest reports whether ctx has let it.
func rest(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// one sends a submission until it is acknowledged. Some are sent twice at once, as by an impatient finger, some again later.
func (l *load) one(ctx context.Context, client *http.Client) {
	id := uuid.NewString()
	body := node.Submission(nil, id, l.number.Add(1))
	start := time.Now()
	l.begin(id)
	var twin sync.WaitGroup
	if rand.IntN(50) == 0 {
		twin.Go(func() { l.send(ctx, client, id, body) })
	}
	reference := l.send(ctx, client, id, body)
	twin.Wait()
	if reference == "" {
		return
	}
	l.note(time.Since(start))
	if rand.IntN(20) == 0 {
		l.send(ctx, client, id, body)
	}
}

func (l *load) begin(id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open[id] = true
}

func (l *load) note(took time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.took = append(l.took, took)
}

func (l *load) send(ctx context.Context, client *http.Client, id string, body []byte) (reference string) {
	var until time.Time
	for {
		to := l.nodes[int(l.turn.Add(1))%len(l.nodes)]
		reference, err := attempt(client, to.Addr, body)
		if err == nil {
			l.acknowledge(id, reference)
			return reference
		}
		l.fail(err)
		if ctx.Err() != nil && until.IsZero() {
			until = time.Now().Add(grace)
		}
		if !until.IsZero() && time.Now().After(until) {
			return ""
		}
		time.Sleep(again)
	}
}

// acknowledge keeps what a node has said; it may not say something else later.
func (l *load) acknowledge(id, reference string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.open, id)
	if before, ok := l.acknowledged[id]; ok {
		l.repeats++
		if before != reference {
			l.wrong = append(l.wrong, fmt.Sprintf("submission %s was acknowledged as %s and as %s", id, before, reference))
		}
		return
	}
	l.acknowledged[id] = reference
}

func (l *load) acknowledgements() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.acknowledged)
}

// count is how often an attempt failed in a way.
func (l *load) count(err error) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.failures[kindOf(err)]
}

// odd is an answer that no node should give.
type odd struct{ error }

func (l *load) fail(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var o odd
	if errors.As(err, &o) && len(l.wrong) < 10 {
		l.wrong = append(l.wrong, o.Error())
	}
	l.failures[kindOf(err)]++
}

var errUnavailable = errors.New("503 with text")

func kindOf(err error) string {
	var o odd
	switch {
	case errors.Is(err, errUnavailable):
		return errUnavailable.Error()
	case errors.As(err, &o):
		return "other answers"
	}
	return "no answer"
}

// attempt sends once. A node that cannot store has to say 503, in words.
func attempt(client *http.Client, addr string, body []byte) (reference string, err error) {
	request, err := http.NewRequest(http.MethodPost, "http://"+addr+node.Path, bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	request.Host = node.Host
	request.Header.Set("Content-Type", "application/json")
	response, err := client.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return "", err
	}
	var answer struct{ Reference, Title, Detail string }
	malformed := json.Unmarshal(text, &answer)
	switch {
	case (response.StatusCode == http.StatusCreated || response.StatusCode == http.StatusOK) && answer.Reference != "":
		return answer.Reference, nil
	case response.StatusCode == http.StatusServiceUnavailable && malformed == nil && answer.Title != "" && answer.Detail != "":
		return "", errUnavailable
	}
	return "", odd{fmt.Errorf("a submission was answered %s: %.300s", response.Status, text)}
}
