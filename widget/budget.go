package widget

import (
	"bytes"
	"fmt"

	"github.com/andybalholm/brotli"
)

// What a visitor's browser may be asked to load, in bytes after brotli -q 11. Growth is a decision: change a number
// here and say why in the commit.
const (
	tagBudget      = 2000 // recourse.js in one language, on every page of the shop
	languageBudget = 120  // recourse.js, for each further language
	localeBudget   = 40   // recourse.js, for each further country of a language
	stageBudget    = 8000 // what draws the forms, with its styles, on intent
	formBudget     = 3600 // one form in one locale; Greek and Cyrillic letters take two bytes
)

// WasmBudget is the most the rules may weigh after brotli -q 11: they come after the form and hold nobody up, but
// they are paid for by the visitor. Compressing them takes seconds, so a test checks this and not every build.
const WasmBudget = 430_000

func tagBudgetFor(all []Locale) int {
	languages := map[string]bool{}
	for _, l := range all {
		languages[l.Locale.Language.Tag] = true
	}
	return tagBudget + (len(languages)-1)*languageBudget + (len(all)-len(languages))*localeBudget
}

func within(budget int, name string, weight int) error {
	if weight > budget {
		return fmt.Errorf("bundle %s: %d bytes after brotli, the budget is %d; make it smaller or change the budget in widget/budget.go", name, weight, budget)
	}
	return nil
}

func weigh(data []byte) int {
	var b bytes.Buffer
	w := brotli.NewWriterLevel(&b, brotli.BestCompression)
	w.Write(data) // a bytes.Buffer cannot fail
	w.Close()
	return b.Len()
}
