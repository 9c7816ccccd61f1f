// Package webhook tells other programs of a shop what happens to its cases, by the conventions of the Standard Webhooks.
//
// An event is thin: it says what happened to which case and where to read more, behind the login of the inbox. Nothing that a
// visitor wrote is in it. Every attempt to deliver an event has the same id and a signature of its own.
//
// A Sender connects to public addresses only, whatever the name in the address of a webhook leads to; see guard.
package webhook

import (
	"crypto/rand"
	"strings"
	"time"

	"recourse/intake/docket"
	"recourse/shop"
)

// Type says what happened. Except for Test they are those of shop.WebhookEvents.
type Type string

const (
	Received Type = "case.received" // a case has been stored
	Answered Type = "case.answered" // the trader wrote to the consumer
	Message  Type = "case.message"  // the consumer wrote again
	Closed   Type = "case.closed"
	Due      Type = "case.due"     // the date by which the trader must act is near or has passed
	Test     Type = "webhook.test" // sent on request, about no case
)

// Event is the body of a webhook. Its fields are always there.
type Event struct {
	Type      Type      `json:"type"`
	Timestamp time.Time `json:"timestamp"` // when it happened, not when it was sent
	Data      Data      `json:"data"`
}

// Data is what is said of a case: nothing about the consumer.
type Data struct {
	Shop      string `json:"shop"`
	Reference string `json:"reference"`
	Form      string `json:"form"`
	State     string `json:"state"`
	Due       string `json:"due"`       // "2026-12-05"; empty without such a date
	InboxURL  string `json:"inbox_url"` // below the intake address of the shop's file, whatever host a request named
}

// About is an event of a case.
func About(t Type, s *shop.Shop, c docket.Case, at time.Time) Event {
	return Event{t, at.UTC(), Data{
		Shop: s.ID, Reference: c.Reference, Form: string(c.Form), State: string(c.State), Due: c.Due.Day.String(),
		InboxURL: s.Intake + "inbox/cases/" + c.Reference,
	}}
}

// Trial is an event about no case.
func Trial(s *shop.Shop, at time.Time) Event {
	return Event{Test, at.UTC(), Data{Shop: s.ID}}
}

// NewID draws the id of an event. All attempts to deliver it have the same one, so that receivers know a repeat.
func NewID() string { return "msg_" + rand.Text() }

// validID keeps apart what a signature joins with dots, and lines out of headers.
func validID(id string) bool {
	return id != "" && !strings.ContainsFunc(id, func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '-' || r == '_')
	})
}
