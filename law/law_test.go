package law

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"recourse/day"
)

func book(t *testing.T) *Book {
	t.Helper()
	b, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// table reads a file of cases: one a line, fields separated by blanks, the last takes the rest.
func table(t *testing.T, file string, fields int, check func(t *testing.T, f []string)) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(string(text), "\n") {
		if strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#") {
			continue
		}
		var f []string
		for rest := line; len(f) < fields; {
			rest = strings.TrimLeft(rest, " ")
			head, tail, _ := strings.Cut(rest, " ")
			if len(f) == fields-1 {
				head = strings.TrimSpace(rest)
			}
			f, rest = append(f, head), tail
		}
		t.Run(fmt.Sprintf("line %d", i+1), func(t *testing.T) { check(t, f) })
	}
}

func parseDay(t *testing.T, s string) day.Day {
	t.Helper()
	d, ok := day.Parse(s)
	if !ok {
		t.Fatalf("%q is not a date", s)
	}
	return d
}

func TestAt(t *testing.T) {
	b := book(t)
	table(t, "testdata/facts.txt", 4, func(t *testing.T, f []string) {
		facts, err := b.At(f[0], parseDay(t, f[1]))
		if err != nil {
			t.Fatal(err)
		}
		if got := state(t, facts, f[2]); got != f[3] {
			t.Errorf("%s %s %s: got %q, want %q", f[0], f[1], f[2], got, f[3])
		}
	})
}

// state writes one fact as the table does.
func state(t *testing.T, f Facts, name string) string {
	d := f.Dispute
	switch name {
	case "odr":
		return words(d.ODRLink)
	case "function":
		if !f.Function.Due {
			return rule(f.Function.Rule)
		}
		return words("due", flag(f.Function.Known(), "national"), f.Function.Statute)
	case "withdrawal":
		return rule(f.Withdrawal.Rule, strconv.Itoa(f.Withdrawal.Days))
	case "complaint":
		c := f.Complaint
		return rule(c.Rule, strconv.Itoa(c.Period.N), string(c.Period.Unit), string(c.Scope), string(c.Silence))
	case "guarantee":
		g := f.Guarantee
		return rule(g.Rule, strconv.Itoa(g.Months), flag(g.OpenEnded, "floor"), flag(g.Limitation, "limitation"),
			flag(g.Durable > 0, "durable-"+strconv.Itoa(g.Durable)),
			flag(g.RepairExtends > 0, "repair+"+strconv.Itoa(g.RepairExtends)))
	case "burden":
		return rule(f.Burden.Rule, strconv.Itoa(f.Burden.Months))
	case "notice":
		return rule(f.Notice.Rule, strconv.Itoa(f.Notice.Months))
	case "duty":
		return rule(d.Duty, flag(d.Always, "always"), flag(d.OnRefusal, "on-refusal"), flag(d.OwnBody, "own-body"),
			flag(d.SmallStaff > 0, "small-staff-"+strconv.Itoa(d.SmallStaff)))
	case "residual":
		return bodies(d.Residual...)
	case "ecc":
		return bodies(d.ECC)
	case "authority":
		return bodies(d.Authority)
	case "special":
		var ids []string
		for _, s := range f.Special {
			ids = append(ids, s.ID)
		}
		return words(ids...)
	}
	t.Fatalf("the table asks for %q, which is no fact", name)
	return ""
}

func rule(r Rule, values ...string) string {
	if !r.Known() {
		return string(r.Status)
	}
	return words(append(values, r.Statute)...)
}

func bodies(all ...Body) string {
	var out []string
	for _, b := range all {
		name := strings.Join(append([]string{b.Name}, b.Address...), ", ")
		out = append(out, strings.TrimSpace(name+" "+b.URL))
	}
	return words(strings.Join(out, " | "))
}

func flag(set bool, word string) string {
	if set {
		return word
	}
	return ""
}

func words(all ...string) string {
	var out []string
	for _, w := range all {
		if w != "" {
			out = append(out, w)
		}
	}
	if len(out) == 0 {
		return "-"
	}
	return strings.Join(out, " ")
}

