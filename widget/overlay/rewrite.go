package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strings"
)

// edit replaces a stretch of a file; an insertion replaces nothing.
type edit struct {
	from, to int
	text     string
}

// cuts applies the tables of cuts.go to one file after the other and remembers what has been found.
type cuts struct {
	early         map[string]map[string]string // by package, without those found
	debugSettings map[string]string            // without those found
	settingsList  bool                         // the list of all GODEBUG settings has been emptied
}

func newCuts() *cuts {
	c := &cuts{early: map[string]map[string]string{}, debugSettings: maps.Clone(debugSettings)}
	for pkg, functions := range early {
		c.early[pkg] = maps.Clone(functions)
	}
	return c
}

// missing is an error that names what no file has: the runtime is another one than the tables were made for.
func (c *cuts) missing() error {
	var names []string
	for pkg, functions := range c.early {
		for name := range functions {
			names = append(names, pkg+"."+name)
		}
	}
	for name := range c.debugSettings {
		names = append(names, "runtime.debug."+name)
	}
	if !c.settingsList {
		names = append(names, "runtime.dbgvars")
	}
	if len(names) == 0 {
		return nil
	}
	slices.Sort(names)
	return errors.New("not found: " + strings.Join(names, ", "))
}

// apply gives the changed file, or nil if nothing changes in it.
func (c *cuts) apply(pkg, path string, source []byte) ([]byte, error) {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, path, source, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	e := &editor{cuts: c, set: set, pkg: pkg, silent: pkg == "runtime" && !slices.Contains(loud, filepath.Base(path))}
	for _, declaration := range file.Decls {
		switch d := declaration.(type) {
		case *ast.FuncDecl:
			e.function(d)
		case *ast.GenDecl:
			e.variables(d)
		}
	}
	return splice(source, e.edits), nil
}

// editor collects the edits of one file.
type editor struct {
	*cuts
	set    *token.FileSet
	pkg    string
	silent bool
	edits  []edit
}

func (e *editor) replace(from, to token.Pos, text string) {
	e.edits = append(e.edits, edit{e.set.Position(from).Offset, e.set.Position(to).Offset, text})
}

func (e *editor) function(f *ast.FuncDecl) {
	if f.Body == nil {
		return
	}
	name := nameOf(f)
	if instead, ok := e.early[e.pkg][name]; ok {
		delete(e.early[e.pkg], name)
		// The condition keeps what follows from being unreachable, and all imports and variables in use.
		e.replace(f.Body.Lbrace+1, f.Body.Lbrace+1, " if true { "+instead+" };")
		return
	}
	ast.Inspect(f.Body, e.statement)
}

// nameOf gives "startm", and "mspan.reportZombies" for a method.
func nameOf(f *ast.FuncDecl) string {
	if f.Recv == nil {
		return f.Name.Name
	}
	receiver := f.Recv.List[0].Type
	if pointer, ok := receiver.(*ast.StarExpr); ok {
		receiver = pointer.X
	}
	if name, ok := receiver.(*ast.Ident); ok {
		return name.Name + "." + f.Name.Name
	}
	return f.Name.Name
}

// statement silences diagnostics and makes constants of settings that are read. It does not go into what it replaces.
func (e *editor) statement(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.ExprStmt:
		if e.silent && prints(n.X) {
			e.replace(n.Pos(), n.Pos(), "if false { ")
			e.replace(n.End(), n.End(), " }")
			return false
		}
	case *ast.AssignStmt: // what is written stays
		for _, value := range n.Rhs {
			ast.Inspect(value, e.statement)
		}
		return false
	case *ast.UnaryExpr:
		return n.Op != token.AND
	case *ast.SelectorExpr:
		e.setting(n)
	}
	return true
}

func prints(x ast.Expr) bool {
	call, ok := x.(*ast.CallExpr)
	if !ok {
		return false
	}
	name, ok := call.Fun.(*ast.Ident)
	return ok && (name.Name == "print" || name.Name == "println")
}

func (e *editor) setting(s *ast.SelectorExpr) {
	variable, ok := s.X.(*ast.Ident)
	if value, known := debugSettings[s.Sel.Name]; ok && known && e.pkg == "runtime" && variable.Name == "debug" {
		delete(e.debugSettings, s.Sel.Name)
		e.replace(s.Pos(), s.End(), "int32("+value+")")
	}
}

// variables empties the list of GODEBUG settings, which points to each of them.
func (e *editor) variables(d *ast.GenDecl) {
	for _, spec := range d.Specs {
		v, ok := spec.(*ast.ValueSpec)
		if ok && e.pkg == "runtime" && v.Names[0].Name == "dbgvars" && len(v.Values) == 1 {
			e.settingsList = true
			e.replace(v.Values[0].Pos(), v.Values[0].End(), "[]*dbgVar{}")
		}
	}
}

// splice makes the edits, which do not overlap, from the first to the last.
func splice(source []byte, edits []edit) []byte {
	if len(edits) == 0 {
		return nil
	}
	slices.SortStableFunc(edits, func(a, b edit) int { return a.from - b.from })
	var out []byte
	done := 0
	for _, e := range edits {
		if e.from < done {
			panic(fmt.Sprintf("edits overlap at byte %d", e.from))
		}
		out = append(append(out, source[done:e.from]...), e.text...)
		done = e.to
	}
	return append(out, source[done:]...)
}
