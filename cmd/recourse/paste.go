package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"recourse/form"
	"recourse/paste"
	"recourse/shop"
)

// pasted is what to paste.
type pasted struct {
	paste.Script                          // at the shop's address
	domains      map[string]paste.Script  // at the others
	snippets     map[string]paste.Snippet // by locale
}

func (p *project) pasted(files map[string][]byte) (pasted, error) {
	all := pasted{domains: map[string]paste.Script{}, snippets: map[string]paste.Snippet{}}
	for _, home := range p.shop.Homes() {
		all.domains[home] = paste.NewScript(home, files)
	}
	for _, tag := range p.shop.Locales() {
		links, err := p.links(tag)
		if err != nil {
			return all, err
		}
		all.snippets[tag] = all.domains[shop.In(p.shop, tag).Publish].Snippet(links)
	}
	all.Script = all.domains[p.shop.Publish]
	delete(all.domains, p.shop.Publish)
	return all, nil
}

// links are those of the widget's row, in its order.
func (p *project) links(tag string) ([]paste.Link, error) {
	l, facts, err := p.at(tag)
	if err != nil {
		return nil, err
	}
	var links []paste.Link
	home := shop.In(p.shop, tag).Publish + tag
	labels, _ := p.law.Labels(l.Language.Tag, l.Country, p.asOf)
	if labels.Withdraw != "" && offers(p.shop, form.Withdrawal, facts) {
		links = append(links, paste.Link{Label: labels.Withdraw, URL: home + "/withdrawal/"})
	}
	return append(links,
		paste.Link{Label: l.Text("widget.complaint"), URL: home + "/complaints/"},
		paste.Link{Label: l.Text("widget.disputes"), URL: home + "/disputes/"}), nil
}

// besideTag is what helps to paste the tag: the script under its second name, integrity.json, and the types.
func (p *project) besideTag(tag map[string][]byte) (map[string][]byte, error) {
	paste, err := p.pasted(tag)
	if err != nil {
		return nil, err
	}
	types, errTypes := types()
	files, errFiles := paste.Files(tag["recourse.js"], paste.domains, paste.snippets)
	files["recourse.d.ts"] = types
	return files, errors.Join(errTypes, errFiles)
}

// printTags tells the owner what to paste: in the shop's first language, and in that of each further domain.
func (p *project) printTags(out io.Writer, files map[string][]byte) error {
	paste, err := p.pasted(files)
	if err != nil {
		return err
	}
	s := paste.snippets[p.shop.DefaultLocale()]
	_, err = fmt.Fprintf(out, `Paste this where your pages end:

%s

Or this, with integrity; renew it after each build that gives another one (%s):

%s

Or this, where scripts are taken out:

%s

%sintegrity.json in the same folder has all of them in each of your languages.
`, s.Tag, paste.Integrity, s.Pinned, s.Plain, p.elsewhere(paste.snippets))
	return err
}

// elsewhere is what to paste on domains other than that of the first language.
func (p *project) elsewhere(snippets map[string]paste.Snippet) string {
	var text strings.Builder
	known := []string{shop.In(p.shop, p.shop.DefaultLocale()).Publish}
	for _, tag := range p.shop.Locales() {
		home := shop.In(p.shop, tag).Publish
		if slices.Contains(known, home) {
			continue
		}
		known = append(known, home)
		fmt.Fprintf(&text, "On the pages whose law is at %s%s/:\n\n%s\n\n", home, tag, snippets[tag].Tag)
	}
	return text.String()
}
