package main

import (
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"recourse/content"
)

// nothing is a page that every language must have and the fixture does not want: what comes out empty is left out.
const nothing = "+++\ntitle = \"-\"\ndescription = \"-\"\n+++\n"

// writeStrings makes what a language needs beside its pages, for those that have no built-in texts: English words, so
// that they are as many and as long as in a real language.
func writeStrings(dir string) error {
	files, err := fs.Glob(content.FS, "en/*.toml")
	if err != nil {
		return err
	}
	for _, lang := range languages {
		if err := writeFile(filepath.Join(dir, lang.tag, "disputes.md"), nothing); err != nil {
			return err
		}
		if _, err := fs.Stat(content.FS, lang.tag); err == nil {
			continue
		}
		for _, file := range files {
			if err := translate(dir, lang.tag, file); err != nil {
				return err
			}
		}
	}
	return nil
}

var (
	name        = regexp.MustCompile(`(?m)^name = .*`)
	englishName = regexp.MustCompile(`(?m)^english_name = .*`)
	other       = regexp.MustCompile(`(?m)^"(.+)\.other"( *= *.+)$`)
)

func translate(dir, tag, file string) error {
	data, err := content.FS.ReadFile(file)
	if err != nil {
		return err
	}
	text := string(data)
	if filepath.Base(file) == "language.toml" {
		text = name.ReplaceAllLiteralString(text, "name = "+strconv.Quote(display.Self.Name(language.Make(tag))))
		text = englishName.ReplaceAllLiteralString(text, "english_name = "+strconv.Quote(display.English.Tags().Name(language.Make(tag))))
	}
	return writeFile(filepath.Join(dir, tag, filepath.Base(file)), withPlurals(text))
}

// withPlurals gives each plural the categories that some language has and English has not.
func withPlurals(text string) string {
	return other.ReplaceAllStringFunc(text, func(line string) string {
		m := other.FindStringSubmatch(line)
		if !strings.Contains(text, `"`+m[1]+`.one"`) {
			return line
		}
		for _, category := range []string{"zero", "two", "few", "many"} {
			line += "\n" + `"` + m[1] + "." + category + `"` + m[2]
		}
		return line
	})
}

func quotedTags() string {
	var tags []string
	for _, lang := range languages {
		tags = append(tags, strconv.Quote(lang.tag))
	}
	return strings.Join(tags, ", ")
}
