package check

import (
	"fmt"

	"recourse/shop"
)

// disputes compares the shop's stance and bodies with the duty to name them.
func (m market) disputes() {
	d, bodies := m.Dispute, m.bodies()
	f := Finding{Subject: "disputes.bodies"}.because(d.Duty, m.record.ADR.Entry)
	f.Fix = fmt.Sprintf("Add it below [[disputes.bodies]] with name, address, url and country = %q.", m.Country)
	switch {
	case d.OwnBody && len(bodies) == 0:
		f.Message = fmt.Sprintf("%s asks every shop to have joined a consumer mediator, or another dispute body, and to name it on its pages. None is named.", m.name())
		f.Fix += " Only you know which one you have a contract with."
		m.add(mediatorMissing, f)
	case m.takesPart() && len(bodies) == 0:
		f.Message = fmt.Sprintf("The shop says that it takes part in dispute resolution, but names no body for %s.", m.name())
		m.add(bodyMissing, f)
	case d.Always && len(bodies)+len(d.Residual) == 0:
		f.Message = fmt.Sprintf("%s asks every shop to name the dispute body that is competent for it, and none is known here.", m.name())
		m.add(bodyUnknown, f)
	}
	m.addresses(bodies)
	m.staff()
}

func (m market) takesPart() bool {
	p := m.Shop.Disputes.Participation
	return p == shop.ParticipationYes || p == shop.ParticipationObliged
}

// bodies are the ones the pages of this market name. Where the shop must have joined a body, one without country
// counts in the shop's own country only, as on the pages.
func (m market) bodies() []shop.Body {
	var all []shop.Body
	for _, b := range m.Shop.Disputes.Bodies {
		everywhere := b.Country == "" && (!m.Dispute.OwnBody || m.Shop.Trader.Country == m.Country)
		if everywhere || b.Country == m.Country {
			all = append(all, b)
		}
	}
	return all
}

func (m market) addresses(bodies []shop.Body) {
	if !m.record.ADR.On(m.Today) || !m.record.ADR.Address {
		return
	}
	for _, b := range bodies {
		if len(b.Address) > 0 {
			continue
		}
		m.add(bodyAddress, Finding{Subject: "disputes.bodies",
			Message: fmt.Sprintf("%s asks for the postal address of %s.", m.name(), b.Name),
			Fix:     `Add it to the body, for example address = ["Street 1", "12345 Town"].`,
		}.because(m.Dispute.Duty, m.record.ADR.Entry))
	}
}

func (m market) staff() {
	d, n := m.Dispute, m.Shop.Trader.Staff
	if d.SmallStaff == 0 {
		return
	}
	switch f := (Finding{}).because(d.Duty, m.record.ADR.Entry); {
	case n == 0:
		f.Subject = "trader.staff"
		f.Message = fmt.Sprintf("The number of staff is not given. With more than %d people the law of %s asks for a statement on dispute resolution; the pages make it to be safe.", d.SmallStaff, m.name())
		f.Fix = "Write the number of people employed on 31 December of last year, for example staff = 3."
		m.add(staffMissing, f)
	case n <= d.SmallStaff && m.Shop.Disputes.Participation == shop.ParticipationNo:
		f.Subject = "disputes.participation"
		f.Message = fmt.Sprintf("With %d people employed the law of %s does not ask for the statement that the shop takes no part in dispute resolution.", n, m.name())
		f.Fix = "Nothing to do: the pages leave the statement out."
		m.add(staffExempt, f)
	}
}
