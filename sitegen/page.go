package sitegen

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"recourse/review"
	"recourse/strict"
)

// page is one content file, read and compiled once and executed for each locale.
type page struct {
	number int64  // no other ever has
	name   string // "returns"
	file   string // "en/returns.md"
	source []byte // the whole file

	body        *compiled
	title       *compiled
	description *compiled
	nav         *compiled // shorter title for the navigation; the title where the file has none
	computes    bool      // with the shop's own words, see computes

	speaksOfOthers bool // asks whether other pages are there, or links to them

	mu    sync.Mutex // one execution at a time: the functions of a template look at scope
	scope *scope
}

// frontMatter is the part of a content file between two lines of +++, in TOML. Title, description and
// nav may hold actions.
type frontMatter struct {
	Title       string `toml:"title"`
	Description string `toml:"description"`
	Nav         string `toml:"nav"`
	review.Status
}

// readPage reads and compiles a page. With an error it still gives a page, so that the rest of the site
// can be checked as if it were there; a page that is no longer whole renders as a mark.
func (s Site) readPage(lang, name string) (*page, error) {
	p := &page{number: numbers.Add(1), name: name, file: lang + "/" + name + ".md"}
	var err error
	if p.source, err = readContent(s.Content, p.file); err != nil {
		return p, &Fault{File: p.file, Problem: "the page cannot be read: " + reason(err),
			Fix: fmt.Sprintf("write it, starting from en/%s.md", name)}
	}
	read := func() (*page, error) {
		err := p.read()
		s.Cache.shelve(p)
		return p, err
	}
	if s.owns(p.file) {
		return read()
	}
	return s.Cache.texts.Get(textKey{p.file, sha256.Sum256(p.source)}, mostTexts, read)
}

// owns reports whether no other build reads the file: keeping it would only take room.
func (s Site) owns(file string) bool {
	if s.Own == nil {
		return false
	}
	_, err := fs.Stat(s.Own, file)
	return err == nil
}

func (p *page) read() error {
	front, start, err := p.front()
	if start == 0 {
		return err
	}
	return errors.Join(err, p.compile(front, start))
}

var byteOrderMark = []byte("\ufeff")

// readContent reads a content file with the line ends of Unix, and without the mark that editors on Windows begin it with.
func readContent(fsys fs.FS, file string) ([]byte, error) {
	source, err := fs.ReadFile(fsys, file)
	source = bytes.TrimPrefix(source, byteOrderMark)
	if bytes.Contains(source, []byte("\r\n")) {
		source = bytes.ReplaceAll(source, []byte("\r\n"), []byte("\n"))
	}
	return source, err
}

func reason(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	return err.Error()
}

var fence = []byte("+++\n")

// front reads the front matter and says where the text begins: nowhere if there is none. With an error it gives what is right.
func (p *page) front() (f frontMatter, start int, err error) {
	rest, ok := bytes.CutPrefix(p.source, fence)
	end := bytes.Index(rest, append([]byte("\n"), fence...))
	if !ok || end < 0 {
		return f, 0, &Fault{File: p.file, Line: 1, Column: 1, Problem: "the page has no front matter",
			Fix: `begin it with a line of +++, title = "...", description = "..." and another line of +++`}
	}
	start = len(fence) + end + 1 + len(fence)
	if f, ok := plainFront(rest[:end+1]); ok {
		return f, start, nil
	}
	f, err = p.frontMistakes(rest[:end+1])
	return f, start, err
}

// plainFront reads front matter as nearly all is written. It is not ok for what must be looked at closer.
func plainFront(text []byte) (f frontMatter, ok bool) {
	list, ok := strict.Flat(text)
	for _, t := range list {
		switch t.Key {
		case "title":
			f.Title = t.Text
		case "description":
			f.Description = t.Text
		case "nav":
			f.Nav = t.Text
		default:
			if !f.Set(t.Key, t.Text) {
				return f, false
			}
		}
	}
	return f, ok && f.Title != "" && f.Description != "" && f.Sound()
}

// frontMistakes finds all that is wrong. It takes its time, so only front matter with a mistake is read like this.
func (p *page) frontMistakes(text []byte) (f frontMatter, err error) {
	doc := strict.Decode(p.file, append([]byte("\n"), text...), &f) // the line of +++ counts
	for _, needed := range []struct{ key, value string }{{"title", f.Title}, {"description", f.Description}} {
		if needed.value == "" {
			doc.Wrong(needed.key, "the front matter has no "+needed.key, fmt.Sprintf("write %s = \"...\"", needed.key))
		}
	}
	f.Check(doc)
	var errs []error
	for _, e := range doc.Errors() {
		words := e.Key
		if e.Value != "" {
			words += " = " + e.Value
		}
		errs = append(errs, &Fault{p.file, max(e.Line, 2), e.Column, oneSpace(words), oneSpace(e.Problem), oneSpace(e.Fix)})
	}
	return f, errors.Join(errs...)
}

