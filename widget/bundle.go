// Package widget makes what runs in the visitor's browser.
//
// The pasted script (loader.js) is small and the same for every page of a shop: it carries the shop's locales and
// labels and draws a row of links. On intent it loads the second stage (forms.js and the modules it imports), which
// draws a form in a dialog from its definition, and the definition itself, a JSON file for each locale and form. The
// rules come last, as WebAssembly, and nothing waits for them. What the scripts may weigh is in budget.go.
package widget

import (
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"recourse/form"
	"recourse/form/markup"
	"recourse/law"
	"recourse/locale"
	"recourse/shop"
)

// Input is what one shop's widget is made of.
type Input struct {
	Shop     *shop.Shop
	Locales  []Locale // the default first, as shop.Locales gives them
	Wasm     []byte   // compiled rules, see Wasm; empty: only the server checks
	WasmExec []byte   // their host script, an ES module
}

// Locale is what the widget shows in one language and country.
type Locale struct {
	Locale      locale.Locale
	Labels      law.Labels
	Withdrawal  bool                 // the law of the country knows the right of withdrawal
	Definitions []*markup.Definition // the forms offered; a form that is not here is not opened
	Period      *Period              // for withdrawing; nil where its end cannot be told
	Notice      string               // HTML of the dispute notice, with its heading; empty: the page only
	Countries   []Country            // where the notice can be read for as well, this one among them
}

// opening is what the dialog must know of a form to be opened.
type opening struct {
	Form    string            `json:"form"`
	Shop    string            `json:"shop"`
	Locale  string            `json:"locale"`
	Lang    string            `json:"lang"`
	Dir     string            `json:"dir"`
	Action  string            `json:"action"`
	Page    string            `json:"page"`
	Privacy string            `json:"privacy"`
	Version string            `json:"version,omitempty"`
	Pages   []markup.Page     `json:"pages"`
	Text    map[string]string `json:"text"`
	Words   words             `json:"words"`
	Trap    string            `json:"trap"`  // name of the input nobody should fill in
	After   string            `json:"after"` // file with the rest, below dist
}

// rest is what it must know from the first key on; after.js adds it to the opening.
type rest struct {
	Text    map[string]string `json:"text"`
	Words   words             `json:"words"`
	Problem map[string]string `json:"problem"`
	Rules   []string          `json:"rules"`
	Months  form.Months       `json:"months"`
	Date    dates             `json:"date"`
	Period  *Period           `json:"period,omitempty"` // of a withdrawal
	Trader  string            `json:"trader"`           // legal name
	Mail    string            `json:"mail"`             // where to write when sending fails
	Zone    string            `json:"zone"`             // IANA name; receipts give the time of the shop
	Accept  string            `json:"accept"`           // endings of the files that may be sent
	Bytes   int               `json:"bytes"`            // a file must stay below
}

// dates is how the language writes days and moments, see locale.Language.
type dates struct {
	Long   string `json:"long"`
	First  string `json:"first,omitempty"`
	Moment string `json:"moment"`

	Weekday  string   `json:"weekday,omitempty"` // "{weekday}, {date}"
	Weekdays []string `json:"weekdays,omitempty"`
}

// Texts and words for the first look at a form; all others can wait for the first key.
var (
	openingText  = strings.Fields("title intro continue back privacy privacy-link trap items.whole items.some")
	openingWords = strings.Fields("close page stuck waiting")
)

func newOpening(d *markup.Definition, w words, after string) opening {
	return opening{
		d.Form, d.Shop, d.Locale, d.Lang, d.Dir, d.Action, d.Page, d.Privacy, d.Version, d.Pages,
		only(d.Text, openingText, true), only(w, openingWords, true), markup.Trap, after,
	}
}

func newRest(d *markup.Definition, w words, l *locale.Language, s *shop.Shop) rest {
	return rest{
		Text: only(d.Text, openingText, false), Words: only(w, openingWords, false), Problem: d.Problem, Rules: d.Rules,
		Months: d.Months, Date: newDates(d.Form, l), Trader: s.Trader.LegalName, Mail: s.Trader.Email,
		Zone: s.Location().String(), Accept: strings.Join(form.FileTypes, ","), Bytes: form.MaxFileBytes,
	}
}

// newDates has days of the week only where the end of a period is told.
func newDates(kind string, l *locale.Language) dates {
	d := dates{Long: l.LongDate, First: l.First, Moment: l.ZoneTime}
	if kind == string(form.Withdrawal) {
		d.Weekday, d.Weekdays = l.WeekdayDate, l.Weekdays
	}
	return d
}

// only keeps the texts with one of the keys or, where in is false, the others.
func only[M ~map[string]string](texts M, keys []string, in bool) M {
	kept := maps.Clone(texts)
	maps.DeleteFunc(kept, func(key, _ string) bool { return slices.Contains(keys, key) != in })
	return kept
}

