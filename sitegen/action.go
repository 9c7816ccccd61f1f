package sitegen

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// actions is the goldmark extension that lets template actions ({{...}}) through Markdown.
//
// An action becomes a node of its own, so nothing inside it is escaped or taken for Markdown: inline in
// a text, as the target of a link, and as a line of its own, where conditions and loops stand
// between blocks and get no paragraph around them. In code, {{ is text.
//
// In the HTML an action is a token of letters and digits that occurs nowhere else, so that the minifier and
// the escaping of URLs see a harmless word; script.restore puts the action back.
type actions struct{}

// Extend registers the extension. The link parser it replaces must not be registered.
func (actions) Extend(m goldmark.Markdown) {
	m.Parser().AddOptions(
		parser.WithBlockParsers(util.Prioritized(actionLine{}, 90)),
		parser.WithInlineParsers(
			util.Prioritized(inlineAction{}, 90),
			util.Prioritized(linkToAction{parser.NewLinkParser()}, 200)),
		parser.WithASTTransformers(util.Prioritized(actionTree{}, 900)),
	)
	m.Renderer().AddOptions(renderer.WithNodeRenderers(util.Prioritized(actionRenderer{}, 90)))
}

// script is the list of actions found in one Markdown text, in the order of discovery, and what is wrong with them.
type script struct {
	source  []byte
	prefix  string // of tokens; empty while there are none
	actions []action
	faults  []misplaced
	endless int // actions without an end
	masked  maskedLine
}

// action is one {{...}} of a Markdown text.
type action struct {
	text  string
	pos   int    // offset of its first brace in the text
	token string // stands for it in HTML
	word  string // its keyword, once it has a token
}

// misplaced is a mistake found while reading Markdown.
type misplaced struct {
	pos                int
	text, problem, fix string
}

var scriptKey = parser.NewContextKey()

func newScript(source []byte) *script { return &script{source: source} }

func scriptOf(pc parser.Context) *script { return pc.Get(scriptKey).(*script) }

// add gives an action its token. It is made from a hash of the whole text: no text can hold its own, not even in disguise (as
// entities, in upper case where an id is made of it, cut by a comment).
func (s *script) add(a action) action {
	if s.prefix == "" {
		hash := sha256.Sum256(s.source)
		s.prefix = fmt.Sprintf("zq%x", hash[:8])
	}
	a.token = s.prefix + strconv.Itoa(len(s.actions)) + "z"
	a.word = a.keyword()
	s.actions = append(s.actions, a)
	return a
}

// maxFaults is how many mistakes of one text are worth reading.
const maxFaults = 100

func (s *script) fault(pos int, text, problem, fix string) {
	switch {
	case len(s.faults) < maxFaults:
		s.faults = append(s.faults, misplaced{pos, excerpt(s.written(text)), problem, fix})
	case len(s.faults) == maxFaults:
		s.faults = append(s.faults, misplaced{pos, "", "there are more mistakes than these", "correct them and build again"})
	}
}

// excerpt keeps a message on one line.
func excerpt(text string) string {
	words := []rune(strings.Join(strings.Fields(text), " "))
	if len(words) > 100 {
		return string(words[:97]) + "..."
	}
	return string(words)
}

// written gives a text with the actions its tokens stand for.
func (s *script) written(text string) string {
	var out strings.Builder
	at := 0
	for _, m := range s.find([]byte(text)) {
		out.WriteString(text[at:m[0]] + s.actions[s.number([]byte(text[m[0]:m[1]]))].text)
		at = m[1]
	}
	return out.String() + text[at:]
}

// find lists where tokens stand in a text.
func (s *script) find(text []byte) (found [][]int) {
	if s.prefix == "" {
		return nil
	}
	for at := 0; ; {
		i := bytes.Index(text[at:], []byte(s.prefix))
		if i < 0 {
			return found
		}
		start := at + i
		stop := start + len(s.prefix)
		for stop < len(text) && text[stop] >= '0' && text[stop] <= '9' {
			stop++
		}
		if at = stop; stop > start+len(s.prefix) && stop < len(text) && text[stop] == 'z' {
			at++
			found = append(found, []int{start, at})
		}
	}
}

func (s *script) number(token []byte) int {
	i, _ := strconv.Atoi(string(token[len(s.prefix) : len(token)-1]))
	return i
}

// After maxEndless actions without an end the text is lost; looking on for ends would be slow.
const maxEndless = 10

func (s *script) unterminated(pos int, rest []byte) {
	first, _, _ := bytes.Cut(rest, []byte("\n"))
	s.endless++
	s.fault(pos, string(first), "the action has no end",
		`close it with }}, and check its quotation marks; to show two braces, write them as code`)
}

