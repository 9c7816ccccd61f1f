package check

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"recourse/content"
	"recourse/day"
	"recourse/law"
	"recourse/ledger"
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
		Privacy:  shop.Privacy{RetentionMonths: 36}, Retention: shop.Retention{Withdrawal: 36, Complaint: 36},
	}
}

var book = sync.OnceValues(law.Load)

func input(t *testing.T, s *shop.Shop) Input {
	t.Helper()
	book, err := book()
	if err != nil {
		t.Fatal(err)
	}
	languages := []string{"cs", "de", "en", "fr", "it", "pl", "pt", "ro", "uk"}
	return Input{Shop: s, File: "shop.toml", Law: book, Content: content.Overlay(notices(languages), content.FS), Today: today,
		Languages: languages, Secrets: secretsThere}
}

// notices are the official files a sound shop has.
func notices(languages []string) fstest.MapFS {
	all := fstest.MapFS{}
	for _, tag := range languages {
		for _, name := range []string{"harmonised.svg", "fr-encadre-d211-2.txt", "ro-anpc-sal-pictogram.png"} {
			all[tag+"/notices/"+name] = &fstest.MapFile{Data: []byte(name)}
		}
	}
	return all
}

// secretsThere has secrets in one place only.
func secretsThere(source string) error {
	if source == "env:THERE" {
		return nil
	}
	return errors.New(source + " is not set")
}

