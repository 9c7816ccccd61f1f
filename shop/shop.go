// Package shop reads shop.toml: who the trader is, where it sells, what it offers.
package shop

// Shop is one shop.toml.
type Shop struct {
	ID      string  `toml:"id"`      // in URLs and submissions: lower-case letters, digits, hyphens
	Name    string  `toml:"name"`    // as customers know it
	Trader  Trader  `toml:"trader"`  // who is liable
	Website string  `toml:"website"` // the shop itself
	Publish string  `toml:"publish"` // where dist/ is served; ends in a slash
	Intake  string  `toml:"intake"`  // where submissions go; empty: pages only, no withdrawal function claimed
	Markets Markets `toml:"markets"`
	Returns Returns `toml:"returns"`

	Guarantee  Guarantee  `toml:"guarantee"`
	Complaints Complaints `toml:"complaints"`
	Disputes   Disputes   `toml:"disputes"`
	Privacy    Privacy    `toml:"privacy"`
	Retention  Retention  `toml:"retention"`
	Domains    Domains    `toml:"domains"`  // where dist/ is served for a country or locale, if not at Publish
	Websites   Domains    `toml:"websites"` // the shop itself there, if not at Website
	Webhooks   []Webhook  `toml:"webhooks"` // addresses that hear what happens to cases
	Content    string     `toml:"content"`  // folder of own texts, beside the shop's file; empty: none
	Zone       string     `toml:"zone"`     // IANA time zone of the shop; empty: that of the trader's country
}

// Trader is the person in law behind the shop.
type Trader struct {
	LegalName string   `toml:"legal_name"`
	Address   []string `toml:"address"` // lines, without the country
	Country   string   `toml:"country"` // ISO 3166-1 alpha-2
	Email     string   `toml:"email"`
	Phone     string   `toml:"phone"`
	Register  string   `toml:"register"`
	VATID     string   `toml:"vat_id"`
	Staff     int      `toml:"staff"` // on 31 December of last year; some duties start above a number
}

// Markets maps the countries the shop sells to, to the languages it serves there; the first is the default.
type Markets map[string][]string

// Cost says who pays for sending goods back after a withdrawal.
type Cost string

const (
	CostConsumer Cost = "consumer"
	CostTrader   Cost = "trader"
)

// Returns is what the shop offers for withdrawals and voluntary returns.
type Returns struct {
	Days     int      `toml:"days"`     // voluntary period where longer than the law's
	Cost     Cost     `toml:"cost"`     //
	Address  []string `toml:"address"`  // empty: the trader's
	Excluded []string `toml:"excluded"` // grounds of Directive 2011/83/EU Art 16, by our names (see Exclusions)
	Collects bool     `toml:"collects"` // the shop collects the goods itself
}

// Guarantee is what the shop promises beyond the law.
type Guarantee struct {
	Months int `toml:"months"` // commercial guarantee given by the trader; 0: none
}

// Complaints is the shop's own promise.
type Complaints struct {
	AnswerDays int `toml:"answer_days"` // calendar days in which the shop promises an answer; 0: no promise beyond the law
}

// Participation is the trader's stance on ADR. There is no "maybe": a court has found it unclear
// (BGH, 21 August 2019, VIII ZR 265/18).
type Participation string

const (
	ParticipationNo      Participation = "no"
	ParticipationYes     Participation = "yes"
	ParticipationObliged Participation = "obliged"
)

// Disputes is the trader's stance and the bodies it names.
type Disputes struct {
	Participation Participation `toml:"participation"`
	Bodies        []Body        `toml:"bodies"`
}

// Body is an ADR body the trader names.
type Body struct {
	Name    string   `toml:"name"`
	Address []string `toml:"address"`
	URL     string   `toml:"url"`
	Form    string   `toml:"form"`    // online complaint form, where it has one
	Country string   `toml:"country"` // empty: for every market
}

// Privacy is what the notice at the forms needs to know.
type Privacy struct {
	Contact         string `toml:"contact"`          // address for data protection questions; empty: the trader's
	RetentionMonths int    `toml:"retention_months"` // how long cases are kept after they are closed; that of Retention where it is set
	Officer         string `toml:"officer"`          // data protection officer, where there is one
}

// Exclusions are the grounds on which there is no right of withdrawal that a shop may name
// (Directive 2011/83/EU Art 16, in the order of its letters).
var Exclusions = []string{
	"services-performed", "market-price", "custom-made", "perishable", "sealed-hygiene", "mixed", "alcohol-futures",
	"urgent-repairs", "sealed-media", "newspapers", "auction", "dated-services", "digital-content",
}
