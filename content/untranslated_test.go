package content_test

import (
	"cmp"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"testing"

	"recourse/content"
	"recourse/review"
	"recourse/strict"
)

// alike are strings that other languages may write as English does: signs, names, and words they share.
var (
	alike = regexp.MustCompile(`^(?:[\W\d]*(?:\{\w+\}[\W\d]*)*|.{0,14}|(?:Email|Register|Version): \{value\}|Median: \{median\}|\{why\} \(code \{code\}\)|.*(?:CSV|JSON|Atom|Recourse).{0,20})$`)
	// Languages with letters of their own share less.
	shared  = regexp.MustCompile(`^(?:[^a-z]*(?:\{\w+\}[^a-z]*)*|.*(?:CSV|JSON|Atom|Recourse|Webhook|[Ee]-?mail|kB|MB).{0,20})$`)
	letters = map[string]*regexp.Regexp{"bg": shared, "el": shared, "uk": shared}
)

// TestNothingStaysEnglish finds strings of a language that are those of English.
func TestNothingStaysEnglish(t *testing.T) {
	english := stringsOf(t, "en")
	for _, lang := range languages(t) {
		if lang == "en" {
			continue
		}
		same := cmp.Or(letters[lang], alike)
		for key, text := range stringsOf(t, lang) {
			if text == english[key] && !same.MatchString(text) && !strings.HasPrefix(key, "terms.") {
				t.Errorf("%s: %s is the English %q", lang, key, text)
			}
		}
	}
}

// function words of English that no other of our languages has.
var foreign = regexp.MustCompile(`(?i)\b(?:the|and|your|with|you|this|that|which|from|have|what)\b`)

// quoted is what may be in another language: names of statutes and bodies, code, targets of links, actions.
var quoted = regexp.MustCompile("(?s)\\{\\{.*?\\}\\}|`[^`]*`|\\]\\([^)]*\\)|\\([^()]*\\)|^#.*$")

// TestNoEnglishSentence finds sentences in pages and strings of a language that are English.
func TestNoEnglishSentence(t *testing.T) {
	for _, lang := range languages(t) {
		if lang == "en" {
			continue
		}
		files, err := fs.Glob(content.FS, lang+"/*")
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			data, err := content.FS.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for i, line := range strings.Split(string(data), "\n") {
				if strings.HasPrefix(line, "#") && path.Ext(file) == ".toml" || strings.Contains(line, "terms.form.gb.") {
					continue
				}
				if found := foreign.FindAllString(quoted.ReplaceAllString(line, " "), -1); len(found) >= 3 {
					t.Errorf("%s:%d: an English sentence: %s", file, i+1, line)
				}
			}
		}
	}
}

// stringsOf are all strings of a language by key.
func stringsOf(t *testing.T, lang string) map[string]string {
	t.Helper()
	files, err := fs.Glob(content.FS, lang+"/*.toml")
	if err != nil || len(files) == 0 {
		t.Fatal(lang, err)
	}
	all := map[string]string{}
	for _, file := range files {
		if base := path.Base(file); base == "language.toml" || base == "answers.toml" {
			continue
		}
		data, err := content.FS.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		_, list := strict.Texts(file, data)
		for _, text := range list {
			if !review.IsKey(text.Key) {
				all[text.Key] = text.Text
			}
		}
	}
	return all
}
