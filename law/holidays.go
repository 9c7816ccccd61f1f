package law

import (
	"slices"
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/aa"
	"github.com/rickar/cal/v2/at"
	"github.com/rickar/cal/v2/be"
	"github.com/rickar/cal/v2/bg"
	"github.com/rickar/cal/v2/ch"
	"github.com/rickar/cal/v2/cz"
	"github.com/rickar/cal/v2/de"
	"github.com/rickar/cal/v2/dk"
	"github.com/rickar/cal/v2/es"
	"github.com/rickar/cal/v2/fr"
	"github.com/rickar/cal/v2/gb"
	"github.com/rickar/cal/v2/gr"
	"github.com/rickar/cal/v2/hr"
	"github.com/rickar/cal/v2/ie"
	"github.com/rickar/cal/v2/it"
	"github.com/rickar/cal/v2/lt"
	"github.com/rickar/cal/v2/lv"
	"github.com/rickar/cal/v2/nl"
	"github.com/rickar/cal/v2/no"
	"github.com/rickar/cal/v2/pl"
	"github.com/rickar/cal/v2/ro"
	"github.com/rickar/cal/v2/se"
	"github.com/rickar/cal/v2/si"
	"github.com/rickar/cal/v2/sk"
	"github.com/rickar/cal/v2/us"

	"recourse/day"
)

