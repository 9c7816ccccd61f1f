// Package retain erases what a shop's rules of retention say is to be erased, and what a consumer asks to have erased.
//
// Nothing is erased unless a rule or a request says so, a case that is held never, and at most a fifth of what a shop has in one run:
// a clock that was set wrong must not empty the database. What a run has erased stands in the record of erasures, as numbers.
package retain

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"recourse/form"
	"recourse/intake/docket"
	"recourse/shop"
)

// Store keeps cases. store.Store is one.
type Store interface {
	Expired(ctx context.Context, shop, form string, closedBefore time.Time) ([]int64, error)
	Stale(ctx context.Context, shop, form string, closedSince, closedBefore time.Time) ([]docket.File, error)
	Holdings(ctx context.Context, shop string) (cases, files int, err error)
	ByID(ctx context.Context, id int64) (docket.Case, error)
	ByReference(ctx context.Context, reference string) (docket.Case, error)
	Erase(ctx context.Context, ids []int64, record docket.Erasure) (files []string, err error)
	Strip(ctx context.Context, ids []string, record docket.Erasure, remove func(ids ...string)) (n int, err error)
	Erasures(ctx context.Context) ([]docket.Erasure, error)
	Purge(ctx context.Context) error
	Setting(ctx context.Context, name string) (string, error)
	Swap(ctx context.Context, name, old, value string) (bool, error)
}

// Files keeps the bytes of attachments.
type Files interface{ Remove(ids ...string) }

// Vault is what a server keeps.
type Vault struct {
	Store
	Files   Files
	Letters string // folder of letters that were written instead of sent; empty: none
}

// Plan is what the rules of a shop would erase at a time.
type Plan struct {
	Shop         string
	Rules        []Rule
	Cases, Files int // that the shop has
}

// Rule is one rule with what it applies to.
type Rule struct {
	Form      form.Kind
	Period    shop.Period
	Before    time.Time // cases closed before it
	Cases     []int64   // to be erased
	OnlyFiles bool      // the rule is about attachments of cases that stay
	Files     []string  // whose bytes are to be erased
}

var forms = []form.Kind{form.Withdrawal, form.Complaint}

// NewPlan looks what is to be erased.
func NewPlan(ctx context.Context, s Store, sh *shop.Shop, now time.Time) (Plan, error) {
	p := Plan{Shop: sh.ID}
	var err error
	if p.Cases, p.Files, err = s.Holdings(ctx, sh.ID); err != nil {
		return p, err
	}
	for _, kind := range forms {
		if period := sh.Retention.Of(string(kind)); period > 0 {
			r := Rule{Form: kind, Period: period, Before: before(sh, now, period)}
			if r.Cases, err = s.Expired(ctx, sh.ID, string(kind), r.Before); err != nil {
				return p, err
			}
			p.Rules = append(p.Rules, r)
		}
	}
	return p, p.attachments(ctx, s, sh, now)
}

func (p *Plan) attachments(ctx context.Context, s Store, sh *shop.Shop, now time.Time) error {
	period := sh.Retention.Attachments
	for _, kind := range forms {
		if period <= 0 {
			return nil
		}
		r := Rule{Form: kind, Period: period, Before: before(sh, now, period), OnlyFiles: true}
		var since time.Time // cases closed earlier go with their files
		if whole := sh.Retention.Of(string(kind)); whole > 0 {
			since = before(sh, now, whole)
		}
		files, err := s.Stale(ctx, sh.ID, string(kind), since, r.Before)
		if err != nil {
			return err
		}
		for _, f := range files {
			r.Files = append(r.Files, f.ID)
		}
		p.Rules = append(p.Rules, r)
	}
	return nil
}

// before is the beginning of the day, by the shop's clock, on which a period ends for cases closed that day: a period is never cut short.
func before(sh *shop.Shop, now time.Time, period shop.Period) time.Time {
	year, month, dom := docket.DayOf(now, sh.Location()).AddMonths(-period.Months()).Date()
	return time.Date(year, time.Month(month), dom, 0, 0, 0, 0, sh.Location())
}

// Expired is how many cases, and how many attachments of other cases, the plan erases.
func (p Plan) Expired() (cases, files int) {
	for _, r := range p.Rules {
		cases, files = cases+len(r.Cases), files+len(r.Files)
	}
	return cases, files
}

// ErrTooMany is returned where a run would erase more than is believable.
var ErrTooMany = errors.New("that is more than a fifth of what the shop has; is the clock right?")

// Believable returns ErrTooMany where a plan erases more than a fifth. One case may always go, so that a small shop's do.
func (p Plan) Believable() error {
	cases, files := p.Expired()
	if cases > max(1, p.Cases/5) {
		return fmt.Errorf("%d of %d cases of %q would be erased: %w", cases, p.Cases, p.Shop, ErrTooMany)
	}
	if files > max(10, p.Files/5) { // ten: those of one case
		return fmt.Errorf("%d of %d attachments of %q would be erased: %w", files, p.Files, p.Shop, ErrTooMany)
	}
	return nil
}

// batch is how many cases are erased in a transaction: others wait while it runs.
const batch = 200

