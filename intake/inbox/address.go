package inbox

import (
	"strings"

	"golang.org/x/net/idna"

	"recourse/intake/wording"
)

// spellOut adds to an e-mail address what its domain is called on the wire, where that differs: letters of other scripts
// look like ours, and an answer goes to the domain that is meant by the letters.
func spellOut(rows []wording.Row) []wording.Row {
	for i, r := range rows {
		if r.Name == "email" {
			rows[i].Text = r.Text + onTheWire(r.Text)
		}
	}
	return rows
}

func onTheWire(address string) string {
	domain := address[strings.LastIndexByte(address, '@')+1:]
	ascii, err := idna.Lookup.ToASCII(domain)
	if err != nil || strings.EqualFold(ascii, domain) {
		return ""
	}
	return " (" + ascii + ")"
}
