package mail

import (
	"regexp"
	"strings"
	"testing"

	texts "recourse/content"
	"recourse/day"
	"recourse/form"
	"recourse/intake/docket"
	"recourse/intake/wording"
	"recourse/law"
	"recourse/locale"
	"recourse/shop"
)

const typed = "Look: https://evil.example\n-- \n<img src=//evil.example>\n{trader}"

// TestLettersOfACase writes every letter in every language, about texts that try to be more than text.
func TestLettersOfACase(t *testing.T) {
	book, err := law.Load()
	if err != nil {
		t.Fatal(err)
	}
	languages, err := locale.Load(texts.FS)
	if err != nil {
		t.Fatal(err)
	}
	house := wording.House{Law: book, Locales: languages}
	for _, language := range languages.Languages() {
		one := &shop.Shop{
			ID: "amber", Name: "Amber", Intake: "https://shop.example/", Publish: "https://shop.example/", Markets: shop.Markets{"DE": {language}},
			Trader: shop.Trader{LegalName: "Amber GmbH", Country: "DE", Email: "service@shop.example"},
		}
		v, err := house.Consumer(one, language+"-DE", noon)
		if err != nil {
			t.Fatal(err)
		}
		for name, m := range lettersOf(t, v) {
			about := language + " " + name
			if m.Subject == "" || !strings.Contains(m.Subject, "4K7Q-2M3X-9TR") || strings.Contains(m.Subject, "evil") {
				t.Errorf("%s: the subject is %q", about, m.Subject)
			}
			for _, want := range []string{"https://shop.example/", "Amber GmbH"} {
				if !strings.Contains(m.Text, want) || !strings.Contains(m.HTML, want) {
					t.Errorf("%s lacks %q:\n%s", about, want, m.Text)
				}
			}
			for _, link := range regexp.MustCompile(`(?:href|src)="([^"]*)"`).FindAllStringSubmatch(m.HTML, -1) {
				if !strings.HasPrefix(link[1], "https://shop.example/") {
					t.Errorf("%s leads to %s", about, link[1])
				}
			}
			if left := regexp.MustCompile(`\{[a-z]+\}`).FindString(strings.ReplaceAll(m.Text, "{trader}", "")); left != "" {
				t.Errorf("%s has nothing for %s", about, left)
			}
		}
	}
}

func lettersOf(t *testing.T, v wording.Voice) map[string]Message {
	t.Helper()
	c := docket.Case{
		Reference: "4K7Q-2M3X-9TR", Shop: "amber", Form: form.Complaint, Locale: v.Locale.Tag(), Received: noon, Values: map[string]string{"email": "anna@example.org"},
		Due: docket.Due{Day: day.Of(2026, 11, 23), Task: docket.Promise}, Rating: 4, Opinion: typed,
	}
	m := docket.Message{ID: 1, Text: typed, Written: noon, Files: make([]docket.File, 2)}
	p := docket.Proposal{ID: 1, Remedy: "repair", Text: typed, Made: noon, Decided: noon, Decision: docket.Accepted}
	refused := p
	refused.Decision = docket.Refused
	links := Links{Status: "https://shop.example/status/x"}
	all := make(map[string]Message)
	keep := func(name string) func(Message, error) {
		return func(m Message, err error) {
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			all[name] = m
		}
	}
	keep("answer")(NewAnswer(v, c, m, links))
	keep("proposal")(NewProposal(v, c, p, links))
	keep("withdrawn")(NewWithdrawn(v, c, p, links))
	keep("closing")(NewClosing(v, c, docket.Declined, docket.Letter{Written: noon}, m, links))
	keep("closing without words")(NewClosing(v, c, "accepted", docket.Letter{Written: noon}, docket.Message{}, links))
	for _, event := range []string{docket.EventMessage, docket.EventDecided, docket.EventRated} {
		keep("notice " + event)(NewNotice(v, c, event, m, p))
	}
	keep("notice of a refusal")(NewNotice(v, c, docket.EventDecided, m, refused))
	for event, days := range map[string]int{Soon: 0, Today: 3, Overdue: 4} {
		keep("reminder " + event)(NewReminder(v, c, docket.Letter{Event: event, Written: noon.AddDate(0, 0, days)}))
	}
	for name, m := range all {
		automatic := strings.HasPrefix(name, "notice") || strings.HasPrefix(name, "reminder")
		if m.Auto != automatic {
			t.Errorf("%s: a machine wrote it: %v", name, m.Auto)
		}
		if want := "  -- "; strings.HasPrefix(name, "notice "+docket.EventMessage) && !strings.Contains(m.Text, want) {
			t.Errorf("%s: what the consumer wrote is not set off:\n%s", name, m.Text)
		}
	}
	return all
}

func TestRemindersCountDays(t *testing.T) {
	book, _ := law.Load()
	languages, err := locale.Load(texts.FS)
	if err != nil {
		t.Fatal(err)
	}
	one := &shop.Shop{Intake: "https://shop.example/", Markets: shop.Markets{"DE": {"en"}}, Trader: shop.Trader{Country: "DE"}}
	v, err := wording.House{Law: book, Locales: languages}.Trader(one, "en-DE", noon)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range []struct {
		event string
		due   day.Day
		want  string
	}{
		{Soon, day.Of(2026, 11, 23), "in 3 days"}, {Soon, day.Of(2026, 11, 21), "due tomorrow"}, {Today, day.Of(2026, 11, 20), "due today"},
		{Overdue, day.Of(2026, 11, 19), "due yesterday"}, {Overdue, day.Of(2026, 11, 10), "overdue for 10 days"},
	} {
		m, err := NewReminder(v, docket.Case{Due: docket.Due{Day: r.due, Task: docket.Answer, Statute: "§ 1", Silence: law.SilenceAccepts}}, docket.Letter{Event: r.event, Written: noon})
		if err != nil || !strings.Contains(m.Text, r.want) || !strings.Contains(m.Text, "§ 1") || !strings.Contains(m.Text, "counts as accepted") {
			t.Errorf("%s on %v: %v\n%s\nwant %q, the statute, and what silence means", r.event, r.due, err, m.Text, r.want)
		}
		if ahead := strings.Contains(m.Text, "If you do not answer by then"); ahead != (r.event != Overdue) {
			t.Errorf("%s on %v: what silence means is told of a day ahead: %v\n%s", r.event, r.due, ahead, m.Text)
		}
	}
}
