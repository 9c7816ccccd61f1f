package shop

import (
	"strconv"
	"strings"
)

// Retention says when the server erases. A rule that is left out erases nothing.
type Retention struct {
	Withdrawal  Period `toml:"withdrawal"`  // after a withdrawal was closed: the case with all that belongs to it
	Complaint   Period `toml:"complaint"`   // after a complaint was closed
	Attachments Period `toml:"attachments"` // after a case was closed: the bytes of its files
}

// Period is a number of months, written "6 months" or "3 years". It is negative where it could not be read.
type Period int

// longestPeriod is more than any law asks for, and short enough for a typing error to be noticed.
const longestPeriod = 100 * 12

// UnmarshalText takes everything, so that the checker can say what is wrong in its own words.
func (p *Period) UnmarshalText(text []byte) error {
	number, unit, _ := strings.Cut(string(text), " ")
	n, err := strconv.Atoi(number)
	months := map[string]int{"month": 1, "months": 1, "year": 12, "years": 12}[unit]
	if *p = Period(n * months); err != nil || n < 1 || n > longestPeriod || months == 0 || *p > longestPeriod {
		*p = -1
	}
	return nil
}

// Months is the period as a number.
func (p Period) Months() int { return int(p) }

// String is the period as it is written.
func (p Period) String() string {
	n, unit := int(p), "month"
	if n%12 == 0 {
		n, unit = n/12, "year"
	}
	if n != 1 {
		unit += "s"
	}
	return strconv.Itoa(n) + " " + unit
}

// Set reports whether anything is to be erased.
func (r Retention) Set() bool { return r != Retention{} }

// Differ reports whether withdrawals and complaints are kept for different times.
func (r Retention) Differ() bool { return r.Withdrawal != r.Complaint }

// Of is the period after which cases of a form are erased; 0: never.
func (r Retention) Of(form string) Period {
	return map[string]Period{"withdrawal": r.Withdrawal, "complaint": r.Complaint}[form]
}

func (c checker) retention() {
	r := c.shop.Retention
	for key, p := range map[string]Period{"withdrawal": r.Withdrawal, "complaint": r.Complaint, "attachments": r.Attachments} {
		if p < 0 {
			c.doc.Wrong("retention."+key, "this is no period", `write a number of months or years, for example "6 months" or "3 years"`)
		}
	}
	if r.Withdrawal < 0 || r.Complaint < 0 || r.Attachments < 0 {
		return
	}
	c.onePromise(r)
	shorter := min(r.Withdrawal, r.Complaint)
	if shorter > 0 && r.Attachments >= shorter {
		c.doc.Wrong("retention.attachments", "the cases are erased by then, and their files with them", "write a shorter period, or leave the key out")
	}
}

// onePromise: what the privacy page says must be what the server does.
func (c checker) onePromise(r Retention) {
	if (r.Withdrawal == 0) != (r.Complaint == 0) {
		key, other := "retention.withdrawal", "complaint"
		if r.Withdrawal == 0 {
			key, other = "retention.complaint", "withdrawal"
		}
		c.doc.Wrong(key, "the privacy page says how long all cases are kept, and there is no rule for the other form", "add "+other+` = "…"`)
		return
	}
	longest := int(max(r.Withdrawal, r.Complaint))
	if longest > 0 && c.doc.Has("privacy.retention_months") && c.shop.Privacy.RetentionMonths != longest {
		c.doc.Wrong("privacy.retention_months", "the server erases cases after "+Period(longest).String()+", and the privacy page must not say something else", "leave this key out: the page then says what retention does")
	}
}