// Carry out a plan, and give up the room. Who asked is recorded; "" is the clock.
func (v Vault) Carry(ctx context.Context, p Plan, login string, now time.Time) (docket.Erasure, error) {
	erased, err := v.carry(ctx, p, login, now)
	if err == nil {
		err = v.purge(ctx)
	}
	return erased, err
}

func (v Vault) carry(ctx context.Context, p Plan, login string, now time.Time) (erased docket.Erasure, err error) {
	erased = docket.Erasure{At: now, Shop: p.Shop, Login: login}
	for _, r := range p.Rules {
		record := docket.Erasure{At: now, Shop: p.Shop, Form: string(r.Form), Rule: r.Period.String(), Login: login}
		for ids := r.Cases; err == nil && len(ids) > 0; ids = ids[min(batch, len(ids)):] {
			err = v.erase(ctx, ids[:min(batch, len(ids))], record)
		}
		for ids := r.Files; err == nil && len(ids) > 0; ids = ids[min(batch, len(ids)):] {
			var n int
			n, err = v.Strip(ctx, ids[:min(batch, len(ids))], record, v.Files.Remove)
			erased.Files += n
		}
		if err != nil {
			return erased, fmt.Errorf("erase %ss of %q: %w", r.Form, p.Shop, err)
		}
		erased.Cases += len(r.Cases)
	}
	return erased, nil
}

// erase removes the rows first: bytes that a crash leaves behind belong to nobody, and the server sweeps them away.
func (v Vault) erase(ctx context.Context, ids []int64, record docket.Erasure) error {
	var references []string
	for _, id := range ids {
		c, err := v.ByID(ctx, id)
		if err == nil {
			references = append(references, c.Reference)
		} else if !errors.Is(err, docket.ErrNotFound) {
			return err
		}
	}
	files, err := v.Erase(ctx, ids, record)
	if err != nil {
		return err
	}
	v.Files.Remove(files...)
	references = slices.DeleteFunc(references, func(reference string) bool { // one that was held or opened again a moment ago
		_, err := v.ByReference(ctx, reference)
		return !errors.Is(err, docket.ErrNotFound)
	})
	return v.forgetLetters(references)
}

// forgetLetters removes letters that were written as files; their names hold the reference.
func (v Vault) forgetLetters(references []string) error {
	if v.Letters == "" {
		return nil
	}
	for _, reference := range references {
		files, err := filepath.Glob(filepath.Join(escape(v.Letters), "*-"+reference+".*.eml"))
		for i := 0; err == nil && i < len(files); i++ {
			err = os.Remove(files[i])
		}
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}

// escape takes the meaning from signs that patterns have.
func escape(path string) string {
	var b []rune
	for _, r := range path {
		if r == '*' || r == '?' || r == '[' {
			b = append(b, '[', r, ']')
			continue
		}
		b = append(b, r)
	}
	return string(b)
}

const purged = "purged"

// purge gives up the room of what was erased since it was last done, here or in the inbox.
func (v Vault) purge(ctx context.Context) error {
	last, err := v.Setting(ctx, purged)
	if err != nil {
		return err
	}
	all, err := v.Erasures(ctx)
	if err != nil || len(all) == 0 || all[0].At.UTC().Format(time.RFC3339Nano) == last {
		return err
	}
	if err := v.Purge(ctx); err != nil {
		return err
	}
	_, err = v.Swap(ctx, purged, last, all[0].At.UTC().Format(time.RFC3339Nano))
	return err
}

// Run carries out the rules of a shop, unless they would erase suspiciously much, and gives up the room.
func (v Vault) Run(ctx context.Context, sh *shop.Shop, now time.Time) (docket.Erasure, error) {
	erased, err := v.run(ctx, sh, now)
	if err == nil {
		err = v.purge(ctx)
	}
	return erased, err
}

func (v Vault) run(ctx context.Context, sh *shop.Shop, now time.Time) (docket.Erasure, error) {
	p, err := NewPlan(ctx, v, sh, now)
	if err == nil {
		err = p.Believable()
	}
	if err != nil {
		return docket.Erasure{Shop: sh.ID}, err
	}
	return v.carry(ctx, p, "", now)
}

// Reasons not to erase a case although the consumer asks.
var (
	ErrHeld = errors.New("it is held")
	ErrOpen = errors.New("it is not closed")
)

// Request finds a case that the consumer asks to have erased (Regulation (EU) 2016/679 Art 17), and whether it may be.
func (v Vault) Request(ctx context.Context, reference string) (docket.Case, error) {
	c, err := v.ByReference(ctx, reference)
	switch {
	case err != nil:
		return c, err
	case c.Hold != "":
		return c, fmt.Errorf("%w: %s", ErrHeld, c.Hold)
	case c.State != docket.Closed:
		return c, ErrOpen
	}
	return c, nil
}

// Grant erases such a case.
func (v Vault) Grant(ctx context.Context, c docket.Case, login string, now time.Time) error {
	record := docket.Erasure{At: now, Shop: c.Shop, Form: string(c.Form), Rule: "request", Login: login}
	if err := v.erase(ctx, []int64{c.ID}, record); err != nil {
		return err
	}
	if _, err := v.Request(ctx, c.Reference); !errors.Is(err, docket.ErrNotFound) { // held or opened again since it was asked for
		return fmt.Errorf("erase the case %s: %w", c.Reference, cmp.Or(err, ErrOpen))
	}
	return v.purge(ctx)
}