func check(t *testing.T, in Input) []Finding {
	t.Helper()
	found, err := Run(in)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func texts(string) string { return "texts" }

func mediator(country string) shop.Body {
	return shop.Body{Name: "CM2C", Address: []string{"14 rue Saint Jean", "75017 Paris"}, URL: "https://body.example", Country: country}
}

// always are the findings there is no way around today: no lawyer has looked at facts and texts.
var always = []string{"law-unverified", "law-change", "text-unreviewed", "duty-own"}

func TestRun(t *testing.T) {
	market := func(country string, tags ...string) func(*shop.Shop) {
		return func(s *shop.Shop) { s.Markets[country] = tags }
	}
	tests := []struct {
		name   string
		change func(*shop.Shop)
		want   []string // level, id, market or "-", subject: words of the message
	}{
		{"sound", func(s *shop.Shop) {}, nil},
		{"no intake", func(s *shop.Shop) { s.Intake = "" },
			[]string{"error function-missing DE intake: customers in Germany must be able to withdraw online"}},
		{"no intake, two markets", func(s *shop.Shop) { s.Intake = ""; s.Markets["PL"] = []string{"pl"} },
			[]string{"error function-missing DE intake: Germany", "error function-missing PL intake: Poland"}},
		{"no intake where no law asks for it", func(s *shop.Shop) { s.Intake = ""; s.Markets = shop.Markets{"CH": {"de", "fr", "it", "rm"}} },
			[]string{"note returns-no-right CH returns.days: Switzerland", "error language-no-texts CH markets.CH: Romansh"}},
		{"intake on another host", func(s *shop.Shop) { s.Intake = "https://forms.example/legal/" },
			[]string{"warning intake-elsewhere - intake: pages are at bernstein.example, but what customers send goes to forms.example"}},
		{"ten days for returns", func(s *shop.Shop) { s.Returns.Days = 10 },
			[]string{"error returns-too-short DE returns.days: for 10 days, but the law of Germany gives customers 14 days"}},
		{"fourteen days for returns", func(s *shop.Shop) { s.Returns.Days = 14 }, nil},
		{"ten days where there is no law", func(s *shop.Shop) { s.Returns.Days = 10; s.Markets = shop.Markets{"CH": {"de", "fr", "it"}} },
			[]string{"note language-partial CH markets.CH: Romansh is also spoken in Switzerland"}},
		{"France without mediator", market("FR", "fr"),
			[]string{"error mediator-missing FR disputes.bodies: France asks every shop to have joined a consumer mediator"}},
		{"France with mediator", func(s *shop.Shop) {
			s.Markets["FR"] = []string{"fr"}
			s.Disputes.Bodies = []shop.Body{mediator("FR")}
		}, nil},
		{"mediator for another country", func(s *shop.Shop) {
			s.Markets["FR"] = []string{"fr"}
			s.Disputes.Bodies = []shop.Body{mediator("DE")}
		}, []string{"error mediator-missing FR disputes.bodies: None is named", "warning body-unused - disputes.bodies[0]: CM2C is listed"}},
		{"mediator for every country, shop abroad", func(s *shop.Shop) {
			s.Markets["FR"] = []string{"fr"}
			s.Disputes.Bodies = []shop.Body{mediator("")}
		}, []string{"error mediator-missing FR disputes.bodies: None is named"}},
		{"mediator without address", func(s *shop.Shop) {
			s.Markets["FR"] = []string{"fr"}
			b := mediator("FR")
			b.Address = nil
			s.Disputes.Bodies = []shop.Body{b}
		}, []string{"error body-address FR disputes.bodies: France asks for the postal address of CM2C"}},
		{"takes part, body elsewhere", func(s *shop.Shop) {
			s.Disputes = shop.Disputes{Participation: shop.ParticipationYes, Bodies: []shop.Body{mediator("AT")}}
		}, []string{"error body-missing DE disputes.bodies: names no body for Germany"}},
		{"obliged without a body", func(s *shop.Shop) { s.Disputes = shop.Disputes{Participation: shop.ParticipationObliged} },
			[]string{"error body-missing DE disputes.bodies: names no body for Germany"}},
		{"obliged, body everywhere", func(s *shop.Shop) {
			s.Disputes = shop.Disputes{Participation: shop.ParticipationObliged, Bodies: []shop.Body{mediator("")}}
		}, nil},
		{"takes no part, but lists a body", func(s *shop.Shop) { s.Disputes.Bodies = []shop.Body{mediator("")} },
			[]string{"warning body-unused - disputes.bodies[0]: The pages leave it out"}},
		{"staff not given", func(s *shop.Shop) { s.Trader.Staff = 0 },
			[]string{"warning staff-missing DE trader.staff: With more than 10 people the law of Germany"}},
		{"ten staff", func(s *shop.Shop) { s.Trader.Staff = 10 },
			[]string{"note staff-exempt DE disputes.participation: With 10 people employed"}},
		{"eleven staff", func(s *shop.Shop) { s.Trader.Staff = 11 }, nil},
		{"ten staff, takes part", func(s *shop.Shop) {
			s.Trader.Staff = 10
			s.Disputes = shop.Disputes{Participation: shop.ParticipationYes, Bodies: []shop.Body{mediator("")}}
		}, nil},
		{"Czechia names its residual body", market("CZ", "cs"), nil},
		{"Portugal", market("PT", "pt"), []string{"warning duty-link PT markets.PT: Livro de Reclamações"}},
		{"Romania", market("RO", "ro"), []string{"warning duty-link RO markets.RO: pictogram"}},
		{"country without law", func(s *shop.Shop) { s.Markets["CA"] = []string{"en"} },
			[]string{"error law-missing CA markets.CA: does not know the consumer law of Canada"}},
		{"country without law in a strange language", market("JP", "de"),
			[]string{"error law-missing JP markets.JP: Japan", "warning language-none JP markets.JP: none of its languages (Japanese)"}},
		{"language without texts", market("DE", "de", "tr"), []string{"error language-no-texts DE markets.DE: no texts in Turkish", "error label-missing DE markets.DE: no official words"}},
		{"language without official label", market("DE", "de", "tr"),
			[]string{"error language-no-texts DE markets.DE: no texts", "error label-missing DE markets.DE: no official words for the withdrawal button in Turkish"}},
		{"language with a translated label", market("DE", "de", "uk"), []string{"note label-translated DE markets.DE: the pages show a translation"}},
		{"language nobody there speaks", market("PL", "en"),
			[]string{"warning language-none PL markets.PL: none of its languages (Polish)"}},
		{"one language of two", market("IT", "it"), []string{"note language-partial IT markets.IT: German is also spoken in Italy"}},
		{"promise beyond the Polish clock", func(s *shop.Shop) { s.Markets["PL"] = []string{"pl"}; s.Complaints.AnswerDays = 21 },
			[]string{"error answer-too-slow PL complaints.answer_days: within 21 days, but for complaints the law of Poland allows 14 days"}},
		{"promise beyond the Czech clock for defects", func(s *shop.Shop) { s.Markets["CZ"] = []string{"cs"}; s.Complaints.AnswerDays = 31 },
			[]string{"warning remedy-too-slow CZ complaints.answer_days: for some complaints the law of Czechia allows 30 days"}},
		{"promise within the clock", func(s *shop.Shop) { s.Markets["PL"] = []string{"pl"}; s.Complaints.AnswerDays = 14 }, nil},
		{"guarantee that gives nothing", func(s *shop.Shop) { s.Guarantee.Months = 24 },
			[]string{"warning guarantee-empty DE guarantee.months: gives customers in Germany nothing"}},
		{"guarantee that gives something", func(s *shop.Shop) { s.Guarantee.Months = 36 }, nil},
		{"no retention", func(s *shop.Shop) { s.Privacy.RetentionMonths = 0 },
			[]string{"warning retention-missing - privacy.retention_months: how long complaints and withdrawals are kept"}},
		{"retention by hand", func(s *shop.Shop) { s.Retention = shop.Retention{Attachments: 6} },
			[]string{"note retention-manual - retention: deleted 3 years after they were closed"}},
		{"no telephone", func(s *shop.Shop) { s.Trader.Phone = "" }, []string{"note phone-missing - trader.phone: nobody has verified"}},
		{"telephone for the neighbours", func(s *shop.Shop) { s.Trader.Phone = "0381 5550100"; s.Markets["AT"] = []string{"de"} },
			[]string{"note phone-national - trader.phone: 0381 5550100 has no country code"}},
		{"telephone for the neighbours only", func(s *shop.Shop) { s.Trader.Phone = "0381 5550100" }, nil},
		{"own machine", func(s *shop.Shop) { s.Publish = "http://localhost:8080/legal/"; s.Intake = s.Publish },
			[]string{"warning address-local - publish: localhost", "warning address-local - intake: localhost"}},
		{"a domain without a shop", func(s *shop.Shop) { s.Domains = shop.Domains{"DE": "https://bernstein.example.de/recht/"} },
			[]string{"note website-elsewhere - domains.DE: pages for DE are at bernstein.example.de, but the shop's name on them leads to https://bernstein.example"}},
		{"a domain with a shop", func(s *shop.Shop) {
			s.Domains, s.Websites = shop.Domains{"de-DE": "https://bernstein.example.de/recht/"}, shop.Domains{"DE": "http://localhost:8080/"}
		}, []string{"warning address-local - websites.DE: localhost"}},
		{"a webhook of a shop without an intake", func(s *shop.Shop) {
			s.Webhooks = []shop.Webhook{{URL: "https://shop.example/", Secrets: "env:THERE"}}
			s.Intake = ""
		},
			[]string{"warning webhook-idle - webhooks[0].url: no intake", "error function-missing DE intake: "}},
		{"webhooks, one without secrets", func(s *shop.Shop) {
			s.Webhooks = []shop.Webhook{{URL: "https://shop.example/", Secrets: "env:THERE"}, {URL: "https://shop.example/", Secrets: "env:GONE"}}
		}, []string{"warning webhook-secrets - webhooks[1].secrets: gone is not set"}},
		{"two folders of a domain", func(s *shop.Shop) { s.Domains = shop.Domains{"DE": "https://bernstein.example/recht/"} }, nil},
	}
	seen := map[string]bool{}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := sound()
			tt.change(s)
			found := check(t, input(t, s))
			compare(t, found, tt.want)
			for _, f := range found {
				seen[f.ID] = true
			}
		})
	}
	for _, r := range Rules() {
		if !seen[r.ID] && r != fileWrong && r != lawOld && r != bodyUnknown && !slices.Contains([]Rule{noticeMissing, noticeAltered, noticeOwn, ledgerBroken, textUnpublished, versionToCome}, r) && !strings.HasPrefix(r.ID, "clause-") {
			t.Errorf("no case finds %s", r.ID)
		}
	}
}

