package law

import (
	"cmp"
	"slices"
	"strings"

	"recourse/day"
)

// Change is a day on which a rule begins or ends.
type Change struct {
	Day      day.Day `json:"day"`     // the first on which it is otherwise
	Country  string  `json:"country"` // ISO 3166-1 alpha-2; "EU" for an act of the EU
	Subject  string  `json:"subject"` // of a country: the table of its file, "function"; of the EU: the id of the act; an element: its id
	Ends     bool    `json:"ends"`    // the rule ended the day before
	Text     string  `json:"text"`    // in English, for the trader
	Statute  string  `json:"statute"` // as recorded; verified or not
	Source   string  `json:"source"`
	Verified bool    `json:"verified"` // a text that was read says so
}

// Words say what changes, without the day.
func (c Change) Words() string {
	if c.Ends {
		return "this ends: " + c.Text
	}
	return c.Text
}

// Changes lists what changes from a day on for consumers of some countries, by day; acts of the EU where one of them is in the EEA.
// Until a day: 0 is without end. What nobody has verified is there too, and says so.
func (b *Book) Changes(countries []string, from, until day.Day) ([]Change, error) {
	var all []Change
	inEEA := false
	for _, country := range countries {
		read, ok := b.countries[country]
		if !ok {
			return nil, b.noCountry("list the changes", country)
		}
		r, err := read()
		if err != nil {
			return nil, err
		}
		inEEA = inEEA || r.EEA
		all = append(append(all, r.changes()...), b.labelChanges(country)...)
	}
	for _, a := range b.acts {
		if inEEA {
			all = append(all, spell(a.Spell, Change{Country: "EU", Subject: a.ID, Text: a.Text, Statute: a.Title, Source: a.Source, Verified: a.Verified})...)
		}
	}
	all = slices.DeleteFunc(all, func(c Change) bool { return c.Day < from || until != 0 && c.Day > until })
	slices.SortStableFunc(all, func(a, b Change) int {
		return cmp.Or(cmp.Compare(a.Day, b.Day), strings.Compare(a.Country, b.Country), strings.Compare(a.Subject, b.Subject))
	})
	return all, nil
}

// spell gives the changes at both ends of the time in which something applies.
func spell(s Spell, c Change) (list []Change) {
	if s.From != 0 {
		c.Day = s.From
		list = append(list, c)
	}
	if s.Until != 0 {
		c.Day, c.Ends = s.Until+1, true
		list = append(list, c)
	}
	return list
}

func (r Record) changes() (list []Change) {
	for _, f := range r.Facts() {
		list = append(list, spell(f.Spell, Change{
			Country: r.Code, Subject: f.Key, Text: f.Name, Statute: f.Statute, Source: f.Source, Verified: f.Verified && f.Status != Unknown,
		})...)
	}
	for _, e := range r.Special {
		list = append(list, spell(e.Spell, Change{Country: r.Code, Subject: e.ID, Text: e.Text, Source: e.Source, Verified: e.Verified})...)
	}
	return list
}

func (b *Book) labelChanges(country string) (list []Change) {
	for _, w := range b.national {
		if w.Country == country && w.From != 0 {
			list = append(list, Change{Day: w.From, Country: country, Subject: "labels", Statute: w.Law, Source: w.Source, Verified: w.Verified,
				Text: "the withdrawal button is labelled " + w.Withdraw + ", the second one " + w.Confirm})
		}
	}
	return list
}

// Fact is an entry of a record with its names.
type Fact struct {
	Key  string // of its table
	Name string // in English
	Entry
}

// Facts lists the entries of a record in the order of its file.
func (r Record) Facts() []Fact {
	return []Fact{
		{"withdrawal", "right of withdrawal", r.Withdrawal.Entry}, {"function", "national act on the withdrawal function", r.Function},
		{"guarantee", "legal guarantee", r.Guarantee.Entry}, {"repair", "longer guarantee after a repair", r.Repair.Entry},
		{"burden", "burden of proof", r.Burden.Entry}, {"complaint", "time to answer complaints", r.Complaint.Entry},
		{"notice", "time to report a defect", r.Notice.Entry}, {"adr", "duty to name dispute bodies", r.ADR.Entry},
		{"list", "list of dispute bodies", r.List.Entry}, {"residual", "residual dispute body", r.Residual.Entry},
		{"ecc", "European Consumer Centre", r.ECC.Entry}, {"authority", "consumer authority", r.Authority.Entry},
	}
}