// What At calls unknown must carry no value at all: a template that forgets to ask prints nothing.
func TestUnknownHasNoValue(t *testing.T) {
	b := book(t)
	for _, code := range b.Countries() {
		for _, d := range []day.Day{day.Of(2015, 1, 1), day.Of(2024, 6, 1), day.Of(2026, 11, 20), day.Of(2030, 1, 1)} {
			f, err := b.At(code, d)
			if err != nil {
				t.Fatal(err)
			}
			for name, empty := range map[string]bool{
				"withdrawal": f.Withdrawal.Known() || f.Withdrawal.Days == 0 && f.Withdrawal.Statute == "",
				"guarantee":  f.Guarantee.Known() || f.Guarantee.Months == 0 && !f.Guarantee.OpenEnded && f.Guarantee.Statute == "",
				"burden":     f.Burden.Known() || f.Burden.Months == 0 && f.Burden.Statute == "",
				"complaint":  f.Complaint.Known() || f.Complaint.Period == Period{} && f.Complaint.Scope == "" && f.Complaint.Silence == "",
				"notice":     f.Notice.Known() || f.Notice.Months == 0,
				"duty":       f.Dispute.Duty.Known() || !f.Dispute.Always && !f.Dispute.OnRefusal && f.Dispute.SmallStaff == 0,
			} {
				if !empty {
					t.Errorf("%s on %s: %s is not known, yet has a value: %+v", code, d, name, f)
				}
			}
		}
	}
}

// Nothing unverified may leave, however the data change: every address and statute that At gives
// must be marked as seen in the record.
func TestOnlyVerifiedLeaves(t *testing.T) {
	b := book(t)
	for _, code := range b.Countries() {
		r, _ := b.Record(code)
		f, err := b.At(code, day.Of(2026, 11, 20))
		if err != nil {
			t.Fatal(err)
		}
		for _, pair := range []struct {
			rule Rule
			from Entry
		}{
			{f.Withdrawal.Rule, r.Withdrawal.Entry}, {f.Function.Rule, r.Function}, {f.Guarantee.Rule, r.Guarantee.Entry},
			{f.Burden.Rule, r.Burden.Entry}, {f.Complaint.Rule, r.Complaint.Entry}, {f.Notice.Rule, r.Notice.Entry},
			{f.Dispute.Duty, r.ADR.Entry},
		} {
			if pair.rule.Status != Unknown && !pair.from.Verified {
				t.Errorf("%s: %+v left without being verified", code, pair.from)
			}
			if pair.rule.Statute != "" && !pair.from.StatuteVerified {
				t.Errorf("%s: statute %q left without being verified", code, pair.rule.Statute)
			}
		}
		for _, list := range []Bodies{r.List, r.Residual, r.ECC, r.Authority} {
			for _, c := range list.Bodies {
				if c.URL != "" && (!c.URLVerified || !list.Verified) && strings.Contains(fmt.Sprint(f.Dispute), c.URL) {
					t.Errorf("%s: address %s left without being verified", code, c.URL)
				}
			}
		}
	}
}

func TestAtUnknownCountry(t *testing.T) {
	_, err := book(t).At("XX", day.Of(2026, 11, 20))
	if err == nil || !strings.Contains(err.Error(), `"XX"`) || !strings.Contains(err.Error(), "AT, BE, BG") {
		t.Errorf("error %v does not name the code and the known ones", err)
	}
}

func TestLabels(t *testing.T) {
	b := book(t)
	table(t, "testdata/labels.txt", 4, func(t *testing.T, f []string) {
		l, ok := b.Labels(f[0], f[1], parseDay(t, f[2]))
		got := "-"
		if ok {
			got = l.Withdraw + " | " + l.Confirm
		}
		if got != f[3] {
			t.Errorf("%s in %s on %s: got %q, want %q", f[0], f[1], f[2], got, f[3])
		}
		if translated := strings.Contains("nb is uk", f[0]); !ok || translated == l.Official {
			t.Errorf("%s: found %t, official %t", f[0], ok, l.Official)
		}
	})
}

