package main

import (
	"errors"
	"fmt"
	"io"

	"recourse/form"
	"recourse/paste"
	"recourse/widget/reference"
)

// pasted is the script, and what to paste in each locale.
func (p *project) pasted(files map[string][]byte) (paste.Script, map[string]paste.Snippet, error) {
	script := paste.NewScript(p.shop.Publish, files)
	snippets := map[string]paste.Snippet{}
	for _, tag := range p.shop.Locales() {
		links, err := p.links(tag)
		if err != nil {
			return script, nil, err
		}
		snippets[tag] = script.Snippet(links)
	}
	return script, snippets, nil
}

// links are those of the widget's row, in its order.
func (p *project) links(tag string) ([]paste.Link, error) {
	l, _, err := p.at(tag)
	if err != nil {
		return nil, err
	}
	var links []paste.Link
	home := p.shop.Publish + tag
	labels, _ := p.law.Labels(l.Language.Tag, l.Country, p.asOf)
	if labels.Withdraw != "" && p.definition(p.shop, form.Withdrawal, tag) != nil {
		links = append(links, paste.Link{Label: labels.Withdraw, URL: home + "/withdrawal/"})
	}
	return append(links,
		paste.Link{Label: l.Text("widget.complaint"), URL: home + "/complaints/"},
		paste.Link{Label: l.Text("widget.disputes"), URL: home + "/disputes/"}), nil
}

// besideTag is what helps to paste the tag: the script under its second name, integrity.json, and the types.
func (p *project) besideTag(tag map[string][]byte) (map[string][]byte, error) {
	script, snippets, err := p.pasted(tag)
	if err != nil {
		return nil, err
	}
	widget, err := reference.Load()
	if err != nil {
		return nil, err
	}
	types, errTypes := widget.Types()
	files, errFiles := script.Files(tag["recourse.js"], snippets)
	files["recourse.d.ts"] = types
	return files, errors.Join(errTypes, errFiles)
}

// printTags tells the owner what to paste, in the shop's first language.
func (p *project) printTags(out io.Writer, files map[string][]byte) error {
	script, snippets, err := p.pasted(files)
	if err != nil {
		return err
	}
	s := snippets[p.shop.DefaultLocale()]
	_, err = fmt.Fprintf(out, `Paste this where your pages end:

%s

Or this, with integrity; renew it after each build that gives another one (%s):

%s

Or this, where scripts are taken out:

%s

integrity.json in the same folder has all of them in each of your languages.
`, s.Tag, script.Integrity, s.Pinned, s.Plain)
	return err
}
