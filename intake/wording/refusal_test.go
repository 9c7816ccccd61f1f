package wording

import (
	"strings"
	"testing"
	"time"

	"recourse/content"
	"recourse/law"
	"recourse/locale"
	"recourse/shop"
)

// TestRefusal: who is named depends on where consumer and trader are, and on what the trader has said; nobody is named whom the law data
// does not name.
func TestRefusal(t *testing.T) {
	languages, err := locale.Load(content.FS)
	if err != nil {
		t.Fatal(err)
	}
	book, err := law.Load()
	if err != nil {
		t.Fatal(err)
	}
	house := House{Law: book, Locales: languages}
	mediator := shop.Body{Name: "Médiateur Dupont", URL: "https://mediateur.example", Form: "https://mediateur.example/form", Country: "FR"}
	for _, c := range []struct {
		about            string
		consumer, trader string
		stance           shop.Participation
		bodies           []shop.Body
		has, lacks       []string
	}{
		{"at home", "DE", "DE", "no", nil, []string{"Universalschlichtungsstelle des Bundes", "does not take part", "https://www.bundesjustizamt.de/"}, []string{"European Consumer Centre"}},
		{"across a border: the body is that of the trader's country", "PL", "DE", "no", nil,
			[]string{"Universalschlichtungsstelle des Bundes", "European Consumer Centre", "does not take part"}, []string{"Inspekcji Handlowej"}},
		{"the trader of a country with two bodies", "AT", "AT", "no", nil, []string{"These bodies", "Internet Ombudsstelle", "https://www.verbraucherschlichtung.at"}, nil},
		{"every trader names a body", "CZ", "DE", "no", nil, []string{"Unless the law obliges it to", "https://adr.coi.cz", "Štěpánská 15\n120 00 Praha 2"}, []string{"Universalschlichtungsstelle"}},
		{"a body for members only", "NL", "NL", "no", nil, []string{"does not take part"}, []string{"Geschillencommissie", "competent"}},
		{"nothing verified is competent", "IT", "IT", "no", nil, []string{"does not take part"}, []string{"competent", "RisolviOnline", "Camere"}},
		{"the trader's own mediator", "FR", "FR", "obliged", []shop.Body{mediator}, []string{"is obliged to", "Médiateur Dupont\nhttps://mediateur.example\nhttps://mediateur.example/form"}, nil},
		{"a mediator for another country", "DE", "FR", "yes", []shop.Body{mediator}, []string{"takes part"}, []string{"Dupont"}},
		{"outside the EEA, and the trader takes no part", "GB", "DE", "no", nil, nil, []string{"out-of-court", "body"}},
		{"outside the EEA, and the trader takes part", "CH", "DE", "yes", []shop.Body{{Name: "Ombud", URL: "https://ombud.example"}}, []string{"takes part", "https://ombud.example"}, []string{"European Consumer Centre"}},
	} {
		s := &shop.Shop{
			Trader:  shop.Trader{LegalName: "Amber", Country: c.trader},
			Markets: shop.Markets{c.consumer: {"en"}}, Publish: "https://shop.example/", Disputes: shop.Disputes{Participation: c.stance, Bodies: c.bodies},
		}
		v, err := house.Consumer(s, "en-"+c.consumer, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		text := strings.Join(house.Refusal(v, time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)), "\n\n")
		for _, want := range c.has {
			if !strings.Contains(text, want) {
				t.Errorf("%s: it lacks %q:\n%s", c.about, want, text)
			}
		}
		for _, not := range c.lacks {
			if strings.Contains(text, not) {
				t.Errorf("%s: it has %q:\n%s", c.about, not, text)
			}
		}
		if odr := "ec.europa.eu/consumers/odr"; strings.Contains(text, odr) {
			t.Errorf("%s: it names a platform that is closed", c.about)
		}
	}
}