// restore writes html with each token replaced by what write gives for its action. Braces that are
// text are written so that the template prints them.
func (s *script) restore(html []byte, write func(out *bytes.Buffer, i int)) []byte {
	var out bytes.Buffer
	at := 0
	for _, m := range s.find(html) {
		out.Write(literalBraces(html[at:m[0]], true))
		write(&out, s.number(html[m[0]:m[1]]))
		at = m[1]
	}
	out.Write(literalBraces(html[at:], false))
	return out.Bytes()
}

var braces = regexp.MustCompile(`\{\{+|\{$`)

// literalBraces keeps text from being read as the start of an action; before an action even a single brace would join it.
func literalBraces(html []byte, beforeAction bool) []byte {
	if bytes.IndexByte(html, '{') < 0 {
		return html
	}
	return braces.ReplaceAllFunc(html, func(run []byte) []byte {
		if len(run) == 1 && !beforeAction {
			return run
		}
		return fmt.Appendf(nil, `{{"%s"}}`, run)
	})
}

// keyword is the first word of an action: "if", "end", "url", "$x", or "" for a field, a literal or a comment.
func (a action) keyword() string {
	if a.word != "" {
		return a.word
	}
	return firstWord.FindStringSubmatch(a.text)[1]
}

var firstWord = regexp.MustCompile(`^\{\{(?:-\s)?\s*(/\*|\$?\w*\s*:?=|\w*)`)

// prints reports whether the action puts something into a text. Others decide what is there.
func (a action) prints() bool {
	switch word := a.keyword(); word {
	case "if", "with", "range", "else", "end", "block", "define", "template", "break", "continue", "/*", formFunction, noticeFunction:
		return false
	default:
		return !strings.HasSuffix(word, "=")
	}
}

// These functions give blocks of HTML, not text.
const (
	formFunction   = "form"
	noticeFunction = "notice"
)

// opens reports whether the action needs an {{end}}.
func (a action) opens() bool {
	switch a.keyword() {
	case "if", "with", "range", "block", "define":
		return true
	}
	return false
}

// actionLength is the length of the action b begins with, 0 if it has no end in b. It follows the lexer of
// text/template: braces in quotes do not count.
func actionLength(b []byte) int {
	if comment := firstComment.Find(b); comment != nil {
		return len(comment)
	}
	for i := 2; i < len(b); i++ {
		switch b[i] {
		case '"', '\'', '`':
			n := quotedLength(b[i:])
			if n == 0 {
				return 0
			}
			i += n - 1
		case '}':
			if i+1 < len(b) && b[i+1] == '}' {
				return i + 2
			}
		}
	}
	return 0
}

var firstComment = regexp.MustCompile(`^\{\{(?:-\s+)?/\*(?s:.*?)\*/(?:\s+-)?\}\}`)

// quotedLength is the length of the string or character b begins with, 0 if it is not closed.
func quotedLength(b []byte) int {
	quote := b[0]
	for i := 1; i < len(b); i++ {
		switch {
		case b[i] == quote:
			return i + 1
		case quote == '`':
		case b[i] == '\n':
			return 0
		case b[i] == '\\':
			i++
		}
	}
	return 0
}

// Nodes: one action in a text, and one between blocks.

var kindAction = ast.NewNodeKind("Action")

type actionNode struct {
	ast.BaseInline
	action
}

func (*actionNode) Kind() ast.NodeKind { return kindAction }

func (n *actionNode) Dump(source []byte, level int) {
	ast.DumpHelper(n, source, level, map[string]string{"Action": n.text}, nil)
}

var kindActionBlock = ast.NewNodeKind("ActionBlock")

type actionBlock struct {
	ast.BaseBlock
	found []action
}

func (*actionBlock) Kind() ast.NodeKind { return kindActionBlock }

func (n *actionBlock) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// inlineAction reads an action inside a text. It may go over several lines.
type inlineAction struct{}

func (inlineAction) Trigger() []byte { return []byte{'{'} }

func (inlineAction) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, segment := block.PeekLine()
	s := scriptOf(pc)
	if !bytes.HasPrefix(line, []byte("{{")) || s.endless >= maxEndless {
		return nil
	}
	read := line
	for range maxActionLines {
		if n := actionLength(read); n > 0 {
			block.Advance(len(line) - (len(read) - n))
			return &actionNode{action: s.add(action{text: string(read[:n]), pos: segment.Start})}
		}
		block.AdvanceLine()
		if line, _ = block.PeekLine(); line == nil {
			break
		}
		read = append(bytes.Clone(read), line...)
	}
	s.unterminated(segment.Start, read)
	return nil
}

const maxActionLines = 50

// actionLine reads a line of nothing but conditions and loops. Such a line ends a paragraph.
type actionLine struct{}

func (actionLine) Trigger() []byte             { return []byte{'{'} }
func (actionLine) CanInterruptParagraph() bool { return true }
func (actionLine) CanAcceptIndentedLine() bool { return false }

