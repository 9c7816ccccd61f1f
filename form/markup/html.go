package markup

import (
	"cmp"
	"embed"
	"fmt"
	"html/template"
	"strconv"
	"strings"
	"sync"

	"recourse/form"
)

// Trap is the name of an input people cannot see. It is no word browsers fill in by themselves; who fills it in is
// probably a program. That is a mark for the trader, never a reason to refuse.
const Trap = "subject_line"

// Inputs of forms that a server has drawn, see State.
const (
	Stamp = "stamp"
	Held  = "held"
)

// State is a form on its way: what was entered and what is wrong with it.
type State struct {
	ID       string            // submission id, a UUID; empty where nobody has made one yet
	Values   map[string]string // by field
	Problems []form.Problem
	Files    []File            // files the server already has
	Trapped  string            // what came back in the input named Trap; the review passes it on
	Notes    map[string]string // by field, what the review says below the answer; never a problem
	Page     string            // where the visitor came from; empty: the form's own page
	Version  string            // of the text the visitor saw; empty: that of the definition
	Stamp    string            // proves when the review was drawn; empty: on a page that is the same for everybody
}

// File is an attachment.
type File struct {
	Name string
	Size int64 // octets
}

//go:embed *.html
var sources embed.FS

var templates = sync.OnceValue(func() *template.Template { return template.Must(template.New("").ParseFS(sources, "*.html")) })

// Form is the form to fill in, without a page around it: the summary of problems first, if there are any, then the
// form. The page brings the heading of the first level, d.Text["title"], and while there are problems
// begins its title with d.Text["error-title"].
func Form(d *Definition, st State) (template.HTML, error) {
	return render("form", view{d, st})
}

// Review shows what was entered and has the button that sends it. The page brings the heading of the first
// level, d.Text["review.title"].
func Review(d *Definition, st State) (template.HTML, error) {
	if d.Text["send"] == "" {
		return "", fmt.Errorf("draw the review of form %q in %q: there is no label for its send button; add the official one to the law's labels", d.Form, d.Locale)
	}
	return render("review", view{d, st})
}

func render(name string, v view) (template.HTML, error) {
	var b strings.Builder
	if err := templates().ExecuteTemplate(&b, name, v); err != nil {
		return "", fmt.Errorf("draw form %q in %q: %w", v.Form, v.Locale, err)
	}
	return template.HTML(b.String()), nil // the output of html/template
}

// view is what the templates see.
type view struct {
	*Definition
	State
}

// Hidden is an input that travels along.
type Hidden struct{ Name, Value string }

// Envelope says which form in which shop this is.
func (v view) Envelope() []Hidden {
	page := v.State.Page
	if page == "" {
		page = v.Definition.Page
	}
	all := []Hidden{{"id", v.ID}, {"shop", v.Shop}, {"form", v.Definition.Form}, {"locale", v.Locale}, {"page", page}}
	if version := cmp.Or(v.State.Version, v.Definition.Version); version != "" {
		all = append(all, Hidden{"version", version})
	}
	if v.Stamp != "" {
		all = append(all, Hidden{Stamp, v.Stamp})
	}
	if n := len(v.Files); n > 0 { // so that the server can tell when they are gone
		all = append(all, Hidden{Held, strconv.Itoa(n)})
	}
	return all
}

// Answers is every value as the inputs of the form would send it.
func (v view) Answers() []Hidden {
	all := []Hidden{{Trap, v.Trapped}}
	for _, f := range v.Inputs() {
		switch f.Type {
		case "files":
		case "date":
			for _, p := range f.Boxes() {
				all = append(all, Hidden{f.Name + "-" + p.Name, p.Value})
			}
		default:
			all = append(all, Hidden{f.Name, f.Value})
		}
	}
	return all
}

// Trap is the name of the input nobody should fill in.
func (v view) Trap() string { return Trap }

// Multipart is the case where files can come along.
func (v view) Multipart() bool { return v.Definition.Form == string(form.Complaint) }

// Input is a field in its present state.
type Input struct {
	Field
	Value   string
	Problem *form.Problem
	Message string
	view    view
}

