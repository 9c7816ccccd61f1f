package intake

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"recourse/intake/docket"
	"recourse/intake/webhook"
	"recourse/shop"
)

// receiver is a program of the trader's that listens to webhooks.
type receiver struct {
	status int
	events []webhook.Event
	ids    []string
	raw    string
}

func (x *receiver) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	var e webhook.Event
	if json.Unmarshal(body, &e) == nil && x.status/100 == 2 {
		x.events, x.ids, x.raw = append(x.events, e), append(x.ids, r.Header.Get("webhook-id")), x.raw+string(body)
	}
	w.WriteHeader(x.status)
}

// listening opens a desk whose shop tells the receiver about some events.
func (x *receiver) listening(t *testing.T, events ...string) *desk {
	t.Helper()
	server := httptest.NewServer(x)
	t.Cleanup(server.Close)
	t.Setenv("HOOK", webhook.NewSecret())
	return open(t, t.TempDir(), func(c *Config) {
		c.Shops[0].Webhooks = []shop.Webhook{{URL: server.URL, Events: events, Secrets: "env:HOOK"}}
		c.Webhooks.Allow = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	})
}

func (d *desk) sendAll(t *testing.T) {
	t.Helper()
	for d.worker.Round(t.Context()) {
	}
}

func TestWebhooksTellWhatHappens(t *testing.T) {
	x := &receiver{status: 204}
	d := x.listening(t)
	if w := d.post(withdrawal(t, uuid.NewString())); w.Code != http.StatusCreated {
		t.Fatal(w.Body)
	}
	c := d.cases(t)[0]
	for i, m := range []docket.Message{{Side: docket.Trader, Text: "marker one", Nonce: "1"}, {Side: docket.Consumer, Text: "marker two", Nonce: "2"}, {Side: docket.Note, Text: "marker three", Nonce: "3"}} {
		m.Written = d.now.Add(time.Duration(i) * time.Second)
		_, err := d.store.Write(t.Context(), c, m, nil)
		must(t, err)
	}
	must(t, d.store.Change(t.Context(), c, docket.Closed, "accepted", "", d.now, nil))
	d.now = d.now.Add(time.Minute)
	d.sendAll(t)
	var got []string
	seen := map[string]bool{}
	for i, e := range x.events {
		got = append(got, string(e.Type))
		seen[x.ids[i]] = true
		if e.Data.Reference != c.Reference || e.Data.Shop != "amber" {
			t.Errorf("event %+v", e)
		}
	}
	if s := strings.Join(got, " "); s != "case.received case.answered case.message case.closed" || len(seen) != 4 {
		t.Errorf("told: %s, with %d ids", s, len(seen))
	}
	for _, marker := range []string{"marker", "anna@example.org", "Anna"} {
		if strings.Contains(x.raw, marker) {
			t.Errorf("%q is told", marker)
		}
	}
}

func TestWebhooksAreTriedAgainWithTheSameID(t *testing.T) {
	x := &receiver{status: 503}
	d := x.listening(t, "case.received")
	d.post(withdrawal(t, uuid.NewString()))
	d.sendAll(t)
	letters, err := d.store.Letters(t.Context(), d.cases(t)[0].ID)
	must(t, err)
	if l := letters[2]; l.Kind != docket.Hook || l.Attempts != 1 || l.Delivery != docket.Queued || !strings.Contains(l.Error, "503") {
		t.Errorf("after a failure the letter is %+v", l)
	}
	x.status = 200
	d.now = d.now.Add(time.Hour)
	d.sendAll(t)
	if len(x.ids) != 1 || x.ids[0] != letters[2].MessageID {
		t.Errorf("told with the ids %v; want %s", x.ids, letters[2].MessageID)
	}
}

func TestWebhookThatIsGoneIsAskedNoMore(t *testing.T) {
	x := &receiver{status: 410}
	d := x.listening(t)
	d.post(withdrawal(t, uuid.NewString()))
	d.sendAll(t)
	d.post(withdrawal(t, uuid.NewString()))
	all := d.cases(t)
	for i, want := range []int{3, 2} {
		letters, err := d.store.Letters(t.Context(), all[i].ID)
		must(t, err)
		if len(letters) != want {
			t.Errorf("case %d has %d letters; want %d", i+1, len(letters), want)
		}
	}
}

// TestWebhooksOfAShopThatIsGone wait: a server that serves the shop again, or another one of the database, sends them.
func TestWebhooksOfAShopThatIsGone(t *testing.T) {
	x := &receiver{status: 204}
	d := x.listening(t)
	d.post(withdrawal(t, uuid.NewString()))
	elsewhere := d.config
	elsewhere.Fleet = Fleet{Shops: []*shop.Shop{second(t)}}
	other, err := New(elsewhere)
	must(t, err)
	for other.worker.Round(t.Context()) {
	}
	letters, err := d.store.Letters(t.Context(), d.cases(t)[0].ID)
	must(t, err)
	for _, l := range letters {
		if l.Delivery != docket.Queued {
			t.Errorf("a server of another shop has made the letter %s %s: %s", l.Kind, l.Delivery, l.Error)
		}
	}
	d.now = d.now.Add(time.Hour)
	if d.sendAll(t); len(x.events) != 1 {
		t.Errorf("%d webhooks arrived later; want 1", len(x.events))
	}
}
