// Package playground makes a page on which the real widget of a shop can be tried: every attribute, every custom property,
// every state of its forms, and what to paste for what is shown. Its controls come from package reference.
package playground

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"strings"

	"recourse/widget/reference"
)

//go:embed index.html *.css *.js
var sources embed.FS

// Page is what the playground knows of a shop.
type Page struct {
	Shop      string
	Intake    string // where declarations go; empty: the forms cannot be sent
	Languages []Choice
	Countries []Choice
	Links     template.HTML // what stands in the element without a script
	Widget    *reference.Interface
}

// Choice is one of a list.
type Choice struct{ Value, Name string }

// Files are those of the page, by path below dist.
func (p Page) Files() (map[string][]byte, error) {
	t, err := template.New("index.html").Funcs(template.FuncMap{"title": title, "id": id, "code": code, "trim": strings.TrimSuffix}).ParseFS(sources, "index.html")
	if err != nil {
		return nil, fmt.Errorf("read the playground: %w", err)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, p); err != nil {
		return nil, fmt.Errorf("print the playground: %w", err)
	}
	files := map[string][]byte{"playground/index.html": b.Bytes()}
	entries, err := sources.ReadDir(".")
	for _, e := range entries {
		if e.Name() == "index.html" {
			continue
		}
		data, err := sources.ReadFile(e.Name())
		if err != nil {
			return nil, err
		}
		files["playground/"+e.Name()] = data
	}
	return files, err
}

// id is a name as part of an id: "--recourse-max-width" gives "max-width".
func id(name string) string { return strings.TrimPrefix(name, "--recourse-") }

// title is a name as the label of its control: "Max width".
func title(name string) string {
	words := strings.ReplaceAll(id(name), "-", " ")
	return strings.ToUpper(words[:1]) + words[1:]
}

// code turns the `names` in a text of the reference into elements.
func code(text string) template.HTML {
	var b strings.Builder
	for i, part := range strings.Split(text, "`") {
		if i%2 == 1 {
			part = "<code>" + template.HTMLEscapeString(part) + "</code>"
		} else {
			part = template.HTMLEscapeString(part)
		}
		b.WriteString(part)
	}
	return template.HTML(b.String())
}
