package spam_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"recourse/intake/spam"
)

const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

// anna is a withdrawal as people send it.
func anna(change func(*spam.Look)) spam.Look {
	l := spam.Look{Agent: firefox, Values: map[string]string{"name": "Anna Kowalska", "contract": "A-1", "email": "anna@example.org"}}
	change(&l)
	return l
}

func with(l *spam.Look, field, value string) {
	l.Values = maps.Clone(l.Values)
	l.Values[field] = value
}

func TestSEC40_PeopleAreNotKeptApart(t *testing.T) {
	for about, change := range map[string]func(*spam.Look){
		"nothing remarkable":                  func(*spam.Look) {},
		"the hidden input filled by software": func(l *spam.Look) { l.Trapped = true },
		"a quick press":                       func(l *spam.Look) { l.Review, l.Took = spam.Reviewed, time.Second },
		"no browser, a shop's own program":    func(l *spam.Look) { l.Agent = "" },
		"an office on a busy day":             func(l *spam.Look) { l.Network = 500 },
		"sent again and again in despair":     func(l *spam.Look) { l.Mailbox = 9 },
		"an advice centre's template":         func(l *spam.Look) { l.Shops = 40 },
		"five products by their addresses": func(l *spam.Look) {
			with(l, "comment", strings.Repeat("https://shop.example/lamp ", 5))
		},
		"a whole history in links":    func(l *spam.Look) { with(l, "comment", strings.Repeat("http://x.example ", 9)) },
		"the order as an address":     func(l *spam.Look) { with(l, "contract", "https://shop.example/orders/1") },
		"a script and name of others": func(l *spam.Look) { with(l, "name", "Олена Ґудзь") },
		"an office's quick clicker behind one address": func(l *spam.Look) {
			l.Network, l.Review, l.Took = 500, spam.Reviewed, time.Second
		},
	} {
		if v := spam.Judge(anna(change)); v.Quarantine() {
			t.Errorf("%s: kept apart with %d for %v", about, v.Score, v.Signs)
		}
	}
}

func TestSEC40_ProgramsAreKeptApart(t *testing.T) {
	for about, change := range map[string]func(*spam.Look){
		"fills everything at once": func(l *spam.Look) { l.Trapped, l.Review = true, spam.Skipped },
		"fills everything, and clicks like nobody": func(l *spam.Look) {
			l.Trapped, l.Review, l.Took = true, spam.Reviewed, 100*time.Millisecond
		},
		"advertises":              func(l *spam.Look) { with(l, "comment", strings.Repeat("[url=https://pills.example]x[/url] ", 5)) },
		"a link as its name":      func(l *spam.Look) { l.Agent = "python-requests/2"; with(l, "name", "win now https://x.example") },
		"a link, to all shops":    func(l *spam.Look) { l.Shops = 3; with(l, "comment", strings.Repeat("http://x.example ", 5)) },
		"buries somebody in mail": func(l *spam.Look) { l.Agent, l.Mailbox, l.Network = "curl/8", 9, 99 },
		"one text for all, by itself": func(l *spam.Look) {
			l.Agent, l.Shops = "Go-http-client/1.1", 9
		},
	} {
		if v := spam.Judge(anna(change)); !v.Quarantine() {
			t.Errorf("%s: not kept apart with %d for %v", about, v.Score, v.Signs)
		}
	}
}

// TestSEC40_NoSignAloneIsEnough also keeps names stable and told apart.
func TestSEC40_NoSignAloneIsEnough(t *testing.T) {
	var names []string
	for _, s := range spam.Signs {
		if s.Weight < 1 || s.Weight >= spam.Threshold || s.Reason == "" || slices.Contains(names, s.Name) {
			t.Errorf("sign %q has weight %d and reason %q", s.Name, s.Weight, s.Reason)
		}
		names = append(names, s.Name)
	}
	want := "trap quick unreviewed agent links links-many link-in-name markup name-again network mailbox many-shops"
	if got := strings.Join(names, " "); got != want {
		t.Errorf("the signs are %s\nwant %s: names are stored", got, want)
	}
}

func TestSEC40_TextsToCompare(t *testing.T) {
	long := "The lamp arrived broken and nobody answers my mails."
	a := spam.Text(map[string]string{"name": "A", "description": long})
	b := spam.Text(map[string]string{"name": "B", "description": "  the LAMP arrived\nbroken and nobody answers my mails."})
	if a == "" || a != b {
		t.Errorf("%q and %q should be one text", a, b)
	}
	if got := spam.Text(map[string]string{"description": "Broken."}); got != "" {
		t.Errorf("%q is compared", got)
	}
}