func (actionLine) Open(_ ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, segment := reader.PeekLine()
	var found []action
	for rest := bytes.TrimSpace(line); len(rest) > 0; rest = bytes.TrimLeft(rest, " \t") {
		n := 0
		if bytes.HasPrefix(rest, []byte("{{")) {
			n = actionLength(rest)
		}
		a := action{text: string(rest[:n]), pos: segment.Start + len(bytes.TrimRight(line, " \t\r\n")) - len(rest) - segment.Padding}
		if n == 0 || a.prints() {
			return nil, parser.NoChildren
		}
		found, rest = append(found, a), rest[n:]
	}
	node := &actionBlock{}
	for _, a := range found {
		node.found = append(node.found, scriptOf(pc).add(a))
	}
	reader.AdvanceToEOL()
	return node, parser.NoChildren
}

func (actionLine) Continue(ast.Node, text.Reader, parser.Context) parser.State { return parser.Close }
func (actionLine) Close(ast.Node, text.Reader, parser.Context)                 {}

// linkToAction is goldmark's link parser, shown a line in which actions are words, because it would end a target at the
// first space or quote of an action.
type linkToAction struct{ parser.InlineParser }

func (p linkToAction) CloseBlock(parent ast.Node, block text.Reader, pc parser.Context) {
	p.InlineParser.(parser.CloseBlocker).CloseBlock(parent, block, pc)
}

func (p linkToAction) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	if line, _ := block.PeekLine(); !bytes.HasPrefix(line, []byte("](")) {
		return p.InlineParser.Parse(parent, block, pc)
	}
	masked := &maskedReader{Reader: block, line: &scriptOf(pc).masked}
	node := p.InlineParser.Parse(parent, masked, pc)
	switch n := node.(type) {
	case *ast.Link:
		n.Destination = masked.unmask(n.Destination, scriptOf(pc))
	case *ast.Image:
		n.Destination = masked.unmask(n.Destination, scriptOf(pc))
	}
	return node
}

// maskedReader shows each action of a line as bytes no text has: one 1 and then 2s, as many as the action is long.
type maskedReader struct {
	text.Reader
	line  *maskedLine
	shown int // offset in the text of what was shown last
}

// maskedLine is a line to its end. It is kept, since a line may have thousands of links.
type maskedLine struct {
	start, stop int
	shown       []byte // nil where it is as it was written
	found       []action
}

func (r *maskedReader) PeekLine() ([]byte, text.Segment) {
	line, segment := r.Reader.PeekLine()
	if line == nil {
		return line, segment
	}
	r.shown = segment.Start - segment.Padding
	if r.shown < r.line.start || segment.Stop != r.line.stop || segment.Padding > 0 {
		*r.line = newMaskedLine(line, r.shown, segment.Stop)
	}
	if r.line.shown == nil {
		return line, segment
	}
	return r.line.shown[r.shown-r.line.start:], segment
}

func newMaskedLine(line []byte, start, stop int) maskedLine {
	m := maskedLine{start: start, stop: stop}
	if !bytes.Contains(line, []byte("{{")) {
		return m
	}
	m.shown = bytes.Clone(line)
	for i := 0; i < len(line); i++ {
		n := 0
		if bytes.HasPrefix(line[i:], []byte("{{")) {
			n = actionLength(line[i:])
		}
		if n > 0 {
			m.found = append(m.found, action{text: string(line[i : i+n]), pos: start + i})
			m.shown[i] = 1
			copy(m.shown[i+1:i+n], bytes.Repeat([]byte{2}, n-1))
			i += n - 1
		}
	}
	return m
}

var mask = regexp.MustCompile("\x01\x02*")

// unmask puts tokens into a target. Its actions are the first of what was shown last, which began with it.
func (r *maskedReader) unmask(target []byte, s *script) []byte {
	i, _ := slices.BinarySearchFunc(r.line.found, r.shown, func(a action, pos int) int { return a.pos - pos })
	return mask.ReplaceAllFunc(target, func([]byte) []byte {
		i++
		return []byte(s.add(r.line.found[i-1]).token)
	})
}

// actionRenderer writes tokens.
type actionRenderer struct{}

func (actionRenderer) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(kindAction, writeTokens)
	r.Register(kindActionBlock, writeTokens)
	r.Register(ast.KindHTMLBlock, leaveOut)
	r.Register(ast.KindRawHTML, leaveOut)
}

// leaveOut is for comments: all other HTML is refused.
func leaveOut(util.BufWriter, []byte, ast.Node, bool) (ast.WalkStatus, error) {
	return ast.WalkSkipChildren, nil
}

func writeTokens(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	switch n := node.(type) {
	case *actionNode:
		_, _ = w.WriteString(n.token)
	case *actionBlock:
		for _, a := range n.found {
			_, _ = w.WriteString(a.token)
		}
		_ = w.WriteByte('\n')
	}
	return ast.WalkContinue, nil
}