func oneSpace(words string) string { return strings.Join(strings.Fields(words), " ") }

func (p *page) compile(front frontMatter, start int) error {
	html, s := convert(p.source[start:])
	var errs []error
	for _, f := range s.faults {
		errs = append(errs, p.fault(start+f.pos, f.text, f.problem, f.fix))
	}
	if len(errs) > 0 {
		html = s.alone()
	}
	if len(errs) == 0 || html != nil {
		p.body = &compiled{page: p, script: s, html: lean(html), start: start}
		errs = append(errs, p.body.parse())
	}
	p.title = p.oneLine(front.Title)
	p.description = p.oneLine(front.Description)
	p.nav = p.title
	if front.Nav != "" {
		p.nav = p.oneLine(front.Nav)
	}
	return errors.Join(append(errs, p.title.noBlocks(), p.description.noBlocks(), p.nav.noBlocks(), p.title.parse(), p.description.parse(), p.nav.parse())...)
}

// alone is a mark and all actions, without the Markdown around them that has a mistake: those in actions are told too. It is nil
// where they do not fit together.
func (s *script) alone() (html []byte) {
	if slices.ContainsFunc(s.faults, func(f misplaced) bool { return f.text == "" || strings.Contains(f.text, "{{") }) {
		return nil
	}
	inOrder := slices.SortedStableFunc(slices.Values(s.actions), func(a, b action) int { return a.pos - b.pos })
	html = []byte("?")
	for _, a := range inOrder {
		html = append(append(html, ' '), a.token...)
	}
	return html
}

// oneLine compiles a value of the front matter: text with actions, no Markdown.
func (p *page) oneLine(value string) *compiled {
	s := newScript([]byte(value))
	at := max(bytes.Index(p.source, []byte(value)), 0)
	var html strings.Builder
	for rest := value; rest != ""; {
		before, _, _ := strings.Cut(rest, "{{")
		html.WriteString(template.HTMLEscapeString(before))
		rest = rest[len(before):]
		if n := actionLength([]byte(rest)); n > 0 {
			html.WriteString(s.add(action{text: rest[:n], pos: len(value) - len(rest)}).token)
			rest = rest[n:]
		} else if rest != "" {
			html.WriteString("{{") // text: printed as it is
			rest = rest[2:]
		}
	}
	return &compiled{page: p, script: s, html: []byte(html.String()), start: at}
}

func (p *page) fault(offset int, text, problem, fix string) *Fault {
	line, column := position(p.source, offset)
	return &Fault{p.file, line, column, oneSpace(text), problem, fix}
}

// compiled is the template of a text. Each action begins a line of its own in the template's source (inside
// its braces, so that nothing of it shows): errors of the template name that line, and lines knows
// what stands there in the content file.
type compiled struct {
	*script
	page     *page
	html     []byte             // with tokens
	start    int                // offset in the file of what the script was read from
	sound    bool               // its template has no mistake
	template *template.Template // nil while nobody needs it
	lines    map[int]int        // line of the template's source -> action
	broken   map[int]bool       // actions with an error, replaced so that the others are checked as well
}

// parse compiles the template. All its errors are reported, not the first.
func (c *compiled) parse() error {
	if c.static() {
		return nil
	}
	c.broken = map[int]bool{}
	var errs []error
	for {
		err := c.build()
		if err == nil {
			c.sound = true
			c.page.computes = c.page.computes || computes(c.template.Tree)
			c.page.speaksOfOthers = c.page.speaksOfOthers || slices.ContainsFunc(c.actions, func(a action) bool { return otherPages.MatchString(a.text) })
			return errors.Join(errs...)
		}
		fault, again := c.explain(err)
		errs = append(errs, fault)
		if !again {
			return errors.Join(errs...)
		}
	}
}

var otherPages = regexp.MustCompile(`\b(has|url)\b`)

// static reports whether the text has no actions, as the texts of a shop of its own often have: it needs no template.
func (c *compiled) static() bool { return len(c.actions) == 0 }

// build makes the template, without the broken actions. On an error there is none.
func (c *compiled) build() (err error) {
	source := c.restore(c.html, c.writer())
	c.template, err = template.New(c.page.file).Funcs(c.page.functions()).Parse(string(source))
	return err
}