func TestDeadline(t *testing.T) {
	b := book(t)
	table(t, "testdata/deadlines.txt", 6, func(t *testing.T, f []string) {
		n, err := strconv.Atoi(f[2])
		if err != nil {
			t.Fatal(err)
		}
		got, err := b.Deadline(f[0], parseDay(t, f[1]), Period{n, Unit(f[3])})
		if err != nil {
			t.Fatal(err)
		}
		if got.String() != f[4] {
			t.Errorf("%s: %s after %s ends on %s, want %s (%s)", f[0], f[2]+" "+f[3], f[1], got, f[4], f[5])
		}
	})
}

func TestDeadlineRefuses(t *testing.T) {
	b := book(t)
	for want, try := range map[string]struct {
		country string
		p       Period
	}{
		`"XX"`:       {"XX", Period{14, CalendarDays}},
		"at least 1": {"DE", Period{0, CalendarDays}},
		`"weeks"`:    {"DE", Period{2, "weeks"}},
	} {
		if d, err := b.Deadline(try.country, day.Of(2026, 11, 20), try.p); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v gave %s and error %v, want one that says %s", try, d, err, want)
		}
	}
}

func TestEveryCountryHasHolidays(t *testing.T) {
	b := book(t)
	for _, code := range b.Countries() {
		if len(holidays[code]) == 0 {
			t.Errorf("%s has no public holidays", code)
		}
		if b.WorkingDay(code, day.Of(2026, 12, 25)) {
			t.Errorf("Christmas 2026, a Friday, is a working day in %s", code)
		}
		if !b.WorkingDay(code, day.Of(2026, 11, 20)) {
			t.Errorf("2026-11-20, a Friday, is no working day in %s", code)
		}
	}
	if b.WorkingDay("XX", day.Of(2026, 11, 20)) {
		t.Error("a country nobody knows has working days")
	}
}

func TestHolidays(t *testing.T) {
	from, to := parseDay(t, "2026-05-01"), parseDay(t, "2026-05-31")
	var got []string
	for _, d := range book(t).Holidays("DE", from, to) {
		got = append(got, d.String())
	}
	// Whit Sunday, the 24th, is a Sunday anyway.
	if want := []string{"2026-05-01", "2026-05-14", "2026-05-25"}; !slices.Equal(got, want) {
		t.Errorf("holidays %v, want %v", got, want)
	}
	if got := book(t).Holidays("XX", from, to); got != nil {
		t.Errorf("a country that is not in the book has the holidays %v", got)
	}
}

// The end of a period is told only where the law that counts it is known.
func TestWithdrawalPeriod(t *testing.T) {
	for country, want := range map[string]bool{"DE": true, "PL": true, "GB": false, "CH": false} {
		f, err := book(t).At(country, parseDay(t, "2026-11-20"))
		if err != nil {
			t.Fatal(err)
		}
		if p, ok := f.WithdrawalPeriod(); ok != want || ok && p != (Period{14, CalendarDays}) {
			t.Errorf("%s: %v, %v", country, p, ok)
		}
	}
}

func TestActs(t *testing.T) {
	b := book(t)
	for id, want := range map[string][2]string{
		ActODRLink: {"2016-01-09", "2025-07-19"}, ActFunction: {"2026-06-19", ""},
		"right-to-repair": {"2026-07-31", ""}, "harmonised-notice": {"2026-09-27", ""},
	} {
		a := b.act(id)
		until := ""
		if a.Until != 0 {
			until = a.Until.String()
		}
		if a.From.String() != want[0] || until != want[1] || !a.Verified {
			t.Errorf("%s runs from %s until %q, verified %t; want %v, verified", id, a.From, until, a.Verified, want)
		}
	}
	for i, a := range b.Acts()[1:] {
		if before := b.Acts()[i]; a.From < before.From {
			t.Errorf("act %s comes after %s, but begins earlier", a.ID, before.ID)
		}
	}
}

