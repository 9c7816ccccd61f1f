package sitegen

import (
	"fmt"

	"recourse/shop"
)

// namesOwnBody refuses pages for a country whose law wants the trader to have joined a dispute body and to name it (France), and for
// which the shop names none, with address and website: such pages would break that law, and nobody else can know the body.
func namesOwnBody(f Facts) error {
	if !f.Market || !f.Law.Dispute.OwnBody {
		return nil
	}
	for _, b := range f.Shop.Disputes.Bodies {
		home := b.Country == "" && f.Shop.Trader.Country == f.Law.Country
		if (home || b.Country == f.Law.Country) && namesInFull(b) {
			return nil
		}
	}
	return fmt.Errorf(`build the pages for %[1]s: its law wants every shop to have joined a dispute body (%[2]s) and to name it; add it below [[disputes.bodies]] `+
		`with name, address, url and country = %[1]q, or drop the market`, f.Law.Country, f.Law.Dispute.Duty.Statute)
}

func namesInFull(b shop.Body) bool { return b.Name != "" && len(b.Address) > 0 && b.URL != "" }
