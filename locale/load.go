package locale

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"recourse/strict"
)

// master is the language all others are measured by.
const master = "en"

// settingsFile says how a language writes dates and quotes; every other .toml file holds strings.
const settingsFile = "language.toml"

// Load reads all finished languages of a content folder. It reports every mistake it finds, not only the first:
// broken TOML, keys missing or unknown compared with English, placeholders that differ,
// plural categories the language needs. Each error names the file, the line where there is one, and the key.
func Load(fsys fs.FS) (*Catalog, error) { return load(fsys, false) }

// LoadDrafts is Load with the languages that are marked draft = true, for the people who write them.
func LoadDrafts(fsys fs.FS) (*Catalog, error) { return load(fsys, true) }

func load(fsys fs.FS, drafts bool) (*Catalog, error) {
	texts, err := readAll(fsys, drafts)
	english, ok := texts[master]
	if !ok {
		if err != nil {
			return nil, err
		}
		return nil, fmt.Errorf("load languages: no strings in %q, which all languages are measured by; add %s/*.toml", master, master)
	}
	c := &Catalog{languages: make(map[string]*Language)}
	for _, tag := range slices.Sorted(maps.Keys(texts)) {
		err = errors.Join(err, texts[tag].compare(english))
		c.tags = append(c.tags, tag)
	}
	if err != nil {
		return nil, err
	}
	for _, tag := range c.tags {
		c.languages[tag] = texts[tag].language()
	}
	slices.SortStableFunc(c.tags, func(a, b string) int { return rank(a) - rank(b) })
	return c, nil
}

func rank(tag string) int {
	if tag == master {
		return 0
	}
	return 1
}

// texts is a language while it is being read: the strings still know where they stand.
type texts struct {
	settings *settings
	entries  map[string]entry
	partial  bool // some of its files are not whole: what is missing may be there
}

type entry struct {
	text string
	file string
	key  string
	doc  *strict.Document // knows where the key stands: finding it takes time, so only an error asks
}

func readAll(fsys fs.FS, drafts bool) (map[string]*texts, error) {
	files, err := fs.Glob(fsys, "*/*.toml")
	if err != nil {
		return nil, fmt.Errorf("list languages: %w", err)
	}
	folders := make(map[string]bool)
	for _, file := range files {
		folders[path.Dir(file)] = true
	}
	tags := slices.Sorted(maps.Keys(folders))
	found, errs := make([]*texts, len(tags)), make([]error, len(tags))
	var group sync.WaitGroup
	for i, tag := range tags {
		group.Go(func() { found[i], errs[i] = read(fsys, tag) })
	}
	group.Wait()
	all := make(map[string]*texts)
	for i, t := range found {
		if t.settings != nil && len(t.entries) > 0 && (drafts || !t.settings.Draft) {
			all[tags[i]] = t
		}
	}
	return all, errors.Join(errs...)
}

func read(fsys fs.FS, tag string) (*texts, error) {
	s, problems := readSettings(fsys, tag)
	t := &texts{settings: s, entries: make(map[string]entry)}
	files, err := fs.Glob(fsys, tag+"/*.toml")
	problems = errors.Join(problems, err)
	for _, file := range files {
		if path.Base(file) != settingsFile {
			problems = errors.Join(problems, t.add(fsys, file))
		}
	}
	return t, problems
}

// add reads one file of strings.
func (t *texts) add(fsys fs.FS, file string) error {
	data, err := fs.ReadFile(fsys, file)
	if err != nil {
		return fmt.Errorf("read strings: %w", err)
	}
	doc := strict.Decode(file, data, &map[string]string{})
	if doc.Err() != nil {
		t.partial = true
	}
	doc.Strings(func(key, text string) { t.entry(doc, key, text) })
	return doc.Err()
}

func (t *texts) entry(doc *strict.Document, key, text string) {
	e := entry{text: text, file: doc.File, key: key, doc: doc}
	other, taken := t.entries[key]
	switch {
	case strings.TrimSpace(text) == "":
		doc.Wrong(key, "this is empty", "write its text or remove the key in every language")
	case taken && other.file != doc.File:
		doc.Wrong(key, "this is already in "+other.place(), "keep one of them")
	}
	if !taken {
		t.entries[key] = e
	}
}

func (e entry) place() string {
	line, column := e.doc.Place(e.key)
	return fmt.Sprintf("%s:%d:%d", e.file, line, column)
}

