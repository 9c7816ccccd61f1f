package sitegen

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// actionTree fits conditions and loops into the tree of blocks, so that the HTML is right whichever way a condition goes:
//
//   - a paragraph of nothing but conditions and loops loses its <p>;
//   - a paragraph or list item that is one condition from first to last ("{{if .X}}text{{end}}") moves into the
//     condition, so that no empty element is left;
//   - lists that only conditions or loops separate become one list;
//   - a condition that begins in one element and ends in another is an error, and so is HTML.
type actionTree struct{}

func (actionTree) Transform(doc *ast.Document, reader text.Reader, pc parser.Context) {
	t := tree{scriptOf(pc), reader.Source()}
	t.refuse(doc)
	unwrapFlow(doc)
	t.balance(doc)
	if len(t.faults) == 0 {
		t.arrange(doc)
	}
}

type tree struct {
	*script
	source []byte
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
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		if last := listRun(n); last != nil {
			n = joinRun(parent, n, last)
		}
	}
}

// listRun gives the last node of the longest run from first that may be one list. Conditions in it are
// complete, and it holds an item in any case or is a loop: an empty list is no list.
func listRun(first ast.Node) (last ast.Node) {
	var list *ast.List
	depth, lists, certain := 0, 0, isLoop(first)
	for n := first; n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.List:
			if list != nil && list.Marker != n.Marker {
				return last
			}
			list = n
			lists++
			certain = certain || depth == 0
		case *actionBlock:
			for _, a := range n.found {
				depth += a.depth()
				if depth < 0 || depth == 0 && a.keyword() == "else" {
					return last
				}
			}
		default:
			return last
		}
		if depth == 0 && certain && (lists > 1 || lists == 1 && isLoop(first)) {
			last = n
		}
	}
	return last
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
	var open []action
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		for _, a := range actionsOf(n) {
			open = t.step(open, a)
		}
		t.balance(n)
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

// refuse reports what may not stand in a content file.
func (t tree) refuse(doc ast.Node) {
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.HTMLBlock:
			if n.HTMLBlockType != ast.HTMLBlockType2 { // comments are left out, not refused
				line := n.Lines().At(0)
				t.html(n.Pos(), line.Value(t.source))
			}
		case *ast.RawHTML:
			tag := n.Segments.At(0)
			if html := tag.Value(t.source); !bytes.HasPrefix(html, []byte("<!--")) {
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
		case *ast.Paragraph:
			t.definition(n)
		}
		return ast.WalkContinue, nil
	})
}

func (t tree) html(pos int, html []byte) {
	t.fault(pos, strings.TrimSpace(string(html)), "HTML is not allowed in content", "write it as Markdown, or write < as &lt;")
}

// wholeActions turns actions without spaces in the target of a link reference definition into tokens.
func (t tree) wholeActions(pos int, target []byte) []byte {
	var out []byte
	pos = t.find(target, pos)
	for {
		before, _, found := bytes.Cut(target, []byte("{{"))
		out = append(out, before...)
		if !found {
			return out
		}
		target, pos = target[len(before):], pos+len(before)
		n := actionLength(target)
		if n == 0 {
			t.unterminated(pos, target)
			return out
		}
		out = append(out, t.add(action{text: string(target[:n]), pos: pos}).token...)
		target, pos = target[n:], pos+n
	}
}

// find gives the offset of a target: behind its link, or where a definition gives it.
func (t tree) find(target []byte, link int) int {
	if i := bytes.Index(t.source[link:], target); i >= 0 {
		return link + i
	}
	return max(bytes.Index(t.source, target), 0)
}

var scheme = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9+.-]*:`)

// target checks where a link leads, as a browser would read it: without control characters and with entities resolved.
func (t tree) target(pos int, raw []byte, email bool) {
	read := browserTarget(raw)
	if email || !scheme.MatchString(read) {
		return
	}
	switch name := strings.ToLower(scheme.FindString(read)); name {
	case "http:", "https:", "mailto:", "tel:":
	default:
		t.fault(pos, string(raw), "links may not use "+name, "use https:, mailto:, tel: or the name of a page")
	}
}

// definition reports "[x]: {{url "y"}}", which Markdown does not take for a definition.
func (t tree) definition(p *ast.Paragraph) {
	if p.Lines().Len() == 0 {
		return
	}
	line := p.Lines().At(0)
	if unreadDefinition.Match(line.Value(t.source)) {
		t.fault(line.Start, strings.TrimSpace(string(line.Value(t.source))), "a link definition cannot hold an action with spaces",
			`write the link in place: [text]({{url "page"}})`)
	}
}

var unreadDefinition = regexp.MustCompile(`^\s*\[[^\]]+\]:\s*\{\{`)

func (t tree) lineAt(pos int) string {
	line, _, _ := bytes.Cut(t.source[max(pos, 0):], []byte("\n"))
	return strings.TrimSpace(string(line))
}
