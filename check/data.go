package check

import (
	"fmt"
	"strings"

	"recourse/law"
)

// data says where the law itself is not known well enough for the pages to speak.
func (m market) data() {
	m.unverified()
	oldest := facts(m.record)[0].entry.Reviewed
	for _, f := range facts(m.record) {
		oldest = min(oldest, f.entry.Reviewed)
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
	for _, f := range facts(m.record) {
		if !f.entry.On(m.Today) && (f.entry.From <= m.Today || !f.entry.Verified) {
			open = append(open, f.name)
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

type fact struct {
	name  string
	entry law.Entry
}

// facts are the entries of a record with their names.
func facts(r law.Record) []fact {
	return []fact{
		{"right of withdrawal", r.Withdrawal.Entry}, {"national act on the withdrawal function", r.Function},
		{"legal guarantee", r.Guarantee.Entry}, {"longer guarantee after a repair", r.Repair.Entry},
		{"burden of proof", r.Burden.Entry}, {"time to answer complaints", r.Complaint.Entry},
		{"time to report a defect", r.Notice.Entry}, {"duty to name dispute bodies", r.ADR.Entry},
		{"list of dispute bodies", r.List.Entry}, {"residual dispute body", r.Residual.Entry},
		{"European Consumer Centre", r.ECC.Entry}, {"consumer authority", r.Authority.Entry},
	}
}
