package wording_test

import (
	"testing"

	"recourse/content"
	"recourse/intake/docket"
	"recourse/intake/spam"
	"recourse/intake/wording"
	"recourse/locale"
)

// TestSEC40_EverySignHasWords: a trader reads why a case was kept apart.
func TestSEC40_EverySignHasWords(t *testing.T) {
	all, err := locale.Load(content.FS)
	if err != nil {
		t.Fatal(err)
	}
	for _, tag := range []string{"en-IE", "de-DE", "pl-PL", "it-IT"} {
		l, err := all.Locale(tag)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range spam.Signs {
			if got := (wording.Voice{Locale: l}).Locale.Has("spam.sign." + s.Name); !got {
				t.Errorf("%s has no words for the sign %q", tag, s.Name)
			}
		}
		if got := (wording.Voice{Locale: l}).Signs(docket.Case{Signs: []string{"no-such-sign"}}); got != nil {
			t.Errorf("%s: an unknown sign is told as %q", tag, got)
		}
	}
}
