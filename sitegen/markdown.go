package sitegen

import (
	"bufio"
	"bytes"
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"github.com/tdewolff/minify/v2"
	"github.com/tdewolff/minify/v2/html"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	goldmarkhtml "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// markdown is CommonMark with tables, ids on headings and template actions. It is safe for concurrent use.
var markdown = sync.OnceValue(newMarkdown)

func newMarkdown() goldmark.Markdown {
	return goldmark.New(
		goldmark.WithParser(parser.NewParser(
			parser.WithBlockParsers(parser.DefaultBlockParsers()...),
			parser.WithInlineParsers( // without the link parser: actions brings its own
				util.Prioritized(parser.NewCodeSpanParser(), 100),
				util.Prioritized(parser.NewAutoLinkParser(), 300),
				util.Prioritized(parser.NewRawHTMLParser(), 400),
				util.Prioritized(parser.NewEmphasisParser(), 500)),
			parser.WithParagraphTransformers(util.Prioritized(linkReferences{parser.LinkReferenceParagraphTransformer}, 100)),
		)),
		goldmark.WithRenderer(renderer.NewRenderer(
			renderer.WithNodeRenderers(util.Prioritized(goldmarkhtml.NewRenderer(), 1000), util.Prioritized(headings{}, 90)))),
		goldmark.WithExtensions(
			// An alignment would be an inline style, which the policy of the pages forbids.
			extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignNone)),
			actions{},
		),
	)
}

// linkReferences looks for definitions of links ("[a]: b") in paragraphs that may begin with one, where goldmark looks in all.
type linkReferences struct{ parser.ParagraphTransformer }

func (l linkReferences) Transform(paragraph *ast.Paragraph, reader text.Reader, pc parser.Context) {
	if lines := paragraph.Lines(); lines.Len() > 0 {
		first := lines.At(0)
		if !bytes.HasPrefix(bytes.TrimLeft(first.Value(reader.Source()), " \t"), []byte("[")) {
			return
		}
	}
	l.ParagraphTransformer.Transform(paragraph, reader, pc)
}

// convert turns Markdown into HTML in which tokens stand for the actions of the script.
func convert(source []byte) ([]byte, *script) {
	s := newScript(source)
	source = s.clean(source)
	pc := parser.NewContext()
	pc.Set(scriptKey, s)
	doc := markdown().Parser().Parse(text.NewReader(source), parser.WithContext(pc)).(*ast.Document)
	doc.AddMeta(idsOfHeadings, newHeadingIDs())
	if len(s.faults) > 0 {
		slices.SortStableFunc(s.faults, func(a, b misplaced) int { return a.pos - b.pos })
		return nil, s
	}
	var out bytes.Buffer
	out.Grow(len(source) + len(source)/3)
	w := writers.Get().(*bufio.Writer)
	defer writers.Put(w)
	w.Reset(&out)
	if err := errors.Join(markdown().Renderer().Render(w, source, doc), w.Flush()); err != nil {
		s.fault(0, "", err.Error(), "report it: Markdown always has HTML")
	}
	return out.Bytes(), s
}

// writers are kept, since the renderer would make one for each text.
var writers = sync.Pool{New: func() any { return bufio.NewWriter(nil) }}

// browserTarget is a link's target as a browser reads it.
func browserTarget(raw []byte) string {
	read := util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(raw)))
	return strings.Map(func(r rune) rune {
		if r <= ' ' {
			return -1
		}
		return r
	}, string(read))
}

// headings writes headings with ids. The parser could make them, as attributes of which each takes half a kilobyte.
type headings struct{}

const idsOfHeadings = "ids of headings"

func (headings) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(ast.KindHeading, writeHeading)
}

func writeHeading(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	level := "0123456"[node.(*ast.Heading).Level]
	if !entering {
		_, _ = w.WriteString("</h" + string(level) + ">\n")
		return ast.WalkContinue, nil
	}
	var words []byte
	if lines := node.Lines(); lines.Len() > 0 {
		last := lines.At(lines.Len() - 1)
		words = last.Value(source)
	}
	ids := node.OwnerDocument().Meta()[idsOfHeadings].(*headingIDs)
	_, _ = w.WriteString("<h" + string(level) + ` id="` + ids.generate(words) + `">`)
	return ast.WalkContinue, nil
}

