package locale_test

import (
	"slices"
	"testing"
	"testing/fstest"
	"time"
	_ "time/tzdata"

	"recourse/content"
	"recourse/day"
	"recourse/locale"
)

// settings returns the language.toml of a real language, finished.
func settings(t *testing.T, tag string) *fstest.MapFile {
	t.Helper()
	data, err := content.FS.ReadFile(tag + "/language.toml")
	if err != nil {
		t.Fatal(err)
	}
	return &fstest.MapFile{Data: finished(data)}
}

// fixture is a small catalog in four real languages.
func fixture(t *testing.T) *locale.Catalog {
	t.Helper()
	fsys := fstest.MapFS{}
	for tag, texts := range map[string]string{
		"en": "\"greet\" = \"Dear {name}, {what}\"\n\"reason.other\" = \"Something else\"\n\"unit.day.one\" = \"{n} day\"\n\"unit.day.other\" = \"{n} days\"",
		"de": "\"greet\" = \"{what}: {name}\"\n\"reason.other\" = \"Etwas anderes\"\n\"unit.day.one\" = \"ein Tag\"\n\"unit.day.other\" = \"{n} Tage\"",
		"pl": "\"greet\" = \"{name} {what}\"\n\"reason.other\" = \"Inne\"\n\"unit.day.one\" = \"{n} dzień\"\n\"unit.day.few\" = \"{n} dni (few)\"\n\"unit.day.many\" = \"{n} dni (many)\"\n\"unit.day.other\" = \"{n} dnia\"",
		"it": "\"greet\" = \"{name} {what}\"\n\"reason.other\" = \"Altro\"\n\"unit.day.one\" = \"{n} giorno\"\n\"unit.day.other\" = \"{n} giorni\"",
	} {
		fsys[tag+"/language.toml"] = settings(t, tag)
		fsys[tag+"/strings.toml"] = &fstest.MapFile{Data: []byte(texts)}
	}
	c, err := locale.Load(fsys)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func lang(t *testing.T, c *locale.Catalog, tag string) *locale.Language {
	t.Helper()
	l, ok := c.Language(tag)
	if !ok {
		t.Fatalf("no language %q", tag)
	}
	return l
}

func TestText(t *testing.T) {
	en := lang(t, fixture(t), "en")
	got := en.Text("greet", locale.Arg{Name: "name", Value: "{what}"}, locale.Arg{Name: "what", Value: "hello"})
	if want := "Dear {what}, hello"; got != want {
		t.Errorf("Text = %q, want %q: a value must not be filled again", got, want)
	}
	if !en.Has("greet") || en.Has("greeting") {
		t.Error("Has does not tell keys that exist from those that do not")
	}
	if got := en.Strings("unit"); len(got) != 2 || got["day.one"] != "{n} day" {
		t.Errorf("Strings(unit) = %v", got)
	}
	defer func() {
		if recover() == nil {
			t.Error("Text of an unknown key did not panic")
		}
	}()
	en.Text("greeting")
}

func TestPlural(t *testing.T) {
	c := fixture(t)
	for _, tc := range []struct {
		tag  string
		n    int
		want string
	}{
		{"en", 0, "0 days"}, {"en", 1, "1 day"}, {"en", 14, "14 days"},
		{"de", 1, "ein Tag"}, {"de", 2, "2 Tage"},
		{"pl", 1, "1 dzień"}, {"pl", 2, "2 dni (few)"}, {"pl", 12, "12 dni (many)"}, {"pl", 22, "22 dni (few)"}, {"pl", 14, "14 dni (many)"},
		{"it", 1, "1 giorno"}, {"it", 1_000_000, "1000000 giorni"},
	} {
		if got := lang(t, c, tc.tag).Plural("unit.day", tc.n); got != tc.want {
			t.Errorf("%s: Plural(%d) = %q, want %q", tc.tag, tc.n, got, tc.want)
		}
	}
}

func TestDate(t *testing.T) {
	c := fixture(t)
	for _, tc := range []struct{ tag, iso, want string }{
		{"en", "2026-11-20", "20 November 2026"},
		{"de", "2026-03-01", "1. März 2026"},
		{"pl", "2026-11-20", "20 listopada 2026 r."},
		{"it", "2026-11-01", "1º novembre 2026"},
		{"it", "2026-11-11", "11 novembre 2026"},
	} {
		d, _ := day.Parse(tc.iso)
		if got := lang(t, c, tc.tag).Date(d); got != tc.want {
			t.Errorf("%s: Date(%s) = %q, want %q", tc.tag, tc.iso, got, tc.want)
		}
	}
	if got := lang(t, c, "en").Date(day.Unknown); got != "" {
		t.Errorf("Date(Unknown) = %q, want nothing", got)
	}
}

func TestDateWithWeekday(t *testing.T) {
	c := fixture(t)
	for _, tc := range []struct{ tag, iso, want string }{
		{"en", "2026-12-08", "Tuesday 8 December 2026"},
		{"de", "2026-12-08", "Dienstag, 8. Dezember 2026"},
		{"pl", "2026-12-08", "wtorek, 8 grudnia 2026 r."},
		{"it", "2026-12-08", "martedì 8 dicembre 2026"},
		{"it", "2026-11-01", "domenica 1º novembre 2026"},
		{"de", "2026-11-07", "Samstag, 7. November 2026"},
	} {
		d, _ := day.Parse(tc.iso)
		if got := lang(t, c, tc.tag).DateWithWeekday(d); got != tc.want {
			t.Errorf("%s: DateWithWeekday(%s) = %q, want %q", tc.tag, tc.iso, got, tc.want)
		}
	}
	if got := lang(t, c, "en").DateWithWeekday(day.Unknown); got != "" {
		t.Errorf("DateWithWeekday(Unknown) = %q, want nothing", got)
	}
}

func TestByName(t *testing.T) {
	c := fixture(t)
	for tag, want := range map[string][]string{
		"en": {"AT", "NL", "PL", "CH"},
		"de": {"NL", "AT", "PL", "CH"}, // Österreich stands between the Niederlande and Polen
		"it": {"AT", "NL", "PL", "CH"}, // Austria, Paesi Bassi
	} {
		if got := lang(t, c, tag).ByName([]string{"AT", "CH", "NL", "PL"}); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", tag, got, want)
		}
	}
}