// compare wants each line of want in one finding, and nothing beside them and what is always found.
func compare(t *testing.T, found []Finding, want []string) {
	t.Helper()
	matched := map[int]bool{}
	for _, w := range want {
		head, words, _ := strings.Cut(w, ": ")
		i := slices.IndexFunc(found, func(f Finding) bool {
			return head == fmt.Sprintf("%s %s %s %s", f.Level, f.ID, dash(f.Market), f.Subject) &&
				strings.Contains(strings.ToLower(f.Message), strings.ToLower(words))
		})
		if i < 0 {
			t.Errorf("no finding %q in %+v", w, found)
		}
		matched[i] = true
	}
	for i, f := range found {
		if !slices.Contains(always, f.ID) && !matched[i] {
			t.Errorf("unexpected: %+v", f)
		}
		if !strings.HasSuffix(f.Message, ".") || f.Fix == "" || f.Details == nil {
			t.Errorf("finding says too little: %+v", f)
		}
	}
}

func dash(code string) string {
	if code == "" {
		return "-"
	}
	return code
}

// A finding names the statute and the source where the law data has verified them, and only there.
func TestReasons(t *testing.T) {
	tests := []struct {
		id, country     string
		statute, source string // of the finding; a source of "https" stands for any
	}{
		{"function-missing", "DE", "§ 356a BGB", "https"},
		{"function-missing", "PL", "Directive 2011/83/EU Art 11a, inserted by Directive (EU) 2023/2673", "https"}, // national act not verified
		{"returns-too-short", "DE", "", "https"},                                                                  // value verified, section number not
		{"mediator-missing", "FR", "art. L.612-1, L.616-1 et R.616-1 Code de la consommation", "https"},
		{"law-unverified", "DE", "", ""},
		{"phone-missing", "", "", ""},
	}
	s := sound()
	s.Markets["PL"], s.Markets["FR"] = []string{"pl"}, []string{"fr"}
	s.Intake, s.Returns.Days, s.Trader.Phone = "", 10, ""
	found := check(t, input(t, s))
	for _, tt := range tests {
		i := slices.IndexFunc(found, func(f Finding) bool { return f.ID == tt.id && f.Market == tt.country })
		if i < 0 {
			t.Errorf("no %s for %s", tt.id, tt.country)
			continue
		}
		f := found[i]
		if f.Statute != tt.statute || !strings.HasPrefix(f.Source, tt.source) || tt.source == "" && f.Source != "" {
			t.Errorf("%s for %s: statute %q, source %q, want %q, %q", tt.id, tt.country, f.Statute, f.Source, tt.statute, tt.source)
		}
	}
}

