package sitegen

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"maps"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/tdewolff/minify/v2/css"

	"recourse/strict"
	"recourse/style"
)

// look is how pages look: the layouts and the stylesheet, the shop's own where it has them.
type look struct {
	layouts *layouts
	sheet   sheet
	key     string // tells looks apart
}

// sheet is a stylesheet under a name that changes with its content.
type sheet struct {
	path string
	data []byte
}

const (
	layoutPattern = "layout/*.html"
	styleFile     = "style.css"
)

// Looks are the built-in layouts and the stylesheet, under the names of files that replace them.
func Looks() map[string][]byte {
	files := map[string][]byte{styleFile: style.CSS}
	names, _ := fs.Glob(layoutFiles, layoutPattern) // the pattern is well formed
	for _, name := range names {
		files[name], _ = layoutFiles.ReadFile(name) // embedded
	}
	return files
}

// look reads what the content has to say on the looks; the rest is built in.
func (s Site) look() (*look, error) {
	layouts, key, err := s.layouts()
	if err != nil {
		return nil, err
	}
	source, err := fs.ReadFile(s.Content, styleFile)
	if errors.Is(err, fs.ErrNotExist) {
		source, err = style.CSS, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", styleFile, err)
	}
	sheet, err := s.stylesheet(source)
	return &look{layouts, sheet, key + sheet.path}, err
}

// layouts are templates, some of which may be the shop's own.
type layouts struct {
	*template.Template
	own      map[string][]byte // "page.html" -> its source
	computes bool              // with the shop's own words, see computes
}

// layouts are the built-in ones, with those of the content in their place.
func (s Site) layouts() (*layouts, string, error) {
	files, err := fs.Glob(s.Content, layoutPattern)
	if err != nil || len(files) == 0 {
		return &layouts{Template: builtIn()}, "", err
	}
	all, err := template.New("").ParseFS(layoutFiles, layoutPattern)
	if err != nil {
		return nil, "", err
	}
	l, key, errs := &layouts{Template: all, own: map[string][]byte{}}, sha256.New(), []error{}
	for _, file := range files {
		source, err := readContent(s.Content, file)
		if err != nil {
			return nil, "", fmt.Errorf("read %s: %w", file, err)
		}
		errs = append(errs, l.add(path.Base(file), source))
		fmt.Fprintf(key, "%s %d %s", file, len(source), source)
	}
	for _, t := range l.Templates() {
		l.computes = l.computes || t.Tree != nil && l.changed(t.Tree.ParseName) && layoutComputes(t.Tree)
	}
	return l, fmt.Sprintf("%x", key.Sum(nil)), cmp.Or(errors.Join(errs...), l.complete())
}

// changed reports whether a layout is the shop's own and no mere copy.
func (l *layouts) changed(name string) bool {
	builtIn, _ := layoutFiles.ReadFile("layout/" + name) // may not be there
	return l.own[name] != nil && !bytes.Equal(l.own[name], builtIn)
}

// layoutsCompute reports whether an own layout needs the words of the shop. A mistake in one is told where it is filled.
func (s Site) layoutsCompute() bool {
	ask := func() (bool, error) {
		l, _, err := s.layouts()
		return err == nil && l.computes, nil
	}
	if s.ContentID == "" {
		found, _ := ask()
		return found
	}
	found, _ := s.Cache.computing.Get(s.ContentID, mostTexts, ask)
	return found
}

// add puts an own layout into the place of the built-in one.
func (l *layouts) add(name string, source []byte) error {
	l.own[name] = source
	if _, err := l.New(name).Parse(string(source)); err != nil {
		return l.explain(err)
	}
	return nil
}

// complete: an empty layout would leave the built-in one in its place, and one without the text would hide it.
func (l *layouts) complete() error {
	for name, source := range l.own {
		if len(bytes.TrimSpace(source)) == 0 {
			return &Fault{File: "layout/" + name, Line: 1, Column: 1, Problem: "the layout is empty", Fix: "write it, or remove the file to have the built-in one"}
		}
	}
	prints := func(source []byte) bool { return bytes.Contains(source, []byte(".Body")) }
	if l.own["page.html"] != nil && !slices.ContainsFunc(slices.Collect(maps.Values(l.own)), prints) {
		return &Fault{File: "layout/page.html", Line: 1, Column: 1, Problem: "the layout has no place for the text of the page", Fix: "write {{.Body}} where it belongs"}
	}
	return nil
}

// ExecuteTemplate fills a layout. Its error has the place in the shop's own layout.
func (l *layouts) ExecuteTemplate(w io.Writer, name string, data any) error {
	err := l.Template.ExecuteTemplate(w, name, data)
	if err == nil || l.own == nil {
		return err
	}
	return l.explain(err)
}

var layoutPlace = regexp.MustCompile(`^(?:html/)?template: ?([^:]+?)(?::(\d+))?(?::(\d+))?: `)

