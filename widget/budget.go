package widget

import (
	"fmt"
	"io"
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
	afterBudget    = 9900    // all that fills it in and sends it, from the first key on; Greek and Cyrillic letters weigh two bytes
	noticeBudget   = 2600    // the dispute notice and its choice of countries
	wasmBudget     = 191_000 // the rules: nobody waits for them, but the visitor pays for them; 4,000 are the memory of their start, done ahead

	wasmUncutBudget = 308_000 // the rules, built by a Go that widget/overlay leaves alone
)

// tagBudgetFor is for a row in these locales, of which some have a domain of their own.
func tagBudgetFor(all []*localeMold, homes map[string]string) int {
	languages, letters, addresses := map[string]bool{}, 0, 0
	for _, home := range homes {
		addresses += homeBudget + len(home)
	}
	for _, m := range all {
		languages[m.locale.Language.Tag] = true
		labels := m.withdrawal + m.complaint + m.disputes
		letters += len([]rune(labels)) - len(strings.Map(onlyASCII, labels))
	}
	return tagBudget + (len(languages)-1)*languageBudget + (len(all)-len(languages))*localeBudget + letters*letterBudget + addresses
}

func onlyASCII(r rune) rune {
	if r > unicode.MaxASCII {
		return -1
	}
	return r
}

// budget is what files may weigh that are loaded with a script.
type budget struct {
	script string // "": none
	weight int    // of the script
	most   int    // of both
}

const quick = 5 // a level of brotli that is fast and nearly as good

// check weighs a file only if its size and an estimate leave doubts. It tries a quick compression first: what fits then,
// fits all the more after the best.
func (b budget) check(name string, file []byte, atMost func() int) error {
	room := b.most - b.weight
	if len(file) <= room || atMost() <= room || weigh(file, quick) <= room {
		return nil
	}
	weight := weigh(file, brotli.BestCompression)
	if weight <= room {
		return nil
	}
	if b.script != "" {
		name += " with " + b.script
	}
	return fmt.Errorf("bundle %s: %d bytes after brotli, the budget is %d; make it smaller or change the budget in widget/budget.go", name, b.weight+weight, b.most)
}

// spare is a writer for quick weighing that is used again: a new one takes more time than most of our files.
var spare = make(chan *brotli.Writer, 1)

func weigh(data []byte, level int) int {
	var out counter
	w := writer(&out, level)
	_, _ = w.Write(data) // a counter cannot fail
	_ = w.Close()
	if level == quick {
		select {
		case spare <- w:
		default:
		}
	}
	return int(out)
}

func writer(out io.Writer, level int) *brotli.Writer {
	if level == quick {
		select {
		case w := <-spare:
			w.Reset(out)
			return w
		default:
		}
	}
	return brotli.NewWriterLevel(out, level)
}

// counter is a writer that only counts.
type counter int

func (c *counter) Write(data []byte) (int, error) {
	*c += counter(len(data))
	return len(data), nil
}
