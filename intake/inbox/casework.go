package inbox

import (
	"context"
	"time"

	"recourse/day"
	"recourse/intake/docket"
)

// Casework is what working on cases asks of the store, besides answers and states.
type Casework interface {
	Count(ctx context.Context, q docket.Query) (int, error)
	Tally(ctx context.Context, shops []string, today day.Day) (docket.Tally, error)
	Propose(ctx context.Context, c docket.Case, p docket.Proposal, letters []docket.Letter) (made bool, err error)
	Proposals(ctx context.Context, caseID int64) ([]docket.Proposal, error)
	Decide(ctx context.Context, c docket.Case, proposal int64, d docket.Decision, actor string, now time.Time, letters []docket.Letter) (decided bool, err error)
	Mark(ctx context.Context, c docket.Case, suspect bool, actor string, now time.Time) error
	Hold(ctx context.Context, c docket.Case, reason, actor string, now time.Time) error
}
