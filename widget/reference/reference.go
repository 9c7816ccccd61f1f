// Package reference is the interface of the widget as data: attributes, methods, events, custom properties and parts. What
// is told of it elsewhere is made from interface.toml, so that documents, types and the playground cannot disagree.
package reference

import (
	"bytes"
	"embed"
	"fmt"
	"slices"
	"text/template"

	"recourse/form"
	"recourse/strict"
)

//go:embed interface.toml
var source []byte

// Interface is what a shop's page may use.
type Interface struct {
	Attributes []Attribute `toml:"attribute"`
	Methods    []Method    `toml:"method"`
	Options    []Option    `toml:"option"`
	Events     []Entry     `toml:"event"`
	Properties []Property  `toml:"property"`
	Parts      []Entry     `toml:"part"`
}

// Entry is a name with what it means, in Markdown.
type Entry struct {
	Name string `toml:"name"`
	Text string `toml:"text"`
}

// Attribute is one of <recourse-widget>, and with data- before it of the script.
type Attribute struct {
	Name    string   `toml:"name"`
	Text    string   `toml:"text"`
	Example string   `toml:"example"`
	Default string   `toml:"default"` // what holds without it
	Values  []string `toml:"values"`  // all there are; empty: any text
	Prefill bool     `toml:"prefill"` // what the shop knows of its customer
}

// Method is one of the element; parameters and result in TypeScript.
type Method struct {
	Name       string `toml:"name"`
	Text       string `toml:"text"`
	Parameters string `toml:"parameters"`
	Returns    string `toml:"returns"`
}

// Option is one of open's second argument.
type Option struct {
	Name string `toml:"name"`
	Text string `toml:"text"`
	Type string `toml:"type"` // in TypeScript
}

// Property is a custom property of CSS.
type Property struct {
	Name     string `toml:"name"`
	Text     string `toml:"text"`
	Kind     string `toml:"kind"`     // color, length or font
	Standard string `toml:"standard"` // what the styles say where a page says nothing
	Default  string `toml:"default"`  // the same in words, where it is no plain value
	Ground   bool   `toml:"ground"`   // text is written on this colour
	Min      string `toml:"min"`      // of a length
	Max      string `toml:"max"`
	Step     string `toml:"step"`
	Unit     string `toml:"unit"`
}

// Load reads the interface.
func Load() (*Interface, error) {
	var i Interface
	if err := strict.Decode("interface.toml", source, &i).Err(); err != nil {
		return nil, err
	}
	return &i, nil
}

// Forms are what can be opened, in the order of the row.
func (*Interface) Forms() []string {
	return []string{string(form.Withdrawal), string(form.Complaint), "disputes"}
}

// Fields are those of the forms that take one text beforehand.
func (*Interface) Fields() []string { return fields(form.Line, form.Email, form.Text, form.Choice) }

// Lists are those of the forms that take items beforehand.
func (*Interface) Lists() []string { return fields(form.Items) }

func fields(types ...form.Type) []string {
	var names []string
	for _, kind := range form.Kinds() {
		all, _ := form.Lookup(string(kind))
		for _, f := range all.Fields {
			if slices.Contains(types, f.Type) && !slices.Contains(names, f.Name) {
				names = append(names, f.Name)
			}
		}
	}
	return names
}

//go:embed *.tmpl
var templates embed.FS

// Document is docs/widget.md.
func (i *Interface) Document() ([]byte, error) { return i.print("widget.md.tmpl") }

// Types is recourse.d.ts: the interface for TypeScript.
func (i *Interface) Types() ([]byte, error) { return i.print("recourse.d.ts.tmpl") }

func (i *Interface) print(name string) ([]byte, error) {
	t, err := template.ParseFS(templates, name)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, i); err != nil {
		return nil, fmt.Errorf("print the interface: %w", err)
	}
	return b.Bytes(), nil
}
