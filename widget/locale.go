package widget

import (
	"bytes"
	"strings"

	"recourse/form"
	"recourse/form/markup"
	"recourse/locale"
	"recourse/remember"
	"recourse/shop"
)

// localeMold is the widget in a locale without the words of a shop.
type localeMold struct {
	locale locale.Locale
	// Labels of the row.
	withdrawal, complaint, disputes string

	forms     []formMold
	countries []Country
	frames    remember.Values[string, *mold] // around the notice, by the countries it can be read for
}

// formMold is the two files of a form.
type formMold struct {
	kind           string
	page           string // folder of the page with the same form
	opening, after *mold
}

// newLocaleMold makes the molds for shops such as s, which has marks for words.
func newLocaleMold(l Locale, s *shop.Shop) (*localeMold, error) {
	m := &localeMold{
		locale: l.Locale, countries: l.Countries,
		withdrawal: l.Labels.Withdraw, complaint: l.Locale.Text("widget.complaint"), disputes: l.Locale.Text("widget.disputes"),
	}
	for _, d := range l.Definitions {
		if d.Form == string(form.Withdrawal) && (!l.Withdrawal || m.withdrawal == "") {
			continue
		}
		f, err := l.form(d, s)
		if err != nil {
			return nil, err
		}
		m.forms = append(m.forms, f)
	}
	return m, nil
}

func (l Locale) form(d *markup.Definition, s *shop.Shop) (formMold, error) {
	f := formMold{kind: d.Form, page: pageName(d.Page)}
	w := formWords(l.Locale.Language, d.Form, s)
	r := newRest(d, w, l.Locale.Language, s)
	if d.Form == string(form.Withdrawal) {
		r.Period = l.Period
	}
	after, err := encodeBytes(r)
	if err != nil {
		return f, err
	}
	marked := *d
	marked.Version = mark(versionWord)
	opening, err := encodeBytes(newOpening(&marked, w, mark(afterWord)))
	// Where there is no version, its name is left out as well.
	opening = bytes.Replace(opening, []byte(versionMember(marked.Version)), []byte(mark(versionWord)), 1)
	f.opening, f.after = cut(opening), cut(after)
	return f, err
}

// versionMember is the version as it stands in the opening of a form, before other members.
func versionMember(version string) string {
	json, _ := encode(version) // a string always has a JSON form
	return `"version":` + json + `,`
}

// pageName is the last folder of the address of a page.
func pageName(address string) string {
	address = strings.TrimSuffix(address, "/")
	return address[strings.LastIndexByte(address, '/')+1:]
}
