package law

import (
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/aa"
	"github.com/rickar/cal/v2/at"
	"github.com/rickar/cal/v2/ch"
	"github.com/rickar/cal/v2/cz"
	"github.com/rickar/cal/v2/de"
	"github.com/rickar/cal/v2/es"
	"github.com/rickar/cal/v2/fr"
	"github.com/rickar/cal/v2/gb"
	"github.com/rickar/cal/v2/it"
	"github.com/rickar/cal/v2/nl"
	"github.com/rickar/cal/v2/pl"
	"github.com/rickar/cal/v2/ro"
	"github.com/rickar/cal/v2/se"

	"recourse/day"
)

// holidays are the public holidays of the whole country. Those of a region are left out: a
// trader's deadline must not depend on guessing where in the country the consumer lives.
var holidays = map[string][]*cal.Holiday{
	"AT": at.Holidays,
	"CH": switzerland,
	"CZ": cz.Holidays,
	"DE": de.Holidays,
	"ES": es.Holidays,
	"FR": fr.Holidays,
	"GB": unitedKingdom,
	"IT": append(since(2026, time.October, 4), it.Holidays...),   // San Francesco, legge 8.10.2025 n. 151
	"NL": nl.Holidays,                                            // with Good Friday and 5 May, as in the Algemene termijnenwet
	"PL": append(since(2025, time.December, 24), pl.Holidays...), // Wigilia, a day off work since 2025
	"PT": portugal,
	"RO": append(since(2024, time.January, 6, 7), ro.Holidays...), // Boboteaza and Sfântul Ion, Legea 52/2023
	"SE": sweden,
}

// switzerland has one federal holiday; these four are kept in every canton.
var switzerland = []*cal.Holiday{ch.Neujahr, ch.Auffahrt, ch.Bundesfeiertag, ch.Weihnachtstag}

// unitedKingdom leaves out Easter Monday and the summer bank holiday, which Scotland does not share.
var unitedKingdom = []*cal.Holiday{
	gb.NewYear, gb.GoodFriday, gb.EarlyMay, gb.VEDay, gb.CoronationDay, gb.SpringHoliday,
	gb.SpringHoliday2022, gb.PlatinumJubilee, gb.ChristmasDay, gb.BoxingDay,
}

// sweden leaves out the eves of midsummer, Christmas and new year: no holidays by lag (1989:253).
var sweden = []*cal.Holiday{
	se.Nyarsdagen, se.TrettondedagJul, se.Langfredagen, se.AnnandagPask, se.ForstaMaj, se.KristiHimmelfardsdag,
	se.Nationaldagen, se.Midsommardagen, se.AllaHelgonsDag, se.Juldagen, se.AnnandagJul,
}

// portugal follows art. 234 Código do Trabalho as amended by Lei 8/2016.
var portugal = append([]*cal.Holiday{
	aa.NewYear, aa.GoodFriday, aa.WorkersDay, aa.CorpusChristi, aa.AssumptionOfMary, aa.AllSaintsDay,
	aa.ImmaculateConception, aa.ChristmasDay,
	since(0, time.April, 25)[0], since(0, time.June, 10)[0], since(0, time.October, 5)[0],
}, since(0, time.December, 1)...)

func since(year int, month time.Month, days ...int) []*cal.Holiday {
	var all []*cal.Holiday
	for _, d := range days {
		all = append(all, &cal.Holiday{StartYear: year, Month: month, Day: d, Func: cal.CalcDayOfMonth})
	}
	return all
}

// Holidays lists the public holidays of the whole country on which people would work otherwise, Mondays to Fridays, from
// the one day to the other. A country that is not in the book has none.
func (b *Book) Holidays(country string, from, to day.Day) []day.Day {
	var found []day.Day
	for d := from; d <= to; d++ {
		if _, ok := holidays[country]; ok && !d.Weekend() && !b.WorkingDay(country, d) {
			found = append(found, d)
		}
	}
	return found
}

// falls reports whether a holiday, or the weekday given for it, is on d.
func falls(h *cal.Holiday, year int, d day.Day) bool {
	actual, observed := h.Calc(year)
	return on(actual) == d || on(observed) == d
}

func on(t time.Time) day.Day {
	if t.IsZero() {
		return day.Unknown
	}
	return day.Of(t.Year(), int(t.Month()), t.Day())
}