// writer writes actions into the template's source and keeps account of their lines.
func (c *compiled) writer() func(out *bytes.Buffer, i int) {
	c.lines = map[int]int{}
	return func(out *bytes.Buffer, i int) {
		a := c.actions[i]
		switch {
		case a.keyword() == "/*":
		case c.broken[i]:
			out.WriteString(a.harmless())
		default:
			brace := opening.FindString(a.text)
			out.WriteString(strings.TrimRight(brace, " \t\n"))
			out.WriteByte('\n')
			first := 1 + bytes.Count(out.Bytes(), []byte("\n"))
			out.WriteString(a.text[len(brace):])
			for line := first; line <= 1+bytes.Count(out.Bytes(), []byte("\n")); line++ {
				c.lines[line] = i
			}
		}
	}
}

var opening = regexp.MustCompile(`^\{\{(-\s)?`)

// harmless is an action of the same structure that cannot fail.
func (a action) harmless() string {
	switch a.keyword() {
	case "if":
		return "{{if true}}"
	case "with", "range":
		return "{{if false}}" // their bodies expect another dot
	case "else":
		return "{{else if false}}"
	}
	return ""
}

var place = regexp.MustCompile(`^(?:html/)?template: ?[^:]*:(\d+)(?::(\d+))?: `)

// explain finds the place of a template's error in the content file. It takes the action out of the
// template if there is hope that parsing on shows further mistakes.
func (c *compiled) explain(err error) (fault *Fault, again bool) {
	m := place.FindStringSubmatch(err.Error())
	if m == nil {
		return c.page.fault(c.start, "", err.Error(), ""), false
	}
	line, _ := strconv.Atoi(m[1])
	i, ok := c.lines[line]
	if !ok {
		return c.page.fault(c.start, "", strings.TrimPrefix(err.Error(), m[0]), ""), false
	}
	a := c.actions[i]
	problem, fix := describe(err, strings.TrimPrefix(err.Error(), m[0]))
	switch a.keyword() {
	case "define", "block", "end":
	default:
		again = !c.broken[i]
	}
	c.broken[i] = true
	return c.page.fault(c.start+a.pos, a.text, problem, fix), again
}

var executing = regexp.MustCompile(`^executing ".*?" at <.*?>: (?:error calling \w+: )?`)

// describe gives the problem in a template's error, and how to mend it where that is known.
func describe(err error, text string) (problem, fix string) {
	var misuse *misuse
	if errors.As(err, &misuse) {
		return misuse.problem, misuse.fix
	}
	text = executing.ReplaceAllString(text, "")
	switch {
	case strings.HasPrefix(text, "function "):
		return text, "the functions are " + strings.Join(slices.Sorted(maps.Keys(new(page).functions())), ", ")
	case strings.HasPrefix(text, "can't evaluate field"):
		return text, "the facts are .Shop, .Law, .Labels, .Locale and .Day; inside with and range write $.Shop"
	}
	return text, ""
}

// render executes a template in a scope. Errors name the place in the content file; all are reported.
func (c *compiled) render(s *scope) ([]byte, error) {
	if c == nil || !c.sound && !c.static() {
		return []byte("?"), nil // its error is known
	}
	if c.static() {
		return c.html, nil
	}
	c.page.mu.Lock()
	defer c.page.mu.Unlock()
	c.page.scope = s
	if c.template == nil {
		if err := c.build(); err != nil {
			return nil, err
		}
	}
	var errs []error
	for {
		var out bytes.Buffer
		err := c.template.Execute(&out, s.facts)
		if err == nil {
			return c.checked(out.Bytes(), errs)
		}
		fault, again := c.explain(err)
		errs = append(errs, fault)
		if !again {
			return nil, errors.Join(errs...)
		}
		if err := c.build(); err != nil {
			return nil, errors.Join(append(errs, err)...)
		}
	}
}

// shelve gives back the room of compiled templates, which take ten times that of their text.
func (p *page) shelve() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range []*compiled{p.title, p.description, p.nav, p.body} {
		if c != nil {
			c.template, c.lines = nil, nil
		}
	}
}

// checked looks for what html/template writes in place of a link it holds dangerous.
func (c *compiled) checked(html []byte, errs []error) ([]byte, error) {
	if i := bytes.Index(html, []byte("#ZgotmplZ")); i >= 0 {
		_, after, _ := bytes.Cut(html[i:], []byte(">"))
		words, _, _ := bytes.Cut(after, []byte("<"))
		errs = append(errs, c.page.fault(max(bytes.Index(c.page.source, words), c.start), string(words),
			"the target of this link is not a web address once the facts are filled in", "check the address in shop.toml: it begins with https://"))
	}
	return html, errors.Join(errs...)
}
