// Package docket is what the intake knows of a case: what was sent, when it is due, what was written since, and the
// letters that go out. Types and rules only; storing, mailing and showing are done by the packages beside it.
package docket

import (
	"errors"
	"slices"
	"time"

	"recourse/day"
	"recourse/form"
	"recourse/law"
)

// ErrNotFound is returned for a case, file or letter that is not there.
var ErrNotFound = errors.New("not found")

// Case is one submission and what became of it.
type Case struct {
	ID          int64
	Shop        string
	Submission  string // UUID made by the visitor's page; with the shop it is the key against doubles
	Digest      string // of everything sent, see Digest
	Reference   string // "4K7Q-2M3X-9TR", see NewReference
	Form        form.Kind
	Locale      string            // "de-AT"
	Page        string            // address of the page the form stood on; empty when not told
	Seen        string            // version of the text of the form's page, as the page told it, see ledger.Seen; empty when not told
	Values      map[string]string // field -> value as typed, normalised
	Received    time.Time         // UTC, microseconds
	Due         Due
	State       State
	Outcome     Outcome   // only of closed cases
	Priority    Priority  // how much is at stake, from the form and the reason
	Score       int       // how much speaks for an automatic sender, see package spam
	Signs       []string  // what the score is made of, by stable names
	Suspect     bool      // in quarantine: the score is high, or the trader has put it there
	Repeat      bool      // the same address sent the same form to the shop on the same day
	Undelivered bool      // an e-mail of the case could not be delivered
	Answered    time.Time // first answer of the trader; zero: none
	Closed      time.Time // last closing; zero: open
	Hold        string    // legal hold: why the case must not be erased; empty: it may
	Rating      int       // 1 to 5, by the consumer after closing; 0: none
	Opinion     string    // in the consumer's words, with the rating
	Files       []File    // those that came with the submission
}

// Email is the consumer's address, as typed.
func (c Case) Email() string { return c.Values["email"] }

// Reason is why the consumer complains; empty for withdrawals.
func (c Case) Reason() string { return c.Values["reason"] }

// State is how far the trader has come.
type State string

const (
	New        State = "new"
	InProgress State = "in-progress"
	Answered   State = "answered"
	Closed     State = "closed"
)

// States in the order in which a case usually passes through them.
var States = []State{New, InProgress, Answered, Closed}

// Outcome is how a closed case ended.
type Outcome string

// Outcomes as they are offered when a case is closed.
var Outcomes = []Outcome{"accepted", "partly", "declined", "retracted", "other"}

// Declined is the outcome on which the trader must name the ADR bodies.
const Declined Outcome = "declined"

// Priority of a case among those with the same due date.
type Priority int

const (
	Low Priority = iota - 1
	Normal
	High
)

// pressing are the reasons for which the consumer has paid and has nothing, or may be in danger.
var pressing = []string{"not-delivered", "refund-missing", "defective"}

// PriorityOf tells how pressing a case is.
func PriorityOf(kind form.Kind, reason string) Priority {
	switch {
	case kind == form.Withdrawal || slices.Contains(pressing, reason):
		return High
	case reason == "service" || reason == "other":
		return Low
	}
	return Normal
}

// Task is what a due date is for.
type Task string

const (
	Refund  Task = "refund"  // money back after a withdrawal
	Answer  Task = "answer"  // an answer that the law asks for
	Promise Task = "promise" // an answer that the shop promises
)

// Due is the date by which the trader must act. The zero Due with Day Unknown means no date.
type Due struct {
	Day     day.Day
	Task    Task
	Statute string      // provision the date rests on; empty for promises and where not verified
	Silence law.Silence // what it means to let the date pass; empty where the law says nothing
}

// File is an attachment. Its bytes lie under ID, never under Name, which is the visitor's.
type File struct {
	ID   string
	Name string
	Type string // media type by content
	Size int64
	Sum  string // SHA-256, hexadecimal
}

// Side is who wrote a message.
type Side string

const (
	Trader   Side = "trader"
	Consumer Side = "consumer"
	Note     Side = "note" // of the trader's people, for themselves: never shown to the consumer
)

// Message is what one side wrote to the other after the submission, or a note of the trader's.
type Message struct {
	ID      int64
	Side    Side
	Author  string // login of the trader's user; empty for the consumer
	Text    string
	Nonce   string // UUID of the page it was written on: the same page sent twice is one message
	Written time.Time
	Files   []File
}

// Remedy is what a proposal offers.
type Remedy string

// Remedies a trader may propose (Directive (EU) 2019/771 Art 13 and what shops offer beyond it).
var Remedies = []Remedy{"repair", "replacement", "price-reduction", "refund", "delivery", "other"}

// Decision is what became of a proposal.
type Decision string

const (
	Open      Decision = "open"
	Accepted  Decision = "accepted"
	Refused   Decision = "refused"
	Withdrawn Decision = "withdrawn" // by the trader, before the consumer decided
)

// Proposal is an offer of the trader that the consumer can accept with one press.
type Proposal struct {
	ID       int64
	Remedy   Remedy
	Text     string
	Author   string // login of the trader's user
	Nonce    string // as of a message
	Made     time.Time
	Decision Decision
	Decided  time.Time // zero while open
}

// Kind of a letter.
type LetterKind string

const (
	Acknowledgement LetterKind = "acknowledgement" // to the consumer: received
	Copy            LetterKind = "copy"            // to the trader: there is a case
	Reply           LetterKind = "answer"          // to the consumer: a message or proposal of the trader
	Notice          LetterKind = "notice"          // to the trader: the consumer wrote or decided
	Reminder        LetterKind = "reminder"        // to the trader: the date is near
	Hook            LetterKind = "webhook"         // to a program of the trader's
)

// Delivery is how far a letter has come.
type Delivery string

const (
	Queued  Delivery = "queued"
	Sent    Delivery = "sent"    // taken by the mail server
	Written Delivery = "written" // no mail server is set up: kept as a file
	Failed  Delivery = "failed"  // given up
	Bounced Delivery = "bounced" // taken, and sent back later
)

// Letter is an e-mail or a webhook on its way. What it says is not stored: it is written from the case when it is sent, so that
// the database holds every word once, and no links to status pages.
type Letter struct {
	ID        int64
	Case      int64
	Shop      string // of the case
	Kind      LetterKind
	About     int64  // id of the message (Reply, Notice) or proposal it is about, 0: the case
	Event     string // what happened, of a Hook, Notice or Reply: an Event's What
	MessageID string // without angle brackets; the same in every attempt
	To        string // address, or of a Hook the URL
	Written   time.Time
	Delivery  Delivery
	Attempts  int       // so far
	Next      time.Time // earliest next attempt
	Done      time.Time // when it was sent, written or given up
	Error     string    // what the last attempt said, without addresses and texts
}
