package intake

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"recourse/form/markup"
	"recourse/intake/mail"
	"recourse/intake/spam"
)

// judge looks for signs of an automatic sender. What comes of it is a mark and nothing else, see package spam.
func (s *Server) judge(r *http.Request, d *declaration) {
	review, took := s.review(d)
	d.Verdict = spam.Judge(spam.Look{
		Values: d.values, Trapped: d.Inputs[markup.Trap] != "", Review: review, Took: took, Agent: r.UserAgent(),
		Network: s.limit.count(s.networkKey(r, d)), Mailbox: s.limit.count(mailboxKey(d)), Shops: s.shopsWith(d),
	})
}

// remember counts a submission that was stored, for those that come after it.
func (s *Server) remember(r *http.Request, d *declaration) {
	text, here := textKeys(d)
	if text != "" && s.limit.count(here) == 0 {
		s.limit.note(text, here)
	}
	s.limit.note(s.networkKey(r, d), mailboxKey(d))
}

func (s *Server) networkKey(r *http.Request, d *declaration) string {
	return "network " + s.limit.client(r) + " " + d.shop.ID
}

// mailboxKey is the same for all spellings of an address.
func mailboxKey(d *declaration) string {
	address, err := mail.Address(d.values["email"])
	if err != nil {
		address = d.values["email"]
	}
	return "mailbox " + strings.ToLower(address)
}

// textKeys stand for a text and for a text in this shop; empty where there is too little to compare.
func textKeys(d *declaration) (text, here string) {
	if text = spam.Text(d.values); text == "" {
		return "", ""
	}
	return "text " + text, "text in " + d.shop.ID + " " + text
}

// shopsWith is how many shops got the text of a declaration in the last hour, this one included.
func (s *Server) shopsWith(d *declaration) int {
	text, here := textKeys(d)
	if text == "" {
		return 1
	}
	n := s.limit.count(text)
	if s.limit.count(here) == 0 {
		n++
	}
	return n
}

// count is how often a key was noted in the last hour. Half an hour into a new one, half of the one before counts.
func (l limiter) count(key string) int {
	_, rate, err := l.lately.Status(key)
	if err != nil { // counts in memory do not fail
		return 0
	}
	return int(math.Round(rate))
}

func (l limiter) note(keys ...string) {
	window := time.Now().UTC().Truncate(time.Hour)
	for _, key := range keys {
		l.lately.Counter().Increment(key, window)
	}
}

// stamp is the time at which a review was drawn, signed for its form. The review of a page without a script is the one
// thing drawn here before something is sent: all other pages lie ready as files, for everybody the same.
func (s *Server) stamp(d *declaration) string {
	at := strconv.FormatInt(s.config.Now().UnixMilli(), 36)
	return at + "." + s.signature(d, at)
}

func (s *Server) signature(d *declaration, at string) string {
	m := hmac.New(sha256.New, s.config.Key)
	m.Write([]byte("review\x00" + d.shop.ID + "\x00" + d.ID + "\x00" + at))
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil)[:16])
}

// review tells how a declaration came past its review and how long that took. A stamp never expires: who reads slowly,
// or confirms tomorrow, is a person.
func (s *Server) review(d *declaration) (spam.Review, time.Duration) {
	if d.Step != "send" {
		return spam.NoReview, 0
	}
	at, signature, _ := strings.Cut(d.Stamp, ".")
	drawn, err := strconv.ParseInt(at, 36, 64)
	if err != nil || !hmac.Equal([]byte(signature), []byte(s.signature(d, at))) {
		return spam.Skipped, 0
	}
	return spam.Reviewed, s.config.Now().Sub(time.UnixMilli(drawn))
}
