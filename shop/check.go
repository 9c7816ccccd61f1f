package shop

import (
	"fmt"
	"maps"
	"net/mail"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"

	"recourse/strict"
)

// checker records what is wrong with the values of a shop file whose keys and types are right.
type checker struct {
	doc  *strict.Document
	shop *Shop
}

func (c checker) run() {
	c.text()
	c.identity()
	c.addresses()
	c.markets()
	c.domains()
	c.returns()
	c.promises()
	c.retention()
	c.disputes()
	c.webhooks()
	c.zone()
}

// maxLength is how many characters a text may have. Names stand in every link and mail; nobody's is longer.
const maxLength = 300

// text refuses what no name or address holds: names end up in mail headers and in the middle of sentences.
func (c checker) text() {
	c.doc.Strings(func(key, s string) {
		switch {
		case strings.ContainsFunc(s, breaks):
			c.doc.Wrong(key, "there is a line break or control character in this text", "write it on one line; addresses are a list of lines")
		case strings.ContainsFunc(s, reorders):
			c.doc.Wrong(key, "a character that cannot be seen changes the order in which this text is read", "type it anew instead of copying it")
		case utf8.RuneCountInString(s) > maxLength:
			c.doc.Wrong(key, fmt.Sprintf("this text is longer than %d characters", maxLength), "shorten it")
		}
	})
	c.lines("trader.address", c.shop.Trader.Address)
	c.lines("returns.address", c.shop.Returns.Address)
	for i, b := range c.shop.Disputes.Bodies {
		c.lines(item("disputes.bodies", i)+".address", b.Address)
	}
}