func TestPlaces(t *testing.T) {
	in := input(t, sound())
	in.Source = []byte("id = \"x\"\n\n[returns]\ndays = 10\n\n[markets]\nDE = [\"de\", \"hu\"]\n\n[trader]\nname = 1\n")
	in.Shop.Returns.Days, in.Shop.Trader.Phone = 10, ""
	in.Shop.Markets["DE"] = []string{"de", "hu"}
	want := map[string]string{"returns-too-short": "shop.toml:4:8", "language-no-texts": "shop.toml:7:1", "phone-missing": "shop.toml:9:2"}
	for _, f := range check(t, in) {
		if at := fmt.Sprintf("%s:%d:%d", f.File, f.Line, f.Column); want[f.ID] != "" && want[f.ID] != at {
			t.Errorf("%s is placed at %s, want %s", f.ID, at, want[f.ID])
		}
		delete(want, f.ID)
	}
	if len(want) > 0 {
		t.Errorf("not found: %v", want)
	}
}

func TestMistakes(t *testing.T) {
	text := strings.NewReplacer(`id = "a"`, "id = 12", "\nwebsite", "\nwebiste").Replace(string(shop.Template("a", "A")))
	_, err := shop.Parse("shop.toml", []byte(text))
	found, ok := Mistakes(err)
	if !ok || len(found) != 2 {
		t.Fatalf("Mistakes gave %v, %t", found, ok)
	}
	want := Finding{ID: "shop-file", Level: Error, Subject: "webiste", Message: "There is no such key.", Fix: `Did you mean "website"?`,
		File: "shop.toml", Line: 12, Column: 1, Details: []string{}}
	if fmt.Sprintf("%+v", found[1]) != fmt.Sprintf("%+v", want) {
		t.Errorf("got  %+v\nwant %+v", found[1], want)
	}
	if found, ok := Mistakes(errors.New("disk full")); ok {
		t.Errorf("a full disk is no mistake of the shop: %v", found)
	}
}

