// Package law holds consumer law as dated data.
//
// Ask for a country and a day, get what is due on that day. The facts lie in countries/*.toml
// and eu.toml, each with its source and whether that source was seen to say so. Facts that are
// unknown or not verified never leave this package as facts: At reports them as Unknown, so no
// text can print them. Record gives the unfiltered data to those who check it.
package law

import "recourse/day"

// Status says what is known of a rule.
type Status string

const (
	Set     Status = "set"     // the law has the rule and the value is verified
	None    Status = "none"    // the law has no such rule
	Unknown Status = "unknown" // not established, or not verified: say nothing
)

// Rule is what every fact has in common.
type Rule struct {
	Status  Status
	Statute string // national provision, as cited there; empty when not verified
}

// Known reports whether a text may speak of the rule's value.
func (r Rule) Known() bool { return r.Status == Set }

// Absent reports whether the law is known to have no such rule.
func (r Rule) Absent() bool { return r.Status == None }

// Unit is what a period is counted in.
type Unit string

const (
	CalendarDays Unit = "calendar_days"
	WorkingDays  Unit = "working_days"
	Months       Unit = "months"
)

// Period is a length of time as the law states it.
type Period struct {
	N    int
	Unit Unit
}

// Facts is what one country's law says on one day.
type Facts struct {
	Country string // ISO 3166-1 alpha-2
	Day     day.Day
	EU      bool // member state of the EU
	EEA     bool // EU, Norway, Iceland or Liechtenstein

	Withdrawal Withdrawal
	Function   Function
	Guarantee  Guarantee
	Burden     Burden
	Complaint  Clock
	Notice     Notice
	Dispute    Dispute
	Special    []Special // verified elements peculiar to this country, in file order
	// GuaranteeNotice: sellers of goods show the harmonised notice on the legal guarantee (Directive (EU) 2024/825).
	GuaranteeNotice bool
}

// WithdrawalPeriod is the period for withdrawing, where its last day can be told to consumers: it is verified, and
// Regulation No 1182/71 counts it (Directive 2011/83/EU recital 41), which a country outside the EU need not follow.
func (f Facts) WithdrawalPeriod() (p Period, ok bool) {
	return Period{f.Withdrawal.Days, CalendarDays}, f.EU && f.Withdrawal.Known()
}

// Withdrawal is the right to withdraw from a distance contract without giving a reason
// (Directive 2011/83/EU Arts 9 to 16 and national law).
type Withdrawal struct {
	Rule
	Days int // calendar days
}

// Function is the online withdrawal function (Directive 2011/83/EU Art 11a). Its Rule is that of the
// national act, Unknown where none is verified; ask Due whether to offer the function.
type Function struct {
	Rule
	// Due: the law of the country, or Art 11a for any EU or EEA consumer, asks for the function on this
	// day. We offer it to every EU and EEA consumer from 2026-06-19, whatever the national state.
	Due bool
}

// Guarantee is the seller's liability for lack of conformity (Directive (EU) 2019/771 Art 10).
type Guarantee struct {
	Rule
	Months    int
	OpenEnded bool // Months is only the floor: the law looks at the expected life of the goods
	// Limitation: there is no guarantee period; Months is the time in which a claim can be brought (GB).
	Limitation bool
	// Durable is the longer period for goods meant to last considerably longer (NO, IS); 0 where there is none.
	Durable int
	// RepairExtends is the number of months by which a repair prolongs the guarantee once
	// (Directive (EU) 2024/1799 inserting Art 10(2a), from 2026-07-31); 0 where not verified as applying.
	RepairExtends int
}

// Burden is the time in which a defect is presumed to have been there from the start.
type Burden struct {
	Rule
	Months int
}

// Silence says what it means when the trader lets the complaint clock run out.
type Silence string

const (
	SilenceAccepts   Silence = "accepts"   // the complaint counts as accepted (PL)
	SilenceWithdraws Silence = "withdraws" // the consumer may end the contract or have the price reduced (CZ)
	SilenceOffence   Silence = "offence"   // an administrative offence
	SilenceDispute   Silence = "dispute"   // the consumer may go to an ADR body (ES)
	SilenceOpen      Silence = "open"      // the law names no consequence
)

// Scope says which complaints the clock is for.
type Scope string

const (
	ScopeAll        Scope = "all"        // every consumer complaint
	ScopeConformity Scope = "conformity" // claims for goods that do not conform
	ScopeRemedy     Scope = "remedy"     // not an answer: the repair or replacement itself (RO)
	ScopeOfficial   Scope = "official"   // complaints entered in an official complaint book
	ScopeCommercial Scope = "commercial" // complaints and claims to customer service
)

// Clock is the time in which the trader must answer a complaint.
type Clock struct {
	Rule
	Period  Period
	Scope   Scope
	Silence Silence
}

// Notice is the time in which the consumer must tell the trader of a defect.
type Notice struct {
	Rule
	Months int
}

// Body is somebody a consumer can turn to. URL is empty unless it was seen to be right.
type Body struct {
	Name    string
	Address []string // lines; empty where not known
	URL     string
}

// Dispute is what to say about out-of-court dispute resolution on that day.
type Dispute struct {
	// ODRLink is the address of the EU platform while the link duty was in force
	// (Regulation (EU) No 524/2013 Art 14, 2016-01-09 to 2025-07-19), else empty.
	ODRLink string
	// Duty is the national rule on telling consumers of ADR bodies (Directive 2013/11/EU Art 13).
	Duty Rule
	// Always: every trader must name a competent body, whether or not it takes part (FR, CZ, PT, ...).
	Always bool
	// OnRefusal: who does not settle a complaint tells the consumer of the body, or whether he takes part (AT, ES, NL, SE, ...).
	OnRefusal bool
	// OwnBody: the trader must have joined a body and may name no other (FR).
	OwnBody bool
	// SmallStaff: traders with at most this many staff need not make the statement (DE: 10); 0: no such exemption.
	SmallStaff int
	List       Body   // register of the country's ADR bodies
	Residual   []Body // bodies competent for online shops where no other is
	ECC        Body   // European Consumer Centre of the country, or the network
	Network    bool   // ECC is the network, which has a name in every language
	Authority  Body
}

// HarmonisedNotice names the file of the one notice that all of the EU asks for (Implementing Regulation (EU) 2025/1960). Other notices
// have the id of a country's element.
const HarmonisedNotice = "harmonised"

// MayOblige: the law may bind a trader to take part whatever he says, since every trader has to do with the bodies there, or since
// nobody has verified what the duty is. Then a refusal cannot be flat.
func (d Dispute) MayOblige() bool { return d.Always || !d.Duty.Known() }

// Special is an element a country asks for beyond the common rules.
type Special struct {
	ID        string // "de-36-vsbg-wording"
	Mandatory bool
	DoneBy    Part
	Text      string // in English, for the trader; never printed to consumers
	URL       string // where the law wants the consumer led to; empty for most
}

// Part is what a shop gets from Recourse.
type Part string

const (
	PartNone   Part = ""       // the shop has to see to it
	PartPages  Part = "pages"  // the generated pages
	PartIntake Part = "intake" // the forms, with what happens after they are sent
	PartNotice Part = "notice" // the pages, once the trader has put the official file of the element's name into his project
)

// Labels are the words of the two withdrawal buttons in a language, as published in the
// Official Journal or, where verified and in force, in national law. For languages that have no
// official text they are a translation, and Official is false.
type Labels struct {
	Withdraw string
	Confirm  string
	Official bool
}