// Inputs is all fields of all pages.
func (v view) Inputs() []Input {
	var all []Input
	for _, page := range v.Pages {
		all = append(all, v.Of(page)...)
	}
	return all
}

// Of is the fields of one page.
func (v view) Of(page Page) []Input {
	inputs := make([]Input, len(page.Fields))
	for i, f := range page.Fields {
		inputs[i] = Input{Field: f, Value: v.Values[f.Name], view: v}
		for _, p := range v.Problems {
			if p.Field == f.Name {
				inputs[i].Problem, inputs[i].Message = &p, v.Message(p)
			}
		}
	}
	return inputs
}

// Wrong is the inputs with a problem, for the summary.
func (v view) Wrong() []Input {
	var wrong []Input
	for _, in := range v.Inputs() {
		if in.Problem != nil {
			wrong = append(wrong, in)
		}
	}
	return wrong
}

// Lines is every answer for the review.
func (v view) Lines() []Input {
	inputs := v.Inputs()
	for i, row := range Rows(v.Definition, v.Values) {
		inputs[i].Value = row.Value
		if inputs[i].Type == "files" {
			inputs[i].Value = fileNames(v.Files)
		}
	}
	return inputs
}

func fileNames(files []File) string {
	names := make([]string, len(files))
	for i, f := range files {
		names[i] = f.Name
	}
	return strings.Join(names, "\n")
}

// ID is the input's id, or of the group's first one.
func (in Input) ID() string { return "rc-" + in.Name }

// Text is a text of the form, for templates that see only the input.
func (in Input) Text(key string) string { return in.view.Text[key] }

// Note is what the review says below the answer.
func (in Input) Note() string { return in.view.Notes[in.Name] }

// Files are the ones the server already has.
func (in Input) Files() []File { return in.view.Files }

// Accept is the kinds of files to offer.
func (in Input) Accept() string { return strings.Join(form.FileTypes, ",") }

// Hint is the one for a page without a script.
func (in Input) Hint() string { return cmp.Or(in.Plain, in.Field.Hint) }

// DescribedBy lists the ids of the hint and the message.
func (in Input) DescribedBy() string {
	var ids []string
	if in.Hint() != "" {
		ids = append(ids, in.ID()+"-hint")
	}
	if in.Problem != nil {
		ids = append(ids, in.ID()+"-error")
	}
	return strings.Join(ids, " ")
}

// Rows is the height of a text area.
func (in Input) Rows() int {
	if in.Max > 5000 {
		return 8
	}
	return 4
}

// Target is where a link in the summary goes: the input, the first wrong box of a date, the first option.
func (in Input) Target() string {
	for _, b := range in.Boxes() {
		if b.Wrong {
			return b.ID
		}
	}
	return in.ID()
}

// Change is what is read out on the button that leads back to this answer.
func (in Input) Change() string {
	return strings.ReplaceAll(in.Text("change-answer"), "{label}", in.Label)
}

// First is where that button leads.
func (in Input) First() string {
	if boxes := in.Boxes(); len(boxes) > 0 {
		return boxes[0].ID
	}
	return in.ID()
}

// Box is one of the three inputs of a date.
type Box struct {
	Part
	ID    string
	Value string
	Wrong bool
}

// Boxes is the inputs of a date, none for other fields.
func (in Input) Boxes() []Box {
	if in.Type != "date" {
		return nil
	}
	year, month, day := form.SplitDate(in.Value)
	values := map[string]string{"year": year, "month": month, "day": day}
	var boxes []Box
	for _, p := range in.Parts {
		boxes = append(boxes, Box{p, in.ID() + "-" + p.Name, values[p.Name], in.Problem != nil && in.Problem.Rule.Part(p.Name)})
	}
	return boxes
}

// Radio is one option of a choice.
type Radio struct {
	Option
	ID      string
	Checked bool
}

// Radios is the options of a choice. The first has the id of the group, so that the summary can link to it.
func (in Input) Radios() []Radio {
	var radios []Radio
	for i, o := range in.Options {
		id := in.ID()
		if i > 0 {
			id += "-" + o.Value
		}
		radios = append(radios, Radio{o, id, in.Value == o.Value})
	}
	return radios
}
