package widget

import (
	"strings"
	"testing"

	"recourse/day"
)

func TestPeriodWritesDistances(t *testing.T) {
	got, err := encode(NewPeriod(14, []day.Day{20454, 20457, 20492}))
	if want := `{"days":14,"closed":[20454,3,35]}`; got != want || err != nil {
		t.Errorf("written as %s, %v; want %s", got, err, want)
	}
	if got, _ := encode(NewPeriod(14, nil)); got != `{"days":14,"closed":[]}` {
		t.Errorf("without holidays written as %s", got)
	}
}

func TestPeriodIsForWithdrawals(t *testing.T) {
	in := demoInput(t)
	in.Locales[0].Period = NewPeriod(14, []day.Day{20454})
	files := bundle(t, in)
	for name, want := range map[string]bool{"en-DE/withdrawal-after.*.json": true, "en-DE/complaint-after.*.json": false, "en-AT/withdrawal-after.*.json": false} {
		if _, data := named(t, files, name); strings.Contains(string(data), `"period":{"days":14,"closed":[20454]}`) != want {
			t.Errorf("%s has a period: %v, want %v", name, !want, want)
		}
	}
}
