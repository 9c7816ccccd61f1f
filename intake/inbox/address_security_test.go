package inbox

import "testing"

func TestSEC21_DomainsInOtherLettersAreSpelledOut(t *testing.T) {
	for typed, want := range map[string]string{
		"anna@example.org": "", "anna@EXAMPLE.org": "", "": "",
		"anna@p\u0430ypal.com":   " (xn--pypal-4ve.com)", // with a Cyrillic a
		"anna@müller.example":    " (xn--mller-kva.example)",
		"анна@example.org":       "",
		"anna@\uff45xample.org":  " (example.org)", // full width
		"anna@xn--pypal-4ve.com": "",
		"anna@a..b":              "",
	} {
		if got := onTheWire(typed); got != want {
			t.Errorf("%s gets %q, want %q", typed, got, want)
		}
	}
}
