package markup_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"recourse/content"
	"recourse/form"
	"recourse/form/markup"
	"recourse/form/markup/markuptest"
	"recourse/law"
	"recourse/locale"
	"recourse/shop"
)

var update = flag.Bool("update", false, "rewrite the snapshots in testdata")

var bernstein = &shop.Shop{
	ID: "bernstein", Name: "Bernsteinladen",
	Trader:  shop.Trader{LegalName: "Bernstein Handels GmbH", Email: "service@bernstein.example"},
	Publish: "https://bernstein.example/legal/", Intake: "https://bernstein.example/legal/",
}

var labels = law.Labels{Withdraw: "Withdraw from contract here", Confirm: "Confirm withdrawal", Official: true}

func languages(t *testing.T) *locale.Catalog {
	t.Helper()
	c, err := locale.Load(content.FS)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// english is read alone, so that a language that is being translated disturbs one test only.
func english(t *testing.T) locale.Locale {
	t.Helper()
	files := fstest.MapFS{}
	names, _ := fs.Glob(content.FS, "en/*.toml")
	for _, name := range names {
		data, _ := content.FS.ReadFile(name)
		files[name] = &fstest.MapFile{Data: data}
	}
	c, err := locale.Load(files)
	if err != nil {
		t.Fatal(err)
	}
	l, err := c.Locale("en-IE")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func define(t *testing.T, kind form.Kind) *markup.Definition {
	t.Helper()
	return markup.Define(kind, bernstein, english(t), labels)
}

// each draws every example and parses it.
func each(t *testing.T, check func(t *testing.T, e markuptest.Example, d *markup.Definition, page *html.Node)) {
	for _, e := range markuptest.Examples() {
		t.Run(e.Name, func(t *testing.T) {
			d := define(t, e.Kind)
			drawn, err := e.Draw(d)
			if err != nil {
				t.Fatal(err)
			}
			check(t, e, d, parse(t, string(drawn)))
		})
	}
}

func parse(t *testing.T, source string) *html.Node {
	t.Helper()
	root, err := html.Parse(strings.NewReader(source))
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// all lists the elements that have the tag; "" is any.
func all(n *html.Node, tag string) []*html.Node {
	var found []*html.Node
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && (tag == "" || d.Data == tag) {
			found = append(found, d)
		}
	}
	return found
}

func attr(n *html.Node, key string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val, true
		}
	}
	return "", false
}

func value(n *html.Node, key string) string { v, _ := attr(n, key); return v }

func hasClass(n *html.Node, class string) bool {
	return slices.Contains(strings.Fields(value(n, "class")), class)
}

func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.TrimSpace(b.String())
}

func byID(n *html.Node, id string) *html.Node {
	for _, e := range all(n, "") {
		if value(e, "id") == id {
			return e
		}
	}
	return nil
}

func snapshot(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("read the snapshot: %v; run go test ./form/markup -update", err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s differs (- snapshot, + now); if this is meant, run go test ./form/markup -update\n%s", file, diff)
	}
}

func TestSnapshots(t *testing.T) {
	for _, e := range markuptest.Examples() {
		drawn, err := e.Draw(define(t, e.Kind))
		if err != nil {
			t.Fatal(err)
		}
		snapshot(t, e.Name+".html", []byte(drawn))
	}
	for _, kind := range form.Kinds() {
		var b bytes.Buffer
		encoder := json.NewEncoder(&b)
		encoder.SetIndent("", "  ")
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(define(t, kind)); err != nil {
			t.Fatal(err)
		}
		snapshot(t, string(kind)+".json", b.Bytes())
	}
}

