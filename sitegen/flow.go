package sitegen

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	tables "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// actionTree fits conditions and loops into the tree of blocks, so that the HTML is right whichever way a condition goes:
//
//   - a paragraph of nothing but conditions and loops loses its <p>;
//   - a paragraph or list item that is one condition from first to last ("{{if .X}}text{{end}}") moves into the
//     condition, so that no empty element is left;
//   - lists that only conditions or loops separate become one list;
//   - a condition that begins in one element and ends in another is an error, and so is HTML;
//   - form stands between blocks, and texts define no templates.
type actionTree struct{}

func (actionTree) Transform(doc *ast.Document, reader text.Reader, pc parser.Context) {
	t := tree{scriptOf(pc), reader.Source(), map[string]int{}}
	t.refuse(doc)
	if len(t.actions) == 0 {
		return
	}
	unwrapFlow(doc)
	t.keywords(doc)
	if t.endless == 0 { // else nobody knows what belongs together
		t.balance(doc)
	}
	if len(t.faults) == 0 {
		t.arrange(doc)
	}
}

type tree struct {
	*script
	source []byte
	places map[string]int // of targets that link reference definitions give
}

// arrange moves conditions in parent's blocks, innermost blocks last.
func (t tree) arrange(parent ast.Node) {
	for n := parent.FirstChild(); n != nil; {
		next := n.NextSibling()
		if n.Type() == ast.TypeBlock {
			unwrap(parent, n)
		}
		n = next
	}
	joinLists(parent)
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		if n.Type() == ast.TypeBlock && n.Kind() != kindActionBlock {
			t.arrange(n)
		}
	}
}

// unwrapFlow takes the <p> from paragraphs of nothing but conditions and loops.
func unwrapFlow(parent ast.Node) {
	for n := parent.FirstChild(); n != nil; {
		next := n.NextSibling()
		if n.Kind() == ast.KindParagraph && onlyFlow(n) {
			parent.ReplaceChild(parent, n, &actionBlock{found: actionsIn(n)})
		} else if n.Type() == ast.TypeBlock {
			unwrapFlow(n)
		}
		n = next
	}
}

// unwrap moves a paragraph or a list item into the condition that is all there is in it.
func unwrap(parent, n ast.Node) {
	inner := n
	if n.Kind() == ast.KindListItem && n.ChildCount() == 1 {
		inner = n.FirstChild()
	}
	if k := inner.Kind(); k != ast.KindParagraph && k != ast.KindTextBlock {
		return
	}
	if enclosed(inner) {
		first, last := inner.FirstChild().(*actionNode), inner.LastChild().(*actionNode)
		parent.InsertBefore(parent, n, &actionBlock{found: []action{first.action}})
		parent.InsertAfter(parent, n, &actionBlock{found: []action{last.action}})
		inner.RemoveChild(inner, first)
		inner.RemoveChild(inner, last)
	}
}

// onlyFlow reports whether a paragraph holds actions that print no text, and nothing else.
func onlyFlow(paragraph ast.Node) bool {
	for c := paragraph.FirstChild(); c != nil; c = c.NextSibling() {
		switch n := c.(type) {
		case *actionNode:
			if n.prints() {
				return false
			}
		case *ast.Text:
			if n.Segment.Len() > 0 {
				return false
			}
		default:
			return false
		}
	}
	return paragraph.HasChildren()
}

func actionsIn(paragraph ast.Node) (found []action) {
	for c := paragraph.FirstChild(); c != nil; c = c.NextSibling() {
		if n, ok := c.(*actionNode); ok {
			found = append(found, n.action)
		}
	}
	return found
}

// enclosed reports whether a text is one condition without an else, from its first to its last node.
func enclosed(block ast.Node) bool {
	depth := 0
	for c := block.FirstChild(); c != nil; c = c.NextSibling() {
		if n, ok := c.(*actionNode); ok {
			if n.keyword() == "else" && depth == 1 {
				return false
			}
			depth += n.depth()
		}
		if depth == 0 {
			return c == block.LastChild() && c != block.FirstChild()
		}
	}
	return false
}

// depth is 1 for an action that needs an end, -1 for an end.
func (a action) depth() int {
	switch {
	case a.opens():
		return 1
	case a.keyword() == "end":
		return -1
	}
	return 0
}

