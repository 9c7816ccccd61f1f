// Package widget makes what runs in the visitor's browser.
//
// The pasted script (loader.js) is small and the same for every page of a shop: it carries the shop's locales and
// labels and draws a row of links. On intent it loads the second stage (forms.js and the modules it imports), which
// draws a form in a dialog from its definition, and the definition itself, a JSON file for each locale and form. The
// rules come last, as WebAssembly, and nothing waits for them. What the scripts may weigh is in budget.go.
package widget

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/evanw/esbuild/pkg/api"

	"recourse/form"
	"recourse/form/markup"
	"recourse/law"
	"recourse/locale"
	"recourse/remember"
	"recourse/shop"
)

// Bundler makes the widgets of shops. What they have in common it makes once: scripts and styles, and what a form or a notice
// says in a locale, but for the words of a shop. It may be used by several builds at once.
type Bundler struct {
	assets  func() (*assets, error)
	locales remember.Values[localeKey, *localeMold]
	notices remember.Values[[sha256.Size]byte, *noticeMold]
	rows    remember.Values[string, int] // what recourse.js weighs without the shop's address
}

// NewBundler needs the compiled rules, as Wasm gives them, and their host script, an ES module. Without rules only the server
// checks.
func NewBundler(wasm func() ([]byte, error), wasmExec []byte) *Bundler {
	return &Bundler{assets: sync.OnceValues(func() (*assets, error) {
		rules, err := wasm()
		if err != nil {
			return nil, err
		}
		return loadAssets(rules, wasmExec)
	})}
}

// How many of each are kept: a few megabytes.
const (
	mostLocales = 128
	mostNotices = 1024
	mostFrames  = 2 // in a locale
	mostRows    = 64
)

// Input is what one shop's widget is made of.
type Input struct {
	Shop *shop.Shop
	// Locale gives what the widget shows in a locale, "de-AT", of a shop that has marks for words. Facts, which can be compared,
	// are equal where it gives the same for the same shop.
	Locale func(s *shop.Shop, tag string) (Locale, error)
	Facts  any
	// Notice is the dispute notice for a language in a country, "de-FR", where the shop may sell or not.
	Notice func(tag string) Notice
	// Version is what the ledger says of a page, "de-DE/withdrawal", see markup.Definition; empty: it was not published.
	Version func(page string) string
}

// Locale is what the widget shows in one language and country.
type Locale struct {
	Locale      locale.Locale
	Labels      law.Labels
	Withdrawal  bool                 // the law of the country knows the right of withdrawal
	Definitions []*markup.Definition // the forms offered; a form that is not here is not opened
	Period      *Period              // for withdrawing; nil where its end cannot be told
	Countries   []Country            // where the notice can be read for as well, this one among them
}

