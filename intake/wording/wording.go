// Package wording says what the law and the shop make of a case, in whole sentences of the reader's language.
//
// Receipt, status page and acknowledgement use the same sentences, so that a visitor never reads two answers to the same
// question.
package wording

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"recourse/day"
	"recourse/form"
	"recourse/form/markup"
	"recourse/intake/docket"
	"recourse/law"
	"recourse/ledger"
	"recourse/locale"
	"recourse/shop"
)

// Voice speaks to one reader about the business of one shop.
type Voice struct {
	Shop   *shop.Shop
	Locale locale.Locale // language of the reader, country of the consumer
	Labels law.Labels
}

// House finds the voice for a reader.
type House struct {
	Law     *law.Book
	Locales *locale.Catalog
	Own     func(shop string) *locale.Catalog // of a shop with strings of its own, by id; else nil. The function may be nil
}

// Of are the languages of a shop.
func (h House) Of(s *shop.Shop) *locale.Catalog {
	if h.Own != nil {
		if own := h.Own(s.ID); own != nil {
			return own
		}
	}
	return h.Locales
}

// Consumer is the voice for the visitor of a shop: in the locale of the form, or in the shop's own where the form's is not
// known to us (a page built by another version).
func (h House) Consumer(s *shop.Shop, tag string, now time.Time) (Voice, error) {
	l, err := h.Of(s).Locale(tag)
	if err != nil {
		l, err = h.Of(s).Locale(s.DefaultLocale())
	}
	if err != nil {
		return Voice{}, fmt.Errorf("find words for %q: %w", tag, err)
	}
	if s.Serves(tag) { // its addresses are then those of the consumer's domain
		s = shop.In(s, tag)
	}
	return h.voice(s, l, now), nil
}

// Trader is the voice for the people of the shop: in the language of its default locale, about a consumer in the country of
// the form.
func (h House) Trader(s *shop.Shop, tag string, now time.Time) (Voice, error) {
	own, err := h.Of(s).Locale(s.DefaultLocale())
	if err != nil {
		return Voice{}, fmt.Errorf("find words for shop %q: %w", s.ID, err)
	}
	if l, err := h.Of(s).Locale(tag); err == nil {
		own.Country = l.Country
	}
	return h.voice(s, own, now), nil
}

func (h House) voice(s *shop.Shop, l locale.Locale, now time.Time) Voice {
	labels, _ := h.Law.Labels(l.Language.Tag, l.Country, docket.DayOf(now, s.Location()))
	return Voice{Shop: s, Locale: l, Labels: labels}
}

// Text is a string with {trader}, {shop} and {contact} filled in besides args.
func (v Voice) Text(key string, args ...locale.Arg) string {
	return v.Locale.Text(key, v.with(args)...)
}

// Plural is the string for a number, filled as by Text.
func (v Voice) Plural(key string, n int, args ...locale.Arg) string {
	return v.Locale.Plural(key, n, v.with(args)...)
}

func (v Voice) with(args []locale.Arg) []locale.Arg {
	return append(args,
		locale.Arg{Name: "trader", Value: v.Shop.Trader.LegalName},
		locale.Arg{Name: "shop", Value: v.Shop.Name},
		locale.Arg{Name: "contact", Value: v.Shop.Trader.Email})
}

// Moment is a time as the shop's clock shows it.
func (v Voice) Moment(t time.Time) string { return v.Locale.Moment(t, v.Shop.Location()) }

// Date is a day in full.
func (v Voice) Date(d day.Day) string { return v.Locale.Date(d) }

// Market names country and language of the form a case came from.
func (v Voice) Market(h House, tag string) (country, language string) {
	l, err := h.Of(v.Shop).Locale(tag)
	if err != nil {
		return tag, tag
	}
	return v.Locale.Language.Country(l.Country), v.Locale.LanguageName(l.Language.Tag)
}

// Definition is a form in this voice.
func (v Voice) Definition(kind form.Kind) *markup.Definition {
	return markup.Define(kind, v.Shop, v.Locale, v.Labels)
}

// Months are the names people may type for a month.
func (v Voice) Months() form.Months { return markup.Months(v.Locale.Language) }

// Row is an answer with its label. Text is empty for what was not answered.
type Row struct{ Name, Label, Text string }

// Rows are the answers of a case, in the order of the form.
func (v Voice) Rows(c docket.Case) []Row {
	var rows []Row
	for _, r := range markup.Rows(v.Definition(c.Form), c.Values) {
		if r.Name != "files" {
			rows = append(rows, Row{r.Name, r.Label, strings.TrimSpace(r.Value)})
		}
	}
	return rows
}

// Seen is the text a visitor had before them, to be read and to be found.
type Seen struct {
	Version, Href, SHA256 string
	Line                  string // all of it, where there are no links
}

// Seen tells which text the page of a case said it showed; nil where it said nothing.
func (v Voice) Seen(c docket.Case) *Seen {
	seen, ok := ledger.ParseSeen(c.Seen)
	if !ok {
		return nil
	}
	from := locale.Arg{Name: "date", Value: v.Date(seen.From)}
	s := &Seen{Version: v.Text("version.seen.of", from), SHA256: seen.SHA256,
		Line: v.Text("version.seen.line", from, locale.Arg{Name: "hash", Value: seen.SHA256})}
	if v.Shop.Serves(c.Locale) {
		s.Href = join(shop.In(v.Shop, c.Locale).Publish, c.Locale, seen.Page, "versions", seen.From.String()) + "/"
	}
	return s
}