// joinLists makes one list of lists that only conditions and loops separate.
func joinLists(parent ast.Node) {
	var hopeless []ast.Node // in which no list is certain; they are not looked at again
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		if len(hopeless) > 0 && n == hopeless[0] {
			if hopeless = hopeless[1:]; !isLoop(n) {
				continue
			}
		}
		last, level := listRun(n)
		if last != nil {
			n = joinRun(parent, n, last)
		} else if len(hopeless) == 0 {
			hopeless = level
		}
	}
}

// listRun gives the last node of the longest run from first that may be one list. Conditions in it are
// complete, and it holds an item in any case or is a loop: an empty list is no list. Where no item is certain, it
// gives the nodes after the first that are outside of conditions.
func listRun(first ast.Node) (last ast.Node, level []ast.Node) {
	var list *ast.List
	depth, lists, certain := 0, 0, isLoop(first)
	for n := first; n != nil; n = n.NextSibling() {
		if depth == 0 && n != first && !certain {
			level = append(level, n)
		}
		switch n := n.(type) {
		case *ast.List:
			if list != nil && list.Marker != n.Marker {
				return last, nil
			}
			list = n
			lists++
			certain = certain || depth == 0
		case *actionBlock:
			for _, a := range n.found {
				depth += a.depth()
				if depth < 0 || depth == 0 && a.keyword() == "else" {
					return last, level
				}
			}
		default:
			return last, level
		}
		if certain {
			level = nil
		}
		if depth == 0 && certain && (lists > 1 || lists == 1 && isLoop(first)) {
			last = n
		}
	}
	return last, level
}

func isLoop(n ast.Node) bool {
	block, ok := n.(*actionBlock)
	return ok && block.found[0].keyword() == "range"
}

func joinRun(parent, first, last ast.Node) ast.Node {
	var joined *ast.List
	var nodes []ast.Node
	for n := first; ; n = n.NextSibling() {
		nodes = append(nodes, n)
		if list, ok := n.(*ast.List); ok && joined == nil {
			joined = ast.NewList(list.Marker)
			joined.IsTight, joined.Start = list.IsTight, list.Start
		}
		if n == last {
			break
		}
	}
	parent.InsertBefore(parent, first, joined)
	for _, n := range nodes {
		if _, ok := n.(*ast.List); !ok {
			joined.AppendChild(joined, n)
			continue
		}
		for item := n.FirstChild(); item != nil; item = n.FirstChild() {
			joined.AppendChild(joined, item)
		}
		parent.RemoveChild(parent, n)
	}
	return joined
}

// balance checks that each condition ends in the element in which it begins.
func (t tree) balance(parent ast.Node) {
	var found []action
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		found = append(found, actionsOf(n)...)
		t.balance(n)
		if link, ok := n.(*ast.Link); ok {
			t.pair(t.actionsOfTarget(link.Destination))
		}
	}
	t.pair(found)
}

// pair checks that all conditions among actions end.
func (t tree) pair(found []action) {
	var open []action
	for _, a := range found {
		open = t.step(open, a)
	}
	for _, a := range open {
		t.fault(a.pos, a.text, "the action has no {{end}} in the same element",
			"put {{end}} into the same paragraph, list item or heading, or both on lines of their own")
	}
}

func actionsOf(n ast.Node) []action {
	switch n := n.(type) {
	case *actionNode:
		return []action{n.action}
	case *actionBlock:
		return n.found
	}
	return nil
}

func (t tree) actionsOfTarget(target []byte) (found []action) {
	for _, m := range t.script.find(target) {
		found = append(found, t.actions[t.number(target[m[0]:m[1]])])
	}
	return found
}

func (t tree) step(open []action, a action) []action {
	switch {
	case a.opens():
		return append(open, a)
	case a.keyword() != "end" && a.keyword() != "else":
		return open
	case len(open) == 0:
		t.fault(a.pos, a.text, "the action belongs to nothing in the same element",
			"put it into the paragraph, list item or heading in which its {{if}}, {{with}} or {{range}} stands, or both on lines of their own")
		return open
	case a.keyword() == "end":
		return open[:len(open)-1]
	}
	return open
}

// keywords refuses actions that have no business where they stand.
func (t tree) keywords(doc ast.Node) {
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		_, between := n.(*actionBlock)
		for _, a := range actionsOf(n) {
			t.keyword(a, between)
		}
		if link, ok := n.(*ast.Link); ok {
			for _, a := range t.actionsOfTarget(link.Destination) {
				t.keyword(a, false)
			}
		}
		return ast.WalkContinue, nil
	})
}

