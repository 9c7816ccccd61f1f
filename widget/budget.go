package widget

import (
	"bytes"
	"fmt"

	"github.com/andybalholm/brotli"
)

// What a visitor's browser may be asked to load, in bytes after brotli -q 11. Growth is a decision: change a number
// here and say why in the commit.
const (
	tagBudget      = 2000    // recourse.js in one language, on every page of the shop
	languageBudget = 120     // recourse.js, for each further language
	localeBudget   = 40      // recourse.js, for each further country of a language
	formBudget     = 3600    // one form in one locale, on intent; Greek and Cyrillic letters take two bytes
	stageBudget    = 8200    // what draws the forms, with its styles, on intent
	wasmBudget     = 190_000 // the rules: they come after the form and hold nobody up, but the visitor pays for them

	wasmUncutBudget = 308_000 // the rules, built by a Go that widget/overlay leaves alone
)

func tagBudgetFor(all []Locale) int {
	languages := map[string]bool{}
	for _, l := range all {
		languages[l.Locale.Language.Tag] = true
	}
	return tagBudget + (len(languages)-1)*languageBudget + (len(all)-len(languages))*localeBudget
}

// within tries a quick compression first: what fits then, fits all the more after the best.
func within(budget int, name string, data []byte) error {
	const quick = 5
	if weigh(data, quick) <= budget {
		return nil
	}
	if weight := weigh(data, brotli.BestCompression); weight > budget {
		return fmt.Errorf("bundle %s: %d bytes after brotli, the budget is %d; make it smaller or change the budget in widget/budget.go", name, weight, budget)
	}
	return nil
}

func weigh(data []byte, level int) int {
	var b bytes.Buffer
	w := brotli.NewWriterLevel(&b, level)
	w.Write(data) // a bytes.Buffer cannot fail
	w.Close()
	return b.Len()
}
