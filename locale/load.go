package locale

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"recourse/review"
	"recourse/strict"
)

// master is the language all others are measured by.
const master = "en"

// settingsFile says how a language writes dates and quotes, answersFile what traders answer with (see intake/answers); every other
// .toml file holds strings.
const (
	settingsFile = "language.toml"
	answersFile  = "answers.toml"
)

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
	english.leaveOpen()
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
		err = errors.Join(err, c.falls(c.languages[tag]))
	}
	if err != nil {
		return nil, err
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

// texts is a language while it is being read: its files still know where a string stands.
type texts struct {
	settings *settings
	strings  map[string]string
	files    []*strict.Document
	partial  bool // some of its files are not whole: what is missing may be there

	open map[string][]string // placeholders of the strings that have any; of English alone
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
		if t.settings != nil && len(t.strings) > 0 && (drafts || !t.settings.Draft) {
			all[tags[i]] = t
		}
	}
	return all, errors.Join(errs...)
}

func read(fsys fs.FS, tag string) (*texts, error) {
	s, problems := readSettings(fsys, tag)
	t := &texts{settings: s}
	files, err := fs.Glob(fsys, tag+"/*.toml")
	problems = errors.Join(problems, err)
	var lists [][]strict.Text
	count := 0
	for _, name := range files {
		if base := path.Base(name); base == settingsFile || base == answersFile {
			continue
		}
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			problems = errors.Join(problems, fmt.Errorf("read strings: %w", err))
			continue
		}
		doc, list := strict.Texts(name, data)
		t.files, lists = append(t.files, doc), append(lists, list)
		t.partial, count = t.partial || doc.Err() != nil, count+len(list)
	}
	t.strings = make(map[string]string, count)
	for i, list := range lists {
		for _, text := range withoutStatus(t.files[i], list) {
			t.take(t.files[i], text.Key, text.Text)
		}
		problems = errors.Join(problems, t.files[i].Err())
	}
	return t, problems
}

// withoutStatus leaves out what a file says of itself, once it was looked at.
func withoutStatus(doc *strict.Document, list []strict.Text) []strict.Text {
	var s review.Status
	list = slices.DeleteFunc(list, func(text strict.Text) bool {
		if review.IsKey(text.Key) && text.Key != "reviewed" && !s.Set(text.Key, text.Text) {
			doc.Wrong(text.Key, "this is no day", `write it as year-month-day, for example "2026-11-22"`)
		}
		if text.Key == "reviewed" {
			s.Reviewed = review.Level(text.Text)
		}
		return review.IsKey(text.Key)
	})
	s.Check(doc)
	return list
}

func (t *texts) take(doc *strict.Document, key, text string) {
	_, taken := t.strings[key]
	switch {
	case strings.TrimSpace(text) == "":
		doc.Wrong(key, "this is empty", "write its text or remove the key in every language")
	case taken:
		doc.Wrong(key, "this is already in "+t.place(key), "keep one of them")
	}
	if !taken {
		t.strings[key] = text
	}
}

// fileOf is the first file with a key. It takes time, so only an error asks.
func (t *texts) fileOf(key string) *strict.Document {
	return t.files[slices.IndexFunc(t.files, func(doc *strict.Document) bool { return doc.Has(key) })]
}

func (t *texts) place(key string) string {
	doc := t.fileOf(key)
	line, column := doc.Place(key)
	return fmt.Sprintf("%s:%d:%d", doc.File, line, column)
}

func (t *texts) wrong(key, problem, fix string) error {
	doc := t.fileOf(key)
	line, column := doc.Place(key)
	return &strict.Error{File: doc.File, Line: line, Column: column, Key: key, Value: excerpt(t.strings[key]), Problem: problem, Fix: fix}
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
	wrong := map[string]error{}
	for key, text := range t.strings {
		if err := t.compareText(english, key, text); err != nil {
			wrong[key] = err
		}
	}
	for _, key := range slices.Sorted(maps.Keys(wrong)) {
		problems = errors.Join(problems, wrong[key])
	}
	return problems
}