func (t tree) keyword(a action, between bool) {
	switch a.keyword() {
	case "define", "block", "template":
		t.fault(a.pos, a.text, "texts define no templates", "write the words where they belong")
		return
	}
	if a.names(formFunction) && !(between && wholeForm.MatchString(a.text)) {
		t.fault(a.pos, a.text, "the form does not stand alone", "write {{form}} on a line of its own")
	}
	if a.names(noticeFunction) && !(between && wholeNotice.MatchString(a.text)) {
		t.fault(a.pos, a.text, "the notice does not stand alone", `write {{notice "harmonised"}} on a line of its own`)
	}
}

var (
	wholeForm   = regexp.MustCompile(`^\{\{(-\s)?\s*` + formFunction + `\s*(\s-)?\}\}$`)
	wholeNotice = regexp.MustCompile(`^\{\{(-\s)?\s*` + noticeFunction + `\s+"[a-z0-9-]+"\s*(\s-)?\}\}$`)
)

// noBlocks refuses a form or a notice in a title, which becomes part of attributes.
func (c *compiled) noBlocks() error {
	for _, a := range c.actions {
		if a.names(formFunction) {
			return c.page.fault(c.start+a.pos, a.text, "a form is no part of a title or a description", "write {{form}} on a line of its own in the text")
		}
		if a.names(noticeFunction) {
			return c.page.fault(c.start+a.pos, a.text, "a notice is no part of a title or a description", "write it on a line of its own in the text")
		}
	}
	return nil
}

// names reports whether an action uses a function, outside of quotes and not as the name of a field.
func (a action) names(function string) bool {
	if !strings.Contains(a.text, function) || a.keyword() == "/*" {
		return false
	}
	bare := quotedInAction.ReplaceAllString(a.text, `""`)
	return slices.Contains(wordsInAction.FindAllString(bare, -1), function)
}

var (
	quotedInAction = regexp.MustCompile("(?s)\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^'\\\\]|\\\\.)*'|`[^`]*`")
	wordsInAction  = regexp.MustCompile(`[.$]?\w+`)
)

// refuse reports what may not stand in a content file.
func (t tree) refuse(doc ast.Node) {
	depth := 0
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			depth--
			return ast.WalkContinue, nil
		}
		depth++
		if depth == maxDepth {
			t.fault(n.Pos(), t.lineAt(n.Pos()), "the text is nested too deep", "divide it, or make it plainer")
		}
		t.refuseNode(n)
		return ast.WalkContinue, nil
	})
}

func (t tree) refuseNode(n ast.Node) {
	switch n := n.(type) {
	case *ast.HTMLBlock:
		t.htmlBlock(n)
	case *ast.RawHTML:
		tag := n.Segments.At(0)
		if html := tag.Value(t.source); !bytes.HasPrefix(html, []byte("<!--")) { // comments are left out, not refused
			t.html(tag.Start, html)
		}
	case *ast.Image:
		t.fault(n.Pos(), t.lineAt(n.Pos()), "images are not published with the pages", "say it in words, or link to the image")
	case *ast.AutoLink:
		t.target(n.Pos(), n.URL(t.source), n.AutoLinkType == ast.AutoLinkEmail)
	case *ast.Link:
		n.Destination = t.wholeActions(n.Pos(), n.Destination)
		t.target(n.Pos(), n.Destination, false)
		if bytes.Contains(n.Title, []byte("{{")) {
			t.fault(n.Pos(), t.lineAt(n.Pos()), "the title of a link cannot hold an action", "leave the title out and say it in the text")
		}
		if len(n.Title) > maxTarget {
			t.fault(n.Pos(), t.lineAt(n.Pos()), "the title of the link is too long", "say it in the text")
		}
	case *ast.Paragraph:
		t.definition(n)
	case *tables.TableRow:
		t.surplus(n)
	}
}

// htmlBlock refuses HTML. Comments are left out; Markdown takes what follows one on its last line for a part of it.
func (t tree) htmlBlock(n *ast.HTMLBlock) {
	line := n.Lines().At(0)
	if n.HTMLBlockType != ast.HTMLBlockType2 {
		t.html(n.Pos(), line.Value(t.source))
		return
	}
	_, after, ended := bytes.Cut(t.source[line.Start:blockEnd(n)], []byte("-->"))
	switch {
	case !ended:
		t.fault(n.Pos(), t.lineAt(n.Pos()), "the comment has no end", "close it with -->")
	case len(bytes.TrimSpace(after)) > 0:
		t.fault(blockEnd(n)-len(bytes.TrimLeft(after, " \t")), string(after), "what follows a comment on its line is not published", "begin a new line")
	}
}

