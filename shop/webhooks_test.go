package shop

import (
	"strings"
	"testing"
)

func TestWebhooks(t *testing.T) {
	s := withDomains(t, `[[webhooks]]
url = "https://shop.example:8443/hooks?key=1"
events = ["case.closed"]
secrets = "file:secrets/webhooks"
[[webhooks]]
url = "https://xn--bcher-kva.example/hooks"
secrets = "env:RECOURSE_WEBHOOK_SECRETS"`)
	if len(s.Webhooks) != 2 {
		t.Fatalf("got %+v", s.Webhooks)
	}
	one, all := s.Webhooks[0], s.Webhooks[1]
	if !one.Wants("case.closed") || one.Wants("case.received") || !all.Wants("case.received") {
		t.Error("events are not those that were asked for")
	}
}

// The example in a new shop's file is right once its # are taken away.
func TestTemplateWebhooks(t *testing.T) {
	s := uncommented(t, "[[webhooks]]", `url = "https://shop.example/hooks`, "events = [", "secrets = ")
	if len(s.Webhooks) != 1 {
		t.Fatalf("got %+v", s)
	}
	text := string(Template("my-shop", "My shop"))
	for _, event := range WebhookEvents {
		if !strings.Contains(text, event) {
			t.Errorf("the template does not name %s", event)
		}
	}
}

// uncommented is a new shop's file with the # of some lines taken away.
func uncommented(t *testing.T, lines ...string) *Shop {
	t.Helper()
	text := string(Template("my-shop", "My shop"))
	for _, line := range lines {
		if !strings.Contains(text, "\n# "+line) {
			t.Fatalf("the template lacks %s", line)
		}
		text = strings.ReplaceAll(text, "\n# "+line, "\n"+line)
	}
	s, err := Parse("shop.toml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}
