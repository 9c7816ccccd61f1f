// Package pagetest looks at generated files as a browser would, for tests: whatever went into them, nothing active may
// come out, and a page keeps its structure.
package pagetest

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// Elements and attributes a page may have. Layout and forms use more than texts.
var (
	textElements = strings.Fields("p h1 h2 h3 h4 h5 h6 ul ol li blockquote pre code em strong a br hr table thead tbody tr th td")
	pageElements = append(strings.Fields(`html head meta title link body header footer main nav div p span details summary address script
		form fieldset legend label input textarea select option button section article aside dl dt dd time small abbr ins del figure
		figcaption caption output`), textElements...)
	textAttributes = strings.Fields("href title id start class")
	pageAttributes = append(strings.Fields(`lang dir charset name content rel hreflang type media async src method action enctype novalidate
		for value rows cols maxlength required multiple accept autocomplete autocapitalize spellcheck inputmode tabindex hidden open
		datetime role scope width height crossorigin integrity`), textAttributes...)
	addressAttributes = strings.Fields("href src action formaction cite poster data background ping srcset")
)

// Text finds what a text may not have: HTML that stands in main and is not a form.
func Text(fragment []byte) error { return look(fragment, textElements, textAttributes) }

// Page finds what a whole page may not have. A file of another kind is looked at as its ending says.
func Page(name string, file []byte) error {
	var errs []error
	if !utf8.Valid(file) {
		errs = append(errs, errors.New("it is not UTF-8"))
	}
	if bytes.Contains(file, []byte("ZgotmplZ")) {
		errs = append(errs, errors.New("it holds ZgotmplZ"))
	}
	switch path.Ext(name) {
	case ".html":
		errs = append(errs, look(file, pageElements, pageAttributes), structure(file))
	case ".json":
		errs = append(errs, wellFormedJSON(file))
	case ".xml":
		errs = append(errs, wellFormedXML(file))
	case ".js":
		if bytes.Contains(bytes.ToLower(file), []byte("</script")) {
			errs = append(errs, errors.New("the script holds </script"))
		}
	case ".txt":
		if bytes.ContainsFunc(file, func(r rune) bool { return r != '\n' && !unicode.IsGraphic(r) }) {
			errs = append(errs, fmt.Errorf("characters that cannot be seen: %q", file))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

func wellFormedJSON(file []byte) error {
	if !json.Valid(file) || bytes.ContainsAny(file, "\u2028\u2029") {
		return errors.New("it is not JSON that is JavaScript as well")
	}
	return nil
}

func wellFormedXML(file []byte) error {
	for d := xml.NewDecoder(bytes.NewReader(file)); ; {
		switch t, err := d.Token(); {
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		default:
			if words, ok := t.(xml.CharData); ok && len(bytes.TrimSpace(words)) > 0 && dangerous(string(words)) {
				return fmt.Errorf("address %q", words)
			}
		}
	}
}

// look reads tags one by one: each that is opened is closed, in order.
func look(source []byte, elements, attributes []string) error {
	var errs []error
	var open []string
	for z := html.NewTokenizer(bytes.NewReader(source)); ; {
		switch z.Next() {
		case html.ErrorToken:
			if len(open) > 0 {
				errs = append(errs, fmt.Errorf("not closed: %v", open))
			}
			return errors.Join(errs...)
		case html.StartTagToken:
			t := z.Token()
			errs = append(errs, element(t, elements, attributes))
			if !void(t.Data) {
				open = append(open, t.Data)
			}
		case html.EndTagToken:
			name := z.Token().Data
			if len(open) == 0 || open[len(open)-1] != name {
				return errors.Join(append(errs, fmt.Errorf("</%s> closes none of %v", name, open))...)
			}
			open = open[:len(open)-1]
		case html.SelfClosingTagToken, html.CommentToken:
			errs = append(errs, fmt.Errorf("unexpected %q", z.Raw()))
		}
	}
}

func void(name string) bool {
	return slices.Contains(strings.Fields("area base br col embed hr img input link meta source track wbr"), name)
}

func element(t html.Token, elements, attributes []string) error {
	if !slices.Contains(elements, t.Data) {
		return fmt.Errorf("element %s", t)
	}
	for _, a := range t.Attr {
		custom := strings.HasPrefix(a.Key, "data-") || strings.HasPrefix(a.Key, "aria-")
		switch {
		case !slices.Contains(attributes, a.Key) && (!custom || &attributes[0] == &textAttributes[0]):
			return fmt.Errorf("attribute %s in %s", a.Key, t)
		case slices.Contains(addressAttributes, a.Key) && dangerous(a.Val):
			return fmt.Errorf("address in %s", t)
		case a.Key == "id" && t.Data[0] == 'h' && &attributes[0] == &textAttributes[0] && !strings.HasPrefix(a.Val, "s-"):
			return fmt.Errorf("id without a prefix in %s", t)
		}
	}
	if t.Data == "script" && !harmlessScript(t) || t.Data == "meta" && strings.Contains(t.String(), "http-equiv") {
		return fmt.Errorf("active: %s", t)
	}
	return nil
}

// harmlessScript: the widget's tag, or data.
func harmlessScript(t html.Token) bool {
	for _, a := range t.Attr {
		if a.Key == "src" && path.Base(a.Val) == "recourse.js" || a.Key == "type" && a.Val == "application/ld+json" {
			return true
		}
	}
	return false
}

var scheme = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9+.-]*:`)

// dangerous reports whether a browser would follow the address with another scheme than those for pages, mail and calls.
func dangerous(address string) bool {
	read := strings.Map(func(r rune) rune {
		if r <= ' ' || r == 0x7f {
			return -1
		}
		return r
	}, address)
	return !slices.Contains([]string{"", "http:", "https:", "mailto:", "tel:"}, strings.ToLower(scheme.FindString(read)))
}

// structure compares the elements as they are written with those a browser makes of them.
func structure(page []byte) error {
	var written, made []string
	for z := html.NewTokenizer(bytes.NewReader(page)); ; {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		if kind == html.StartTagToken {
			written = append(written, z.Token().Data)
		}
	}
	root, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		return err
	}
	mains := 0
	for n := range root.Descendants() {
		if n.Type == html.ElementNode {
			made = append(made, n.Data)
		}
		if n.Type == html.ElementNode && n.Data == "main" {
			mains++
		}
	}
	if mains != 1 {
		return fmt.Errorf("%d main elements", mains)
	}
	if !slices.Equal(written, made) {
		return fmt.Errorf("a browser makes %v of %v", made, written)
	}
	return nil
}

// Landmarks lists the elements people and programs find their way by, each with those around it. Headings of a text, which
// have an id, are none.
func Landmarks(page []byte) (found []string) {
	root, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		return nil
	}
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && slices.Contains(landmarks, n.Data) && !(n.Data == "h1" && len(n.Attr) > 0) {
			found = append(found, pathOf(n))
		}
	}
	return found
}

var landmarks = strings.Fields("title header nav main h1 footer address script")

func pathOf(n *html.Node) string {
	if n.Parent == nil {
		return ""
	}
	class := ""
	for _, a := range n.Attr {
		if a.Key == "class" || a.Key == "id" {
			class += "." + a.Val
		}
	}
	return pathOf(n.Parent) + "/" + n.Data + class
}

// Words gives the text of a page or a fragment, as it is read, with single spaces.
func Words(source []byte) string {
	root, err := html.Parse(bytes.NewReader(source))
	if err != nil {
		return ""
	}
	var b strings.Builder
	for n := range root.Descendants() {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		} else if n.Type == html.ElementNode {
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
