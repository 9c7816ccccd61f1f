package sitegen

import (
	"bytes"
	"fmt"
	"html"
	"html/template"
	"strings"

	"recourse/shop"
)

const policyPage = "returns"

const schemaOrg = "https://schema.org"

// organization is the trader as search engines read it: https://schema.org/Organization.
type organization struct {
	Context   string         `json:"@context"`
	Type      string         `json:"@type"`
	Name      string         `json:"name"`
	LegalName string         `json:"legalName"`
	URL       string         `json:"url"`
	Email     string         `json:"email,omitempty"`
	Telephone string         `json:"telephone,omitempty"`
	VATID     string         `json:"vatID,omitempty"`
	Address   *postalAddress `json:"address,omitempty"`
	Policy    *returnPolicy  `json:"hasMerchantReturnPolicy,omitempty"` // on the page that tells it
}

type postalAddress struct {
	Type    string `json:"@type"`
	Street  string `json:"streetAddress,omitempty"` // all lines: a shop's file does not tell street and town apart
	Country string `json:"addressCountry"`
}

// returnPolicy is how goods can be returned: https://schema.org/MerchantReturnPolicy. Search engines look for it at the trader.
type returnPolicy struct {
	Type     string `json:"@type"`
	Country  string `json:"applicableCountry"`
	Home     string `json:"returnPolicyCountry,omitempty"` // where the goods are sent
	Category string `json:"returnPolicyCategory"`
	Days     int    `json:"merchantReturnDays"`
	Method   string `json:"returnMethod,omitempty"`
	// Fees are those for any reason to return, Remorse those of who changed their mind, Defect those for faulty goods, which never
	// cost the customer anything. Fees are there only where all returns are free.
	Fees    string `json:"returnFees,omitempty"`
	Remorse string `json:"customerRemorseReturnFees"`
	Defect  string `json:"itemDefectReturnFees"`
	Refund  string `json:"refundType,omitempty"`
	Link    string `json:"merchantReturnLink"`
}

// breadcrumbs are those above the heading: https://schema.org/BreadcrumbList.
type breadcrumbs struct {
	Context string     `json:"@context"`
	Type    string     `json:"@type"`
	List    []listItem `json:"itemListElement"`
}

type listItem struct {
	Type     string `json:"@type"`
	Position int    `json:"position"`
	Name     string `json:"name"`
	Item     string `json:"item,omitempty"` // its address; the last one is the page itself
}

// trail is the data block of the breadcrumb, with slots for the titles: it is made once per frame.
func (f framer) trail(l *localePages, d frameData) ([]byte, error) {
	b := breadcrumbs{Context: schemaOrg, Type: "BreadcrumbList"}
	add := func(name, address string) {
		b.List = append(b.List, listItem{"ListItem", len(b.List) + 1, name, address})
	}
	add(d.Shop.Name, d.Shop.Website)
	if len(d.Crumbs) > 0 {
		add(slot("datahome"), f.site.home(l.tag))
	}
	add(slot("dataname"), "")
	return f.fillPart("data.html", l.tag, b)
}

// nameData fills the slots of the trail.
func nameData(slots map[string]*mold, l *localePages, title *mold) {
	slots["dataname"] = asData(title)
	if home := l.leaf(indexPage); home != nil {
		slots["datahome"] = asData(home.nav)
	}
}

// asData makes of a text in HTML what stands between the quotes of a string in JSON.
func asData(m *mold) *mold {
	var text []byte
	out := &mold{}
	end := func() {
		out.text, text = append(out.text, []byte(inQuotes(html.UnescapeString(string(withoutTags(text)))))), nil
	}
	m.each(func(part []byte) { text = append(text, part...) }, func(g gap) {
		end()
		g.write = inScript
		out.gaps = append(out.gaps, g)
	})
	end()
	return out
}

// pageFrame is newFrame with the data all pages have.
func (f framer) pageFrame(l *localePages, d frameData) (*frame, error) {
	trail, err := f.trail(l, d)
	if err != nil {
		return nil, err
	}
	d.Data = template.HTML(trail) + d.Data
	return f.newFrame("page.html", d)
}

// jsonLD is the data block about the trader. Most pages have none.
func (f framer) jsonLD(l *localePages, name string) (*mold, error) {
	if name != indexPage && name != policyPage {
		return nil, nil
	}
	return f.site.Cache.parts.Get(fmt.Sprint(f.key, l.tag, name), mostFrames, func() (*mold, error) { return f.traderData(l, name) })
}

func (f framer) traderData(l *localePages, name string) (*mold, error) {
	data := newOrganization(l.facts.Shop)
	if name == policyPage {
		if data.Policy = newReturnPolicy(l.facts, f.site.address(l.tag, name)); data.Policy == nil {
			return nil, nil
		}
	}
	return f.part("data.html", l.tag, data)
}

// part fills a layout that is a part of a page.
func (f framer) part(name, tag string, data any) (*mold, error) {
	filled, err := f.fillPart(name, tag, data)
	if err != nil {
		return nil, err
	}
	return newMold(name, filled), nil
}

func (f framer) fillPart(name, tag string, data any) ([]byte, error) {
	var out bytes.Buffer
	if err := f.look.layouts.ExecuteTemplate(&out, name, data); err != nil {
		return nil, fmt.Errorf("fill the layout %s of %s: %w", name, tag, err)
	}
	return bytes.TrimSpace(out.Bytes()), nil
}

func newOrganization(s *shop.Shop) organization {
	t := s.Trader
	return organization{
		Context: schemaOrg, Type: "Organization", Name: s.Name, LegalName: t.LegalName, URL: s.Website,
		Email: t.Email, Telephone: t.Phone, VATID: t.VATID,
		Address: &postalAddress{Type: "PostalAddress", Street: strings.Join(t.Address, ", "), Country: t.Country},
	}
}

// newReturnPolicy holds what the law of the country and the shop are known to give. Where the law is unknown nothing is said;
// where it gives no right to return goods, only the shop's own offer counts.
func newReturnPolicy(facts Facts, link string) *returnPolicy {
	law, returns := facts.Law.Withdrawal, facts.Shop.Returns
	p := &returnPolicy{
		Type: "MerchantReturnPolicy", Country: facts.Locale.Country, Category: schemaOrg + "/MerchantReturnFiniteReturnWindow",
		Days: returns.Days, Remorse: schemaOrg + "/ReturnFeesCustomerResponsibility", Defect: schemaOrg + "/FreeReturn", Link: link,
	}
	if law.Known() {
		p.Days, p.Refund = max(law.Days, returns.Days), schemaOrg+"/FullRefund"
	}
	if returns.Cost == shop.CostTrader {
		p.Fees, p.Remorse = schemaOrg+"/FreeReturn", schemaOrg+"/FreeReturn"
	}
	if !returns.Collects {
		p.Method = schemaOrg + "/ReturnByMail"
	}
	if !returns.Collects && len(returns.Address) == 0 { // they go to the trader; an address of their own does not tell its country
		p.Home = facts.Shop.Trader.Country
	}
	if !law.Known() && !law.Absent() || p.Days <= 0 {
		return nil
	}
	return p
}
