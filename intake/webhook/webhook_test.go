package webhook

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"recourse/day"
	"recourse/form"
	"recourse/intake/docket"
	"recourse/shop"
)

func mustParse(t testing.TB, text string) Secrets {
	t.Helper()
	s, err := ParseSecrets(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func signed(t *testing.T, secrets Secrets, id string, at time.Time, body string) http.Header {
	t.Helper()
	h := http.Header{}
	if err := secrets.sign(h, id, at, []byte(body)); err != nil {
		t.Fatal(err)
	}
	return h
}

// The example that the libraries of the Standard Webhooks are tested with.
func TestSEC37Vector(t *testing.T) {
	h := signed(t, mustParse(t, secret), "msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), `{"test": 2432232314}`)
	want := http.Header{
		"Webhook-Id": {"msg_p5jXN8AQM9LWM0D4loKWxJek"}, "Webhook-Timestamp": {"1614265330"},
		"Webhook-Signature": {"v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="},
	}
	if fmt.Sprint(h) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", h, want)
	}
}

// While a receiver changes from one secret to the other, what is sent holds for both.
func TestSEC37Rotation(t *testing.T) {
	older, newer := NewSecret(), NewSecret()
	body := `{"type":"webhook.test"}`
	h := signed(t, mustParse(t, newer+"\n"+older), NewID(), time.Now(), body)
	if n := len(strings.Fields(h.Get("webhook-signature"))); n != 2 {
		t.Errorf("%d signatures", n)
	}
	for name, secrets := range map[string]string{"older": older, "newer": newer, "both": older + " " + newer} {
		if err := mustParse(t, secrets).Verify(h, []byte(body)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	h = signed(t, mustParse(t, newer), NewID(), time.Now(), body)
	if mustParse(t, older).Verify(h, []byte(body)) == nil {
		t.Error("the older secret still holds when it was taken away")
	}
}

func TestSEC37Replay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		secrets, body := mustParse(t, secret), "{}"
		h := signed(t, secrets, NewID(), time.Now(), body)
		time.Sleep(5 * time.Minute)
		if err := secrets.Verify(h, []byte(body)); err != nil {
			t.Errorf("within five minutes: %v", err)
		}
		time.Sleep(time.Second)
		if secrets.Verify(h, []byte(body)) == nil {
			t.Error("a replay after five minutes is taken")
		}
		if secrets.Verify(signed(t, secrets, NewID(), time.Now().Add(6*time.Minute), body), []byte(body)) == nil {
			t.Error("a time to come is taken")
		}
	})
}

func TestSEC37Tampered(t *testing.T) {
	secrets, body := mustParse(t, secret), `{"a":1}`
	for name, change := range map[string]func(http.Header) string{
		"body":         func(http.Header) string { return `{"a":2}` },
		"id":           func(h http.Header) string { h.Set("webhook-id", "msg_other"); return body },
		"time":         func(h http.Header) string { h.Set("webhook-timestamp", fmt.Sprint(time.Now().Unix()+1)); return body },
		"no time":      func(h http.Header) string { h.Del("webhook-timestamp"); return body },
		"no id":        func(h http.Header) string { h.Del("webhook-id"); return body },
		"no signature": func(h http.Header) string { h.Del("webhook-signature"); return body },
		"empty":        func(h http.Header) string { h.Set("webhook-signature", "v1,"); return body },
		"other version": func(h http.Header) string {
			h.Set("webhook-signature", "v2"+h.Get("webhook-signature")[2:])
			return body
		},
		"another secret": func(h http.Header) string {
			h.Set("webhook-signature", signed(t, mustParse(t, NewSecret()), h.Get("webhook-id"), time.Now(), body).Get("webhook-signature"))
			return body
		},
	} {
		h := signed(t, secrets, NewID(), time.Now(), body)
		if err := secrets.Verify(h, []byte(body)); err != nil {
			t.Fatalf("%s, before: %v", name, err)
		}
		if secrets.Verify(h, []byte(change(h))) == nil {
			t.Errorf("%s: the change was not noticed", name)
		}
	}
	if (Secrets{}).Verify(signed(t, secrets, NewID(), time.Now(), body), []byte(body)) == nil {
		t.Error("without secrets everything holds")
	}
}

func TestSEC37SecretsAreChecked(t *testing.T) {
	short, long := "whsec_"+strings.Repeat("A", 28), "whsec_"+strings.Repeat("A", 88)
	for _, text := range []string{"", "  \n", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_", short, long, "whsec_***", secret + "," + secret, secret + " " + secret + " " + secret, "whsk_" + secret[6:]} {
		s, err := ParseSecrets(text)
		if err == nil || len(s.signers) > 0 {
			t.Errorf("%q is taken", text)
		}
		for _, field := range strings.Fields(text) {
			if code := strings.TrimPrefix(field, prefix); err != nil && len(code) > 3 && strings.Contains(err.Error(), code) {
				t.Errorf("the error shows the secret: %v", err)
			}
		}
	}
	if one, other := NewSecret(), NewSecret(); one == other || len(mustParse(t, one).signers) != 1 {
		t.Error("new secrets are not new, or not in the right form")
	}
	d := Delivery{NewID(), "https://shop.example/", Secrets{}, Event{}}
	if err := NewSender(Options{}).Send(t.Context(), d); !errors.Is(err, ErrRefused) {
		t.Errorf("without a secret: %v", err)
	}
}

func TestSEC37SecretsAreNotPrinted(t *testing.T) {
	s := mustParse(t, secret)
	key := string([]byte{0x31, 0xf2, 0x90, 0xf6}) // the first bytes of it
	data, err := json.Marshal(s)
	for _, text := range []string{fmt.Sprint(s), fmt.Sprintf("%+v %#v", s, s), fmt.Sprintf("%+v", Delivery{Secrets: s}), string(data)} {
		for _, part := range []string{key, "31f290f6", "49 242 144", "MfKQ"} {
			if strings.Contains(text, part) || err != nil {
				t.Errorf("printed as %s, %v", text, err)
			}
		}
	}
}

func TestReadSecrets(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "secrets")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("HOOKS", secret)
	write(NewSecret() + "\n" + secret + "\n")
	for source, want := range map[string]int{"env:HOOKS": 1, "file:secrets": 2, "file:" + file: 2} {
		if s, err := ReadSecrets(source, dir); err != nil || len(s.signers) != want {
			t.Errorf("%s: %d secrets, %v", source, len(s.signers), err)
		}
	}
	write(secret) // a change holds at once
	if s, err := ReadSecrets("file:secrets", dir); err != nil || len(s.signers) != 1 {
		t.Errorf("after a change: %d secrets, %v", len(s.signers), err)
	}
	write("password of somebody")
	t.Setenv("OTHER", "password of somebody")
	for _, source := range []string{"file:secrets", "file:none", "file:/dev/zero", "file:.", "env:OTHER", "env:UNSET_BY_ALL", "env:", "vault:x", secret} {
		_, err := ReadSecrets(source, dir)
		if err == nil || strings.Contains(err.Error(), "password") {
			t.Errorf("%s: %v", source, err)
		}
	}
}

