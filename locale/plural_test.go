package locale

import (
	"testing"

	"golang.org/x/text/language"

	"recourse/content"
)

// Categories of CLDR 48, as browsers have them (node: new Intl.PluralRules(tag).select(n)).
func TestCategories(t *testing.T) {
	for tag, want := range map[string]map[int]string{
		"bg": {0: "other", 1: "one", 2: "other"}, "cs": {1: "one", 2: "few", 4: "few", 5: "other", 22: "other"},
		"ga": {1: "one", 2: "two", 3: "few", 6: "few", 7: "many", 10: "many", 11: "other"},
		"hr": {1: "one", 2: "few", 5: "other", 11: "other", 21: "one", 22: "few"}, "is": {1: "one", 2: "other", 11: "other", 21: "one"},
		"lt": {1: "one", 2: "few", 10: "other", 11: "other", 21: "one"}, "lv": {0: "zero", 1: "one", 2: "other", 10: "zero", 11: "zero", 21: "one"},
		"mt": {0: "few", 1: "one", 2: "two", 3: "few", 10: "few", 11: "many", 19: "many", 20: "other", 102: "other", 103: "few"},
		"pl": {1: "one", 2: "few", 5: "many", 12: "many", 22: "few"}, "pt": {0: "one", 1: "one", 2: "other"},
		"ro": {0: "few", 1: "one", 2: "few", 19: "few", 20: "other", 101: "few"}, "sl": {1: "one", 2: "two", 3: "few", 5: "other", 101: "one", 102: "two"},
		"uk": {1: "one", 2: "few", 5: "many", 11: "many", 21: "one"},
	} {
		for n, category := range want {
			l := Language{tag: language.Make(tag)}
			if got := l.category(n); got != category {
				t.Errorf("%s %d: %s, want %s", tag, n, got, category)
			}
		}
	}
}

// Countries by the names that CLDR gives them, for languages of which golang.org/x/text knows another tag.
func TestNamesOfNorwegian(t *testing.T) {
	c, err := Load(content.FS)
	if err != nil {
		t.Fatal(err)
	}
	for tag, want := range map[string]string{"nb": "Sveits tsjekkisk", "da": "Schweiz tjekkisk", "is": "Sviss tékkneska", "ga": "an Eilvéis Seicis", "mt": "Żvizzera Ċek", "uk": "Швейцарія чеська"} {
		l, _ := c.Language(tag)
		if got := l.Country("CH") + " " + l.LanguageName("cs"); got != want {
			t.Errorf("%s: %q, want %q", tag, got, want)
		}
	}
}
