package sitegen

import (
	"cmp"
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"recourse/sitegen/pagetest"
)

// FuzzMarkdown: a page of any text is harmless and loses nothing, or each mistake has its place.
func FuzzMarkdown(f *testing.F) {
	for _, file := range []string{"testdata/action.txt", hostileFile} {
		for _, c := range cases(f, file) {
			f.Add(unescape(c.input))
		}
	}
	landmarks := pagetest.Landmarks(mustBuild(f, oneShop(f, "returns", hostileFront+"Text")).Files[hostilePage])
	f.Fuzz(func(t *testing.T, source string) {
		if endlessWork.MatchString(source) {
			return
		}
		page, _ := hostile(t, source)
		if page != nil {
			harmless(t, page, landmarks)
			nothingLost(t, source, page)
		}
	})
}

// endlessWork are actions that do as they are told: {{range 1000000000}}, {{printf "%999999d" 1}}.
var endlessWork = regexp.MustCompile(`(?s)\{\{.*([0-9a-fA-FxXoObB_.]{3}|\*|range)`)

// FuzzFrontMatter: whatever stands between the fences, the page is harmless or each mistake has its place.
func FuzzFrontMatter(f *testing.F) {
	for _, front := range frontMatters {
		f.Add(front)
	}
	f.Fuzz(func(t *testing.T, front string) {
		if endlessWork.MatchString(front) {
			return
		}
		out, err := oneShop(t, "returns", "+++\n"+front+"\n+++\nText\n").Build()
		if err != nil {
			places(t, err)
			return
		}
		for name, file := range out.Files {
			if !strings.HasPrefix(name, "assets/") {
				if err := pagetest.Page(name, file); err != nil {
					t.Error(err)
				}
			}
		}
	})
}

var frontMatters = []string{
	"title = \"a\"\ndescription = \"b\"",
	"title = \"<script>alert(1)</script>\"\ndescription = '\" onload=\"x'\nnav = \"</a></nav>\"",
	"title = \"{{.Shop.Name}} {{if .Market}}a{{end}}\"\ndescription = '{{\"</title>\"}}'\nreviewed = \"none\"",
	"title = \"{{form}}\"\ndescription = \"{{\"\nnav = \"{{.Nothing}}\"",
	"title = \"\"\"\na\n\"\"\"\ndescription = '''\nb'''",
	"title = \"\\u0000\\u202e\"\ndescription = \"\\n\"",
	"title = 1\ndescription = [\"a\"]\nnvа = \"c\"",
	"[title]\na = 1", "title = \"a\ndescription = \"b\"", "title", "", "\xff", "[[title]]", "title.a = 1\ntitle.b = 2",
}

// places checks that every mistake says where it is.
func places(t testing.TB, err error) {
	t.Helper()
	for _, err := range each(err) {
		if !placed.MatchString(err.Error()) || strings.ContainsAny(err.Error(), "\r\n") {
			t.Errorf("no place, or several lines: %q", err)
		}
	}
}

var placed = regexp.MustCompile(`^en/returns\.md:[1-9][0-9]*:[1-9][0-9]*: `)

// TestFrontMatter: mistakes have their places, and a form is no title.
func TestFrontMatter(t *testing.T) {
	for _, c := range []struct{ front, want string }{
		{frontMatters[3], `en/returns.md:2:10: {{form}}`},
		{frontMatters[6], `en/returns.md:2:9: `},
		{frontMatters[8], `en/returns.md:2:`},
	} {
		_, err := oneShop(t, "returns", "+++\n"+c.front+"\n+++\nText\n").Build()
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s\ngot  %v\nwant %s", c.front, err, c.want)
		}
	}
	_, err := oneShop(t, "withdrawal", "+++\n"+frontMatters[3]+"\n+++\nText\n").Build()
	if err == nil || !strings.Contains(err.Error(), "en/withdrawal.md:2:10: {{form}}: ") {
		t.Errorf("a form as title: %v", err)
	}
}