// No country's law is like this today.
func TestBodyUnknown(t *testing.T) {
	for residual, want := range map[int]int{0: 1, 1: 0} {
		m := market{run: newRun(input(t, sound())), Facts: law.Facts{Country: "DE"}}
		m.Dispute = law.Dispute{Always: true, Residual: make([]law.Body, residual)}
		m.disputes()
		if n := len(m.found); n != want || n == 1 && m.found[0].ID != "body-unknown" {
			t.Errorf("%d residual bodies: found %+v", residual, m.found)
		}
	}
}

func TestBeforeTheFunctionWasDue(t *testing.T) {
	in := input(t, sound())
	in.Shop.Intake, in.Today = "", day.Of(2026, 6, 18)
	for _, f := range check(t, in) {
		if f.ID == "function-missing" {
			t.Errorf("one day before Art 11a applies: %+v", f)
		}
	}
}

func TestUnverifiedFactsAreNamed(t *testing.T) {
	for _, f := range check(t, input(t, sound())) {
		if f.ID == "law-unverified" && slices.Contains(f.Details, "time to answer complaints") && !slices.Contains(f.Details, "right of withdrawal") {
			return
		}
	}
	t.Error("the unverified facts of Germany are not named, or a verified one is")
}

// What Recourse does itself is not asked of the shop, as long as the shop uses that part of it.
func TestElementsLeftToTheShop(t *testing.T) {
	const button, stance, login = "de-kuendigungsbutton", "de-36-vsbg-wording", "de-button-no-login"
	for intake, want := range map[string][]string{"https://bernstein.example/legal/": {button}, "": {button, login}} {
		in := input(t, sound())
		in.Shop.Intake = intake
		var asked []string
		for _, f := range check(t, in) {
			if f.ID == "duty-own" {
				asked = append(asked, f.Details...)
			}
		}
		for _, id := range []string{button, stance, login} {
			if got := slices.Contains(asked, id); got != slices.Contains(want, id) {
				t.Errorf("intake %q: asks for %s: %t", intake, id, got)
			}
		}
	}
}

func TestOldLawIsSaid(t *testing.T) {
	for date, want := range map[day.Day]int{day.Of(2027, 11, 20): 0, day.Of(2027, 11, 21): 1} {
		in := input(t, sound())
		in.Today = date
		n := 0
		for _, f := range check(t, in) {
			if f.ID == "law-old" && strings.Contains(f.Message, "last reviewed on 2026-11-20") {
				n++
			}
		}
		if n != want {
			t.Errorf("on %s %d findings say that the law is old, want %d", date, n, want)
		}
	}
}

