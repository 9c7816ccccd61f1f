package sitegen

import (
	"regexp"
	"strings"
	"testing"

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