func blockEnd(n *ast.HTMLBlock) int {
	if n.HasClosure() {
		return n.ClosureLine.Stop
	}
	return n.Lines().At(n.Lines().Len() - 1).Stop
}

// surplus refuses cells beyond the head of a table, which Markdown drops.
func (t tree) surplus(row *tables.TableRow) {
	last := row.LastChild()
	if last == nil || last.Lines().Len() == 0 {
		return // cells were added, not dropped
	}
	end := last.Lines().At(last.Lines().Len() - 1).Stop
	rest, _, _ := bytes.Cut(t.source[end:], []byte("\n"))
	rest = bytes.TrimLeft(rest, " \t")
	if surplus := bytes.TrimPrefix(rest, []byte("|")); len(bytes.TrimSpace(surplus)) > 0 {
		t.fault(end, string(surplus), "the row has more cells than the head of its table", "add a column to the head, or write | as &#124;")
	}
}

func (t tree) html(pos int, html []byte) {
	t.fault(pos, string(html), "HTML is not allowed in content", "write it as Markdown, or write < as &lt;")
}

// wholeActions turns actions without spaces in the target of a link reference definition into tokens.
func (t tree) wholeActions(pos int, target []byte) []byte {
	if !bytes.Contains(target, []byte("{{")) {
		return target
	}
	var out []byte
	pos = t.place([]byte(t.written(string(target))), pos)
	for {
		before, _, found := bytes.Cut(target, []byte("{{"))
		out = append(out, before...)
		if !found {
			return out
		}
		target, pos = target[len(before):], pos+len(t.written(string(before)))
		n := actionLength(target)
		if n == 0 {
			t.unterminated(pos, target)
			return out
		}
		out = append(out, t.add(action{text: string(target[:n]), pos: pos}).token...)
		target, pos = target[n:], pos+n
	}
}

// place gives the offset of a target: behind its link, or where a definition gives it.
func (t tree) place(target []byte, link int) int {
	if place, known := t.places[string(target)]; known {
		return place
	}
	place := max(bytes.Index(t.source, target), 0)
	if i := bytes.Index(t.source[link:], target); i >= 0 {
		place = link + i
	}
	t.places[string(target)] = place
	return place
}

// maxTarget is the length of the longest address that every browser takes; a definition may repeat it in every line.
const maxTarget = 2000

var scheme = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9+.-]*:`)

// target checks where a link leads, as a browser would read it: without control characters and with entities resolved.
func (t tree) target(pos int, raw []byte, email bool) {
	if len(raw) > maxTarget {
		t.fault(pos, string(raw), fmt.Sprintf("the address is longer than %d characters", maxTarget), "shorten it")
		return
	}
	read := browserTarget(raw)
	if email {
		return
	}
	switch name := strings.ToLower(scheme.FindString(read)); name {
	case "http:", "https:", "mailto:", "tel:":
	case "":
		t.start(pos, read)
	default:
		t.fault(pos, string(raw), "links may not use "+t.written(name), "use https:, mailto:, tel: or the name of a page")
	}
}

// start refuses an address whose scheme could be put together from words and actions: html/template looks
// only at the action an address begins with.
func (t tree) start(pos int, read string) {
	first := read[:strings.IndexAny(read+"/", "/?#")]
	end := 0 // of the actions it begins with
	for _, m := range t.script.find([]byte(first)) {
		if m[0] != end {
			t.fault(pos, read, "an action in the first part of this address could make it any address", "begin it with the action, or with https:// or ./")
			return
		}
		end = m[1]
	}
}

// definition reports "[x]: {{url "y"}}", which Markdown does not take for a definition.
func (t tree) definition(p *ast.Paragraph) {
	if p.Lines().Len() == 0 {
		return
	}
	line := p.Lines().At(0)
	if unreadDefinition.Match(line.Value(t.source)) {
		t.fault(line.Start, string(line.Value(t.source)), "a link definition cannot hold an action with spaces",
			`write the link in place: [text]({{url "page"}})`)
	}
}

var unreadDefinition = regexp.MustCompile(`^\s*\[[^\]]+\]:\s*\{\{`)

func (t tree) lineAt(pos int) string {
	line, _, _ := bytes.Cut(t.source[max(pos, 0):], []byte("\n"))
	return strings.TrimSpace(string(line))
}
