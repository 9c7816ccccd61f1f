package day

// Working reports whether a day is neither Saturday, Sunday nor a public holiday. It must be true of a day sooner or
// later: periods end on such days.
type Working func(Day) bool

// Weekend reports Saturdays and Sundays.
func (d Day) Weekend() bool { return d.Weekday() == 0 || d.Weekday() == 6 }

// EndOfDays gives the last day of a period of n calendar days that an event sets running, as Regulation (EEC,
// Euratom) No 1182/71 Article 3 counts it:
//
//   - the day of the event is not counted (1);
//   - public holidays, Sundays and Saturdays are counted (3);
//   - a last day that is a public holiday, a Sunday or a Saturday moves to the next working day (4);
//   - a period of two days or more holds at least two working days (5).
func (w Working) EndOfDays(event Day, n int) Day {
	return w.settle(event, event+Day(n), n >= 2)
}

// EndOfMonths gives the last day of a period of n months: the day of the month on which the event fell, or the last
// day of a month that has no such day (2)(c). The rest is as for days.
func (w Working) EndOfMonths(event Day, n int) Day {
	return w.settle(event, event.AddMonths(n), true)
}

// EndOfWorkingDays gives the last of n working days after the event.
func (w Working) EndOfWorkingDays(event Day, n int) Day {
	for n > 0 {
		event++
		if w(event) {
			n--
		}
	}
	return event
}

// settle moves the end of a period off days without work, and on until two working days are in it.
func (w Working) settle(event, end Day, two bool) Day {
	for !w(end) {
		end++
	}
	if earliest := w.EndOfWorkingDays(event, 2); two && end < earliest {
		return earliest
	}
	return end
}
