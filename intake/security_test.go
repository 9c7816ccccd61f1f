package intake

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/http"
	"net/http/httptest"
	netmail "net/mail"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"golang.org/x/net/html"

	"recourse/intake/page"
)

// payloads are texts that become something else wherever somebody forgets to escape.
var payloads = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `' onmouseover='alert(1)`, `</textarea><svg/onload=alert(1)>`,
	`</title><script>alert(1)</script>`, `<!--`, `]]>`, `&lt;b&gt;`, `javascript:alert(1)`, `{{.Shop}}`, `{name}`,
	`<dd>x</dd></dl><h1>`, `%3Cscript%3E`, "`${alert(1)}`", `</style><style>*{display:none}`, `<a href="data:text/html,x">`, `<base href=//evil.example>`,
	`--><script>alert(1)</script>`, `<math><mi//xlink:href="data:x,<script>alert(1)</script>">`, `<template><img src=x onerror=alert(1)></template>`,
	`<iframe srcdoc="<script>alert(1)</script>">`, `</form><form action=//evil.example><button>Send</button>`, `<meta http-equiv=refresh content=0;//evil.example>`,
	`<input name=step value=send autofocus onfocus=alert(1)>`, `expression(alert(1))`, `url(javascript:alert(1))`, `\u003cscript\u003e`, `&#x3c;script&#x3e;`,
	`<%= 7*7 %>`, `${{7*7}}`, `#{7*7}`, `<noscript><p title="</noscript><img src=x onerror=alert(1)>">`, `<select><option></select><img src=x onerror=alert(1)>`,
	`" style="position:fixed;inset:0`, "<b\u00a0onclick=alert(1)>", `{{constructor.constructor('alert(1)')()}}`, `<form id=main><input name=attributes>`,
}

// TestSEC10_AnswersStayText puts the payloads into every field of both forms and what the trader writes, and looks at every
// page and mail that can be reached: each must have the elements and attributes it has for harmless words, and at least the
// pages about the case must say what was written.
func TestSEC10_AnswersStayText(t *testing.T) {
	if len(payloads) < 30 {
		t.Fatalf("there are %d payloads; want 30", len(payloads))
	}
	for _, kind := range []string{"complaint", "withdrawal"} {
		calm := map[bool]map[string]string{}
		for _, marked := range []bool{false, true} {
			_, calm[marked] = showEverywhere(t, kind, "harmless", marked)
		}
		for _, payload := range payloads {
			marked, pages := showEverywhere(t, kind, payload, false)
			for place, source := range pages {
				comparePage(t, kind+" "+place, payload, source, calm[marked][place])
			}
		}
	}
}

// told are the places that must repeat what was written.
var told = regexp.MustCompile(`receipt|status|cases/REF$|acknowledgement|copy|problem|review`)

func comparePage(t *testing.T, place, payload, source, calm string) {
	t.Helper()
	got, want := skeleton(t, source), skeleton(t, calm)
	if got != want {
		t.Errorf("%q changes the markup of %s:\n%s", payload, place, firstDifference(got, want))
	}
	if err := harmless(source); err != nil {
		t.Errorf("%q in %s: %v", payload, place, err)
	}
	if told.MatchString(place) && !strings.Contains(textOf(t, source), payload) {
		t.Errorf("%s does not show %q as it was written", place, payload)
	}
}

func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			return fmt.Sprintf("line %d: got %s, want %s", i, g[i], w[i])
		}
	}
	return fmt.Sprintf("%d elements, want %d", len(g), len(w))
}

// showEverywhere submits a text in every field that takes one and collects everything that shows it. It tells whether
// the case is marked, which pages show; marked asks for that.
func showEverywhere(t *testing.T, kind, text string, marked bool) (suspect bool, shown map[string]string) {
	t.Helper()
	d := open(t, t.TempDir(), silent)
	fields := map[string]string{"name": text, "contract": text + ".", "email": "a@example.org"}
	if kind == "complaint" {
		fields["product"], fields["description"], fields["reason"] = text, text+"\n"+text, "late"
	} else {
		fields["items"], fields["comment"] = text, text+"\n"+text
	}
	if marked {
		fields["name"], fields["subject_line"] = "harmless://", "x"
	}
	w := d.post(body(t, "3f1c1c5e-7a51-4a0e-9a5e-0d5a5b1f0001", kind, fields))
	var answer receipt
	must(t, json.Unmarshal(w.Body.Bytes(), &answer))
	cookie := d.login(t)
	d.answerCase(t, cookie, answer.Reference, text)
	shown = d.crawl(t, cookie, text, []string{"/inbox/", pathOf(answer.ReceiptURL), pathOf(answer.StatusURL)}, answer)
	for name, letter := range d.mails(t) {
		shown[name] = letter
	}
	sent := url.Values{"shop": {"amber"}, "form": {kind}, "locale": {"en-PL"}, "step": {"review"}}
	for field, value := range fields {
		sent.Set(field, value)
	}
	shown["the review"] = d.form("/submissions", sent).Body.String()
	sent.Set("email", text) // no address: the form comes back with it
	shown["the form with its problem"] = d.form("/submissions", sent).Body.String()
	sent.Set("shop", text)
	shown["the page for an unknown shop"] = d.form("/submissions", sent).Body.String()
	return d.cases(t)[0].Suspect, shown
}