// TestFrontMatterMistakes: all of them are told, and those of the text below with them.
func TestFrontMatterMistakes(t *testing.T) {
	for _, c := range []struct {
		name, source string
		want         []string
	}{
		{"keys and kinds", "+++\ntitel = \"a\"\ndescription = 3\nnav = [\"x\"]\n\"réviewed\" = true\n+++\n\nText <b>\n", []string{
			`en/returns.md:2:1: titel: there is no such key; did you mean "title"?`,
			`en/returns.md:3:15: description = 3: this must be a text in quotes; write it between double quotes`,
			`en/returns.md:4:1: nav: this must be a text in quotes; write it between double quotes`,
			`en/returns.md:5:1: réviewed: there is no such key; did you mean "reviewed"?`,
			`en/returns.md:8:6: <b>: HTML is not allowed`,
		}},
		{"a reading without a day", "+++\ntitle = \"a\"\ndescription = \"b\"\nreviewed = \"editor\"\n+++\n", []string{
			`en/returns.md:4:12: reviewed = "editor": it is not said when the text was read; add reviewed_on = "2026-11-22"`,
		}},
		{"missing", "+++\nnav = \"a\"\n+++\n", []string{
			`en/returns.md:2:1: title: the front matter has no title; write title = "..."`,
			`en/returns.md:2:1: description: the front matter has no description; write description = "..."`,
		}},
		{"empty", "+++\ntitle = \"\"\ndescription = \"b\"\n+++\n{{.Wrong}}\n", []string{
			`en/returns.md:2:9: title = "": the front matter has no title; write title = "..."`,
			`en/returns.md:5:1: {{.Wrong}}: can't evaluate field Wrong`,
		}},
		{"twice", "+++\ntitle = \"a\"\ntitle = \"b\"\ndescription = \"c\"\n+++\n", []string{
			`en/returns.md:3:1: title: this was given on line 2 already; drop one of the two`,
		}},
		{"not TOML", "+++\ntitle = \"a\"\ndescription = b\n+++\n{{.Wrong}}\n", []string{`en/returns.md:3:15: this is not TOML`, `en/returns.md:5:1: {{.Wrong}}: `}},
		{"HTML hides no action, also not in conditions, links and front matter",
			"+++\ntitle = \"{{.Nope}}\"\ndescription = \"b\"\n+++\n\n<b>x {{.Wrong}}\n\n{{if .Market}}\n- [a]({{url \"nowhere\"}})\n{{else}}\n{{end}}\n{{form}}\n", []string{
				`en/returns.md:2:10: {{.Nope}}: can't evaluate`, `en/returns.md:6:1: <b>: HTML is not allowed`, `en/returns.md:6:6: {{.Wrong}}: can't evaluate`,
				`en/returns.md:9:7: {{url "nowhere"}}: there is no page "nowhere"`, `en/returns.md:12:1: {{form}}: this page has no form`,
			}},
		{"an action without end and HTML", "+++\ntitle = \"a\"\ndescription = \"b\"\n+++\n\n<b>\n\n{{if .Market}}\n{{.Wrong}}\n", []string{
			`en/returns.md:6:1: <b>: HTML is not allowed`, `en/returns.md:8:1: {{if .Market}}: the action has no {{end}}`,
		}},
		{"a mark before it, and lines of Windows", "\ufeff+++\r\ntitle = 1\r\ndescription = \"ä\" x\r\n+++\r\n", []string{
			`en/returns.md:2:9: title = 1: this must be a text in quotes`, `en/returns.md:3:19: this is not TOML: `,
		}},
		{"a mark before nothing", "\ufeffno front matter", []string{`en/returns.md:1:1: the page has no front matter`}},
	} {
		_, err := oneShop(t, "returns", c.source).Build()
		all := each(err)
		slices.SortStableFunc(all, func(a, b error) int { return cmp.Compare(lineOf(a), lineOf(b)) })
		if len(all) != len(c.want) {
			t.Errorf("%s: %d mistakes, want %d:\n%v", c.name, len(all), len(c.want), err)
			continue
		}
		for i, want := range c.want {
			if !strings.HasPrefix(all[i].Error(), want) {
				t.Errorf("%s\ngot  %v\nwant %s", c.name, all[i], want)
			}
		}
	}
}

func lineOf(err error) int {
	var f *Fault
	if !errors.As(err, &f) {
		return 0
	}
	return f.Line
}

// TestByteOrderMark: a page that an editor on Windows wrote is a page, and columns of its first line are those people see.
func TestByteOrderMark(t *testing.T) {
	source := "+++\ntitle = \"a\"\ndescription = \"b\"\n+++\n\nText\n"
	plain := mustBuild(t, oneShop(t, "returns", source))
	marked := mustBuild(t, oneShop(t, "returns", "\ufeff"+strings.ReplaceAll(source, "\n", "\r\n")))
	if diff := gocmp.Diff(plain.Files, marked.Files); diff != "" {
		t.Error(diff)
	}
}
