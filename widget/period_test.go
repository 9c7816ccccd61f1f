package widget

import (
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
