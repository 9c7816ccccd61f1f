package check

import (
	"slices"
	"strings"
	"testing"

	"recourse/day"
	"recourse/law"
	"recourse/shop"
)

var today = day.Of(2026, 11, 20)

// sound is a German shop about which there is nothing to complain.
func sound() *shop.Shop {
	return &shop.Shop{
		ID: "bernstein", Name: "Bernsteinladen",
		Trader: shop.Trader{LegalName: "Bernstein Handels GmbH", Address: []string{"Hafenstraße 12"}, Country: "DE",
			Email: "service@bernstein.example", Phone: "+49 381 5550100", Staff: 14},
		Website: "https://bernstein.example", Publish: "https://bernstein.example/legal/", Intake: "https://bernstein.example/legal/",
		Markets:  shop.Markets{"DE": {"de", "en"}},
		Returns:  shop.Returns{Cost: shop.CostConsumer},
		Disputes: shop.Disputes{Participation: shop.ParticipationNo},
		Privacy:  shop.Privacy{RetentionMonths: 36},
	}
}

func mediator(country string) shop.Body {
	return shop.Body{Name: "CM2C", Address: []string{"14 rue Saint Jean", "75017 Paris"}, URL: "https://body.example", Country: country}
}

func TestRun(t *testing.T) {
	tests := []struct {
		name   string
		change func(*shop.Shop)
		want   []string // every error and warning: level, where, words of the text
	}{
		{"sound", func(s *shop.Shop) {}, nil},
		{"no intake", func(s *shop.Shop) { s.Intake = "" },
			[]string{"error intake: no withdrawal function", "error intake: markets DE"}},
		{"no intake, two markets", func(s *shop.Shop) { s.Intake = ""; s.Markets["PL"] = []string{"pl"} },
			[]string{"error intake: markets DE, PL"}},
		{"no intake where no law asks for it", func(s *shop.Shop) { s.Intake = ""; s.Markets = shop.Markets{"CH": {"de"}} }, nil},
		{"ten days for returns", func(s *shop.Shop) { s.Returns.Days = 10 },
			[]string{"error returns.days: 10 days are fewer than the 14 that the law of Germany gives"}},
		{"fourteen days for returns", func(s *shop.Shop) { s.Returns.Days = 14 }, nil},
		{"ten days where there is no law", func(s *shop.Shop) { s.Returns.Days = 10; s.Markets = shop.Markets{"CH": {"de"}} }, nil},
		{"France without mediator", func(s *shop.Shop) { s.Markets["FR"] = []string{"fr"} },
			[]string{"error disputes.bodies: France asks every shop to have joined a dispute body"}},
		{"France with mediator", func(s *shop.Shop) {
			s.Markets["FR"] = []string{"fr"}
			s.Disputes.Bodies = []shop.Body{mediator("FR")}
		}, nil},
		{"mediator for another country", func(s *shop.Shop) {
			s.Markets["FR"] = []string{"fr"}
			s.Disputes.Bodies = []shop.Body{mediator("DE")}
		}, []string{"error disputes.bodies: France asks every shop to have joined"}},
		{"mediator without address", func(s *shop.Shop) {
			s.Markets["FR"] = []string{"fr"}
			b := mediator("FR")
			b.Address = nil
			s.Disputes.Bodies = []shop.Body{b}
		}, []string{"error disputes.bodies: France asks for the postal address of CM2C"}},
		{"takes part, body elsewhere", func(s *shop.Shop) {
			s.Disputes = shop.Disputes{Participation: shop.ParticipationYes, Bodies: []shop.Body{mediator("AT")}}
		}, []string{"error disputes.bodies: names no body for Germany"}},
		{"takes part, body everywhere", func(s *shop.Shop) {
			s.Disputes = shop.Disputes{Participation: shop.ParticipationObliged, Bodies: []shop.Body{mediator("")}}
		}, nil},
		{"no stance", func(s *shop.Shop) { s.Disputes.Participation = "" },
			[]string{"error disputes.participation: it is not said"}},
		{"staff not given", func(s *shop.Shop) { s.Trader.Staff = 0 },
			[]string{"warning trader.staff: above 10 the law of Germany"}},
		{"Czechia names its residual body", func(s *shop.Shop) { s.Markets["CZ"] = []string{"cs"} }, nil},
		{"Portugal", func(s *shop.Shop) { s.Markets["PT"] = []string{"pt"} },
			[]string{"warning markets.PT: Livro de Reclamações"}},
		{"Romania", func(s *shop.Shop) { s.Markets["RO"] = []string{"ro"} },
			[]string{"warning markets.RO: pictogram"}},
		{"country without law", func(s *shop.Shop) { s.Markets["US"] = []string{"en"} },
			[]string{"error markets.US: does not know the consumer law"}},
		{"language without texts", func(s *shop.Shop) { s.Markets["DE"] = []string{"de", "hu"} },
			[]string{`error markets.DE: there are no texts in "hu"`}},
		{"language without official label", func(s *shop.Shop) { s.Markets["DE"] = []string{"de", "uk"} },
			[]string{`error markets.DE: no official words in "uk"`}},
		{"language nobody there speaks", func(s *shop.Shop) { s.Markets["PL"] = []string{"en"} },
			[]string{"warning markets.PL: in none of its languages (pl)"}},
		{"promise beyond the Polish clock", func(s *shop.Shop) {
			s.Markets["PL"] = []string{"pl"}
			s.Complaints.AnswerDays = 21
		}, []string{"error complaints.answer_days: 21 days are more than the law of Poland allows (14 days)"}},
		{"promise beyond the Czech clock for defects", func(s *shop.Shop) {
			s.Markets["CZ"] = []string{"cs"}
			s.Complaints.AnswerDays = 31
		}, []string{"warning complaints.answer_days: 31 days are more than the law of Czechia allows (30 days)"}},
		{"promise within the clock", func(s *shop.Shop) {
			s.Markets["PL"] = []string{"pl"}
			s.Complaints.AnswerDays = 14
		}, nil},
		{"guarantee that gives nothing", func(s *shop.Shop) { s.Guarantee.Months = 24 },
			[]string{"warning guarantee.months: gives customers in Germany nothing"}},
		{"guarantee that gives something", func(s *shop.Shop) { s.Guarantee.Months = 36 }, nil},
		{"no retention", func(s *shop.Shop) { s.Privacy.RetentionMonths = 0 },
			[]string{"warning privacy.retention_months: how long cases are kept"}},
		{"own machine", func(s *shop.Shop) { s.Publish = "http://localhost:8080/legal/" },
			[]string{"warning publish: only be opened on this machine"}},
	}
	book := load(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := sound()
			tt.change(s)
			compare(t, Run(s, book, []string{"cs", "de", "en", "fr", "it", "pl", "pt", "ro", "uk"}, today), tt.want)
		})
	}
}

