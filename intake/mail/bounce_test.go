package mail

import (
	"errors"
	"strings"
	"testing"
)

// report is a delivery status notification; the cases change lines of it.
const report = `Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@mail.example>
To: service@shop.example
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

This is a MIME-encapsulated message.

--b1
Content-Type: text/plain; charset=us-ascii

The mail system could not deliver your message.

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example
Arrival-Date: Fri, 20 Nov 2026 12:03:00 +0000

Final-Recipient: rfc822; anna@example.org
Action: failed
Status: 5.1.1 (no such user anna@example.org)
Diagnostic-Code: smtp; 550 5.1.1 <anna@example.org>: Recipient address rejected

--b1
Content-Type: message/rfc822

From: service@shop.example
Message-ID: <4K7Q-2M3X-9TR.acknowledgement@shop.example>
Subject: Received

Dear customer,
--b1--
`

func TestReadBounce(t *testing.T) {
	const id = "4K7Q-2M3X-9TR.acknowledgement@shop.example"
	for about, c := range map[string]struct {
		change []string // from, to, …
		want   Bounce
		reason string
	}{
		"a report":                     {nil, Bounce{id, "5.1.1"}, "there is no such mailbox (5.1.1)"},
		"line ends of mail":            {[]string{"\n", "\r\n"}, Bounce{id, "5.1.1"}, ""},
		"headers only":                 {[]string{"message/rfc822\n", "text/rfc822-headers\n", "\n\nDear customer,", ""}, Bounce{id, "5.1.1"}, ""},
		"a name in other letters":      {[]string{"Message-ID", "Message-Id", "delivery-status; b", "DELIVERY-STATUS; b", "failed", "Failed"}, Bounce{id, "5.1.1"}, ""},
		"a full mailbox":               {[]string{"5.1.1 (no such user anna@example.org)", "5.2.2"}, Bounce{id, "5.2.2"}, "the mailbox is full (5.2.2)"},
		"a status nobody understands":  {[]string{"Status: 5.1.1", "Status: anna@example.org"}, Bounce{id, "5.0.0"}, "the mail server of the recipient sent it back (5.0.0)"},
		"a letter that comes later":    {[]string{"failed", "delayed"}, Bounce{}, ""},
		"a letter that was delivered":  {[]string{"failed", "delivered"}, Bounce{}, ""},
		"no letter is named":           {[]string{"Message-ID:", "X-Other:"}, Bounce{}, ""},
		"an ordinary message":          {[]string{"multipart/report; report-type=delivery-status", "multipart/mixed"}, Bounce{}, ""},
		"a report of reading":          {[]string{"report-type=delivery-status", "report-type=disposition-notification"}, Bounce{}, ""},
		"a report that was cut off":    {[]string{report[strings.Index(report, "Reporting-MTA"):], ""}, Bounce{}, ""},
		"nothing":                      {[]string{report, ""}, Bounce{}, ""},
		"an unknown charset in a part": {[]string{"charset=us-ascii", "charset=x-unknown"}, Bounce{id, "5.1.1"}, ""},
	} {
		got, err := ReadBounce(strings.NewReader(strings.NewReplacer(c.change...).Replace(report)))
		if c.want == (Bounce{}) {
			if !errors.Is(err, ErrNoBounce) {
				t.Errorf("%s: %+v, %v", about, got, err)
			}
			continue
		}
		if err != nil || got != c.want {
			t.Errorf("%s: %+v, %v; want %+v", about, got, err, c.want)
		}
		if c.reason != "" && got.Reason() != c.reason {
			t.Errorf("%s: %q; want %q", about, got.Reason(), c.reason)
		}
	}
}

func FuzzReadBounce(f *testing.F) {
	f.Add(report)
	f.Fuzz(func(t *testing.T, text string) {
		b, err := ReadBounce(strings.NewReader(text))
		if err == nil && (b.MessageID == "" || strings.Trim(b.Status, "0123456789.") != "") {
			t.Errorf("%+v", b)
		}
	})
}