// Validation by the browser would speak in its own words, cut texts off and rewrite addresses.
func TestNothingIsLeftToTheBrowser(t *testing.T) {
	each(t, func(t *testing.T, _ markuptest.Example, _ *markup.Definition, page *html.Node) {
		for _, n := range all(page, "") {
			for _, forbidden := range []string{"required", "maxlength", "minlength", "pattern", "placeholder", "autofocus", "disabled", "style", "onclick"} {
				if _, ok := attr(n, forbidden); ok {
					t.Errorf("<%s id=%q> has %s", n.Data, value(n, "id"), forbidden)
				}
			}
			if typ := value(n, "type"); n.Data == "input" && !slices.Contains([]string{"text", "hidden", "radio", "file"}, typ) {
				t.Errorf("input %q is of type %q", value(n, "name"), typ)
			}
		}
		forms := all(page, "form")
		if len(forms) != 1 || value(forms[0], "method") != "post" || value(forms[0], "action") != "https://bernstein.example/legal/submissions" {
			t.Fatalf("%d forms, or the wrong address", len(forms))
		}
		if _, ok := attr(forms[0], "novalidate"); !ok {
			t.Error("the form has no novalidate")
		}
	})
}

func TestEveryInputIsLabelled(t *testing.T) {
	each(t, func(t *testing.T, _ markuptest.Example, _ *markup.Definition, page *html.Node) {
		labelled, ids := map[string]bool{}, map[string]bool{}
		for _, n := range all(page, "label") {
			labelled[value(n, "for")] = true
			if byID(page, value(n, "for")) == nil {
				t.Errorf("label %q is for %q, which is not there", text(n), value(n, "for"))
			}
		}
		for _, n := range all(page, "") {
			id, ok := attr(n, "id")
			if ok && ids[id] {
				t.Errorf("two elements have the id %q", id)
			}
			ids[id] = true
			shown := n.Data == "textarea" || n.Data == "input" && value(n, "type") != "hidden"
			if shown && !labelled[id] {
				t.Errorf("%s %q has no label", n.Data, value(n, "name"))
			}
			for _, ref := range strings.Fields(value(n, "aria-describedby") + " " + value(n, "aria-labelledby")) {
				if byID(page, ref) == nil {
					t.Errorf("%s %q refers to %q, which is not there", n.Data, id, ref)
				}
			}
			if n.Data == "fieldset" && (n.FirstChild.NextSibling.Data != "legend" || text(n.FirstChild.NextSibling) == "") {
				t.Errorf("a group of inputs does not begin with its legend")
			}
		}
	})
}

// A problem is told in two places with the same words: in the summary, whose link leads to the input, and at the field.
func TestProblemsAreToldTwice(t *testing.T) {
	each(t, func(t *testing.T, e markuptest.Example, d *markup.Definition, page *html.Node) {
		summary := byID(page, "rc-problems")
		if (summary != nil) != (len(e.State.Problems) > 0) {
			t.Fatalf("summary is there: %v, for %d problems", summary != nil, len(e.State.Problems))
		}
		if summary == nil {
			return
		}
		links := all(summary, "a")
		if len(links) != len(e.State.Problems) || value(summary, "tabindex") != "-1" || text(byID(page, value(summary, "aria-labelledby"))) != "There is a problem" {
			t.Fatalf("the summary is %q", text(summary))
		}
		for i, p := range e.State.Problems {
			message := d.Message(p)
			if message == "" || strings.Contains(message, "{") {
				t.Errorf("%s has the message %q", p.Code(), message)
			}
			target := byID(page, strings.TrimPrefix(value(links[i], "href"), "#"))
			if target == nil || text(links[i]) != message {
				t.Fatalf("link %q to %q, want %q", text(links[i]), value(links[i], "href"), message)
			}
			if name := value(target, "name"); name != p.Field && !strings.HasPrefix(name, p.Field+"-") {
				t.Errorf("%s leads to the input %q", p.Code(), name)
			}
			if got := text(byID(page, "rc-"+p.Field+"-error")); got != "Error: "+message {
				t.Errorf("%s says at the field %q, want %q", p.Code(), got, message)
			}
		}
	})
}

