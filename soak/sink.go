package main

import (
	"errors"
	"io"
	"net"
	netmail "net/mail"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-smtp"

	"recourse/soak/node"
)

// mood is how a mail server behaves.
type mood string

const (
	well      mood = "well"
	slow      mood = "slow"
	busy      mood = "4xx after RCPT"
	full      mood = "4xx after DATA"
	stern     mood = "5xx after RCPT"
	forgetful mood = "drop after DATA"
	down      mood = "down"
)

// act is a mood for a share of a round.
type act struct {
	mood  mood
	share float64
}

// script is what a mail server does in turn.
var script = []act{
	{well, .25}, {slow, .10}, {well, .10}, {busy, .05}, {well, .10}, {full, .05}, {well, .10}, {stern, .02}, {well, .08}, {forgetful, .05}, {well, .05}, {down, .05},
}

// round is how long the script takes.
const round = 20 * time.Second

// delivery is a letter that has reached a mail server whole.
type delivery struct {
	id, to  string
	node    int
	at      time.Time
	dropped bool // the server never said that it has it
}

// sink is a mail server with a door for each node, so that it knows who calls.
type sink struct {
	addrs []string
	taken []chan struct{} // somebody who waits for a letter at a door learns that there is one

	mu         sync.Mutex
	mood       mood
	servers    []*smtp.Server
	deliveries []delivery
	refused    map[string]bool // recipients refused for good
	moods      map[mood]int    // letters met by each mood
}

func newSink(nodes int) (*sink, error) {
	s := &sink{mood: well, refused: map[string]bool{}, moods: map[mood]int{}}
	for range nodes {
		addr, err := node.FreeAddr()
		if err != nil {
			return nil, err
		}
		s.addrs, s.taken = append(s.addrs, addr), append(s.taken, make(chan struct{}))
	}
	return s, s.open()
}

// url is where a node sends its letters.
func (s *sink) url(node int) string { return "smtp://" + s.addrs[node] + "?tls=none" }

func (s *sink) open() error {
	for i, addr := range s.addrs {
		l, err := net.Listen("tcp", addr)
		if err != nil {
			return err
		}
		server := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) { return &session{sink: s, node: i, conn: c}, nil }))
		server.ErrorLog = silence{}
		s.servers = append(s.servers, server)
		go server.Serve(l)
	}
	return nil
}

type silence struct{}

func (silence) Printf(string, ...any) {}
func (silence) Println(...any)        {}

func (s *sink) close() {
	for _, server := range s.servers {
		server.Close()
	}
	s.servers = nil
}

// turn changes the mood.
func (s *sink) turn(to mood) (err error) {
	s.mu.Lock()
	from := s.mood
	s.mood = to
	s.mu.Unlock()
	switch {
	case to == down && from != down:
		s.close()
	case to != down && from == down:
		err = s.open()
	}
	return err
}

func (s *sink) now() mood {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.mood
}

type session struct {
	sink *sink
	node int
	conn *smtp.Conn
	to   string
}

func (s *session) Reset()                               { s.to = "" }
func (s *session) Logout() error                        { return nil }
func (s *session) Mail(string, *smtp.MailOptions) error { return nil }
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = to
	switch s.sink.meet() {
	case busy:
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "come back later"}
	case stern:
		s.sink.refuse(to)
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "nobody of that name"}
	}
	return nil
}

// meet counts a letter under the mood it finds.
func (s *sink) meet() mood {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.moods[s.mood]++
	return s.mood
}

func (s *sink) refuse(to string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refused[to] = true
}

// slowness is how long a slow server thinks about a letter.
const slowness = 300 * time.Millisecond

func (s *session) Data(r io.Reader) error {
	now := s.sink.now()
	m, err := netmail.ReadMessage(r)
	if err == nil {
		_, err = io.Copy(io.Discard, m.Body)
	}
	if err != nil { // the caller is gone
		return err
	}
	if now == full {
		return &smtp.SMTPError{Code: 452, EnhancedCode: smtp.EnhancedCode{4, 3, 1}, Message: "no room for it just now"}
	}
	// It has arrived, whatever becomes of the answer.
	s.sink.take(delivery{strings.Trim(m.Header.Get("Message-ID"), "<>"), s.to, s.node, time.Now(), now == forgetful})
	switch now {
	case slow:
		time.Sleep(slowness)
	case forgetful:
		s.conn.Conn().Close()
		return errors.New("the connection was dropped")
	}
	return nil
}

func (s *sink) take(d delivery) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.deliveries = append(s.deliveries, d)
	select {
	case s.taken[d.node] <- struct{}{}:
	default:
	}
}
