package sitegen

import (
	"slices"
	"strings"
	"text/template/parse"
)

// A stand-in has other words than the shop (standin.go). A text that prints them, or asks whether they are there, reads the
// same for both. One that computes with them ({{if eq .Shop.Name "x"}}, {{len .Shop.Trader.Email}}) does not: computes finds it,
// and a shop with such a text is built with its own words.

// facts of a shop that its stand-in shares.
var shared = strings.Fields(`Shop.Trader.Country Shop.Trader.Staff Shop.Markets Shop.Returns.Days Shop.Returns.Cost
	Shop.Returns.Excluded Shop.Returns.Collects Shop.Guarantee.Months Shop.Complaints.AnswerDays Shop.Disputes.Participation
	Shop.Disputes.Bodies.Country Shop.Privacy.RetentionMonths Shop.Retention.Differ
	Shop.Retention.Withdrawal.Months Shop.Retention.Complaint.Months Shop.Retention.Attachments Shop.Retention.Attachments.Months Shop.Zone Shop.Countries Shop.Locales Shop.DefaultLocale Shop.Serves`)

// mere are the functions that print a word, or ask whether there is one.
var mere = strings.Fields("and or not lines tel text")

func computes(tree *parse.Tree) bool {
	if tree == nil || tree.Root == nil {
		return false
	}
	r := reading{variables: map[string]string{"$": ""}}
	r.list(tree.Root, "")
	return r.found
}

// layoutComputes is computes for a layout, which sees frameData. Layouts it calls with the same dot are looked at by themselves.
func layoutComputes(tree *parse.Tree) bool {
	r := reading{variables: map[string]string{"$": ""}, layout: true}
	r.list(tree.Root, "")
	return r.found
}

// Facts of a layout that hold words of the shop.
var worded = strings.Fields("Title Canonical Alternates Seller Text Locales.Href")

// reading follows a template. Values are known by their path from the facts: "Shop.Name"; "" is the facts themselves,
// nowhere anything that is no fact.
type reading struct {
	variables map[string]string
	found     bool
	layout    bool
}

const nowhere = "?"

func (r *reading) list(list *parse.ListNode, dot string) {
	if list == nil {
		return
	}
	for _, n := range list.Nodes {
		switch n := n.(type) {
		case *parse.ActionNode:
			r.pipe(n.Pipe, dot)
		case *parse.IfNode:
			r.branch(&n.BranchNode, dot, dot)
		case *parse.WithNode:
			r.branch(&n.BranchNode, dot, r.pipe(n.Pipe, dot))
		case *parse.RangeNode:
			r.branch(&n.BranchNode, dot, r.pipe(n.Pipe, dot))
		case *parse.TemplateNode:
			r.found = r.found || !r.layout || n.Pipe != nil && r.pipe(n.Pipe, dot) != "" // what it does with another dot is not followed
		}
	}
}

func (r *reading) branch(n *parse.BranchNode, dot, inside string) {
	r.pipe(n.Pipe, dot)
	r.list(n.List, inside)
	r.list(n.ElseList, dot)
}

// pipe gives the path of what a pipeline stands for.
func (r *reading) pipe(pipe *parse.PipeNode, dot string) string {
	value := nowhere
	for i, command := range pipe.Cmds {
		value = r.command(command, dot, value, i > 0)
	}
	for _, v := range pipe.Decl {
		if known, ok := r.variables[v.Ident[0]]; ok && known != value && r.own(known) {
			value = known // once a word of the shop, always one
		}
		r.variables[v.Ident[0]] = value
	}
	return value
}

func (r *reading) command(c *parse.CommandNode, dot, before string, piped bool) string {
	paths := make([]string, len(c.Args))
	for i, arg := range c.Args {
		paths[i] = r.path(arg, dot)
	}
	if piped {
		paths = append(paths, before)
	}
	if len(paths) == 1 {
		return paths[0]
	}
	if name, ok := c.Args[0].(*parse.IdentifierNode); !ok || !slices.Contains(mere, name.Ident) {
		r.found = r.found || slices.ContainsFunc(paths[1:], r.own)
		return nowhere
	}
	if i := slices.IndexFunc(paths, r.own); i >= 0 {
		return paths[i] // "or" gives one of its arguments
	}
	return nowhere
}

func (r *reading) path(arg parse.Node, dot string) string {
	switch n := arg.(type) {
	case *parse.DotNode:
		return dot
	case *parse.FieldNode:
		return join(dot, n.Ident)
	case *parse.VariableNode:
		if from, ok := r.variables[n.Ident[0]]; ok {
			return join(from, n.Ident[1:])
		}
	case *parse.PipeNode:
		return r.pipe(n, dot)
	case *parse.ChainNode:
		return join(r.path(n.Node, dot), n.Field)
	}
	return nowhere
}

func join(from string, fields []string) string {
	return strings.TrimPrefix(strings.Join(append([]string{from}, fields...), "."), ".")
}

// own reports whether a value may hold words that are the shop's own.
func (r *reading) own(path string) bool {
	if path == "" {
		return true // all facts
	}
	if r.layout && among(path, worded) {
		return true
	}
	return among(path, []string{"Shop"}) && !among(path, shared)
}

// among reports whether a path is in a list, or leads into something that is.
func among(path string, list []string) bool {
	return slices.ContainsFunc(list, func(s string) bool { return path == s || strings.HasPrefix(path, s+".") })
}
