package widget

import (
	"maps"
	"slices"
	"strings"

	"recourse/locale"
	"recourse/shop"
)

// words are the texts of the dialog around a form, the keys of content/<lang>/widget.toml without their prefix.
// {email} is left for the address of the person who writes.
type words map[string]string

// Words with a place of their own: the row of links, the dispute notice, the one form that has files or a period.
var (
	rowWords        = []string{"complaint", "disputes"}
	noticeOnly      = []string{"country", "show", "shown", "not-shown"}
	withdrawalWords = []string{"ends", "ended"}
	complaintWords  = []string{"preview"}
)

// formWords are for the form named so, "withdrawal" or "complaint".
func formWords(l *locale.Language, form string, s *shop.Shop) words {
	w := words(l.Strings("widget"))
	w["received"] = w["received."+form]
	elsewhere := slices.Concat(rowWords, noticeOnly, map[string][]string{"withdrawal": complaintWords, "complaint": withdrawalWords}[form])
	maps.DeleteFunc(w, func(key, _ string) bool {
		return slices.Contains(elsewhere, key) || strings.HasPrefix(key, "received.")
	})
	facts := strings.NewReplacer("{trader}", s.Trader.LegalName, "{contact}", s.Trader.Email)
	for key, text := range w {
		w[key] = facts.Replace(text)
	}
	return w
}

func noticeWords(l *locale.Language) words {
	w := words{"close": l.Text("widget.close")}
	for _, key := range noticeOnly {
		w[key] = l.Text("widget." + key)
	}
	return w
}