func breaks(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' }

// reorders reports whether a character makes people read what is around it in another order than it is written.
func reorders(r rune) bool { return r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' }

const maxLines = 10

func (c checker) lines(key string, address []string) {
	if len(address) > maxLines {
		c.doc.Wrong(key, fmt.Sprintf("the address has more than %d lines", maxLines), "join some of them")
	}
	for i, line := range address {
		if strings.TrimSpace(line) == "" {
			c.doc.Wrong(item(key, i), "this line is empty", "drop it")
		}
	}
}

func (c checker) identity() {
	s := c.shop
	c.required("id", s.ID, `a short name for web addresses, for example "my-shop"`)
	if s.ID != "" && !slug(s.ID) {
		c.doc.Wrong("id", "the id stands in web addresses", "use only lower-case letters, digits and single hyphens, at most 40, for example "+strconv.Quote(toSlug(s.ID)))
	}
	c.required("name", s.Name, "the name customers know the shop by")
	c.required("trader.legal_name", s.Trader.LegalName, "the person or company that is liable, as registered")
	if len(s.Trader.Address) == 0 {
		c.doc.Wrong("trader.address", "the postal address is missing", `add the lines, for example address = ["Main Street 1", "D02 X285 Dublin"]`)
	}
	c.country("trader.country", s.Trader.Country)
	c.required("trader.email", s.Trader.Email, "the e-mail address customers reach you at; the law asks every online trader for one")
	c.email("trader.email", s.Trader.Email)
	c.natural("trader.staff", s.Trader.Staff)
}

func (c checker) addresses() {
	s := c.shop
	c.required("website", s.Website, "the address of the shop itself")
	c.web("website", s.Website)
	c.required("publish", s.Publish, "the address at which the generated pages will be served")
	c.base("publish", s.Publish)
	c.base("intake", s.Intake)
}

func (c checker) markets() {
	if len(c.shop.Markets) == 0 {
		c.doc.Wrong("markets", "the shop sells nowhere yet", `add the countries it delivers to with their languages, for example DE = ["de", "en"]`)
	}
	for _, code := range slices.Sorted(maps.Keys(c.shop.Markets)) {
		key := "markets." + code
		c.country(key, code)
		langs := c.shop.Markets[code]
		if len(langs) == 0 {
			c.doc.Wrong(key, "no language is served there", `name at least one, for example ["en"]`)
		}
		c.once(key, langs)
		for i, tag := range langs {
			c.language(item(key, i), tag)
		}
	}
}

func (c checker) returns() {
	r := c.shop.Returns
	c.natural("returns.days", r.Days)
	c.choice("returns.cost", string(r.Cost), true, string(CostConsumer), string(CostTrader))
	c.once("returns.excluded", r.Excluded)
	for i, name := range r.Excluded {
		c.choice(item("returns.excluded", i), name, false, Exclusions...)
	}
}

func (c checker) promises() {
	s := c.shop
	c.natural("guarantee.months", s.Guarantee.Months)
	c.natural("complaints.answer_days", s.Complaints.AnswerDays)
	c.natural("privacy.retention_months", s.Privacy.RetentionMonths)
	c.email("privacy.contact", s.Privacy.Contact)
}

func (c checker) disputes() {
	d := c.shop.Disputes
	all := []string{string(ParticipationNo), string(ParticipationYes), string(ParticipationObliged)}
	if d.Participation == "" {
		c.doc.Wrong("disputes.participation", "it is not said whether the shop takes part in dispute resolution", "write no, yes or obliged; courts have refused a maybe")
	} else {
		c.choice("disputes.participation", string(d.Participation), false, all...)
	}
	if d.Participation != ParticipationNo && slices.Contains(all, string(d.Participation)) && len(d.Bodies) == 0 {
		c.doc.Wrong("disputes.participation", "a shop that takes part names the body", `add it below [[disputes.bodies]] with name, address and url`)
	}
	for i, b := range d.Bodies {
		c.body(item("disputes.bodies", i), b)
	}
}

func (c checker) body(key string, b Body) {
	c.required(key+".name", b.Name, "the name of the body as it calls itself")
	c.required(key+".url", b.URL, "the website of the body, which the law asks for")
	c.web(key+".url", b.URL)
	c.web(key+".form", b.Form)
	if b.Country == "" {
		return
	}
	c.country(key+".country", b.Country)
	if _, ok := c.shop.Markets[b.Country]; !ok && iso(b.Country) {
		c.doc.Wrong(key+".country", "the shop does not sell to this country", "drop the key to name the body everywhere, or add the market")
	}
}

func (c checker) zone() {
	zone := c.shop.Zone
	if zone == "" {
		if country := c.shop.Trader.Country; iso(country) && zones[country] == "" {
			c.doc.Wrong("zone", "the time zone is missing, and "+country+" does not settle it", `add it at the top of the file, for example zone = "America/New_York"`)
		}
		return
	}
	if _, err := time.LoadLocation(zone); err != nil || zone == "Local" {
		c.doc.Wrong("zone", "there is no such time zone", `use a name such as "Europe/Berlin"`)
	}
}

// required asks for a value; what names it, to stand after "add" and "fill in".
func (c checker) required(key, value, what string) {
	if strings.TrimSpace(value) != "" {
		return
	}
	if c.doc.Has(key) {
		c.doc.Wrong(key, "this must not be empty", "fill in "+what)
		return
	}
	c.doc.Wrong(key, "this key is missing", "add "+what)
}

func (c checker) natural(key string, n int) {
	if n < 0 {
		c.doc.Wrong(key, "this cannot be below zero", "write 0 or leave the key out")
	}
}

func (c checker) choice(key, value string, optional bool, known ...string) {
	if slices.Contains(known, value) || value == "" && optional && !c.doc.Has(key) {
		return
	}
	fix := "use one of " + strings.Join(known, ", ")
	if best, ok := strict.Nearest(value, known); ok {
		fix = fmt.Sprintf("did you mean %q?", best)
	}
	c.doc.Wrong(key, "there is no such choice", fix)
}

func (c checker) once(key string, all []string) {
	for i, v := range all {
		if slices.Contains(all[:i], v) {
			c.doc.Wrong(item(key, i), "this is named twice", "drop one")
		}
	}
}

func (c checker) email(key, address string) {
	if address == "" {
		return
	}
	a, err := mail.ParseAddress(address)
	_, domain, _ := strings.Cut(address, "@")
	if err != nil || a.Address != address || !strings.Contains(strings.Trim(domain, "."), ".") || strings.ContainsAny(address, "%?#/&<>\"\\ ") {
		c.doc.Wrong(key, "this is not an e-mail address", `write it like "service@shop.example"`)
	}
}

// web asks for https. Addresses of the own machine may do without, for trying things out.
func (c checker) web(key, address string) (*url.URL, bool) {
	if address == "" {
		return nil, false
	}
	u, err := url.Parse(address)
	if i := strings.IndexFunc(address, unwritten); i >= 0 {
		r, _ := utf8.DecodeRuneInString(address[i:])
		c.doc.Wrong(key, fmt.Sprintf("a web address holds no %+q", r), "copy it from the address bar of your browser")
		return nil, false
	}
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && u.Scheme != "http" {
		c.doc.Wrong(key, "this is not a web address", "write it in full, for example https://shop.example")
		return nil, false
	}
	if host := u.Hostname(); u.Scheme == "http" && host != "localhost" && host != "127.0.0.1" {
		c.doc.Wrong(key, "this address is not encrypted", "begin it with https://")
		return nil, false
	}
	return u, true
}

// unwritten reports whether a character is written in another way in an address.
func unwritten(r rune) bool {
	return strings.ContainsRune("\"<>\\^`{|}", r) || unicode.IsSpace(r) || !unicode.IsGraphic(r)
}

// base checks an address to which file names are added.
func (c checker) base(key, address string) {
	u, ok := c.web(key, address)
	switch {
	case !ok:
	case strings.ContainsAny(address, "?#"):
		c.doc.Wrong(key, "an address that files are added to has no ? and no #", "write the part before it")
	case !strings.HasSuffix(u.Path, "/"):
		c.doc.Wrong(key, "the address must end in a slash", "write "+strconv.Quote(address+"/"))
	case strings.Contains(u.Path, "//") || strings.Contains(u.Path, "/./") || strings.Contains(u.Path, "/../"):
		c.doc.Wrong(key, "the address has an empty folder or dots in place of one", "write it as browsers show it")
	}
}

func (c checker) country(key, code string) {
	switch {
	case code == "":
		c.required(key, "", `the country as two letters, for example "DE"`)
	case iso(code):
	case code == "UK" || code == "EL":
		c.doc.Wrong(key, "this is not the ISO 3166-1 code of the country", fmt.Sprintf("write %q", map[string]string{"UK": "GB", "EL": "GR"}[code]))
	case iso(strings.ToUpper(code)):
		c.doc.Wrong(key, "country codes are upper case", fmt.Sprintf("write %q", strings.ToUpper(code)))
	default:
		c.doc.Wrong(key, "there is no country with this code", "use the two letters of ISO 3166-1, for example DE")
	}
}

// iso reports whether code is a country of ISO 3166-1 in its usual form. The aliases that
// x/text resolves to a code (UK) are not that code.
func iso(code string) bool {
	r, err := language.ParseRegion(code)
	return err == nil && len(code) == 2 && r.IsCountry() && r.Canonicalize().String() == code
}

func (c checker) language(key, tag string) {
	t, err := language.Parse(tag)
	if err != nil {
		c.doc.Wrong(key, "there is no such language", `use the two letters of ISO 639-1, for example "de"`)
		return
	}
	base, _ := t.Base()
	if _, _, region := t.Raw(); region.IsCountry() {
		c.doc.Wrong(key, "a language here has no country: the market gives it", fmt.Sprintf("write %q", base.String()))
		return
	}
	if t.String() != tag {
		c.doc.Wrong(key, "this is not the usual form of the language code", fmt.Sprintf("write %q", t.String()))
	}
}

func slug(s string) bool {
	return s == toSlug(s) && s != "" && len(s) <= 40
}

// toSlug is the nearest id to what was typed.
func toSlug(s string) string {
	words := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return !('a' <= r && r <= 'z' || '0' <= r && r <= '9')
	})
	id := strings.Join(words, "-")
	return strings.TrimRight(id[:min(len(id), 40)], "-")
}

func item(key string, i int) string { return key + "[" + strconv.Itoa(i) + "]" }