// Bundle returns every file of the widget by its path below dist: recourse.js, assets/ and, for each locale, its
// forms and its dispute notice as JSON. The same input gives the same bytes. A file over its budget is an error.
func Bundle(in Input) (map[string][]byte, error) {
	if len(in.Locales) == 0 {
		return nil, fmt.Errorf("bundle the widget of shop %q: no locale is given; name at least one under markets in its shop.toml", in.Shop.ID)
	}
	shared, err := makeAssets(in.Wasm, in.WasmExec)
	if err != nil {
		return nil, err
	}
	files := maps.Clone(shared.files)
	c := config{Base: in.Shop.Publish, Stage: shared.stage, Style: shared.style, RTL: []string{}}
	for _, l := range in.Locales {
		e, err := l.addTo(files, in.Shop)
		if err != nil {
			return nil, fmt.Errorf("bundle locale %s: %w", l.Locale.Tag(), err)
		}
		c.add(l.Locale, e)
	}
	homes := in.homes()
	if files["recourse.js"], err = tag(c, homes); err != nil {
		return nil, err
	}
	return files, checkBudgets(in.Locales, homes, shared, files)
}

// homes are the addresses of locales with a domain of their own; nil where none has.
func (in Input) homes() (homes map[string]string) {
	for _, l := range in.Locales {
		tag := l.Locale.Tag()
		if home := shop.In(in.Shop, tag).Publish; home != in.Shop.Publish {
			if homes == nil {
				homes = map[string]string{}
			}
			homes[tag] = home
		}
	}
	return homes
}

// addTo puts the locale's JSON files into files and returns its entries for the pasted script.
func (l Locale) addTo(files map[string][]byte, s *shop.Shop) (entries, error) {
	var e entries
	var err error
	e.Complaint = entry{l.Locale.Text("widget.complaint")}
	e.Disputes = entry{l.Locale.Text("widget.disputes")}
	for _, d := range l.Definitions {
		switch {
		case d.Form == "complaint":
			e.Complaint, err = l.putForm(files, d, s, e.Complaint[0])
		case l.Withdrawal && l.Labels.Withdraw != "":
			e.Withdrawal, err = l.putForm(files, d, s, l.Labels.Withdraw)
		}
		if err != nil {
			return e, err
		}
	}
	if l.Notice == "" {
		return e, nil
	}
	sum, err := l.putNotices(files, e.Disputes[0])
	e.Disputes = entry{e.Disputes[0], sum}
	return e, err
}

// putForm adds the two files of a form and returns its entry.
func (l Locale) putForm(files map[string][]byte, d *markup.Definition, s *shop.Shop, label string) (entry, error) {
	w := formWords(l.Locale.Language, d.Form, s)
	r := newRest(d, w, l.Locale.Language, s)
	if d.Form == string(form.Withdrawal) {
		r.Period = l.Period
	}
	sum, err := l.put(files, d.Form+"-after", r)
	if err != nil {
		return nil, err
	}
	sum, err = l.put(files, d.Form, newOpening(d, w, l.file(d.Form+"-after", sum)))
	return entry{label, sum}, err
}

// put adds a JSON file of the locale and returns the hash in its name.
func (l Locale) put(files map[string][]byte, name string, v any) (string, error) {
	data, err := encodeBytes(v)
	if err != nil {
		return "", err
	}
	sum := hash(data)
	files[l.file(name, sum)] = data
	return sum, nil
}

func (l Locale) file(name, sum string) string {
	return fmt.Sprintf("%s/%s.%s.json", l.Locale.Tag(), name, sum)
}

func tag(c config, homes map[string]string) ([]byte, error) {
	json, err := encode(c)
	if err != nil {
		return nil, err
	}
	addresses, err := encode(homes)
	if err != nil {
		return nil, err
	}
	style, err := minifyCSS("entry.css")
	if err != nil {
		return nil, err
	}
	return bundleJS("loader.js", api.FormatIIFE, nil, map[string]string{"CONFIG": json, "HOMES": addresses, "STYLE": quote(style)})
}

// checkBudgets looks at what is loaded together, in the locale where it weighs most.
func checkBudgets(locales []Locale, homes map[string]string, shared *assets, files map[string][]byte) error {
	return errors.Join(
		within(tagBudgetFor(locales, homes), "recourse.js", files["recourse.js"]),
		withinAll(files, intentBudget, shared.stage, "*/complaint.*.json", "*/withdrawal.*.json"),
		withinAll(files, afterBudget, shared.after, "*/*-after.*.json"),
		withinAll(files, noticeBudget, shared.notice, "*/disputes.*.json", "assets/disputes-*.json"),
	)
}

// withinAll weighs a script with the heaviest of the files that match one of the patterns.
func withinAll(files map[string][]byte, budget int, script string, patterns ...string) error {
	heaviest, weight := "", 0
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if !matches(name, patterns) {
			continue
		}
		if w := weigh([][]byte{files[name]}, quick); w > weight {
			heaviest, weight = name, w
		}
	}
	if heaviest == "" {
		return nil
	}
	return within(budget, heaviest+" with "+script, files["assets/"+script], files[heaviest])
}

func matches(name string, patterns []string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		ok, _ := path.Match(pattern, name)
		return ok
	})
}
