package sitegen

import (
	"bytes"
	"fmt"
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
}

type postalAddress struct {
	Type    string `json:"@type"`
	Street  string `json:"streetAddress,omitempty"` // all lines: a shop's file does not tell street and town apart
	Country string `json:"addressCountry"`
}

// returnPolicy is how goods can be returned: https://schema.org/MerchantReturnPolicy.
type returnPolicy struct {
	Context  string `json:"@context"`
	Type     string `json:"@type"`
	Country  string `json:"applicableCountry"`
	Category string `json:"returnPolicyCategory"`
	Days     int    `json:"merchantReturnDays"`
	Method   string `json:"returnMethod,omitempty"`
	// Fees are those for any reason to return, Remorse those of who changed their mind. Faulty goods never cost the customer
	// anything, so Fees are there only where all returns are free.
	Fees    string `json:"returnFees,omitempty"`
	Remorse string `json:"customerRemorseReturnFees"`
	Refund  string `json:"refundType,omitempty"`
	Link    string `json:"merchantReturnLink"`
}

// jsonLD is the data block of a page: its layout, filled. Most pages have none.
func (f framer) jsonLD(l *localePages, name string) (*mold, error) {
	var data any
	switch name {
	case indexPage:
		data = newOrganization(l.facts.Shop)
	case policyPage:
		policy, known := newReturnPolicy(l.facts, f.site.address(l.tag, name))
		if !known {
			return nil, nil
		}
		data = policy
	default:
		return nil, nil
	}
	return f.part("data.html", l.tag, data)
}

// part fills a layout that is a part of a page.
func (f framer) part(name, tag string, data any) (*mold, error) {
	var out bytes.Buffer
	if err := f.look.layouts.ExecuteTemplate(&out, name, data); err != nil {
		return nil, fmt.Errorf("fill the layout %s of %s: %w", name, tag, err)
	}
	return newMold(name, bytes.TrimSpace(out.Bytes())), nil
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
func newReturnPolicy(facts Facts, link string) (p returnPolicy, known bool) {
	law, returns := facts.Law.Withdrawal, facts.Shop.Returns
	p = returnPolicy{
		Context: schemaOrg, Type: "MerchantReturnPolicy", Country: facts.Locale.Country, Category: schemaOrg + "/MerchantReturnFiniteReturnWindow",
		Days: returns.Days, Remorse: schemaOrg + "/ReturnFeesCustomerResponsibility", Link: link,
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
	return p, (law.Known() || law.Absent()) && p.Days > 0
}
