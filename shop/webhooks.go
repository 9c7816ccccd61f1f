package shop

import (
	"net/url"
	"slices"
	"strings"

	"recourse/strict"
)

// Webhook is an address that hears what happens to the shop's cases.
type Webhook struct {
	URL     string   `toml:"url"`
	Events  []string `toml:"events"`  // by our names (see WebhookEvents); empty: all
	Secrets string   `toml:"secrets"` // where they are, never themselves: "env:NAME" or "file:PATH"
}

// WebhookEvents are what a webhook can ask for.
var WebhookEvents = []string{"case.received", "case.answered", "case.message", "case.closed", "case.due"}

// Wants reports whether the webhook asked for an event.
func (w Webhook) Wants(event string) bool {
	return len(w.Events) == 0 || slices.Contains(w.Events, event)
}

func (c checker) webhooks() {
	seen := map[string]bool{}
	for i, w := range c.shop.Webhooks {
		key := item("webhooks", i)
		c.required(key+".url", w.URL, "the address that events are sent to")
		if problem, fix := WebhookURL(w.URL); w.URL != "" && problem != "" {
			c.doc.Wrong(key+".url", problem, fix)
		} else if w.URL != "" && seen[w.URL] {
			c.doc.Wrong(key+".url", "this address is named twice", "name all its events in one place")
		}
		seen[w.URL] = true
		c.events(key+".events", w.Events)
		c.secrets(key+".secrets", w.Secrets)
	}
}

func (c checker) events(key string, events []string) {
	if len(events) == 0 && c.doc.Has(key) {
		c.doc.Wrong(key, "no event is named, so nothing would be sent", "leave the key out for all events, or name some of "+strings.Join(WebhookEvents, ", "))
	}
	c.once(key, events)
	for i, name := range events {
		c.choice(item(key, i), name, false, WebhookEvents...)
	}
}

func (c checker) secrets(key, source string) {
	c.required(key, source, `where the secrets are that sign what is sent, for example secrets = "env:RECOURSE_WEBHOOK_SECRETS"`)
	kind, name, _ := strings.Cut(source, ":")
	switch {
	case strings.TrimSpace(source) == "":
	case strings.Contains(source, secretMark):
		c.doc.Wrong(key, "a secret does not belong into this file, which many people see", `keep it elsewhere and make a new one: "env:NAME" or "file:PATH" says where`)
	case kind != "env" && kind != "file" || name == "":
		c.doc.Wrong(key, "it cannot be told where the secrets are", `write "env:NAME" for a variable of the environment or "file:PATH" for a file`)
	case kind == "env" && strings.ContainsFunc(name, notInVariables):
		c.doc.Wrong(key, "no variable of the environment has such a name", "use letters, digits and _, for example env:RECOURSE_WEBHOOK_SECRETS")
	}
}

func notInVariables(r rune) bool {
	return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '_')
}

// secretMark begins every secret of the Standard Webhooks.
const secretMark = "whsec_"

// conceal takes secrets out of mistakes, which end up in the logs of builds: one pasted into any key, and passwords in the
// address of a webhook.
func conceal(mistakes []*strict.Error) {
	for _, e := range mistakes {
		if strings.Contains(e.Value, secretMark) || within(e.Key, "webhooks") && strings.Contains(e.Value, "@") {
			e.Value = ""
		}
	}
}

func within(key, table string) bool { return strings.HasPrefix(key, table+"[") }

// WebhookURL says what is wrong with the address of a webhook; problem is empty where nothing is. What a name leads to is
// checked when a connection is made.
func WebhookURL(address string) (problem, fix string) {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || strings.ContainsFunc(address, unwritten):
		return "this is not a web address", "write it in full, for example https://shop.example/hooks/recourse"
	case u.Scheme != "https":
		return "this address is not encrypted", "begin it with https://"
	case u.User != nil:
		return "there is a name or a password in this address", "drop what stands before the @; receivers know us by the signature"
	case strings.Contains(address, "#"):
		return "what stands after # is never sent", "drop it"
	case !hostName(u.Hostname()):
		return "webhooks go to names of the public internet", "write the host as a full name in ASCII, for example shop.example, not as a number"
	case !slices.Contains([]string{"", "443", "8443"}, u.Port()):
		return "webhooks go to the ports 443 and 8443 only", "drop the port, or let the receiver listen at one of these"
	}
	return "", ""
}

// hostName reports whether a host is a full name. What resolvers take for an IP address in an unusual form (127.1, 0x7f.1,
// 2130706433) ends in a number, as no name does; a name of one word or with a dot at its end is one of the own network.
func hostName(host string) bool {
	labels := strings.Split(strings.ToLower(host), ".")
	for _, label := range labels {
		if label == "" || strings.ContainsFunc(label, notInHosts) {
			return false
		}
	}
	last := labels[len(labels)-1]
	return len(labels) > 1 && last[0] >= 'a'
}

func notInHosts(r rune) bool { return !('a' <= r && r <= 'z' || '0' <= r && r <= '9' || r == '-') }
