package main

import (
	"recourse/law"
	"recourse/shop"
	"recourse/widget"
)

// period is the period for withdrawing with the holidays around the day of the build: for goods that came up to a year
// ago, and for a build that stays in place for a year. It is nil where the law does not say when the period ends.
func (p *project) period(s *shop.Shop, facts law.Facts) *widget.Period {
	period, ok := facts.WithdrawalPeriod()
	if !ok {
		return nil
	}
	told := widget.NewPeriod(period.N, p.law.Holidays(facts.Country, p.asOf.AddMonths(-13), p.asOf.AddMonths(14)))
	told.Longer = s.Returns.Days > period.N
	return told
}
