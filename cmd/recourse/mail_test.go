package main

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"recourse/intake/docket"
	"recourse/shop"
)

const bounceReport = `From: MAILER-DAEMON@mail.example
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example

Final-Recipient: rfc822; ewa@example.org
Action: failed
Status: 5.1.1

--b
Content-Type: text/rfc822-headers

Message-ID: <%s>

--b--
`

// A letter comes back, is listed, and is tried again.
func TestMailBounceQueueRetry(t *testing.T) {
	for engine := range engines {
		t.Run(engine, func(t *testing.T) {
			k := filled(t, engine, 1)
			bounce := func(text string) (string, error) {
				var out bytes.Buffer
				c := mailBounceCommand{k.vaultFlags()}
				err := c.take(t.Context(), strings.NewReader(text), streams{&out, &out})
				return out.String(), err
			}
			if out, err := bounce(fmt.Sprintf(bounceReport, k.first.Reference+".a@x")); err != nil || !strings.Contains(out, "came back: there is no such mailbox (5.1.1)") {
				t.Fatalf("%q, %v", out, err)
			}
			if out, err := bounce(fmt.Sprintf(bounceReport, "other@x")); err != nil || !strings.Contains(out, "passed over: no letter") {
				t.Errorf("another letter: %q, %v", out, err)
			}
			if out, err := bounce("Subject: hello\n\nhello\n"); err != nil || !strings.Contains(out, "passed over") {
				t.Errorf("another message: %q, %v", out, err)
			}
			v, err := k.vaultFlags().existing(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer v.close()
			if c, err := v.ByReference(t.Context(), k.first.Reference); err != nil || !c.Undelivered {
				t.Errorf("the case is not marked: %v", err)
			}
			out := mustRun(t, append([]string{"mail", "queue"}, k.flags...)...)
			if strings.Count(out, "\n") != 2 || !strings.Contains(out, "bounced") || !strings.Contains(out, "acknowledgement to E…@example.org, shop amber: there is no such mailbox") {
				t.Errorf("the queue is %s", out)
			}
			if strings.Contains(out, "Ewa") {
				t.Error("it names the address")
			}
			if out := mustRun(t, append([]string{"mail", "retry"}, k.flags...)...); out != "1 letter will be tried again\n" { // the copy, which waits
				t.Errorf("it says %s", out)
			}
			letters, err := v.Letters(t.Context(), k.first.ID)
			if err != nil {
				t.Fatal(err)
			}
			mustRun(t, append([]string{"mail", "retry", fmt.Sprint(letters[0].ID)}, k.flags...)...)
			if code, _, errs := command(t, append([]string{"mail", "retry", "999"}, k.flags...)...); code != 1 || !strings.Contains(errs, "letter 999") {
				t.Errorf("status %d, %s", code, errs)
			}
			now := time.Now()
			if got, err := v.Claim(t.Context(), now, now.Add(time.Minute), 9); err != nil || len(got) != 2 || got[0].Delivery != docket.Queued {
				t.Errorf("to be sent: %+v, %v", got, err)
			}
		})
	}
	c := mailBounceCommand{vaultFlags{Data: t.TempDir()}}
	if err := c.take(t.Context(), strings.NewReader(fmt.Sprintf(bounceReport, "a@x")), streams{&bytes.Buffer{}, &bytes.Buffer{}}); status(err, &bytes.Buffer{}) != 75 {
		t.Errorf("without a database the mail server is told %v; want it to try again", err)
	}
}

func TestMailTest(t *testing.T) {
	file := t.TempDir() + "/shop.toml"
	put(t, file, shop.Template("my-shop", "My shop"))
	t.Setenv("RECOURSE_SMTP_URL", "")
	if code, _, errs := command(t, "mail", "test", "me@example.org", "--shop", file); code != 1 || !strings.Contains(errs, "no mail server is set up") {
		t.Errorf("status %d, %s", code, errs)
	}
	t.Setenv("RECOURSE_SMTP_URL", "smtp://user:hunter2@127.0.0.1:1")
	code, out, errs := command(t, "mail", "test", "me@example.org", "--shop", file)
	if code != 1 || !strings.Contains(out, "connection  failed") || !strings.Contains(out, "Nobody answers at port 1.") || strings.Contains(out+errs, "hunter2") {
		t.Errorf("status %d, %s%s", code, out, errs)
	}
	if code, _, errs := command(t, "mail", "test", "nobody", "--shop", file); code != 1 || !strings.Contains(errs, `"nobody"`) {
		t.Errorf("status %d, %s", code, errs)
	}
}