func (e entry) wrong(key, problem, fix string) error {
	line, column := e.doc.Place(e.key)
	return &strict.Error{File: e.file, Line: line, Column: column, Key: key, Value: excerpt(e.text), Problem: problem, Fix: fix}
}

// excerpt keeps a message on one line.
func excerpt(text string) string {
	if r := []rune(text); len(r) > 60 {
		text = string(r[:57]) + "..."
	}
	return strconv.Quote(text)
}

// compare holds a language against English.
func (t *texts) compare(english *texts) error {
	var problems error
	if !t.partial {
		problems = t.missing(english, t.settings.categories())
	}
	for _, key := range slices.Sorted(maps.Keys(t.entries)) {
		e := t.entries[key]
		want, ok := english.counterpart(key)
		if !ok {
			if !english.partial {
				problems = errors.Join(problems, e.wrong(key, "this is not a key of English", english.nearest(key)))
			}
			continue
		}
		if have, due := placeholders(e.text), placeholders(want.text); !slices.Equal(have, due) {
			problems = errors.Join(problems, e.wrong(key, fmt.Sprintf("this has the placeholders %v, in %s it has %v", have, want.place(), due), "use the same"))
		}
	}
	return problems
}

// nearest says what a key of another language was probably meant to be.
func (t *texts) nearest(key string) string {
	if known, ok := strict.Nearest(key, slices.Sorted(maps.Keys(t.entries))); ok {
		return fmt.Sprintf("did you mean %q?", known)
	}
	return "correct its name or remove it"
}

// missing lists the keys and plural categories the language lacks.
func (t *texts) missing(english *texts, categories []string) error {
	var problems error
	for _, key := range slices.Sorted(maps.Keys(english.entries)) {
		due := []string{key}
		if base, ok := english.plural(key); ok {
			due = nil
			if strings.HasSuffix(key, ".other") {
				due = expand(base, categories)
			}
		}
		for _, k := range due {
			if _, ok := t.entries[k]; !ok {
				origin := english.entries[key]
				file := t.settings.tag + "/" + path.Base(origin.file)
				problems = errors.Join(problems, &strict.Error{File: file, Line: 1, Column: 1, Key: k, Problem: "this is missing", Fix: "translate it from " + origin.place()})
			}
		}
	}
	return problems
}

func expand(base string, categories []string) []string {
	keys := make([]string, len(categories))
	for i, c := range categories {
		keys[i] = base + "." + c
	}
	return keys
}

// plural tells the base of a key that is one category of a plural: "unit.day" of "unit.day.few".
func (t *texts) plural(key string) (base string, ok bool) {
	cut := strings.LastIndexByte(key, '.')
	if cut < 0 || !slices.Contains(allCategories, key[cut+1:]) {
		return "", false
	}
	base = key[:cut]
	_, one := t.entries[base+".one"]
	_, other := t.entries[base+".other"]
	return base, one && other
}

// counterpart is the English entry a translated key is measured by; for a plural category English does
// not have, the general form.
func (t *texts) counterpart(key string) (entry, bool) {
	if base, ok := t.plural(key); ok {
		return t.entries[base+".other"], true
	}
	e, ok := t.entries[key]
	return e, ok
}

var placeholder = regexp.MustCompile(`\{[a-z_]+\}`)

// placeholders lists what a text leaves open, sorted. {n} does not count: some forms of a plural say
// the number in words ("both", "a day").
func placeholders(text string) []string {
	found := placeholder.FindAllString(text, -1)
	found = slices.DeleteFunc(found, func(s string) bool { return s == "{n}" })
	slices.Sort(found)
	return slices.Compact(found)
}

func (t *texts) language() *Language {
	s := t.settings
	l := &Language{
		Tag: s.tag, Name: s.Name, EnglishName: s.EnglishName, Dir: s.Direction,
		Months: s.Months, MonthNames: s.MonthNames, Weekdays: s.Weekdays,
		DateOrder: s.DateOrder, LongDate: s.LongDate, First: s.First, WeekdayDate: s.WeekdayDate, ZoneTime: s.ZoneTime,
		quotes: [2]string{s.Quotes[0], s.Quotes[1]}, zones: s.Zones,
		strings: make(map[string]string, len(t.entries)),
		tag:     language.Make(s.tag),
	}
	l.regions, l.names = display.Regions(l.tag), display.Languages(l.tag)
	for key, e := range t.entries {
		l.strings[key] = e.text
	}
	return l
}
