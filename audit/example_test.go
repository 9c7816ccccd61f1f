package audit_test

import (
	"fmt"

	"recourse/audit"
)

func ExampleScan() {
	page := `<p>Link zur OS-Plattform:
<a href="https://ec.europa.eu/consumers/odr/">hier</a></p>`
	for _, f := range audit.Scan("impressum.html", []byte(page)) {
		fmt.Printf("%s:%d:%d: %s: %s\n", f.Name, f.Line, f.Column, f.Level, f.Match)
	}
	// Output:
	// impressum.html:1:13: warning: OS-Plattform
	// impressum.html:2:10: error: https://ec.europa.eu/consumers/odr/
}