// holidays are the public holidays of the whole country. Those of a region are left out: a
// trader's deadline must not depend on guessing where in the country the consumer lives. So are eves on which only
// some people work, and days that a government declares free year by year.
var holidays = map[string][]*cal.Holiday{
	"AT": at.Holidays,
	"BE": be.Holidays,
	"BG": bg.Holidays,
	"CH": switzerland,
	"CY": cyprus,
	"CZ": cz.Holidays,
	"DE": de.Holidays,
	"DK": dk.Holidays,
	"EE": estonia,
	"ES": es.Holidays,
	"FI": finland,
	"FR": fr.Holidays,
	"GB": unitedKingdom,
	"GR": gr.Holidays,
	"HR": hr.Holidays,
	"HU": hungary,
	"IE": ie.Holidays,
	"IS": iceland,
	"IT": append(since(2026, time.October, 4), it.Holidays...), // San Francesco, legge 8.10.2025 n. 151
	"LI": liechtenstein,
	"LT": lt.Holidays,
	"LU": luxembourg,
	"LV": lv.Holidays,
	"MT": malta,
	"NL": nl.Holidays, // with Good Friday and 5 May, as in the Algemene termijnenwet
	"NO": no.Holidays,
	"PL": append(since(2025, time.December, 24), pl.Holidays...), // Wigilia, a day off work since 2025
	"PT": portugal,
	"RO": append(since(2024, time.January, 6, 7), ro.Holidays...), // Boboteaza and Sfântul Ion, Legea 52/2023
	"SE": sweden,
	"SI": si.Holidays,
	"SK": slovakia,
	"UA": ukraine,
	"US": us.Holidays, // federal
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

// cyprus keeps the feasts of the Greek church; Easter Tuesday is one of banks only.
var cyprus = append([]*cal.Holiday{
	aa.NewYear, aa.Epiphany, gr.KatharaDeftera, gr.MegaliParaskevi, gr.DefteraPascha, aa.WorkersDay, gr.AgiouPrevmatos, aa.AssumptionOfMary,
	aa.ChristmasDay, aa.ChristmasDay2,
}, slices.Concat(since(0, time.March, 25), since(0, time.April, 1), since(0, time.October, 1, 28))...)

// estonia follows the pühade ja tähtpäevade seadus § 2.
var estonia = append([]*cal.Holiday{aa.NewYear, aa.GoodFriday, aa.WorkersDay, aa.ChristmasDay, aa.ChristmasDay2},
	slices.Concat(since(0, time.February, 24), since(0, time.June, 23, 24), since(0, time.August, 20), since(0, time.December, 24))...)

// finland leaves out the eves of midsummer and Christmas, as sweden does; midsummer and All Saints are Saturdays.
var finland = append([]*cal.Holiday{
	aa.NewYear, aa.Epiphany, aa.GoodFriday, aa.EasterMonday, aa.WorkersDay, aa.AscensionDay, aa.ChristmasDay, aa.ChristmasDay2,
}, since(0, time.December, 6)...)

// hungary follows Mt. 102. § (1); days that change places with a Saturday are declared year by year.
var hungary = append([]*cal.Holiday{
	aa.NewYear, aa.GoodFriday, aa.EasterMonday, aa.WorkersDay, aa.PentecostMonday, aa.AllSaintsDay, aa.ChristmasDay, aa.ChristmasDay2,
}, slices.Concat(since(0, time.March, 15), since(0, time.August, 20), since(0, time.October, 23))...)

// iceland follows lög nr. 88/1971; Christmas Eve and New Year's Eve are free from noon only.
var iceland = append([]*cal.Holiday{
	aa.NewYear, aa.MaundyThursday, aa.GoodFriday, aa.EasterMonday, firstDayOfSummer, aa.WorkersDay, aa.AscensionDay, aa.PentecostMonday,
	{Month: time.August, Weekday: time.Monday, Offset: 1, Func: cal.CalcWeekdayOffset}, aa.ChristmasDay, aa.ChristmasDay2,
}, since(0, time.June, 17)...)

// firstDayOfSummer is the first Thursday after 18 April.
var firstDayOfSummer = &cal.Holiday{Month: time.April, Day: 19, Weekday: time.Thursday, Offset: 1, Func: cal.CalcWeekdayFrom}

// liechtenstein leaves out the free days of banks.
var liechtenstein = append([]*cal.Holiday{
	aa.NewYear, aa.Epiphany, aa.EasterMonday, aa.WorkersDay, aa.AscensionDay, aa.PentecostMonday, aa.CorpusChristi, aa.AssumptionOfMary,
	aa.AllSaintsDay, aa.ImmaculateConception, aa.ChristmasDay, aa.ChristmasDay2,
}, since(0, time.September, 8)...)

// luxembourg follows art. L. 232-2 Code du travail.
var luxembourg = append([]*cal.Holiday{
	aa.NewYear, aa.EasterMonday, aa.WorkersDay, aa.AscensionDay, aa.PentecostMonday, aa.AssumptionOfMary, aa.AllSaintsDay, aa.ChristmasDay,
	aa.ChristmasDay2,
}, slices.Concat(since(2019, time.May, 9), since(0, time.June, 23))...)

// malta follows the National Holidays and Other Public Holidays Act, cap. 252.
var malta = append([]*cal.Holiday{
	aa.NewYear, aa.GoodFriday, aa.WorkersDay, aa.AssumptionOfMary, aa.ImmaculateConception, aa.ChristmasDay,
}, slices.Concat(since(0, time.February, 10), since(0, time.March, 19, 31), since(0, time.June, 7, 29), since(0, time.September, 8, 21),
	since(0, time.December, 13))...)

// slovakia works on some of its holidays since its budget was mended: 1 September (2024), 17 November (2025), 8 May and 15 September
// (2026 only).
var slovakia = append([]*cal.Holiday{
	sk.RepublicDay, sk.Epiphany, sk.GoodFriday, sk.EasterMonday, sk.LabourDay, sk.SaintsCyril, sk.SNP, sk.AllSaints, sk.ChristmasEve,
	sk.ChristmasDay, sk.SaintStephen,
}, slices.Concat(until(2025, sk.Liberation), from(2027, sk.Liberation), until(2025, sk.LadyOfSorrows), from(2027, sk.LadyOfSorrows),
	until(2023, sk.Constitution), until(2024, sk.Freedom))...)

// ukraine names these days in ст. 73 КЗпП as of 2023; under martial law people work on them, which no deadline counts on.
var ukraine = append([]*cal.Holiday{aa.NewYear, gr.DefteraPascha, aa.WorkersDay, gr.AgiouPrevmatos, aa.ChristmasDay},
	slices.Concat(since(0, time.March, 8), since(2024, time.May, 8), since(0, time.June, 28), since(2024, time.July, 15), since(0, time.August, 24),
		since(2023, time.October, 1))...)

func until(year int, h *cal.Holiday) []*cal.Holiday {
	return []*cal.Holiday{h.Clone(&cal.Holiday{EndYear: year})}
}

func from(year int, h *cal.Holiday) []*cal.Holiday {
	return []*cal.Holiday{h.Clone(&cal.Holiday{StartYear: year})}
}

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

// falls reports whether a holiday, or the weekday given for it, is on d. New Year's Day of the next year may be given on 31 December.
func falls(h *cal.Holiday, year int, d day.Day) bool {
	actual, observed := h.Calc(year)
	return on(actual) == d || on(observed) == d || h.Month == time.January && h.Day == 1 && givenOn(h, year+1) == d
}

func givenOn(h *cal.Holiday, year int) day.Day {
	_, observed := h.Calc(year)
	return on(observed)
}

func on(t time.Time) day.Day {
	if t.IsZero() {
		return day.Unknown
	}
	return day.Of(t.Year(), int(t.Month()), t.Day())
}