func pathOf(address string) string { return strings.TrimPrefix(address, "https://shop.example") }

// answerCase writes to the consumer as the trader's browser does.
func (d *desk) answerCase(t *testing.T, cookie *http.Cookie, reference, text string) {
	t.Helper()
	w := d.form("/inbox/cases/"+reference+"/answer", url.Values{"answer": {text}, "nonce": {uuid.NewString()}}, cookie)
	if w.Code != http.StatusSeeOther {
		t.Fatalf("an answer has status %d: %s", w.Code, w.Body)
	}
}

func (d *desk) form(path string, values url.Values, cookies ...*http.Cookie) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", path, strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("User-Agent", firefox)
	for _, c := range cookies {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	return w
}

// crawl reads the pages from which one can go on and all they lead to; forms that search are filled with the text. The
// names of pages hold no references and tokens, so that those of two runs can be compared.
func (d *desk) crawl(t *testing.T, cookie *http.Cookie, text string, paths []string, about receipt) map[string]string {
	t.Helper()
	shown := map[string]string{}
	anonymous := strings.NewReplacer(about.Reference, "REF", url.QueryEscape(text), "TEXT")
	for len(paths) > 0 && len(shown) < 80 {
		path := paths[0]
		paths = paths[1:]
		name := uuids.ReplaceAllString(tokens.ReplaceAllString(anonymous.Replace(path), "$1/TOKEN"), "ID")
		if _, seen := shown[name]; seen {
			continue
		}
		w := d.get(path, cookie)
		if kind, _, _ := mime.ParseMediaType(w.Header().Get("Content-Type")); w.Code != http.StatusOK || kind != "text/html" {
			continue
		}
		shown[name] = w.Body.String()
		paths = append(paths, ways(t, path, w.Body.String(), text)...)
	}
	return shown
}

var tokens = regexp.MustCompile(`(receipts|status)/[\w-]{20,}`)

