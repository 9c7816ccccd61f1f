package widget

import (
	"maps"
	"strings"

	"recourse/locale"
	"recourse/shop"
)

// words are the texts of the dialog around a form, the keys of content/<lang>/widget.toml without their prefix.
// {email} is left for the address of the person who writes.
type words map[string]string

// formWords are for the form named so, "withdrawal" or "complaint".
func formWords(l *locale.Language, form string, s *shop.Shop) words {
	w := words(l.Strings("widget"))
	w["received"] = w["received."+form]
	maps.DeleteFunc(w, func(key, _ string) bool {
		return key == "complaint" || key == "disputes" || strings.HasPrefix(key, "received.")
	})
	facts := strings.NewReplacer("{trader}", s.Trader.LegalName, "{contact}", s.Trader.Email)
	for key, text := range w {
		w[key] = facts.Replace(text)
	}
	return w
}

func noticeWords(l *locale.Language) words {
	return words{"close": l.Text("widget.close")}
}