func TestReviewedTexts(t *testing.T) {
	page := func(reviewed string) string {
		return "+++\ntitle = \"x\"\ndescription = \"y\"\n" + reviewed + "+++\n\nText.\n"
	}
	in := input(t, sound())
	in.Folder = texts
	in.Content = own(map[string]string{
		"de/returns.md":    page("reviewed = \"lawyer\"\nreviewed_on = \"2026-11-20\"\nreviewed_by = \"A. Muster\"\n"),
		"de/site.toml":     "reviewed = \"editor\"\nreviewed_on = \"2026-11-20\"\n\"site.skip\" = \"x\"\n",
		"de/withdrawal.md": page("reviewed = \"none\"\n"),
		"de/privacy.md":    page(""),
		"de/disputes.md":   "no front matter",
	})
	for _, f := range check(t, in) {
		if f.ID != "text-unreviewed" || f.Language != "de" {
			continue
		}
		all := fmt.Sprintf("%d of %d files in German have not been reviewed by a lawyer", len(f.Details), len(f.Details)+1)
		if !strings.HasPrefix(f.Message, all) || strings.Contains(strings.Join(f.Details, " "), "returns.md") {
			t.Errorf("%s %v", f.Message, f.Details)
		}
		for _, name := range []string{"texts/de/withdrawal.md: none", "texts/de/privacy.md: none", "texts/de/disputes.md: none", "texts/de/site.toml: editor"} {
			if !slices.Contains(f.Details, name) {
				t.Errorf("%s is not among %v", name, f.Details)
			}
		}
		return
	}
	t.Error("nothing is said about the German pages")
}

func TestLedger(t *testing.T) {
	in := input(t, sound())
	in.LedgerPath = "ledger"
	in.Ledger = fstest.MapFS{"index.jsonl": {Data: []byte("{}\n")}, "de-DE/returns/2026-03-01.html": {Data: []byte("added by hand")}}
	var got []string
	for _, f := range check(t, in) {
		if f.ID == "ledger-broken" {
			got = append(got, strings.TrimSpace(f.place()))
		}
	}
	if want := []string{"ledger/index.jsonl:1:1", "ledger/de-DE/returns/2026-03-01.html"}; !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
}

// published is a ledger's folder.
type published struct{ fstest.MapFS }

func (p published) Write(name string, data []byte) error {
	p.MapFS[name] = &fstest.MapFile{Data: data}
	return nil
}

func (p published) Rename(from, to string) error {
	p.MapFS[to] = p.MapFS[from]
	return p.Remove(from)
}

func (p published) Remove(name string) error {
	delete(p.MapFS, name)
	return nil
}