// compare wants each line of want in one finding, and no error or warning beside them.
func compare(t *testing.T, found []Finding, want []string) {
	t.Helper()
	matched := map[int]bool{}
	for _, w := range want {
		head, words, _ := strings.Cut(w, ": ")
		i := slices.IndexFunc(found, func(f Finding) bool {
			return string(f.Level)+" "+f.Where == head && strings.Contains(f.Text, words)
		})
		if i < 0 {
			t.Errorf("no finding %q in %v", w, found)
		}
		matched[i] = true
	}
	for i, f := range found {
		if f.Level != Info && !matched[i] {
			t.Errorf("unexpected: %s", f)
		}
		if f.Text == "" || f.Fix == "" || f.Where == "" {
			t.Errorf("finding says too little: %+v", f)
		}
	}
}

func TestBeforeTheFunctionWasDue(t *testing.T) {
	s := sound()
	s.Intake = ""
	for _, f := range Run(s, load(t), []string{"de", "en"}, day.Of(2026, 6, 18)) {
		if f.Where == "intake" {
			t.Errorf("one day before Art 11a applies: %s", f)
		}
	}
}

func TestUnverifiedFactsAreNamed(t *testing.T) {
	var text string
	for _, f := range Run(sound(), load(t), []string{"de", "en"}, today) {
		if f.Level == Info && strings.HasPrefix(f.Text, "not verified for Germany") {
			text = f.Text
		}
	}
	if !strings.Contains(text, "time to answer complaints") || strings.Contains(text, "right of withdrawal") {
		t.Errorf("unverified facts of Germany: %q", text)
	}
}

// What Recourse does itself is not asked of the shop, as long as the shop uses that part of it.
func TestElementsLeftToTheShop(t *testing.T) {
	const (
		button = "continuing obligations"
		stance = "can be declared in an individual case"
		login  = "work without login"
	)
	for intake, want := range map[string][]string{"https://bernstein.example/legal/": {button}, "": {button, login}} {
		s := sound()
		s.Intake = intake
		var texts string
		for _, f := range Run(s, load(t), []string{"de", "en"}, today) {
			if f.Where == "markets.DE" {
				texts += f.Text + "\n"
			}
		}
		for _, words := range []string{button, stance, login} {
			if got := strings.Contains(texts, words); got != slices.Contains(want, words) {
				t.Errorf("intake %q: asks for %q: %t", intake, words, got)
			}
		}
	}
}

// What is said of the statement agrees with the pages on disputes: a small trader who takes no part makes none.
func TestSmallTrader(t *testing.T) {
	s := sound()
	s.Trader.Staff = 10
	i := slices.IndexFunc(Run(s, load(t), []string{"de", "en"}, today), func(f Finding) bool {
		return f.Where == "disputes.participation" && f.Level == Info && strings.Contains(f.Fix, "leave the statement out")
	})
	if i < 0 {
		t.Error("ten staff: it is not said that the pages leave the statement out")
	}
}

func TestOldLawIsSaid(t *testing.T) {
	count := 0
	for _, f := range Run(sound(), load(t), []string{"de", "en"}, day.Of(2027, 11, 21)) {
		if strings.Contains(f.Text, "was last reviewed on 2026-11-20") {
			count++
		}
	}
	if count != 1 {
		t.Errorf("a year and a day after the review %d findings say so, want 1", count)
	}
}

func TestOrderAndPrint(t *testing.T) {
	s := sound()
	s.Markets = shop.Markets{"DE": {"de"}, "PT": {"pt"}, "FR": {"fr"}}
	found := Run(s, load(t), []string{"de", "fr", "pt"}, today)
	for i := 1; i < len(found); i++ {
		if rank(found[i-1].Level) > rank(found[i].Level) {
			t.Errorf("%s comes before %s", found[i-1], found[i])
		}
	}
	if n := Errors(found); n != 1 {
		t.Errorf("Errors() = %d, want 1 (the French mediator)", n)
	}
	var out strings.Builder
	if err := Print(&out, found[:1]); err != nil {
		t.Fatal(err)
	}
	want := "error    disputes.bodies: France asks every shop to have joined a dispute body and to name it " +
		"(art. L.612-1, L.616-1 et R.616-1 Code de la consommation)\n" +
		"         -> add the body you have a contract with, with country = \"FR\"; only you know which one that is\n"
	if out.String() != want {
		t.Errorf("Print wrote\n%s\nwant\n%s", out.String(), want)
	}
}

func load(t *testing.T) *law.Book {
	t.Helper()
	b, err := law.Load()
	if err != nil {
		t.Fatal(err)
	}
	return b
}
