package inbox

import (
	"net/http"

	"recourse/intake/docket"
	"recourse/intake/wording"
)

// looked is a line in the record of who has seen a case.
type looked struct{ When, Who, What string }

// shownLooks are the newest of them on the page of a case; recourse user audit has all.
const shownLooks = 20

// looks lists who has seen a case before.
func (in *inbox) looks(r *http.Request, v wording.Voice, c docket.Case) ([]looked, error) {
	views, err := in.Store.Views(r.Context(), c.ID, shownLooks)
	all := make([]looked, len(views))
	for i, view := range views {
		what := view.What
		if key := "looked.what." + what; v.Locale.Has(key) {
			what = v.Text(key)
		}
		all[i] = looked{v.Moment(view.At), view.Login, what}
	}
	return all, err
}
