package locale

import (
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/language"

	"recourse/review"
	"recourse/strict"
)

// settings is language.toml.
type settings struct {
	tag         string
	Name        string            `toml:"name"`
	EnglishName string            `toml:"english_name"`
	Direction   string            `toml:"direction"`
	Draft       bool              `toml:"draft"` // being written: not loaded
	Fallback    []string          `toml:"fallback"`
	Months      []string          `toml:"months"`
	MonthNames  []string          `toml:"month_names"`
	Weekdays    []string          `toml:"weekdays"`
	DateOrder   string            `toml:"date_order"`
	LongDate    string            `toml:"long_date"`
	First       string            `toml:"first"`
	WeekdayDate string            `toml:"weekday_date"`
	ZoneTime    string            `toml:"zone_time"`
	Quotes      []string          `toml:"quotes"`
	Zones       map[string]string `toml:"zones"`
	review.Status
}

var allCategories = []string{"zero", "one", "two", "few", "many", "other"}

func readSettings(fsys fs.FS, tag string) (*settings, error) {
	file := tag + "/" + settingsFile
	data, err := fs.ReadFile(fsys, file)
	if err != nil {
		return nil, fmt.Errorf("read language %q: %w; add the file, with %s/%s as the example", tag, err, master, settingsFile)
	}
	s := &settings{tag: tag}
	doc := strict.Decode(file, data, s)
	if doc.Readable() {
		s.check(doc)
	}
	return s, doc.Err()
}

func (s *settings) check(doc *strict.Document) {
	want := func(ok bool, key, problem, fix string) {
		if !ok {
			doc.Wrong(key, problem, fix)
		}
	}
	_, err := language.Parse(s.tag)
	want(err == nil, "", fmt.Sprintf("the folder's name %q is no language", s.tag), "name it by a BCP 47 tag, for example pt")
	s.Status.Check(doc)
	want(s.Name != "", "name", "the name is missing", "write the language's own name, for example Deutsch")
	want(s.EnglishName != "", "english_name", "the name is missing", "write its English name, for example German")
	want(s.Direction == "ltr" || s.Direction == "rtl", "direction", "there is no such direction", "write ltr or rtl")
	want(len(s.Months) == 12, "months", "these are not twelve", "list the twelve months as a full date uses them")
	want(len(s.Weekdays) == 7, "weekdays", "these are not seven", "list the seven days, Sunday first")
	want(s.DateOrder == "dmy" || s.DateOrder == "ymd" || s.DateOrder == "mdy", "date_order", "there is no such order", "write dmy, ymd or mdy")
	want(containsAll(s.LongDate, "{d}", "{month}", "{y}"), "long_date", "a placeholder is missing", "use {d}, {month} and {y}")
	want(containsAll(s.WeekdayDate, "{weekday}", "{date}"), "weekday_date", "a placeholder is missing", "use {weekday} and {date}")
	want(containsAll(s.ZoneTime, "{date}", "{time}", "{zone}"), "zone_time", "a placeholder is missing", "use {date}, {time} and {zone}")
	want(len(s.Quotes) == 2, "quotes", "these are not two", "give the opening and the closing mark")
	for i, name := range s.MonthNames {
		want(monthName(name), fmt.Sprintf("month_names[%d]", i), "this is no name of a month", "write the month's number, an equals sign and the name: 11=listopad")
	}
}

func containsAll(s string, parts ...string) bool {
	for _, part := range parts {
		if !strings.Contains(s, part) {
			return false
		}
	}
	return true
}

func monthName(s string) bool {
	number, name, ok := strings.Cut(s, "=")
	n, err := strconv.Atoi(number)
	return ok && err == nil && n >= 1 && n <= 12 && name != ""
}

// categories are the plural categories a language needs here: those its whole numbers up to a thousand use, and
// "other", which browsers and fractions may ask for.
func (s *settings) categories() []string {
	used := map[string]bool{"other": true}
	tag := language.Make(s.tag)
	for n := range 1001 {
		used[category(tag, n)] = true
	}
	return slices.DeleteFunc(slices.Clone(allCategories), func(c string) bool { return !used[c] })
}

// chain is what a page is looked for in when the language lacks it: what language.toml says, else English.
func (s *settings) chain() []string {
	if len(s.Fallback) == 0 && s.tag != master {
		return []string{master}
	}
	return s.Fallback
}

// falls finds languages in the chain of one that are not there.
func (c *Catalog) falls(l *Language) error {
	for _, tag := range l.Fallback {
		if tag == l.Tag || !slices.Contains(c.tags, tag) {
			return &strict.Error{File: l.Tag + "/" + settingsFile, Key: "fallback", Value: strconv.Quote(tag),
				Problem: "no pages can be taken from this language", Fix: "name others there are texts in: " + strings.Join(c.tags, ", ")}
		}
	}
	return nil
}

// rank puts the categories of one plural into their order.
func (s *settings) rank(key string) int {
	return slices.Index(allCategories, key[strings.LastIndexByte(key, '.')+1:])
}
