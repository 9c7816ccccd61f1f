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
	Notice      string               // HTML of the dispute notice, with its heading; empty: the page only
}

// document is a definition with what the dialog knows of the shop and the language.
type document struct {
	*markup.Definition
	Words  words  `json:"words"`
	Trader string `json:"trader"` // legal name
	Mail   string `json:"mail"`   // where to write when sending fails
	Zone   string `json:"zone"`   // IANA name; receipts give the time of the shop
	Date   dates  `json:"date"`
	Trap   string `json:"trap"`   // name of the input nobody should fill in
	Accept string `json:"accept"` // endings of the files that may be sent
	Bytes  int    `json:"bytes"`  // a file must stay below
}

// dates is how the language writes days and moments, see locale.Language.
type dates struct {
	Long   string `json:"long"`
	First  string `json:"first,omitempty"`
	Moment string `json:"moment"`
}

func newDocument(d *markup.Definition, l *locale.Language, s *shop.Shop) document {
	return document{
		Definition: d, Words: formWords(l, d.Form, s), Trader: s.Trader.LegalName, Mail: s.Trader.Email,
		Zone: s.Location().String(), Date: dates{l.LongDate, l.First, l.ZoneTime},
		Trap: markup.Trap, Accept: strings.Join(form.FileTypes, ","), Bytes: form.MaxFileBytes,
	}
}

// notice is the dispute notice for the dialog.
type notice struct {
	Lang  string `json:"lang"`
	Dir   string `json:"dir"`
	Title string `json:"title"`
	Nodes []any  `json:"nodes"`
	Words words  `json:"words"`
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
	if files["recourse.js"], err = tag(c); err != nil {
		return nil, err
	}
	return files, checkBudgets(in.Locales, files)
}

// addTo puts the locale's JSON files into files and returns its entries for the pasted script.
func (l Locale) addTo(files map[string][]byte, s *shop.Shop) (entries, error) {
	put := func(name, label string, v any) (entry, error) {
		data, err := encodeBytes(v)
		if err != nil {
			return nil, err
		}
		sum := hash(data)
		files[fmt.Sprintf("%s/%s.%s.json", l.Locale.Tag(), name, sum)] = data
		return entry{label, sum}, nil
	}
	var e entries
	var err error
	e.Complaint = entry{l.Locale.Text("widget.complaint")}
	e.Disputes = entry{l.Locale.Text("widget.disputes")}
	for _, d := range l.Definitions {
		doc := newDocument(d, l.Locale.Language, s)
		switch {
		case d.Form == "complaint":
			e.Complaint, err = put(d.Form, e.Complaint[0], doc)
		case l.Withdrawal && l.Labels.Withdraw != "":
			e.Withdrawal, err = put(d.Form, l.Labels.Withdraw, doc)
		}
		if err != nil {
			return e, err
		}
	}
	if l.Notice == "" {
		return e, nil
	}
	title, nodes, err := parseNotice(l.Notice)
	if err != nil {
		return e, err
	}
	if title == "" {
		title = e.Disputes[0]
	}
	e.Disputes, err = put("disputes", e.Disputes[0], notice{l.Locale.Language.Tag, l.Locale.Dir, title, nodes, noticeWords(l.Locale.Language)})
	return e, err
}

func tag(c config) ([]byte, error) {
	json, err := encode(c)
	if err != nil {
		return nil, err
	}
	style, err := minifyCSS("entry.css")
	if err != nil {
		return nil, err
	}
	return bundleJS("loader.js", api.FormatIIFE, map[string]string{"CONFIG": json, "STYLE": quote(style)})
}

// checkBudgets looks at what depends on the shop. The rest is the same in every build, so a test looks at it.
func checkBudgets(locales []Locale, files map[string][]byte) error {
	err := within(tagBudgetFor(locales), "recourse.js", files["recourse.js"])
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if path.Ext(name) == ".json" {
			err = errors.Join(err, within(formBudget, name, files[name]))
		}
	}
	return err
}