func TestWrongInputsAreMarked(t *testing.T) {
	for name, want := range map[string][]string{
		"withdrawal-errors":       {"name", "contract", "email", "items", "received_on-year"},
		"withdrawal-date-missing": {"received_on-day", "received_on-year"},
		"withdrawal-date-unreal":  {"received_on-day", "received_on-month", "received_on-year"},
		"withdrawal-filled":       nil,
	} {
		each(t, func(t *testing.T, e markuptest.Example, _ *markup.Definition, page *html.Node) {
			var got []string
			for _, n := range all(page, "") {
				if value(n, "aria-invalid") == "true" {
					got = append(got, value(n, "name"))
				}
			}
			if e.Name == name && !slices.Equal(got, want) {
				t.Errorf("marked are %q, want %q", got, want)
			}
		})
	}
}

// What people wrote is in the form again, letter by letter, and never becomes markup.
func TestValuesSurvive(t *testing.T) {
	each(t, func(t *testing.T, e markuptest.Example, _ *markup.Definition, page *html.Node) {
		if len(all(page, "script"))+len(all(page, "b"))+len(all(page, "smith")) > 0 {
			t.Error("a value became markup")
		}
		f, _ := form.Lookup(string(e.Kind))
		got := f.Collect(func(name string) string { return posted(page, name) })
		for name, value := range got {
			if want := e.State.Values[name]; want != value && !(want == "" && value == "--") {
				t.Errorf("%s comes back as %q, want %q", name, value, want)
			}
		}
		if e.State.ID != posted(page, "id") || posted(page, "shop") != "bernstein" || posted(page, "form") != string(e.Kind) || posted(page, "locale") != "en-IE" || posted(page, "page") == "" {
			t.Error("the form does not say what it is")
		}
		if got := posted(page, markup.Trap); got != e.State.Trapped {
			t.Errorf("the trap comes back with %q, want %q", got, e.State.Trapped)
		}
	})
}

// posted is what a browser would send for the name.
func posted(page *html.Node, name string) string {
	for _, n := range all(page, "") {
		if value(n, "name") != name {
			continue
		}
		_, checked := attr(n, "checked")
		switch {
		case n.Data == "textarea":
			if n.FirstChild == nil {
				return ""
			}
			return n.FirstChild.Data
		case n.Data == "input" && (value(n, "type") != "radio" || checked):
			return value(n, "value")
		}
	}
	return ""
}

// Directive 2011/83/EU Art 11a(3): the button that sends is labelled with the official words and nothing else.
func TestTheOnlySendButton(t *testing.T) {
	each(t, func(t *testing.T, e markuptest.Example, d *markup.Definition, page *html.Node) {
		var send []string
		for _, n := range all(page, "button") {
			if value(n, "type") != "submit" || value(n, "name") != "step" {
				t.Errorf("button %q does not say what it is for", text(n))
			}
			if value(n, "value") == "send" {
				send = append(send, text(n))
			}
		}
		want := map[form.Kind]string{form.Withdrawal: "Confirm withdrawal", form.Complaint: "Send complaint"}
		switch {
		case e.Review && !slices.Equal(send, []string{want[e.Kind]}):
			t.Errorf("the send buttons are %q, want %q", send, want[e.Kind])
		case !e.Review && send != nil:
			t.Errorf("the form has a button that sends: %q", send)
		}
	})
	d := markup.Define(form.Withdrawal, bernstein, english(t), law.Labels{})
	if _, err := markup.Review(d, markup.State{}); err == nil || !strings.Contains(err.Error(), "en-IE") {
		t.Errorf("a review without the official label: %v", err)
	}
}