// Declaration is the sentence the answers are part of: "I withdraw from this contract with …".
func (v Voice) Declaration(kind form.Kind) string {
	return v.Text("form." + string(kind) + ".declaration")
}

// Statement is everything that was sent, files by their names: what an acknowledgement must repeat.
func (v Voice) Statement(c docket.Case) []Row {
	rows := v.Rows(c)
	for i, r := range rows {
		if r.Text == "" {
			rows[i].Text = v.Text("receipt.not-provided")
		}
	}
	if len(c.Files) > 0 {
		rows = append(rows, Row{"files", v.Text("receipt.files"), strings.Join(v.Files(c), "\n")})
	}
	return rows
}

// Files are names and sizes of the attachments.
func (v Voice) Files(c docket.Case) []string {
	var names []string
	for _, f := range c.Files {
		names = append(names, v.Text("receipt.file", locale.Arg{Name: "name", Value: f.Name}, locale.Arg{Name: "size", Value: v.Size(f.Size)}))
	}
	return names
}

// Next says what happens next with a case and by when.
func (v Voice) Next(c docket.Case) []string {
	by := locale.Arg{Name: "date", Value: v.Date(c.Due.Day)}
	email := locale.Arg{Name: "email", Value: c.Email()}
	switch c.Due.Task {
	case docket.Refund:
		return append([]string{v.Text("receipt.next.refund", by)}, v.goodsBack(by)...)
	case docket.Answer:
		return v.answerBy(c.Due, by)
	case docket.Promise:
		return []string{v.Text("receipt.next.answer.promise", by)}
	}
	if c.Form == form.Withdrawal {
		return []string{v.Text("receipt.next.withdrawal", email)}
	}
	return []string{v.Text("receipt.next.answer", email)}
}

// goodsBack: a trader that collects the goods may not wait for them with the refund (Directive 2011/83/EU Art 13(3)).
func (v Voice) goodsBack(by locale.Arg) []string {
	if v.Shop.Returns.Collects {
		return []string{v.Text("receipt.next.collect")}
	}
	return []string{v.Text("receipt.next.refund.goods"), v.Text("receipt.next.return", by)}
}

func (v Voice) answerBy(due docket.Due, by locale.Arg) []string {
	sentences := []string{v.Text("receipt.next.answer.law.uncited", by)}
	if due.Statute != "" {
		sentences[0] = v.Text("receipt.next.answer.law", by, locale.Arg{Name: "statute", Value: due.Statute})
	}
	return append(sentences, v.Silence("receipt.next.silence.", due)...)
}

// Silence says what it means to let the date pass; nothing where the law names no consequence.
func (v Voice) Silence(prefix string, due docket.Due) []string {
	if key := prefix + string(due.Silence); due.Silence != "" && v.Locale.Has(key) {
		return []string{v.Text(key)}
	}
	return nil
}

// Duty tells the trader what is due and what silence means.
func (v Voice) Duty(due docket.Due) []string {
	by := locale.Arg{Name: "date", Value: v.Date(due.Day)}
	statute := locale.Arg{Name: "statute", Value: due.Statute}
	switch due.Task {
	case docket.Refund:
		return []string{v.Text("mail.copy.due.refund", by, statute)}
	case docket.Promise:
		return []string{v.Text("mail.copy.due.promise", by)}
	case docket.Answer:
		key := "mail.copy.due.answer"
		if due.Statute == "" {
			key = "mail.copy.due.answer.uncited"
		}
		return append([]string{v.Text(key, by, statute)}, v.Silence("mail.copy.silence.", due)...)
	}
	return nil
}

// Size of a file as people write it.
func (v Voice) Size(bytes int64) string {
	unit, n := "mb", (bytes+1<<19)>>20
	switch {
	case bytes < 1<<10:
		unit, n = "bytes", bytes
	case bytes < 1<<20:
		unit, n = "kb", (bytes+1<<9)>>10
	}
	return v.Text("status.size."+unit, locale.Arg{Name: "n", Value: strconv.FormatInt(n, 10)})
}

// Page is the address of a generated page, "disputes" or "withdrawal": in this locale where the shop has pages in it,
// else in the shop's own.
func (v Voice) Page(name string) string {
	tag := v.Locale.Tag()
	if !v.Shop.Serves(tag) {
		tag = v.Shop.DefaultLocale()
	}
	return join(shop.In(v.Shop, tag).Publish, tag, name)
}

// ReceiptURL is the address of a receipt.
func (v Voice) ReceiptURL(token string) string { return join(v.Shop.Intake, "receipts", token) }

// StatusURL is the address of a status page.
func (v Voice) StatusURL(token string) string { return join(v.Shop.Intake, "status", token) }

// InboxURL is the address of a case in the inbox.
func (v Voice) InboxURL(reference string) string {
	return join(v.Shop.Intake, "inbox", "cases", reference)
}

func join(base string, parts ...string) string {
	for i, p := range parts {
		parts[i] = url.PathEscape(p)
	}
	return strings.TrimSuffix(base, "/") + "/" + strings.Join(parts, "/")
}
