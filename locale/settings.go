package locale

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// settings is language.toml.
type settings struct {
	tag         string
	Name        string            `toml:"name"`
	EnglishName string            `toml:"english_name"`
	Direction   string            `toml:"direction"`
	Draft       bool              `toml:"draft"` // being written: not loaded
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
}

var allCategories = []string{"zero", "one", "two", "few", "many", "other"}

func readSettings(fsys fs.FS, tag string) (*settings, error) {
	file := tag + "/" + settingsFile
	data, err := fs.ReadFile(fsys, file)
	if err != nil {
		return nil, fmt.Errorf("read language %q: %w; add the file, with %s/%s as the example", tag, err, master, settingsFile)
	}
	s := &settings{tag: tag}
	if err := toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields().Decode(s); err != nil {
		var strict *toml.StrictMissingError
		if errors.As(err, &strict) {
			return s, fmt.Errorf("%s: unknown keys; correct or remove them\n%s", file, strict.String())
		}
		return s, atPosition(file, err)
	}
	return s, s.check(file)
}

func (s *settings) check(file string) error {
	var problems error
	want := func(ok bool, key string, have any, fix string) {
		if !ok {
			problems = errors.Join(problems, fmt.Errorf("%s: %s is %q; %s", file, key, fmt.Sprint(have), fix))
		}
	}
	_, err := language.Parse(s.tag)
	want(err == nil, "the folder's name", s.tag, "name it by a BCP 47 tag, for example pt")
	want(s.Name != "", "name", s.Name, "write the language's own name, for example Deutsch")
	want(s.EnglishName != "", "english_name", s.EnglishName, "write its English name, for example German")
	want(s.Direction == "ltr" || s.Direction == "rtl", "direction", s.Direction, "write ltr or rtl")
	want(len(s.Months) == 12, "months", s.Months, "list the twelve months as a full date uses them")
	want(len(s.Weekdays) == 7, "weekdays", s.Weekdays, "list the seven days, Sunday first")
	want(s.DateOrder == "dmy" || s.DateOrder == "ymd" || s.DateOrder == "mdy", "date_order", s.DateOrder, "write dmy, ymd or mdy")
	want(containsAll(s.LongDate, "{d}", "{month}", "{y}"), "long_date", s.LongDate, "use {d}, {month} and {y}")
	want(containsAll(s.WeekdayDate, "{weekday}", "{date}"), "weekday_date", s.WeekdayDate, "use {weekday} and {date}")
	want(containsAll(s.ZoneTime, "{date}", "{time}", "{zone}"), "zone_time", s.ZoneTime, "use {date}, {time} and {zone}")
	want(len(s.Quotes) == 2, "quotes", s.Quotes, "give the opening and the closing mark")
	for _, name := range s.MonthNames {
		want(monthName(name), "month_names", name, "write the month's number, an equals sign and the name: 11=listopad")
	}
	return problems
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
		used[categoryNames[plural.Cardinal.MatchPlural(tag, n, 0, 0, 0, 0)]] = true
	}
	return slices.DeleteFunc(slices.Clone(allCategories), func(c string) bool { return !used[c] })
}
