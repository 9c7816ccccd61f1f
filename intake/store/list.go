package store

import (
	"context"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"recourse/day"
	"recourse/form"
	"recourse/intake/docket"
)

// Cases lists cases without their files, the most urgent first: those that wait for the trader by due date, those of them without one,
// then those that wait for nothing, closed ones last; among equals by priority and then the oldest first.
func (s *Store) Cases(ctx context.Context, query docket.Query) ([]docket.Case, error) {
	where, args := conditions(query)
	text := `SELECT ` + columns + ` FROM cases WHERE ` + where + ` ORDER BY CASE state WHEN 'closed' THEN 1 ELSE 0 END, CASE WHEN ` + waiting + ` THEN 0 ELSE 1 END, CASE due WHEN '' THEN 1 ELSE 0 END, due,
		priority DESC, received, id`
	if query.Limit > 0 {
		args = append(args, query.Limit, query.Offset)
		text += ` LIMIT ` + placeholder(len(args)-1) + ` OFFSET ` + placeholder(len(args))
	}
	list, err := collect(ctx, s.engine.Read(), scanCase, text, args...)
	return list, wrap("list cases", err)
}

// Count is how many cases a query has without its limit.
func (s *Store) Count(ctx context.Context, query docket.Query) (n int, err error) {
	where, args := conditions(query)
	err = s.engine.Read().QueryRowContext(ctx, `SELECT count(*) FROM cases WHERE `+where, args...).Scan(&n)
	return n, wrap("count cases", err)
}

// Each hands the cases of a query to do with their files, in the order in which they were received.
func (s *Store) Each(ctx context.Context, query docket.Query, do func(docket.Case) error) error {
	where, args := conditions(query)
	references, err := collect(ctx, s.engine.Read(), scanText, `SELECT reference FROM cases WHERE `+where+` ORDER BY received, id`, args...)
	for i := 0; err == nil && i < len(references); i++ {
		var c docket.Case
		if c, err = s.ByReference(ctx, references[i]); err == nil {
			err = do(c)
		}
	}
	return wrap("go through the cases", err)
}

// Tally counts the cases of shops; a case is overdue when its date is before today and it still waits for the trader.
func (s *Store) Tally(ctx context.Context, shops []string, today day.Day) (t docket.Tally, err error) {
	where := builder{}
	where.shops(shops)
	where.args = append(where.args, today.String())
	err = s.engine.Read().QueryRowContext(ctx, `SELECT
		count(CASE WHEN state = 'new' AND suspect = 0 THEN 1 END),
		count(CASE WHEN state <> 'closed' AND suspect = 0 THEN 1 END),
		count(CASE WHEN `+waiting+` AND due <> '' AND due < `+placeholder(len(where.args))+` AND suspect = 0 THEN 1 END),
		count(CASE WHEN suspect = 1 AND state <> 'closed' THEN 1 END),
		count(CASE WHEN state <> 'closed' AND `+undelivered+` THEN 1 END)
		FROM cases WHERE `+where.sql(), where.args...).Scan(&t.New, &t.Open, &t.Overdue, &t.Suspect, &t.Undelivered)
	return t, wrap("count the cases of a shop", err)
}

// undelivered are cases with an e-mail that was given up or came back. Webhooks are no e-mail: a program that is off for good would hide
// the people who cannot be reached.
const undelivered = `EXISTS (SELECT 1 FROM outbox WHERE case_id = cases.id AND delivery IN ('failed', 'bounced') AND kind <> 'webhook')`

// waiting are cases whose date still matters: an answer ends the clock for answers, only closing ends that for refunds.
const waiting = `(state IN ('new', 'in-progress') OR state = 'answered' AND due_task = 'refund')`

// Summaries hands cases to do without their words, in the order in which they were received.
func (s *Store) Summaries(ctx context.Context, query docket.Query, do func(docket.Summary) error) error {
	where, args := conditions(query)
	err := each(ctx, s.engine.Read(), scanSummary, do, `SELECT reference, shop, form, locale, reason, received, due, answered, closed, state, outcome, rating, suspect
		FROM cases WHERE `+where+` ORDER BY received, id`, args...)
	return wrap("sum up the cases", err)
}

