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

	"github.com/pelletier/go-toml/v2"
)

// page is one content file, read and compiled once and executed for each locale.
type page struct {
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
	Reviewed    string `toml:"reviewed"` // who checked the text and when: for those who edit it, not printed
}

// readPage reads and compiles a page. With an error it still gives a page, so that the rest of the site
// can be checked as if it were there; a page that is no longer whole renders as a mark.
func (s Site) readPage(lang, name string) (*page, error) {
	p := &page{name: name, file: lang + "/" + name + ".md"}
	var err error
	if p.source, err = readContent(s.Content, p.file); err != nil {
		return p, &Fault{File: p.file, Problem: "the page cannot be read: " + reason(err),
			Fix: fmt.Sprintf("write it, starting from en/%s.md", name)}
	}
	if s.owns(p.file) {
		return p, p.read()
	}
	return s.Cache.texts.get(textKey{p.file, sha256.Sum256(p.source)}, mostTexts, func() (*page, error) { return p, p.read() })
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
	if err != nil {
		return err
	}
	return p.compile(front, start)
}

// readContent reads a content file with the line ends of Unix.
func readContent(fsys fs.FS, file string) ([]byte, error) {
	source, err := fs.ReadFile(fsys, file)
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

// front reads the front matter and says where the text begins.
func (p *page) front() (f frontMatter, start int, err error) {
	rest, ok := bytes.CutPrefix(p.source, fence)
	end := bytes.Index(rest, append([]byte("\n"), fence...))
	if !ok || end < 0 {
		return f, 0, &Fault{File: p.file, Line: 1, Column: 1, Problem: "the page has no front matter",
			Fix: `begin it with a line of +++, title = "...", description = "..." and another line of +++`}
	}
	decoder := toml.NewDecoder(bytes.NewReader(rest[:end+1])).DisallowUnknownFields()
	if err := decoder.Decode(&f); err != nil {
		return f, 0, p.badFront(err)
	}
	if f.Title == "" || f.Description == "" {
		return f, 0, &Fault{File: p.file, Line: 2, Column: 1, Problem: "the front matter needs a title and a description",
			Fix: `add title = "..." and description = "..."`}
	}
	return f, len(fence) + end + 1 + len(fence), nil
}

func (p *page) badFront(err error) error {
	fault := &Fault{File: p.file, Line: 2, Column: 1, Problem: "the front matter is not TOML as expected: " + err.Error(),
		Fix: "its keys are title, description, nav and reviewed"}
	var strict *toml.StrictMissingError
	var decode *toml.DecodeError
	if errors.As(err, &strict) {
		decode = &strict.Errors[0]
		fault.Text, fault.Problem = strings.Join(decode.Key(), "."), "the front matter has an unknown key"
	} else if errors.As(err, &decode) {
		fault.Problem = "the front matter is not TOML as expected: " + strings.TrimPrefix(decode.Error(), "toml: ")
	}
	if decode != nil {
		line, column := decode.Position()
		fault.Line, fault.Column = line+1, column
	}
	return fault
}

func (p *page) compile(front frontMatter, start int) error {
	html, s := convert(p.source[start:])
	var errs []error
	for _, f := range s.faults {
		errs = append(errs, p.fault(start+f.pos, f.text, f.problem, f.fix))
	}
	if len(errs) > 0 {
		return errors.Join(errs...)
	}
	p.body = &compiled{page: p, script: s, html: lean(html), start: start}
	p.title = p.oneLine(front.Title)
	p.description = p.oneLine(front.Description)
	p.nav = p.title
	if front.Nav != "" {
		p.nav = p.oneLine(front.Nav)
	}
	return errors.Join(p.title.noForm(), p.description.noForm(), p.nav.noForm(), p.body.parse(), p.title.parse(), p.description.parse(), p.nav.parse())
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
	return &Fault{p.file, line, column, strings.Join(strings.Fields(text), " "), problem, fix}
}

// compiled is the template of a text. Each action begins a line of its own in the template's source (inside
// its braces, so that nothing of it shows): errors of the template name that line, and lines knows
// what stands there in the content file.
type compiled struct {
	*script
	page     *page
	html     []byte // with tokens
	start    int    // offset in the file of what the script was read from
	template *template.Template
	lines    map[int]int  // line of the template's source -> action
	broken   map[int]bool // actions with an error, replaced so that the others are checked as well
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
	if c == nil || c.template == nil && !c.static() {
		return []byte("?"), nil // its error is known
	}
	if c.static() {
		return c.html, nil
	}
	c.page.mu.Lock()
	defer c.page.mu.Unlock()
	c.page.scope = s
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