func TestReviewShowsEveryAnswer(t *testing.T) {
	want := map[form.Kind][]string{
		form.Withdrawal: {"Sinéad O'Connor <Smith> & \"Co\"", "#00012-AB", "anna@müller.de", "2 × lamp\nvase", "27 March 2026", "Not provided"},
		form.Complaint: {"علی رضا", "ali@example.com", "Not provided", "Lamp", "3 November 2026", "Not as described",
			"The lamp is green.\n\nI ordered a blue one.</textarea><script>alert(1)</script>", "Not provided", "lamp.jpg\n<b>invoice.pdf"},
	}
	each(t, func(t *testing.T, e markuptest.Example, _ *markup.Definition, page *html.Node) {
		if !e.Review {
			return
		}
		var got []string
		for _, n := range all(page, "dd") {
			if hasClass(n, "rc-value") && !hasClass(n, "rc-hint") {
				got = append(got, text(n))
			}
		}
		if diff := cmp.Diff(want[e.Kind], got); diff != "" {
			t.Errorf("(- want, + got)\n%s", diff)
		}
	})
}

// A change button leads to the input it is named for.
func TestChange(t *testing.T) {
	d := define(t, form.Withdrawal)
	review, _ := markup.Review(d, markup.State{})
	filled, _ := markup.Form(d, markup.State{})
	page := parse(t, string(filled))
	var names []string
	for _, n := range all(parse(t, string(review)), "button") {
		_, id, ok := strings.Cut(value(n, "formaction"), "#")
		if !ok {
			continue
		}
		if byID(page, id) == nil {
			t.Errorf("%q leads to %q, which is not in the form", text(n), id)
		}
		names = append(names, text(all(n, "span")[1]))
	}
	if len(names) != 6 || names[0] != "Change: Full name" {
		t.Errorf("the change buttons are named %q", names)
	}
}

func TestOptional(t *testing.T) {
	for _, kind := range form.Kinds() {
		f, _ := form.Lookup(string(kind))
		for _, page := range define(t, kind).Pages {
			for _, g := range page.Fields {
				field, _ := f.Field(g.Name)
				if field.Required == (g.Optional != "") {
					t.Errorf("%s.%s is required: %v, marked %q", kind, g.Name, field.Required, g.Optional)
				}
			}
		}
	}
}

var open = regexp.MustCompile(`\{\w+\}`)

// Every language says everything, and leaves open only what is known later.
func TestEveryLanguage(t *testing.T) {
	later := map[string]string{"change-answer": "{label}", "remove-file": "{name}", "error-title": "{title}", "items.of": "{n}"}
	c := languages(t)
	for _, tag := range c.Languages() {
		l, _ := c.Locale(tag + "-DE")
		for _, kind := range form.Kinds() {
			d := markup.Define(kind, bernstein, l, labels)
			f, _ := form.Lookup(string(kind))
			for _, field := range f.Fields {
				for _, rule := range field.Rules() {
					p := form.Problem{Field: field.Name, Rule: rule, Over: 3}
					if message := d.Message(p); message == "" || open.MatchString(message) {
						t.Errorf("%s: %s has the message %q", tag, p.Code(), message)
					}
				}
			}
			for key, value := range d.Text {
				if found := open.FindString(value); found != later[key] && !strings.HasPrefix(key, "counter.") {
					t.Errorf("%s: the text %q leaves %s open", tag, key, found)
				}
			}
			for _, page := range d.Pages {
				for _, g := range page.Fields {
					if open.MatchString(g.Label + g.Hint + g.Plain) {
						t.Errorf("%s: %s leaves something open: %q, %q", tag, g.Name, g.Label, g.Hint)
					}
				}
			}
			if on := d.Months; len(on) < 12 {
				t.Errorf("%s knows %d names of months", tag, len(on))
			}
		}
	}
}

// Words of one form that hide words of both would make the two say different things.
func TestNoTextIsHidden(t *testing.T) {
	l := english(t)
	for _, kind := range form.Kinds() {
		for key := range l.Strings("form." + string(kind)) {
			if l.Has("form.common." + key) {
				t.Errorf("form.%s.%s hides form.common.%s", kind, key, key)
			}
		}
	}
}