// localeKey tells apart what needs molds of its own.
type localeKey struct {
	tag, kind string
	facts     any
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
func (b *Bundler) Bundle(in Input) (map[string][]byte, error) {
	tags := in.Shop.Locales()
	if len(tags) == 0 {
		return nil, fmt.Errorf("bundle the widget of shop %q: no locale is given; name at least one under markets in its shop.toml", in.Shop.ID)
	}
	shared, err := b.assets()
	if err != nil {
		return nil, err
	}
	p := &parcel{Input: in, bundler: b, assets: shared, files: maps.Clone(shared.files), notices: map[string]*filledNotice{}}
	c := config{Base: in.Shop.Publish, Stage: shared.Stage, Style: shared.Style, RTL: []string{}}
	for _, tag := range tags {
		l, e, err := p.locale(tag)
		if err != nil {
			return nil, fmt.Errorf("bundle locale %s: %w", tag, err)
		}
		c.add(l, e)
	}
	return p.files, errors.Join(append(p.errs, p.tag(c))...)
}

// parcel is the widget of one shop while it is packed.
type parcel struct {
	Input
	bundler *Bundler
	assets  *assets
	files   map[string][]byte
	locales []*localeMold
	notices map[string]*filledNotice // by language and country
	errs    []error                  // of budgets
}

// locale adds the JSON files of a locale and gives its entries for the pasted script.
func (p *parcel) locale(tag string) (locale.Locale, entries, error) {
	in, words := standIn(shop.In(p.Shop, tag))
	m, err := p.bundler.locales.Get(localeKey{tag, kindOf(in), p.Facts}, mostLocales, func() (*localeMold, error) {
		l, err := p.Locale(in, tag)
		if err != nil {
			return nil, err
		}
		return newLocaleMold(l, in)
	})
	if err != nil {
		return locale.Locale{}, entries{}, err
	}
	p.locales = append(p.locales, m)
	e := entries{Complaint: entry{m.complaint}, Disputes: entry{m.disputes}}
	words = inQuotes(words)
	for _, f := range m.forms {
		sum := p.putForm(tag, f, words)
		if f.kind == string(form.Withdrawal) {
			e.Withdrawal = entry{m.withdrawal, sum}
		} else {
			e.Complaint = entry{m.complaint, sum}
		}
	}
	sum, err := p.putNotices(m)
	if sum != "" {
		e.Disputes = entry{m.disputes, sum}
	}
	return m.locale, e, err
}

// putForm adds the two files of a form and returns the hash in the name of the first.
func (p *parcel) putForm(tag string, f formMold, words []string) string {
	words[versionWord] = ""
	if version := p.version(tag + "/" + f.page); version != "" {
		words[versionWord] = versionMember(version)
	}
	words[afterWord], _ = p.put(p.assets.After, afterBudget, tag+"/"+f.kind+"-after", f.after.fill(words), func() int { return f.after.weight(words) })
	_, sum := p.put(p.assets.Stage, intentBudget, tag+"/"+f.kind, f.opening.fill(words), func() int { return f.opening.weight(words) })
	return sum
}

func (p *parcel) version(page string) string {
	if p.Version == nil {
		return ""
	}
	return p.Version(page)
}

// put adds a JSON file and returns its name and the hash in it. With the script it may not weigh more than most; atMost is an
// estimate of what it weighs alone.
func (p *parcel) put(script string, most int, name string, data []byte, atMost func() int) (file, sum string) {
	sum = hash(data)
	file = name + "." + sum + ".json"
	if _, known := p.files[file]; !known {
		p.files[file] = data
		p.errs = append(p.errs, p.assets.budget(script, most).check(file, data, atMost))
	}
	return file, sum
}

// homes are the addresses of locales with a domain of their own; nil where none has.
func homes(s *shop.Shop) (homes map[string]string) {
	for _, tag := range s.Locales() {
		if home := shop.In(s, tag).Publish; home != s.Publish {
			if homes == nil {
				homes = map[string]string{}
			}
			homes[tag] = home
		}
	}
	return homes
}

// tag adds the pasted script. What names get shorter in it depends on all its letters, those of the shop as well, so it is
// bundled for each shop.
func (p *parcel) tag(c config) error {
	json, err := encode(c)
	if err != nil {
		return err
	}
	homes := homes(p.Shop)
	addresses, err := encode(homes)
	if err != nil {
		return err
	}
	define := map[string]string{"CONFIG": json, "HOMES": addresses, "STYLE": quote(p.assets.Entry)}
	script, err := bundleJS("loader.js", api.FormatIIFE, nil, define)
	p.files["recourse.js"] = script
	most := tagBudgetFor(p.locales, homes)
	return errors.Join(err, budget{most: most}.check("recourse.js", script, func() int { return p.tagWeight(script, most) }))
}

// tagWeight is what the pasted script weighs at most. Where only the best compression can tell, it is weighed once for shops
// with the same row: they differ in their address, in hashes and in the letters of short names.
func (p *parcel) tagWeight(script []byte, most int) int {
	if weight := weigh(script, quick); weight <= most {
		return weight
	}
	rest, row := bytes.Replace(script, []byte(p.Shop.Publish), nil, 1), ""
	for _, m := range p.locales {
		row += m.locale.Tag() + m.withdrawal + m.complaint + m.disputes
	}
	const differ = 16 // octets, for hashes and names
	weight, _ := p.bundler.rows.Get(fmt.Sprint(row, len(rest)), mostRows, func() (int, error) { return weigh(rest, brotli.BestCompression), nil })
	return weight + len(p.Shop.Publish) + differ
}
