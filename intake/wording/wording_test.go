package wording

import (
	"testing"
	"time"

	"recourse/content"
	"recourse/intake/docket"
	"recourse/law"
	"recourse/locale"
	"recourse/shop"
)

// Mails and receipts name the pages where they are published: on the domain of the locale.
func TestPageOfDomain(t *testing.T) {
	languages, err := locale.Load(content.FS)
	if err != nil {
		t.Fatal(err)
	}
	book, err := law.Load()
	if err != nil {
		t.Fatal(err)
	}
	s := &shop.Shop{
		ID: "two", Trader: shop.Trader{Country: "DE"}, Markets: shop.Markets{"DE": {"de"}, "AT": {"de"}}, Website: "https://shop.example", Publish: "https://shop.example/legal/",
		Domains: shop.Domains{"AT": "https://shop.example.at/recht/"}, Websites: shop.Domains{"AT": "https://shop.example.at"},
	}
	const seen = "returns/2026-03-01/e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
	house := House{Law: book, Locales: languages}
	for _, c := range []struct{ locale, page, website, seen string }{
		{"de-DE", "https://shop.example/legal/de-DE/disputes", "https://shop.example", "https://shop.example/legal/de-DE/returns/versions/2026-03-01/"},
		{"de-AT", "https://shop.example.at/recht/de-AT/disputes", "https://shop.example.at", "https://shop.example.at/recht/de-AT/returns/versions/2026-03-01/"},
		{"en-AT", "https://shop.example/legal/de-DE/disputes", "https://shop.example", ""}, // no longer served
	} {
		consumer, err := house.Consumer(s, c.locale, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		if got := consumer.Page("disputes"); got != c.page || consumer.Shop.Website != c.website {
			t.Errorf("%s: %s and %s, want %s and %s", c.locale, got, consumer.Shop.Website, c.page, c.website)
		}
		trader, err := house.Trader(s, c.locale, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		for who, voice := range map[string]Voice{"consumer": consumer, "trader": trader} {
			text := voice.Seen(docket.Case{Locale: c.locale, Seen: seen})
			if text == nil || text.Href != c.seen {
				t.Errorf("the text that the %s of %s is shown is at %+v, want %s", who, c.locale, text, c.seen)
			}
		}
	}
}
