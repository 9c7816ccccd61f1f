package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// pagePath is where a page is published, below the folder of the output. With one shop we make no folder for it.
func pagePath(s size, mode string, shop int, lang, name string) string {
	path := lang + "-" + country + "/" + strings.TrimPrefix(name+"/", "index/")
	if s.shops > 1 || mode == modeHugo {
		path = shopID(shop) + "/" + path
	}
	return path
}

// sameText holds the outputs against each other: every page is there, and in the first and the last shop main says the same
// in all of them. Otherwise the programs would not have done the same work.
func sameText(s size, outputs map[string]string) error {
	for shop := range s.shops {
		for _, lang := range languages {
			for _, name := range pageNames {
				if err := sameWords(s, outputs, shop, lang.tag, name); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func sameWords(s size, outputs map[string]string, shop int, lang, name string) error {
	var before, beforeFile string
	for mode, out := range outputs {
		file := filepath.Join(out, pagePath(s, mode, shop, lang, name), "index.html")
		if shop > 0 && shop < s.shops-1 {
			if _, err := os.Stat(file); err != nil {
				return err
			}
			continue
		}
		words, err := mainWords(file)
		if err != nil {
			return err
		}
		if beforeFile != "" && words != before {
			return fmt.Errorf("%s and %s say different things:\n%s\n\n%s", beforeFile, file, before, words)
		}
		before, beforeFile = words, file
	}
	return nil
}

// mainWords is the text of a page's main element, without the spaces of its source.
func mainWords(file string) (string, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	doc, err := html.Parse(bytes.NewReader(data))
	if err != nil {
		return "", err
	}
	var words []string
	for node := range doc.Descendants() {
		// The way to a page and its table of contents are ours alone; Hugo is not asked to make them.
		if node.Type == html.TextNode && inside(node, atom.Main) && !inside(node, atom.Script) && !inside(node, atom.Nav) && !inside(node, atom.Details) {
			words = append(words, strings.Fields(node.Data)...)
		}
	}
	if len(words) == 0 {
		return "", fmt.Errorf("%s says nothing", file)
	}
	return strings.Join(words, " "), nil
}

func inside(node *html.Node, element atom.Atom) bool {
	for parent := range node.Ancestors() {
		if parent.DataAtom == element {
			return true
		}
	}
	return false
}