func TestSend(t *testing.T) {
	at := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	type request struct {
		header http.Header
		method string
		body   []byte
	}
	var got request
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = request{r.Header, r.Method + " " + r.URL.String(), body}
		w.WriteHeader(http.StatusAccepted)
	}))
	defer server.Close()
	d := delivery(t, server.URL+"/hooks?a=b")
	d.Event = About(Closed, &shop.Shop{ID: "bernstein", Intake: "https://shop.example/legal/"}, docket.Case{
		Reference: "4K7Q-2M3X-9TR", Form: form.Complaint, State: docket.Closed, Due: docket.Due{Day: day.Of(2026, 12, 5)},
		Values: map[string]string{"name": "Ada", "email": "ada@consumer.example", "description": "broken"},
	}, at.In(time.FixedZone("", 3600)))
	if err := local(Options{Now: func() time.Time { return at.Add(time.Hour) }}).Send(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	want := `{"type":"case.closed","timestamp":"2026-11-21T12:00:00Z","data":{"shop":"bernstein","reference":"4K7Q-2M3X-9TR","form":"complaint",` +
		`"state":"closed","due":"2026-12-05","inbox_url":"https://shop.example/legal/inbox/cases/4K7Q-2M3X-9TR"}}`
	if string(got.body) != want {
		t.Errorf("got  %s\nwant %s", got.body, want)
	}
	h := signed(t, d.Secrets, d.ID, at.Add(time.Hour), want) // the time of the attempt, not of the event
	for _, name := range []string{"webhook-id", "webhook-timestamp", "webhook-signature"} {
		if got.header.Get(name) != h.Get(name) {
			t.Errorf("%s: %s, want %s", name, got.header.Get(name), h.Get(name))
		}
	}
	if got.method != "POST /hooks?a=b" || got.header.Get("Content-Type") != "application/json" {
		t.Errorf("got %s %s", got.method, got.header.Get("Content-Type"))
	}
}

