package inbox

import (
	"regexp"
	"slices"
	"strings"

	"recourse/intake/docket"
	"recourse/intake/mail"
	"recourse/intake/wording"
)

// status finds an enhanced status code (RFC 3463) or the plain one of SMTP in what an attempt said.
var status = regexp.MustCompile(`\b[245]\.\d{1,3}\.\d{1,3}\b|\b[45]\d\d\b`)

// reasons that are told in words, by the second half of the code.
var reasons = []struct{ code, key string }{
	{".1.", "address"}, {".2.2", "full"}, {".2.", "mailbox"}, {".3.4", "size"}, {".4.", "network"}, {".7.", "policy"},
}

// why says in words why a letter was given up or came back, with the code for those who know it.
func why(v wording.Voice, l docket.Letter) string {
	if l.Attempts == 0 && l.Delivery == docket.Failed {
		return v.Text("inbox.why.throttled")
	}
	code := ""
	for _, found := range status.FindAllString(l.Error, -1) {
		if code == "" || strings.Contains(found, ".") {
			code = found
		}
	}
	if code == "" {
		return v.Text("inbox.why." + without(l))
	}
	key := "refused"
	if i := slices.IndexFunc(reasons, func(r struct{ code, key string }) bool { return strings.Contains(code, r.code) }); i >= 0 {
		key = reasons[i].key
	}
	return v.Text("inbox.why.code", named("why", v.Text("inbox.why."+key)), named("code", code))
}

// without a code, what is known is whether the server said no or nobody answered in time.
func without(l docket.Letter) string {
	if l.Delivery == docket.Bounced || strings.Contains(l.Error, mail.ErrRefused.Error()) {
		return "refused"
	}
	return "time"
}

// called is what a letter is about, in words.
func called(v wording.Voice, l docket.Letter) string {
	if key := "inbox.letter.answer." + l.Event; l.Kind == docket.Reply && v.Locale.Has(key) {
		return v.Text(key)
	}
	return v.Text("inbox.letter." + string(l.Kind))
}

// toConsumer tells whether a letter goes to the consumer.
func toConsumer(l docket.Letter) bool {
	return l.Kind == docket.Acknowledgement || l.Kind == docket.Reply
}

// delivery says how far a letter has come.
func delivery(v wording.Voice, l docket.Letter) string {
	switch {
	case l.Delivery == docket.Queued && l.Attempts > 0:
		return v.Text("inbox.case.mail.delayed", named("moment", v.Moment(l.Next)))
	case l.Delivery == docket.Failed && !toConsumer(l):
		return v.Text("inbox.mail.failed") + " " + why(v, l)
	case l.Delivery == docket.Failed || l.Delivery == docket.Bounced:
		return v.Text("inbox.case.mail."+string(l.Delivery), named("moment", v.Moment(l.Done))) + " " + why(v, l)
	}
	return v.Text("inbox.case.mail."+string(l.Delivery), named("moment", v.Moment(l.Done)))
}