// explain gives a mistake in a layout its place. What goes wrong in a built-in one is the fault of the own one that calls it.
func (l *layouts) explain(err error) error {
	m := layoutPlace.FindStringSubmatch(err.Error())
	if m == nil {
		return err
	}
	problem := strings.TrimPrefix(err.Error(), m[0])
	source, own := l.own[m[1]]
	if !own {
		return l.blameCaller(m[1], problem, err)
	}
	line, _ := strconv.Atoi(m[2])
	column, _ := strconv.Atoi(m[3])
	return newLayoutFault(m[1], source, max(line, 1), column, problem, m[3] != "")
}

// newLayoutFault counts columns as editors do. Without a column it looks for what the problem names.
func newLayoutFault(name string, source []byte, line, column int, problem string, placed bool) *Fault {
	lines := bytes.Split(source, []byte("\n"))
	text := string(lines[min(line, len(lines))-1])
	if !placed {
		column = columnOf(text, problem)
	}
	problem, fix := describeLayout(name, problem)
	return &Fault{
		File: "layout/" + name, Line: line, Column: 1 + utf8.RuneCountInString(text[:min(column, len(text))]),
		Text: excerpt(text), Problem: problem, Fix: fix,
	}
}

var quotedWord = regexp.MustCompile(`"([^"]+)"|<([^>]+)>`)

func columnOf(text, problem string) int {
	for _, m := range quotedWord.FindAllStringSubmatch(problem, -1) {
		if i := strings.Index(text, m[1]+m[2]); i >= 0 {
			return i
		}
	}
	return max(strings.Index(text, "{{"), 0)
}

var templateName = regexp.MustCompile(`executing "([^"]+)" at`)

// blameCaller finds where an own layout uses a built-in one in a way that goes wrong.
func (l *layouts) blameCaller(builtIn, problem string, err error) error {
	called := builtIn
	if m := templateName.FindStringSubmatch(problem); m != nil {
		called = m[1]
	}
	for _, name := range slices.Sorted(maps.Keys(l.own)) {
		source := l.own[name]
		at := regexp.MustCompile(`\{\{-?\s*template\s+"` + regexp.QuoteMeta(called) + `"`).FindIndex(source)
		if at == nil {
			continue
		}
		line, column := position(source, at[0])
		return &Fault{
			File: "layout/" + name, Line: line, Column: column, Text: excerpt(string(source[at[0]:min(at[1]+20, len(source))])),
			Problem: fmt.Sprintf("the layout %q cannot be filled from here: %s", called, executing.ReplaceAllString(problem, "")),
			Fix:     fmt.Sprintf(`call it with the facts of the page, as in {{template %q .}} outside of range and with`, called),
		}
	}
	return err
}

// seen are what layouts see, by the name of the type in errors of templates.
var seen = []any{frameData{}, navItem{}, alternate{}, choice{}, sellerLine{}, versionView{}, changes{}, tableOfContents{}, heading{}, overview{}, overviewSection{}, feedLink{}}

var noField = regexp.MustCompile(`can't evaluate field (\w+) in type \*?(sitegen\.\w+)`)

// describeLayout says what is wrong in a layout in words that need no knowledge of our types, and how to mend it.
func describeLayout(name, problem string) (said, fix string) {
	problem = executing.ReplaceAllString(problem, "")
	fix = fmt.Sprintf(`compare it with the built-in one: recourse eject --diff layout/%s`, name)
	if m := noField.FindStringSubmatch(problem); m != nil {
		for _, v := range seen {
			if t := reflect.TypeOf(v); t.String() == m[2] {
				return "there is no ." + m[1] + " here", knownFields(m[1], t)
			}
		}
	}
	switch {
	case strings.Contains(problem, "unexpected EOF"):
		return "the layout ends too early", "an {{if}}, {{with}}, {{range}} or {{define}} has no {{end}}"
	case strings.HasPrefix(problem, "function "):
		return problem, `layouts have the functions of Go's html/template; strings of the language are {{.Text "skip"}}`
	}
	return problem, fix
}

func knownFields(typed string, t reflect.Type) string {
	var names []string
	for i := range t.NumField() {
		if f := t.Field(i); f.IsExported() {
			names = append(names, f.Name)
		}
	}
	slices.Sort(names)
	near, ok := strict.Nearest(typed, names)
	if ok {
		return "did you mean ." + near + "?"
	}
	return "there are ." + strings.Join(names, ", .")
}

// layoutFault leaves out for which page a mistake in a layout was met: it is the same for all.
func layoutFault(err error) error {
	for e := err; e != nil; e = errors.Unwrap(e) {
		if fault, ok := e.(*Fault); ok {
			return fault
		}
	}
	return err
}

// stylesheet minifies a stylesheet, once.
func (s Site) stylesheet(source []byte) (sheet, error) {
	return s.Cache.sheets.Get(sha256.Sum256(source), mostContents, func() (sheet, error) {
		var out bytes.Buffer
		if err := css.Minify(minified, &out, bytes.NewReader(source), nil); err != nil {
			return sheet{}, fmt.Errorf("minify the stylesheet %s: %w", styleFile, err)
		}
		hash := sha256.Sum256(out.Bytes())
		return sheet{fmt.Sprintf("assets/site.%x.css", hash[:6]), out.Bytes()}, nil
	})
}
