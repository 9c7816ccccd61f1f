package check

import (
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"recourse/day"
	"recourse/strict"
)

//go:embed clauses.toml
var clauseFile []byte

// clauses are read once. The file is part of the program, so a mistake in it is a mistake in the program and panics.
var clauses = sync.OnceValue(func() *clauseSet {
	set, err := readClauses(clauseFile)
	if err != nil {
		panic("check: " + err.Error())
	}
	return set
})

// clauseSet is clauses.toml, which explains its own keys.
type clauseSet struct {
	list         []*clause
	explanations map[string]explanation
}

type explanation struct {
	Message string `toml:"message"`
	Fix     string `toml:"fix"`
}

type clause struct {
	ID          string              `toml:"id"`
	Level       Level               `toml:"level"`
	Article     string              `toml:"article"`
	Source      string              `toml:"source"`
	Verified    bool                `toml:"verified"`
	Reviewed    day.Day             `toml:"reviewed"`
	Note        string              `toml:"note"`
	Countries   []string            `toml:"countries"`
	From        day.Day             `toml:"from"`
	Explanation string              `toml:"explanation"`
	Patterns    map[string][]string `toml:"patterns"`
	Unless      map[string][]string `toml:"unless"`

	find, spare map[string][]*regexp.Regexp
}

func (c *clause) rule() Rule { return Rule{"clause-" + c.ID, c.Level} }

func readClauses(data []byte) (*clauseSet, error) {
	var file struct {
		Explanations map[string]explanation `toml:"explanation"`
		Clauses      []clause               `toml:"clause"`
	}
	doc := strict.Decode("check/clauses.toml", data, &file)
	if err := doc.Err(); err != nil {
		return nil, err
	}
	set := &clauseSet{explanations: file.Explanations}
	for i := range file.Clauses {
		set.list = append(set.list, &file.Clauses[i])
		set.list[i].check(doc, fmt.Sprintf("clause[%d]", i), file.Explanations)
	}
	return set, doc.Err()
}

// check records what the types alone cannot refuse, and makes the patterns.
func (c *clause) check(doc *strict.Document, key string, explained map[string]explanation) {
	if c.ID == "" || c.Level.rank() < 0 || c.Reviewed == 0 {
		doc.Wrong(key, "a clause needs an id, a level and the day it was reviewed", "add them; levels are error, warning and note")
	}
	if c.Verified && (c.Article == "" || c.Source == "") {
		doc.Wrong(key+".verified", "what is verified has an article and a source", "add both, or write false")
	}
	if e := explained[c.Explanation]; e.Message == "" || e.Fix == "" {
		doc.Wrong(key+".explanation", "there is no such explanation with message and fix", "add the table [explanation."+c.Explanation+"]")
	}
	c.find = compile(doc, key+".patterns", c.Patterns)
	c.spare = compile(doc, key+".unless", c.Unless)
}

func compile(doc *strict.Document, key string, written map[string][]string) map[string][]*regexp.Regexp {
	all := map[string][]*regexp.Regexp{}
	for tag, list := range written {
		for i, w := range list {
			re, err := regexp.Compile(expression(w))
			if err != nil {
				doc.Wrong(fmt.Sprintf("%s.%s[%d]", key, tag, i), err.Error(), "look at the brackets")
				continue
			}
			all[tag] = append(all[tag], re)
		}
	}
	return all
}

var numbers = regexp.MustCompile(`\\\{(\d+)-(\d+)\\\}`)

// expression is a pattern of clauses.toml as a regular expression on folded text; group 1 is what was found.
func expression(written string) string {
	p := regexp.QuoteMeta(strings.ToLower(norm.NFC.String(written)))
	p = numbers.ReplaceAllStringFunc(p, func(m string) string {
		ends := numbers.FindStringSubmatch(m)
		return oneOf(ends[1], ends[2])
	})
	p = strings.NewReplacer(
		`\(`, `(?:`, `\)`, `)`, `\|`, `|`, "~", `[\pL\pN]*`, "-", "[ -]?",
		" … ", `[^\pL\pN](?:.{0,80}?[^\pL\pN])?`, " ", `,?[ -]+`,
	).Replace(p)
	return `(?:^|[^\pL\pN])(` + p + `)(?:$|[^\pL\pN])`
}

// oneOf matches the numbers from one to another. They are written without hyphen, which means something else here.
func oneOf(from, to string) string {
	low, _ := strconv.Atoi(from)
	high, _ := strconv.Atoi(to)
	var all []string
	for n := low; n <= high; n++ {
		all = append(all, strconv.Itoa(n))
	}
	return "(?:" + strings.Join(all, "|") + ")"
}

// in finds the clause in a sentence and gives the bytes of the folded text.
func (c *clause) in(s folded, tag string) (from, to int, ok bool) {
	for _, language := range []string{tag, "any"} {
		for _, re := range c.find[language] {
			if m := re.FindStringSubmatchIndex(s.text); m != nil && !c.spared(s, tag) {
				return m[2], m[3], true
			}
		}
	}
	return 0, 0, false
}

// spared reports whether other words of the sentence make the clause harmless.
func (c *clause) spared(s folded, tag string) bool {
	return slices.ContainsFunc(c.spare[tag], func(re *regexp.Regexp) bool { return re.MatchString(s.text) })
}

// scan looks for clauses in a text that customers of some markets read.
func (r *run) scan(t text, tag string, readers []string) {
	for _, s := range sentences(t.name, t.data) {
		for _, c := range clauses().list {
			bound := r.bound(c, readers)
			if from, to, ok := c.in(s, tag); ok && len(bound) > 0 {
				r.clause(c, t, tag, [2]int{s.at[from], s.at[to]}, bound)
			}
		}
	}
}

// bound are the readers whose law has the rule: those the clause names, else all of the EU and EEA.
func (r *run) bound(c *clause, readers []string) []string {
	if r.Today < c.From {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(readers), func(country string) bool {
		record, ok := r.Law.Record(country)
		if len(c.Countries) > 0 {
			return !slices.Contains(c.Countries, country)
		}
		return !ok || !record.EEA
	})
}

func (r *run) clause(c *clause, t text, tag string, span [2]int, bound []string) {
	words := readable(t.data[span[0]:span[1]])
	line, column := place(t.data, span[0])
	verdict, e := "this may be unlawful", clauses().explanations[c.Explanation]
	f := Finding{Language: tag, Subject: words, Fix: e.Fix, File: t.file, Line: line, Column: column, Details: bound}
	if c.Verified {
		verdict, f.Statute, f.Source = "consumer law does not allow this", c.Article, c.Source
	}
	f.Message = fmt.Sprintf("“%s”: %s. %s Customers who read it: %s.", words, verdict, e.Message, countries(bound))
	r.add(c.rule(), f)
}

// readable is a piece of Markdown without actions and emphasis, on one line.
func readable(source []byte) string {
	plain := strings.ReplaceAll(string(blanked(source, unseen)), "*", "")
	return strings.Join(strings.Fields(plain), " ")
}

func countries(codes []string) string {
	all := make([]string, len(codes))
	for i, code := range codes {
		all[i] = countryName(code)
	}
	return strings.Join(all, ", ")
}

// place is the line and column of an offset, from 1, the column in characters.
func place(source []byte, offset int) (line, column int) {
	before := string(source[:offset])
	return 1 + strings.Count(before, "\n"), 1 + utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:])
}