// retryAfter asks as the outbox does.
func retryAfter(err error) time.Duration {
	var later interface{ RetryAfter() time.Duration }
	if errors.As(err, &later) {
		return later.RetryAfter()
	}
	return 0
}

func TestAnswers(t *testing.T) {
	at := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		status int
		after  string
		final  bool
		wait   time.Duration
	}{
		{400, "", false, 0}, {401, "", false, 0}, {404, "", false, 0}, {410, "", true, 0}, {410, "60", true, 0},
		{429, "120", false, 2 * time.Minute}, {429, "", false, 0}, {429, "Sat, 21 Nov 2026 12:03:00 GMT", false, 3 * time.Minute},
		{429, "Sat, 21 Nov 2020 12:03:00 GMT", false, 0}, {429, "-5", false, 0}, {429, "soon", false, 0}, {429, "99999999999999999999", false, 0},
		{429, "2000000000", false, 4 * time.Hour}, {500, "", false, 0}, {503, "30", false, 30 * time.Second}, {304, "", false, 0},
	} {
		t.Run(fmt.Sprint(c.status, c.after), func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if c.after != "" {
					w.Header().Set("Retry-After", c.after)
				}
				w.WriteHeader(c.status)
			}))
			defer server.Close()
			err := local(Options{Now: func() time.Time { return at }}).Send(t.Context(), delivery(t, server.URL))
			if err == nil || errors.Is(err, ErrRefused) != c.final || errors.Is(err, ErrGone) != c.final || retryAfter(err) != c.wait {
				t.Errorf("%v, wait %v", err, retryAfter(err))
			}
		})
	}
	for _, status := range []int{200, 201, 202, 204, 299} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(status) }))
		if err := local(Options{}).Send(t.Context(), delivery(t, server.URL)); err != nil {
			t.Errorf("%d: %v", status, err)
		}
		server.Close()
	}
}

// What is not the receiver's answer is worth another attempt.
func TestNetworkTroubleIsNotFinal(t *testing.T) {
	server := httptest.NewServer(nil)
	server.Close()
	for name, err := range map[string]error{
		"nobody listens": local(Options{}).Send(t.Context(), delivery(t, server.URL)),
		"no such name":   NewSender(Options{resolver: names(t, nil)}).Send(t.Context(), delivery(t, "https://hooks.example/")),
	} {
		if err == nil || errors.Is(err, ErrRefused) || retryAfter(err) != 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	if err := local(Options{}).Send(stopped, delivery(t, server.URL)); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
}

// A shop's file and the program have the same events.
func TestTypes(t *testing.T) {
	var own []string
	for _, one := range []Type{Received, Answered, Message, Closed, Due} {
		own = append(own, string(one))
	}
	if !slices.Equal(own, shop.WebhookEvents) {
		t.Errorf("%v here, %v there", own, shop.WebhookEvents)
	}
}

// Nothing a visitor wrote, and no host that a request named, is in an event.
func TestSEC25EventsHaveTheConfiguredAddress(t *testing.T) {
	s := &shop.Shop{ID: "bernstein", Name: "Bernstein", Intake: "https://shop.example/legal/"}
	c := docket.Case{Reference: "4K7Q-2M3X-9TR", Page: "https://evil.example/", Values: map[string]string{"name": "Ada Consumer", "email": "ada@consumer.example"}}
	for _, e := range []Event{About(Received, s, c, time.Now()), Trial(s, time.Now())} {
		data, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range []string{"Ada", "consumer.example", "evil.example"} {
			if strings.Contains(string(data), word) {
				t.Errorf("%s is in %s", word, data)
			}
		}
	}
	if got := About(Received, s, c, time.Now()).Data.InboxURL; got != "https://shop.example/legal/inbox/cases/4K7Q-2M3X-9TR" {
		t.Error(got)
	}
}

// A receiver in Go.
func ExampleSecrets_Verify() {
	secrets, err := ParseSecrets(secret)
	if err != nil {
		panic(err)
	}
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 64<<10))
		if err != nil || secrets.Verify(r.Header, body) != nil {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		var event Event
		if err := json.Unmarshal(body, &event); err == nil {
			fmt.Println(event.Type, event.Data.Shop)
		}
		w.WriteHeader(http.StatusNoContent)
	}))
	defer receiver.Close()
	event := Trial(&shop.Shop{ID: "bernstein"}, time.Now())
	err = NewSender(Options{Allow: loopback}).Send(context.Background(), Delivery{NewID(), receiver.URL, secrets, event})
	fmt.Println(err)
	// Output:
	// webhook.test bernstein
	// <nil>
}
