package intake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"recourse/intake/docket"
	"recourse/intake/mail"
)

// postman is a mail server that does as it is told.
type postman struct{ err error }

func (postman) Sends() bool { return true }
func (p *postman) Send(context.Context, mail.Message) (docket.Delivery, error) {
	return docket.Sent, p.err
}

// TestReceiptTellsTheTruthAboutTheMail follows an acknowledgement through everything that can happen to it.
func TestReceiptTellsTheTruthAboutTheMail(t *testing.T) {
	man := &postman{errors.New("connection refused")}
	d := open(t, t.TempDir(), func(c *Config) { c.Mail = man })
	var answer receipt
	must(t, json.Unmarshal(d.post(withdrawal(t, uuid.NewString())).Body.Bytes(), &answer))
	says := func(about, text string) {
		t.Helper()
		page := d.get(strings.TrimPrefix(answer.ReceiptURL, "https://shop.example")).Body.String()
		if !strings.Contains(page, text) {
			t.Errorf("%s: the receipt does not say %q", about, text)
		}
	}
	says("before the first attempt", "is waiting to be sent to anna@example.org")
	for d.worker.Round(t.Context()) {
	}
	says("after a failed attempt", "could not be sent yet. We keep trying for five days.")
	d.now, man.err = noon.Add(2*time.Minute), nil
	for d.worker.Round(t.Context()) {
	}
	says("after it was sent", "was sent to anna@example.org on 20 November 2026, 13:05 CET")

	must(t, json.Unmarshal(d.post(withdrawal(t, uuid.NewString())).Body.Bytes(), &answer))
	man.err = fmt.Errorf("mailbox unknown: %w", mail.ErrRefused)
	for d.worker.Round(t.Context()) {
	}
	says("after it was refused", "could not be sent. Save or print this page as your proof.")
	cookie := d.login(t)
	if page := d.get("/inbox/", cookie).Body.String(); !strings.Contains(page, "Email could not be delivered") {
		t.Error("the inbox does not show that a letter could not be delivered")
	}
}

func TestReceiptInTheTimeOfTheShop(t *testing.T) {
	d := open(t, t.TempDir())
	d.now = time.Date(2026, 7, 31, 22, 30, 0, 0, time.UTC) // half past midnight, in summer
	var answer receipt
	must(t, json.Unmarshal(d.post(withdrawal(t, uuid.NewString())).Body.Bytes(), &answer))
	text := d.get(strings.TrimPrefix(answer.ReceiptURL, "https://shop.example") + "/receipt.txt").Body.String()
	for _, want := range []string{"1 August 2026, 00:30 CEST (UTC+02:00)", "I withdraw from this contract with Amber Trading GmbH:", "  A-1\n", answer.StatusURL, answer.Reference} {
		if !strings.Contains(text, want) {
			t.Errorf("the text lacks %q:\n%s", want, text)
		}
	}
	if strings.Contains(text, "accepted") {
		t.Errorf("the text speaks of accepting:\n%s", text)
	}
}

func TestOverdueIsSaidInWords(t *testing.T) {
	d := open(t, t.TempDir())
	fields := map[string]string{"name": "Ewa", "email": "ewa@example.org", "reason": "late", "description": "x"}
	var answer receipt
	must(t, json.Unmarshal(d.post(body(t, uuid.NewString(), "complaint", fields)).Body.Bytes(), &answer))
	status := strings.TrimPrefix(answer.StatusURL, "https://shop.example")
	const overdue = "This date has passed and the case is still open."
	d.now = time.Date(2026, 12, 4, 22, 59, 0, 0, time.UTC) // the last minute of the last day in Berlin
	if page := d.get(status).Body.String(); strings.Contains(page, overdue) {
		t.Error("the case is overdue on its last day")
	}
	cookie := d.login(t)
	if page := d.get("/inbox/", cookie).Body.String(); !strings.Contains(page, "4 December 2026: today") {
		t.Error("the inbox does not say that the case is due today")
	}
	d.now = d.now.Add(2 * time.Minute)
	if page := d.get(status).Body.String(); !strings.Contains(page, overdue) {
		t.Error("the case is not overdue on the next day")
	}
	if page := d.get("/inbox/", cookie).Body.String(); !strings.Contains(page, "4 December 2026: overdue by 1 day<") {
		t.Error("the inbox does not say by how much the case is overdue")
	}
}
