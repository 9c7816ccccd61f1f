package form_test

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"recourse/day"
	"recourse/form"
	"recourse/form/formtest"
)

func cases(t testing.TB) []formtest.Case {
	t.Helper()
	all, err := formtest.Read(os.DirFS("testdata"))
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 200 {
		t.Fatalf("read %d cases, expected at least 200: are the tables in place?", len(all))
	}
	return all
}

func field(t testing.TB, c formtest.Case) form.Field {
	t.Helper()
	f, ok := form.Lookup(c.Form)
	if !ok {
		t.Fatalf("%s: there is no form %q", c.Place, c.Form)
	}
	g, ok := f.Field(c.Field)
	if !ok {
		t.Fatalf("%s: form %q has no field %q", c.Place, c.Form, c.Field)
	}
	return g
}

func TestTables(t *testing.T) {
	for _, c := range cases(t) {
		t.Run(c.Name(), func(t *testing.T) {
			f, value := field(t, c), norm.NFC.String(c.Value)
			if c.Answer == "" {
				if got := form.Clean(f.Type, value); got != c.Cleaned {
					t.Errorf("cleaned to %q, want %q", got, c.Cleaned)
				}
				return
			}
			got := formtest.Answer(f.Check(value, c.Today, c.Months))
			if got != c.Answer {
				t.Errorf("answer %q, want %q", got, c.Answer)
			}
			again := formtest.Answer(f.Check(form.Clean(f.Type, value), c.Today, c.Months))
			if again != got {
				t.Errorf("answer %q, after cleaning %q", got, again)
			}
		})
	}
}

// Every rule of every field is reached by a case, so that no message is there for nothing.
func TestTablesReachEveryRule(t *testing.T) {
	byServer := []form.Rule{form.FileTooLarge, form.FileEmpty, form.FileFailed}
	reached := map[string]bool{}
	for _, c := range cases(t) {
		rule, _, _ := strings.Cut(c.Answer, " ")
		reached[c.Field+"."+rule] = true
	}
	for _, kind := range form.Kinds() {
		f, _ := form.Lookup(string(kind))
		for _, field := range f.Fields {
			for _, rule := range field.Rules() {
				code := form.Problem{Field: field.Name, Rule: rule}.Code()
				if !reached[code] && !slices.Contains(byServer, rule) {
					t.Errorf("no case of %s expects %s", kind, code)
				}
			}
		}
	}
}

func TestValidate(t *testing.T) {
	f, _ := form.Lookup("withdrawal")
	today, _ := day.Parse("2026-11-20")
	got := f.Validate(map[string]string{"email": "a@b", "items": strings.Repeat("x", 2003), "nonsense": "x"}, today, nil)
	want := []form.Problem{{"name", form.Required, 0}, {"contract", form.Required, 0}, {"email", form.Invalid, 0}, {"items", form.TooLong, 3}}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	three := map[string]string{"name": "Anna", "contract": "lamp", "email": "anna@example.com"}
	if got := f.Validate(three, today, nil); got != nil {
		t.Errorf("the three things the law asks for are not enough: %v", got)
	}
}

// The law asks for name, contract and where to send the acknowledgement, and for nothing else.
func TestRequired(t *testing.T) {
	want := map[string][]string{"withdrawal": {"name", "contract", "email"}, "complaint": {"name", "email", "reason", "description"}}
	for kind, names := range want {
		f, _ := form.Lookup(kind)
		var got []string
		for _, field := range f.Fields {
			if field.Required {
				got = append(got, field.Name)
			}
		}
		if !slices.Equal(got, names) {
			t.Errorf("%s requires %v, want %v", kind, got, names)
		}
	}
	if _, ok := form.Lookup("nonsense"); ok {
		t.Error("there is a form named nonsense")
	}
}

func TestParseDate(t *testing.T) {
	months := form.NewMonths([]string{"gennaio", "febbraio", "marzo"}, []string{"12=dic"})
	for value, want := range map[string]string{
		"2026-3-27": "2026-03-27", "2026-marzo-27": "2026-03-27", "2025-DIC.-1": "2025-12-01",
		"--27.3.2026": "2026-03-27", "--2026-03-27": "2026-03-27", "--27-3-2026": "2026-03-27", "2024-2-29": "2024-02-29",
	} {
		if got, rule := form.ParseDate(value, months); got.String() != want || rule != form.OK {
			t.Errorf("ParseDate(%q) = %q, %q; want %q", value, got, rule, want)
		}
	}
	if got, rule := form.ParseDate("--", months); got != day.Unknown || rule != form.Required {
		t.Errorf("ParseDate of empty boxes = %v, %q", got, rule)
	}
}

func TestBoxes(t *testing.T) {
	for value, want := range map[string][3]string{
		"2026-3-27": {"2026", "3", "27"}, "2026--27": {"2026", "", "27"}, "--": {}, "": {"", "", ""},
		"--2026-03-27": {"2026", "03", "27"}, "--27. März 2026": {"2026", "März", "27"}, "last-week": {"", "", "last-week"},
	} {
		year, month, dom := form.SplitDate(value)
		if got := [3]string{year, month, dom}; got != want {
			t.Errorf("SplitDate(%q) = %q, want %q", value, got, want)
		}
	}
	if got := form.JoinDate(" 2026", "", "27 "); got != "2026--27" {
		t.Errorf("JoinDate = %q", got)
	}
}