func (t *texts) compareText(english *texts, key, text string) error {
	master := english.counterpart(key)
	if _, ok := english.strings[master]; !ok {
		if english.partial {
			return nil
		}
		return t.wrong(key, "this is not a key of English", english.nearest(key))
	}
	due := english.open[master]
	if due == nil && strings.IndexByte(text, '{') < 0 {
		return nil
	}
	if have := placeholders(text); !slices.Equal(have, due) {
		return t.wrong(key, fmt.Sprintf("this has the placeholders %v, in %s it has %v", have, english.place(master), due), "use the same")
	}
	return nil
}

// nearest says what a key of another language was probably meant to be.
func (t *texts) nearest(key string) string {
	if known, ok := strict.Nearest(key, slices.Sorted(maps.Keys(t.strings))); ok {
		return fmt.Sprintf("did you mean %q?", known)
	}
	return "correct its name or remove it"
}

// missing lists the keys and plural categories the language lacks.
func (t *texts) missing(english *texts, categories []string) error {
	lacks := map[string]string{} // key -> the English one it is translated from
	for key := range english.strings {
		base, plural := english.plural(key)
		switch {
		case !plural:
			if _, ok := t.strings[key]; !ok {
				lacks[key] = key
			}
		case strings.HasSuffix(key, ".other"):
			for _, k := range expand(base, categories) {
				if _, ok := t.strings[k]; !ok {
					lacks[k] = key
				}
			}
		}
	}
	var problems error
	for _, key := range slices.SortedFunc(maps.Keys(lacks), func(a, b string) int {
		return cmp.Or(strings.Compare(lacks[a], lacks[b]), t.settings.rank(a)-t.settings.rank(b))
	}) {
		file := t.settings.tag + "/" + path.Base(english.fileOf(lacks[key]).File)
		problems = errors.Join(problems, &strict.Error{File: file, Line: 1, Column: 1, Key: key, Problem: "this is missing", Fix: "translate it from " + english.place(lacks[key])})
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
	_, one := t.strings[base+".one"]
	_, other := t.strings[base+".other"]
	return base, one && other
}

// counterpart is the English key a translated one is measured by; for a plural category English does not have, the general
// form.
func (t *texts) counterpart(key string) string {
	if base, ok := t.plural(key); ok {
		return base + ".other"
	}
	return key
}

// leaveOpen notes what the strings leave open.
func (t *texts) leaveOpen() {
	t.open = map[string][]string{}
	for key, text := range t.strings {
		if found := placeholders(text); found != nil {
			t.open[key] = found
		}
	}
}

// placeholders lists what a text leaves open, sorted: {name}, in small letters and underscores. {n} does not count: some forms
// of a plural say the number in words ("both", "a day").
func placeholders(text string) (found []string) {
	for {
		_, rest, ok := strings.Cut(text, "{")
		if !ok {
			slices.Sort(found)
			return slices.Compact(found)
		}
		name, _, closed := strings.Cut(rest, "}")
		text = rest
		if closed && name != "" && name != "n" && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz_") == "" {
			found = append(found, "{"+name+"}")
		}
	}
}

func (t *texts) language() *Language {
	s := t.settings
	l := &Language{
		Tag: s.tag, Name: s.Name, EnglishName: s.EnglishName, Dir: s.Direction,
		Months: s.Months, MonthNames: s.MonthNames, Weekdays: s.Weekdays,
		DateOrder: s.DateOrder, LongDate: s.LongDate, First: s.First, WeekdayDate: s.WeekdayDate, ZoneTime: s.ZoneTime,
		quotes: [2]string{s.Quotes[0], s.Quotes[1]}, zones: s.Zones,
		strings: t.strings,
		tag:     language.Make(s.tag),
	}
	l.Fallback = s.chain()
	names := l.tag
	if s.tag == "nb" { // golang.org/x/text keeps these names as those of Norwegian, and would give the Danish ones
		names = language.Norwegian
	}
	l.regions, l.names = display.Regions(names), display.Languages(names)
	if l.regions == nil { // CLDR has no names in this language
		l.regions = display.English.Regions()
	}
	if l.names == nil {
		l.names = display.English.Languages()
	}
	return l
}
