package docket

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"strconv"
	"time"
)

// What happened, besides the names of states.
const (
	EventReceived = "received"
	EventAnswer   = "answer"  // the trader wrote to the consumer
	EventMessage  = "message" // the consumer wrote
	EventNote     = "note"
	EventProposed = "proposed"
	EventDecided  = "decided" // Detail is a Decision
	EventRated    = "rated"
	EventMarked   = "marked" // quarantine: Detail is "suspect" or "sound"
	EventDue      = "due"    // a date is near: told, and in no history
	EventHold     = "hold"   // legal hold: Detail is "on" or "off"
	EventBounced  = "bounced"
	EventUnmailed = "unmailed" // a letter was given up
)

// Event is a line in the history of a case. Events are only added; each is chained to the one before by its hash.
type Event struct {
	Seq     int // from 1, without gaps
	What    string
	Outcome Outcome // of a closing
	Actor   string  // login of the trader's user; empty: the consumer or the program
	Detail  string  // short fixed words, never what somebody typed
	About   int64   // id of the message or proposal
	Digest  string  // of what it is about: a changed text is found by it
	At      time.Time
	Hash    string // hexadecimal, see Chain
}

// Chain is the hash of an event that follows the one with the hash previous ("" for the first) in the history of a case. It
// needs the server's key: who can write to the database and has no key cannot make a history that fits.
func Chain(key []byte, reference, previous string, e Event) string {
	h := hmac.New(sha256.New, key)
	for _, part := range []string{"recourse event 1", reference, previous, strconv.Itoa(e.Seq), e.What, string(e.Outcome), e.Actor, e.Detail,
		strconv.FormatInt(e.About, 10), e.Digest, e.At.UTC().Format(time.RFC3339Nano)} {
		io.WriteString(h, strconv.Itoa(len(part))+":"+part)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// DigestText is the digest of a message or proposal.
func DigestText(parts ...string) string {
	h := sha256.New()
	for _, p := range parts { // lengths keep "ab","c" apart from "a","bc"
		io.WriteString(h, strconv.Itoa(len(p))+":"+p)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Digest of a message: who wrote what, and which files came with it.
func (m Message) Digest() string {
	parts := []string{string(m.Side), m.Author, m.Text}
	for _, f := range m.Files {
		parts = append(parts, f.Name, f.Sum)
	}
	return DigestText(parts...)
}

// Digest of a proposal, without what became of it.
func (p Proposal) Digest() string { return DigestText(string(p.Remedy), p.Author, p.Text) }