// Mistakes in the data are found when it is loaded, each with its place.
func TestLoadRefuses(t *testing.T) {
	tests := []struct{ file, old, new, want string }{
		{"countries/de.toml", `name = "Germany"`, `nmae = "Germany"`, `law/countries/de.toml:4:1: nmae: there is no such key; did you mean "name"?`},
		{"countries/de.toml", "eu = true\n", "", "eu: this key is missing"},
		{"countries/de.toml", `code = "DE"`, `code = "DK"`, `code = "DK": the file is named "de"`},
		{"countries/de.toml", "value = 14\n", "", "withdrawal.value: a rule that is set needs a value"},
		{"countries/de.toml", "value = 14", "value = -1", "withdrawal.value = -1: a rule that is set"},
		{"countries/de.toml", `unit = "calendar_days"`, `unit = "weeks"`, "withdrawal.unit"},
		{"countries/de.toml", `status = "set"`, `status = "sett"`, "withdrawal.status = \"sett\": there is no such status"},
		{"countries/de.toml", `reviewed = "2026-11-20"`, `reviewed = "2026-02-30"`, `"2026-02-30" is not a date`},
		{"countries/de.toml", "[burden]", "[burdens]", `burdens: there is no such key; did you mean "burden"?`},
		{"countries/de.toml", `source = "https://www.skwschwarz.de/news/widerrufsbutton-online-shops-juni-2026"` + "\n", "", "function.verified = true: a verified fact needs a source"},
		{"countries/de.toml", `"https://www.skwschwarz.de/`, `"www.skwschwarz.de/`, "function.source"},
		{"countries/pl.toml", `silence = "accepts"`, `silence = "accept"`, `complaint.silence = "accept": there is no such consequence`},
		{"countries/pl.toml", `scope = "all"`, `scope = "any"`, `complaint.scope = "any": there is no such scope`},
		{"countries/pl.toml", "status = \"none\"\nverified = false", "status = \"none\"\nvalue = 3\nverified = false", "notice.value = 3: status \"none\" has no value"},
		{"countries/pl.toml", "status = \"unknown\"\nverified = false", "status = \"unknown\"\nverified = true", "what is unknown cannot be verified"},
		{"countries/fr.toml", `until = "2026-07-30"`, `until = "2026-07-30"` + "\n" + `from = "2026-08-01"`, "repair.until = \"2026-07-30\": it ends before it begins on 2026-08-01"},
		{"countries/de.toml", "small_staff = 10", `small_staff = "10"`, `adr.small_staff = "10": this must be a whole number`},
		{"countries/de.toml", "statute = \"§ 36 VSBG\"\nstatute_verified = true\n", "statute = \"§ 36 VSBG\"\n", "adr.statute = \"§ 36 VSBG\": it is not said whether"},
		{"countries/de.toml", `id = "de-kuendigungsbutton"`, `id = "kuendigungsbutton"`, "special[2].id"},
		{"countries/de.toml", `done_by = "pages"`, `done_by = "page"`, `special[0].done_by = "page": there is no such part`},
		{"countries/de.toml", `, url_verified = true`, ``, "list.bodies[0].url_verified: this key is missing"},
		{"eu.toml", `id = "odr-link"`, `id = "odr"`, `the act "odr-link" is missing`},
		{"eu.toml", `from = "2016-01-09"`, `from = "2026-01-09"`, "act[0].until"},
		{"labels.toml", "from = \"2027-01-01\"\n", "", "national[1].from: this key is missing"},
		{"labels.toml", "confirm = \"Потвърждавам отказа\"\n", "", "official[0].confirm: this key is missing"},
	}
	for _, tt := range tests {
		t.Run(tt.want, func(t *testing.T) {
			fsys := fstest.MapFS{}
			for _, name := range []string{"eu.toml", "labels.toml", "countries/de.toml", "countries/pl.toml", "countries/fr.toml"} {
				text, err := data.ReadFile(name)
				if err != nil {
					t.Fatal(err)
				}
				if name == tt.file {
					changed := strings.Replace(string(text), tt.old, tt.new, 1)
					if changed == string(text) {
						t.Fatalf("%s has no %q", name, tt.old)
					}
					text = []byte(changed)
				}
				fsys[name] = &fstest.MapFile{Data: text}
			}
			_, err := load(fsys)
			if err == nil {
				t.Fatalf("loaded in spite of %q", tt.new)
			}
			if got := err.Error(); !strings.Contains(got, tt.want) || !strings.Contains(got, "law/"+tt.file+":") {
				t.Errorf("error\n%s\nwant in it %q and the file", got, tt.want)
			}
		})
	}
}