func scanSummary(r row) (m docket.Summary, err error) {
	var due string
	if err = r.Scan(&m.Reference, &m.Shop, &m.Form, &m.Locale, &m.Reason, moment{&m.Received}, &due, moment{&m.Answered}, moment{&m.Closed},
		&m.State, &m.Outcome, &m.Rating, &m.Suspect); err != nil {
		return m, err
	}
	d, err := scanDay(due)
	m.DueDay = int(d)
	return m, err
}

// builder puts conditions together. Every value is a parameter.
type builder struct {
	parts []string
	args  []any
}

func (b *builder) sql() string {
	if len(b.parts) == 0 {
		return "1 = 1"
	}
	return strings.Join(b.parts, " AND ")
}

// add takes a condition with "?" for each value.
func (b *builder) add(condition string, values ...any) {
	for _, v := range values {
		b.args = append(b.args, v)
		condition = strings.Replace(condition, "?", placeholder(len(b.args)), 1)
	}
	b.parts = append(b.parts, condition)
}

func placeholder(n int) string { return "$" + strconv.Itoa(n) }

// among wants a column to have one of some values.
func among[T ~string](b *builder, column string, values []T) {
	all := make([]any, len(values))
	for i, v := range values {
		all[i] = string(v)
	}
	b.add(column+" IN ("+strings.TrimPrefix(strings.Repeat(", ?", len(all)), ", ")+")", all...)
}

// shops limits to some shops; an empty list that is not nil is no shop at all.
func (b *builder) shops(ids []string) {
	switch {
	case ids == nil:
	case len(ids) == 0:
		b.add("1 = 0")
	default:
		among(b, "shop", ids)
	}
}

func conditions(q docket.Query) (string, []any) {
	b := builder{}
	b.shops(q.Shops)
	if len(q.States) > 0 {
		among(&b, "state", q.States)
	}
	if q.Form != "" {
		b.add("form = ?", q.Form)
	}
	if !q.All {
		b.add("suspect = ?", flag(q.Suspect))
	}
	if q.DueBy != 0 {
		b.add(waiting+" AND due <> '' AND due <= ?", day.Day(q.DueBy).String())
	}
	if q.Mail {
		b.add(undelivered)
	}
	if !q.From.IsZero() {
		b.add("received >= ?", stamp(q.From))
	}
	if !q.Until.IsZero() {
		b.add("received < ?", stamp(q.Until))
	}
	if !q.Since.IsZero() {
		since := stamp(q.Since)
		b.add("(received >= ? OR answered >= ? OR closed >= ?)", since, since, since)
	}
	for _, word := range strings.Fields(fold(form.Clean(form.Line, q.Search))) {
		b.add(`words LIKE ? ESCAPE '!'`, "%"+escaped(word)+"%")
	}
	return b.sql(), b.args
}

var wildcards = strings.NewReplacer("!", "!!", "%", "!%", "_", "!_")

func escaped(word string) string { return wildcards.Replace(word) }

// searched are the fields a search looks into.
var searched = []string{"name", "email", "contract", "product", "items", "comment", "description"}

// searchable is what a search looks through: in the row of the case itself, so that erasing the one erases the other.
func searchable(c docket.Case) string {
	var b strings.Builder
	b.WriteString(c.Reference + " " + strings.ReplaceAll(c.Reference, "-", ""))
	for _, name := range searched {
		if v := c.Values[name]; v != "" {
			b.WriteString(" " + v)
		}
	}
	return fold(b.String())
}

// letters that have no mark to take away.
var letters = strings.NewReplacer("ł", "l", "ø", "o", "đ", "d", "ß", "ss", "æ", "ae", "œ", "oe", "þ", "th", "ð", "d", "ı", "i")

// fold makes texts that people take for the same the same: without case and marks, "Łódź" as "lodz".
func fold(s string) string {
	if ascii(s) {
		return strings.ToLower(s)
	}
	var b strings.Builder
	for _, r := range norm.NFKD.String(s) {
		if !unicode.Is(unicode.Mn, r) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return letters.Replace(b.String())
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
