// Command pseudo writes two languages nobody speaks into a folder, for tests of layout: qps, long and full of accents, and qpr, in
// Hebrew letters from right to left. They are made from English and are no part of the program.
//
//	go run ./content/pseudo DIR && recourse build --content DIR
package main

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"recourse/content"
	"recourse/strict"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: pseudo DIR")
		os.Exit(2)
	}
	if err := write(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "pseudo:", err)
		os.Exit(1)
	}
}

// script is how a language is made from English.
type script struct {
	tag, name, direction string
	letters              map[rune]string
}

var scripts = []script{
	{"qps", "Ƥšéúđō", "ltr", letters("abcdefghijklmnopqrstuvwxyz", "àà ƀ ç đ éé ƒ ğ ĥ îî ĵ ķ ļ ɱ ñ ôô þ ʠ ř š ţ ûû ṽ ŵ ẋ ÿ ž")},
	{"qpr", "פסודו", "rtl", letters("abcdefghijklmnopqrstuvwxyz", "א ב ק ד ע פ ג ה י ג כ ל מ נ ו פ ק ר ש ת ו ו ו ס י ז")},
}

func letters(from, to string) map[rune]string {
	all := map[rune]string{}
	for i, letter := range strings.Fields(to) {
		small := rune(from[i])
		all[small], all[small-'a'+'A'] = letter, strings.ToUpper(letter)
	}
	return all
}

// kept is what stays as it is: actions, placeholders, targets of links, code, and addresses.
var kept = regexp.MustCompile(`(?s)\{\{.*?\}\}|\{\w+\}|\]\([^)]*\)|https?://\S+`)

// spell writes English words in the letters of the script.
func (s script) spell(text string) string {
	var out strings.Builder
	at := 0
	for _, m := range append(kept.FindAllStringIndex(text, -1), []int{len(text), len(text)}) {
		for _, r := range text[at:m[0]] {
			if letter, ok := s.letters[r]; ok {
				out.WriteString(letter)
			} else {
				out.WriteRune(r)
			}
		}
		out.WriteString(text[m[0]:m[1]])
		at = m[1]
	}
	return out.String()
}

func write(dir string) error {
	files, err := fs.Glob(content.FS, "en/*")
	if err != nil {
		return err
	}
	for _, s := range scripts {
		if err := os.MkdirAll(filepath.Join(dir, s.tag), 0o755); err != nil {
			return err
		}
		for _, name := range files {
			source, err := content.FS.ReadFile(name)
			if err != nil {
				return err
			}
			if text := s.file(path.Base(name), source); text != "" {
				if err := os.WriteFile(filepath.Join(dir, s.tag, path.Base(name)), []byte(text), 0o644); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// file is a file of English in the script; "" for one the language does without.
func (s script) file(name string, source []byte) string {
	switch {
	case name == "language.toml":
		return s.settings(string(source))
	case name == "answers.toml":
		return ""
	case path.Ext(name) == ".toml":
		return s.strings(name, source)
	}
	return s.page(string(source))
}

var setting = regexp.MustCompile(`(?m)^(name|english_name|direction) = .*$`)

func (s script) settings(source string) string {
	return setting.ReplaceAllStringFunc(source, func(line string) string {
		key, _, _ := strings.Cut(line, " ")
		return fmt.Sprintf("%s = %q", key, map[string]string{"name": s.name, "english_name": "Pseudo " + s.direction, "direction": s.direction}[key])
	})
}

func (s script) strings(name string, source []byte) string {
	var out strings.Builder
	_, list := strict.Texts(name, source)
	for _, text := range list {
		if strings.Contains(text.Key, ".") {
			fmt.Fprintf(&out, "%q = '''%s'''\n", text.Key, s.spell(text.Text))
		}
	}
	return out.String()
}

var front = regexp.MustCompile(`(?m)^((?:title|nav|description) = ["'])(.*)(["'])$`)

func (s script) page(source string) string {
	_, rest, _ := strings.Cut(source, "+++\n")
	head, body, _ := strings.Cut(rest, "+++\n")
	head = front.ReplaceAllStringFunc(head, func(line string) string {
		m := front.FindStringSubmatch(line)
		return m[1] + s.spell(m[2]) + m[3]
	})
	return "+++\n" + head + "+++\n" + s.spell(body)
}
