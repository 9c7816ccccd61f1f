package widget

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"

	"github.com/andybalholm/brotli"
)

// What a visitor's browser may be asked to load, in bytes after brotli -q 11. Growth is a decision: change a number
// here and say why in the commit.
const (
	tagBudget      = 2000    // recourse.js in one language, on every page of the shop
	languageBudget = 120     // recourse.js, for each further language
	localeBudget   = 40      // recourse.js, for each further country of a language
	homeBudget     = 20      // recourse.js, for each locale with a domain of its own, besides its address
	letterBudget   = 4       // recourse.js, for each letter of a label beyond ASCII, which is escaped
	intentBudget   = 9000    // all that opens a form, on intent: scripts, styles, the strings of its language
	afterBudget    = 9500    // all that fills it in and sends it, from the first key on
	noticeBudget   = 2600    // the dispute notice and its choice of countries
	wasmBudget     = 191_000 // the rules: nobody waits for them, but the visitor pays for them; 4,000 are the memory of their start, done ahead

	wasmUncutBudget = 308_000 // the rules, built by a Go that widget/overlay leaves alone
)

func tagBudgetFor(all []Locale, homes map[string]string) int {
	languages, letters, addresses := map[string]bool{}, 0, 0
	for _, home := range homes {
		addresses += homeBudget + len(home)
	}
	for _, l := range all {
		languages[l.Locale.Language.Tag] = true
		label := l.Labels.Withdraw + l.Locale.Text("widget.complaint") + l.Locale.Text("widget.disputes")
		letters += len([]rune(label)) - len(strings.Map(onlyASCII, label))
	}
	return tagBudget + (len(languages)-1)*languageBudget + (len(all)-len(languages))*localeBudget + letters*letterBudget + addresses
}

func onlyASCII(r rune) rune {
	if r > unicode.MaxASCII {
		return -1
	}
	return r
}

const quick = 5 // a level of brotli that is fast and nearly as good

// within weighs files that are loaded together. It tries a quick compression first: what fits then, fits all the more
// after the best.
func within(budget int, name string, files ...[]byte) error {
	if weigh(files, quick) <= budget {
		return nil
	}
	if weight := weigh(files, brotli.BestCompression); weight > budget {
		return fmt.Errorf("bundle %s: %d bytes after brotli, the budget is %d; make it smaller or change the budget in widget/budget.go", name, weight, budget)
	}
	return nil
}

func weigh(files [][]byte, level int) int {
	var b bytes.Buffer
	for _, data := range files {
		w := brotli.NewWriterLevel(&b, level)
		w.Write(data) // a bytes.Buffer cannot fail
		w.Close()
	}
	return b.Len()
}
