package intake

import (
	"strconv"

	"recourse/form"
	"recourse/intake/docket"
)

// notes is what the review says below the answers. It informs; nothing depends on it.
func (s *Server) notes(d *declaration) map[string]string {
	notes := map[string]string{"received_on": s.periodNote(d)}
	if meant := form.SuggestEmail(d.values["email"]); meant != "" {
		notes["email"] = d.voice.Text("widget.typo", named("address", meant))
	}
	if len(d.Files) > 0 {
		notes["files"] = d.voice.Text("uploads.waiting")
	}
	return notes
}

// periodNote says when the period for withdrawing ends that the arrival of the goods has set running.
func (s *Server) periodNote(d *declaration) string {
	today := docket.DayOf(s.config.Now(), d.shop.Location())
	facts, err := s.config.Law.At(d.voice.Locale.Country, today)
	period, told := facts.WithdrawalPeriod()
	arrived, rule := form.ParseDate(d.values["received_on"], d.voice.Months())
	if err != nil || !told || rule != form.OK || d.form.Kind != form.Withdrawal {
		return ""
	}
	end, err := s.config.Law.Deadline(facts.Country, arrived, period)
	if err != nil {
		return ""
	}
	key := "widget.ends"
	switch over := end < today; {
	case over && d.shop.Returns.Days > period.N: // the shop grants more: nobody is to be kept away
		return ""
	case over:
		key = "widget.ended"
	}
	return d.voice.Text(key, named("days", strconv.Itoa(period.N)), named("date", d.voice.Locale.DateWithWeekday(end)))
}
