package inbox

import (
	"strings"
	"testing"

	"recourse/content"
	"recourse/intake/docket"
	"recourse/intake/mail"
	"recourse/intake/wording"
	"recourse/locale"
	"recourse/shop"
)

func TestWhy(t *testing.T) {
	languages, err := locale.Load(content.FS)
	if err != nil {
		t.Fatal(err)
	}
	english, err := languages.Locale("en-DE")
	if err != nil {
		t.Fatal(err)
	}
	v := wording.Voice{Shop: &shop.Shop{}, Locale: english}
	for _, c := range []struct {
		delivery docket.Delivery
		said     string
		attempts int
		want     string
	}{
		{docket.Failed, "", 0, "too many acknowledgements"},
		{docket.Failed, "hand a letter to the mail server: connection refused", 37, "Delivery was tried for five days"},
		{docket.Failed, mail.ErrRefused.Error() + ": (code 550 5.1.1)", 1, "does not exist or takes no email. (code 5.1.1)"},
		{docket.Failed, mail.ErrRefused.Error() + ": (code 550 )", 1, "refused the email. (code 550)"},
		{docket.Failed, mail.ErrRefused.Error(), 1, "refused the email."},
		{docket.Bounced, "5.2.2", 1, "mailbox is full. (code 5.2.2)"},
		{docket.Bounced, "Status: 5.2.1 after 3 attempts", 1, "mailbox takes no email. (code 5.2.1)"},
		{docket.Bounced, "5.7.26 unauthenticated", 1, "does not let this sender"},
		{docket.Bounced, "4.4.1", 1, "could not be reached"},
		{docket.Bounced, "", 1, "refused the email."},
	} {
		got := why(v, docket.Letter{Kind: docket.Acknowledgement, Delivery: c.delivery, Error: c.said, Attempts: c.attempts})
		if !strings.Contains(got, c.want) {
			t.Errorf("%s %q: %q, want %q", c.delivery, c.said, got, c.want)
		}
	}
}