// headingIDs names headings by their words, in any script. The prefix keeps an id from shadowing a property of
// the document in scripts of the shop.
type headingIDs struct {
	taken map[string]bool
	last  map[string]int // number given last to headings of the same words
}

func newHeadingIDs() *headingIDs { return &headingIDs{map[string]bool{}, map[string]int{}} }

func (h *headingIDs) generate(heading []byte) string {
	words := "s-" + slug(string(withoutActions(heading)))
	id := words
	for h.taken[id] {
		h.last[words] = max(h.last[words], 1) + 1
		id = words + "-" + strconv.Itoa(h.last[words])
	}
	h.taken[id] = true
	return id
}

func slug(words string) string {
	fields := strings.FieldsFunc(strings.ToLower(words), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	})
	return strings.Join(fields, "-")
}

func withoutActions(heading []byte) (words []byte) {
	for {
		before, _, found := bytes.Cut(heading, []byte("{{"))
		words = append(words, before...)
		heading = heading[len(before):]
		n := actionLength(heading)
		if !found || n == 0 {
			return words
		}
		words, heading = append(words, ' '), heading[n:]
	}
}

// lean takes the line ends away that goldmark puts between and into blocks, and the slashes of empty elements. Of
// what goldmark writes, a minifier leaves no less; it takes twenty times as long. It works in the same place.
func lean(html []byte) []byte {
	out := html[:0]
	for len(html) > 0 {
		text, verbatim := html, []byte(nil)
		if i := bytes.Index(html, []byte("<pre")); i >= 0 {
			end := bytes.Index(html[i:], []byte("</pre>"))
			text, verbatim = html[:i], html[i:]
			if end >= 0 {
				verbatim = html[i : i+end]
			}
		}
		html = html[len(text)+len(verbatim):]
		out = append(leanText(out, text), verbatim...)
	}
	return withoutSlashes(out)
}

// withoutSlashes ends empty elements as HTML does. In a text > is always written as a reference.
func withoutSlashes(html []byte) []byte {
	out := html[:0]
	for {
		before, after, found := bytes.Cut(html, []byte(" />"))
		out = append(out, before...)
		if !found {
			return out
		}
		out, html = append(out, '>'), after
	}
}

// leanText appends text without the line ends beside blocks; others part words.
func leanText(out, text []byte) []byte {
	for {
		line, rest, more := bytes.Cut(text, []byte("\n"))
		out = append(out, line...)
		if !more {
			return out
		}
		text = rest
		if len(out) > 0 && len(text) > 0 && !endsBlock(out) && !startsBlock(text) {
			out = append(out, '\n')
		}
	}
}

func endsBlock(html []byte) bool {
	return html[len(html)-1] == '>' && startsBlock(html[max(bytes.LastIndexByte(html, '<'), 0):])
}

func startsBlock(html []byte) bool {
	name := bytes.TrimPrefix(bytes.TrimPrefix(html, []byte("<")), []byte("/"))
	if len(name) == len(html) {
		return false
	}
	if i := bytes.IndexAny(name, " >"); i >= 0 {
		name = name[:i]
	}
	return blocks[string(name)]
}

var blocks = map[string]bool{
	"p": true, "h1": true, "h2": true, "h3": true, "h4": true, "h5": true, "h6": true, "ul": true, "ol": true, "li": true, "blockquote": true,
	"table": true, "thead": true, "tbody": true, "tr": true, "th": true, "td": true, "hr": true, "br": true, "pre": true,
}

// minifier keeps all tags and quotes: html/template reads the result. It needs no TemplateDelims, since tokens are words to
// it, and so braces that are text cannot mislead it.
var (
	minifier = &html.Minifier{KeepDocumentTags: true, KeepEndTags: true, KeepQuotes: true, KeepDefaultAttrVals: true}
	minified = minify.New()
)

func minifyHTML(page []byte) ([]byte, error) {
	var out bytes.Buffer
	err := minifier.Minify(minified, &out, bytes.NewReader(page), nil)
	return out.Bytes(), err
}