var uuids = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22,}|[0-9a-f]{32,}`)

// ways are the addresses a page leads to on this site.
func ways(t *testing.T, path, source, text string) (found []string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(source))
	must(t, err)
	base, err := url.Parse(path)
	must(t, err)
	for n := range root.Descendants() {
		to := attribute(n, "href")
		if n.Data == "form" && attribute(n, "method") != "post" {
			to = attribute(n, "action") + "?" + search(n, text).Encode()
		} else if n.Data != "a" {
			continue
		}
		u, err := base.Parse(to)
		if err == nil && u.Host == "" && u.Scheme == "" && strings.HasPrefix(u.Path, "/") {
			u.Fragment = ""
			found = append(found, u.String())
		}
	}
	return found
}

func search(form *html.Node, text string) url.Values {
	values := url.Values{}
	for n := range form.Descendants() {
		if kind := attribute(n, "type"); n.Data == "input" && (kind == "search" || kind == "text") {
			values.Set(attribute(n, "name"), text)
		}
	}
	return values
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// mails sends what waits and gives the HTML of each letter by its kind.
func (d *desk) mails(t *testing.T) map[string]string {
	t.Helper()
	letters := map[string]string{}
	for kind, all := range d.outgoing(t) {
		letters["mail "+kind] = parts(t, all[0])["text/html"]
	}
	if len(letters) < 3 {
		t.Fatalf("there are %d kinds of letters; want acknowledgement, copy and answer", len(letters))
	}
	return letters
}

// outgoing sends what may go out now and gives all that went out, by kind.
func (d *desk) outgoing(t *testing.T) map[string][]*netmail.Message {
	t.Helper()
	for d.worker.Round(t.Context()) {
	}
	files, err := filepath.Glob(filepath.Join(d.dir, "mail", "*.eml"))
	must(t, err)
	found := map[string][]*netmail.Message{}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		must(t, err)
		m, err := netmail.ReadMessage(bytes.NewReader(raw))
		must(t, err)
		id, _, _ := strings.Cut(m.Header.Get("Message-Id"), "@")
		kind := uuids.ReplaceAllString(id[strings.LastIndexByte(id, '.')+1:], "answer")
		found[kind] = append(found[kind], m)
	}
	return found
}

// parts are the texts of a message by their type; files that go with it are "file".
func parts(t *testing.T, m *netmail.Message) map[string]string {
	t.Helper()
	found := map[string]string{}
	collectParts(t, m.Header.Get("Content-Type"), m.Body, found)
	return found
}

func collectParts(t *testing.T, kind string, body io.Reader, found map[string]string) {
	t.Helper()
	_, params, err := mime.ParseMediaType(kind)
	must(t, err)
	r := multipart.NewReader(body, params["boundary"])
	for {
		part, err := r.NextRawPart()
		if errors.Is(err, io.EOF) {
			return
		}
		must(t, err)
		kind, _, _ := strings.Cut(part.Header.Get("Content-Type"), ";")
		if strings.HasPrefix(kind, "multipart/") {
			collectParts(t, part.Header.Get("Content-Type"), part, found)
			continue
		}
		if part.FileName() != "" {
			kind = "file"
		}
		var plain io.Reader = quotedprintable.NewReader(part)
		if part.Header.Get("Content-Transfer-Encoding") == "base64" {
			plain = base64.NewDecoder(base64.StdEncoding, part)
		}
		text, err := io.ReadAll(plain)
		must(t, err)
		found[kind] = strings.ReplaceAll(string(text), "\r\n", "\n")
	}
}

// skeleton is a page as a browser builds it, without its texts and values.
func skeleton(t *testing.T, source string) string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(source))
	must(t, err)
	var b strings.Builder
	for n := range root.Descendants() {
		if n.Type == html.TextNode {
			continue
		}
		name := n.Data
		if n.Type == html.CommentNode {
			name = "comment"
		}
		depth := len(slices.Collect(n.Ancestors()))
		fmt.Fprintf(&b, "%*s%s", depth, "", name)
		for _, a := range n.Attr {
			fmt.Fprintf(&b, " %s", a.Key)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// harmless looks for what none of our pages and mails has, whoever wrote it.
func harmless(source string) error {
	root, err := html.Parse(strings.NewReader(source))
	if err != nil {
		return err
	}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if slices.Contains([]string{"script", "iframe", "object", "embed", "base", "template", "math"}, n.Data) {
			return fmt.Errorf("there is an element %q", n.Data)
		}
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") || a.Key == "srcdoc" {
				return fmt.Errorf("there is an attribute %q", a.Key)
			}
			if slices.Contains([]string{"href", "src", "action", "formaction"}, a.Key) && !plainAddress(a.Val) {
				return fmt.Errorf("%s leads to %q", a.Key, a.Val)
			}
		}
	}
	return nil
}

// plainAddress accepts where our pages may lead: to the web, to a mail program, and along.
func plainAddress(address string) bool {
	u, err := url.Parse(address)
	return err == nil && !strings.Contains(address, "ZgotmplZ") && slices.Contains([]string{"", "http", "https", "mailto"}, u.Scheme) && (u.Scheme != "" || u.Host == "")
}

// TestSEC10_PolicyOfOwnPages: what slips through all the same finds no script to run, and no place to send anything to.
func TestSEC10_PolicyOfOwnPages(t *testing.T) {
	for _, part := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "form-action 'self'", "frame-ancestors 'none'",
		"base-uri 'none'", "require-trusted-types-for 'script'"} {
		if !slices.Contains(strings.Split(page.Policy, "; "), part) {
			t.Errorf("the policy lacks %q", part)
		}
	}
	if strings.Contains(page.Policy, "unsafe") {
		t.Errorf("the policy is %q", page.Policy)
	}
}

// addresses are all a page or letter leads to or loads.
func addresses(t *testing.T, source string) (found []string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(source))
	must(t, err)
	for n := range root.Descendants() {
		for _, a := range n.Attr {
			if slices.Contains([]string{"href", "src", "action", "formaction", "background", "srcset", "cite", "data", "poster"}, a.Key) {
				found = append(found, a.Val)
			}
		}
	}
	return found
}

// fieldsOf are the hidden inputs of a page, as a browser would send them.
func fieldsOf(t *testing.T, source string) url.Values {
	t.Helper()
	root, err := html.Parse(strings.NewReader(source))
	must(t, err)
	values := url.Values{}
	for n := range root.Descendants() {
		if n.Data == "input" && attribute(n, "type") == "hidden" {
			values.Add(attribute(n, "name"), attribute(n, "value"))
		}
	}
	return values
}

func hidden(t *testing.T, source, name string) string {
	t.Helper()
	return fieldsOf(t, source).Get(name)
}