// Messages for rules that no longer exist would be translated for nothing.
func TestNoMessageIsLeftOver(t *testing.T) {
	used := map[string]string{}
	for _, kind := range form.Kinds() {
		maps.Copy(used, define(t, kind).Problem)
	}
	for code := range english(t).Strings("problem") {
		if used[code] == "" {
			t.Errorf("problem.%s is never shown", code)
		}
	}
}

func TestDateOrder(t *testing.T) {
	l := english(t)
	copied := *l.Language
	copied.DateOrder = "ymd"
	d := markup.Define(form.Withdrawal, bernstein, locale.Locale{Language: &copied, Country: "HU"}, labels)
	drawn, err := markup.Form(d, markup.State{Values: map[string]string{"received_on": "2026-3-"}, Problems: []form.Problem{{Field: "received_on", Rule: form.MissingDay}}})
	if err != nil {
		t.Fatal(err)
	}
	page := parse(t, string(drawn))
	var order []string
	for _, n := range all(page, "input") {
		if name, ok := strings.CutPrefix(value(n, "name"), "received_on-"); ok {
			order = append(order, name)
		}
	}
	if !slices.Equal(order, []string{"year", "month", "day"}) || text(byID(page, "rc-received_on-hint")) != "For example, 2026 3 27" {
		t.Errorf("the boxes are %v, the hint %q", order, text(byID(page, "rc-received_on-hint")))
	}
	if link := all(byID(page, "rc-problems"), "a")[0]; value(link, "href") != "#rc-received_on-day" {
		t.Errorf("the summary leads to %q", value(link, "href"))
	}
}

func TestRows(t *testing.T) {
	rows := markup.Rows(define(t, form.Complaint), map[string]string{"name": "Anna", "reason": "late", "remedy": "gold", "received_on": "2026-2-30", "files": "a.jpg"})
	want := []markup.Row{
		{"name", "Full name", "Anna"}, {"email", "Email address", ""}, {"contract", "Order number or other details of the contract", ""},
		{"product", "Product or service", ""}, {"received_on", "When did you receive the goods?", "2026-2-30"},
		{"reason", "What is the complaint about?", "Delivered late"}, {"description", "What happened?", ""},
		{"remedy", "What do you want to happen?", "gold"}, {"files", "Photos or documents", "a.jpg"},
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("(- want, + got)\n%s", diff)
	}
}

func TestDefineNothing(t *testing.T) {
	defer func() {
		if r := recover(); r == nil || !strings.Contains(r.(string), `"nonsense"`) {
			t.Errorf("recovered %v", r)
		}
	}()
	markup.Define("nonsense", bernstein, english(t), labels)
}

// Nobody who names no items is to wonder what they withdraw from.
func TestNoItemsAreTheWholeContract(t *testing.T) {
	for items, want := range map[string]string{"": "The whole contract", "2 × cup": "2 × cup"} {
		rows := markup.Rows(define(t, form.Withdrawal), map[string]string{"items": items})
		i := slices.IndexFunc(rows, func(r markup.Row) bool { return r.Name == "items" })
		if rows[i].Value != want {
			t.Errorf("items %q are shown as %q, want %q", items, rows[i].Value, want)
		}
	}
}

// The form of a page names the version of its text; what a visitor brought along goes before it.
func TestVersionTravelsAlong(t *testing.T) {
	for _, c := range []struct{ page, brought, want string }{
		{"", "", ""}, {"withdrawal/2026-03-01/ab", "", "withdrawal/2026-03-01/ab"}, {"withdrawal/2026-06-01/cd", "withdrawal/2026-03-01/ab", "withdrawal/2026-03-01/ab"},
	} {
		d := define(t, form.Withdrawal)
		d.Version = c.page
		drawn, err := markup.Form(d, markup.State{Version: c.brought})
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, input := range all(parse(t, string(drawn)), "input") {
			if value(input, "name") == "version" {
				got = value(input, "value")
			}
		}
		if got != c.want {
			t.Errorf("%+v: the form sends the version %q", c, got)
		}
	}
}
