// Package answers holds texts that traders answer with again and again, by the language of the consumer.
//
// They lie in content/<language>/answers.toml, which a shop may lay its own file over: a list, so that a shop can have other answers
// in one language than in another.
//
//	[[answer]]
//	id = "repair"                 # the same answer has the same id in every language
//	title = "Repair offered"      # shown to the trader
//	form = "complaint"            # or "withdrawal"; left out: both
//	countries = ["AT", "DE"]      # of the consumer; left out: all
//	refusal = true                # what the law has a trader say of dispute resolution is added
//	text = """..."""
//
// In a text {name} is the consumer's name, {reference} the number of the case and {trader} the trader's name. Nothing else is
// replaced, and nothing is run. What the trader has to fill in is written […]; an answer that still has it is not sent.
package answers

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"recourse/form"
	"recourse/review"
	"recourse/strict"
)

// Blank is what the trader has to replace.
const Blank = "[…]"

// File is the name of the file in the folder of a language.
const File = "answers.toml"

// Answer is a text to begin with.
type Answer struct {
	ID        string    `toml:"id"`
	Title     string    `toml:"title"`
	Form      form.Kind `toml:"form"`
	Countries []string  `toml:"countries"`
	Refusal   bool      `toml:"refusal"`
	Text      string    `toml:"text"`
}

// Book has the answers of all languages. The nil Book has none.
type Book struct{ languages map[string][]Answer }

// Load reads all answers of a content folder, and reports all mistakes it finds.
func Load(fsys fs.FS) (*Book, error) {
	files, err := fs.Glob(fsys, "*/"+File)
	if err != nil {
		return nil, fmt.Errorf("list answers: %w", err)
	}
	b := &Book{languages: make(map[string][]Answer)}
	for _, name := range files {
		data, errRead := fs.ReadFile(fsys, name)
		if errRead == nil {
			b.languages[path.Dir(name)], errRead = read(name, data)
		}
		err = errors.Join(err, errRead)
	}
	return b, err
}

func read(name string, data []byte) ([]Answer, error) {
	var file struct {
		Answers []Answer `toml:"answer"`
		review.Status
	}
	doc := strict.Decode(name, data, &file)
	if doc.Readable() {
		file.Status.Check(doc)
	}
	seen := make(map[string]bool)
	for i, a := range file.Answers {
		key := fmt.Sprintf("answer[%d]", i)
		a.check(doc, key)
		if seen[a.ID] {
			doc.Wrong(key+".id", "another answer of this file has it", "give each answer an id of its own")
		}
		seen[a.ID] = true
	}
	return file.Answers, doc.Err()
}

func (a Answer) check(doc *strict.Document, key string) {
	if a.ID == "" || a.Title == "" || strings.TrimSpace(a.Text) == "" {
		doc.Wrong(key, "an answer needs an id, a title and a text", "add what is missing")
	}
	if a.Form != "" && a.Form != form.Complaint && a.Form != form.Withdrawal {
		doc.Wrong(key+".form", "there is no such form", "write complaint or withdrawal, or leave it out for both")
	}
	for rest := a.Text; ; {
		_, after, open := strings.Cut(rest, "{")
		if !open {
			return
		}
		name, _, _ := strings.Cut(after, "}")
		if !slices.Contains(placeholders, name) {
			doc.Wrong(key+".text", "nothing is filled in for {"+name+"}", "use {name}, {reference} or {trader}, or write […] for the trader to fill in")
			return
		}
		rest = after
	}
}

var placeholders = []string{"name", "reference", "trader"}

// For lists the answers for a consumer who reads a language in a country, about a form. A language without answers has those in
// English.
func (b *Book) For(language, country string, kind form.Kind) (all []Answer) {
	if b == nil {
		return nil
	}
	list, ok := b.languages[language]
	if !ok {
		list = b.languages["en"]
	}
	for _, a := range list {
		if (a.Form == "" || a.Form == kind) && (len(a.Countries) == 0 || slices.Contains(a.Countries, country)) {
			all = append(all, a)
		}
	}
	return all
}

// Title is what an answer is called in the language of the trader; in its own where it is not known there.
func (b *Book) Title(a Answer, language string) string {
	for _, same := range b.languages[language] {
		if same.ID == a.ID {
			return same.Title
		}
	}
	return a.Title
}

// Fill puts in what belongs to a case, in one pass: a consumer called "{trader}" stays so.
func (a Answer) Fill(name, reference, trader string) string {
	return strings.TrimSpace(strings.NewReplacer("{name}", name, "{reference}", reference, "{trader}", trader).Replace(a.Text))
}
