package law

import "recourse/day"

// Record is one country's data as it stands in its file, verified or not. It is for those who
// check and complete the data; texts take Facts, which hold back what is not verified.
type Record struct {
	Code      string   `toml:"code"` // ISO 3166-1 alpha-2
	Name      string   `toml:"name"` // in English
	EU        bool     `toml:"eu"`
	EEA       bool     `toml:"eea"`       // EU, Norway, Iceland or Liechtenstein
	Languages []string `toml:"languages"` // of the country, the most spoken first

	Withdrawal Span      `toml:"withdrawal"`
	Function   Entry     `toml:"function"` // a national act; Art 11a itself is in eu.toml
	Guarantee  Liability `toml:"guarantee"`
	Repair     Span      `toml:"repair"`
	Burden     Span      `toml:"burden"`
	Complaint  Answer    `toml:"complaint"`
	Notice     Span      `toml:"notice"`
	ADR        Duty      `toml:"adr"`
	List       Bodies    `toml:"list"`
	Residual   Bodies    `toml:"residual"`
	ECC        Bodies    `toml:"ecc"`
	Authority  Bodies    `toml:"authority"`
	Special    []Element `toml:"special"`
}

// Spell is the time in which something applies.
type Spell struct {
	From  day.Day `toml:"from"`  // first day; 0 where not known
	Until day.Day `toml:"until"` // last day; 0 where there is none yet
}

func (s Spell) holds(d day.Day) bool { return d >= s.From && (s.Until == 0 || d <= s.Until) }

// Entry is what every fact in the data has.
type Entry struct {
	Status Status `toml:"status"`
	Spell
	Statute         string  `toml:"statute"`
	StatuteVerified bool    `toml:"statute_verified"` // the source names this very provision
	Source          string  `toml:"source"`           // address of the text that was read
	Verified        bool    `toml:"verified"`         // the source states the value
	Reviewed        day.Day `toml:"reviewed"`         // when somebody last compared the two
	Note            string  `toml:"note"`             // for those who check: what is missing or uncertain
}

// On reports whether the entry may be stated as a fact on a day.
func (e Entry) On(d day.Day) bool {
	return e.Verified && e.Status != Unknown && e.holds(d)
}

func (e Entry) rule(d day.Day) Rule {
	if !e.On(d) {
		return Rule{Status: Unknown}
	}
	r := Rule{Status: e.Status}
	if e.StatuteVerified {
		r.Statute = e.Statute
	}
	return r
}

// Span is a fact with a length of time.
type Span struct {
	Entry
	Value int  `toml:"value"`
	Unit  Unit `toml:"unit"`
}

func (s Span) number(d day.Day) int {
	if !s.On(d) {
		return 0
	}
	return s.Value
}

// Liability is the legal guarantee.
type Liability struct {
	Span
	OpenEnded  bool `toml:"open_ended"` // the value is only a floor
	Limitation bool `toml:"limitation"` // the value is the time to bring a claim, not a guarantee
	Durable    int  `toml:"durable"`    // months for goods meant to last considerably longer
}

// Answer is a complaint clock.
type Answer struct {
	Span
	Scope   Scope   `toml:"scope"`
	Silence Silence `toml:"silence"`
}

// Duty is the duty to tell consumers of ADR bodies.
type Duty struct {
	Entry
	Text       string `toml:"text"`        // the duty in plain English, for the trader
	Always     bool   `toml:"always"`      // every trader names a body
	OnRefusal  bool   `toml:"on_refusal"`  // a body, or the stance, is told when a complaint is not settled
	OwnBody    bool   `toml:"own_body"`    // the trader must have joined a body
	SmallStaff int    `toml:"small_staff"` // up to this many staff need not make the statement
	Address    bool   `toml:"address"`     // a body is named with its postal address
}

// Bodies is a fact that names somebody.
type Bodies struct {
	Entry
	Bodies []Contact `toml:"bodies"`
}

// Contact is a body as recorded.
type Contact struct {
	Name        string   `toml:"name"`
	Address     []string `toml:"address"`
	URL         string   `toml:"url"`
	URLVerified bool     `toml:"url_verified"`
	MembersOnly bool     `toml:"members_only"` // competent only for traders who joined it
}

func (c Contact) body() Body {
	b := Body{Name: c.Name, Address: c.Address}
	if c.URLVerified {
		b.URL = c.URL
	}
	return b
}

// open gives the bodies anybody can turn to on a day.
func (b Bodies) open(d day.Day) []Body {
	var all []Body
	if !b.On(d) {
		return nil
	}
	for _, c := range b.Bodies {
		if !c.MembersOnly {
			all = append(all, c.body())
		}
	}
	return all
}

func (b Bodies) first(d day.Day) Body {
	if all := b.open(d); len(all) > 0 {
		return all[0]
	}
	return Body{}
}

// Element is something a country asks for beyond the common rules.
type Element struct {
	ID        string `toml:"id"`
	Mandatory bool   `toml:"mandatory"`
	Text      string `toml:"text"`
	DoneBy    Part   `toml:"done_by"` // the part of Recourse that does it in full; left out: none
	URL       string `toml:"url"`     // where the law wants the consumer led to
	Spell
	Source   string  `toml:"source"`
	Verified bool    `toml:"verified"`
	Reviewed day.Day `toml:"reviewed"`
	Note     string  `toml:"note"`
}

func (e Element) on(d day.Day) bool { return e.Verified && e.holds(d) }

// Act is an act of the EU and the days between which its duty runs.
type Act struct {
	ID    string `toml:"id"`
	Title string `toml:"title"` // number and article
	Text  string `toml:"text"`  // the duty in plain English, for the trader
	Spell
	Link     string  `toml:"link"` // an address the act asks for
	Files    []File  `toml:"files"`
	Source   string  `toml:"source"`
	Verified bool    `toml:"verified"`
	Reviewed day.Day `toml:"reviewed"`
	Note     string  `toml:"note"`
}

// File is an official artwork as its authority published it.
type File struct {
	Language string `toml:"language"`
	SHA256   string `toml:"sha256"` // in hexadecimal
	Source   string `toml:"source"` // where it was downloaded
}

// On reports whether the duty is verified and runs on a day.
func (a Act) On(d day.Day) bool { return a.Verified && a.holds(d) }