func TestMoment(t *testing.T) {
	c := fixture(t)
	for _, tc := range []struct{ tag, zone, utc, want string }{
		{"en", "Europe/Berlin", "2026-11-20T13:03:59Z", "20 November 2026, 14:03 CET (UTC+01:00)"},
		{"en", "Europe/Berlin", "2026-06-30T22:30:00Z", "1 July 2026, 00:30 CEST (UTC+02:00)"},
		{"en", "Europe/London", "2026-11-20T13:03:00Z", "20 November 2026, 13:03 GMT (UTC)"},
		{"en", "UTC", "2026-11-20T13:03:00Z", "20 November 2026, 13:03 UTC"},
		{"en", "America/Sao_Paulo", "2026-11-20T13:03:00Z", "20 November 2026, 10:03 UTC-03:00"},
		{"de", "Europe/Berlin", "2026-11-20T13:03:00Z", "20. November 2026, 14:03 Uhr MEZ (UTC+01:00)"},
		{"pl", "Europe/Warsaw", "2026-11-20T13:03:00Z", "20 listopada 2026 r., godz. 14:03 CET (UTC+01:00)"},
		{"it", "Europe/Rome", "2026-11-01T13:03:00Z", "1º novembre 2026, ore 14:03 CET (UTC+01:00)"},
	} {
		zone, err := time.LoadLocation(tc.zone)
		if err != nil {
			t.Fatal(err)
		}
		at, err := time.Parse(time.RFC3339, tc.utc)
		if err != nil {
			t.Fatal(err)
		}
		if got := lang(t, c, tc.tag).Moment(at, zone); got != tc.want {
			t.Errorf("%s: Moment = %q, want %q", tc.tag, got, tc.want)
		}
	}
}

func TestNames(t *testing.T) {
	c := fixture(t)
	for _, tc := range []struct{ got, want string }{
		{lang(t, c, "en").Country("CZ"), "Czechia"},
		{lang(t, c, "de").Country("PL"), "Polen"},
		{lang(t, c, "pl").Country("DE"), "Niemcy"},
		{lang(t, c, "it").Country("GB"), "Regno Unito"},
		{lang(t, c, "en").Country("??"), "??"},
		{lang(t, c, "pl").LanguageName("de"), "niemiecki"},
		{lang(t, c, "de").LanguageName("it"), "Italienisch"},
		{lang(t, c, "de").LanguageName("!"), "!"},
		{lang(t, c, "en").Quote("no"), "‘no’"},
		{lang(t, c, "pl").Quote("nie"), "„nie”"},
		{lang(t, c, "it").Quote("no"), "«no»"},
	} {
		if tc.got != tc.want {
			t.Errorf("got %q, want %q", tc.got, tc.want)
		}
	}
}

func TestLocale(t *testing.T) {
	c := fixture(t)
	l, err := c.Locale("de-AT")
	if err != nil || l.Tag() != "de-AT" || l.Name != "Deutsch" || l.Country != "AT" {
		t.Errorf("Locale(de-AT) = %v %v", l, err)
	}
	for tag, want := range map[string]string{
		"de":    `locale "de" names no country; write it as language-COUNTRY, for example de-AT`,
		"de-at": `locale "de-at": "at" is not a country code; write it as language-COUNTRY, for example de-AT`,
		"fr-FR": `locale "fr-FR": there are no texts in "fr"; choose one of en, de, it, pl`,
	} {
		if _, err := c.Locale(tag); err == nil || err.Error() != want {
			t.Errorf("Locale(%q) says %v, want %s", tag, err, want)
		}
	}
}

// A language that CLDR has no names in takes those of English.
func TestNamesNobodyKnows(t *testing.T) {
	fsys := fstest.MapFS{}
	for name, file := range map[string]string{"en/language.toml": "en", "en/a.toml": "", "qps/language.toml": "en", "qps/a.toml": ""} {
		data := []byte("\"a.b\" = \"c\"\n")
		if file != "" {
			data = settings(t, file).Data
		}
		fsys[name] = &fstest.MapFile{Data: data}
	}
	c, err := locale.Load(fsys)
	if err != nil {
		t.Fatal(err)
	}
	l := lang(t, c, "qps")
	if got := l.Country("PL") + " " + l.LanguageName("de"); got != "Poland German" {
		t.Errorf("got %q", got)
	}
}
