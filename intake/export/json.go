package export

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"recourse/intake/docket"
	"recourse/intake/store"
)

// Names in the JSON are a contract with whoever reads it: they are added to, never changed.

type jsonCase struct {
	Reference   string            `json:"reference"`
	Shop        string            `json:"shop"`
	Submission  string            `json:"submission"`
	Digest      string            `json:"digest"`
	Form        string            `json:"form"`
	Locale      string            `json:"locale"`
	Page        string            `json:"page"`
	Seen        string            `json:"seen"`
	Fields      map[string]string `json:"fields"`
	Files       []jsonFile        `json:"files"`
	Received    time.Time         `json:"received_at"`
	Due         *jsonDue          `json:"due"`
	State       string            `json:"state"`
	Outcome     string            `json:"outcome"`
	Priority    int               `json:"priority"`
	Score       int               `json:"score"`
	Signs       []string          `json:"signs"`
	Suspect     bool              `json:"suspect"`
	Repeated    bool              `json:"repeated"`
	Undelivered bool              `json:"undelivered"`
	Answered    *time.Time        `json:"answered_at"`
	Closed      *time.Time        `json:"closed_at"`
	Hold        string            `json:"hold"`
	Rating      int               `json:"rating"`
	Opinion     string            `json:"opinion"`
	Messages    []jsonMessage     `json:"messages"`
	Proposals   []jsonProposal    `json:"proposals"`
	Events      []jsonEvent       `json:"events"`
	Letters     []jsonLetter      `json:"letters"`
}

type jsonFile struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Type string `json:"type"`
	Size int64  `json:"size"`
	Sum  string `json:"sha256"`
}

type jsonDue struct {
	Day     string `json:"day"`
	Task    string `json:"task"`
	Statute string `json:"statute"`
	Silence string `json:"silence"`
}

type jsonMessage struct {
	ID      int64      `json:"id"`
	Side    string     `json:"side"`
	Author  string     `json:"author"`
	Text    string     `json:"text"`
	Written time.Time  `json:"written_at"`
	Files   []jsonFile `json:"files"`
}

type jsonProposal struct {
	ID       int64      `json:"id"`
	Remedy   string     `json:"remedy"`
	Text     string     `json:"text"`
	Author   string     `json:"author"`
	Made     time.Time  `json:"made_at"`
	Decision string     `json:"decision"`
	Decided  *time.Time `json:"decided_at"`
}

type jsonEvent struct {
	Seq     int       `json:"seq"`
	What    string    `json:"what"`
	Outcome string    `json:"outcome"`
	Actor   string    `json:"actor"`
	Detail  string    `json:"detail"`
	About   int64     `json:"about"`
	Digest  string    `json:"digest"`
	At      time.Time `json:"at"`
	Hash    string    `json:"hash"`
}

type jsonLetter struct {
	ID        int64      `json:"id"`
	Kind      string     `json:"kind"`
	About     int64      `json:"about"`
	Event     string     `json:"event"`
	MessageID string     `json:"message_id"`
	To        string     `json:"to"`
	Written   time.Time  `json:"written_at"`
	Delivery  string     `json:"delivery"`
	Attempts  int        `json:"attempts"`
	Next      *time.Time `json:"next_at"`
	Done      *time.Time `json:"done_at"`
	Error     string     `json:"error"`
}

// JSON writes cases as one array, one case a line, and says how many.
func JSON(ctx context.Context, w io.Writer, s Source, query docket.Query) (cases int, err error) {
	before := "[\n"
	err = s.EachWhole(ctx, query, func(c store.Whole) error {
		line, err := json.Marshal(newCase(c))
		if err != nil {
			return err
		}
		if _, err := io.WriteString(w, before+string(line)); err != nil {
			return err
		}
		before = ",\n"
		cases++
		return nil
	})
	end := "\n]\n"
	if cases == 0 {
		end = "[]\n"
	}
	if err == nil {
		_, err = io.WriteString(w, end)
	}
	if err != nil {
		return cases, fmt.Errorf("export cases as JSON: %w", err)
	}
	return cases, nil
}

func newCase(c store.Whole) jsonCase {
	out := jsonCase{
		Reference: c.Reference, Shop: c.Shop, Submission: c.Submission, Digest: c.Digest, Form: string(c.Form), Locale: c.Locale, Page: c.Page, Seen: c.Seen,
		Fields: c.Values, Files: newFiles(c.Files), Received: c.Received, State: string(c.State), Outcome: string(c.Outcome), Priority: int(c.Priority),
		Score: c.Score, Signs: append([]string{}, c.Signs...), Suspect: c.Suspect, Repeated: c.Repeat, Undelivered: c.Undelivered,
		Answered: maybe(c.Answered), Closed: maybe(c.Closed), Hold: c.Hold, Rating: c.Rating, Opinion: c.Opinion,
		Messages: []jsonMessage{}, Proposals: []jsonProposal{}, Events: []jsonEvent{}, Letters: []jsonLetter{},
	}
	if d := c.Due.Day.String(); d != "" {
		out.Due = &jsonDue{d, string(c.Due.Task), c.Due.Statute, string(c.Due.Silence)}
	}
	for _, m := range c.Messages {
		out.Messages = append(out.Messages, jsonMessage{m.ID, string(m.Side), m.Author, m.Text, m.Written, newFiles(m.Files)})
	}
	for _, p := range c.Proposals {
		out.Proposals = append(out.Proposals, jsonProposal{p.ID, string(p.Remedy), p.Text, p.Author, p.Made, string(p.Decision), maybe(p.Decided)})
	}
	for _, e := range c.Events {
		out.Events = append(out.Events, jsonEvent{e.Seq, e.What, string(e.Outcome), e.Actor, e.Detail, e.About, e.Digest, e.At, e.Hash})
	}
	for _, l := range c.Letters {
		out.Letters = append(out.Letters, jsonLetter{l.ID, string(l.Kind), l.About, l.Event, l.MessageID, l.To, l.Written, string(l.Delivery), l.Attempts,
			maybe(l.Next), maybe(l.Done), l.Error})
	}
	return out
}

func newFiles(files []docket.File) []jsonFile {
	all := []jsonFile{}
	for _, f := range files {
		all = append(all, jsonFile(f))
	}
	return all
}

// maybe is null where something has not happened.
func maybe(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