func TestUnpublishedTexts(t *testing.T) {
	kept := published{fstest.MapFS{}}
	say := func(page, words string) ledger.Text {
		return ledger.NewText("de-DE", page, []byte(page), []byte("<p>"+words+"</p>"))
	}
	record := func(from day.Day, texts ...ledger.Text) {
		l, err := ledger.Open(kept)
		if err == nil {
			_, err = l.Record(kept, texts, from, day.Of(2026, 3, 1))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	record(day.Of(2026, 3, 1), say("returns", "14 days"), say("privacy", "none"))
	in := input(t, sound())
	in.Ledger, in.LedgerPath, in.Today = kept, "ledger", day.Of(2026, 11, 20)
	in.Texts = []ledger.Text{say("returns", "14 days"), say("privacy", "none")}
	expect := func(want ...string) {
		t.Helper()
		var got []string
		for _, f := range check(t, in) {
			if f.ID == "text-unpublished" || f.ID == "version-to-come" {
				got = append(got, string(f.Level)+" "+f.Message)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("found %q, want %q", got, want)
		}
	}
	expect()
	in.Texts[0] = say("returns", "30 days")
	expect("warning 1 text not as last published: de-DE/returns.")
	record(day.Of(2026, 12, 1), in.Texts...)
	expect("note From 2026-12-01 on, a new version applies of 1 text: de-DE/returns.")
	in.Today = day.Of(2026, 12, 1)
	expect()
	for i := range 7 {
		in.Texts = append(in.Texts, say(fmt.Sprintf("page-%d", i), "new"))
	}
	expect("warning 7 texts not as last published: de-DE/page-0, de-DE/page-1, de-DE/page-2, de-DE/page-3, de-DE/page-4 and 2 more.")
}

// large is a shop with findings of all levels and sorts.
func large(t *testing.T) []Finding {
	in := input(t, sound())
	in.Shop.Markets = shop.Markets{"DE": {"de"}, "PT": {"pt"}, "FR": {"fr"}}
	in.Shop.Trader.Staff, in.Shop.Privacy.RetentionMonths = 0, 0
	in.Folder = texts
	in.Content = own(map[string]string{"de/returns.md": front + "Gerichtsstand ist Rostock."})
	return check(t, in)
}

func TestOrder(t *testing.T) {
	found := large(t)
	for i := 1; i < len(found); i++ {
		if found[i-1].Level.rank() > found[i].Level.rank() {
			t.Errorf("%+v comes before %+v", found[i-1], found[i])
		}
	}
	if n := Count(found, Error); n != 1 {
		t.Errorf("%d errors, want 1 (the French mediator)", n)
	}
}

func TestPrint(t *testing.T) {
	found := large(t)
	var out strings.Builder
	if err := Print(&out, found, false); err != nil {
		t.Fatal(err)
	}
	const mediator = `France (FR)

  error    France asks every shop to have joined a consumer mediator, or another dispute body, and
           to name it on its pages. None is named.
           -> Add it below [[disputes.bodies]] with name, address, url and country = "FR". Only you
           know which one you have a contract with.
           Law: art. L.612-1, L.616-1 et R.616-1 Code de la consommation
           Source: https://www.economie.gouv.fr/`
	if !strings.Contains(out.String(), mediator) {
		t.Errorf("the mediator is not in\n%s", out.String())
	}
	order := regexp.MustCompile(`(?s)^Whole shop\n.*\nFrance \(FR\)\n.*\nGermany \(DE\)\n.*\nPortugal \(PT\)\n.*\nTexts in German \(de\)\n.*\n1 error, \d+ warnings, \d+ notes\.\n$`)
	if !order.MatchString(out.String()) {
		t.Errorf("the groups are not in order:\n%s", out.String())
	}
	for line := range strings.Lines(out.String()) {
		if n := len([]rune(strings.TrimSuffix(line, "\n"))); n > width && !strings.Contains(line, "https://") {
			t.Errorf("%d characters in %q", n, line)
		}
	}
}

func TestPrintColour(t *testing.T) {
	for colour, want := range map[bool]bool{true: true, false: false} {
		var out strings.Builder
		if err := Print(&out, large(t), colour); err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(out.String(), "\x1b["); got != want {
			t.Errorf("colour %t: escapes %t", colour, got)
		}
	}
	var out strings.Builder
	if err := Print(&out, nil, false); err != nil || out.String() != "Nothing to report.\n" {
		t.Errorf("without findings: %q, %v", out.String(), err)
	}
}

func TestJSON(t *testing.T) {
	found := large(t)
	var out bytes.Buffer
	if err := JSON(&out, found); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Errors, Warnings, Notes int
		Findings                []map[string]any
	}
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.Errors != 1 || got.Errors+got.Warnings+got.Notes != len(found) || len(got.Findings) != len(found) {
		t.Errorf("%d findings, sums %d, %d, %d", len(got.Findings), got.Errors, got.Warnings, got.Notes)
	}
	for _, f := range got.Findings {
		for _, key := range []string{"id", "level", "market", "language", "subject", "message", "fix", "statute", "source", "file", "line", "column", "details"} {
			if v, ok := f[key]; !ok || v == nil {
				t.Errorf("%v has no %s", f["id"], key)
			}
		}
	}
	out.Reset()
	if err := JSON(&out, nil); err != nil || !strings.Contains(out.String(), `"findings": []`) {
		t.Errorf("without findings: %s, %v", out.String(), err)
	}
}

// The document for owners lists every rule with its level, and no other.
func TestRulesAreDocumented(t *testing.T) {
	data, err := os.ReadFile("../docs/checking.md")
	if err != nil {
		t.Fatal(err)
	}
	documented := map[string]Level{}
	for _, m := range regexp.MustCompile("(?m)^\\| `([a-z-]+)` \\| (error|warning|note) \\|").FindAllStringSubmatch(string(data), -1) {
		documented[m[1]] = Level(m[2])
	}
	for _, r := range Rules() {
		if documented[r.ID] != r.Level {
			t.Errorf("docs/checking.md gives %s the level %q, want %q", r.ID, documented[r.ID], r.Level)
		}
		delete(documented, r.ID)
	}
	if len(documented) > 0 {
		t.Errorf("docs/checking.md has rules that are not there: %v", documented)
	}
}
