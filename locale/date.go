package locale

import (
	"strconv"
	"strings"
	"time"

	"recourse/day"
)

// Date writes a day in full: "20 November 2026", "20 listopada 2026 r.", "1º novembre 2026".
// An unknown day is an empty string.
func (l *Language) Date(d day.Day) string {
	if d == day.Unknown {
		return ""
	}
	year, month, dom := d.Date()
	written := strconv.Itoa(dom)
	if dom == 1 && l.First != "" {
		written = l.First
	}
	return fill(l.LongDate, []Arg{{"d", written}, {"month", l.Months[month-1]}, {"y", strconv.Itoa(year)}})
}

// DateWithWeekday writes a day in full with the day of the week: "Tuesday 8 December 2026", "Dienstag, 8. Dezember
// 2026". An unknown day is an empty string.
func (l *Language) DateWithWeekday(d day.Day) string {
	if d == day.Unknown {
		return ""
	}
	return fill(l.WeekdayDate, []Arg{{"weekday", l.Weekdays[d.Weekday()]}, {"date", l.Date(d)}})
}

// Moment writes an instant as a clock in zone shows it, with the zone's name and its distance from
// UTC, so that it means one thing only wherever it is read:
// "20 November 2026, 14:03 CET (UTC+01:00)".
func (l *Language) Moment(t time.Time, zone *time.Location) string {
	local := t.In(zone)
	date := l.Date(day.Of(local.Year(), int(local.Month()), local.Day()))
	return fill(l.ZoneTime, []Arg{{"date", date}, {"time", local.Format("15:04")}, {"zone", l.zone(local)}})
}

// zone names the time zone of an instant. Zones without letters of their own ("+03") and UTC itself are
// told by their offset alone.
func (l *Language) zone(local time.Time) string {
	name, seconds := local.Zone()
	offset := "UTC" + local.Format("-07:00")
	if seconds == 0 {
		offset = "UTC"
	}
	if name == "UTC" || strings.ContainsAny(name, "+-") {
		return offset
	}
	if own, ok := l.zones[name]; ok {
		name = own
	}
	return name + " (" + offset + ")"
}
