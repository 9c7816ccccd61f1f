package playground

import (
	"bytes"
	"html/template"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"recourse/widget/reference"
)

func page(t *testing.T, p Page) (string, *html.Node) {
	t.Helper()
	widget, err := reference.Load()
	if err != nil {
		t.Fatal(err)
	}
	p.Widget = widget
	files, err := p.Files()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"playground/playground.js", "playground/playground.css"} {
		if len(files[name]) == 0 {
			t.Errorf("%s is missing", name)
		}
	}
	text := files["playground/index.html"]
	doc, err := html.Parse(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return string(text), doc
}

// names collects the values of an attribute.
func names(doc *html.Node, attribute string) map[string]bool {
	all := map[string]bool{}
	for n := range doc.Descendants() {
		for _, a := range n.Attr {
			if a.Key == attribute {
				all[a.Val] = true
			}
		}
	}
	return all
}

// Everything in the reference has a control.
func TestControls(t *testing.T) {
	_, doc := page(t, Page{Shop: "Amber & Sons", Intake: "https://amber.example/", Links: template.HTML(`<a href="x">y</a>`),
		Languages: []Choice{{"de", "German"}}, Countries: []Choice{{"AT", "Austria"}}})
	widget, _ := reference.Load()
	controls, opened := names(doc, "name"), names(doc, "data-form")
	for _, a := range widget.Attributes {
		if !controls[a.Name] {
			t.Errorf("no control for the attribute %q", a.Name)
		}
	}
	for _, p := range widget.Properties {
		if !controls[p.Name] || !names(doc, "data-property")[p.Name] {
			t.Errorf("no control for the property %q", p.Name)
		}
	}
	for _, form := range widget.Forms() {
		if !opened[form] {
			t.Errorf("no button opens %q", form)
		}
	}
}

// The policy of the generated pages allows no script, style or handler in the page itself.
func TestPolicy(t *testing.T) {
	text, doc := page(t, Page{Shop: "Amber"})
	for n := range doc.Descendants() {
		if n.Data == "style" || n.Data == "script" && n.FirstChild != nil {
			t.Errorf("<%s> in the page", n.Data)
		}
		for _, a := range n.Attr {
			if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
				t.Errorf("<%s %s> in the page", n.Data, a.Key)
			}
		}
	}
	if regexp.MustCompile(`(src|href)="(https?:)?//`).MatchString(text) {
		t.Error("the page asks others")
	}
}

// Without an intake nothing can be sent, and the page does not pretend so.
func TestWithoutIntake(t *testing.T) {
	_, doc := page(t, Page{Shop: "Amber"})
	if names(doc, "data-state")["receipt"] {
		t.Error("a receipt is offered although nobody receives")
	}
}
