// Package docket is what the intake knows of a case: what was sent, when it is due, what was written since, and the
// letters that go out. Types and rules only; storing, mailing and showing are done by the packages beside it.
package docket

import (
	"errors"
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
	Outcome     Outcome // only of closed cases
	Suspect     bool    // has signs of an automatic sender
	Repeat      bool    // the same address sent the same form to the shop on the same day
	Undelivered bool    // a letter of the case could not be delivered
	Files       []File
}

// Email is the consumer's address, as typed.
func (c Case) Email() string { return c.Values["email"] }

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

// Message is what the trader wrote to the consumer.
type Message struct {
	ID      int64
	Text    string
	Written time.Time
}

// Event is a line in the history of a case.
type Event struct {
	What    string // "received", "answered", or a State
	Outcome Outcome
	At      time.Time
}

// Kind of a letter.
type LetterKind string

const (
	Acknowledgement LetterKind = "acknowledgement"
	Copy            LetterKind = "copy"
	Reply           LetterKind = "answer"
)

// Delivery is how far a letter has come.
type Delivery string

const (
	Queued  Delivery = "queued"
	Sent    Delivery = "sent"    // taken by the mail server
	Written Delivery = "written" // no mail server is set up: kept as a file
	Failed  Delivery = "failed"  // given up
)

// Letter is an e-mail to be sent. Addresses are checked before they get here. Text and HTML are emptied once the
// letter is out: what was sent is in the case, and a database that leaks should hold no status links.
type Letter struct {
	ID        int64
	Case      int64
	Kind      LetterKind
	MessageID string // without angle brackets; the same in every attempt
	From      string // the trader's address, where the mail server has no other sender
	Sender    string // display name of the sender
	To        string
	ReplyTo   string
	Subject   string
	Text      string
	HTML      string
	Written   time.Time // date of the letter
	Delivery  Delivery
	Attempts  int       // so far
	Next      time.Time // earliest next attempt
	Done      time.Time // when it was sent, written or given up
}