func TestCollect(t *testing.T) {
	f, _ := form.Lookup("withdrawal")
	posted := map[string]string{"name": "Anna", "received_on-day": " 27", "received_on-month": "3", "received_on-year": "2026", "other": "x"}
	got := f.Collect(func(input string) string { return posted[input] })
	if got["name"] != "Anna" || got["received_on"] != "2026-3-27" || len(got) != len(f.Fields) {
		t.Errorf("collected %q", got)
	}
}

func TestCheckFile(t *testing.T) {
	for _, c := range []struct {
		name string
		size int64
		want form.Rule
	}{
		{"a.PNG", 1, form.OK}, {"a.pdf", form.MaxFileBytes - 1, form.OK}, {"a.pdf", form.MaxFileBytes, form.FileTooLarge},
		{"a.pdf", 0, form.FileEmpty}, {"a.exe", 0, form.FileType}, {"a.svg", 1, form.FileType},
	} {
		if got := form.CheckFile(c.name, c.size); got != c.want {
			t.Errorf("CheckFile(%q, %d) = %q, want %q", c.name, c.size, got, c.want)
		}
	}
}

func TestPart(t *testing.T) {
	for rule, want := range map[form.Rule]string{
		form.MissingDay: "day", form.MissingMonth: "month", form.MissingYear: "year", form.MissingDayMonth: "day month",
		form.MissingDayYear: "day year", form.MissingMonthYear: "month year", form.ShortYear: "year",
		form.Unreal: "day month year", form.Future: "day month year", form.Required: "day month year",
	} {
		var got []string
		for _, part := range []string{"day", "month", "year"} {
			if rule.Part(part) {
				got = append(got, part)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s blames %v, want %s", rule, got, want)
		}
	}
}

func TestRuleNames(t *testing.T) {
	names := form.RuleNames()
	for i, name := range names {
		if form.Rule(i).String() != name || i > 0 && name == "" || slices.Index(names, name) != i {
			t.Errorf("rule %d is named %q", i, name)
		}
	}
	if form.Rule(255).String() != "" {
		t.Error("a rule that does not exist has a name")
	}
}

// What checks allocate makes the memory of a visitor's page grow. Only the removal of what nobody sees may.
func TestChecksAllocateNothing(t *testing.T) {
	for _, c := range cases(t) {
		f, value := field(t, c), norm.NFC.String(c.Value)
		removed := func(r rune) bool {
			return r == utf8.RuneError || unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) && (r != '\n' || f.Type != form.Text)
		}
		if strings.ContainsFunc(strings.TrimSpace(value), removed) {
			continue
		}
		if n := testing.AllocsPerRun(10, func() { f.Check(value, c.Today, c.Months) }); n > 0 {
			t.Errorf("%s: a check allocates %v times", c.Name(), n)
		}
	}
}

// What is imported here is downloaded by every visitor: each of fmt, time or regexp costs tens of kilobytes.
func TestImports(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "recourse/form").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	allowed := []string{"recourse/day", "recourse/form", "unicode/utf8", "unsafe"}
	for _, name := range strings.Fields(string(out)) {
		if !slices.Contains(allowed, name) {
			t.Errorf("package form depends on %s; allowed are %v", name, allowed)
		}
	}
}

func FuzzClean(f *testing.F) {
	for _, c := range cases(f) {
		f.Add(uint8(field(f, c).Type), c.Value)
	}
	f.Fuzz(func(t *testing.T, kind uint8, s string) {
		typ := form.Type(kind % uint8(form.Items+1))
		got := form.Clean(typ, s)
		if !utf8.ValidString(got) {
			t.Errorf("%q was cleaned to %q, which is no UTF-8", s, got)
		}
		if again := form.Clean(typ, got); again != got {
			t.Errorf("%q was cleaned to %q and then to %q", s, got, again)
		}
		several := typ == form.Text || typ == form.Files || typ == form.Items
		for _, r := range got {
			if control := r < ' ' || r >= 0x7f && r < 0xa0; control && !(several && (r == '\n' || r == '\t')) {
				t.Errorf("%q was cleaned to %q with the control %U", s, got, r)
			}
		}
	})
}

func FuzzValidate(f *testing.F) {
	for _, c := range cases(f) {
		f.Add(c.Form, c.Field, c.Value, int32(c.Today))
	}
	months := form.NewMonths([]string{"styczeń", "luty"}, []string{"3=mar", "=", "x=y", "99=z"})
	f.Fuzz(func(t *testing.T, kind, name, value string, today int32) {
		form1, ok := form.Lookup(kind)
		if !ok {
			return
		}
		g, ok := form1.Field(name)
		if !ok {
			return
		}
		rule, over := g.Check(value, day.Day(today), months)
		if rule != form.OK && rule != form.Required && !slices.Contains(g.Rules(), rule) {
			t.Errorf("%s of %q: rule %q has no message", name, value, rule)
		}
		cleaned := form.Clean(g.Type, value)
		if r, o := g.Check(cleaned, day.Day(today), months); r != rule || o != over {
			t.Errorf("%s of %q is %q %d, cleaned %q %d", name, value, rule, over, r, o)
		}
		if problems := form1.Validate(map[string]string{name: value}, day.Day(today), months); len(problems) > len(form1.Fields) {
			t.Errorf("%d problems for %d fields", len(problems), len(form1.Fields))
		}
		form.SplitDate(value)
	})
}
