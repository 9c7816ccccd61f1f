package check

import (
	"fmt"
	"strings"
)

// data says where the law itself is not known well enough for the pages to speak.
func (m market) data() {
	m.unverified()
	oldest := m.record.Withdrawal.Reviewed
	for _, f := range m.record.Facts() {
		oldest = min(oldest, f.Reviewed)
	}
	if m.Today <= oldest.AddMonths(12) {
		return
	}
	m.add(lawOld, Finding{Subject: m.key(),
		Message: fmt.Sprintf("The law of %s was last reviewed on %s, more than a year ago.", m.name(), oldest),
		Fix:     "Look for a newer version of this program, or have " + m.file() + " reviewed."})
}

func (m market) unverified() {
	var open []string
	for _, f := range m.record.Facts() {
		if !f.On(m.Today) && (f.From <= m.Today || !f.Verified) {
			open = append(open, f.Name)
		}
	}
	if len(open) == 0 {
		return
	}
	m.add(lawUnverified, Finding{Subject: m.key(),
		Message: fmt.Sprintf("Nobody has verified this for %s, so the pages do not state it: %s.", m.name(), strings.Join(open, ", ")),
		Fix:     "Ask a lawyer whether one of these matters to you. Verified facts with their source go into " + m.file() + ".",
		Details: open})
}

// file is where the law of the country is kept in the program's own sources.
func (m market) file() string { return "law/countries/" + strings.ToLower(m.record.Code) + ".toml" }

// changes tells what will be otherwise for the market within two years.
func (m market) changes() {
	list, err := m.Law.Changes([]string{m.Country}, m.Today+1, m.Today.AddMonths(24))
	if err != nil {
		return
	}
	for _, c := range list {
		if c.Verified {
			m.add(lawChange, Finding{Subject: m.key(), Statute: c.Statute, Source: c.Source, Details: []string{c.Subject, c.Day.String()},
				Message: fmt.Sprintf("On %s the law changes for %s: %s", c.Day, m.name(), sentence(c.Words())),
				Fix:     "The pages follow on that day; build them again then. See that your own terms follow too."})
		}
	}
}
